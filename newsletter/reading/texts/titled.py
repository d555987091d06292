"""Find the title of a page of text under what stands above it, and the line under it that says more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from newsletter import sentence
from newsletter.reading.texts import headline, menu, teasers, untitled
from newsletter.reading.texts.piece import NAMED, Kind, Piece
from newsletter.reading.texts.reached import REACH
from newsletter.reading.words import dates, furniture, listname, person

#: A title made from a sentence is at most this long, in characters; one that somebody wrote, this,
#: and one of two sentences.
TITLE, WRITTEN, TWO = 100, 200, 130
#: Figures alone are at most so long, in characters.
FIGURES = 40
#: The line between a title and its text has more words than the heading of a section.
DECK = 7
#: A title over its subject has more words than these.
FEW = 3
#: How those who describe a picture to the blind begin.
SHOWS = re.compile(
    r"(?:en|ett|två|tre|fyra|fem|sex|flera|några|an?|two|three|four|five|several|some|\w*bilde?n?|\w*foto\w*|"
    r"porträtt|illustration|image|photo\w*|picture|portrait)\s",
    re.IGNORECASE,
)
#: How a site is called above a title, and what it says of itself: ``norrvik.example – all of the harbour!``
SITE = re.compile(r"(?:www\.)?[\w-]{2,40}\.[a-z]{2,8}\s+[–—|:-]\s")
LETTER = re.compile(r"[^\W\d_]")
#: What is about an article, though it may stand above its title, in at most so many pieces.
BYLINE = frozenset({Kind.DATE, Kind.AUTHOR})
KEPT, BESIDE = BYLINE | {Kind.TAGS, Kind.LINK}, 6


def titled(pieces: list[Piece]) -> tuple[str, list[Piece]]:
    """Return the title and what is under it, without lines that repeat the title."""
    pieces = menu.without_cookies(pieces)
    if listed := untitled.stories(pieces):
        return listname.PLAIN, listed
    first = next(n for n, piece in enumerate(pieces) if piece.told or piece.kind is Kind.HEADING)
    brief = [Piece(Kind.OTHERS), *pieces[first:]]
    if any(piece.kind is Kind.OTHERS for piece in pieces[:first]) and teasers.edge(brief) == 0:
        return "", brief
    whole, pieces = pieces, _unshown(pieces)
    if found := headline.title(pieces):
        title, begin, end = found
        at = next((n for n, piece in enumerate(whole) if piece.text == title), 0)
        if (name := _list_name(whole[:at])) and teasers.are_stories(whole[at:], name):
            return name, whole[at:]
        kept, under = _above(pieces[:begin], title)
        body = [*under, *pieces[end:]]
    else:
        kept = [piece for piece in pieces[:first] if piece.kind in KEPT]
        body = pieces[first:]
        if (_is_short(body[0]) or (kept and _is_announced(body[0]))) and any(piece.told for piece in body[1:]):
            title, body = body[0].text.rstrip("."), body[1:]
        else:
            title = _made(body)
    body = menu.without_lists(body)
    if any(piece.label == NAMED and not piece.changed for piece in body[: 2 * BESIDE]):
        # Above its title a page may say which day it is as it is read.
        kept = [piece for piece in kept if piece.kind is not Kind.DATE or piece.label == NAMED]
    if len(title.split()) > FEW and _is_subject(body):
        name, told = body[0].text, " ".join(piece.text for piece in body[1:])
        # Whom the text does not name has written it.
        wrote = person.is_person(name) and name not in told
        body[0] = Piece(Kind.AUTHOR, by=name) if wrote else Piece(Kind.TAGS, tags=(name,))
    same = title.casefold()
    return title, [piece for piece in (*kept, *body) if not _repeats(piece, same)]


def _list_name(above: Sequence[Piece]) -> str:
    """Return the name of a list that stands right *above* the first title, or over a few words; "" for none."""
    near = [piece for piece in above if piece.kind not in BYLINE]
    told = len(list(takewhile(lambda piece: piece.kind is Kind.PROSE, reversed(near))))
    last = near[-1 - told] if told <= teasers.BRIEF and told < len(near) else Piece(Kind.PROSE)
    if last.kind is Kind.TAGS and last is above[0]:
        # What is filed under something is listed so.
        return f"Tag: {last.tags[0]}"
    named = last.kind in {Kind.HEADING, Kind.EDGE, Kind.OTHERS} and listname.is_one(last.text)
    return last.text if named else ""


def _above(above: Sequence[Piece], title: str) -> tuple[list[Piece], list[Piece]]:
    """Return what stands *above* a *title* and is about its article, and what is to stand under it."""
    kept = [piece for piece in above[-BESIDE:] if piece.kind in KEPT]
    if any(piece.kind is Kind.POINT for piece in above):
        # A menu.
        return kept, []
    heads = [piece.text for piece in above if piece.kind is Kind.HEADING]
    if len(heads) == 1 and above[-1].kind is Kind.HEADING:
        first, _, rest = heads[0].partition(" ")
        if said := dates.line(rest) or dates.placed(heads[0]):
            subject = (first,) if first.casefold() in furniture.SUBJECTS else ()
            kept.append(Piece(Kind.DATE, at=said.at, tags=subject))
        elif headline.is_subject(heads[0], title):
            kept.append(Piece(Kind.TAGS, tags=(heads[0].capitalize(),)))
    if any(piece.kind is Kind.EDGE for piece in above):
        return kept, []
    # A greeting, and what announces an article.
    return kept, [one for one in above if one.kind is Kind.GREETING or one.text.endswith(":")]


def _is_subject(body: Sequence[Piece]) -> bool:
    """Whether *body*, what stands under a title, begins with a few words in capitals, and has no other heading."""
    heads = [piece for piece in body if piece.kind is Kind.HEADING]
    first = len(body) > 1 and body[0].kind is Kind.HEADING and body[1].told
    words = body[0].text.split() if first and len(heads) == 1 else []
    return 0 < len(words) <= FEW and all(word.isalpha() and word[0].isupper() for word in words)


def _unshown(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* without a sentence above a title of what a picture shows; any other text stands under it."""
    # What a picture shows is by nobody.
    said = [
        n for n, piece in enumerate(pieces) if piece.told or piece.kind is Kind.HEADING or piece.by or piece.at
    ]
    heads = said[next((n for n, at in enumerate(said) if pieces[at].kind not in BYLINE), 0) :][:3]
    if len(heads) < 3 or pieces[heads[0]].kind is not Kind.PROSE or headline.may_be(pieces[heads[0]]):
        return pieces
    above, title, under = (pieces[n] for n in heads)
    if title.kind is not Kind.HEADING or not (under.told or under.kind in BYLINE):
        return pieces
    short = len(above.text) <= WRITTEN and len(sentence.split(above.text)) == 1
    if not short and len(title.text.split()) < FEW:
        # Rather the heading of a section.
        return pieces
    rest = [piece for n, piece in enumerate(pieces) if n not in heads[:2]]
    shows = short and (under.kind in BYLINE or SHOWS.match(above.text) or SITE.match(above.text))
    before = heads[0]
    return [*rest[:before], title, *([] if shows else [above]), *rest[before:]]


