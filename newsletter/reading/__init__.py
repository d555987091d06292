"""How a page, a feed's HTML or a Markdown file is read into RawItems. Computes; opens nothing."""
