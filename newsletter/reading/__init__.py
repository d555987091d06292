"""How a page, a feed's HTML or a Markdown file is read into RawItems. Computes; opens nothing.

What others call lies here: `document` for one document of any form, `feed` for a feed of any kind, `discovery` for
what a site offers. The rooms under it know one form each, and of each other only what is simpler: ``pages`` may
know ``html``, and all may know ``words``.
"""
