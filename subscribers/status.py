"""Every status a person, a subscription, a send or a delivery can have, and what may follow what.

One transition table per status; `advance` is the only way from one to the next. The CHECK lists of the
database are tested equal to these. docs/delivery.md draws the delivery table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from subscribers.errors import TransitionError


class SubscriberStatus(StrEnum):
    """Whether a person is with us."""

    ACTIVE = "active"
    ERASED = "erased"


class SubscriptionStatus(StrEnum):
    """What a person said to one list."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Frequency(StrEnum):
    """How often somebody wants letters: each one, or only the one of the year."""

    EVERY = "every"
    YEARLY = "yearly"


class Standing(StrEnum):
    """What a table from elsewhere says of somebody: SUPPRESSED is never to be mailed, as after a bounce."""

    NOTHING = ""
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"


class SendState(StrEnum):
    """Where one issue to one frozen audience stands."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """Where the message to one recipient stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


#: What a send has still to bring to an end.
OPEN = (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.COMMITTING, DeliveryState.DEFERRED)


class MailState(StrEnum):
    """Where a transactional mail (confirm, welcome) stands."""

    QUEUED = "queued"
    COMMITTING = "committing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


S = TypeVar("S", bound=StrEnum)

_S = SubscriptionStatus
_N = SendState
_D = DeliveryState
_M = MailState

# Members of different StrEnums with the same text are equal, so each kind has a table of its own.
TRANSITIONS: Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    SubscriberStatus: {
        SubscriberStatus.ACTIVE: frozenset({SubscriberStatus.ERASED}),
        SubscriberStatus.ERASED: frozenset(),
    },
    SubscriptionStatus: {
        _S.PENDING: frozenset({_S.CONFIRMED, _S.UNSUBSCRIBED}),
        _S.CONFIRMED: frozenset({_S.UNSUBSCRIBED}),
        _S.UNSUBSCRIBED: frozenset({_S.PENDING, _S.CONFIRMED}),
    },
    SendState: {
        _N.SCHEDULED: frozenset({_N.SENDING, _N.PAUSED, _N.CANCELLED}),
        _N.SENDING: frozenset({_N.PAUSED, _N.DONE, _N.CANCELLED}),
        _N.PAUSED: frozenset({_N.SCHEDULED, _N.SENDING, _N.CANCELLED}),
        _N.DONE: frozenset({_N.SENDING}),
        _N.CANCELLED: frozenset(),
    },
    DeliveryState: {
        _D.QUEUED: frozenset({_D.CLAIMED, _D.SUPPRESSED, _D.CANCELLED}),
        _D.CLAIMED: frozenset({_D.QUEUED, _D.DEFERRED, _D.REFUSED, _D.COMMITTING}),
        _D.COMMITTING: frozenset({_D.ACCEPTED, _D.DEFERRED, _D.REFUSED, _D.UNCERTAIN}),
        _D.DEFERRED: frozenset({_D.CLAIMED, _D.QUEUED, _D.REFUSED, _D.SUPPRESSED, _D.CANCELLED}),
        _D.UNCERTAIN: frozenset({_D.ACCEPTED, _D.QUEUED}),
        _D.ACCEPTED: frozenset(),
        _D.REFUSED: frozenset({_D.QUEUED}),
        _D.SUPPRESSED: frozenset(),
        _D.CANCELLED: frozenset(),
    },
    MailState: {
        _M.QUEUED: frozenset({_M.COMMITTING, _M.REFUSED}),
        _M.COMMITTING: frozenset({_M.ACCEPTED, _M.QUEUED, _M.REFUSED, _M.UNCERTAIN}),
        _M.ACCEPTED: frozenset(),
        _M.REFUSED: frozenset(),
        _M.UNCERTAIN: frozenset(),
    },
}


def advance(now: S, to: S) -> S:
    """Return *to* if it may follow *now*; raise TransitionError if not."""
    if to not in TRANSITIONS[type(now)][now]:
        raise TransitionError(f"a {type(now).__name__} cannot go from {now} to {to}")
    return to


def before(to: S) -> tuple[S, ...]:
    """Return every status that *to* may follow, in the order of the enum: the WHERE of an UPDATE."""
    table = TRANSITIONS[type(to)]
    return tuple(state for state in type(to) if to in table[state])


def earlier(to: S) -> tuple[S, ...]:
    """Return every status from which *to* can be reached, by one step or several, in the order of the enum."""
    found = set(before(to))
    while more := {state for one in found for state in before(one)} - found:
        found |= more
    return tuple(state for state in type(to) if state in found)
