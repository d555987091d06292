"""The events of a letter as a calendar file, which every calendar takes in.

Source: RFC 5545. Moments are in UTC, so that no time zone has to be described; an event whose end nobody told has
none, and lasts as long as its reader thinks.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from newsletter.mailed import Entry

MEDIA_TYPE = "text/calendar"
#: Who made it (section 3.7.3).
PRODUCT = "-//newsletter//letter//EN"
#: Octets in a line, without its end (section 3.1).
LINE = 75

_DAY, _TIME = r"\d{4}-\d{2}-\d{2}", r"\d{1,2}[:.]\d{2}"
_WHEN = re.compile(
    rf"(?P<day>{_DAY})(?:[T ]\s*(?P<time>{_TIME}))?"
    rf"(?:\s*(?:[-–—]|to|until|till)\s*(?P<last>{_DAY})?(?:[T ]?\s*(?P<end>{_TIME}))?)?(?![\d.:])"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def entry(when: str, title: str, place: str, url: str, zone: tzinfo) -> Entry | None:
    """Return what a calendar holds of an event, None if *when* begins with no day.

    *when* is as an editor writes it: ``2025-06-10``, ``2025-06-10 18:00–21:00``, ``2025-06-10 – 2025-06-12``.
    """
    if not (found := _WHEN.match(when)):
        return None
    try:
        start, end = _span(found, zone)
    except ValueError:
        return None
    return Entry(start, end, title, place, url)


def address(page: str, number: int = 0) -> str:
    """Return the address of a letter's calendar, or of its event *number*.

    *page* is the letter's page in the archive, "" if it has none: then its events have no address either.
    """
    way, _, rest = page.partition("?")
    return f"{way}.ics?{rest}{f'&event={number}' if number else ''}" if page else ""


def calendar(entries: Iterable[Entry], *, host: str, made: datetime, page: str) -> str:
    """Return a calendar file. *host* is whose names the events have, *made* when, *page* the letter's address."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "METHOD:PUBLISH"]
    for one in entries:
        lines += _event(one, host, made, page)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _span(found: re.Match[str], zone: tzinfo) -> tuple[str, str]:
    """Return when it begins and ends, each a day or a moment in UTC. Raise ValueError for one that is none."""
    first = date.fromisoformat(found["day"])
    last = date.fromisoformat(found["last"]) if found["last"] else first
    if not found["time"] or (found["last"] and not found["end"]):
        return first.isoformat(), last.isoformat() if last > first else ""
    start = _moment(first, found["time"], zone)
    if not found["end"]:
        return _utc(start), ""
    end = _moment(last, found["end"], zone)
    if end <= start:
        # From 22:00 to 02:00 is over midnight.
        end = _moment(last + timedelta(days=1), found["end"], zone)
    return _utc(start), _utc(end)


def _moment(day: date, clock: str, zone: tzinfo) -> datetime:
    hour, minute = re.split("[:.]", clock)
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _event(one: Entry, host: str, made: datetime, page: str) -> Iterator[str]:
    name = hashlib.sha256(f"{one.start}\0{one.title}".encode("utf-8", "replace")).hexdigest()[:20]
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@{host}"
    yield f"DTSTAMP:{_bare(_utc(made))}"
    yield _when("DTSTART", one.start)
    if one.end:
        # The end of a day is the day after it (section 3.6.1).
        last = "T" not in one.end
        yield _when("DTEND", (date.fromisoformat(one.end) + timedelta(days=1)).isoformat() if last else one.end)
    yield f"SUMMARY:{_text(one.title)}"
    if one.place:
        yield f"LOCATION:{_text(one.place)}"
    # Not every calendar shows an address of its own.
    yield f"DESCRIPTION:{_text(one.url or page)}"
    yield f"URL:{_CONTROLS.sub('', one.url or page)}"
    yield "END:VEVENT"


def _when(name: str, moment: str) -> str:
    return f"{name}:{_bare(moment)}" if "T" in moment else f"{name};VALUE=DATE:{_bare(moment)}"


def _bare(moment: str) -> str:
    return re.sub("[-:]", "", moment)


def _text(words: str) -> str:
    """Return *words* as a value (section 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", _CONTROLS.sub(" ", words)).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line with its end, in pieces that are short enough; no character is cut."""
    pieces, length = [""], 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if length + size > LINE:
            pieces.append(" ")
            length = 1
        pieces[-1] += character
        length += size
    return "\r\n".join([*pieces, ""])
