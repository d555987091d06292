"""Read the lines of an events block: ``- 2025-06-10 18:00 | Title | Place | URL``, the last two optional."""

import re
from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from newsletter.errors import IssueError, cited
from newsletter.model import Event

REMEDY = "write it as - 2025-06-10 18:00 | Title | Place | https://…"
_LINE = re.compile(r"\s*[-*+]\s+(.*\S)\s*$")
_BARE = re.compile(r"(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
#: An hour as people write it: 18:00, 18.30, 18, 6 pm.
_HOUR = r"(?P<{0}>\d{{1,2}})(?:[:.](?P<{0}_minute>\d{{2}}))?(?:\s?(?P<{0}_half>[ap])\.?m\b\.?)?"
#: A day, hours, and what parts them: "2025-06-10 kl. 18–20", "2025-06-10, 6 pm". A number alone may count
#: something else ("2025-06-10 3 days"), unless a word says that it is an hour, or nothing follows.
_HOURS = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:T|,?\s{1,9})(?P<word>(?:klo?|klockan|at|um|om)\b\.?\s{0,9})?"
    + _HOUR.format("first")
    + r"(?:(?P<to>\s{0,9}(?:[-–—]|to\b|till\b|until\b|bis\b)\s{0,9})(?:klo?\.?\s{0,9})?"
    + _HOUR.format("last")
    + r")?(?![\d:.-])(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
#: What numbers count that are no hours: "5–7 years".
_COUNTED = re.compile(r"\s{1,9}(?:år|year|dag|day|veck|week|person|pers|Jahr|Tag|vuot|päiv)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\s*(\d{1,2})[:.](\d{2}))?(?!\d)")


def parse(rows: Sequence[str], path: str, first: int, zone: tzinfo) -> tuple[Event, ...]:
    """Return the events of *rows*, which begin at row *first* (from 0) of the file *path*. Raise IssueError."""
    return tuple(
        _event(row, f"{path}:{number + 1}", zone) for number, row in enumerate(rows, first) if row.strip()
    )


def write(event: Event) -> str:
    """Return the line of *event*."""
    parts = shown(event.when, event.title, event.place, event.url)
    return "- " + " | ".join(part.replace("|", "\\|") for part in parts)


def shown(when: str, title: str, place: str, url: str) -> list[str]:
    """Return the parts of an event's line: without a place, its address stands third."""
    parts = [when, title, place, url]
    if url and not place:
        parts.pop(2)
    while not parts[-1]:
        parts.pop()
    return parts


def clear(when: str) -> str:
    """Return *when* with the hours behind its day as 18:00–20:00, however people wrote them; else as it is."""
    if not (found := _HOURS.match(when)):
        return when
    rest = found["rest"]
    hour = found["word"] or found["first_minute"] or found["first_half"] or found["last_half"]
    span = found["last"] and not _COUNTED.match(rest)
    if not (hour or span) and rest.strip() and rest[0] not in ",;(":
        return when
    # In "6–8 pm" both are afternoon.
    half = found["first_half"] or (found["last_half"] if found["last"] else None)
    first = _hour(found["first"], found["first_minute"], half)
    last = (
        f"{found['to']}{_hour(found['last'], found['last_minute'], found['last_half'])}" if found["last"] else ""
    )
    return f"{found['day']} {first}{last}{rest}"


def _hour(hour: str, minute: str | None, half: str | None) -> str:
    """Return an hour of 24; what is no hour stays one that there is not."""
    number = int(hour)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half.casefold() == "p" else 0)
    # 24:00 is the midnight that ends a day.
    return f"{0 if number == 24 and not int(minute or 0) else number:02}:{minute or '00'}"


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the time in *zone* that *text* begins with, None if it begins with no date such as 2025-06-10 18:00.

    A date alone is its first moment. Raise ValueError for a day or an hour that does not exist.
    """
    if not (found := _DAY.match(clear(text))):
        return None
    day = date.fromisoformat(found[1])
    return datetime(day.year, day.month, day.day, int(found[2] or 0), int(found[3] or 0), tzinfo=zone)


def is_day(text: str) -> bool:
    """Whether *text* begins with a day and no hour."""
    found = _DAY.match(clear(text))
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
        remedy = f"write it as https://{url}" if _BARE.fullmatch(url) else REMEDY
        raise IssueError(f"{cited(url)} is no web address", where=where, remedy=remedy)
    try:
        return Event(when, title, place, url, moment(when, zone))
    except ValueError:
        raise IssueError(f"there is no such time as {cited(when)}", where=where, remedy=REMEDY) from None
