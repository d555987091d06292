"""Find the ``:::`` blocks in the rows of a file: where each begins and ends, and what its first line says.

A line with three colons opens or closes a block. Inside fenced code and HTML comments it is text, as everywhere
in Markdown (CommonMark 0.31 sections 4.5 and 4.6). Knows no kind of block.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import IssueError, cited

#: A space that does not break a line is one here, too: it looks the same, and is easily typed.
FENCE = re.compile(r" {0,3}:{3,}[ \t\xa0]*+((?:.*[^ \t\xa0\n])?)[ \t\xa0]*$")
CODE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
OPENING = re.compile(r" {0,3}<!--")
COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
#: What opens and closes code within a line; and that, or what opens a comment.
_TICKS, _MARK = re.compile("`+"), re.compile(r"`+|(?<!\\)<!--")
#: So many characters of a faulty line are enough to know it by.
SHOWN = 60
_ALMOST = re.compile(r"\s*:{2,}\s*([^\W\d_].*)")
#: What was to be the line that closes a block: too few colons, colons of another width or with spaces between.
_NEARLY = re.compile(r"\s*\\?[:\uff1a;](?:\s?[:\uff1a;]){0,3}\s*")
_HEAD = re.compile(r"([^\W\d_][\w-]*)[ \t\xa0]*(?:\{(.*)\})?")
_ATTRIBUTE = re.compile(r'\s*([^\W\d_][\w-]*)(=)?(?:(?<==)"((?:[^"\\]|\\.)*)")?(?=\s|$)')


@dataclass(frozen=True, slots=True)
class Fenced:
    """One stretch of a file: a block, or (*kind* "") the text between two blocks.

    *rows* are its lines without the fences, comments blanked; *start* and *end* its lines in the file, counted
    from 0, fences included. A flag among the *attributes* has the value None.
    """

    kind: str
    attributes: Mapping[str, str | None]
    rows: tuple[str, ...]
    start: int
    end: int


def scan(rows: Sequence[str], path: str, start: int = 0, alone: frozenset[str] = frozenset()) -> Iterator[Fenced]:
    """Yield what *rows* hold from row *start* on, in order.

    *path* is the file's name in messages; the kinds *alone* have no text and need no closing line.
    Raise IssueError with the line.
    """
    rows = _without_comments(rows, path, start)
    at = begin = start
    while at < len(rows):
        if (past := code_end(rows, at, path)) > at:
            at = past
        elif found := FENCE.match(rows[at]):
            yield from _between(rows, begin, at)
            block = _block(rows, at, found[1], path, alone, begin)
            yield block
            at = begin = block.end
        else:
            at += 1
    yield from _between(rows, begin, at)


def code_end(rows: Sequence[str], at: int, path: str = "") -> int:
    """Return the row after the code that opens in row *at*, or *at* if none does.

    Raise IssueError if it never ends: the rest of the issue would silently be code.
    """
    if not (code := CODE.match(rows[at])):
        return at
    mark = code[1] or code[2]
    close = re.compile(rf" {{0,3}}{re.escape(mark)}{re.escape(mark[0])}*[ \t]*$")
    for row in range(at + 1, len(rows)):
        if close.match(rows[row]):
            return row + 1
    remedy = f"add a line {mark} where it ends"
    raise IssueError("this code never ends", where=_where(path, at), remedy=remedy)


def without_code(rows: Sequence[str]) -> list[str]:
    """Return *rows* with those of fenced code blank, up to one that never ends."""
    kept = list(rows)
    at = 0
    while at < len(rows):
        try:
            past = code_end(rows, at)
        except IssueError:
            break
        kept[at:past] = [""] * (past - at)
        at = max(past, at + 1)
    return kept


def uncommented(text: str) -> str:
    """Return *text* with its comments blank, each on as many lines as it was; one that never ends is none."""
    # Behind the last end none ends, however many begin.
    head, end, tail = text.rpartition("-->")
    return COMMENT.sub(lambda found: "\n" * found[0].count("\n"), head + end) + tail


def _without_comments(rows: Sequence[str], path: str, start: int) -> list[str]:
    """Return *rows* without the comments that begin a row or stand within one; those in code stay."""
    kept = list(rows)
    at = start
    while at < len(rows):
        past = code_end(rows, at, path)
        if past == at and OPENING.match(rows[at]):
            past = _comment_end(rows, at, path)
            kept[at:past] = uncommented("\n".join(rows[at:past])).split("\n")
        elif past == at and "<!--" in rows[at]:
            kept[at] = _without_inner(rows[at])
        at = max(past, at + 1)
    return kept


def _without_inner(row: str) -> str:
    """Return *row* without the comments within it; in code between backticks (CommonMark 6.1) they are none."""
    last = {run[0]: run.start() for run in _TICKS.finditer(row)} | {"<!--": row.rfind("-->")}
    kept, begin, at = [], 0, 0
    while mark := _MARK.search(row, at):
        at = mark.end()
        if last[mark[0]] < at:
            continue
        if mark[0] == "<!--":
            kept.append(row[begin : mark.start()])
            begin = at = row.index("-->", at) + 3
        else:
            at = next(run.end() for run in _TICKS.finditer(row, at) if run[0] == mark[0])
    return "".join(kept) + row[begin:]


def _comment_end(rows: Sequence[str], at: int, path: str) -> int:
    for row in range(at, len(rows)):
        _, end, tail = rows[row].rpartition("-->")
        if end and "<!--" not in tail:
            return row + 1
    raise IssueError("this comment never ends", where=_where(path, at), remedy="add --> at its end")


def _between(rows: Sequence[str], begin: int, end: int) -> Iterator[Fenced]:
    if any(row.strip() for row in rows[begin:end]):
        yield Fenced("", {}, tuple(rows[begin:end]), begin, end)


def _block(rows: Sequence[str], at: int, head: str, path: str, alone: frozenset[str], begin: int) -> Fenced:
    """Return the block that opens in row *at*; what stands before it since row *begin* is in none."""
    if not head:
        for row in range(begin, at):
            if almost := _ALMOST.match(rows[row]):
                remedy = f"begin it at the left edge with three colons: ::: {almost[1].rstrip()[:SHOWN]}"
                raise IssueError("this line opens no block", where=_where(path, row), remedy=remedy)
        remedy = "remove it, or open a block above with a line such as ::: story"
        raise IssueError("::: closes no block here", where=_where(path, at), remedy=remedy)
    kind, attributes = _head(head, _where(path, at))
    row, found = at + 1, None
    while row < len(rows) and not (found := FENCE.match(rows[row])) and not (kind in alone and rows[row].strip()):
        row = max(code_end(rows, row, path), row + 1)
    if found and not found[1]:
        return Fenced(kind, attributes, tuple(rows[at + 1 : row]), at, row + 1)
    if kind in alone:
        return Fenced(kind, attributes, (), at, at + 1)
    raise _never_closed(kind, at, row if found else None, path, rows)


def _never_closed(kind: str, at: int, other: int | None, path: str, rows: Sequence[str]) -> IssueError:
    for row in range(at + 1, len(rows) if other is None else other):
        if _NEARLY.fullmatch(rows[row]):
            what = f"this line does not close the {kind} of line {at + 1}"
            return IssueError(what, where=_where(path, row), remedy="write three colons at the left edge: :::")
    if other is not None:
        what = f"a block opens inside the {kind} of line {at + 1}"
        return IssueError(what, where=_where(path, other), remedy=f"close the {kind} first with a line :::")
    what = f"this {kind} is never closed"
    return IssueError(what, where=_where(path, at), remedy="add a line ::: after its last line")


def _head(head: str, where: str) -> tuple[str, Mapping[str, str | None]]:
    """Return the kind and the attributes that an opening line says."""
    if not (found := _HEAD.fullmatch(head)):
        braces = "{" in head or "=" in head
        what = "the attributes cannot be read" if braces else f"{cited(head[:SHOWN])} names no kind of block"
        remedy = 'write them as ::: story {src="https://…" pin}' if braces else "write a line such as ::: story"
        raise IssueError(what, where=where, remedy=remedy)
    attributes: dict[str, str | None] = {}
    text, at = (found[2] or "").strip(), 0
    while at < len(text):
        attribute = _ATTRIBUTE.match(text, at)
        if not attribute or (attribute[2] and attribute[3] is None):
            raise IssueError(
                f"{cited(text[at:].strip()[:SHOWN])} is no attribute", where=where, remedy=_remedy(text[at:])
            )
        if attribute[1] in attributes:
            raise IssueError(f"{attribute[1]} stands twice", where=where, remedy="keep one of them")
        value = attribute[3]
        attributes[attribute[1]] = None if value is None else re.sub(r'\\(["\\])', r"\1", value)
        at = attribute.end()
    return found[1], attributes


def _remedy(text: str) -> str:
    curly = any(mark in text for mark in "“”„’‘")
    return "use straight quotes: " + 'key="value"' if curly else 'write it as key="value"'


def _where(path: str, row: int) -> str:
    return f"{path}:{row + 1}"
