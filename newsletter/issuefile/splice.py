"""Replace rows of a file's text, and leave every other byte as it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.issuefile.yaml import ENDS


@dataclass(frozen=True, slots=True)
class Change:
    """Rows *start* to before *end*, counted from 0, become the lines of *text*.

    With *start* and *end* equal, the lines go in before row *start*. With *text* None, the rows go.
    """

    start: int
    end: int
    text: str | None


def apply(text: str, changes: Iterable[Change]) -> str:
    """Return *text* with *changes*, which do not overlap, in the file's own line ends."""
    ending = (ENDS.search(text) or ["\n"])[0]
    rows = [*ENDS.finditer(text)]
    starts = [0, *(row.end() for row in rows)]
    ends = [*(row.start() for row in rows), len(text)]
    for change in sorted(changes, key=lambda one: (-one.start, -one.end)):
        if change.text is None:
            text = text[: starts[change.start]] + text[starts[change.end] :]
            continue
        new = change.text.replace("\n", ending)
        if change.end > change.start:
            text = text[: starts[change.start]] + new + text[ends[change.end - 1] :]
        elif change.start < len(starts):
            text = text[: starts[change.start]] + new + ending + text[starts[change.start] :]
        else:
            text += ending + new
    return text
