"""What the ledger tells: how many rows are in which state, how fast they leave, what waits for when, and the rows.

Nothing is written here; `subscribers.store.ledger.deliveries` does that.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from subscribers.status import DeliveryState
from subscribers.store.file.open import moment
from subscribers.store.ledger.deliveries import HELD, LISTED

#: Whether a send (``e``) is for its whole list, and not for a segment of it.
WHOLE = "coalesce(json_extract(e.rule, '$.segment'), '') = ''"
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
            f"""SELECT d.id, coalesce(s.email, '(erased)') AS email, d.state, d.attempts, d.code, d.enhanced,
               d.reply, d.due FROM deliveries d NOT INDEXED
               LEFT JOIN subscribers s ON s.id = d.subscriber_id AND s.status = 'active'
               WHERE d.send_id = :send AND d.state = '{state}' AND d.id > :last AND d.id <= :end
               ORDER BY d.id LIMIT 500""",  # noqa: S608
            {"send": send, "last": last, "end": end},
        ).fetchall()
        if not rows:
            return
        last = rows[-1]["id"]
        for row in rows:
            due = moment(row["due"]) if row["due"] and row["due"] != HELD else None
            yield Line(**dict(row) | {"state": DeliveryState(row["state"]), "due": due})


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
