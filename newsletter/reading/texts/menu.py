"""Find the title of a plain-text page under the name of its site, what it says of cookies, and its menu."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from newsletter.reading.texts.piece import TOLD, Kind, Piece
from newsletter.reading.words import furniture

#: The points of a menu, and the name of a site, have at most so many words; an entry of several, so many.
MENU, ENTRY = 3, 5
#: So many characters has a line of a menu at most, of whatever script.
WIDE = 40
#: Breadcrumbs that are a list are looked for in so many pieces.
LONGEST = 20
#: So many words of menus in a list make it one.
KNOWN = 2
#: A title is looked for in so many pieces of a page.
HEAD = 400
#: A title has at most so many lines; breadcrumbs that are cut tell more characters of it than these.
LINES, START = 3, 15
#: A long menu has at least so many points; a paragraph of more characters is text.
MANY, LONG = 12, 120
#: What stands between the steps of breadcrumbs: ``English Home » News » Title``.
STEP = re.compile(r"\s*[»›>→/|\\]\s*")
#: What stands behind the title in the name of a page.
NAMED = re.compile(r"\s*[|·•»—–:-]\s+\S.{1,120}")
#: So many points without a title above them are a menu, too.
FEW = 5
#: What a large menu says under one of its points is at most so long, in characters.
BLURB = 80
#: A line of subjects, a byline, a line with a day and an hour.
FILED = re.compile(
    r"^[^,.:]{3,30},[^,.:]{2,30},[^.:]{2,60}$|\s[|•·]\s|^(?:by|von|av|par)\s|\b(?:19|20)\d\d\b.*\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
#: The names of those who run a town.
BODY = re.compile(
    r"\w+ (?:kommun|stad|kommune|council)|\w+ (?:city|town|county|borough|district) council|region \w+|"
    r"(?:city|town|municipality|stadt|gemeinde) (?:of )?\w+|\w+n kaupunki",
    re.IGNORECASE,
)
#: What is not of the menu, though it may stand above the title.
KEPT = frozenset({Kind.DATE, Kind.AUTHOR, Kind.TAGS, Kind.LINK})


def without(pieces: list[Piece]) -> list[Piece]:
    """Drop what stands above the title of a page: its site's name, its menu, and what it says of cookies.

    So do menus that stand elsewhere on it, where they are lists.
    """
    return _without_lists(_titled_first(_without_cookies(pieces)))


def _titled_first(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces* from the title on, without what stands above it."""
    if title := _named(pieces):
        return [*(piece for piece in pieces[:title] if piece.kind in KEPT), *pieces[title:]]
    if title := _pointed(pieces[:LONGEST]) or _twice(pieces[:LONGEST]):
        return [*(piece for piece in pieces[:title] if piece.kind in KEPT), *pieces[title:]]
    told = next((n for n, piece in enumerate(pieces) if piece.told and not _is_entry(piece)), len(pieces))
    if (found := _led_to(pieces[: told + LINES], min(told, HEAD))) is not None:
        title, lines = found
        whole = Piece(Kind.HEADING, " ".join(piece.text for piece in pieces[title : title + lines]))
        return [*(piece for piece in pieces[:title] if piece.kind in KEPT), whole, *pieces[title + lines :]]
    if title := _listed(pieces[:told]) or _under_long(pieces) or _under_lines(pieces) or _dated(pieces[:told]):
        pieces = [*(piece for piece in pieces[:title] if piece.kind in KEPT), *pieces[title:]]
    return _without_names(pieces)


def _dated(head: Sequence[Piece]) -> int:
    """Return where the first heading of more words is, under several of a menu, with its day under it; else 0."""
    lines = list(_headings(head, 0))
    long = next((n for n in lines if len(head[n].text.split()) > MENU), 0)
    dated = any(piece.kind in {Kind.DATE, Kind.AUTHOR} for piece in head[long + 1 : long + 2])
    menu = long and lines.index(long) > 1 and _is_gap(head[:long], Kind.HEADING, Kind.EDGE)
    return long if dated and menu else 0


