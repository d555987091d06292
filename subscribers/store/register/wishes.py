"""What people wish: how often, not before when; and why they left."""

import sqlite3
from datetime import date, datetime

from subscribers.status import Frequency
from subscribers.store.file.open import stamp
from subscribers.wishes import Reason, Wishes


def of(connection: sqlite3.Connection, subscriber: int) -> Wishes:
    """Return what one person wishes; nothing in particular, if nobody has this number."""
    row = connection.execute(
        "SELECT frequency, paused FROM subscribers WHERE id = :id", {"id": subscriber}
    ).fetchone()
    if row is None:
        return Wishes()
    return Wishes(Frequency(row["frequency"]), date.fromisoformat(row["paused"]) if row["paused"] else None)


def choose(connection: sqlite3.Connection, subscriber: int, wishes: Wishes) -> None:
    """Write down what one person wishes."""
    connection.execute(
        "UPDATE subscribers SET frequency = :frequency, paused = :paused WHERE id = :id",
        {
            "id": subscriber,
            "frequency": wishes.frequency.value,
            "paused": wishes.paused.isoformat() if wishes.paused else "",
        },
    )


def left(connection: sqlite3.Connection, subscriber: int, slug: str, reason: Reason, now: datetime) -> None:
    """Write down why somebody left the list *slug* ("" means every list). The last word counts."""
    connection.execute(
        """INSERT INTO departures (subscriber_id, list, reason, at) VALUES (:id, :list, :reason, :at)
           ON CONFLICT (subscriber_id, list) DO UPDATE SET reason = excluded.reason, at = excluded.at""",
        {"id": subscriber, "list": slug, "reason": reason.value, "at": stamp(now)},
    )
