"""Calendars and lists of events: what is ahead, and when it takes place."""
