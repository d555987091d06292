"""Make issues: `newsletter compose`, `pull`, `edit`, `issues` and `schedule`, and what they do."""
