"""See an issue before its readers do: `newsletter preview`, `render`, `themes` and `check`, and what they do."""
