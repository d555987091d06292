"""Who gets an issue, when, and whether it may leave: `newsletter approve`, `explain`, and the plan of a send."""
