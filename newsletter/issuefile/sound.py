"""What no text of an issue may hold: control characters, and the marks of a merge that git left to somebody.

And what looks like a space, and is none for Markdown and YAML.
"""

import re
from collections.abc import Sequence

from newsletter import conflict
from newsletter.errors import IssueError
from newsletter.issuefile.blocks import fence
from newsletter.issuefile.yaml import ENDS

#: Everything that no text holds: Markdown and mail would drop it or stumble over it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

#: Where a space makes a heading, a point, a field or the front matter of what stands before it.
_MARKS = re.compile(r"^(?:[ \t]{0,3}(?:#{1,6}|[-*])[ \xa0]+|-{3}[ \xa0]+(?=\r?$)|[a-z_]+:[ \xa0]+)", re.MULTILINE)


def spaced(text: str) -> str:
    """Return *text*, as long as before, with a plain space wherever one has a meaning.

    A key beside that of the space writes one that does not break a line: it looks the same, and means nothing.
    """
    return _MARKS.sub(lambda found: found[0].replace("\xa0", " "), text) if "\xa0" in text else text


def check(text: str, rows: Sequence[str], path: str) -> None:
    """Refuse what would be silently dropped or misread later. *rows* are the lines of *text*. Raise IssueError."""
    if found := CONTROL.search(text):
        line = len(ENDS.findall(text, 0, found.start())) + 1
        words = rows[line - 1].partition(found[0])[0].split()[-3:]
        place = f"after “{' '.join(words)}”" if words else "at the beginning of the line"
        what = f"a control character (U+{ord(found[0]):04X}) {place}, which an editor may not show"
        raise IssueError(what, where=f"{path}:{line}", remedy="write the line anew; the file must be plain text")
    conflict.refuse(fence.without_code(rows), path, IssueError)
