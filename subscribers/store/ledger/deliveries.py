"""The ledger: one row for every recipient of a send, in exactly one state.

A function here writes within the transaction of its caller; `subscribers.status` says what may follow what, and
each UPDATE asks it, so that a row can never take a step that is not drawn in docs/delivery.md.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from subscribers.errors import TransitionError
from subscribers.model import Delivery
from subscribers.roster import SUPPRESSED
from subscribers.status import DeliveryState, before
from subscribers.store.file import rows
from subscribers.store.file.open import moment, stamp

#: Why the reader in row ``s`` may not be written to any more, or "". The braces take the number of the list.
_OBJECTION = f"""CASE WHEN s.id IS NULL OR s.status <> 'active' THEN 'erased' WHEN {SUPPRESSED} THEN 'suppressed'
    WHEN NOT EXISTS (SELECT 1 FROM subscriptions c
        WHERE c.list_id = {{}} AND c.subscriber_id = s.id AND c.status = 'confirmed') THEN 'unsubscribed'
    ELSE '' END"""  # noqa: S608 - a condition of ours

#: Which rows ``d`` the index ``deliveries_listed`` knows: all but the accepted and the fresh, which are most. A
#: query finds them by it only if it says these words.
LISTED = "(d.due IS NOT NULL OR d.state <> 'queued') AND d.state <> 'accepted'"

#: Which rows ``d`` of the send ``e`` are fresh: never claimed. No index knows them: they stand side by side, from
#: ``e.next`` to ``e.last``, and among them none that is accepted. Only a fresh row is queued without a *due*: one
#: that was claimed before, and waits for no time, has '' there.
FRESH = "d.id BETWEEN e.next AND e.last AND d.send_id = e.id AND d.state = 'queued' AND d.due IS NULL"

#: The *due* of a queued row that waits for a decision and not for a time: no claim takes it before that is over.
HELD = stamp(datetime.max.replace(tzinfo=UTC))

#: The next rows: those whose wait is over, those whose time has come, then the fresh ones.
_NEXT = tuple(
    f"""SELECT d.id, d.send_id, d.subscriber_id, d.variant, d.attempts, s.email, s.name, s.language, s.attributes,
        {_OBJECTION.format(":list")}
    FROM {which} LIMIT :limit"""  # noqa: S608 - conditions of ours
    for which in (
        f"""deliveries d LEFT JOIN subscribers s ON s.id = d.subscriber_id
            WHERE d.send_id = :send AND d.state = 'deferred' AND d.due <= :now AND {LISTED} ORDER BY d.due""",
        f"""deliveries d LEFT JOIN subscribers s ON s.id = d.subscriber_id
            WHERE d.send_id = :send AND d.state = 'queued' AND d.due <= :now AND {LISTED} ORDER BY d.due, d.id""",
        f"""sends e CROSS JOIN deliveries d NOT INDEXED LEFT JOIN subscribers s ON s.id = d.subscriber_id
            WHERE e.id = :send AND {FRESH} ORDER BY d.id""",
    )
)

_UNWANTED = f"""SELECT d.id FROM deliveries d JOIN sends e ON e.id = d.send_id
    LEFT JOIN subscribers s ON s.id = d.subscriber_id
    WHERE d.id IN (SELECT value FROM json_each(:ids))
    AND {_OBJECTION.format("(SELECT l.id FROM lists l WHERE l.slug = e.list)")} <> ''"""  # noqa: S608


def one_of(column: str, states: Iterable[StrEnum]) -> str:
    """Return the condition that *column* is one of *states*, in words that cost SQLite less than its IN does."""
    return " OR ".join(f"{column} = '{state}'" for state in states) or "FALSE"


#: Whether a row may take a step, as `subscribers.status` draws it; those of most rows are asked first.
_DRAWN = " OR ".join(
    f"(step.state = '{to}' AND ({one_of('deliveries.state', before(to))}))"
    for to in sorted(DeliveryState, key=lambda to: DeliveryState.COMMITTING not in (to, *before(to)))
)

#: Moves each row by a step of its own. One statement for all of a turn: it runs without Python's lock.
_STEPS = f"""UPDATE deliveries SET state = step.state, due = step.due, code = step.code,
        enhanced = step.enhanced, updated = ?, reply = iif(step.reply = ''
            OR (SELECT s.status FROM subscribers s WHERE s.id = subscriber_id) = 'active', step.reply, '')
    FROM (SELECT column1 AS id, column2 AS state, column3 AS due, column4 AS code, column5 AS enhanced,
        column6 AS reply FROM (VALUES {{(?, ?, ?, ?, ?, ?)}})) step
    WHERE deliveries.id = step.id AND ({_DRAWN})"""  # noqa: S608 - states of ours

#: The step of no row. Python binds None in ten times the time of a text.
_NOBODY = (0, "", "", 0, "", "")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim took: *taken* are to be sent, so many are *suppressed*."""

    taken: tuple[Delivery, ...] = ()
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a crash left: rows that were *claimed* then and are queued again, and so many that are *uncertain*."""

    claimed: tuple[datetime, ...] = ()
    uncertain: int = 0

    @property
    def queued(self) -> int:
        """How many are queued again."""
        return len(self.claimed)


class Result(NamedTuple):
    """How an attempt ended. *due* is when to try again; *code*, *enhanced* and *reply* what the server said."""

    id: int
    state: DeliveryState
    due: datetime | None = None
    code: int = 0
    enhanced: str = ""
    reply: str = ""


def claim(connection: sqlite3.Connection, send: int, limit: int, now: datetime) -> Claimed:
    """Take up to *limit* rows of a send that is sending, and count the attempt.

    Whether each reader may still be written to is asked here, in the same transaction: who unsubscribed, was
    suppressed or erased since the audience was frozen becomes ``suppressed``.
    """
    sending = connection.execute(
        """SELECT l.id FROM sends e LEFT JOIN lists l ON l.slug = e.list
           WHERE e.id = :send AND e.state = 'sending'""",
        {"send": send},
    ).fetchone()
    if sending is None:
        return Claimed()
    cursor = connection.cursor()
    cursor.row_factory = None
    rows: list[tuple[Any, ...]] = []
    for wanted in _NEXT:
        values = {"send": send, "list": sending[0], "now": stamp(now), "limit": limit - len(rows)}
        found = cursor.execute(wanted, values).fetchall()
        rows += found
    # These were the fresh ones: the next begin after them.
    if found or len(rows) < limit:
        _pass(connection, send, found[-1][0] if len(rows) == limit else None)
    taken = [row for row in rows if not row[-1]]
    _move(connection, [row[0] for row in taken], DeliveryState.CLAIMED, now, "attempts = attempts + 1")
    for reason in ("erased", "suppressed", "unsubscribed"):
        objecting = [row[0] for row in rows if row[-1] == reason]
        _move(connection, objecting, DeliveryState.SUPPRESSED, now, "reply = :reply", reply=reason)
    seen = version(connection)
    return Claimed(tuple(_claimed(seen, *row) for row in taken), len(rows) - len(taken))


def _pass(connection: sqlite3.Connection, send: int, claimed: int | None) -> None:
    """Let the fresh rows begin after the one *claimed*; None tells that there are none left."""
    connection.execute(
        "UPDATE sends SET next = coalesce(:claimed, last) + 1 WHERE id = :send AND next <= last",
        {"claimed": claimed, "send": send},
    )


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
    unwanted = _unwanted(connection, committing, seen) if committing else frozenset()
    steps: list[tuple[Any, ...]] = [
        (one.id, one.state.value, stamp(one.due) if one.due else "", one.code, one.enhanced, one.reply)
        for one in results
    ]
    steps += [(delivery, "committing", "", 0, "", "") for delivery in committing if delivery not in unwanted]
    moved = rows.run(connection, _STEPS, steps, _NOBODY, stamp(now))
    if moved != len(steps):
        ids = [step[0] for step in steps]
        raise TransitionError(f"{len(steps) - moved} of the deliveries {ids} are not where that step begins")
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
        connection, deliveries, DeliveryState.QUEUED, now, more, only="claimed", due=stamp(due) if due else ""
    )


def recover(connection: sqlite3.Connection, now: datetime) -> Recovered:
    """Settle what a crashed sender left in every send. Call it only while holding the sender's lock."""
    values = {"now": stamp(now)}
    theirs = f"send_id IN (SELECT id FROM sends) AND state = 'claimed' AND {LISTED}"  # noqa: S608 - no input
    found = connection.execute(f"SELECT updated FROM deliveries AS d WHERE {theirs}").fetchall()  # noqa: S608
    claimed = tuple(moment(row[0]) for row in found)
    connection.execute(
        f"""UPDATE deliveries AS d SET state = 'queued', due = '', attempts = attempts - 1, updated = :now
           WHERE {theirs}""",  # noqa: S608
        values,
    )
    uncertain = connection.execute(
        f"""UPDATE deliveries AS d SET state = 'uncertain', updated = :now,
           reply = 'the sender stopped after the message may have left'
           WHERE send_id IN (SELECT id FROM sends) AND state = 'committing' AND {LISTED}""",  # noqa: S608
        values,
    ).rowcount
    for row in connection.execute("SELECT id FROM sends WHERE state = 'cancelled'").fetchall():
        cancel(connection, row[0], now)
    return Recovered(claimed, uncertain)


