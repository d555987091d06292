"""Sends under way: `newsletter status`, `pause`, `resume`, `cancel`, `retry` and `resolve`."""
