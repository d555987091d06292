"""Forget what is kept for a time only: unconfirmed signups, who left, networks, what limits look at."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from subscribers.store.back import links
from subscribers.store.file.open import stamp
from subscribers.store.register import consents, limits, people


@dataclass(frozen=True, slots=True)
class Rules:
    """How long what is kept: a *pending* subscription, a *network* address of the ledger, *footprints*.

    Who *left* every list is kept for so long after they left the last one; None keeps them. One sweep forgets
    *most* people of a kind, so that nobody waits long for the file: the next sweep takes the rest.
    """

    pending: timedelta = timedelta(days=14)
    network: timedelta = timedelta(days=365)
    footprints: timedelta = timedelta(days=180)
    most: int = 250
    left: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: so many subscriptions *expired*, people *forgotten*, *networks* and *hits* removed.

    So many people are forgotten, too, who had *left*.
    """

    expired: int = 0
    forgotten: int = 0
    left: int = 0
    networks: int = 0
    hits: int = 0


def sweep(connection: sqlite3.Connection, rules: Rules, now: datetime, keys: Sequence[bytes]) -> Swept:
    """Apply *rules*. Must be inside a write transaction.

    A subscription that was never confirmed goes, once no mail that asks to confirm is as young as *rules* say: its
    link still works. So does its person, if that is all that we know of them: nothing keeps the address, and they
    may sign up again. Who left is erased as `people.erase` does it: a hash of the address under the first of
    *keys* is kept.
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
    gone = leaving(connection, rules, now)[: rules.most]
    for subscriber in gone:
        people.erase(connection, subscriber, keys, now)
    networks = consents.forget_networks(connection, now - rules.network)
    links.forget(connection, now - rules.footprints)
    return Swept(expired, forgotten, len(gone), networks, limits.forget(connection, now))


def leaving(connection: sqlite3.Connection, rules: Rules, now: datetime) -> list[int]:
    """Return the numbers of everybody who left, and whose time to be forgotten has come.

    They have subscriptions, and every one ended long enough ago. Who never had one, who still has one whatever
    keeps their letters away, and who waits to be confirmed has not left.
    """
    if rules.left is None:
        return []
    rows = connection.execute(
        """SELECT DISTINCT u.subscriber_id FROM subscriptions u
           WHERE u.status = 'unsubscribed' AND u.since < :before AND NOT EXISTS
               (SELECT 1 FROM subscriptions o WHERE o.subscriber_id = u.subscriber_id
                AND (o.status <> 'unsubscribed' OR o.since >= :before))""",
        {"before": stamp(now - rules.left)},
    )
    return [row[0] for row in rows]


def _matters(connection: sqlite3.Connection, subscriber: int) -> bool:
    """Whether anything binds us to a person: another subscription, or a letter that was to go to them."""
    row = connection.execute(
        """SELECT EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = :id)
               OR EXISTS (SELECT 1 FROM deliveries
                   WHERE send_id IN (SELECT id FROM sends) AND subscriber_id = :id)""",
        {"id": subscriber},
    ).fetchone()
    return bool(row[0])
