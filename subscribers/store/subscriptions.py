"""What people said to each list. Nothing changes here without a line in the consent ledger."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace

from subscribers.model import Consent, Subscription
from subscribers.status import SubscriptionStatus, advance
from subscribers.store import consents, lists
from subscribers.store.open import moment, stamp


def of(connection: sqlite3.Connection, subscriber: int) -> tuple[Subscription, ...]:
    """Return one person's subscriptions, in the order of the lists."""
    rows = connection.execute(
        """SELECT l.slug, u.status, u.since FROM subscriptions u JOIN lists l ON l.id = u.list_id
           WHERE u.subscriber_id = :id ORDER BY l.id""",
        {"id": subscriber},
    )
    return tuple(
        Subscription(row["slug"], SubscriptionStatus(row["status"]), moment(row["since"])) for row in rows
    )


def of_many(connection: sqlite3.Connection, subscribers: Iterable[int]) -> Mapping[int, list[tuple[str, str]]]:
    """Return list and status of every subscription of many people, in the order of the lists."""
    rows = connection.execute(
        """SELECT u.subscriber_id, l.slug, u.status FROM json_each(:ids) j
           JOIN subscriptions u ON u.subscriber_id = j.value JOIN lists l ON l.id = u.list_id ORDER BY l.id""",
        {"ids": json.dumps(list(subscribers))},
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for subscriber, slug, said in rows:
        found.setdefault(subscriber, []).append((slug, said))
    return found


def status(connection: sqlite3.Connection, subscriber: int, list: str) -> SubscriptionStatus | None:  # noqa: A002
    """Return what the person said to *list*, or None for nothing."""
    row = connection.execute(
        """SELECT u.status FROM subscriptions u JOIN lists l ON l.id = u.list_id
           WHERE u.subscriber_id = :id AND l.slug = :list""",
        {"id": subscriber, "list": list},
    ).fetchone()
    return SubscriptionStatus(row["status"]) if row else None


def change(connection: sqlite3.Connection, consent: Consent, to: SubscriptionStatus) -> bool:
    """Move the subscription that *consent* is about to *to*, and record the consent.

    Return False, and change and record nothing, if it is there already. Raise UnknownError for the list,
    TransitionError for a step that cannot be (a confirmed one never becomes pending again).
    """
    now = status(connection, consent.subscriber, consent.list)
    if now is to:
        return False
    if now is not None:
        advance(now, to)
    connection.execute(
        """INSERT INTO subscriptions (list_id, subscriber_id, status, since)
           VALUES (:list, :subscriber, :status, :since)
           ON CONFLICT (list_id, subscriber_id) DO UPDATE SET status = excluded.status, since = excluded.since""",
        {
            "list": lists.number(connection, consent.list),
            "subscriber": consent.subscriber,
            "status": to.value,
            "since": stamp(consent.at),
        },
    )
    consents.record(connection, consent)
    return True


def withdraw(connection: sqlite3.Connection, consent: Consent) -> tuple[str, ...]:
    """Unsubscribe the person from the list of *consent*, or from every list if that is "".

    Return the slugs that changed: none the second time, and none for a list they never subscribed to.
    """
    changed = []
    for subscription in of(connection, consent.subscriber):
        if consent.list in ("", subscription.list):
            own = replace(consent, list=subscription.list, what="withdraw")
            if change(connection, own, SubscriptionStatus.UNSUBSCRIBED):
                changed.append(subscription.list)
    return tuple(changed)
