"""The terminal, and the only place where the parts are wired together. Nothing imports it."""
