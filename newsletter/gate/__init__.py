"""The findings of the gate, a file for each kind of question; `words` and `looks` have rooms. Opens nothing."""
