"""Find the footer of a plain-text page: whose site it is, and how to reach them. Looks at the outline only."""

import re

from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import person

#: The lines of a footer, and the label of a fact, are at most this long, in characters; so much furniture stands
#: among them.
LONGEST, LABEL, FURNISHED = 60, 32, 3
#: What a firm says of itself, and near under what it stands, in pieces.
FIRM = re.compile(r"(?:om|about)\s+\S", re.IGNORECASE)
ASKED = re.compile(
    r"(?:mer|ytterligare|more|further) information\b|(?:press)?kontakt|contact|@\w|\d{3}", re.IGNORECASE
)
NEAR = 5
#: ``Norrvik Science Park är en …``
IS_FIRM = re.compile(r"[A-ZÅÄÖ][\w&.’' -]{2,60}?\s(?:är|is)\s(?:en|ett|den|det|a|an|the|one)\b")
#: What is of the article, though it may stand under its text.
BESIDE = frozenset({Kind.DATE, Kind.AUTHOR, Kind.TAGS, Kind.LINK})


def without(pieces: list[Piece]) -> list[Piece]:
    """Drop whose site it is: the short lines from the first furniture or heading under the text on.

    There is more furniture among them, or most of them look like headings. Whom to ask about the article stays.
    """
    text = max((n for n, piece in enumerate(pieces) if piece.told and not _is_line(piece)), default=len(pieces))
    edges = [n for n, piece in enumerate(pieces) if piece.kind in {Kind.EDGE, Kind.OTHERS} and n > text]
    bare = [n for n in range(text + 1, len(pieces)) if pieces[n].kind is Kind.HEADING]
    begin = (edges or bare or [len(pieces)])[0]
    foot = pieces[begin:]
    # Under what announces other articles stand their days.
    own = next((n for n, piece in enumerate(foot) if piece.kind is Kind.OTHERS), len(foot))
    heads, told = sum(piece.kind is Kind.HEADING for piece in foot), sum(piece.told for piece in foot)
    headed = heads > 1 and heads >= told if edges else heads >= FURNISHED and heads > 2 * told
    # What announces other articles says more than a button does.
    if len(edges) + (own < len(foot)) < FURNISHED and not headed:
        return pieces
    asked = [n for n, piece in enumerate(foot) if _is_asked(piece)]
    kept = {*asked, *(n - 1 for n in asked if n and foot[n - 1].kind is Kind.HEADING)}
    kept |= {n for n, piece in enumerate(foot[:own]) if piece.kind in BESIDE}
    return [*pieces[:begin], *(piece for n, piece in enumerate(foot) if n in kept)]


def without_firm(pieces: list[Piece]) -> list[Piece]:
    """Drop what a firm says of itself at the end of all its news, under whom the press may ask."""
    firm = max((n for n, one in enumerate(pieces) if one.kind is Kind.HEADING and FIRM.match(one.text)), default=0)
    asked = any(ASKED.search(piece.text) for piece in pieces[max(0, firm - NEAR) : firm])
    after = (n for n in range(firm + 1, len(pieces)) if pieces[n].kind is Kind.HEADING)
    pieces = [*pieces[:firm], *pieces[next(after, len(pieces)) :]] if asked else pieces
    signed = max(
        (n for n, one in enumerate(pieces) if one.kind is Kind.SIGNATURE and ASKED.search(one.text)), default=0
    )
    under = [one for one in pieces[signed + 1 :] if one.told]
    firmly = signed and all(one.kind is Kind.PROSE and IS_FIRM.match(one.text) for one in under)
    return [*pieces[: signed + 1], *(one for one in pieces[signed + 1 :] if not (firmly and one.told))]


def is_button(piece: Piece) -> bool:
    """Whether a call to action is a button alone, and leads nowhere."""
    return piece.kind is Kind.CTA and not piece.text and not piece.href


def is_bare(piece: Piece) -> bool:
    """Whether a piece tells nothing, or is a line that footers have and no sentence."""
    return not piece.told or (_is_line(piece) and not piece.text.endswith((".", "!", "?")))


def _is_line(piece: Piece) -> bool:
    """Whether a piece is one that footers have: a short line, a fact, how to reach somebody."""
    if piece.kind is Kind.POINT:
        return ": " in piece.text and not piece.text[:1].isdigit()
    if piece.kind is Kind.CTA:
        return is_button(piece)
    return piece.kind in {Kind.HEADING, Kind.SIGNATURE} or (
        piece.kind is Kind.PROSE and len(piece.text) <= LONGEST
    )


def _is_asked(piece: Piece) -> bool:
    """Whether a piece says how a person is reached, by name."""
    name = piece.text.partition("\n")[0].partition(",")[0]
    return piece.kind is Kind.SIGNATURE and person.is_person(name)
