"""Everything that is known about one person, as the document that they may ask for (GDPR, article 15)."""

import sqlite3
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from subscribers.model import Consent, Subscriber, Subscription, Suppression
from subscribers.status import DeliveryState
from subscribers.store.back import events, links
from subscribers.store.file.open import moment
from subscribers.store.register import consents, moves, subscriptions, wishes


@dataclass(frozen=True, slots=True)
class Letter:
    """One issue that was to go to a person, and what came of it. *reply* is what the server said."""

    send: int
    issue: str
    list: str
    state: DeliveryState
    attempts: int
    reply: str
    updated: datetime


def letters(connection: sqlite3.Connection, subscriber: int) -> tuple[Letter, ...]:
    """Return every ledger row of one person, in order."""
    # Sends are few and rows are many: left to itself, SQLite 3.53 looks through all rows of everybody.
    rows = connection.execute(
        """SELECT n.id AS send, n.issue, n.list, d.state, d.attempts, d.reply, d.updated
           FROM sends n CROSS JOIN deliveries d ON d.send_id = n.id WHERE d.subscriber_id = :id ORDER BY n.id""",
        {"id": subscriber},
    )
    return tuple(
        Letter(**dict(row) | {"state": DeliveryState(row["state"]), "updated": moment(row["updated"])})
        for row in rows
    )


def line(consent: Consent) -> dict[str, object]:
    """Return a line of the ledger of consent, ready for JSON."""
    return _said(consent, "subscriber")


def barred(suppression: Suppression) -> dict[str, object]:
    """Return why an address is never mailed again, ready for JSON."""
    return _said(suppression, "canonical")


def document(
    connection: sqlite3.Connection, person: Subscriber, suppression: Suppression | None
) -> dict[str, object]:
    """Return everything about *person*, ready for JSON."""
    mails = connection.execute(
        "SELECT kind, list, issue, state, created FROM mails WHERE subscriber_id = :id ORDER BY id",
        {"id": person.id},
    )
    wished = wishes.of(connection, person.id)
    departures = connection.execute(
        "SELECT list, reason, at FROM departures WHERE subscriber_id = :id ORDER BY id", {"id": person.id}
    )
    return {
        "email": person.address.typed,
        "canonical": person.address.canonical,
        "other_addresses": list(moves.also(connection, person.id)),
        "name": person.name,
        "language": person.language,
        "joined": person.joined.isoformat(),
        "attributes": dict(person.attributes),
        "topics": sorted(person.topics),
        "frequency": wished.frequency.value,
        "paused": wished.paused and wished.paused.isoformat(),
        "suppressed": suppression and barred(suppression),
        "subscriptions": [_said(each) for each in subscriptions.of(connection, person.id)],
        "consents": [line(each) for each in consents.of(connection, person.id)],
        "letters": [_said(each, "send") for each in letters(connection, person.id)],
        "returns": [_said(each) for each in events.of(connection, person.id)],
        "agrees_to_be_seen": links.agrees(connection, person.id),
        "opened": [
            {"issue": issue, "url": url or None, "at": at.isoformat()}
            for issue, url, at in links.footprints(connection, person.id)
        ],
        "mails": [dict(row) for row in mails],
        "departures": [dict(row) for row in departures],
    }


def _said(one: Consent | events.Told | Letter | Subscription | Suppression, but: str = "") -> dict[str, Any]:
    """Return the fields of *one* without the one called *but*, ready for JSON."""
    said = {each.name: getattr(one, each.name) for each in fields(one) if each.name != but}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
