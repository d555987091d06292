"""The SQLite file itself: opening it, its schema, writing to it, and what can be wrong with it."""
