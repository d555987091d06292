"""What no text of an issue may hold: control characters, and the marks of a merge that git left to somebody."""

import re
from collections.abc import Sequence

from newsletter import conflict
from newsletter.errors import IssueError
from newsletter.issuefile import fence
from newsletter.issuefile.yaml import ENDS

#: Everything that no text holds: Markdown and mail would drop it or stumble over it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check(text: str, rows: Sequence[str], path: str) -> None:
    """Refuse what would be silently dropped or misread later. *rows* are the lines of *text*. Raise IssueError."""
    if found := CONTROL.search(text):
        line = len(ENDS.findall(text, 0, found.start())) + 1
        words = rows[line - 1].partition(found[0])[0].split()[-3:]
        place = f"after “{' '.join(words)}”" if words else "at the beginning of the line"
        what = f"a control character (U+{ord(found[0]):04X}) {place}, which an editor may not show"
        raise IssueError(what, where=f"{path}:{line}", remedy="write the line anew; the file must be plain text")
    conflict.refuse(fence.without_code(rows), path, IssueError)