def _without_cookies(pieces: list[Piece]) -> list[Piece]:
    """Drop the headings over what a site says of its cookies."""
    said = {n for n, piece in enumerate(pieces) if piece.label == "cookies" and piece.kind is Kind.EDGE}
    return [piece for n, piece in enumerate(pieces) if not (n + 1 in said and piece.kind is Kind.HEADING)]


def _without_lists(pieces: list[Piece]) -> list[Piece]:
    """Drop the lists of which several points are words of a menu."""
    kept: list[Piece] = []
    for listed, group in groupby(pieces, key=lambda one: one.kind is Kind.EDGE or _is_entry(one)):
        run = list(group)
        points = [piece.text for piece in run if piece.kind is Kind.POINT]
        menu = listed and len(points) >= FEW and sum(map(furniture.is_navigation, points)) > KNOWN
        kept += [piece for piece in run if not menu or piece.kind is Kind.EDGE]
    return kept


def _named(pieces: Sequence[Piece]) -> int:
    """Return where the title is that the first line, the page's own name, has before that of its site; 0 for none.

    Some programs write what stands in the bar of a browser's window above the page: ``A new quay | Norrvik``.
    """
    first = pieces[0].text if pieces else ""
    told = (n for n, one in enumerate(pieces[:HEAD]) if n and one.kind in TOLD and len(one.text) > BLURB)
    # Under a text it is the heading of a section.
    for n in _headings(pieces[: next(told, HEAD)], 1):
        title = pieces[n].text
        if len(title.split()) > 1 and first.startswith(title) and NAMED.fullmatch(first, len(title)):
            return n
    return 0


def _pointed(head: Sequence[Piece]) -> int:
    """Return where the title is under breadcrumbs that are a list, and end with it; 0 for none."""
    for number, (point, title) in enumerate(pairwise(head), 1):
        listed = point.text.startswith("/") or all(piece.kind is Kind.POINT for piece in head[:number])
        crumb = point.text.lstrip("/ ") if point.kind is Kind.POINT and listed else ""
        if crumb and title.kind is Kind.HEADING and crumb.casefold() == title.text.casefold():
            return number
    return 0


def _twice(head: Sequence[Piece]) -> int:
    """Return where the title is that stands twice, as breadcrumbs and over the text, under lines of the site."""
    for number, (title, again) in enumerate(pairwise(head)):
        if number and title.told:
            return 0
        same = title.kind is again.kind is Kind.HEADING and title.text.casefold() == again.text.casefold()
        # What a picture shows may stand twice, too: fewer words than a title has.
        words = [len(piece.text.split()) for piece in head[:number]]
        shown = len(title.text.split()) < MENU < max(words, default=0)
        # Further down more must stand twice.
        if number and same and not shown and (number == 1 or len(title.text.split()) > MENU):
            return number
    return 0


def _is_entry(piece: Piece) -> bool:
    return (
        piece.kind is Kind.POINT and len(piece.text.split()) <= ENTRY and not piece.text.endswith((".", "!", ","))
    )


def _led_to(head: Sequence[Piece], told: int) -> tuple[int, int] | None:
    """Return where the heading is that breadcrumbs above it end with, and of how many lines; None for nowhere."""
    for n in range(min(told, len(head)) - 1, 0, -1):
        if head[n].kind is not Kind.HEADING:
            continue
        for lines in range(1, min(LINES, len(head) - n) + 1):
            title = " ".join(piece.text for piece in head[n : n + lines])
            if _ends_so(head[:n], title.casefold()):
                return n, lines
    return None


