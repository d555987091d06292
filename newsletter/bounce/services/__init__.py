"""What mail services report of the letters that they took, and by what a report is proved to be theirs."""
