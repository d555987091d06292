"""World in, DNS: what names say, as the system's resolver or another server tells it."""