def _made(pieces: Sequence[Piece]) -> str:
    """Return a title for *pieces* that have none: their first sentence, without the day that opens it."""
    told = (piece.text for piece in pieces if piece.told and piece.kind is not Kind.GREETING)
    words = next(told, "")
    dated = dates.start(words)
    return sentence.cut((dated[1] if dated else words) or pieces[0].text, TITLE, 1).rstrip(".")


def _repeats(piece: Piece, title: str) -> bool:
    """Whether a piece says the *title* again, or is breadcrumbs that show nothing else: ``//All go!``."""
    # Facts are told whatever the title is.
    if piece.kind is Kind.HEADING or (piece.kind is Kind.POINT and ": " not in piece.text):
        return piece.text.casefold() == title
    return piece.text[:1] in set("/>»›") and piece.text.lstrip("/>»› ").casefold() == title


def _is_short(piece: Piece) -> bool:
    most = WRITTEN if piece.text[-1:].isalnum() else TITLE
    return piece.kind is Kind.PROSE and len(piece.text) <= most and len(sentence.split(piece.text)) == 1


def _is_announced(piece: Piece) -> bool:
    """Whether a piece under a day may be a title of two sentences."""
    return piece.kind is Kind.PROSE and len(piece.text) <= TWO and len(sentence.split(piece.text)) == 2


def with_deck(pieces: list[Piece]) -> list[Piece]:
    """Make text of the long line between a title and its text: it says more than a title, and heads no section."""
    first = next((n for n, piece in enumerate(pieces) if piece.told or piece.kind is Kind.HEADING), len(pieces))
    after = next((piece for piece in pieces[first + 1 :] if piece.told or piece.kind is Kind.HEADING), None)
    headings = [piece for piece in pieces if piece.kind is Kind.HEADING and _is_deck(piece)]
    if after and after.told and headings == pieces[first : first + 1]:
        return [*pieces[:first], replace(pieces[first], kind=Kind.PROSE), *pieces[first + 1 :]]
    return pieces


def _is_deck(piece: Piece) -> bool:
    return len(piece.text.split()) > DECK and not piece.text.endswith("?")


def is_figures(piece: Piece) -> bool:
    """Whether a piece is figures alone: under a text they count something, or tell its hour again."""
    short = piece.kind is Kind.PROSE and len(piece.text) <= FIGURES and not LETTER.search(piece.text)
    return short and not REACH.search(piece.text)
