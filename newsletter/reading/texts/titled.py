"""Find the title of a page of text under what stands above it, and the line under it that says more."""

import re
from collections.abc import Sequence
from dataclasses import replace

from newsletter import sentence
from newsletter.reading.texts import menu, outline, teasers
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.texts.reached import REACH
from newsletter.reading.words import dates, furniture, person

#: A title made from a sentence is at most this long, in characters; one that somebody wrote, this,
#: and one of two sentences.
TITLE, WRITTEN, TWO = 100, 200, 130
#: What stands between the name of a site and that of its part: ``Norrvik | News``.
NAMED = re.compile(r"\s+[|·•–—-]\s+")
#: Figures alone are at most so long, in characters.
FIGURES = 40
#: The line between a title and its text has more words than the heading of a section.
DECK = 7
#: A title under another line has more words than these; under one with a day, as many.
FEW = 3
#: The part of a site that stands above a title.
ARCHIVE = re.compile(r"\b(?:archives?|arkiv(?:et)?|nyhetsarkiv(?:et)?|archiv)$", re.IGNORECASE)
#: How those who describe a picture to the blind begin.
SHOWS = re.compile(
    r"(?:en|ett|två|tre|fyra|fem|sex|flera|några|an?|two|three|four|five|several|some|\w*bilde?n?|\w*foto\w*|"
    r"porträtt|illustration|image|photo\w*|picture|portrait)\s",
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]")


def titled(pieces: list[Piece]) -> tuple[str, list[Piece]]:
    """Return the title and what is under it, without lines that repeat the title."""
    pieces = menu.without(pieces)
    first = next(n for n, piece in enumerate(pieces) if piece.told or piece.kind is Kind.HEADING)
    head, rest = pieces[:first], pieces[first:]
    brief = [Piece(Kind.OTHERS), *rest]
    if any(piece.kind is Kind.OTHERS for piece in head) and teasers.edge(brief) == 0:
        return "", brief
    kept = [piece for piece in head if piece.kind in {Kind.DATE, Kind.AUTHOR, Kind.TAGS, Kind.LINK}]
    rest = _title_first(rest)
    if above := _above(rest):
        kept.append(above)
        rest = rest[1:]
    opening, body = rest[0], rest[1:]
    if opening.kind is Kind.HEADING:
        title = opening.text
    elif (_is_short(opening) or (kept and _is_announced(opening))) and any(piece.told for piece in body):
        title = opening.text.rstrip(".")
    else:
        title, body = _made(rest), rest
    if len(title.split()) > FEW and _is_subject(body):
        body[0] = Piece(Kind.TAGS, tags=(body[0].text,))
    same = title.casefold()
    return title, [piece for piece in (*kept, *body) if not _repeats(piece, same)]


def _is_subject(body: Sequence[Piece]) -> bool:
    """Whether *body*, what stands under a title, begins with a few words in capitals, and has no other heading."""
    heads = [piece for piece in body if piece.kind is Kind.HEADING]
    first = len(body) > 1 and body[0].kind is Kind.HEADING and body[1].told
    words = body[0].text.split() if first and len(heads) == 1 else []
    return 0 < len(words) <= FEW and all(word.isalpha() and word[0].isupper() for word in words)


