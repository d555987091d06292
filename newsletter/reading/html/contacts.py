"""Take away whom the press may call, as releases tell it under their text. Changes a tree."""

import re

from lxml import html

from newsletter.reading.html.element import HEADINGS, drop, rows_of
from newsletter.reading.words import furniture

#: A mail address or a telephone number, and how long a line with one may be, in characters.
REACHED, LONGEST = re.compile(r"\S@\S{1,100}\.\w|\+?\d[\d ()/-]{6,20}\d"), 100
#: So many elements tell how somebody is reached; what they are, and which of them may hold others.
MOST, LINES = 20, frozenset({"p", "div", "li", "ul", "ol", "address", "br", "dl"})
BOXES = LINES - {"br"}
#: A text without any of these names nobody to call.
ASKED = re.compile(r"kontakt|contact|information", re.IGNORECASE)


def clear(root: html.HtmlElement) -> None:
    """Take lines that say who knows more away, with the addresses and numbers under them; paragraphs stay."""
    for one in list(root.iter("p", "div", "li", *HEADINGS)):
        rows = [] if any(inner.tag in BOXES for inner in one.iterdescendants()) else rows_of(one)
        if rows and _opens(rows[0]) and _are_short(rows):
            for each in _contacts(one, rows):
                drop(each)


def _contacts(one: html.HtmlElement, rows: list[str]) -> list[html.HtmlElement]:
    """Return *one*, which says *rows*, with those under it down to the last that tells how somebody is reached."""
    found, last = [one], int(_reaches(rows))
    for after in one.itersiblings():
        if after.tag not in LINES or len(found) > MOST:
            break
        rows = rows_of(after)
        if _opens(rows[0]) or not _are_short(rows):
            break
        found.append(after)
        last = len(found) if _reaches(rows) else last
    return found[:last]


def _opens(row: str) -> bool:
    return bool(furniture.REACHING.fullmatch(row) or furniture.BESIDE.fullmatch(row))


def _are_short(rows: list[str]) -> bool:
    return all(len(row) <= LONGEST for row in rows)


def _reaches(rows: list[str]) -> bool:
    return any(REACHED.search(row) for row in rows)
