"""The marks that git leaves where two people changed the same lines of a file (git-merge, How conflicts are
presented). Reads no file.
"""

import re
from collections.abc import Sequence

from newsletter.errors import NewsletterError

#: What to do about them.
_REMEDY = "keep what is right of the lines down to >>>>>>>, and take the marks <<<<<<<, ======= and >>>>>>> away"
_OPENS = re.compile(r"<{7}(?: |$)")
_PARTS = re.compile(r"={7}$")
_CLOSES = re.compile(r">{7}(?: |$)")


def left(rows: Sequence[str]) -> int | None:
    """Return the first of *rows* (from 0) that is a mark of an unfinished merge, None if none is.

    Seven > may quote a long exchange of mails, and seven = stand under a heading: they count with each other.
    """
    parts: int | None = None
    for number, row in enumerate(rows):
        if _OPENS.match(row):
            return number
        if _PARTS.match(row):
            parts = number if parts is None else parts
        elif parts is not None and _CLOSES.match(row):
            return parts
    return None


def refuse(rows: Sequence[str], path: str, error: type[NewsletterError]) -> None:
    """Raise *error* if git could not merge the file *path*, whose lines are *rows*."""
    if (mark := left(rows)) is not None:
        what = f"git could not merge two changes here: {rows[mark][:40]}"
        raise error(what, where=f"{path}:{mark + 1}", remedy=_REMEDY) from None
