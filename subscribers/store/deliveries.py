"""The ledger: one row for every recipient of a send, in exactly one state.

A function here writes within the transaction of its caller; `subscribers.status` says what may follow what, and
each UPDATE asks it, so that a row can never take a step that is not drawn in docs/delivery.md.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from subscribers.errors import TransitionError
from subscribers.model import Delivery
from subscribers.roster import SUPPRESSED
from subscribers.status import DeliveryState, before
from subscribers.store.open import moment, stamp


def _among(states: Iterable[DeliveryState]) -> str:
    return ", ".join(f"'{state}'" for state in states)


#: The next rows: those whose wait is over, those whose time has come, then those that wait for no time.
_NEXT = (
    """SELECT id FROM deliveries WHERE send_id = :send AND state = 'deferred' AND due <= :now
    ORDER BY due LIMIT :limit""",
    """SELECT id FROM deliveries WHERE send_id = :send AND state = 'queued' AND due <= :now
    ORDER BY due, id LIMIT :limit""",
    """SELECT id FROM deliveries WHERE send_id = :send AND state = 'queued' AND due IS NULL
    ORDER BY id LIMIT :limit""",
)

#: Why a reader may not be written to any more, or "".
_OBJECTION = f"""CASE WHEN s.id IS NULL OR s.status <> 'active' THEN 'erased' WHEN {SUPPRESSED} THEN 'suppressed'
    WHEN NOT EXISTS (SELECT 1 FROM subscriptions c JOIN lists l ON l.id = c.list_id
        WHERE l.slug = e.list AND c.subscriber_id = s.id AND c.status = 'confirmed') THEN 'unsubscribed'
    ELSE '' END"""  # noqa: S608 - a condition of ours
_ROWS = """FROM deliveries d JOIN sends e ON e.id = d.send_id LEFT JOIN subscribers s ON s.id = d.subscriber_id
    WHERE d.id IN (SELECT value FROM json_each(:ids))"""

_PEOPLE = f"""
    SELECT d.id, d.send_id, d.subscriber_id, d.variant, d.attempts, s.email, s.name, s.language, s.attributes,
        {_OBJECTION} {_ROWS} ORDER BY d.id"""
_UNWANTED = f"SELECT d.id {_ROWS} AND {_OBJECTION} <> ''"


_MARK = f"""UPDATE deliveries SET state = 'committing', updated = :now, due = NULL
    WHERE id IN (SELECT value FROM json_each(:ids)) AND state IN ({_among(before(DeliveryState.COMMITTING))})"""  # noqa: S608

#: One statement for all of a turn: it runs without Python's lock.
_SETTLE = {
    state: f"""UPDATE deliveries SET state = '{state}', updated = :now, due = j.value ->> 1, code = j.value ->> 2,
        enhanced = j.value ->> 3,
        reply = iif((SELECT s.status FROM subscribers s WHERE s.id = subscriber_id) = 'active', j.value ->> 4, '')
        FROM json_each(:rows) j
        WHERE deliveries.id = j.value ->> 0 AND deliveries.state IN ({_among(before(state))})"""  # noqa: S608
    for state in DeliveryState
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim took: *taken* are to be sent, so many are *suppressed*."""

    taken: tuple[Delivery, ...] = ()
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a crash left: so many rows are *queued* again, so many are *uncertain*."""

    queued: int
    uncertain: int


class Result(NamedTuple):
    """How an attempt ended. *due* is when to try again; *code*, *enhanced* and *reply* what the server said."""

    id: int
    state: DeliveryState
    due: datetime | None = None
    code: int = 0
    enhanced: str = ""
    reply: str = ""


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


def claim(connection: sqlite3.Connection, send: int, limit: int, now: datetime) -> Claimed:
    """Take up to *limit* rows of a send that is sending, and count the attempt.

    Whether each reader may still be written to is asked here, in the same transaction: who unsubscribed, was
    suppressed or erased since the audience was frozen becomes ``suppressed``.
    """
    values = {"send": send, "now": stamp(now), "limit": limit}
    if not connection.execute("SELECT 1 FROM sends WHERE id = :send AND state = 'sending'", values).fetchone():
        return Claimed()
    ids: list[int] = []
    for wanted in _NEXT:
        ids += [row[0] for row in connection.execute(wanted, {**values, "limit": limit - len(ids)})]
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute(_PEOPLE, {"ids": json.dumps(ids)}).fetchall()
    taken = [row for row in rows if not row[-1]]
    _move(connection, [row[0] for row in taken], DeliveryState.CLAIMED, now, "attempts = attempts + 1")
    for reason in ("erased", "suppressed", "unsubscribed"):
        objecting = [row[0] for row in rows if row[-1] == reason]
        _move(connection, objecting, DeliveryState.SUPPRESSED, now, "reply = :reply", reply=reason)
    seen = version(connection)
    return Claimed(tuple(_claimed(seen, *row) for row in taken), len(rows) - len(taken))


def note(
    connection: sqlite3.Connection,
    now: datetime,
    *,
    committing: Sequence[int] = (),
    seen: Sequence[int] = (),
    results: Sequence[Result] = (),
) -> frozenset[int]:
    """Write down how attempts ended, and that the final dots of others may leave from now on: all, or nothing.

    Return those of *committing* whose dots may not leave, because the reader left since the claim: a row can wait
    long for its turn. They stay claimed. *seen* are the versions of the file at their claims, if they were claimed
    by this very connection: while the version is the same, nobody else wrote, and nobody can have left. Raise
    TransitionError if a row is not where it must be for all that.
    """
    by_state: dict[DeliveryState, list[Result]] = {}
    for result in results:
        by_state.setdefault(result.state, []).append(result)
    for state, same in by_state.items():
        _settle(connection, state, same, now)
    unwanted = _unwanted(connection, committing, seen) if committing else frozenset()
    wanted = [delivery for delivery in committing if delivery not in unwanted]
    if wanted:
        moved = connection.execute(_MARK, {"now": stamp(now), "ids": json.dumps(wanted)}).rowcount
        if moved != len(wanted):
            raise TransitionError(f"{len(wanted) - moved} of the deliveries {wanted} are not claimed")
    return unwanted


def _unwanted(connection: sqlite3.Connection, committing: Sequence[int], seen: Sequence[int]) -> frozenset[int]:
    """Return those whose readers left since the claim."""
    if seen:
        now = version(connection)
        committing = [delivery for delivery, then in zip(committing, seen, strict=True) if then != now]
        if not committing:
            return frozenset()
    return frozenset(row[0] for row in connection.execute(_UNWANTED, {"ids": json.dumps(list(committing))}))


def version(connection: sqlite3.Connection) -> int:
    """Return a number that is another one once any other connection has written to the file."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def release(
    connection: sqlite3.Connection, deliveries: Sequence[int], now: datetime, due: datetime | None = None
) -> int:
    """Give back what was claimed and not tried: the attempt does not count. Return how many they were.

    *due* is when to take it again; None is as soon as it is its turn.
    """
    more = "attempts = attempts - 1, due = :due"
    return _move(
        connection,
        deliveries,
        DeliveryState.QUEUED,
        now,
        more,
        only="claimed",
        due=stamp(due) if due else None,
    )


