"""Merge two versions of a list of events that came from one: event by event, and of an event field by field.

An event is known by its address, or by its title where others share that; what is in no version but the editor's
is the editor's own, and what the editor took out stays out.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from newsletter.issuefile.blocks import event
from newsletter.issuefile.refreshing.merge import Conflict, Merged

_BULLET = re.compile(r"\s*[-*+]\s+")
_PARTED = re.compile(r"(?<!\\)\s*\|\s*")
_ADDRESS = re.compile(r"[a-z]+:\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the list: its text, and its event's fields: when, title, place, address."""

    text: str
    fields: tuple[str, ...]

    @property
    def names(self) -> tuple[str, str, str]:
        """What the event may be known by, the best first."""
        when, title, _, url = self.fields
        return url and f"at {url}", f"called {title.casefold()}", f"then {when} {title.casefold()}"


def merge(base: Sequence[str], own: Sequence[str], new: Sequence[str]) -> Merged:
    """Return the lines *own* with what changed from *base* to *new*, wherever the editor left it as it was."""
    if tuple(own) == tuple(base):
        return Merged(tuple(new), ())
    versions = [[_row(text) for text in lines if text.strip()] for lines in (base, own, new)]
    known = [_named(rows, versions) for rows in versions]
    before, _, after = known
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for name, row in known[1].items():
        was, fresh = before.get(name), after.get(name)
        if was and not fresh and row.fields == was.fields:
            continue
        merged, clash = _met(was, row, fresh) if was and fresh else (row.text, False)
        if clash and fresh:
            conflicts.append(Conflict(len(lines), (row.text,), (fresh.text,)))
        lines.append(merged)
    for name, row in after.items():
        if name not in before and name not in known[1]:
            lines.insert(_place(lines, row.text), row.text)
    if (times := [_when(row.text) for row in versions[1]]) == sorted(times):
        # What was in the order of time stays so, where an event has moved.
        lines.sort(key=_when)
    return Merged(tuple(lines), tuple(conflicts))


def _row(text: str) -> _Row:
    """Return a line in its parts; the third of three is an address if it looks like one."""
    parts = _PARTED.split(_BULLET.sub("", text, count=1).strip())
    if len(parts) == 3 and _ADDRESS.fullmatch(parts[2]):
        parts.insert(2, "")
    return _Row(text, (*parts, "", "", "")[:4])


def _named(rows: Sequence[_Row], versions: Sequence[Sequence[_Row]]) -> Mapping[str, _Row]:
    """Return *rows* by the names of their events: the first that no other event of any version has."""
    shared = {
        name for each in versions for name, times in Counter(n for r in each for n in r.names).items() if times > 1
    }
    named: dict[str, _Row] = {}
    for row in rows:
        name = next((one for one in row.names if one and one not in shared), f"{row.names[-1]} {len(named)}")
        named[name] = row
    return named


def _met(was: _Row, own: _Row, new: _Row) -> tuple[str, bool]:
    """Return the line of an event that is in all versions, and whether both changed the same field of it."""
    if own.fields == was.fields:
        return (own.text if new.fields == was.fields else new.text), False
    fields, clash = [], False
    for before, ours, theirs in zip_longest(was.fields, own.fields, new.fields, fillvalue=""):
        clash = clash or (ours != before and theirs not in (before, ours))
        fields.append(theirs if ours == before else ours)
    if tuple(fields) == own.fields:
        return own.text, clash
    bullet = _BULLET.match(own.text)
    return (bullet[0] if bullet else "- ") + " | ".join(event.shown(*fields)), clash


def _place(lines: Sequence[str], text: str) -> int:
    """Return where an event goes in among *lines*: before the first that is later, else last."""
    later = (at for at, line in enumerate(lines) if _when(line) > _when(text))
    return next(later, len(lines))


def _when(text: str) -> str:
    """Return what a line's event is sorted by."""
    return event.clear(_row(text).fields[0])
