"""What was sent to whole lists, for an archive that everybody may read. Nothing here tells of a person."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from subscribers.store.file.open import moment
from subscribers.store.ledger.census import ACCEPTED, WHOLE


@dataclass(frozen=True, slots=True)
class Sent:
    """An issue that went out. *send* is the one whose content counts, *first* when readers got it first."""

    issue: str
    send: int
    first: datetime


def issues(connection: sqlite3.Connection, lists: Iterable[str], issue: str = "") -> tuple[Sent, ...]:
    """Return the issues that were sent to the whole of one of *lists*, the latest first.

    *issue* asks for that one only, even if it was for a segment: those readers' letters lead to its page.
    A send that was cancelled counts if somebody got it. Of several sends of an issue the last one's content
    counts: it went to who joined since, with what was mended.
    """
    rows = connection.execute(
        f"""SELECT e.issue, max(e.id) AS send, min(e.started) AS first FROM sends e
           WHERE e.started IS NOT NULL AND e.list IN (SELECT value FROM json_each(:lists))
             AND (:issue = '' OR e.issue = :issue)
             AND (e.state <> 'cancelled' OR {ACCEPTED} > 0)
           GROUP BY e.issue
           HAVING :issue <> '' OR max({WHOLE})
           ORDER BY first DESC, send DESC""",  # noqa: S608 - expressions of ours
        {"lists": json.dumps(list(lists)), "issue": issue},
    )
    return tuple(Sent(str(row["issue"]), int(row["send"]), moment(row["first"])) for row in rows)
