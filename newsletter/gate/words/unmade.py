"""What an editor meant as a block, a list, a table, a link or quotation marks, and became words or code."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter.errors import IssueError, shortened
from newsletter.gate.proof import Proof, error, warning
from newsletter.issuefile.blocks import block, fence
from newsletter.issuefile.frontmatter import SPOKEN
from newsletter.model import Block, Finding
from newsletter.rendering import prose

#: A line that would open or close a block with three colons at the left edge.
ALMOST = re.compile(r"\s*(:{2,})\s*([^\W\d_][\w-]*)?\s*(?:\{.*)?")
#: What a word processor puts before a point, and a number without a space. A dash may be somebody speaking.
POINT = re.compile(r"[ \t]{0,3}(?:[•·▪◦‣●○][ \t]*|o\t)(?=\S)|[ \t]{0,3}\d{1,2}[.)](?=[^\W\d_])")
#: A hyphen without its space. One line alone may be somebody speaking.
GLUED = re.compile(r"[ \t]{0,3}-(?=[^\W\d_])")
#: Cells as a table has them, or as a spreadsheet copies them; and what makes the first row of a table its head.
CELLS = re.compile(
    r"[ \t]{0,3}\|(?=.*[^|\s]).*\|[ \t]*|(?!(?:[-*+•·▪◦‣●○o]|\d{1,9}[.)])\s)\S[^\t]*(?:\t+[^\t\s][^\t]*)+"
)
RULED = re.compile(r"(?=[^-]*-)[\s|:-]+")
PIPE = re.compile(r"(?<!\\)\|")
#: A line of fewer characters ends where its writer wanted it to: who wraps words fills lines beyond that.
SHORT = 40
#: An address that stands among words; what ends a sentence is none of it.
ADDRESS = re.compile(
    r"(?<![\w@/.])(?:https?://[^\s<>|]{4,}|www\.[\w-]+\.[^\s<>|]{2,})(?<![.,;:!?)\]”’\"'])", re.IGNORECASE
)
#: A text of the front matter in typographic quotes, or with a straight one at its end: they are part of it.
QUOTED = re.compile(r"\w+\s*:\s*(?=[“”„«»]|[^\"']*\"\s*$)[“”„«»]?([^“”„«»\"]+)[“”«»\"]\s*")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what did not become what was meant."""
    blank = fence.uncommented(proof.issue.source)
    rows = blank.splitlines()
    for name in SPOKEN:
        line = proof.issue.lines.get(name, 0)
        if 0 < line <= len(rows) and (found := QUOTED.fullmatch(rows[line - 1])):
            seen = found[0].partition(":")[2].strip()
            what = f"readers see the quotes of the {name.partition('_')[0]}: {seen}"
            remedy = f'use two straight quotes: {name}: "{found[1].strip()}"'
            yield warning("field-quoted", proof.field(name), what, remedy)
    for one in proof.issue.blocks:
        filled = list(_filled(rows, max(one.span.start, 0), min(one.span.end, len(rows))))
        yield from _blocks(proof, rows, filled)
        yield from _points(proof, rows, filled)
        yield from _cells(proof, rows, filled)
        yield from _cut(proof, rows, filled)
        yield from _words(proof, one)
        yield from _joined(proof, one)


def _filled(rows: Sequence[str], at: int, end: int) -> Iterator[int]:
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


def _blocks(proof: Proof, rows: Sequence[str], filled: Sequence[int]) -> Iterator[Finding]:
    for number in filled:
        found = ALMOST.fullmatch(rows[number])
        if not found or fence.FENCE.match(rows[number]):
            continue
        if len(found[1]) > 2 or not found[2] or found[2].casefold() in block.KINDS:
            what = f"this line opens and closes no block, and readers see it: {shortened(rows[number])}"
            remedy = f"begin it at the left edge with three colons: ::: {found[2] or ''}".rstrip()
            yield error("block-unmade", f"{proof.issue.path}:{number + 1}", what, remedy)


