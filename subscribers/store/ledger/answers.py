"""What readers answered to the questions of letters: how often each answer was given, and never by whom.

A row is kept under a hash that only who has the keys can make of an issue and a reader, so that a reader's second
answer takes the place of the first, and goes when they are erased. When they answered is not kept.
"""

import hmac
import sqlite3
from collections.abc import Mapping, Sequence


def give(
    connection: sqlite3.Connection, send: int, subscriber: int, question: str, answer: int, keys: Sequence[bytes]
) -> None:
    """Let a reader of *send* answer *question* by its *answer*, from 1, in place of what they answered before.

    *keys* are those of `subscribers.store.register.suppressions`, newest first: an older one may have hidden the
    reader last time. Who was erased while their answer was on its way gives none.
    """
    issue = connection.execute("SELECT issue FROM sends WHERE id = :send", {"send": send}).fetchone()[0]
    hidden = [_hidden(key, issue, subscriber) for key in keys]
    # Who got two sends of an issue has one voice.
    connection.executemany(
        """DELETE FROM answers WHERE send_id IN (SELECT id FROM sends WHERE issue = :issue)
           AND reader = :reader AND question = :question""",
        [{"issue": issue, "reader": reader, "question": question} for reader in hidden],
    )
    connection.execute(
        """INSERT INTO answers (send_id, reader, question, answer)
           SELECT :send, :reader, :question, :answer FROM subscribers WHERE id = :id AND status = 'active'""",
        {"send": send, "reader": hidden[0], "question": question, "answer": answer, "id": subscriber},
    )


def counts(connection: sqlite3.Connection, issue: str) -> Mapping[tuple[str, int], int]:
    """Return how many readers of *issue* gave each answer, by question and answer."""
    rows = connection.execute(
        """SELECT a.question, a.answer, count(*) FROM answers a JOIN sends e ON e.id = a.send_id
           WHERE e.issue = :issue GROUP BY 1, 2""",
        {"issue": issue},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def forget(connection: sqlite3.Connection, subscriber: int, keys: Sequence[bytes]) -> None:
    """Delete what a reader answered; *keys* are as for `give`."""
    rows = connection.execute(
        "SELECT e.id, e.issue FROM sends e WHERE EXISTS (SELECT 1 FROM answers a WHERE a.send_id = e.id)"
    ).fetchall()
    connection.executemany(
        "DELETE FROM answers WHERE send_id = ? AND reader = ?",
        [(row["id"], _hidden(key, row["issue"], subscriber)) for row in rows for key in keys],
    )


def _hidden(key: bytes, issue: str, subscriber: int) -> str:
    return hmac.digest(key, f"answers of {subscriber} to {issue}".encode(), "sha256").hex()
