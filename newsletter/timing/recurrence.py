"""Read when something comes again, such as ``first thursday 06:00``, and tell the times. Reads no clock.

The times are those of a wall clock: 06:00 is 06:00 in summer and in winter. An hour that the clock leaves out in
spring comes one hour later, one that it has twice in autumn comes the first time (RFC 5545 section 3.3.10 repeats
by local time too).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from newsletter.errors import UsageError, cited

EXAMPLES = '"first thursday 06:00", "last friday 09:00", "every monday 07:30", "15th 08:00" or "last day 12:00"'
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACES: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
#: Every other week is counted from this Monday on, whenever the schedule was made.
WEEKS = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock's time
#: A rule that has no occurrence within so many days has none at all.
AHEAD = timedelta(days=400)

_DAY = "|".join(day[:3] + f"(?:{day[3:]})?" for day in DAYS)
_CLOCK = r"(?:\s+(?:at|kl\.?))?\s+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
_MONTH = r"(?:\s+(?:of\s+(?:the|every|each)\s+month|(?:every|each)\s+month))?"
_NTH = rf"(?:the\s+)?(?P<place>{'|'.join(PLACES)}|1st|2nd|3rd|4th)\s+(?P<day>{_DAY}|weekday|day){_MONTH}"
_DATE = rf"(?:the\s+)?(?P<date>\d{{1,2}})(?:st|nd|rd|th){_MONTH}"
_WEEK = rf"every\s+(?P<other>other\s+)?(?P<weekday>{_DAY}|weekday|day)|(?P<plural>{_DAY})s|(?P<daily>daily)"
_FORMS = tuple(re.compile(rf"(?:{form}){_CLOCK}", re.IGNORECASE) for form in (_NTH, _DATE, _WEEK))


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something comes again. *text* is how it was said, *monthly* whether it is once a month."""

    text: str
    monthly: bool
    interval: int
    weekdays: tuple[int, ...]
    place: int
    date: int
    at: time

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first time after *moment* on the clock of *zone*, in UTC. Raise UsageError if none comes."""
        wall = moment.astimezone(zone).replace(tzinfo=None) - timedelta(hours=3)
        # The clock may jump between: from a little before, take the first that truly is later.
        for _ in range(4):
            found = self._rule(wall).after(wall)
            if found is not None and (at := _utc(found, zone)) > moment:
                return at
            wall = found or wall
        raise UsageError(f"{cited(self.text)} never comes", remedy=f"write it as {EXAMPLES}")

    def latest(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the last time at or before *moment*, in UTC; None if there was none for a year."""
        wall = moment.astimezone(zone).replace(tzinfo=None) + timedelta(hours=3)
        for _ in range(4):
            found = self._rule(wall - AHEAD).before(wall, inc=True)
            if found is None:
                return None
            if (at := _utc(found, zone)) <= moment:
                return at
            wall = found - timedelta(seconds=1)
        return None

    def _rule(self, start: datetime) -> rrule:
        first = start.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        if self.monthly:
            first = first.replace(day=1)
            if self.date:
                return rrule(MONTHLY, dtstart=first, bymonthday=self.date)
            return rrule(MONTHLY, dtstart=first, byweekday=self.weekdays, bysetpos=self.place)
        if self.interval > 1:
            weeks = (first - WEEKS).days // 7 // self.interval * self.interval
            first = datetime.combine(WEEKS + timedelta(weeks=weeks), self.at)
            return rrule(WEEKLY, interval=self.interval, dtstart=first, byweekday=self.weekdays)
        return rrule(DAILY, dtstart=first, byweekday=self.weekdays)


def parse(text: str) -> Recurrence:
    """Return what *text* says. Raise UsageError with examples for anything else."""
    words = " ".join(text.split())
    found = next((match for form in _FORMS if (match := form.fullmatch(words))), None)
    if not found:
        raise UsageError(f"{cited(words[:60])} is no time that comes again", remedy=f"write it as {EXAMPLES}")
    said = found.groupdict()
    hour, minute = int(said["hour"]), int(said["minute"])
    if hour > 23 or minute > 59:
        raise UsageError(f"there is no time {hour}:{minute:02d}", remedy="use 00:00 to 23:59")
    at = time(hour, minute)
    if said.get("place"):
        place = PLACES.get(said["place"].lower()) or int(said["place"][0])
        if said["day"].lower() == "day":
            return Recurrence(words, True, 1, (), 0, place, at)
        return Recurrence(words, True, 1, _weekdays(said["day"]), place, 0, at)
    if said.get("date"):
        date = int(said["date"])
        if not 1 <= date <= 28:
            what = f"not every month has a day {date}"
            raise UsageError(what, remedy=f'use a day from 1 to 28, or "last day {hour:02d}:{minute:02d}"')
        return Recurrence(words, True, 1, (), 0, date, at)
    day = said["weekday"] or said["plural"] or "day"
    return Recurrence(words, False, 2 if said["other"] else 1, _weekdays(day), 0, 0, at)


def _weekdays(word: str) -> tuple[int, ...]:
    """Return the days of the week that a word means, Monday as 0."""
    if word.lower() in {"weekday", "day"}:
        return tuple(range(5 if word.lower() == "weekday" else 7))
    return (next(at for at, day in enumerate(DAYS) if day.startswith(word.lower()[:3])),)


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
