"""Say when a send will arrive: so many in each hour at each domain, as far as the rules and the past can tell.

The sender obeys the same rules (`hours`, the rates of the routes, the paces of domains); what is not
known is how fast the servers take mail, for which *speed* stands. Sends nothing, and reads no clock.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.timing.hours import Hours
from newsletter.timing.pace import Allowance, Bucket, Learned, Quota

#: How far ahead it is looked.
FURTHEST = timedelta(days=90)

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Group:
    """So many readers at a *domain*, who may be sent to from *due* on."""

    domain: str
    count: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What is sent in one hour from *start* on, by domain."""

    start: datetime
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Forecast:
    """The hours in which something is sent; *ends* is when the last one leaves, None if it is too far off.

    *left* are those who would not be sent it by then, *late* those who would be only after the deadline.
    """

    steps: tuple[Step, ...]
    ends: datetime | None
    left: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A route: what *limits* it, with what is used of its rations already; and its pace, if it is *slowed*."""

    limits: Sequence[Allowance] = ()
    slowed: Learned | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """By what it goes: *routes*, *speed* of all servers in messages a second, *learned* paces of domains.

    *sent* tells how many left on each day so far, by its ordinal.
    """

    hours: Hours
    routes: Sequence[Way]
    speed: float
    learned: Mapping[str, Learned]
    sent: Mapping[int, int]


@dataclass(slots=True)
class _Waiting:
    domain: str
    count: int
    due: datetime


def forecast(groups: Sequence[Group], start: datetime, means: Means, deadline: datetime | None = None) -> Forecast:
    """Return when *groups* are sent, if sending begins at *start*."""
    waiting = [_Waiting(group.domain, group.count, group.due) for group in groups if group.count]
    ways = [_unused(way) for way in means.routes or (Way(),)]
    sent, steps, moment, ends, late = Counter(dict(means.sent)), list[Step](), start, start, 0
    while waiting and moment - start < FURTHEST:
        opens = means.hours.next(max(moment, min(one.due for one in waiting)), sent)
        if opens is None:
            break
        hour = _hour(opens, means.hours)
        seconds, cap = _open(means.hours, opens, hour + HOUR), means.hours.left(opens, sent)
        most = means.speed * seconds
        rooms = [_by(way, most, hour + HOUR, seconds) for way in ways]
        room = min(int(most), sum(_left(way, each, hour + HOUR) for way, each in zip(ways, rooms, strict=True)))
        limits = _limits(means.learned, hour + HOUR / 2, seconds)
        due = [one for one in waiting if one.due < hour + HOUR]
        counts = _share(due, room if cap is None else min(room, cap), limits)
        if total := sum(counts.values()):
            steps.append(Step(hour, counts))
            sent[means.hours.day(opens).toordinal()] += total
            quick = max(1, min(int(most), sum(rooms)))
            busy = max(total / quick, *(counts[domain] / limits.get(domain, quick) for domain in counts))
            begins = max(opens, min(one.due for one in due))
            begins += timedelta(seconds=_use(ways, rooms, total, begins, hour + HOUR))
            ends = min(begins + timedelta(seconds=seconds * min(1.0, busy)), hour + HOUR)
            late += _after(deadline, total, begins, ends) if deadline else 0
        waiting = [one for one in waiting if one.count]
        moment = hour + HOUR
    left = sum(one.count for one in waiting)
    return Forecast(tuple(steps), None if left else ends, left, late + (left if deadline else 0))


def _after(deadline: datetime, total: int, begins: datetime, ends: datetime) -> int:
    """Return how many of *total* are sent after *deadline*, evenly as they are sent from *begins* to *ends*."""
    if ends <= deadline:
        return 0
    return total if begins >= deadline else math.ceil(total * ((ends - deadline) / (ends - begins)))


def _hour(moment: datetime, hours: Hours) -> datetime:
    """Return where the letter's hour begins. Where its clock is set by half an hour, no other hour ends there."""
    past = moment.astimezone(hours.zone)
    return moment - timedelta(minutes=past.minute, seconds=past.second, microseconds=past.microsecond)


def _open(hours: Hours, start: datetime, end: datetime) -> float:
    """Return for how many seconds between *start* and *end* letters may leave."""
    spans = hours.spans(hours.day(start))
    return sum(max(0.0, (min(end, last) - max(start, first)).total_seconds()) for first, last in spans)


def _by(way: Way, most: float, end: datetime, seconds: float) -> int:
    """Return how many one route lets pass in *seconds* before *end*, *most* at most, but for its rations."""
    if way.slowed and (pace := way.slowed.at(end - HOUR / 2)) is not None:
        most = min(most, max(pace * seconds, 1))
    for limit in way.limits:
        if isinstance(limit, Bucket) and limit.rate is not None:
            most = min(most, max(limit.rate * seconds, 1))
    return int(most)


def _rations(way: Way) -> list[Quota]:
    return [limit for limit in way.limits if isinstance(limit, Quota)]


def _unused(way: Way) -> Way:
    """Return *way* with rations of its own, so that what is used of them here is used nowhere else."""
    return replace(
        way,
        limits=[
            *(replace(one, used=dict(one.used)) for one in _rations(way)),
            *(one for one in way.limits if isinstance(one, Bucket)),
        ],
    )


def _left(way: Way, most: int, end: datetime) -> int:
    """Return how many of *most* the rations of a route let pass before *end*."""
    last = end.timestamp() - 1
    return max(0, min([most, *(one.left(last) for one in _rations(way))]))


def _use(ways: Sequence[Way], rooms: Sequence[int], total: int, begins: datetime, end: datetime) -> float:
    """Count *total* as used of rations, each route having its share. Return how many seconds they wait for them.

    A ration is used as soon as it is there: what is left of an hour's goes at once.
    """
    lefts = [_left(way, most, end) for way, most in zip(ways, rooms, strict=True)]
    waits = []
    for way, left in zip(ways, lefts, strict=True):
        rations = _rations(way)
        wait = max((one.wait(begins.timestamp()) for one in rations), default=0.0)
        waits += [wait] if left else []
        for one in rations:
            part = int((begins.timestamp() + wait) // one.part)
            one.used[part] = one.used.get(part, 0) + math.ceil(total * left / sum(lefts))
    return min(waits, default=0.0)


def _limits(learned: Mapping[str, Learned], moment: datetime, seconds: float) -> dict[str, int]:
    """Return how many a domain may be sent in *seconds*, for those that are slow."""
    paces = {domain: each.at(moment) for domain, each in learned.items()}
    return {domain: max(1, int(pace * seconds)) for domain, pace in paces.items() if pace is not None}


def _share(due: Sequence[_Waiting], room: int, limits: Mapping[str, int]) -> dict[str, int]:
    """Take up to *room* from those who are *due*: to each its share, then what is left to whom it may go."""
    counts: Counter[str] = Counter()
    total = sum(one.count for one in due)
    for fair in (room / max(total, 1), float(room)):
        for one in due:
            free = min(room, limits.get(one.domain, room + counts[one.domain]) - counts[one.domain])
            taken = max(0, min(one.count, math.ceil(fair * one.count), free))
            room -= taken
            one.count -= taken
            counts[one.domain] += taken
    return {domain: count for domain, count in counts.items() if count}
