"""Take an import back: who came by it alone goes, and who was here before stands in the list as they stood.

Nobody's own word is taken back, nor that somebody left elsewhere: such lines of the file stay.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from subscribers.model import Consent
from subscribers.status import SubscriptionStatus
from subscribers.store.file.open import moment, stamp, transaction
from subscribers.store.register import people, subscriptions

#: So many people are taken back in one transaction, so that nobody waits long for the file.
BATCH = 1_000

#: What becomes of somebody whom the import *i* put into its list, where the subscription *u* says how they stand.
_FATE = """CASE
    WHEN u.status NOT IN ('pending', 'confirmed') OR EXISTS (SELECT 1 FROM consents o
        WHERE o.subscriber_id = i.subscriber_id AND o.id > i.id AND o.what <> 'import') THEN 'stays'
    WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.send_id IN (SELECT id FROM sends)
        AND d.subscriber_id = i.subscriber_id
        AND d.state NOT IN ('queued', 'claimed', 'suppressed', 'cancelled')) THEN 'leaves'
    WHEN NOT EXISTS (SELECT 1 FROM consents o
        WHERE o.subscriber_id = i.subscriber_id AND o.id <> i.id) THEN 'goes'
    ELSE 'returns' END"""

#: Since when they asked to be in the list before the import *i*, if they did. An import that a withdrawal follows
#: was taken back itself, as who leaves by themselves can be in no later one.
_EARLIER = """(SELECT o.at FROM consents o
    WHERE o.subscriber_id = i.subscriber_id AND o.list = i.list AND o.id < i.id AND o.what <> 'withdraw'
        AND NOT (o.what = 'import' AND 'withdraw' IS (SELECT n.what FROM consents n
            WHERE n.subscriber_id = o.subscriber_id AND n.list = o.list AND n.id > o.id ORDER BY n.id LIMIT 1))
    ORDER BY o.id DESC LIMIT 1)"""

#: The ledger goes first (CROSS JOIN keeps the order): a batch is a stretch of it, and each line is read once.
_IMPORTED = """FROM consents i CROSS JOIN lists l ON l.slug = i.list
    CROSS JOIN subscriptions u ON u.list_id = l.id AND u.subscriber_id = i.subscriber_id
    WHERE i.what = 'import' AND i.source = :source AND i.list = :list"""


@dataclass(frozen=True, slots=True)
class Import:
    """An import that can be taken back: of which file, into which list, and when.

    So many people go (*goes*: they came by it alone), stand in the list as before (*returns*), are unsubscribed
    (*leaves*: they were sent something since), or stay as they are (*stays*: they said something themselves).
    """

    source: str
    list: str
    at: datetime
    goes: int = 0
    returns: int = 0
    leaves: int = 0
    stays: int = 0


def newest(connection: sqlite3.Connection, source: str, list: str) -> Import | None:  # noqa: A002 - the word for it
    """Return the newest import of the file called *source* into *list* of which anything can be taken back."""
    said = {"source": source, "list": list}
    rows = connection.execute(f"SELECT i.at, {_FATE} AS fate, count(*) {_IMPORTED} GROUP BY 1, 2", said).fetchall()
    at = max((row[0] for row in rows if row[1] != "stays"), default="")
    return Import(source, list, moment(at), **{row[1]: row[2] for row in rows if row[0] == at}) if at else None


def take_back(
    connection: sqlite3.Connection,
    found: Import,
    source: str,
    now: datetime,
    tick: Callable[[int], None] = lambda done: None,
) -> None:
    """Take *found* back, `BATCH` by `BATCH`; what is left after a crash is taken back by doing it again.

    *source* stands in the ledger as what did it. *tick* is told after how many people each batch ended.
    """
    asked = {"source": found.source, "list": found.list, "at": stamp(found.at), "most": BATCH, "after": 0}
    words = f"the import of {found.source} was taken back"
    done = 0
    while True:
        with transaction(connection):
            rows = connection.execute(
                f"""SELECT i.id, i.subscriber_id, u.list_id, {_FATE} AS fate,
                        {_EARLIER} AS earlier
                    {_IMPORTED} AND i.at = :at AND i.id > :after ORDER BY i.id LIMIT :most""",
                asked,
            ).fetchall()
            for row in rows:
                consent = Consent(row["subscriber_id"], found.list, "withdraw", now, source, words)
                _apply(connection, row, consent, now)
        if not rows:
            return
        asked["after"] = rows[-1]["id"]
        done += len(rows)
        tick(done)


def _apply(connection: sqlite3.Connection, row: sqlite3.Row, consent: Consent, now: datetime) -> None:
    """Do to one person what their fate says."""
    match row["fate"]:
        case "goes":
            people.forget(connection, consent.subscriber, now)
        case "leaves":
            subscriptions.change(connection, consent, SubscriptionStatus.UNSUBSCRIBED)
        case "returns":
            subscriptions.unmake(connection, row["list_id"], consent, row["earlier"] or "")