def recover(connection: sqlite3.Connection, now: datetime) -> Recovered:
    """Settle what a crashed sender left in every send. Call it only while holding the sender's lock."""
    values = {"now": stamp(now)}
    queued = connection.execute(
        """UPDATE deliveries SET state = 'queued', due = NULL, attempts = attempts - 1, updated = :now
           WHERE send_id IN (SELECT id FROM sends) AND state = 'claimed'""",
        values,
    ).rowcount
    uncertain = connection.execute(
        """UPDATE deliveries SET state = 'uncertain', updated = :now,
           reply = 'the sender stopped after the message may have left'
           WHERE send_id IN (SELECT id FROM sends) AND state = 'committing'""",
        values,
    ).rowcount
    connection.execute(
        """UPDATE deliveries SET state = 'cancelled', due = NULL, updated = :now
           WHERE send_id IN (SELECT id FROM sends WHERE state = 'cancelled')
           AND state IN ('queued', 'deferred')""",
        values,
    )
    return Recovered(queued, uncertain)


def counts(connection: sqlite3.Connection, send: int) -> dict[DeliveryState, int]:
    """Return how many rows are in each state; together they are the audience."""
    found = dict.fromkeys(DeliveryState, 0)
    for row in connection.execute(
        "SELECT state, count(*) FROM deliveries WHERE send_id = :send GROUP BY state", {"send": send}
    ):
        found[DeliveryState(row[0])] = row[1]
    return found


