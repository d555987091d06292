"""The events of a letter as a calendar file, which every calendar takes in.

Source: RFC 5545. Moments are in UTC, so that no time zone has to be described; an event whose end nobody told has
none, and lasts as long as its reader thinks.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from newsletter.mailed import Entry

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar"
#: Who made it (section 3.7.3).
PRODUCT = "-//newsletter//letter//EN"

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


def calendar(entries: Iterable[Entry], *, host: str, made: datetime, page: str) -> bytes:
    """Return a calendar file. *host* is whose names the events have, *made* when, *page* the letter's address."""
    # Few letters are asked for their events, and loading it takes longer than all else here.
    from icalendar import Calendar

    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    for one in entries:
        whole.add_component(_event(one, host, made, page))
    written: bytes = whole.to_ical()
    return written


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


def _event(one: Entry, host: str, made: datetime, page: str) -> "Event":
    from icalendar import Event, vUri

    name = hashlib.sha256(f"{one.start}\0{one.title}".encode("utf-8", "replace")).hexdigest()[:20]
    event = Event()
    event.add("uid", f"{name}@{host}")
    event.add("dtstamp", made.astimezone(UTC))
    event.add("dtstart", _at(one.start))
    if one.end:
        # The end of a day is the day after it (section 3.6.1).
        end = _at(one.end)
        event.add("dtend", end if isinstance(end, datetime) else end + timedelta(days=1))
    event.add("summary", _CONTROLS.sub(" ", one.title))
    if one.place:
        event.add("location", _CONTROLS.sub(" ", one.place))
    # Not every calendar shows an address of its own.
    event.add("description", one.url or page)
    event.add("url", vUri(one.url or page))
    return event


def _at(moment: str) -> date | datetime:
    return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
