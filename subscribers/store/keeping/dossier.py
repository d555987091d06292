"""Everything that is known about one person, as the document that they may ask for (GDPR, article 15)."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from subscribers.model import Consent, Subscriber, Suppression
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
        """SELECT n.id, n.issue, n.list, d.state, d.attempts, d.reply, d.updated
           FROM sends n CROSS JOIN deliveries d ON d.send_id = n.id WHERE d.subscriber_id = :id ORDER BY n.id""",
        {"id": subscriber},
    )
    return tuple(
        Letter(
            row["id"],
            row["issue"],
            row["list"],
            DeliveryState(row["state"]),
            row["attempts"],
            row["reply"],
            moment(row["updated"]),
        )
        for row in rows
    )


def line(consent: Consent) -> dict[str, str]:
    """Return a line of the ledger of consent, ready for JSON."""
    return {
        "list": consent.list,
        "what": consent.what,
        "at": consent.at.isoformat(),
        "source": consent.source,
        "wording": consent.wording,
        "language": consent.language,
        "network": consent.network,
        "message_id": consent.message_id,
    }


def barred(suppression: Suppression) -> dict[str, str]:
    """Return why an address is never mailed again, ready for JSON."""
    return {"reason": suppression.reason, "evidence": suppression.evidence, "at": suppression.at.isoformat()}


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
        "subscriptions": [
            {"list": each.list, "status": each.status.value, "since": each.since.isoformat()}
            for each in subscriptions.of(connection, person.id)
        ],
        "consents": [line(each) for each in consents.of(connection, person.id)],
        "letters": [_letter(each) for each in letters(connection, person.id)],
        "returns": [_returned(each) for each in events.of(connection, person.id)],
        "agrees_to_be_seen": links.agrees(connection, person.id),
        "opened": [
            {"issue": issue, "url": url or None, "at": at.isoformat()}
            for issue, url, at in links.footprints(connection, person.id)
        ],
        "mails": [dict(row) for row in mails],
        "departures": [dict(row) for row in departures],
    }


def _letter(one: Letter) -> dict[str, object]:
    return {
        "issue": one.issue,
        "list": one.list,
        "state": one.state.value,
        "attempts": one.attempts,
        "reply": one.reply,
        "updated": one.updated.isoformat(),
    }


def _returned(one: events.Told) -> dict[str, object]:
    return {
        "issue": one.issue,
        "kind": one.kind.value,
        "reason": one.reason,
        "status": one.status,
        "text": one.text,
        "source": one.source,
        "at": one.at.isoformat(),
    }
