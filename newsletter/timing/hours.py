"""When letters may leave, and how many a day: windows, holidays, a daily cap, a warm-up. Reads no clock.

All of it is on the letter's clock. A day is a calendar day there; the warm-up counts the days on which something
was sent, not those between.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: How many days ahead a window is looked for: further off is never.
AHEAD = 400

_WINDOW = re.compile(r"(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?(\d{1,2})[:.](\d{2})\s*-\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True, slots=True)
class Window:
    """From *start* to *end* on these *days* (0 is Monday). *end* 00:00 is midnight."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """The rules. No *windows* means always; *cap* None and an empty *warm_up* mean as many as can be.

    *holidays* are days, or ``MM-DD`` for those of every year. *warm_up* holds the most for the first day of
    sending, the second, and so on.
    """

    zone: ZoneInfo
    windows: tuple[Window, ...] = ()
    holidays: frozenset[str] = frozenset()
    cap: int | None = None
    warm_up: tuple[int, ...] = ()

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return from when to when letters may leave on *day*, in UTC."""
        if {day.isoformat(), f"{day:%m-%d}"} & self.holidays:
            return []
        if not self.windows:
            return [(self._at(day, time()), self._at(day + timedelta(days=1), time()))]
        found = []
        for window in self.windows:
            if day.weekday() in window.days:
                last = day + timedelta(days=1) if window.end == time() else day
                found.append((self._at(day, window.start), self._at(last, window.end)))
        return _apart(span for span in found if span[0] < span[1])

    def day(self, moment: datetime) -> date:
        """Return the letter's day at *moment*."""
        return moment.astimezone(self.zone).date()

    def opens(self, moment: datetime) -> datetime | None:
        """Return the first moment from *moment* on at which letters may leave; None if there is none."""
        first = self.day(moment)
        for ahead in range(AHEAD):
            for start, end in self.spans(first + timedelta(days=ahead)):
                if moment < end:
                    return max(start, moment)
        return None

    def closes(self, moment: datetime) -> datetime | None:
        """Return the end of the window that *moment* is in; None if it is in none."""
        spans = self.spans(self.day(moment))
        return max((end for start, end in spans if start <= moment < end), default=None)

    def most(self, day: date, sent: Mapping[int, int]) -> int | None:
        """Return how many may leave on *day* in all. *sent* tells how many left on each day, by its ordinal."""
        before = sum(1 for number, count in sent.items() if number < day.toordinal() and count > 0)
        steps = self.warm_up[before : before + 1]
        return min((*steps, *((self.cap,) if self.cap else ())), default=None)

    def left(self, moment: datetime, sent: Mapping[int, int]) -> int | None:
        """Return how many may still leave on the day of *moment*; None for any number."""
        day = self.day(moment)
        most = self.most(day, sent)
        return None if most is None else max(0, most - sent.get(day.toordinal(), 0))

    def next(self, moment: datetime, sent: Mapping[int, int]) -> datetime | None:
        """Return when the next letter may leave, from *moment* on; None for never."""
        for _ in range(AHEAD):
            opens = self.opens(moment)
            if opens is None or self.left(opens, sent) != 0:
                return opens
            moment = self._at(self.day(opens) + timedelta(days=1), time())
        return None

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


@dataclass(slots=True)
class Permit:
    """Lets letters leave as *hours* say. *sent* tells how many left on each day, by its ordinal.

    After *deadline* none may leave; *until* is when the present window ends, as far as it was asked.
    """

    hours: Hours
    sent: Counter[int] = field(default_factory=Counter)
    deadline: datetime | None = None
    until: datetime | None = None

    def ask(self, wanted: int, now: datetime) -> int | datetime | None:
        """Return how many of *wanted* may leave now, or from when on; None if none ever may."""
        if self.over(now):
            return None
        left, closes = self.hours.left(now, self.sent), self.hours.closes(now)
        if left != 0 and closes:
            self.until = min(closes, self.deadline or closes)
            return wanted if left is None else min(wanted, left)
        return self.hours.next(now, self.sent)

    def closed(self, now: datetime) -> bool:
        """Whether the window that was open when somebody asked is over."""
        return self.until is not None and now >= self.until

    def over(self, now: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and now >= self.deadline

    def note(self, count: int, now: datetime) -> None:
        """Count what leaves, or with a negative *count* what did not leave after all."""
        self.sent[self.hours.day(now).toordinal()] += count


def _apart(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return *spans* in order, those that overlap or touch as one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def window(text: str) -> Window:
    """Return the window that *text* says, such as ``mon-fri 08:00-17:00``. Raise ValueError for none."""
    found = _WINDOW.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(text)
    first, last = found[1] or DAYS[0], found[2] or found[1] or DAYS[-1]
    start, length = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % 7 + 1
    end = (0, 0) if (found[5], found[6]) == ("24", "00") else (int(found[5]), int(found[6]))
    made = Window(
        frozenset((start + number) % 7 for number in range(length)), time(int(found[3]), int(found[4])), time(*end)
    )
    if made.end != time() and made.start >= made.end:
        raise ValueError(text)
    return made


def reader_time(local: datetime, zone: str, letter: ZoneInfo) -> datetime:
    """Return when *local*, a time without a zone, is for a reader in *zone*; the letter's zone where that is none.

    A time that is left out in spring is an hour later; of two in autumn the first counts.
    """
    try:
        own = ZoneInfo(zone) if zone else letter
    except (KeyError, ValueError, OSError):
        own = letter
    return local.replace(tzinfo=own).astimezone(UTC)
