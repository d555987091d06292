"""The queue of mails that people's own acts call for, such as the one that asks to confirm.

As honest as the ledger: ``committing`` stands on the disk before the server can accept, so that a crash leaves
``uncertain`` and never sends the same mail twice on its own.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from subscribers import roster
from subscribers.model import Follow, Mail
from subscribers.status import MailState, before
from subscribers.store.file.open import moment, stamp
from subscribers.store.file.rows import insert

_MAIL = """SELECT m.id, m.kind, m.subscriber_id AS subscriber, m.list, m.language, m.attempts, m.created, m.issue,
    s.email, s.name
    FROM mails m JOIN subscribers s ON s.id = m.subscriber_id"""


#: So for the row ``s`` of a person who is on the list of a row of ``mails``.
_JOINED = """EXISTS (SELECT 1 FROM subscriptions c JOIN lists l ON l.id = c.list_id
    WHERE c.subscriber_id = s.id AND l.slug = mails.list AND c.status = 'confirmed')"""


def queue(
    connection: sqlite3.Connection,
    kind: str,
    subscriber: int,
    list: str,  # noqa: A002 - the word for it
    language: str,
    now: datetime,
) -> None:
    """Put a mail into the queue.

    *kind* is confirm, welcome or link; *list* "" means several.
    """
    queue_all(connection, [(kind, subscriber, list, language, stamp(now), stamp(now))])


#: A mail to be sent: its kind, subscriber, list, language, when it is due, and since when.
Row: TypeAlias = tuple[str, int, str, str, str, str]


def queue_all(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Put mails into the queue."""
    statement = "INSERT INTO mails (kind, subscriber_id, list, language, due, created) VALUES {(?, ?, ?, ?, ?, ?)}"
    insert(connection, statement, rows)


def follow(
    connection: sqlite3.Connection,
    subscriber: int,
    list: str,  # noqa: A002 - the word for it
    language: str,
    now: datetime,
    series: Sequence[Follow],
) -> None:
    """Queue the letters that follow for who joined *list* just *now*. None of them goes to anybody twice."""
    connection.executemany(
        """INSERT INTO mails (kind, subscriber_id, list, language, due, created, issue)
           SELECT 'series', :id, :list, :language, :due, :now, :issue
           WHERE NOT EXISTS (SELECT 1 FROM mails m WHERE m.subscriber_id = :id AND m.issue = :issue
                             AND m.state <> 'refused')""",
        [
            {
                "id": subscriber,
                "list": list,
                "language": language,
                "due": stamp(now + each.after),
                "now": stamp(now),
                "issue": each.issue,
            }
            for each in series
        ],
    )


def reached(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many readers each issue of a series went to."""
    rows = connection.execute(
        "SELECT issue, count(*) FROM mails WHERE kind = 'series' AND state = 'accepted' GROUP BY issue"
    )
    return {row[0]: row[1] for row in rows}


def due(connection: sqlite3.Connection, now: datetime, limit: int) -> tuple[Mail, ...]:
    """Return the mails to send now, at most *limit*, the longest waiting first."""
    rows = connection.execute(
        f"{_MAIL} WHERE m.state = 'queued' AND m.due <= :now ORDER BY m.due, m.id LIMIT :limit",
        {"now": stamp(now), "limit": limit},
    )
    return tuple(_mail(row) for row in rows)


def next_due(connection: sqlite3.Connection, now: datetime) -> datetime | None:
    """Return when the next mail is to be sent that is not due *now*; None if none waits."""
    row = connection.execute(
        "SELECT min(due) AS due FROM mails WHERE state = 'queued' AND due > :now", {"now": stamp(now)}
    ).fetchone()
    return moment(row["due"]) if row["due"] else None


def commit(connection: sqlite3.Connection, mail: int, now: datetime) -> bool:
    """Mark that the server may accept *mail* from now on, and count the attempt.

    Return False, and refuse the mail for good, if its person is suppressed or erased by now, or, of a letter of a
    series, left its list or paused letters; False too if the mail is not queued.
    """
    meant = roster.meant(now=now)
    done = connection.execute(
        f"""UPDATE mails SET state = 'committing', attempts = attempts + 1
            WHERE id = :id AND state = 'queued'
            AND EXISTS (SELECT 1 FROM subscribers s WHERE s.id = mails.subscriber_id
                AND CASE WHEN mails.kind = 'series' THEN {meant.sql} AND {_JOINED} ELSE NOT {roster.SUPPRESSED} END)""",  # noqa: S608, E501 - texts of ours
        {"id": mail, **meant.values},
    )
    if done.rowcount == 1:
        return True
    connection.execute(
        "UPDATE mails SET state = 'refused', reply = 'suppressed' WHERE id = :id AND state = 'queued'",
        {"id": mail},
    )
    return False


def settle(
    connection: sqlite3.Connection, mail: int, state: MailState, reply: str, due: datetime | None = None
) -> None:
    """Say what came of *mail*. With the state queued, *due* is when to try again."""
    connection.execute(
        """UPDATE mails SET state = :state, reply = :reply, due = coalesce(:due, due)
           WHERE id = :id AND (state = :state OR state IN (SELECT value FROM json_each(:before)))""",
        {
            "id": mail,
            "state": state.value,
            "reply": reply,
            "due": stamp(due) if due else None,
            "before": json.dumps(before(state)),
        },
    )


def tried(connection: sqlite3.Connection, mail: int, reply: str, due: datetime) -> None:
    """Count an attempt that surely was not accepted and never got as far as `commit`; try again when *due*."""
    connection.execute(
        """UPDATE mails SET attempts = attempts + 1, reply = :reply, due = :due
           WHERE id = :id AND state = 'queued'""",
        {"id": mail, "reply": reply, "due": stamp(due)},
    )


def recover(connection: sqlite3.Connection) -> int:
    """After a crash: what was committing is uncertain now. Return how many."""
    done = connection.execute("UPDATE mails SET state = 'uncertain' WHERE state = 'committing'")
    return done.rowcount


def latest(connection: sqlite3.Connection, subscriber: int, kind: str) -> Mail | None:
    """Return the newest mail of this *kind* to a person."""
    row = connection.execute(
        f"{_MAIL} WHERE m.subscriber_id = :id AND m.kind = :kind ORDER BY m.id DESC LIMIT 1",
        {"id": subscriber, "kind": kind},
    ).fetchone()
    return _mail(row) if row else None


def _mail(row: sqlite3.Row) -> Mail:
    return Mail(**dict(row) | {"created": moment(row["created"])})
