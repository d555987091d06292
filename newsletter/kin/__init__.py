"""What an article is known by, and which are one piece from two places, one story told twice, or twins."""
