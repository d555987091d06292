"""How a send goes on: how fast, and in which domains. Reads only."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from subscribers.store.file.open import moment
from subscribers.store.ledger.deliveries import LISTED

#: The rate is measured over so many readers that were accepted last, among so many rows of the ledger.
LAST, AMONG = 1000, 20_000

#: Readers come in the order of the ledger: who was accepted last stands before those that are in hand, or else
#: before the first that waits.
_LAST = f"""WITH here (id) AS (SELECT coalesce(
        (SELECT max(id) FROM deliveries d
            WHERE send_id = :send AND state IN ('claimed', 'committing') AND {LISTED}),
        (SELECT next FROM sends WHERE id = :send)))
    SELECT d.updated FROM here CROSS JOIN deliveries d NOT INDEXED
    WHERE d.id BETWEEN here.id - :among AND here.id AND d.send_id = :send AND d.state = 'accepted'
    ORDER BY d.id DESC LIMIT :last"""  # noqa: S608 - a condition of ours

#: A send in which nobody was accepted for so many seconds has no rate.
FRESH = 60.0


@dataclass(frozen=True, slots=True)
class Domain:
    """How the readers of one domain stand."""

    name: str
    readers: int
    accepted: int
    open: int
    deferred: int
    refused: int
    uncertain: int


def rate(connection: sqlite3.Connection, send: int, now: datetime) -> float:
    """Return how many readers a second were accepted of late; 0.0 if it stands still."""
    rows = connection.execute(_LAST, {"send": send, "last": LAST, "among": AMONG}).fetchall()
    if len(rows) < 2:
        return 0.0
    first, last = moment(min(row[0] for row in rows)), moment(max(row[0] for row in rows))
    if (now - last).total_seconds() > FRESH:
        return 0.0
    return (len(rows) - 1) / max((last - first).total_seconds(), 0.001)


def domains(connection: sqlite3.Connection, send: int, limit: int | None) -> Sequence[Domain]:
    """Return the *limit* domains with the most readers, or all; who was erased is in none."""
    rows = connection.execute(
        """SELECT substr(s.canonical, instr(s.canonical, '@') + 1) AS name, count(*),
             sum(d.state = 'accepted'), sum(d.state IN ('queued', 'claimed', 'committing', 'deferred')),
             sum(d.state = 'deferred'), sum(d.state = 'refused'), sum(d.state = 'uncertain')
           FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id
           WHERE d.send_id = :send AND s.status = 'active' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :limit""",
        {"send": send, "limit": -1 if limit is None else limit},
    )
    return tuple(Domain(*row) for row in rows)
