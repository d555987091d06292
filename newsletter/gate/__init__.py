"""The findings of the gate, a file for each kind of question. Computes; opens nothing."""
