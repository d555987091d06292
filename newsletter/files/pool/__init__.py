"""The pool of articles, `articles.db`: a cache in SQLite that `newsletter fetch` fills again."""
