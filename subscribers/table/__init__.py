"""Tables of people that somebody brings: what their columns and cells say, in the languages around us."""
