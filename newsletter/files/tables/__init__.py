"""Lists of people that somebody brings: files of text, CSV and contact cards, a record at a time."""
