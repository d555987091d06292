"""What a calendar (iCalendar, RFC 5545) tells of one event, as plain values of the types that they should have."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from newsletter.reading.html import markup
from newsletter.reading.words import paragraphs

CLOSED = frozenset({"PRIVATE", "CONFIDENTIAL"})
#: What a title says of an event that does not take place, and where it says so.
OFF = (
    r"(?:cancell?ed|inställ[dt]a?|avlyst|aflyst|abgesagt|entfällt|peru(?:ute)?ttu|annul(?:é|ée|lato|lata)"
    r"|geannuleerd|cancelad[oa])"
)
CALLED_OFF = re.compile(rf"\W*{OFF}\s*[\]):!–—-].*|.*[\[(:–—-]\s*{OFF}\W*|\W*{OFF}\W*", re.IGNORECASE)
#: All that Exchange and Google tell of events whose owner shows no more than when there is time.
HIDDEN = re.compile(
    r"busy|free|tentative|away|out of office|working elsewhere|private(?: appointment)?|privat(?: avtalad tid)?"
    r"|upptagen|ledig|preliminärt?|frånvarande|opptatt|foreløpig|optaget|foreløbig|varattu|vapaa|alustava"
    r"|beschäftigt|belegt|gebucht|frei|abwesend|mit vorbehalt|privater termin|occupée?|libre|provisoire|bezet"
    r"|vrij",
    re.IGNORECASE,
)
#: No event is in another year, or takes longer.
YEARS, LONGEST = range(1970, 2200), timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Told:
    """One event. *uid* names it; *begins* is a day or a time, *lasts* how long it takes: whole days without hours.

    *rule* is how it comes again (RRULE), *also* when it does beside that (RDATE), *never* when it does not all the
    same (EXDATE), *unless* a rule for that (EXRULE, RFC 2445), *instead* which of its times this one replaces.
    *turn* counts how often it was changed (SEQUENCE). *open* is whether it is for everybody, and takes place.
    """

    uid: str
    title: str
    begins: date | datetime
    lasts: timedelta
    place: str = ""
    url: str = ""
    words: str = ""
    tags: tuple[str, ...] = ()
    rule: Mapping[str, list[Any]] | None = None
    also: tuple[date | datetime, ...] = ()
    never: tuple[date | datetime, ...] = ()
    unless: Mapping[str, list[Any]] | None = None
    instead: date | datetime | None = None
    turn: int = 0
    open: bool = True

    @property
    def daily(self) -> bool:
        """Whether it has days and no hours."""
        return not isinstance(self.begins, datetime)

    @property
    def again(self) -> bool:
        """Whether it takes place more than once."""
        return self.rule is not None or bool(self.also)

    @property
    def home(self) -> tzinfo | None:
        """Whose clock it goes by, None for any."""
        return self.begins.tzinfo if isinstance(self.begins, datetime) else None


def read(event: Mapping[str, Any]) -> Told | None:
    """Return what *event*, of the library, tells; None for one without a time, or without a title of its own.

    What changes in one of the times of a series needs no title.
    """
    # WordPress's calendars write titles as their pages have them.
    begins, title = _moment(event, "DTSTART"), paragraphs.visible(markup.words(line(event, "SUMMARY"))).strip()
    rule, unless, instead = _first(event, "RRULE"), _first(event, "EXRULE"), _moment(event, "RECURRENCE-ID")
    if begins is None or not (title or instead):
        return None
    lasts, begins = _lasts(event, begins), _day(event, begins)
    # One of the times of a series may repeat how the whole comes again.
    comes_again = not instead and isinstance(rule, Mapping) and bool(rule)
    return Told(
        uid=line(event, "UID"),
        title=title,
        begins=begins,
        lasts=lasts,
        place=str(_first(event, "LOCATION") or ""),
        url=line(event, "URL"),
        words=line(event, "DESCRIPTION"),
        tags=tuple(_tags(event)),
        rule=rule if comes_again else None,
        also=() if instead else tuple(_moments(event, "RDATE")),
        never=tuple(_moments(event, "EXDATE")),
        unless=unless if comes_again and isinstance(unless, Mapping) and unless else None,
        instead=instead,
        turn=int(turn) if (turn := line(event, "SEQUENCE")).isdecimal() else 0,
        open=_is_open(event, title),
    )


def settled(told: Told, zone: tzinfo) -> Told:
    """Return an event whose hours go by no clock by that of *zone*, the others as they are."""
    if told.daily or told.home:
        return told
    begins, instead = _by(told.begins, zone), _by(told.instead, zone) if told.instead else None
    also, never = (tuple(_by(at, zone) for at in times) for times in (told.also, told.never))
    return replace(told, begins=begins, instead=instead, also=also, never=never)


def _by(at: date | datetime, zone: tzinfo) -> date | datetime:
    return at.replace(tzinfo=zone) if isinstance(at, datetime) and at.tzinfo is None else at


def _is_open(event: Mapping[str, Any], title: str) -> bool:
    if line(event, "STATUS").upper() == "CANCELLED" or line(event, "CLASS").upper() in CLOSED:
        return False
    return not (HIDDEN.fullmatch(title) or CALLED_OFF.fullmatch(title))


def _day(event: Mapping[str, Any], begins: date | datetime) -> date | datetime:
    """Return when an event begins: a day for one from a midnight to another, as Outlook writes whole days."""
    end = _moment(event, "DTEND")
    if not (isinstance(begins, datetime) and isinstance(end, datetime)):
        return begins
    whole = begins.time() == end.time() == time.min and end.date() > begins.date()
    return begins.date() if whole else begins


def clock(at: date | datetime, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return a time by the clock of *zone*; a day is its first moment, or its *last*, wherever it is."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time.max if last else time.min)
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def line(event: Mapping[str, Any], name: str) -> str:
    """Return the words of a property as one line, "" for none."""
    return " ".join(str(_first(event, name) or "").split())


def _first(event: Mapping[str, Any], name: str) -> Any:
    told = event.get(name)
    return (told[0] if told else None) if isinstance(told, list) else told


def _all(event: Mapping[str, Any], name: str) -> list[Any]:
    told = event.get(name, [])
    return told if isinstance(told, list) else [told]


def _moment(event: Mapping[str, Any], name: str) -> date | datetime | None:
    at = _told(event, name)
    return at if isinstance(at, date) and at.year in YEARS else None


def _told(event: Mapping[str, Any], name: str) -> Any:
    try:
        return getattr(_first(event, name), "dt", None)
    except ValueError:
        # What is broken is told when it is asked for.
        return None


def _lasts(event: Mapping[str, Any], begins: date | datetime) -> timedelta:
    least = timedelta() if isinstance(begins, datetime) else timedelta(days=1)
    end = _moment(event, "DTEND")
    if end is None:
        told = _told(event, "DURATION")
    else:
        zone = (begins.tzinfo if isinstance(begins, datetime) else None) or UTC
        told = clock(end, zone) - clock(begins, zone)
    return min(max(told, least), LONGEST) if isinstance(told, timedelta) else least


def _moments(event: Mapping[str, Any], name: str) -> Iterator[date | datetime]:
    """Yield the times of a list; of a period, when it begins."""
    for one in _all(event, name):
        try:
            listed = getattr(one, "dts", ())
        except ValueError:
            continue
        for each in listed:
            at = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            if isinstance(at, date) and at.year in YEARS:
                yield at


def _tags(event: Mapping[str, Any]) -> Iterator[str]:
    for one in _all(event, "CATEGORIES"):
        yield from (name for each in getattr(one, "cats", ()) if (name := " ".join(str(each).split())))
