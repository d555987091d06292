"""Where a send stands in the ledger when a run of it begins, and how a run pauses it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from newsletter.breaker import Breaker
from subscribers.errors import TransitionError
from subscribers.model import DeliveryState, SendState
from subscribers.store import census, paces, sends
from subscribers.store.open import Connection

#: How long a pace is kept: the slowest has recovered long before.
FORGET = timedelta(days=2)


def found(
    connection: Connection, send: int, now: datetime
) -> tuple[Mapping[str, tuple[float, datetime]], Mapping[DeliveryState, int]]:
    """Return the paces of domains, and how many rows of the send are in each state."""
    paces.forget(connection, now - FORGET)
    return paces.learned(connection), census.counts(connection, send)


def breaker(counts: Mapping[DeliveryState, int], away: int) -> Breaker:
    """Return a breaker that knows the rows that earlier runs settled; up to *away* messages are under way."""
    settled = (DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
    seen = sum(counts[state] for state in settled)
    return Breaker(seen, counts[DeliveryState.REFUSED], counts[DeliveryState.ACCEPTED], away)


def pause(connection: Connection, send: int, now: datetime, reason: str, late: bool) -> None:
    """Pause a send for *reason*; *late* forgets its deadline. What somebody else did a moment ago stands."""
    with suppress(TransitionError):
        sends.move(connection, send, SendState.PAUSED, now, reason)
        if late:
            sends.forget(connection, send, "deadline")
