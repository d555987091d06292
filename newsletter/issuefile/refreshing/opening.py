"""Keep the fields that were written out of an article in step with what the article says now. Opens no file."""

import re
from collections.abc import Mapping
from dataclasses import replace

from newsletter.issuefile import dialect, frontmatter
from newsletter.issuefile.blocks import blocktext
from newsletter.issuefile.frame import Frame
from newsletter.issuefile.refreshing import written
from newsletter.issuefile.refreshing.written import Written
from newsletter.issuefile.yaml import ENDS
from newsletter.model import Featured, Issue

#: What follows a value that ends on its line: another field, or the end of the front matter.
_NEXT = re.compile(r"[\w-]+:|---")


def titled(now: Issue, was: Written, frame: Frame, gaps: Mapping[str, str]) -> Issue:
    """Return *now* with its first article's title in the fields that *frame* filled with one.

    *gaps* fill the frame's other gaps. A field that reads otherwise than with a title that was written is an
    editor's own, and stays.
    """
    titles = (dialect.inline(block.title) for block in now.blocks if isinstance(block, Featured))
    says = frame.filled({**gaps, "title": next(titles, "")}).fields
    said = [frame.filled({**gaps, "title": title}).fields for title in written.titles(was)]
    for name in frontmatter.SPOKEN:
        own = getattr(now, name)
        if says.get(name, own) != own and any(fields.get(name) == own for fields in said):
            now = replace(now, source=renewed(now, name, says[name]))
    return now


def stale(now: Issue, was: Written) -> bool:
    """Whether the preheader is words that were written of an article, and that no block of *now* says any more."""
    said = now.preheader.removesuffix("…")
    texts = (text for own in was.values() for text in own)
    return bool(said) and any(said in text for text in texts) and not _says(now, said)


def renewed(now: Issue, name: str, words: str) -> str:
    """Return the text of *now* with other *words* in a field; one over several lines is an editor's, and stays."""
    at, ends = now.lines[name], [0, *(found.end() for found in ENDS.finditer(now.source))]
    start, past = ends[at - 1 : at + 1]
    if not (words and _NEXT.match(now.source, past)):
        return now.source
    old = now.source[start:past].rstrip("\r\n")
    line = f"{name}: {frontmatter.written(name, words)}"
    return now.source[:start] + line + now.source[start + len(old) :]


def _says(now: Issue, said: str) -> bool:
    return any(said in blocktext.body(block) for block in now.blocks)
