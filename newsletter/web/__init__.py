"""HTTP in: the pages for readers (`app`), and the preview for the editor on this machine (`preview`)."""
