"""The words for people, as frozen values. Times are aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from subscribers.status import DeliveryState, MailState, SendState, SubscriberStatus, SubscriptionStatus

__all__ = [
    "Address", "Consent", "Delivery", "DeliveryState", "Mail", "MailState", "MailingList", "Progress", "Segment",
    "Send", "SendState", "Subscriber", "SubscriberStatus", "Subscription", "SubscriptionStatus", "Suppression",
    "Where",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address: *typed* is what we send to, *canonical* is what is unique."""

    typed: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person with an address. *language* "" means that none was said."""

    id: int
    address: Address
    name: str
    language: str
    attributes: Mapping[str, str | int | float | bool | None]
    topics: frozenset[str]
    status: SubscriberStatus
    joined: datetime


@dataclass(frozen=True, slots=True)
class MailingList:
    """What people subscribe to. *opt_in* is "double" or "single"."""

    slug: str
    title: str
    opt_in: str = "double"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one person said to one list, and since when."""

    list: str
    status: SubscriptionStatus
    since: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the consent ledger: dated evidence.

    *what* is signup, confirm, change, withdraw or import; *source* the form or file it came by;
    *wording* the exact sentence that was agreed to; *network* a shortened network address or "".
    """

    subscriber: int
    list: str
    what: str
    at: datetime
    source: str
    wording: str
    language: str = ""
    network: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A named filter over subscribers; never permission."""

    name: str
    expression: str
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that is never mailed again. *canonical* is "" once its person was erased."""

    canonical: str
    reason: str
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Where:
    """A condition over the row ``s`` of the table ``subscribers``, with its bound values.

    *sql* holds no value and no identifier that a person chose; *values* are bound by name.
    """

    sql: str
    values: Mapping[str, str | int | float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Send:
    """One issue to one frozen audience.

    *due* is when it is to start, *started* when it did; *forced* why it was sent although the gate found
    errors; *reason* why it paused.
    """

    id: int
    issue: str
    list: str
    rule: str
    state: SendState
    content: str
    created: datetime
    due: datetime | None = None
    started: datetime | None = None
    forced: str = ""
    reason: str = ""


class Delivery(NamedTuple):
    """The ledger row for one recipient of one send, with what a message to them needs.

    *seen* is the version of the people's file when it was claimed. A tuple, for there are many: it is made in a
    quarter of a frozen dataclass's time.
    """

    id: int
    send: int
    subscriber: int
    variant: str
    state: DeliveryState
    attempts: int
    email: str
    name: str
    language: str
    attributes: Mapping[str, str | int | float | bool | None]
    seen: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Progress:
    """How far sending has come: the latest *send* that was begun, and how many of its readers were *accepted*.

    It only grows: an accepted delivery stays accepted.
    """

    send: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A transactional mail that waits to be sent. *kind* is confirm, welcome, link, or series with its *issue*."""

    id: int
    kind: str
    subscriber: int
    list: str
    email: str
    name: str
    language: str
    attempts: int
    created: datetime
    issue: str = ""


class Follow(NamedTuple):
    """A letter of the series that new readers get: the *issue* with its words, and how long *after* joining."""

    issue: str
    after: timedelta
