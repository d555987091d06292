"""What an editor meant as a block, a list or quotation marks, and the rules of the file took for plain words."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter.errors import IssueError
from newsletter.gate.proof import Proof, error, shortened, warning
from newsletter.issuefile import block, fence
from newsletter.model import Finding

#: A line that would open or close a block with three colons at the left edge.
ALMOST = re.compile(r"\s*(:{2,})\s*([^\W\d_][\w-]*)?\s*(?:\{.*)?")
#: What a word processor puts before a point, and a number without a space. A dash may be somebody speaking.
POINT = re.compile(r"[ \t]{0,3}(?:[•·▪◦‣●○][ \t]*|o\t)(?=\S)|[ \t]{0,3}\d{1,2}[.)](?=[^\W\d_])")
#: A text of the front matter between typographic quotes, which are part of it.
QUOTED = re.compile(r"\w+\s*:\s*([“”„«»])([^“”„«»\"]+)[“”«»]\s*")
SPOKEN = ("subject", "subject_b", "preheader")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what did not become what was meant."""
    blank = fence.COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), proof.issue.source)
    rows = blank.splitlines()
    for name in SPOKEN:
        line = proof.issue.lines.get(name, 0)
        if 0 < line <= len(rows) and (found := QUOTED.fullmatch(rows[line - 1])):
            what = (
                f"readers see the quotes around the {name.partition('_')[0]}: {found[0][found.start(1) :].strip()}"
            )
            remedy = f'use straight quotes: {name}: "{found[2].strip()}"'
            yield warning("field-quoted", proof.field(name), what, remedy)
    for one in proof.issue.blocks:
        prose = list(_prose(rows, max(one.span.start, 0), min(one.span.end, len(rows))))
        yield from _blocks(proof, rows, prose)
        yield from _points(proof, rows, prose)


def _prose(rows: Sequence[str], at: int, end: int) -> Iterator[int]:
    """Yield the rows from *at* to *end* that are not blank and in no fenced code."""
    while at < end:
        past = _past_code(rows, at)
        if past == at:
            if rows[at].strip():
                yield at
            past += 1
        at = past


def _past_code(rows: Sequence[str], at: int) -> int:
    try:
        return fence.code_end(rows, at)
    except IssueError:
        # Its marks stand in a comment, where they are none.
        return at


def _blocks(proof: Proof, rows: Sequence[str], prose: Sequence[int]) -> Iterator[Finding]:
    for number in prose:
        found = ALMOST.fullmatch(rows[number])
        if not found or fence.FENCE.match(rows[number]):
            continue
        if len(found[1]) > 2 or not found[2] or found[2].casefold() in block.KINDS:
            what = f"this line opens and closes no block, and readers see it: {shortened(rows[number])}"
            remedy = f"begin it at the left edge with three colons: ::: {found[2] or ''}".rstrip()
            yield error("block-unmade", f"{proof.issue.path}:{number + 1}", what, remedy)


def _points(proof: Proof, rows: Sequence[str], prose: Sequence[int]) -> Iterator[Finding]:
    for first, second in pairwise(prose):
        if POINT.match(rows[first]) and POINT.match(rows[second]):
            what = f"these lines make no list: {shortened(rows[first].strip(), 40)}"
            remedy = "begin each with a hyphen and a space (- ), or with a number, a full stop and a space (1. )"
            yield warning("list-unmade", f"{proof.issue.path}:{first + 1}", what, remedy)
            return
