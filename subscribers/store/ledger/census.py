"""What the ledger tells: how many rows are in which state, what waits for when, and the rows for people to read.

Nothing is written here; `subscribers.store.ledger.deliveries` does that.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from subscribers.status import DeliveryState
from subscribers.store.file.open import moment
from subscribers.store.ledger.deliveries import HELD, LISTED

#: How many rows of the send in row ``e`` are accepted: all that are neither listed nor fresh.
ACCEPTED = f"""((SELECT count(*) FROM deliveries d WHERE d.send_id = e.id) - coalesce(e.last - e.next + 1, 0)
    - (SELECT count(*) FROM deliveries d WHERE d.send_id = e.id AND d.id < coalesce(e.next, 0) AND {LISTED}))"""  # noqa: S608

#: The first row tells how many rows there are, and how many stand where the fresh ones do; the next ones how many
#: of each state are listed, and how many of those stand there.
_COUNTS = f"""SELECT NULL, coalesce(sum((SELECT count(*) FROM deliveries d WHERE d.send_id = e.id)), 0),
        coalesce(sum(e.last - e.next + 1), 0) FROM sends e WHERE {{which}}
    UNION ALL SELECT d.state, count(*), coalesce(sum(d.id >= e.next), 0)
    FROM sends e CROSS JOIN deliveries d ON d.send_id = e.id
    WHERE {{which}} AND {LISTED} GROUP BY e.id, d.state"""  # noqa: S608 - conditions of ours


@dataclass(frozen=True, slots=True)
class Line:
    """A ledger row for people to read."""

    id: int
    email: str
    state: DeliveryState
    attempts: int
    code: int
    enhanced: str
    reply: str
    due: datetime | None


def counts(connection: sqlite3.Connection, send: int | None = None) -> dict[DeliveryState, int]:
    """Return how many rows of a send, or of all, are in each state; together they are the audience."""
    asked = _COUNTS.format(which="TRUE" if send is None else "e.id = :send")
    (_, every, fresh), *listed = connection.execute(asked, {"send": send}).fetchall()
    found = dict.fromkeys(DeliveryState, 0)
    for state, count, beside in listed:
        found[DeliveryState(state)] += count
        fresh -= beside
    found[DeliveryState.QUEUED] += fresh
    return found | {DeliveryState.ACCEPTED: every - sum(found.values())}


def wakes(connection: sqlite3.Connection, send: int, *, last: bool = False) -> datetime | None:
    """Return when the first row that waits for a time is due, or the *last*; None if none does.

    A row that waits for a decision waits for no time.
    """
    which = "max" if last else "min"
    row = connection.execute(
        f"""SELECT {which}(one) FROM (
                SELECT {which}(due) AS one FROM deliveries d
                WHERE send_id = :send AND state = 'deferred' AND due > '' AND {LISTED}
                UNION ALL SELECT {which}(due) FROM deliveries d
                WHERE send_id = :send AND state = 'queued' AND due > '' AND due < '{HELD}' AND {LISTED})""",  # noqa: S608
        {"send": send},
    ).fetchone()
    return moment(row[0]) if row[0] else None


def lines(connection: sqlite3.Connection, send: int, state: DeliveryState) -> Iterator[Line]:
    """Yield the rows of a send that are in *state*, in the order of the ledger, a page at a time."""
    # No index leads to them in this order.
    first, end = connection.execute(
        "SELECT coalesce(min(id), 0), max(id) FROM deliveries WHERE send_id = :send", {"send": send}
    ).fetchone()
    last = first - 1
    while True:
        rows = connection.execute(
            f"""SELECT d.*, coalesce(s.email, '(erased)') AS email FROM deliveries d NOT INDEXED
               LEFT JOIN subscribers s ON s.id = d.subscriber_id AND s.status = 'active'
               WHERE d.send_id = :send AND d.state = '{state}' AND d.id > :last AND d.id <= :end
               ORDER BY d.id LIMIT 500""",  # noqa: S608
            {"send": send, "last": last, "end": end},
        ).fetchall()
        if not rows:
            return
        last = rows[-1]["id"]
        yield from map(_line, rows)


def _line(row: sqlite3.Row) -> Line:
    return Line(
        id=row["id"],
        email=row["email"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        code=row["code"],
        enhanced=row["enhanced"],
        reply=row["reply"],
        due=moment(row["due"]) if row["due"] and row["due"] != HELD else None,
    )
