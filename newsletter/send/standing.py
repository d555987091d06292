"""Where a send stands in the ledger when a run of it begins, and how a run pauses it."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from newsletter.timing.breaker import Breaker
from subscribers.errors import TransitionError
from subscribers.model import DeliveryState, SendState
from subscribers.store.file.open import Connection
from subscribers.store.ledger import census, deliveries, paces, sends
from subscribers.store.ledger.deliveries import Claimed, Recovered

#: How long a pace is kept: the slowest has recovered long before.
FORGET = timedelta(days=2)

#: Under which name it is kept how many letters left on each day, and for how many days.
RATION, DAYS = "day", 400

#: Why a send pauses that nothing is wrong with.
DEADLINE = "the deadline has passed"


def found(
    connection: Connection, send: int, now: datetime
) -> tuple[Mapping[str, tuple[float, datetime]], Mapping[DeliveryState, int]]:
    """Return the paces of domains, and how many rows of the send are in each state."""
    paces.forget(connection, now - FORGET)
    return paces.learned(connection), census.counts(connection, send)


def claim(connection: Connection, send: int, limit: int, now: datetime, day: date | None) -> Claimed:
    """Claim rows, and count them for the ration of *day* in the same transaction; None counts nothing."""
    claimed = deliveries.claim(connection, send=send, limit=limit, now=now)
    if day and claimed.taken:
        count(connection, {day.toordinal(): len(claimed.taken)}, day)
    return claimed


def count(connection: Connection, more: Mapping[int, int], day: date) -> None:
    """Count *more* letters as gone, by the ordinals of their days; *day* is today."""
    paces.use(connection, name=RATION, more=more, oldest=day.toordinal() - DAYS)


def recover(connection: Connection, now: datetime, day: Callable[[datetime], date]) -> Recovered:
    """Settle what a crashed sender left, as `deliveries.recover`: what never left counts for no *day*'s ration."""
    left = deliveries.recover(connection, now)
    days = Counter(day(claimed).toordinal() for claimed in left.claimed)
    count(connection, {number: -gone for number, gone in days.items()}, day(now))
    return left


def breaker(counts: Mapping[DeliveryState, int], away: int) -> Breaker:
    """Return a breaker that knows the rows that earlier runs settled; up to *away* messages are under way."""
    settled = (DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
    seen = sum(counts[state] for state in settled)
    return Breaker(seen, counts[DeliveryState.REFUSED], counts[DeliveryState.ACCEPTED], away)


def pause(connection: Connection, send: int, now: datetime, reason: str) -> None:
    """Pause a send for *reason*. What somebody else did a moment ago stands.

    A DEADLINE holds once: who lets it go on then knows of it.
    """
    with suppress(TransitionError):
        sends.move(connection, send, SendState.PAUSED, now, reason)
        if reason == DEADLINE:
            sends.forget(connection, send, "deadline")
