"""What a template sees of an issue: a piece for each block, and what is in it. `pieces`, beside it, makes them."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.model import Picture

#: What a picture of a gallery has of the width at least, in parts of a hundred.
LEAST = 25.0

#: No words at all.
EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as readers see it, in their language. *time* is "" where the editor gave none.

    *moment* is both on one line. *day* and *month* are for a leaf of a calendar, "" where no date is known.
    *entry* is its number among what readers can put into their own calendar, 0 for none.
    """

    when: str
    time: str
    moment: str
    title: Markup
    heading: str
    place: str
    url: str
    day: str = ""
    month: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question: as HTML and as text, and the reader's own address that gives it."""

    html: Markup
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a gallery, and its *share* of what pictures have of the row's width, in parts of a hundred."""

    picture: Picture
    share: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as a template sees it. What a block does not have is empty.

    *kind* is lead, story, brief, quote, events, cta, question, image, gallery, prose, section, divider, toc or
    credits. *shelves* are the rows of a gallery.
    *title*, *html*, *button* are HTML, and *heading*, *text*, *label* the same words as text; *level* is the
    title's heading level. *inside* is true for prose that goes on with an article. *anchor* is the id that a table
    of contents leads to, *entries* what it lists. *lang* is the language of a block in another one than the issue,
    *dir* its direction, *tongue* its name. *sponsor* is who paid for it. *by* is who said it: *name* and *role*.
    """

    kind: str
    title: Markup = EMPTY
    heading: str = ""
    level: int = 2
    inside: bool = False
    html: Markup = EMPTY
    text: str = ""
    picture: Picture | None = None
    link: str = ""
    label: str = ""
    button: Markup = EMPTY
    by: str = ""
    name: str = ""
    role: str = ""
    events: tuple[Happening, ...] = ()
    answers: tuple[Answer, ...] = ()
    shelves: tuple[tuple[Shown, ...], ...] = ()
    anchor: str = ""
    entries: tuple["Piece", ...] = ()
    lang: str = ""
    dir: str = ""
    tongue: str = ""
    sponsor: str = ""


def listed(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield what a table of contents names: each lead and story, and a section that holds none of them."""
    for number, piece in enumerate(pieces):
        if piece.kind in {"lead", "story"} and piece.heading:
            yield piece
        elif piece.kind == "section":
            held = itertools.takewhile(lambda one: one.kind != "section", pieces[number + 1 :])
            if not any(one.kind in {"lead", "story"} for one in held):
                yield piece


def shelves(pictures: Sequence[Picture]) -> tuple[tuple[Shown, ...], ...]:
    """Put *pictures* into rows of two, one as high as the other; of an odd number the first stands alone."""
    first = len(pictures) % 2
    alone = [(Shown(one, 100.0),) for one in pictures[:first]]
    return (*alone, *(_beside(*pictures[at : at + 2]) for at in range(first, len(pictures), 2)))


def _beside(one: Picture, other: Picture) -> tuple[Shown, ...]:
    """Share a row so that both are equally high, as far as each stays large enough to be looked at."""
    shapes = [each.width / each.height if each.width and each.height else 0.0 for each in (one, other)]
    share = 100 * shapes[0] / sum(shapes) if all(shapes) else 50.0
    share = round(min(max(share, LEAST), 100 - LEAST), 2)
    return Shown(one, share), Shown(other, round(100 - share, 2))