def _ends_so(above: Sequence[Piece], title: str) -> bool:
    """Whether breadcrumbs *above* end with *title*, or with its first words, where they did not fit the line."""
    for piece in above:
        if piece.kind in {Kind.HEADING, Kind.EDGE} and (found := STEP.search(piece.text)):
            end = STEP.split(piece.text[found.end() :])[-1].casefold()
            if end == title or (len(end) > START and title.startswith(end)):
                return True
        first, _, steps = piece.text.casefold().partition(" ")
        if piece.kind in {Kind.HEADING, Kind.EDGE} and first in furniture.FIRST and steps.endswith(f" {title}"):
            return True
    return False


def _listed(head: Sequence[Piece]) -> int:
    """Return where the title is under a menu whose entries are the points of a list; 0 for no menu."""
    points = [n for n, piece in enumerate(head) if piece.kind is Kind.POINT]
    if not points:
        return 0
    known = sum(furniture.is_entry(head[n].text) for n in points)
    if known >= KNOWN or (known and not _is_headed(head[: points[0]])):
        return _title(head, points) or next(_headings(head, points[-1]), 0)
    return 0


def _under_long(pieces: Sequence[Piece]) -> int:
    """Return where the title is under a menu of many points, whatever stands among them; 0 for no such menu."""
    long = (n for n, p in enumerate(pieces[:HEAD]) if p.kind in {Kind.PROSE, Kind.QUOTE} and len(p.text) > LONG)
    head = pieces[: next(long, 0)]
    points = [n for n, piece in enumerate(head) if _is_entry(piece) and not piece.text[:1].isdigit()]
    known = sum(furniture.is_entry(head[n].text) for n in points) + sum(piece.kind is Kind.EDGE for piece in head)
    if len(points) >= MANY and known > KNOWN:
        return _title(head, points) or next(_headings(head, points[-1]), 0)
    if len(points) >= FEW and not _is_headed(head[: points[-1]]):
        return _title(head, points)
    return 0


def _under_lines(pieces: Sequence[Piece]) -> int:
    """Return where the title is under a menu of short lines, as a browser copies it; 0 for no such menu."""
    head = _head(pieces)
    lines = list(_headings(head, 0))
    entries = [n for n in lines if len(head[n].text.split()) <= MENU and len(head[n].text) <= WIDE]
    return _again(head, lines) or _under_menu(head, lines, entries) if _is_menu(head, lines, entries) else 0


def _is_menu(head: Sequence[Piece], lines: Sequence[int], entries: Sequence[int]) -> bool:
    """Whether the *lines* of a *head* are mostly *entries* of a menu, and what stands among them furniture."""
    furnished = sum(piece.kind is Kind.EDGE for piece in head)
    # A title comes first, unless what it stands under is known to be furniture.
    titled = bool(lines) and lines[0] not in entries and all(p.kind is not Kind.EDGE for p in head[: lines[0]])
    return len(entries) > KNOWN and furnished > 0 and len(entries) + furnished >= FEW and not titled


def _again(head: Sequence[Piece], lines: Sequence[int]) -> int:
    """Return where the last of two *lines* is that say the same, with only furniture between; 0 for none."""
    pairs = (b for a, b in pairwise(lines) if head[a].text == head[b].text and _is_gap(head[a + 1 : b], Kind.EDGE))
    return max(pairs, default=0)


def _under_menu(head: Sequence[Piece], lines: Sequence[int], entries: Sequence[int]) -> int:
    """Return where the title is: the last of *lines* that is no entry, or has a day under it, or just the last."""
    long = [n for n in lines if n not in entries and not FILED.search(head[n].text) and " / " not in head[n].text]
    # A title may have another line under it.
    firsts = [b for a, b in pairwise([-1, *long]) if a < 0 or not _is_gap(head[a + 1 : b], *KEPT)]
    dated = [n for n in lines[KNOWN:] if n + 1 < len(head) and head[n + 1].kind in {Kind.DATE, Kind.AUTHOR}]
    return [*lines[-1:], *dated, *firsts][-1]


