"""Whose turn it is: what waits to be sent stands in line by its domain, and the domains take turns.

So one domain that must be sent to slowly holds nobody else up. Reads no clock: *now* is an argument.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from newsletter.timing.pace import Bucket, Learned, Share, slower

T = TypeVar("T")

#: How far back it is looked to see how fast a domain was sent to, in seconds.
LOOK_BACK = 30.0


@dataclass(slots=True)
class _Line(Generic[T]):
    """The things of one domain, in order. *count* left in all, *before* of them before *begun*."""

    domain: str
    things: deque[T] = field(default_factory=deque)
    bucket: Bucket = field(default_factory=lambda: Bucket(None))
    share: Share = field(default_factory=Share)
    begun: float = 0.0
    before: int = 0
    count: int = 0


class Turns(Generic[T]):
    """Things in line. *learned* is what is known of domains; others go as fast as they can."""

    def __init__(self, learned: Mapping[str, Learned]) -> None:
        self._learned = dict(learned)
        self._lines: dict[str, _Line[T]] = {}
        self._order: deque[_Line[T]] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def slowed(self) -> bool:
        """Whether the pace of any domain was lowered."""
        return bool(self._learned)

    def add(self, domain: str, thing: T) -> None:
        """Put *thing* at the end of its domain's line."""
        line = self._lines.get(domain)
        if line is None:
            line = self._lines[domain] = _Line(domain)
        if not line.things:
            self._order.append(line)
        line.things.append(thing)
        self._count += 1

    def backlog(self, domain: str, now: datetime) -> float:
        """Return in how many seconds a thing would have its turn that came now; 0 if nothing holds it up."""
        line, learned = self._lines.get(domain), self._learned.get(domain)
        return learned.takes(len(line.things), now) if line and learned else 0.0

    def take(self, most: int, clock: float, now: datetime) -> tuple[list[T], float]:
        """Return up to *most* things whose turn it is, and in how many seconds another has its turn.

        That is 0 if one has it now, or nothing waits. *clock* only goes on; *now* is the time that paces were
        learned by.
        """
        taken: list[T] = []
        order, soonest, held = self._order, 0.0, 0
        while len(taken) < most and held < len(order):
            line = order.popleft()
            if self._learned and line.domain in self._learned:
                wait = self._wait(line, clock, now)
                if wait > 0:
                    soonest = min(soonest, wait) if held else wait
                    held += 1
                    order.append(line)
                    continue
                line.bucket.take(clock)
            held = 0
            taken.append(line.things.popleft())
            if line.things:
                order.append(line)
            if clock - line.begun > LOOK_BACK:
                line.begun, line.before = clock, line.count
            line.count += 1
        self._count -= len(taken)
        return taken, soonest if held and held == len(order) else 0.0

    def put_off(self, domain: str, clock: float, now: datetime, told: bool) -> Learned | None:
        """Note that a domain put a thing off; *told* is whether it says that we are too fast.

        Return its pace from now on if it asks for patience by that, else None.
        """
        line = self._lines.get(domain)
        if line and line.share.note(line.count, told):
            return None
        observed = (line.count - line.before) / max(1.0, clock - line.begun) if line else 0.0
        learned = self._learned[domain] = slower(self._learned.get(domain), observed, now)
        return learned

    def waiting(self) -> list[str]:
        """Return the domains with things in line, the one with most of them first."""
        return [line.domain for line in sorted(self._order, key=lambda line: -len(line.things))]

    def clear(self) -> list[T]:
        """Return everything that waits, and forget it."""
        things = [thing for line in self._order for thing in line.things]
        for line in self._order:
            line.things.clear()
        self._order.clear()
        self._count = 0
        return things

    def _wait(self, line: _Line[T], clock: float, now: datetime) -> float:
        line.bucket.rate = self._learned[line.domain].at(now)
        if line.bucket.rate is None:
            del self._learned[line.domain]
        return line.bucket.wait(clock)
