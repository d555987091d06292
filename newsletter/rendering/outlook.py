"""What Outlook on Windows needs: it draws with Word, which knows neither padding nor corners of a link.

A button there is a shape of VML, whose size must be known beforehand (learn.microsoft.com, "VML roundrect").
It stands in a comment that only Outlook reads, and in a comment no two hyphens may stand side by side.
"""

import re
import unicodedata

from markupsafe import Markup, escape

#: Pixels of a letter in bold Arial at 16 pixels, on the wide side: a label that does not fit is cut.
NARROW, WIDE, CAPITAL, COMMON = 6, 17, 13, 10
PADDING = 48
#: The widest button that fits the panel of a call to action, the height of one line, and what each more takes.
WIDEST, HIGH, LINE = 480, 46, 20
THIN = frozenset("fijlrtI.,:;!'’|()[] -")


def width(label: str) -> int:
    """Return the whole pixels that a button with *label* takes, `WIDEST` at most."""
    return min(PADDING + sum(map(_pixels, label)), WIDEST)


def height(label: str) -> int:
    """Return how high a button with *label* is: one that is too long for a line would be cut."""
    lines = -(-sum(map(_pixels, label)) // (WIDEST - PADDING))
    return HIGH + LINE * max(0, lines - 1)


def commented(text: str) -> Markup:
    """Return *text* as HTML that may stand inside a comment."""
    return Markup(re.sub("-", "&#45;", str(escape(text))))  # noqa: S704 (escaped, and a reference of ours)


def _pixels(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    if letter in THIN:
        return NARROW
    return CAPITAL if letter.isupper() or letter in "mwMW" else COMMON