def _head(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return what stands above the text of a page; what a menu says of its points has points on both sides."""
    for n, piece in enumerate(pieces[:HEAD]):
        under = [one.kind in {Kind.HEADING, Kind.EDGE, *KEPT} for one in pieces[n + 1 : n + 3]]
        blurb = len(piece.text) <= BLURB and piece.kind is not Kind.QUOTE and under == [True, True]
        if piece.told and not blurb:
            return pieces[:n]
    return ()


def _is_gap(between: Sequence[Piece], *kinds: Kind) -> bool:
    return all(piece.kind in kinds for piece in between)


def _is_headed(above: Sequence[Piece]) -> bool:
    """Whether a title may stand *above* what looks like a menu: more words than the name of a site has."""
    return any(piece.kind is Kind.HEADING and len(piece.text.split()) > MENU for piece in above)


def _headings(head: Sequence[Piece], after: int) -> Iterator[int]:
    return (n for n in range(after, len(head)) if head[n].kind is Kind.HEADING)


def _title(head: Sequence[Piece], points: Sequence[int]) -> int:
    """Return where the line under a menu, whose entries are *points*, is that can be a title; 0 for none.

    Buttons may stand under it, too, as points; a subject and a byline above it. What stands twice in a row is one.
    """
    for n in _headings(head, points[0]):
        if n + 1 < len(head) and head[n + 1].kind is Kind.HEADING and head[n].text == head[n + 1].text:
            return n
    long = [n for n in _headings(head, points[0]) if len(head[n].text.split()) > MENU]
    fit = [n for n in long if not FILED.search(head[n].text)]
    among = [n for n in fit if sum(point < n for point in points) >= FEW]
    return next((n for n in fit if n > points[-1]), 0) or (among[-1] if among else 0)


def _without_names(pieces: list[Piece]) -> list[Piece]:
    """Drop the name of the site and the points of its menu that stand as short lines above the title.

    They have furniture under them, and then comes what the breadcrumbs end with, or a longer line.
    """
    told = next((n for n, piece in enumerate(pieces[:HEAD]) if piece.told), min(len(pieces), HEAD))
    heads = [n for n, piece in enumerate(pieces[:told]) if piece.kind is Kind.HEADING]
    here = {
        STEP.split(piece.text)[-1].casefold() for piece in pieces[:told] if piece.kind is Kind.EDGE and piece.text
    }
    if len(heads) > 1 and heads[1] == heads[0] + 1 and _is_site(pieces, heads[0]):
        return [piece for n, piece in enumerate(pieces) if n != heads[0]]
    for above, number in enumerate(heads[1:], 1):
        names = [pieces[n] for n in heads[:above]]
        furnished = any(piece.kind is Kind.EDGE for piece in pieces[heads[above - 1] : number])
        # The head of a firm's paper is in capitals.
        short = all(len(piece.text.split()) <= MENU or piece.text.isupper() for piece in names)
        under = (short and furnished) or _is_motto(pieces[heads[0] : number])
        longer = under and len(pieces[number].text.split()) > MENU
        if pieces[number].text.casefold() in here or longer:
            return [piece for n, piece in enumerate(pieces) if n >= number or n not in heads]
    return pieces


def _is_motto(head: Sequence[Piece]) -> bool:
    """Whether *head* is the name of a site, its motto right under it, and its menu, which leads home."""
    two = len(head) > 2 and head[0].kind is head[1].kind is Kind.HEADING and len(head[0].text.split()) <= MENU
    return two and _is_gap(head[2:], Kind.EDGE, *KEPT) and any(piece.label == "home" for piece in head[2:])


def _is_site(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a first line right above another is the name of the site, which the page says again further down."""
    name, under = pieces[number].text, pieces[number + 1].text
    again = any(name in piece.text for piece in pieces[number + 2 :] if piece.text != name)
    # What a page says of itself stands under its furniture, however short its title is.
    body = bool(BODY.fullmatch(name)) and any(piece.kind is Kind.EDGE for piece in pieces[:number])
    return again and name not in under and len(name.split()) <= MENU and (body or len(under.split()) >= MENU)
