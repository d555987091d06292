"""Who became a reader of a list since some time, and who is one no more: counted by how they came and went."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from subscribers.roster import SUPPRESSED
from subscribers.store.back.figures import JOINING
from subscribers.store.file.open import moment, stamp
from subscribers.store.ledger.census import WHOLE
from subscribers.store.register.acts import UNDO
from subscribers.store.register.moves import CAME_BACK, COMES, GOES


@dataclass(frozen=True, slots=True)
class Way:
    """By what people *joined* or *left*: a form, a page, a file, or what came back. How many did."""

    by: str
    joined: int
    left: int


#: A line of consent (``p``) that somebody said before another one (``c``) to the same list.
_BEFORE = """p.id = (SELECT max(b.id) FROM consents b
    WHERE b.subscriber_id = c.subscriber_id AND b.list = c.list AND b.id < c.id)"""
#: Where somebody asked who has confirmed: that is how they came.
_ASKED = """coalesce(iif(c.what = 'confirm', (SELECT b.source FROM consents b
    WHERE b.subscriber_id = c.subscriber_id AND b.list = c.list AND b.what = 'signup' AND b.id < c.id
    ORDER BY b.id DESC LIMIT 1), NULL), c.source)"""


def last(connection: sqlite3.Connection, slug: str) -> tuple[str, datetime] | None:
    """Return the issue that was sent to a list last, and when that began; None if none was.

    One to a segment, such as a correction, counts only where none went to the whole list.
    """
    row = connection.execute(
        f"""SELECT e.issue, min(e.started) AS began FROM sends e WHERE e.list = :slug AND e.started IS NOT NULL
           GROUP BY e.issue ORDER BY max({WHOLE}) DESC, began DESC LIMIT 1""",  # noqa: S608 - a condition of ours
        {"slug": slug},
    ).fetchone()
    return (row["issue"], moment(row["began"])) if row else None


def readers(connection: sqlite3.Connection, slug: str) -> int:
    """Return how many are confirmed in a list and may be mailed."""
    found = connection.execute(
        f"""SELECT count(*) FROM subscriptions u JOIN lists l ON l.id = u.list_id
            JOIN subscribers s ON s.id = u.subscriber_id
            WHERE l.slug = :slug AND u.status = 'confirmed' AND NOT {SUPPRESSED}""",  # noqa: S608 - a condition of ours
        {"slug": slug},
    )
    return int(found.fetchone()[0])


def ways(connection: sqlite3.Connection, slug: str, since: datetime) -> tuple[Way, ...]:
    """Return how people came to a list and left it since then, the busiest way first.

    Who only asked, has moved, or took leaving back is in no number; who came and left is in both.
    """
    values = {"slug": slug, "since": stamp(since), "undo": UNDO, "comes": COMES, "goes": GOES}
    came, went = Counter(_came(connection, values)), Counter(_went(connection, values))
    went.update(_given_up(connection, values))
    found = [Way(by, came[by], went[by]) for by in came | went]
    return tuple(sorted(found, key=lambda way: (-way.joined - way.left, way.by)))


def _came(connection: sqlite3.Connection, values: dict[str, str]) -> dict[str, int]:
    joining = JOINING.replace("p.", "c.")
    rows = connection.execute(
        f"""SELECT {_ASKED} AS way, count(*) FROM consents c JOIN lists l ON l.slug = c.list
            WHERE c.list = :slug AND c.at >= :since AND {joining} AND c.source <> :undo
            AND substr(c.wording, 1, length(:comes)) <> :comes
            AND NOT EXISTS (SELECT 1 FROM consents p WHERE {_BEFORE} AND {JOINING}) GROUP BY 1""",  # noqa: S608 - conditions of ours
        values,
    )
    return {row[0]: row[1] for row in rows}


def _went(connection: sqlite3.Connection, values: dict[str, str]) -> dict[str, int]:
    rows = connection.execute(
        f"""SELECT c.source, count(*) FROM consents c JOIN lists l ON l.slug = c.list JOIN consents p ON {_BEFORE}
            WHERE c.list = :slug AND c.what = 'withdraw' AND c.at >= :since AND {JOINING}
            AND substr(c.wording, 1, length(:goes)) <> :goes
            AND NOT EXISTS (SELECT 1 FROM consents b WHERE b.source = :undo AND b.id = (SELECT min(n.id)
                FROM consents n WHERE n.subscriber_id = c.subscriber_id AND n.list = c.list AND n.id > c.id))
            GROUP BY 1""",  # noqa: S608 - conditions of ours
        values,
    )
    return {row[0]: row[1] for row in rows}


def _given_up(connection: sqlite3.Connection, values: dict[str, str]) -> dict[str, int]:
    """Return who is a reader still and must not be mailed since then, by what came of their mail."""
    rows = connection.execute(
        """SELECT x.reason, count(*) FROM suppressions x JOIN subscribers s ON s.canonical = x.canonical
           JOIN subscriptions u ON u.subscriber_id = s.id JOIN lists l ON l.id = u.list_id
           WHERE l.slug = :slug AND u.status = 'confirmed' AND x.at >= :since GROUP BY 1""",
        values,
    )
    words = {**dict.fromkeys(CAME_BACK, "mail came back"), "complaint": "complaint"}
    found: Counter[str] = Counter()
    for reason, count in rows:
        found[words.get(reason, "suppressed")] += count
    return found