def wakes(connection: sqlite3.Connection, send: int, *, last: bool = False) -> datetime | None:
    """Return when the first row that waits for a time is due, or the *last*; None if none does."""
    which = "max" if last else "min"
    row = connection.execute(
        f"""SELECT {which}(one) FROM (
                SELECT {which}(due) AS one FROM deliveries WHERE send_id = :send AND state = 'deferred'
                UNION ALL SELECT {which}(due) FROM deliveries WHERE send_id = :send AND state = 'queued')""",  # noqa: S608
        {"send": send},
    ).fetchone()
    return moment(row[0]) if row[0] else None


def requeue(connection: sqlite3.Connection, send: int, state: DeliveryState, now: datetime) -> int:
    """Queue the rows that are in *state* (refused or uncertain) once more, as if never tried."""
    return _bulk(connection, send, state, DeliveryState.QUEUED, now, "attempts = 0, due = NULL")


def confirm(connection: sqlite3.Connection, send: int, now: datetime, only: Sequence[int] | None = None) -> int:
    """Count the uncertain rows, or *only* these, as accepted: somebody has looked, and they arrived."""
    if only is not None:
        return _move(connection, only, DeliveryState.ACCEPTED, now, "due = NULL", only="uncertain")
    return _bulk(connection, send, DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED, now, "due = NULL")


def lines(connection: sqlite3.Connection, send: int, state: DeliveryState) -> Iterator[Line]:
    """Yield the rows of a send that are in *state*, in the order of the ledger, a page at a time."""
    last = 0
    while True:
        rows = connection.execute(
            """SELECT d.*, coalesce(s.email, '(erased)') AS email FROM deliveries d
               LEFT JOIN subscribers s ON s.id = d.subscriber_id AND s.status = 'active'
               WHERE d.send_id = :send AND d.state = :state AND d.id > :last ORDER BY d.id LIMIT 500""",
            {"send": send, "state": state.value, "last": last},
        ).fetchall()
        if not rows:
            return
        last = rows[-1]["id"]
        yield from map(_line, rows)


def _bulk(
    connection: sqlite3.Connection, send: int, old: DeliveryState, to: DeliveryState, now: datetime, more: str
) -> int:
    if old not in before(to):
        raise TransitionError(f"a delivery cannot go from {old} to {to}")
    done = connection.execute(
        f"UPDATE deliveries SET state = :to, updated = :now, {more} WHERE send_id = :send AND state = :old",  # noqa: S608
        {"to": to.value, "old": old.value, "send": send, "now": stamp(now)},
    )
    return done.rowcount


def _move(
    connection: sqlite3.Connection,
    deliveries: Sequence[int],
    to: DeliveryState,
    now: datetime,
    more: str,
    only: str = "",
    **values: str | None,
) -> int:
    """Move several rows at once, and set *more* of them; those in another state than may be stay."""
    if not deliveries:
        return 0
    done = connection.execute(
        f"""UPDATE deliveries SET state = :to, updated = :now, {more}
            WHERE id IN (SELECT value FROM json_each(:ids))
            AND state IN ({_among([DeliveryState(only)] if only else before(to))})""",  # noqa: S608 - columns of ours
        {
            **values,
            "to": to.value,
            "now": stamp(now),
            "ids": json.dumps(list(deliveries)),
        },
    )
    return done.rowcount


def _settle(
    connection: sqlite3.Connection, state: DeliveryState, results: Sequence[Result], now: datetime
) -> None:
    """Move rows to *state*, each with its own reply.

    Of a reader who was erased meanwhile no reply is kept: servers like to repeat the address in it.
    """
    rows = [(one.id, stamp(one.due) if one.due else None, one.code, one.enhanced, one.reply) for one in results]
    # As it is, and not escaped: half a character is a fault here, and not when the row is read.
    values = {"now": stamp(now), "rows": json.dumps(rows, ensure_ascii=False)}
    if connection.execute(_SETTLE[state], values).rowcount != len(results):
        raise TransitionError(f"not all of the deliveries {[one.id for one in results]} can become {state}")


def _claimed(
    seen: int,
    number: int,
    send: int,
    subscriber: int,
    variant: str,
    attempts: int,
    email: str,
    name: str,
    language: str,
    attributes: str,
    _: str,
) -> Delivery:
    known: Mapping[str, str | int | float | bool | None] = json.loads(attributes) if attributes != "{}" else {}
    state = DeliveryState.CLAIMED
    return Delivery(number, send, subscriber, variant, state, attempts + 1, email, name, language, known, seen)


def _line(row: sqlite3.Row) -> Line:
    return Line(
        id=row["id"],
        email=row["email"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        code=row["code"],
        enhanced=row["enhanced"],
        reply=row["reply"],
        due=moment(row["due"]) if row["due"] else None,
    )
