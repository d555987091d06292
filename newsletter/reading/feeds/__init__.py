"""Feeds of every kind, entry by entry."""
