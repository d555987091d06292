"""When an event that comes again takes place next: its rule (RFC 5545, section 3.3.10), by the day.

A rule comes from a stranger. One that never comes true, or always, is followed for no more days than there are
between its beginning and what is asked for; the parts that events of a calendar do without are not known.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice, takewhile
from typing import Any

from newsletter.reading.calendars.calendarevent import Told, clock

#: So many times a series stands among what is coming up.
AGAIN = 3
#: A rule that began before this is nobody's.
OLDEST = date(1990, 1, 1)
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"})
WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
DAY, WEEK = timedelta(days=1), 7


@dataclass(frozen=True, slots=True)
class Rule:
    """Which days: of every *interval*-th day, week, month or year, as *every* says, *count* in all (0: no end).

    *weekdays* are a number from the start or the end of the month or year (0 for each), and a day from Monday (0).
    *places* are which days of each period remain, *begins* is the weekday that a week begins on.
    """

    every: str
    interval: int = 1
    count: int = 0
    weekdays: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    begins: int = 0


def following(
    one: Told, zone: tzinfo, here: datetime, last: datetime, out: Collection[date | datetime]
) -> list[datetime]:
    """Return the next times of *one* that are not over at *here*, until *last*; none of those that are *out*.

    All of them are told by the clock of *zone*. A day that is *out* is so at any hour. A rule that makes no sense
    tells none.
    """
    also = {clock(each, zone) for each in (one.also if one.rule else (one.begins, *one.also))}

    barred = {*out, *_sensible(_ruled(one, one.unless, zone, here, last))} if one.unless else out

    def ahead(times: Iterable[datetime]) -> Iterator[datetime]:
        due = (at for at in times if max(at + one.lasts, at + timedelta(seconds=1)) > here and at < last)
        return islice((at for at in due if at not in barred and at.date() not in barred), AGAIN)

    ruled = _sensible(ahead(_ruled(one, one.rule, zone, here, last))) if one.rule else []
    return sorted({*ruled, *ahead(sorted(also))})[:AGAIN]


def _sensible(times: Iterator[datetime]) -> list[datetime]:
    """Return *times*, none where their rule makes no sense."""
    try:
        return list(times)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return []


def _ruled(
    one: Told, told: Mapping[str, list[Any]], zone: tzinfo, here: datetime, last: datetime
) -> Iterator[datetime]:
    """Yield the times of *one* by the rule *told*, from about *here* until *last*. Raise if it makes none."""
    # Its own clock goes on through the change of the hour, so its rule is followed there.
    home = one.home or zone
    began = clock(one.begins, home)
    rule = read(told, began.date())
    until = min([last, *(clock(each, home, last=True) for each in told.get("UNTIL", []))])
    since = (here - one.lasts - 2 * DAY).date()
    found = days(rule, began.date(), last.date() + DAY, since)
    times = takewhile(lambda at: at <= until, (datetime.combine(day, began.time()) for day in found))
    yield from (at if one.daily else clock(at.replace(tzinfo=home), zone) for at in times)


def read(told: Mapping[str, list[Any]], first: date) -> Rule:
    """Return the rule that *told* is, of an event that begins on the day *first*. Raise ValueError for no rule."""
    rule = Rule(
        every=str(told["FREQ"][0]).upper(),
        interval=_number(told, "INTERVAL", 1),
        # Some write -1 where there is no end.
        count=max(_number(told, "COUNT", 0), 0),
        weekdays=tuple(_weekday(str(each)) for each in told.get("BYDAY", ())),
        months=tuple(int(each) for each in told.get("BYMONTH", ())),
        days=tuple(int(each) for each in told.get("BYMONTHDAY", ())),
        places=tuple(int(each) for each in told.get("BYSETPOS", ())),
        begins=WEEKDAYS[str(told.get("WKST", ["MO"])[0]).upper()],
    )
    if set(map(str.upper, told)) - KNOWN or rule.every not in _PERIODS or rule.interval < 1 or first < OLDEST:
        raise ValueError("no rule of an event")
    return rule


def days(rule: Rule, first: date, last: date, since: date = OLDEST) -> Iterator[date]:
    """Yield the days of *rule* from *first* to *last*; those long before *since* only where they count."""
    count = 0
    start = first if rule.count else _near(rule, first, since)
    for period in _PERIODS[rule.every](rule, start):
        if period[0] > last:
            return
        found = [day for day in period if _is_meant(rule, first, day)]
        for day in _placed(found, rule.places):
            if day < first:
                continue
            count += 1
            if day > last or (rule.count and count > rule.count):
                return
            yield day


def _near(rule: Rule, first: date, since: date) -> date:
    """Return a day of the last period of *rule* that surely begins before *since*; *first* where that is later."""
    if since <= first:
        return first
    if rule.every in {"DAILY", "WEEKLY"}:
        step = rule.interval * (1 if rule.every == "DAILY" else WEEK)
        return first + (since - first).days // step * step * DAY
    months = rule.interval * (1 if rule.every == "MONTHLY" else 12)
    gone = (since.year - first.year) * 12 + since.month - first.month
    number = first.year * 12 + first.month - 1 + gone // months * months
    # Only the month of it matters, and every month has this day.
    return date(number // 12, number % 12 + 1, min(first.day, 28))


def _number(told: Mapping[str, list[Any]], name: str, without: int) -> int:
    return int(told[name][0]) if told.get(name) else without


def _weekday(told: str) -> tuple[int, int]:
    number, name = told[:-2], told[-2:].upper()
    return int(number or 0), WEEKDAYS[name]


def _daily(rule: Rule, first: date) -> Iterator[list[date]]:
    while True:
        yield [first]
        first += rule.interval * DAY


def _weekly(rule: Rule, first: date) -> Iterator[list[date]]:
    start = first - (first.weekday() - rule.begins) % WEEK * DAY
    while True:
        yield [start + number * DAY for number in range(WEEK)]
        start += rule.interval * WEEK * DAY


def _monthly(rule: Rule, first: date) -> Iterator[list[date]]:
    number = first.year * 12 + first.month - 1
    while True:
        yield _month(number // 12, number % 12 + 1)
        number += rule.interval


def _yearly(rule: Rule, first: date) -> Iterator[list[date]]:
    year = first.year
    while True:
        yield [day for month in range(1, 13) for day in _month(year, month)]
        year += rule.interval


_PERIODS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _is_meant(rule: Rule, first: date, day: date) -> bool:
    """Whether *day* of one of the rule's periods is meant; what the rule leaves open is as on its *first* day."""
    own = not (rule.weekdays or rule.days)
    if rule.months and day.month not in rule.months:
        return False
    if own and rule.every == "YEARLY" and not rule.months and day.month != first.month:
        return False
    if (
        rule.days
        and day.day not in rule.days
        and day.day - monthrange(day.year, day.month)[1] - 1 not in rule.days
    ):
        return False
    if rule.weekdays:
        return any(_is_weekday(rule, number, weekday, day) for number, weekday in rule.weekdays)
    if own and rule.every == "WEEKLY":
        return day.weekday() == first.weekday()
    return not own or rule.every == "DAILY" or day.day == first.day


def _is_weekday(rule: Rule, number: int, weekday: int, day: date) -> bool:
    if day.weekday() != weekday:
        return False
    if not number or rule.every in {"DAILY", "WEEKLY"}:
        return True
    if rule.every == "YEARLY" and not rule.months:
        place, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    else:
        place, length = day.day, monthrange(day.year, day.month)[1]
    return number == ((place - 1) // WEEK + 1 if number > 0 else -((length - place) // WEEK + 1))


def _placed(found: list[date], places: tuple[int, ...]) -> list[date]:
    """Return the days of a period that remain."""
    if not places:
        return found
    wanted = {place - 1 if place > 0 else len(found) + place for place in places}
    return [day for number, day in enumerate(found) if number in wanted]
