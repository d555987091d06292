"""HTML of any origin: its elements, which part is an article, and how that becomes our Markdown."""
