"""Fill the pool: `newsletter fetch` and `articles`, and what they do."""
