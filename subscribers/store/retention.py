"""Forget what is kept for a time only: who never confirmed, network addresses, and what limits look back at."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from subscribers.store import consents, limits, links, people
from subscribers.store.open import stamp


@dataclass(frozen=True, slots=True)
class Rules:
    """How long what is kept: a *pending* subscription, a *network* address of the ledger, *footprints*.

    One sweep forgets *most* people, so that nobody waits long for the file: the next sweep takes the rest.
    """

    pending: timedelta = timedelta(days=14)
    network: timedelta = timedelta(days=365)
    footprints: timedelta = timedelta(days=180)
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: so many subscriptions *expired*, people *forgotten*, *networks* and *hits* removed."""

    expired: int = 0
    forgotten: int = 0
    networks: int = 0
    hits: int = 0


def sweep(connection: sqlite3.Connection, rules: Rules, now: datetime) -> Swept:
    """Apply *rules*. Must be inside a write transaction.

    A subscription that was never confirmed goes, once no mail that asks to confirm is as young as *rules* say: its
    link still works. So does its person, if that is all that we know of them: nothing keeps the address, and they
    may sign up again.
    """
    gone = [
        row[0]
        for row in connection.execute(
            """SELECT DISTINCT subscriber_id FROM subscriptions WHERE status = 'pending' AND since < :before
               AND subscriber_id NOT IN
                   (SELECT subscriber_id FROM mails WHERE kind = 'confirm' AND created >= :before)
               LIMIT :most""",
            {"before": stamp(now - rules.pending), "most": rules.most},
        )
    ]
    expired = forgotten = 0
    for subscriber in gone:
        expired += connection.execute(
            "DELETE FROM subscriptions WHERE subscriber_id = :id AND status = 'pending' AND since < :before",
            {"id": subscriber, "before": stamp(now - rules.pending)},
        ).rowcount
        if not _matters(connection, subscriber):
            people.forget(connection, subscriber, now)
            forgotten += 1
    networks = consents.forget_networks(connection, now - rules.network)
    links.forget(connection, now - rules.footprints)
    return Swept(expired, forgotten, networks, limits.forget(connection, now))


def _matters(connection: sqlite3.Connection, subscriber: int) -> bool:
    """Whether anything binds us to a person: another subscription, or a letter that was to go to them."""
    row = connection.execute(
        """SELECT EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = :id)
               OR EXISTS (SELECT 1 FROM deliveries
                   WHERE send_id IN (SELECT id FROM sends) AND subscriber_id = :id)""",
        {"id": subscriber},
    ).fetchone()
    return bool(row[0])
