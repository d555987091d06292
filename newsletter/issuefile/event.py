"""Read the lines of an events block: ``- 2025-06-10 18:00 | Title | Place | URL``, the last two optional."""

import re
from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from newsletter.errors import IssueError, cited
from newsletter.model import Event

REMEDY = "write it as - 2025-06-10 18:00 | Title | Place | https://…"
_LINE = re.compile(r"\s*[-*+]\s+(.*\S)\s*$")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\s*(\d{1,2})[:.](\d{2}))?(?!\d)")


def parse(rows: Sequence[str], path: str, first: int, zone: tzinfo) -> tuple[Event, ...]:
    """Return the events of *rows*, which begin at row *first* (from 0) of the file *path*. Raise IssueError."""
    return tuple(
        _event(row, f"{path}:{number + 1}", zone) for number, row in enumerate(rows, first) if row.strip()
    )


def write(event: Event) -> str:
    """Return the line of *event*."""
    parts = [event.when, event.title, event.place, event.url]
    if event.url and not event.place:
        parts.pop(2)
    while not parts[-1]:
        parts.pop()
    return "- " + " | ".join(part.replace("|", "\\|") for part in parts)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the time in *zone* that *text* begins with, None if it begins with no date such as 2025-06-10 18:00.

    A date alone is its first moment. Raise ValueError for a day or an hour that does not exist.
    """
    if not (found := _DAY.match(text)):
        return None
    day = date.fromisoformat(found[1])
    return datetime(day.year, day.month, day.day, int(found[2] or 0), int(found[3] or 0), tzinfo=zone)


def is_day(text: str) -> bool:
    """Whether *text* begins with a day and no hour."""
    found = _DAY.match(text)
    return found is not None and found[2] is None


def _event(row: str, where: str, zone: tzinfo) -> Event:
    found = _LINE.match(row)
    parts = [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", found[1])] if found else []
    if not 2 <= len(parts) <= 4 or not parts[0] or not parts[1]:
        raise IssueError(f"{cited(row.strip()[:60])} is no event", where=where, remedy=REMEDY)
    if len(parts) == 3 and _ADDRESS.fullmatch(parts[2]):
        parts.insert(2, "")
    when, title, place, url = (*parts, "", "")[:4]
    if url and not _ADDRESS.fullmatch(url):
        raise IssueError(f"{cited(url)} is no web address", where=where, remedy=REMEDY)
    try:
        return Event(when, title, place, url, moment(when, zone))
    except ValueError:
        raise IssueError(f"there is no such time as {cited(when)}", where=where, remedy=REMEDY) from None
