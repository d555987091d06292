"""Which of two subjects the rest of a send gets, once a part of its readers has tried both.

Rows of the rest are queued, and held: no claim takes them, and the name of their variant ends in `REST`. One
transaction decides, gives each of them its variant, and lets them go.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from subscribers.model import Where
from subscribers.store.file.open import moment, stamp
from subscribers.store.ledger.deliveries import HELD, LISTED
from subscribers.variant import OTHER, REST

#: Rows ``d`` of the rest, of which it is not decided yet what they get.
_HELD = f"d.send_id = :send AND d.state = 'queued' AND d.due = '{HELD}' AND {LISTED}"

#: Whether nobody of the part of the send ``c.send_id`` waits for a first try. Who was put off is not waited for.
OUT = f"""(NOT EXISTS (SELECT 1 FROM deliveries d
        WHERE d.send_id = c.send_id AND d.state = 'queued' AND d.due < '{HELD}' AND {LISTED})
    AND NOT EXISTS (SELECT 1 FROM deliveries d
        WHERE d.send_id = c.send_id AND d.state IN ('claimed', 'committing') AND {LISTED}))"""  # noqa: S608 - conditions of ours


@dataclass(frozen=True, slots=True)
class Side:
    """What one subject came to in the part: so many letters *arrived*, and people opened links so many times."""

    arrived: int = 0
    clicks: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is, or was, to be decided of a *send*. The *wait* runs from when the part was sent its letters.

    *due* is when that is over, None while the part goes out. *taken* is when it was decided, None before; then
    *winner* is a or b, *chosen* tells that an editor did it, and *a* and *b* are what was counted at that time.
    """

    send: int
    wait: timedelta
    due: datetime | None = None
    taken: datetime | None = None
    winner: str = ""
    chosen: bool = False
    a: Side = Side()
    b: Side = Side()


def begin(connection: sqlite3.Connection, send: int, wait: timedelta, due: Where | None, now: datetime) -> None:
    """Let the part of a send try, in the transaction that freezes it; *due* is as for `sends.start`.

    Where chance let nobody have the other subject, there is nothing to try, and the rest goes with the first.
    """
    rest, tried = connection.execute(
        f"""SELECT EXISTS (SELECT 1 FROM deliveries d WHERE {_HELD}), EXISTS (SELECT 1 FROM deliveries d
            WHERE d.send_id = :send AND d.variant LIKE '%{OTHER}')""",  # noqa: S608 - conditions of ours
        {"send": send},
    ).fetchone()
    if rest and tried:
        connection.execute(
            "INSERT INTO decisions (send_id, wait) VALUES (:send, :wait)",
            {"send": send, "wait": int(wait.total_seconds())},
        )
    elif rest:
        _let_go(connection, send, "", due, now)


def of(connection: sqlite3.Connection, send: int) -> Decision | None:
    """Return what is or was to be decided of a send, None if nothing."""
    row = connection.execute("SELECT * FROM decisions WHERE send_id = :send", {"send": send}).fetchone()
    return _decision(row) if row else None


def latest(connection: sqlite3.Connection, issue: str) -> Decision | None:
    """Return what was decided last of a send of *issue*, None if nothing was."""
    row = connection.execute(
        """SELECT c.* FROM decisions c JOIN sends e ON e.id = c.send_id
           WHERE e.issue = :issue AND c.taken IS NOT NULL ORDER BY c.send_id DESC LIMIT 1""",
        {"issue": issue},
    ).fetchone()
    return _decision(row) if row else None


def held(connection: sqlite3.Connection, send: int) -> int:
    """Return how many readers of a send wait for a decision."""
    every = f"SELECT count(*) FROM deliveries d WHERE {_HELD}"  # noqa: S608 - a condition of ours
    row = connection.execute(every, {"send": send}).fetchone()
    return int(row[0])


def time(connection: sqlite3.Connection, send: int, now: datetime) -> None:
    """Let the wait begin, if the part of a send has its letters and the wait did not begin yet."""
    row = connection.execute(
        f"SELECT wait FROM decisions c WHERE c.send_id = :send AND c.due IS NULL AND c.taken IS NULL AND {OUT}",  # noqa: S608
        {"send": send},
    ).fetchone()
    if row:
        due = stamp(now + timedelta(seconds=row["wait"]))
        connection.execute("UPDATE decisions SET due = :due WHERE send_id = :send", {"due": due, "send": send})


def take(connection: sqlite3.Connection, made: Decision, due: Where | None, now: datetime) -> bool:
    """Decide as *made* says, and let the rest go; *due* is as for `sends.start`. Return False if it was decided.

    Must be inside a write transaction, in which *made* was counted too.
    """
    done = connection.execute(
        """UPDATE decisions SET taken = :now, winner = :winner, chosen = :chosen, arrived_a = :arrived_a,
               clicks_a = :clicks_a, arrived_b = :arrived_b, clicks_b = :clicks_b
           WHERE send_id = :send AND taken IS NULL""",
        {
            "send": made.send,
            "now": stamp(now),
            "winner": made.winner,
            "chosen": int(made.chosen),
            "arrived_a": made.a.arrived,
            "clicks_a": made.a.clicks,
            "arrived_b": made.b.arrived,
            "clicks_b": made.b.clicks,
        },
    )
    if not done.rowcount:
        return False
    _let_go(connection, made.send, OTHER if made.winner == "b" else "", due, now)
    return True


def _let_go(connection: sqlite3.Connection, send: int, ending: str, due: Where | None, now: datetime) -> None:
    """Give the held rows the variants that end so, each to be sent when its time comes."""
    time = f"coalesce((SELECT {due.sql} FROM subscribers s WHERE s.id = d.subscriber_id), '')" if due else "''"  # noqa: S608
    connection.execute(
        f"""UPDATE deliveries AS d SET variant = substr(d.variant, 1, length(d.variant) - {len(REST)}) || :ending,
                due = {time}, updated = :now WHERE {_HELD}""",  # noqa: S608 - conditions of ours
        {**(due.values if due else {}), "send": send, "ending": ending, "now": stamp(now)},
    )


def _decision(row: sqlite3.Row) -> Decision:
    return Decision(
        send=row["send_id"],
        wait=timedelta(seconds=row["wait"]),
        due=moment(row["due"]) if row["due"] else None,
        taken=moment(row["taken"]) if row["taken"] else None,
        winner=row["winner"],
        chosen=bool(row["chosen"]),
        a=Side(row["arrived_a"], row["clicks_a"]),
        b=Side(row["arrived_b"], row["clicks_b"]),
    )
