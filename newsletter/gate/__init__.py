"""The findings of the gate, a file for each kind of question, in rooms: the `words`, and how it `looks`. Opens nothing."""
