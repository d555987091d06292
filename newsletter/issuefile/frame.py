"""The frame of a letter's issues: what stands in every new one, before its articles and after them."""

import re
from dataclasses import dataclass

from newsletter.errors import IssueError
from newsletter.issuefile import block, fence, sound
from newsletter.issuefile.yamlfault import ENDS

#: The line at which the articles go in.
PLACE = re.compile(r" {0,3}<!--[ \t]*articles[ \t]*-->[ \t]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after the articles, as an editor wrote it."""

    before: str
    after: str

    def around(self, articles: str) -> str:
        """Return the body of an issue: the text of its *articles* within the frame."""
        parts = (part.strip("\n") for part in (self.before, articles, self.after))
        return "\n\n".join(part for part in parts if part.strip()) + "\n"


def parse(text: str, path: str) -> Frame:
    """Return the frame that a file says; *path* is its name. Without a place the articles come at its end.

    Raise IssueError for what no issue may hold, for fields, and for two places.
    """
    rows = ENDS.split(text)
    sound.check(text, rows, path)
    if rows[0].rstrip() == "---":
        remedy = "take the lines from --- to --- away: a frame begins with its words"
        raise IssueError("a frame has no fields", where=f"{path}:1", remedy=remedy)
    places = [at for at, row in enumerate(fence.without_code(rows)) if PLACE.fullmatch(row)]
    if len(places) > 1:
        where = f"{path}:{places[1] + 1}"
        raise IssueError("the articles have two places", where=where, remedy="keep one line <!-- articles -->")
    cut = places[0] if places else len(rows)
    # Each side must be whole: the articles stand inside no block.
    block.parse(rows[:cut], path)
    block.parse(rows, path, cut + 1)
    return Frame("\n".join(rows[:cut]), "\n".join(rows[cut + 1 :]))
