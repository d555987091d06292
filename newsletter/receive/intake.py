"""Bring what came back to the store: prove which delivery it is about, count each message once, do what follows.

Nothing changes without proof: the envelope address of a delivery (`newsletter.mail.verp`) or its Message-ID, which
both need a key of ours, or a service that signed what it says.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.bounce.report import ADDRESS
from newsletter.feedback import classify
from newsletter.mail import verp
from newsletter.mail.letterhead import NAMES, Names
from newsletter.model import Feedback
from subscribers.address import parse
from subscribers.errors import AddressError
from subscribers.event import Event, EventKind, Rule
from subscribers.store.back import events
from subscribers.store.back.events import About
from subscribers.store.file.open import Connection
from subscribers.token import Ring

_KINDS = frozenset(EventKind)
_NAMED = re.compile(r"<(\d{1,18})\.[0-9a-f]{20}@([^<>\s@]{1,253})>")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one message. *again*: it had been read before. *suppressed*: so many addresses ended."""

    kind: str
    reason: str
    issue: str = ""
    proved: bool = False
    again: bool = False
    suppressed: int = 0

    @property
    def personal(self) -> bool:
        """Whether a person should see it: nothing is known of it, or somebody asks to leave who proves nothing."""
        return (self.kind == "none" and not self.reason) or self.leaving

    @property
    def leaving(self) -> bool:
        """Whether somebody asks to leave who does not prove which reader that is."""
        return self.kind == "unsubscribe" and not self.proved


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was understood, and the hash that it is known by."""

    digest: str
    found: tuple[Feedback, ...]


def understand(raw: bytes) -> Message:
    """Return what *raw* says; this costs time and needs no database.

    One on which reading it fails, in a way that nobody has thought of, says nothing: what lies behind it is read.
    """
    try:
        found = classify(raw)
    except Exception:
        found = (Feedback("none"),)
    return Message(_digest(raw), found)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hear(
    connection: Connection,
    kind: str,
    body: bytes,
    found: Sequence[Feedback],
    *,
    once: str = "",
    ring: Ring,
    now: datetime,
    rule: Rule,
) -> None:
    """Do what follows from one signed request of a service of this *kind*, each event once.

    A service that tries again may sign anew, or put other events beside it: an event is known by the service's
    own name for it. What has no name is known by the whole *body*. With the same *once* nothing is taken again.
    """
    if once and not events.first_time(
        connection, _digest(f"{kind} once {once}".encode()), kind, "none", True, now
    ):
        return
    by_name: dict[bytes, list[Feedback]] = {}
    for one in found or (Feedback("none"),):
        by_name.setdefault(f"{kind} {one.event}".encode() if one.event else body, []).append(one)
    for name, events_of in by_name.items():
        message = Message(_digest(name), tuple(events_of))
        settle(connection, message, ring=ring, source=kind, now=now, rule=rule, signed=True)


def settle(
    connection: Connection,
    message: Message,
    *,
    ring: Ring,
    source: str,
    now: datetime,
    rule: Rule,
    signed: bool = False,
) -> Taken:
    """Do what follows from a message, in the transaction of the caller.

    *source* names where it was read; *signed* says that a service answers for it, which may name an address only.
    """
    about = [(one, _about(connection, one, ring, signed)) for one in message.found]
    first, where = next(
        ((one, found) for one, found in about if found), about[0] if about else (Feedback("none"), None)
    )
    taken = Taken(first.kind, first.reason, where.issue if where else "", where is not None)
    if not events.first_time(connection, message.digest, source, first.kind, taken.proved, now):
        return Taken(first.kind, first.reason, taken.issue, taken.proved, again=True)
    suppressed = 0
    for one, found in about:
        if found and one.final and one.kind in _KINDS:
            suppressed += bool(events.record(connection, _event(one, found, source, now), rule))
    return Taken(taken.kind, taken.reason, taken.issue, taken.proved, suppressed=suppressed)


def _about(connection: Connection, one: Feedback, ring: Ring, signed: bool) -> About | None:
    """Return the delivery that *one* is proved to be about, or None."""
    for local in one.ours:
        for key in ring.derived(verp.PURPOSE):
            delivery = verp.read(local, key)
            if delivery is not None and (found := events.about(connection, delivery)):
                return found
    if named := _NAMED.fullmatch(one.message_id):
        found = events.about(connection, int(named[1]))
        keys = ring.derived(NAMES) if found else ()
        if found and any(
            Names(key, named[2]).message_id(found.delivery, found.created) == one.message_id for key in keys
        ):
            return found if signed or _theirs(one, found) else None
    return events.latest(connection, _canonical(one.recipient)) if signed else None


def _theirs(one: Feedback, found: About) -> bool:
    """Return whether what names a letter speaks for its reader: any server does, and the reader.

    Who asks to leave in an answer may be somebody whom the reader passed the letter on to.
    """
    return one.kind != EventKind.UNSUBSCRIBE or _canonical(one.recipient) == found.canonical


def _event(one: Feedback, found: About, source: str, now: datetime) -> Event:
    text = ADDRESS.sub("(address)", one.text)[:300]
    kind, reason = EventKind(one.kind), one.reason
    if kind is EventKind.HARD and one.recipient and not _same_person(_canonical(one.recipient), found.canonical):
        # Only patience tells whether the reader's own address is bad.
        kind, reason = EventKind.SOFT, "forwarded"
    return Event(found.delivery, kind, now, source, reason, one.status, text)


def _same_person(one: str, other: str) -> bool:
    """Return whether two addresses are of one reader: of one name in a domain, or one's domain within the other's.

    Servers report the name that they use inside: its failure is the reader's. Another name in the same domain is
    that of somebody else whom a shared address goes to, and another domain's that of somewhere else.
    """
    parts = (one.rpartition("@"), other.rpartition("@"))
    (inner, _, short), (outer, _, long) = sorted(parts, key=lambda each: len(each[2]))
    if short == long:
        # What stands behind a plus is a folder of the same person's (RFC 5233).
        return inner.partition("+")[0] == outer.partition("+")[0]
    return long.endswith(f".{short}")


def _canonical(address: str) -> str:
    try:
        return parse(address).canonical
    except AddressError:
        return address.lower()
