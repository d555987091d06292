"""How an issue file is read, written, changed and brought up to date. Computes; opens nothing."""
