"""How fast a route may be used, and a domain be sent to. Reads no clock and waits for nobody.

A route has the rates that its owner allows. A domain has none until it asks for patience (4xx): then it is sent to
half as fast as before, and the pace doubles again every ten minutes in which it does not ask once more. So is a
route whose server asks. Who takes most and puts off a few asks for nothing: a filter that wants to see some
letters twice would bring any pace to a standstill. Of those who say that we are too fast, fewer are a few. What
the pace was is forgotten with it: at half of it they must put off as many once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log, log2
from typing import TypeAlias

#: In which time a pace that was halved doubles again.
RECOVERY = timedelta(minutes=10)

#: Messages a second below which no pace falls: one a minute. A slower one would never notice that it may rise.
SLOWEST = 1 / 60

#: Messages a second that a domain is thought to have had before it first asked for patience, if it had less: one
#: greylisted message at the start says little of the rest.
FIRST = 10.0

#: Messages a second at which a domain has recovered, and its pace is forgotten: nobody is sent to faster.
RECOVERED = 1000.0

#: Refusals within so many seconds are one: many connections hear them at the same time.
AT_ONCE = timedelta(seconds=5)

#: Of about how many that left last it is counted how many were put off, and of how many at least.
LATELY, LEAST = 30, 8

#: Below which share those who were put off are a few: without a word of our pace, and with one. Who takes but so
#: many a second, and says no more than "later", is found by half as well as by a third; who puts off three in ten
#: at any pace is not brought to a standstill.
FEW, FEW_TOLD = 1 / 2, 1 / 8

#: A quota counts in so many parts of its period, and forgets a part when the whole of it is over.
PARTS = 60

#: What share of a ration is written down before it is used, and how many messages at most: so many a crash wastes.
AHEAD, MOST_AHEAD = 1 / 50, 100


@dataclass(frozen=True, slots=True)
class Rate:
    """At most *count* messages in *seconds*."""

    count: int
    seconds: int

    @property
    def each(self) -> float:
        """Messages a second, on average."""
        return self.count / self.seconds


@dataclass(slots=True)
class Bucket:
    """Lets *rate* things a second pass, and so many at once as one second brings, at least one.

    *rate* None lets everything pass.
    """

    rate: float | None
    _level: float = 1.0
    _seen: float | None = None

    def wait(self, now: float) -> float:
        """Return how many seconds it is until one can be taken. *now* is a clock that only goes on."""
        if self.rate is None:
            return 0.0
        if self._seen is not None:
            self._level = min(max(1.0, self.rate), self._level + (now - self._seen) * self.rate)
        self._seen = now
        return max(0.0, (1 - self._level) / self.rate)

    def take(self, now: float) -> float:
        """Take one, and return how many seconds to wait before using it.

        What is taken is taken: callers that wait stand in line, each behind the one before.
        """
        wait = self.wait(now)
        self._level -= 1
        return wait


@dataclass(slots=True)
class Quota:
    """Lets so many pass in any period of its *rate*, as fast as they come: an hour's or a day's ration.

    *used* counts what passed, by the part of the period; it can be kept and given to another quota of the same
    rate.
    """

    rate: Rate
    used: dict[int, int] = field(default_factory=dict)

    @property
    def part(self) -> float:
        """Seconds in a part."""
        return self.rate.seconds / PARTS

    def wait(self, now: float) -> float:
        """Return how many seconds it is until one more may pass. *now* is in seconds since 1970."""
        current = int(now // self.part)
        for part in [part for part in self.used if part < current - PARTS or part > current]:
            del self.used[part]
        over = sum(self.used.values()) - self.rate.count + 1
        for part in sorted(self.used) if over > 0 else ():
            over -= self.used[part]
            if over <= 0:
                return (part + PARTS + 1) * self.part - now
        return 0.0

    def left(self, now: float) -> int:
        """Return how many more may have passed by *now*, if nothing does before."""
        current = int(now // self.part)
        return self.rate.count - sum(n for part, n in self.used.items() if current - PARTS <= part <= current)

    def take(self, now: float) -> float:
        """Count one that passes now; return the wait there still was, which is 0 for whoever asked first."""
        wait = self.wait(now)
        part = int(now // self.part)
        self.used[part] = self.used.get(part, 0) + 1
        return wait


@dataclass(slots=True)
class Ration:
    """A *quota* that outlasts a crash: some are written down as used before they are, so that none is forgotten.

    *ahead* of them are so now, in the part *since*; *taken* passed since it was written, by part.
    """

    quota: Quota
    ahead: int = 0
    since: int = 0
    taken: dict[int, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many may pass before it must be written again."""
        return self.ahead - sum(self.taken.values())

    def wanted(self, now: float) -> int:
        """Return how many to write ahead at *now*: 0 when the ration is used up."""
        return min(MOST_AHEAD, max(1, int(self.quota.rate.count * AHEAD)), max(0, self.quota.left(now)))

    def may(self, now: float) -> bool:
        """Whether one that comes at *now* passes, or waits, before anything must be written."""
        return self.left > 0 or self.quota.wait(now) > 0

    def note(self, now: float) -> None:
        """Note that one passed at *now*, in seconds since 1970."""
        part = int(now // self.quota.part)
        self.taken[part] = self.taken.get(part, 0) + 1

    def news(self, now: float, ahead: int) -> dict[int, int]:
        """Return what to add to what is written, by part, so that *ahead* are written ahead from *now* on."""
        part, left = int(now // self.quota.part), self.left
        more = _sum(_sum(self.taken, {self.since: -self.ahead}), {part: ahead})
        # Until it is written, no more pass than were written before.
        self.taken, self.ahead, self.since = {}, left, part
        return {part: count for part, count in more.items() if count}

    def learn(self, used: Mapping[int, int], ahead: int) -> None:
        """Hear what is written now, by whomever, when *ahead* of it are our own that did not pass yet."""
        self.ahead = ahead
        self.quota.used = _sum(_sum(used, {self.since: -ahead}), self.taken)


def _sum(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {part: one.get(part, 0) + other.get(part, 0) for part in {*one, *other}}


Allowance: TypeAlias = Bucket | Quota


def allowance(rate: Rate) -> Allowance:
    """Return what keeps *rate*: evenly up to a minute, so that a server sees no bursts; else in all."""
    return Bucket(rate.each) if rate.seconds <= 60 else Quota(rate)


@dataclass(frozen=True, slots=True)
class Learned:
    """A pace that was learned: *rate* messages a second, *since* then."""

    rate: float
    since: datetime

    def at(self, now: datetime) -> float | None:
        """Return the pace at *now*; None if it has recovered. A clock that was set back slows nobody down."""
        # After sixty doublings every pace is beyond all bounds.
        rate: float = self.rate * 2.0 ** min(60.0, max(0.0, (now - self.since) / RECOVERY))
        return rate if rate < RECOVERED else None

    def takes(self, count: int, now: datetime) -> float:
        """Return in how many seconds from *now* on *count* will have passed, if the pace only rises meanwhile.

        That is 0 once it has recovered.
        """
        rate, doubles = self.at(now), RECOVERY.total_seconds()
        # After t seconds it is rate * 2 ** (t / doubles); the area below that is *count*.
        return 0.0 if rate is None else doubles * log2(1 + count * log(2) / (rate * doubles))


def slower(learned: Learned | None, observed: float, now: datetime) -> Learned:
    """Return half the pace. *observed* is how many a second were sent lately, for a domain without a pace."""
    if learned and abs(now - learned.since) < AT_ONCE:
        return learned
    rate = (learned.at(now) if learned else None) or max(observed, FIRST)
    return Learned(max(SLOWEST, rate / 2), now)


@dataclass(slots=True)
class Share:
    """What part was put off of those that left lately, the last of them counting most."""

    _put_off: float = 0.0
    _left: float = 0.0
    _seen: int = 0

    def note(self, count: int, told: bool) -> bool:
        """Note that one was put off when *count* had left in all. Return whether they are a few.

        If not, it is counted anew. *told* is whether somebody says that we are too fast.
        """
        kept: float = (1 - 1 / LATELY) ** (count - self._seen)
        self._left = LATELY - (LATELY - self._left) * kept
        self._put_off = self._put_off * kept + 1
        self._seen = count
        few = self._put_off < (FEW_TOLD if told else FEW) * max(self._left, LEAST)
        if not few:
            self._put_off = self._left = 0.0
        return few


@dataclass(slots=True)
class Pace:
    """How fast a route is used: as it *learned*, or as fast as it goes. *count* went by it since *begun*."""

    learned: Learned | None = None
    count: int = 0
    begun: float = 0.0
    _share: Share = field(default_factory=Share)
    _bucket: Bucket = field(default_factory=lambda: Bucket(None))

    def wait(self, clock: float, now: datetime) -> float:
        """Return in how many seconds one more may go. *clock* only goes on; *now* is the time."""
        if self.learned is None:
            return 0.0
        self._bucket.rate = self.learned.at(now)
        if self._bucket.rate is None:
            self.learned = None
        return self._bucket.wait(clock)

    def take(self, clock: float) -> None:
        """Count one that goes."""
        self.begun = self.begun or clock
        self.count += 1
        if self.learned:
            self._bucket.take(clock)

    def put_off(self, clock: float, now: datetime, told: bool) -> Learned | None:
        """Go half as fast from now on if more than a few were put off. Return that pace, or None.

        *told* is whether the server says that we are too fast.
        """
        if self._share.note(self.count, told):
            return None
        self.learned = slower(self.learned, self.count / max(1.0, clock - self.begun), now)
        return self.learned
