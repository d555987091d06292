"""Whether every mail program shows the letter, and everybody can read it, on a phone and in the dark."""
