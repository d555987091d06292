"""What came of an issue: `newsletter feedback`, `report` and `archive`, and what they do."""
