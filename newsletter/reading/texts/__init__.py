"""Pages as plain text: which paragraph is what, and where an article begins and ends."""
