"""Markdown as other programs write it, with its front matter."""