def cancel(connection: sqlite3.Connection, send: int, now: datetime) -> None:
    """End what waits of a send; what is in hand goes on."""
    values = {"send": send, "now": stamp(now)}
    for which in (
        f"d.send_id = :send AND (d.state = 'queued' OR d.state = 'deferred') AND {LISTED}",
        f"d.id IN (SELECT d.id FROM sends e CROSS JOIN deliveries d NOT INDEXED WHERE e.id = :send AND {FRESH})",  # noqa: S608 - conditions of ours
    ):
        connection.execute(
            f"UPDATE deliveries AS d SET state = 'cancelled', due = NULL, updated = :now WHERE {which}",  # noqa: S608
            values,
        )
    _pass(connection, send, None)


def requeue(connection: sqlite3.Connection, send: int, state: DeliveryState, now: datetime) -> int:
    """Queue the rows that are in *state* (refused or uncertain) once more, as if never tried."""
    return _bulk(connection, send, state, DeliveryState.QUEUED, now, "attempts = 0, due = ''")


def confirm(connection: sqlite3.Connection, send: int, now: datetime, only: Sequence[int] | None = None) -> int:
    """Count the uncertain rows, or *only* these, as accepted: somebody has looked, and they arrived."""
    if only is not None:
        return _move(connection, only, DeliveryState.ACCEPTED, now, "due = NULL", only="uncertain")
    return _bulk(connection, send, DeliveryState.UNCERTAIN, DeliveryState.ACCEPTED, now, "due = NULL")