def _points(proof: Proof, rows: Sequence[str], filled: Sequence[int]) -> Iterator[Finding]:
    for first, second in pairwise(filled):
        glued = second == first + 1 and GLUED.match(rows[first]) and GLUED.match(rows[second])
        if glued or (POINT.match(rows[first]) and POINT.match(rows[second])):
            what = f"these lines make no list: {shortened(rows[first].strip(), 40)}"
            remedy = "begin each with a hyphen and a space (- ), or with a number, a full stop and a space (1. )"
            yield warning("list-unmade", f"{proof.issue.path}:{first + 1}", what, remedy)
            return


def _cells(proof: Proof, rows: Sequence[str], filled: Sequence[int]) -> Iterator[Finding]:
    """Warn of rows of cells in which no line of hyphens says that they are a table."""
    begun = -1
    for first, second in pairwise(filled):
        held = second == first + 1 and CELLS.fullmatch(rows[first]) and CELLS.fullmatch(rows[second])
        begun = begun if held and begun >= 0 else first if held else -1
        ruled = RULED.fullmatch(rows[second])
        if begun == first and not (ruled and len(_row(rows[first])) == len(_row(rows[second]))):
            what = f"these lines make no table: {shortened(rows[first], 40)}"
            remedy = "write them as | Day | Lunch |, with a line | --- | --- | under the first"
            remedy += ", as many as it has cells" if ruled else ""
            yield warning("table-unmade", f"{proof.issue.path}:{first + 1}", what, remedy)
            return


def _cut(proof: Proof, rows: Sequence[str], filled: Sequence[int]) -> Iterator[Finding]:
    """Tell of cells that no reader sees, as the head of their table has fewer."""
    width = 0
    for above, number in pairwise(filled):
        cells = _row(rows[number])
        if number != above + 1:
            width = 0
        elif not width and RULED.fullmatch(rows[number]) and len(cells) == len(_row(rows[above])) > 1:
            width = len(cells)
        elif width and len(cells) > width:
            what = (
                f"a row has more cells than the head of its table; readers do not see: {' | '.join(cells[width:])}"
            )
            remedy = "give the head as many cells; a | that is text is written \\|, in code too"
            yield error("text-lost", f"{proof.issue.path}:{number + 1}", what, remedy)


def _row(row: str) -> list[str]:
    """Return the cells of a row of a table (GitHub Flavored Markdown, section 4.10)."""
    bare = row.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip() for cell in PIPE.split(bare)]


def _words(proof: Proof, one: Block) -> Iterator[Finding]:
    """Warn of what Markdown made code of that is words, and words of that is an address."""
    for token in prose.parse(getattr(one, "text", "")):
        if token.type == "code_block" and (begun := token.content.strip().partition("\n")[0]):
            what = f"readers see these words as lines of a program: {shortened(begun, 40)}"
            remedy = "take away the four spaces or the tab before them; put what is code between two lines ```"
            yield warning("code-unmeant", proof.near(begun, default=proof.block(one)), what, remedy)
        linked = 0
        for part in token.children or ():
            linked += part.nesting if part.type.startswith("link_") else 0
            for address in ADDRESS.findall(part.content) if part.type == "text" and not linked else ():
                whole = f"<{address}>" if address[0] in "hH" else f"[{address}](https://{address})"
                what = f"this address is no link: {shortened(address)}"
                yield warning(
                    "link-unmade", proof.near(address, default=proof.block(one)), what, f"write it as {whole}"
                )


def _joined(proof: Proof, one: Block) -> Iterator[Finding]:
    """Warn of short lines that Markdown makes one, as of a greeting and the names under it (CommonMark 6.8)."""
    for before, token in pairwise(prose.parse(getattr(one, "text", ""))):
        lines = token.content.split("\n")
        broken = [line for line in lines[:-1] if not line.endswith(("  ", "\\"))]
        told = any(kind.match(lines[0]) for kind in (POINT, GLUED, CELLS))
        if before.type != "paragraph_open" or told or not broken or max(map(len, lines[:-1])) >= SHORT:
            continue
        what = f"these lines run together: {shortened(' / '.join(lines), 60)}"
        remedy = "end a line that shall stay alone with a backslash (\\), or put an empty line under it"
        yield warning("lines-joined", proof.near(broken[0], default=proof.block(one)), what, remedy)
        return
