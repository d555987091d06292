"""The ``:::`` blocks of an issue file: found, read, and written again."""
