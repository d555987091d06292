"""Bring an issue up to date with its articles, and lose nothing of what its editor wrote."""