def prove(connection: sqlite3.Connection, send: int, deliveries: Sequence[int], now: datetime) -> int:
    """Count rows as accepted that a server's log proves, and return how many of them waited here.

    They wait where the file is an old copy: the log knows more. They take the steps that they took when they left.
    """
    first, last = connection.execute("SELECT next, last FROM sends WHERE id = :send", {"send": send}).fetchone()
    if fresh := [number for number in deliveries if first is not None and first <= number <= last]:
        # Among fresh rows none may be accepted, so those before the last of these are fresh no more.
        connection.execute(
            f"""UPDATE deliveries SET due = '' WHERE id IN (SELECT d.id FROM sends e
                CROSS JOIN deliveries d NOT INDEXED WHERE e.id = :send AND {FRESH} AND d.id <= :number)""",  # noqa: S608
            {"send": send, "number": max(fresh)},
        )
        _pass(connection, send, max(fresh))
    waiting = connection.execute(
        f"""SELECT d.id FROM deliveries d WHERE d.id IN (SELECT value FROM json_each(:ids))
            AND +d.send_id = :send AND ({one_of("d.state", (DeliveryState.QUEUED, DeliveryState.DEFERRED))})""",  # noqa: S608
        {"ids": json.dumps(list(deliveries)), "send": send},
    ).fetchall()
    ids = [row[0] for row in waiting]
    _move(connection, ids, DeliveryState.CLAIMED, now, "attempts = attempts + 1")
    for step in (DeliveryState.COMMITTING, DeliveryState.UNCERTAIN):
        _move(connection, ids, step, now, "due = ''")
    confirm(connection, send, now, deliveries)
    return len(ids)


def _bulk(
    connection: sqlite3.Connection, send: int, old: DeliveryState, to: DeliveryState, now: datetime, more: str
) -> int:
    if old not in before(to):
        raise TransitionError(f"a delivery cannot go from {old} to {to}")
    done = connection.execute(
        f"""UPDATE deliveries AS d SET state = :to, updated = :now, {more}
            WHERE send_id = :send AND state = '{old}' AND {LISTED}""",  # noqa: S608
        {"to": to.value, "send": send, "now": stamp(now)},
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
            AND ({one_of("state", [DeliveryState(only)] if only else before(to))})""",  # noqa: S608 - columns of ours
        {**values, "to": to.value, "now": stamp(now), "ids": json.dumps(list(deliveries))},
    )
    return done.rowcount


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
