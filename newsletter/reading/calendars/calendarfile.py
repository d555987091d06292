"""Read a calendar (iCalendar, RFC 5545) into RawItems: one for each event that is ahead.

An event is told in one line, on the clock of the source's zone; what a calendar says of it beside that (who comes,
how to join) is often not for everybody, and stays out. So do private events, and those that were called off.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.errors import SourceError, cited
from newsletter.issuefile import dialect
from newsletter.model import RawItem, Source
from newsletter.reading.calendars import calendarevent, calendartext, series
from newsletter.reading.calendars.calendarevent import Told, clock
from newsletter.reading.charset import decode
from newsletter.reading.html import markup
from newsletter.reading.words import happening, language

if TYPE_CHECKING:
    from icalendar import Component

#: What is further ahead is read later.
AHEAD = timedelta(days=184)
#: The most events of one calendar, and the most series; and of one that is broken, as each is read alone.
MOST, SERIES, SALVAGED = 300, 300, 1000
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
    head = data[:200]
    head = decode(head).encode() if b"\0" in head else head
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR"


def items(data: bytes, source: Source, url: str, now: datetime, charset: str = "") -> tuple[RawItem, ...]:
    """Return the events of the calendar *data*, which came from *url*, that are not over at *now*, the next first.

    Raise SourceError if it is no calendar.
    """
    here = now.astimezone(source.zone).replace(tzinfo=None)
    # No two clocks are further apart than a day and two hours.
    near, far = here.date() - timedelta(days=2), (here + AHEAD).date() + timedelta(days=2)
    text = calendartext.between(calendartext.mended(decode(data, charset)), near, far)
    try:
        events = _events(text)
    except Exception as error:
        # The library promises no more about a file that makes no sense.
        events = list(_salvaged(text))
        if not events and not calendartext.is_over(text):
            what = f"this calendar cannot be read: {cited(str(error)[:100])}"
            raise SourceError(what, where=url or source.name, remedy="export it once more") from None
    return coming(events, source, url, now)


def coming(events: Iterable[Told], source: Source, url: str, now: datetime) -> tuple[RawItem, ...]:
    """Return those of *events* that are not over at *now*, the next first; relative addresses start from *url*."""
    here = now.astimezone(source.zone).replace(tzinfo=None)
    known = [*_titled(_newest(events, source.zone))]
    found = sorted(_ahead(known, source.zone, here), key=lambda one: (one.start, one.told.title))
    # A title is too short to tell its language, but not all of them.
    spoken = source.language or language.detect(" ".join(f"{one.told.title} {one.told.words}" for one in found))
    items = [_item(one, source, url, spoken) for one in found[:MOST]]
    # Some programs give all events one name; then it tells none from another.
    guids = Counter(item.guid for item in items)
    return tuple(replace(item, guid="") if guids[item.guid] > 1 else item for item in items)


def _events(text: str) -> list[Told]:
    """Return what the events of a calendar tell. Raise whatever the library does if it cannot be read."""
    # It takes longer to load than a feed to read.
    from icalendar import Calendar
    from icalendar.timezone import tzp

    # The library keeps the zones of a calendar, by their names, for the next one, whose own they are not.
    tzp.use_zoneinfo()
    with warnings.catch_warnings():
        # It tells whoever runs the program what it guesses of a zone's name; they can do nothing about that.
        warnings.simplefilter("ignore")
        if not (calendars := Calendar.from_ical(text, multiple=True)):
            raise ValueError("it breaks off")
        return [told for one in calendars for told in _told(one)]


def _told(calendar: "Component") -> Iterator[Told]:
    """Yield what the events of one calendar tell; where it names its zone, that is the clock of those with none.

    The name is no part of RFC 5545, but most calendars have it.
    """
    zone = None
    with suppress(ValueError, OSError, LookupError):
        zone = ZoneInfo(calendarevent.line(calendar, "X-WR-TIMEZONE"))
    for event in calendar.walk("VEVENT"):
        if told := calendarevent.read(event):
            yield calendarevent.settled(told, zone) if zone else told


def _salvaged(text: str) -> Iterator[Told]:
    """Yield what the good events of a calendar tell; none of one without an end, as nobody knows what it lacks."""
    if calendartext.is_whole(text):
        for one in islice(calendartext.apart(text, _is_good), SALVAGED):
            with suppress(Exception):
                yield from _events(one)


def _is_good(text: str) -> bool:
    with suppress(Exception):
        _events(text)
        return True
    return False


def _newest(events: Iterable[Told], zone: tzinfo) -> list[Told]:
    """Return *events* without those of the same name, or of the same time of a series, that were changed later."""
    kept: dict[tuple[str, datetime | None], list[Told]] = {}
    for number, one in enumerate(events):
        name = (one.uid or str(number), clock(one.instead, zone) if one.instead else None)
        known = kept.setdefault(name, [])
        newer = bool(known) and (
            one.turn > known[0].turn or (one.turn == known[0].turn and one.instead is not None)
        )
        if newer:
            known[:] = [one]
        elif not known or one.turn == known[0].turn:
            known.append(one)
    return [one for known in kept.values() for one in known]


def _titled(events: Sequence[Told]) -> Iterator[Told]:
    """Yield *events*; what one of the times of a series does not say anew is as in the whole of it."""
    whole = {one.uid: one for one in events if one.again}
    for one in events:
        if one.title:
            yield one
        elif known := whole.get(one.uid):
            place, url, is_open = one.place or known.place, one.url or known.url, one.open and known.open
            yield replace(one, title=known.title, place=place, url=url, open=is_open)


def _ahead(events: Sequence[Told], zone: tzinfo, here: datetime) -> Iterator[_Occasion]:
    """Yield what is coming up, until `AHEAD`."""
    last, room = here + AHEAD, float(SERIES)
    whole = {one.uid: one for one in events if one.again}
    off = {uid: {_planned(at, one, zone) for at in one.never} for uid, one in whole.items()}
    moved: dict[str, set[date | datetime]] = {}
    for one in events:
        if one.instead and one.uid in whole:
            moved.setdefault(one.uid, set()).add(_planned(one.instead, whole[one.uid], zone))
    for one in events:
        if not one.open:
            continue
        if not one.again:
            known = whole.get(one.uid)
            # What a series leaves out since it was changed, is taken back.
            if (
                one.instead
                and known
                and known.turn > one.turn
                and _planned(one.instead, known, zone) in off[one.uid]
            ):
                continue
            start = clock(one.begins, zone)
            # What has neither end nor hours more is over when it begins.
            times = [start] if max(start + one.lasts, start + timedelta(seconds=1)) > here and start < last else []
        elif room > 0:
            out = {_planned(each, one, zone) for each in one.never} | moved.get(one.uid, set())
            times = series.following(one, zone, here, last, out)
            # Those that are over take no room, but for what finding that out costs.
            room -= 1 if times or (one.rule or {}).get("COUNT") else 0.1
        else:
            times = []
        yield from (_Occasion(one, at) for at in times)


def _planned(at: date | datetime, one: Told, zone: tzinfo) -> date | datetime:
    """Return which of its times an exception to the series *one* means: a day, or a time by the clock of *zone*.

    Exchange names the day of a series without hours by a midnight of its own.
    """
    if not isinstance(at, datetime):
        return at
    if not one.daily:
        # Who tells an event by no clock, and an exception to it by UTC's, means the hour that stands there.
        return clock(at, zone) if one.home else at.replace(tzinfo=None)
    return (at if at.time() == time.min else clock(at, zone)).date()


def _item(one: _Occasion, source: Source, url: str, spoken: str) -> RawItem:
    told, when = one.told, _when(one)
    link = dialect.address(told.url, url, dialect.WEB)
    line = happening.Happening(when, one.start.date(), told.title, _place(told.place), link, timed=not told.daily)
    return RawItem(
        source=source.name,
        title=told.title,
        url=link,
        guid=_guid(one, source.zone),
        base=link or url,
        text=happening.block([line]),
        language=source.language or language.told(f"{told.title} {told.words}", spoken),
        tags=(*source.tags, *told.tags),
        # The times of a series have one address.
        shared=told.again or told.instead is not None,
        named=f"{told.title} {when}",
    )


def _guid(one: _Occasion, zone: tzinfo) -> str:
    """Return what an event is known by wherever it moves: its own name, of a series with the time that it had."""
    if not one.told.again and one.told.instead is None:
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
    place = markup.words(told.strip().partition("\n")[0]).strip(" ,;")
    if "://" in place:
        return ""
    while len(place) > happening.PLACE and "," in place:
        place = place.rpartition(",")[0].rstrip()
    return place[: happening.PLACE].rstrip()
