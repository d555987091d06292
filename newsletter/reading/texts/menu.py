"""Drop what is of a site, and stands among the pieces of its page: menus that are lists, headings over cookies."""

from itertools import groupby

from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import furniture

#: The point of a menu has at most so many words.
ENTRY = 5
#: A list of so many points is a menu, of which more than so many are known of menus.
POINTS, KNOWN = 5, 2


def without_cookies(pieces: list[Piece]) -> list[Piece]:
    """Drop the headings over what a site says of its cookies."""
    said = {n for n, piece in enumerate(pieces) if piece.label == "cookies" and piece.kind is Kind.EDGE}
    return [piece for n, piece in enumerate(pieces) if not (n + 1 in said and piece.kind is Kind.HEADING)]


def without_lists(pieces: list[Piece]) -> list[Piece]:
    """Drop the lists of which several points are words of a menu."""
    kept: list[Piece] = []
    for listed, group in groupby(pieces, key=lambda one: one.kind is Kind.EDGE or _is_entry(one)):
        run = list(group)
        points = [piece.text for piece in run if piece.kind is Kind.POINT]
        menu = listed and len(points) >= POINTS and sum(map(furniture.is_navigation, points)) > KNOWN
        kept += [piece for piece in run if not menu or piece.kind is Kind.EDGE]
    return kept


def _is_entry(piece: Piece) -> bool:
    point = piece.kind is Kind.POINT and len(piece.text.split()) <= ENTRY
    return point and not piece.text.endswith((".", "!", ","))
