"""Merge two versions of a text that came from one: what an editor wrote stays, what is new beside it comes in.

Works on lines; one paragraph is one line. A line that the editor touched is the editor's as a whole. Where both
changed the same lines, the editor's stay and the others are told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that both changed: the *own* ones stay, from line *at* (from 0) of the merged text on."""

    at: int
    own: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged lines, and where the editor's stay though the other text changed there too."""

    lines: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge(base: Lines, own: Lines, new: Lines) -> Merged:
    """Return *own* with what changed from *base* to *new*, wherever *own* is still as *base*."""
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for before, ours, theirs in _pieces(base, own, new):
        if ours in (before, theirs):
            lines += theirs
        elif theirs == before:
            lines += ours
        else:
            conflicts.append(Conflict(len(lines), tuple(ours), tuple(theirs)))
            lines += ours
    return Merged(tuple(lines), tuple(conflicts))


def _pieces(base: Lines, own: Lines, new: Lines) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut the three texts where all of them have the same line, and within where they have as many."""
    ours, theirs = _same(base, own), _same(base, new)
    at = (0, 0, 0)
    for row in [*(row for row in range(len(base)) if row in ours and row in theirs), len(base)]:
        end = (row, ours.get(row, len(own)), theirs.get(row, len(new)))
        yield from _rows(list(base[at[0] : end[0]]), list(own[at[1] : end[1]]), list(new[at[2] : end[2]]))
        if row < len(base):
            yield [base[row]], [base[row]], [base[row]]
        at = (end[0] + 1, end[1] + 1, end[2] + 1)


def _rows(base: list[str], own: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Take lines one by one if each has its counterpart: neighbours that were changed apart do not collide."""
    if len(base) == len(own) == len(new):
        for one, two, three in zip(base, own, new, strict=True):
            yield [one], [two], [three]
    else:
        yield base, own, new


def _same(base: Lines, other: Lines) -> dict[int, int]:
    """Return which line of *other* each unchanged line of *base* is."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}
