"""Readers for tests of sending: as many as wanted, written straight into the tables."""

from datetime import UTC, datetime

from subscribers.model import MailingList, Where
from subscribers.store.file.open import stamp, transaction
from subscribers.store.ledger import sends
from subscribers.store.register import lists

NOW = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
EVERYBODY = Where(
    "s.id IN (SELECT c.subscriber_id FROM subscriptions c WHERE c.status = 'confirmed') AND s.status = 'active'"
)
ENGLISH = Where("'en'")


def add(connection, count, first=1, language=lambda number: ("en", "sv")[number % 2]):
    """Add confirmed readers of the list monthly: reader1@example.org and so on."""
    lists.ensure(connection, [MailingList("monthly", "The monthly letter")])
    with transaction(connection):
        connection.executemany(
            """INSERT INTO subscribers (id, email, canonical, name, language, status, joined)
               VALUES (?, ?, ?, ?, ?, 'active', ?)""",
            (
                (n, f"reader{n}@example.org", f"reader{n}@example.org", f"Reader {n}", language(n), stamp(NOW))
                for n in range(first, first + count)
            ),
        )
        connection.execute(
            """INSERT INTO subscriptions (list_id, subscriber_id, status, since)
               SELECT (SELECT id FROM lists WHERE slug = 'monthly'), id, 'confirmed', joined FROM subscribers
               WHERE id >= ?""",
            (first,),
        )


def tried(connection, send, count, state="accepted"):
    """Put the first *count* readers of a send, all of them fresh, into *state*, as if they had been tried."""
    first = connection.execute("SELECT next FROM sends WHERE id = ?", (send,)).fetchone()[0]
    connection.execute(
        "UPDATE deliveries SET state = ?, attempts = 1 WHERE id BETWEEN ? AND ?", (state, first, first + count - 1)
    )
    connection.execute("UPDATE sends SET next = ? WHERE id = ?", (first + count, send))


def freeze(connection, variants=None, audience=EVERYBODY, issue="2025-06", variant=ENGLISH):
    """Make a send to everybody and start it."""
    with transaction(connection):
        made = sends.create(
            connection,
            issue=issue,
            list="monthly",
            rule="{}",
            content="hash",
            variants=variants or {"en": b"english"},
            now=NOW,
            due=NOW,
        )
        return sends.start(connection, made.id, audience, variant, NOW)
