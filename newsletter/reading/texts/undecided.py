"""Say of an article from a page of text what nobody can tell from the page: its title, or whether it is one.

A list of stories without a name, and an article whose sections have a paragraph each, look the same.
"""

from newsletter import sentence
from newsletter.reading.texts import teasers
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import listname

#: How the texts of our articles mark a heading, and what stands in them besides paragraphs.
HEADING, OTHER = "## ", ("::: ", "- ", "1. ", "|", ">")


def stories(title: str, text: str) -> int:
    """Return how many stories the article with a *title* and a *text* in Markdown may be, 0 where it is one.

    They are those that the page would have if it were called as lists are.
    """
    pieces = [Piece(Kind.HEADING, title), *map(_piece, filter(None, text.split("\n\n")))]
    many = sum(piece.kind is Kind.HEADING for piece in pieces)
    # Of two parts the second is a section more often than not.
    return many if many > teasers.BRIEF and teasers.are_stories(pieces, listname.PLAIN) else 0


def is_untitled(title: str, text: str) -> bool:
    """Whether the article with a *title* and a *text* in Markdown is called by its first words."""
    words = text.replace("\\", "").partition("\n")[0]
    first = sentence.split(words)[0].rstrip(".") if words else ""
    return first == title or (title.endswith("…") and words.startswith(title.removesuffix("…")))


def _piece(block: str) -> Piece:
    if block.startswith(HEADING):
        return Piece(Kind.HEADING, block.removeprefix(HEADING).replace("\\", ""))
    return Piece(Kind.QUOTE if block.startswith(OTHER) else Kind.PROSE, block)
