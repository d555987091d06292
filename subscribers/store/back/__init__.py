"""What comes back of a letter: bounces, answers, openings, and the counts of an issue."""