def _title_first(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* with their title first that stands under a greeting, or a count, or is announced."""
    under = next((one for one in pieces[1:] if one.kind is not Kind.EDGE), pieces[0])
    if is_figures(pieces[0]) and under.kind is Kind.HEADING:
        pieces = pieces[pieces.index(under) :]
    pieces = _unshown(_unreached(pieces))
    if pieces[0].kind is Kind.GREETING and len(pieces) > 1 and pieces[1].kind is Kind.HEADING:
        pieces = [pieces[1], pieces[0], *pieces[2:]]
    if pieces[0].kind is Kind.GREETING and outline.WELCOME.fullmatch(pieces[0].text):
        pieces = [Piece(Kind.HEADING, pieces[0].text), *pieces[1:]]
    if pieces[0].kind in {Kind.PROSE, Kind.GREETING} and (heading := _announced(pieces)):
        # "Here is the text:" is no title; what it announces is.
        pieces = [pieces[heading], *pieces[:heading], *pieces[heading + 1 :]]
    return pieces


def _unreached(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* without whom the press may call, where that stands above their title."""
    under = next((n for n, piece in enumerate(pieces) if not (piece.kind is Kind.PROSE and _is_reached(piece))), 0)
    return pieces[under:] if pieces[under].kind is Kind.HEADING else pieces


def _unshown(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* without a sentence above a title of what a picture shows; any other stands under it."""
    first = pieces[0].text
    whole = pieces[0].kind is Kind.PROSE and first.endswith(".") and len(first) <= WRITTEN
    titled = whole and len(pieces) > 2 and pieces[1].kind is Kind.HEADING and len(sentence.split(first)) == 1
    if not titled or not (pieces[2].told or pieces[2].kind in {Kind.DATE, Kind.AUTHOR}):
        return pieces
    shows = pieces[2].kind in {Kind.DATE, Kind.AUTHOR} or SHOWS.match(first)
    return pieces[1:] if shows else [pieces[1], pieces[0], *pieces[2:]]


def _is_reached(piece: Piece) -> bool:
    return len(piece.text) <= TITLE and bool(REACH.search(piece.text))


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


def _announced(pieces: Sequence[Piece]) -> int:
    """Return where the heading is that a line of a mail announces, a greeting above it or not; 0 for none."""
    line = int(pieces[0].kind is Kind.GREETING)
    after = pieces[line + 1] if line + 1 < len(pieces) else None
    told = pieces[line].kind is Kind.PROSE and pieces[line].text.endswith(":")
    return line + 1 if told and after and after.kind is Kind.HEADING else 0


def _above(pieces: Sequence[Piece]) -> Piece | None:
    """Return what a first heading says that stands above the title: its subject or day; None if it is the title.

    A subject is a word or two of capitals, one of menus or newspapers, or any word over a title with its day, its
    writer or how long it sounds right under it.
    """
    if len(pieces) < 2 or not pieces[0].kind is pieces[1].kind is Kind.HEADING:
        return None
    line, words, title = pieces[0].text, pieces[0].text.split(), pieces[1].text
    if ARCHIVE.search(line) and len(title.split()) > FEW:
        return Piece(Kind.EDGE)
    site = NAMED.split(line)
    if len(site) > 1 and len(title.split()) >= FEW and any(map(furniture.is_navigation, site)):
        return Piece(Kind.EDGE)
    if len(title) <= len(line):
        return None
    if line.isupper() and FEW <= len(words) <= FEW + 1 and not title.isupper() and len(title.split()) > FEW + 1:
        # What the site asks for above every page: ``STAY UP TO DATE``.
        return Piece(Kind.EDGE)
    dated = len(pieces) > 2 and pieces[2].kind is Kind.DATE
    if (
        dated
        and len(words) <= FEW + 2
        and (person.is_name(line) or menu.BODY.fullmatch(line))
        and len(title.split()) > len(words)
    ):
        # Whose news it is.
        return Piece(Kind.EDGE)
    first, _, rest = line.partition(" ")
    if len(title.split()) >= FEW and (said := dates.line(rest) or dates.placed(line)):
        return Piece(Kind.DATE, at=said.at, tags=(first,) if first.casefold() in furniture.SUBJECTS else ())
    known = line.isupper() or line.casefold() in furniture.MENU | furniture.SUBJECTS
    # The title may have another line under it, or a sentence.
    under = [one for one in pieces[2:4] if one.kind not in {Kind.HEADING, Kind.PROSE}][:1]
    headed = any(one.kind in {Kind.DATE, Kind.AUTHOR} or one.label == "heard" for one in under)
    # So may a line that says more than it.
    decked = len(pieces) > 3 and pieces[2].kind is Kind.HEADING and pieces[3].told and _is_deck(pieces[2])
    fits = len(words) == 1 and len(title.split()) > FEW
    subject = (known and len(words) <= 2) or (fits and (headed or decked))
    return Piece(Kind.TAGS, tags=(line.capitalize(),)) if subject else None


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
