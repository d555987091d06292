"""Find the stories of a list that has no titles: paragraphs, each with a day, cut short, or with where to read on.

Such a list is a column of paragraphs that say themselves that each is one of several. Looks at the outline only.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from newsletter import sentence
from newsletter.reading.texts import footer, teasers
from newsletter.reading.texts.piece import NAMED, Kind, Piece
from newsletter.reading.words import listname

#: A story has more characters than these, and a list so many of them at least.
TEXT, STORIES = 80, 2
#: What is of a story beside its text.
ABOUT = frozenset({Kind.DATE, Kind.AUTHOR, Kind.TAGS})
#: The longest title made from a sentence, in characters.
TITLE = 100


def stories(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the paragraphs of a list without titles, each under one from its first sentence; [] for no list."""
    begin = _begin(pieces)
    body = _unlabelled(pieces[begin:])
    told = [n for n, piece in enumerate(body) if piece.told or piece.kind is Kind.HEADING]
    while told and not _is_story(body[told[-1]]) and footer.is_bare(body[told[-1]]):
        # Whose site it is stands under them.
        told.pop()
    if len(told) < STORIES or not all(_is_story(body[n]) for n in told):
        return []
    days = [n for n, piece in enumerate(pieces) if _is_day(piece)]
    # Above the first one stands a day as under a title, whatever it is called.
    named = sum(pieces[n].label == NAMED for n in days) + (days[:1] == [begin - 1]) >= len(told) == len(days)
    # Two paragraphs that end without a full stop may be anybody's.
    cut = all(_is_cut(body, n) for n in told) and (len(told) > STORIES or _is_cut(body, told[0], surely=True))
    if not named and not cut:
        return []
    # A day stands over each paragraph, or under it.
    if above := pieces[begin - 1 : begin] if days[:1] == [begin - 1] else []:
        body = [body[0], *above, *_days_under(body[1:])]
    told = [n for n, piece in enumerate(body) if _is_story(piece)]
    done: list[Piece] = []
    for first, end in pairwise([*told, len(body)]):
        about = [piece for piece in body[first + 1 : end] if piece.kind in ABOUT]
        title = sentence.cut(body[first].text, TITLE, 1).rstrip(".")
        done += [Piece(Kind.HEADING, title), *about, body[first], Piece(Kind.EDGE, label="more")]
    return done


def _begin(pieces: Sequence[Piece]) -> int:
    """Return which of *pieces* may be the first story: what a list says of itself under its name is none."""
    told = [n for n, piece in enumerate(pieces) if _is_story(piece)]
    cut = next((n for n in told if _is_cut(pieces, n)), len(pieces))
    above = [piece for piece in pieces[:cut] if not _is_story(piece)]
    intro = sum(n < cut for n in told) <= teasers.BRIEF and any(listname.is_one(one.text) for one in above)
    return cut if intro and cut < len(pieces) else next(iter(told), len(pieces))


def _days_under(body: Sequence[Piece]) -> list[Piece]:
    """Return *body* with each day that stands over a paragraph under it."""
    done = list(body)
    for number, (piece, after) in enumerate(pairwise(body)):
        if _is_day(piece) and _is_story(after):
            done[number : number + 2] = [after, piece]
    return done


def _is_day(piece: Piece) -> bool:
    return piece.kind is Kind.DATE and not piece.changed


def _is_story(piece: Piece) -> bool:
    return piece.kind in {Kind.PROSE, Kind.QUOTE} and len(piece.text) > TEXT


def _unlabelled(pieces: Sequence[Piece]) -> list[Piece]:
    """Return *pieces* without the one heading that stands over several of them: ``Writer``."""
    heads = [piece.text.casefold() for piece in pieces if piece.kind is Kind.HEADING]
    same = len(set(heads)) == 1 and len(heads) >= STORIES
    return [replace(one, kind=Kind.EDGE) if same and one.kind is Kind.HEADING else one for one in pieces]


def _is_cut(body: Sequence[Piece], number: int, *, surely: bool = False) -> bool:
    """Whether a program cut the paragraph at *number*, or a button that leads on stands right under it."""
    near, text = body[number + 1 : number + 3], body[number].text
    after = next((piece for piece in near if piece.kind is not Kind.DATE), Piece(Kind.EDGE))
    cut = text.endswith(teasers.CUT) if surely else teasers.is_cut(text)
    return not text[:1].islower() and (cut or after.label == "more")
