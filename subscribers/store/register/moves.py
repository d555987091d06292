"""Let a reader who has a new address be written to there: as a person of their own, with what they chose.

What was sent to the old address, and what still comes back from it, stays with the old one. The new one knows
whose it was by a number, so that no letter comes a second time.
"""

import sqlite3
from datetime import datetime

from subscribers.errors import TakenError
from subscribers.model import Address, Consent, Subscriber
from subscribers.status import SubscriptionStatus
from subscribers.store.file.open import stamp
from subscribers.store.register import lists, people, subscriptions, suppressions, wishes

#: Why an address may be suppressed whose reader is written to elsewhere: mail came back. Nobody refused it.
CAME_BACK = ("bounce", "bounces")
#: How the ledger's lines about a move begin: who comes, and who goes, is no new reader and no lost one.
COMES, GOES = "as at an earlier address, ", "has a new address: "


def move(
    connection: sqlite3.Connection,
    old: Subscriber,
    new: Address,
    *,
    reason: str,
    source: str,
    keys: tuple[bytes, ...],
    now: datetime,
) -> tuple[str, ...]:
    """Subscribe *new* to the lists in which *old* is confirmed, and let *old* leave all. Return the lists.

    Return none, and change nothing, if they have moved there already.
    *reason* says how that is known, for the ledger; *keys* recognize erased addresses. Raise TakenError if
    somebody has the address, if one of the two must not be mailed, or if there is no list to take along. Must be
    inside a write transaction.
    """
    kept = tuple(one for one in subscriptions.of(connection, old.id) if one.status is SubscriptionStatus.CONFIRMED)
    if not kept and _moved(connection, old, new):
        return ()
    _refuse(connection, old, new, keys)
    if not kept:
        raise TakenError(f"{old.address.typed} is confirmed in no list, so there is nothing to take along")
    heir = people.add(
        connection,
        new,
        old.joined,
        name=old.name,
        language=old.language,
        attributes=old.attributes,
        topics=old.topics,
    )
    connection.execute("UPDATE subscribers SET moved_from = :old WHERE id = :id", {"old": old.id, "id": heir.id})
    wishes.choose(connection, heir.id, wishes.of(connection, old.id))
    for one in kept:
        wording = f"{COMES}confirmed there since {one.since:%Y-%m-%d}: {reason}"
        consent = Consent(heir.id, one.list, "import", now, source, wording, old.language)
        subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)
        number = lists.number(connection, one.list)
        # They are a reader for as long as before.
        subscriptions.put_all(connection, [(number, heir.id, one.status.value, stamp(one.since))])
    left = Consent(old.id, "", "withdraw", now, source, f"{GOES}{reason}", old.language)
    subscriptions.withdraw(connection, left)
    return tuple(one.list for one in kept)


def also(connection: sqlite3.Connection, subscriber: int) -> tuple[str, ...]:
    """Return the other addresses of the same reader, earlier and later ones, that are still known here."""
    rows = connection.execute(
        """WITH RECURSIVE same (id) AS (SELECT :id
               UNION SELECT s.moved_from FROM same JOIN subscribers s ON s.id = same.id AND s.moved_from > 0
               UNION SELECT s.id FROM same JOIN subscribers s ON s.moved_from = same.id)
           SELECT s.email FROM same JOIN subscribers s ON s.id = same.id
           WHERE s.id <> :id AND s.status = 'active' ORDER BY s.id""",
        {"id": subscriber},
    )
    return tuple(str(row[0]) for row in rows)


def _moved(connection: sqlite3.Connection, old: Subscriber, new: Address) -> bool:
    who = {"old": old.id, "new": new.canonical}
    sql = "SELECT 1 FROM subscribers WHERE canonical = :new AND moved_from = :old AND status = 'active'"
    return connection.execute(sql, who).fetchone() is not None


def _refuse(connection: sqlite3.Connection, old: Subscriber, new: Address, keys: tuple[bytes, ...]) -> None:
    if people.by_address(connection, new.canonical):
        remedy = f"`newsletter subscribers unsubscribe {old.address.typed}` ends the old one"
        raise TakenError(f"somebody has the address {new.typed}", remedy=remedy)
    if found := suppressions.has(connection, new.canonical, keys):
        remedy = "see `newsletter suppressions list`"
        raise TakenError(f"{new.typed} is never mailed again ({found.reason})", remedy=remedy)
    found = suppressions.has(connection, old.address.canonical, keys)
    if found and found.reason not in CAME_BACK:
        remedy = "let them sign up themselves if they want the letter again"
        raise TakenError(f"{old.address.typed} is never mailed again ({found.reason})", remedy=remedy)
