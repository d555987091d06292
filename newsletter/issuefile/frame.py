"""The frame of a letter's issues: what stands in every new one, before its articles and after them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from newsletter import personal
from newsletter.errors import IssueError, cited
from newsletter.issuefile import dialect, frontmatter, sound
from newsletter.issuefile.blocks import block, fence
from newsletter.issuefile.yaml import ENDS

#: The line at which the articles go in.
PLACE = re.compile(r" {0,3}<!--[ \t]*articles[ \t]*-->[ \t]*")
#: What a field or the text may leave to each issue: its month in words, the title of its first article, its name.
GAPS = ("month", "title", "issue")
_GAP = re.compile(r"(?<!\{)\{(\w{1,40})\}(?!\})")
#: What each issue says itself.
_OWN = {
    "send_at": "each issue has its own: `newsletter schedule add` can set it",
    "language": "the name of the frame says it, as in frame.sv.md",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after the articles, as an editor wrote it, and in the fields at the top."""

    before: str
    after: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def around(self, articles: str) -> str:
        """Return the body of an issue: the text of its *articles* within the frame."""
        parts = (part.strip("\n") for part in (self.before, articles, self.after))
        return "\n\n".join(part for part in parts if part.strip()) + "\n"

    def filled(self, gaps: Mapping[str, str]) -> "Frame":
        """Return the frame with *gaps*, plain words by their names, in its fields and its text.

        A field with a gap that nothing fills is left out; in the text such a gap stays, and the gate finds it.
        """
        whole = {
            name: _GAP.sub(lambda found: personal.escape(gaps[found[1]]), text)
            for name, text in self.fields.items()
            if all(gaps[gap] for gap in _GAP.findall(text))
        }
        return replace(self, before=_told(self.before, gaps), after=_told(self.after, gaps), fields=whole)


def _told(text: str, gaps: Mapping[str, str]) -> str:
    """Return Markdown with *gaps* filled where something fills them."""

    def one(found: re.Match[str]) -> str:
        words = gaps.get(found[1], "")
        # In the attributes of a block they stand between quotes.
        opens = text.rfind("\n", 0, found.start()) + 1
        plain = dialect.attribute(words) if text.startswith(":::", opens) else words
        return dialect.escape(plain) or found[0]

    return _GAP.sub(one, text)


def parse(text: str, path: str) -> Frame:
    """Return the frame that a file says; *path* is its name. Without a place the articles come at its end.

    Raise IssueError for what no issue may hold, for a field that each issue has of its own, and for two places.
    """
    rows = ENDS.split(text)
    sound.check(text, rows, path)
    fields, top = _fields(text, path) if rows[0].rstrip() == "---" else ({}, 0)
    places = [at for at, row in enumerate(fence.without_code(rows)) if at >= top and PLACE.fullmatch(row)]
    if len(places) > 1:
        where = f"{path}:{places[1] + 1}"
        raise IssueError("the articles have two places", where=where, remedy="keep one line <!-- articles -->")
    cut = places[0] if places else len(rows)
    # Each side must be whole: the articles stand inside no block.
    block.parse(rows[:cut], path, top)
    block.parse(rows, path, min(cut + 1, len(rows)))
    return Frame("\n".join(rows[top:cut]), "\n".join(rows[cut + 1 :]), fields)


def _fields(text: str, path: str) -> tuple[Mapping[str, str], int]:
    """Return the fields at the top, and the row (from 0) below them."""
    matter = frontmatter.parse(text, path)
    for name, value in matter.values.items():
        where = f"{path}:{value.line}"
        if name in _OWN:
            raise IssueError(f"a frame has no {name}", where=where, remedy=_OWN[name])
        for gap in _GAP.findall(matter.text(name)):
            if gap not in GAPS:
                known = ", ".join(f"{{{one}}}" for one in GAPS)
                remedy = f"known here: {known}; a reader's own is {{{{ name }}}}"
                raise IssueError(f"nothing fills {cited('{' + gap + '}')}", where=where, remedy=remedy)
    return {name: matter.text(name) for name in matter.values}, frontmatter.body_row(text, matter)
