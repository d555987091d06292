"""Keep a preheader that was written out of an article in step with what the article says now. Opens no file."""

import re

from newsletter.issuefile import blocktext, frontmatter
from newsletter.issuefile.written import Written
from newsletter.issuefile.yaml import ENDS
from newsletter.model import Issue

#: What follows a value that ends on its line: another field, or the end of the front matter.
_NEXT = re.compile(r"[\w-]+:|---")


def stale(now: Issue, was: Written) -> bool:
    """Whether the preheader is words that were written of an article, and that no block of *now* says any more."""
    said = now.preheader.removesuffix("…")
    written = (text for texts in was.values() for text in texts)
    return bool(said) and any(said in text for text in written) and not _says(now, said)


def renewed(now: Issue, preheader: str) -> str:
    """Return the text of *now* with another *preheader*; one over several lines is an editor's own, and stays."""
    at, ends = now.lines["preheader"], [0, *(found.end() for found in ENDS.finditer(now.source))]
    start, past = ends[at - 1 : at + 1]
    if not (preheader and _NEXT.match(now.source, past)):
        return now.source
    old = now.source[start:past].rstrip("\r\n")
    line = f"preheader: {frontmatter.written('preheader', preheader)}"
    return now.source[:start] + line + now.source[start + len(old) :]


def _says(now: Issue, said: str) -> bool:
    return any(said in blocktext.body(block) for block in now.blocks)
