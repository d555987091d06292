"""What people said to each list. Nothing changes here without a line in the consent ledger."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from subscribers.model import Consent, Subscription
from subscribers.status import SubscriptionStatus, advance
from subscribers.store.file.open import moment, stamp
from subscribers.store.file.rows import insert, select
from subscribers.store.register import consents, lists


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
    number = lists.number(connection, consent.list)
    put_all(connection, [(number, consent.subscriber, to.value, stamp(consent.at))])
    consents.record(connection, consent)
    return True


#: A subscription as it is to stand: list and subscriber by their numbers, status, since.
Row: TypeAlias = tuple[int, int, str, str]


def put_all(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Make subscriptions stand as *rows* say. The caller records the consents, and knows that each step may be."""
    insert(
        connection,
        """INSERT INTO subscriptions (list_id, subscriber_id, status, since) VALUES {(?, ?, ?, ?)}
           ON CONFLICT (list_id, subscriber_id) DO UPDATE SET status = excluded.status, since = excluded.since""",
        rows,
    )


def unmake(connection: sqlite3.Connection, number: int, consent: Consent, earlier: str) -> None:
    """Take somebody out of the list *number* as if they had never been in it, and record the consent.

    Unlike who left they can be taken in again. With *earlier* (a moment) they are pending since then.
    """
    if earlier:
        put_all(connection, [(number, consent.subscriber, SubscriptionStatus.PENDING.value, earlier)])
    else:
        connection.execute(
            "DELETE FROM subscriptions WHERE list_id = :list AND subscriber_id = :id",
            {"list": number, "id": consent.subscriber},
        )
    consents.record(connection, consent)


def said(connection: sqlite3.Connection, subscribers: Iterable[int]) -> dict[tuple[int, int], SubscriptionStatus]:
    """Return what these people said, by their number and the list's."""
    ids = json.dumps(list(subscribers))
    source = "json_each(:ids) j JOIN subscriptions u ON u.subscriber_id = j.value"
    found = select(connection, "u.subscriber_id, u.list_id, u.status", source, ids=ids)
    return {(person, number): SubscriptionStatus(status) for person, number, status in found}


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
