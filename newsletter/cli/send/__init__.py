"""Send: `newsletter send` and `test`, the sender as it is wired, and what follows a send."""
