"""Which articles are one piece from two places, one story told twice, or twins in two languages."""
