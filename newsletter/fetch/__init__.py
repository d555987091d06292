"""The world of HTTP that sources come from. Everything that leaves this machine here passes `guard`."""
