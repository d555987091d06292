"""What came back: bounces, complaints and answers, each about one delivery, and each message counted once.

A row here is proved to be ours before it is written: the caller has the delivery from a signed address or name.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from subscribers.event import Event, EventKind, Rule, ends_it
from subscribers.model import Consent, Suppression
from subscribers.store.file.open import moment, stamp
from subscribers.store.ledger.deliveries import LISTED
from subscribers.store.register import subscriptions, suppressions


@dataclass(frozen=True, slots=True)
class About:
    """Which delivery something is about. *canonical* is "" if its reader was erased; *created* is of its send."""

    delivery: int
    send: int
    issue: str
    list: str
    subscriber: int
    canonical: str
    language: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One event for people to read, with the issue that it is about."""

    issue: str
    kind: EventKind
    reason: str
    status: str
    text: str
    source: str
    at: datetime

    def words(self, when: str, meaning: str = "") -> str:
        """Return it in one line; *when* is its time as people read it, *meaning* its reason in words, if known."""
        said = " ".join(dict.fromkeys(each for each in (self.kind, self.reason, self.status) if each))
        told = f"{meaning} ({said})" if meaning else said
        return f"{told}, {when}, by {self.source}{f': {self.text}' if self.text else ''}"


_ABOUT = """SELECT d.id AS delivery, d.send_id AS send, e.issue, e.list, d.subscriber_id AS subscriber, e.created,
    iif(s.status = 'active', s.canonical, '') AS canonical, coalesce(s.language, '') AS language
    FROM deliveries d JOIN sends e ON e.id = d.send_id LEFT JOIN subscribers s ON s.id = d.subscriber_id"""


def about(connection: sqlite3.Connection, delivery: int) -> About | None:
    """Return whom and what a delivery is about, or None if there is no such delivery."""
    row = connection.execute(f"{_ABOUT} WHERE d.id = :id", {"id": delivery}).fetchone()
    return _about(row) if row else None


def latest(connection: sqlite3.Connection, canonical: str) -> About | None:
    """Return the last delivery that may have reached an address, or None: for services that name only that."""
    row = connection.execute(
        f"""{_ABOUT} WHERE s.canonical = :canonical AND d.send_id IN (SELECT id FROM sends)
            AND d.state IN ('accepted', 'uncertain', 'committing') ORDER BY d.id DESC LIMIT 1""",  # noqa: S608
        {"canonical": canonical},
    ).fetchone()
    return _about(row) if row else None


def first_time(
    connection: sqlite3.Connection, digest: str, source: str, kind: str, proved: bool, now: datetime
) -> bool:
    """Note that a message was read. Return False if it was before: then nothing more may come of it."""
    done = connection.execute(
        """INSERT INTO received (digest, source, kind, proved, at) VALUES (:digest, :source, :kind, :proved, :at)
           ON CONFLICT DO NOTHING""",
        {"digest": digest, "source": source, "kind": kind, "proved": int(proved), "at": stamp(now)},
    )
    return done.rowcount == 1


def record(connection: sqlite3.Connection, event: Event, rule: Rule) -> str:
    """Write down what came back, and do what follows. Return why the address is suppressed from now on, or "".

    The same kind and reason about one delivery is written once. A delivery that was uncertain did go out, if
    something came back. An unsubscription leaves the list of the delivery.
    """
    found = about(connection, event.delivery)
    if found is None or not found.canonical:
        return ""
    connection.execute(
        """INSERT INTO events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
           VALUES (:delivery, :subscriber, :kind, :reason, :status, :text, :source, :at) ON CONFLICT DO NOTHING""",
        asdict(event) | {"subscriber": found.subscriber, "at": stamp(event.at)},
    )
    connection.execute(
        "UPDATE deliveries SET state = 'accepted', updated = :at WHERE id = :id AND state = 'uncertain'",
        {"id": event.delivery, "at": stamp(event.at)},
    )
    if event.kind is EventKind.UNSUBSCRIBE:
        source = f"mail to leave ({event.source})"
        leave = Consent(found.subscriber, found.list, "withdraw", event.at, source, "", found.language)
        subscriptions.withdraw(connection, leave)
    why = ends_it(event, _failed(connection, found.subscriber), rule)
    if why and suppressions.add(connection, Suppression(found.canonical, why, _evidence(event, found), event.at)):
        return why
    return ""


def refused(connection: sqlite3.Connection, limit: int = 500) -> Iterator[tuple[int, str, datetime]]:
    """Yield the deliveries that our own server was refused, which no event tells of yet: id, reply, time."""
    rows = connection.execute(
        f"""SELECT d.id, trim(d.code || ' ' || d.enhanced || ' ' || d.reply) AS said, d.updated FROM deliveries d
           WHERE d.send_id IN (SELECT id FROM sends) AND d.state = 'refused' AND {LISTED} AND d.reply <> ''
           AND NOT EXISTS (SELECT 1 FROM events x WHERE x.delivery_id = d.id AND x.source = 'smtp')
           ORDER BY d.id LIMIT :limit""",  # noqa: S608 - a condition of ours
        {"limit": limit},
    )
    for row in rows.fetchall():
        yield row["id"], row["said"], moment(row["updated"])


def of(connection: sqlite3.Connection, subscriber: int) -> tuple[Told, ...]:
    """Return what came back about one person, the latest last."""
    rows = connection.execute(
        """SELECT e.issue, x.kind, x.reason, x.status, x.text, x.source, x.at
           FROM events x JOIN deliveries d ON d.id = x.delivery_id
           JOIN sends e ON e.id = d.send_id WHERE x.subscriber_id = :id ORDER BY x.at, x.id""",
        {"id": subscriber},
    )
    return tuple(Told(**dict(row) | {"kind": EventKind(row["kind"]), "at": moment(row["at"])}) for row in rows)


def _failed(connection: sqlite3.Connection, subscriber: int) -> list[datetime]:
    """Return when each of a person's letters failed, since the last one that did not."""
    rows = connection.execute(
        """SELECT d.id, (SELECT min(x.at) FROM events x WHERE x.delivery_id = d.id AND x.kind IN ('soft', 'hard'))
           AS failed FROM deliveries d WHERE d.send_id IN (SELECT id FROM sends) AND d.subscriber_id = :id
           AND d.state IN ('accepted', 'refused')
           ORDER BY d.id DESC LIMIT 50""",
        {"id": subscriber},
    )
    found: list[datetime] = []
    for row in rows:
        if row["failed"] is None:
            # What went out a moment ago and has not come back yet says nothing.
            if found:
                break
            continue
        found.append(moment(row["failed"]))
    return found


def _evidence(event: Event, found: About) -> str:
    """Return why, in one line: what was said about which issue, and where that was read."""
    said = f"{event.kind} {event.reason} {event.status}".strip()
    return f"{said}, about {found.issue}, by {event.source}{f': {event.text}' if event.text else ''}"[:500]


def _about(row: sqlite3.Row) -> About:
    return About(**dict(row) | {"created": moment(row["created"])})
