"""HTTP in: what listens (`app`), the `pages` for readers, and the editor's preview on this machine (`preview`)."""
