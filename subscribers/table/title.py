"""Know what a title says of the people below it: the name of a file or of a sheet, or a line of its own."""

import re

from subscribers.table import stray
from subscribers.table.heading import plain
from subscribers.table.saying import LEFT, undated

#: What stands in the name of a file in which there is nobody who is still subscribed.
_GONE = re.compile(
    rf"\b(?:{LEFT}|suppress\w*|bounce[sd]?|studs(?:ar)?|block(?:s|ed|list\w*)|blacklist\w*|complain\w*"
    r"|spam reports?|cleaned|invalid emails?|spärrade|studsade|returnert)\b"
)
_NOT_GONE = re.compile(r"\b(?:without|no|not|non|minus|excl\w*|and|all|utan|ej|inte|exkl\w*|och|alla)\b")


def gone(name: str) -> bool:
    """Whether the *name* of a file, or a title, says that nobody below it is subscribed any more."""
    said = plain(name)
    out = _GONE.search(said) or stray.sorts(undated(said))
    return bool(out) and not _NOT_GONE.search(said)


def closing(line: str) -> bool:
    """Whether a *line* among people is a title of those who left, or want no letters: ``Vill inte ha utskick``."""
    return "@" not in line and (gone(line) or stray.chosen(line))
