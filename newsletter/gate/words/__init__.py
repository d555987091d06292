"""Whether the letter says what its editor meant: slips, leftovers, blocks that became words."""
