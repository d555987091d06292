"""Read a calendar (iCalendar, RFC 5545) into RawItems: one for each event that is ahead.

An event is told in one line, on the clock of the source's zone; what a calendar says of it beside that (who comes,
how to join) is often not for everybody, and stays out. So do private events, and those that were called off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from newsletter.errors import SourceError, cited
from newsletter.issuefile import dialect
from newsletter.model import RawItem, Source
from newsletter.reading import calendarevent, happening, language, series
from newsletter.reading.calendarevent import Told, clock
from newsletter.reading.charset import decode

WEB = frozenset({"http", "https"})
#: What is further ahead is read later.
AHEAD = timedelta(days=184)
#: The most events of one calendar, and the most series.
MOST, SERIES = 300, 100
#: What ends so early belongs to the evening before.
NIGHT = time(6)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """An event at one of its times, by one clock."""

    told: Told
    start: datetime

    @property
    def end(self) -> datetime:
        """When it is over; of days the first moment after them."""
        return self.start + self.told.lasts


def is_calendar(data: bytes) -> bool:
    """Whether *data* is a calendar."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR"


def items(data: bytes, source: Source, url: str, now: datetime, charset: str = "") -> tuple[RawItem, ...]:
    """Return the events of the calendar *data*, which came from *url*, that are not over at *now*, the next first.

    Raise SourceError if it is no calendar.
    """
    # It takes longer to load than a feed to read.
    from icalendar import Calendar

    try:
        if not (calendars := Calendar.from_ical(decode(data, charset), multiple=True)):
            raise ValueError("it breaks off")
        events = [calendarevent.read(event) for one in calendars for event in one.walk("VEVENT")]
    except Exception as error:
        # The library promises no more about a file that makes no sense.
        what = f"this calendar cannot be read: {cited(str(error)[:100])}"
        raise SourceError(what, where=url or source.name, remedy="export it once more") from None
    here = now.astimezone(source.zone).replace(tzinfo=None)
    found = sorted(
        _ahead([each for each in events if each], source.zone, here), key=lambda one: (one.start, one.told.title)
    )
    return tuple(_item(one, source, url) for one in found[:MOST])


def _ahead(events: Sequence[Told], zone: tzinfo, here: datetime) -> Iterator[_Occasion]:
    """Yield what is coming up, until `AHEAD`."""
    last, followed = here + AHEAD, 0
    moved = {(one.uid, clock(one.instead, zone)) for one in events if one.instead}
    for one in events:
        if not one.open:
            continue
        if one.rule is None:
            start = clock(one.begins, zone)
            # What has neither end nor hours more is over when it begins.
            times = [start] if max(start + one.lasts, start + timedelta(seconds=1)) > here and start < last else []
        elif followed < SERIES:
            followed += 1
            out = {clock(each, zone) for each in one.never} | {at for uid, at in moved if uid == one.uid}
            times = series.following(one, zone, here, last, out)
        else:
            times = []
        yield from (_Occasion(one, at) for at in times)


def _item(one: _Occasion, source: Source, url: str) -> RawItem:
    told, when = one.told, _when(one)
    link = dialect.address(told.url, url, WEB)
    line = happening.Happening(when, one.start.date(), told.title, _place(told.place), link, timed=not told.daily)
    return RawItem(
        source=source.name,
        title=told.title,
        url=link,
        guid=_guid(one, source.zone),
        base=link or url,
        text=happening.block([line]),
        language=source.language or language.detect(f"{told.title} {told.words}"),
        tags=(*source.tags, *told.tags),
        # The times of a series have one address.
        shared=told.rule is not None or told.instead is not None,
        named=f"{told.title} {when}",
    )


def _guid(one: _Occasion, zone: tzinfo) -> str:
    """Return what an event is known by wherever it moves: its own name, of a series with the time that it had."""
    if one.told.rule is None and one.told.instead is None:
        return one.told.uid
    planned = clock(one.told.instead, zone) if one.told.instead else one.start
    return f"{one.told.uid} {planned:%Y-%m-%dT%H:%M}"


def _when(one: _Occasion) -> str:
    """Return when it is as a block of events writes it."""
    first, last = one.start.date(), one.end.date()
    if one.told.daily:
        last -= timedelta(days=1)
        return f"{first} – {last}" if last > first else f"{first}"
    if one.end == one.start:
        return f"{one.start:%Y-%m-%d %H:%M}"
    if first == last or (last == first + timedelta(days=1) and one.end.time() <= NIGHT):
        return f"{one.start:%Y-%m-%d %H:%M}–{one.end:%H:%M}"
    return f"{one.start:%Y-%m-%d %H:%M} – {one.end:%Y-%m-%d %H:%M}"


def _place(told: str) -> str:
    """Return where it is, in as many parts of the first line as are short; no address of a meeting on line."""
    place = " ".join(told.strip().partition("\n")[0].split())
    if "://" in place:
        return ""
    while len(place) > happening.PLACE and "," in place:
        place = place.rpartition(",")[0].rstrip()
    return place[: happening.PLACE].rstrip()
