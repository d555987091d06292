"""World out, SMTP: couriers, the pool of connections, the run of a send, and the outbox of transactional mail."""
