"""Know what a page says over each of its stories by where it stands again and again: a day, a label. Outline only.

What stands above a title goes under it, where every other part of the house looks for it.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from newsletter.reading.texts.piece import Kind, Piece

#: A label has at most so many words, and each of the points under one.
FEW = 3
#: Under one stand at most so many.
TAGS = 12
#: What stands above a title and is of its story.
ABOUT = frozenset({Kind.DATE, Kind.TAGS})


def under_titles(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* with the day and the label that stand above each title under it."""
    labelled = _labelled(pieces)
    above = [n for n, (piece, after) in enumerate(pairwise(labelled)) if _is_above(piece, after)]
    told = next((n for n, piece in enumerate(labelled) if piece.told), len(labelled))
    between = [n for n in above if n > told and labelled[n - 1].kind is not Kind.HEADING]
    under = any(
        piece.kind is Kind.HEADING and day.kind is Kind.DATE and text.told
        for piece, day, text in zip(labelled, labelled[1:], labelled[2:], strict=False)
    )
    # A day at the end of each story stands above the next title, too; above the first one stands none.
    opens = any(n < told or labelled[n - 1].kind is Kind.OTHERS for n in above)
    if under or not between or not opens:
        return labelled
    for number in above:
        # With the day may stand where the story is filed.
        first = number
        while first and labelled[first - 1].kind in ABOUT:
            first -= 1
        labelled[first : number + 2] = [labelled[number + 1], *labelled[first : number + 1]]
    return labelled


def _is_above(piece: Piece, after: Piece) -> bool:
    return piece.kind in ABOUT and not piece.changed and after.kind is Kind.HEADING


def _labelled(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* with the short headings that stand over several stories as their tags."""
    said = Counter(piece.text.casefold() for piece in pieces if piece.kind is Kind.HEADING)
    places: dict[str, list[int]] = {text: [] for text, times in said.items() if times > 1}
    for number, piece in enumerate(pieces):
        if piece.kind is Kind.HEADING and piece.text.casefold() in places:
            places[piece.text.casefold()].append(number)
    labels = {n for where in places.values() if _is_label(pieces, where) for n in where}
    kept: list[Piece] = []
    listed = False
    for number, piece in enumerate(pieces):
        listed = piece.kind is Kind.POINT and (listed or number - 1 in labels)
        if number in labels:
            after = pieces[number + 1].kind
            kept.append(Piece(Kind.EDGE) if after is Kind.POINT else Piece(Kind.TAGS, tags=(piece.text,)))
        else:
            kept.append(Piece(Kind.TAGS, tags=(piece.text,)) if listed else piece)
    return kept


def _is_label(pieces: Sequence[Piece], where: Sequence[int]) -> bool:
    """Whether the same heading at the places *where* is a label: text stands between, a title or tags under it."""
    short = len(pieces[where[0]].text.split()) <= FEW
    apart = all(any(one.told for one in pieces[a + 1 : b]) for a, b in pairwise(where))
    return short and apart and all(_leads(pieces, number) for number in where)


def _leads(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a title comes right under the label at *number*, or a few tags and then a title."""
    under = pieces[number + 1 : number + 2 + TAGS]
    points = next((n for n, piece in enumerate(under) if piece.kind is not Kind.POINT), len(under))
    few = all(len(piece.text.split()) <= FEW for piece in under[:points])
    return few and any(piece.kind is Kind.HEADING for piece in under[points : points + 1])
