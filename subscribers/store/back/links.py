"""The links of a letter that are counted, how often each was opened, and by whom of those who agreed to that.

Totals name nobody. A footprint is one reader's opening of one link, or of the picture that tells that a letter was
shown; it is kept for readers who agreed only, and goes after its time.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from subscribers.store.file.open import moment, stamp


@dataclass(frozen=True, slots=True)
class Kept:
    """A link of a send. *id* is all that stands in the letter; it leads to *url* and nowhere else."""

    id: str
    place: int
    url: str
    label: str
    variant: str = ""
    clicks: int = 0
    scans: int = 0


def keep(connection: sqlite3.Connection, send: int, variant: str, links: Iterable[Kept]) -> None:
    """Write down the links of one variant, in the transaction that makes the send."""
    connection.executemany(
        "INSERT INTO links (id, send_id, variant, place, url, label) VALUES (?, ?, ?, ?, ?, ?)",
        [(each.id, send, variant, each.place, each.url, each.label) for each in links],
    )


def of(connection: sqlite3.Connection, send: int, variant: str) -> Mapping[int, str]:
    """Return the id of each counted link of a variant, by its place; nothing if they are not counted."""
    rows = connection.execute(
        "SELECT place, id FROM links WHERE send_id = :send AND variant = :variant",
        {"send": send, "variant": variant},
    )
    return dict(rows.fetchall())


def where(connection: sqlite3.Connection, link: str) -> str | None:
    """Return where a link leads, or None for one that is not ours."""
    row = connection.execute("SELECT url FROM links WHERE id = :id", {"id": link}).fetchone()
    return row[0] if row else None


def lead(connection: sqlite3.Connection, elsewhere: Mapping[str, str]) -> None:
    """Let links lead *elsewhere*, to an address by each one's id."""
    rows = [(url, link) for link, url in elsewhere.items()]
    connection.executemany("UPDATE links SET url = ? WHERE id = ?", rows)


def count(connection: sqlite3.Connection, opened: Iterable[tuple[str, bool]], now: datetime) -> None:
    """Count links that were opened, each with whether by a machine, in the hour of *now*."""
    connection.executemany(
        """INSERT INTO clicks (link_id, hour, scanner, count) VALUES (?, ?, ?, 1)
           ON CONFLICT (link_id, hour, scanner) DO UPDATE SET count = count + 1""",
        [(link, stamp(now)[:13], int(machine)) for link, machine in opened],
    )


def totals(connection: sqlite3.Connection, issue: str) -> Iterator[Kept]:
    """Yield the links of an issue with their clicks, in the order of the letter."""
    rows = connection.execute(
        """SELECT l.id, l.place, l.url, l.label, l.variant,
           (SELECT coalesce(sum(count), 0) FROM clicks c WHERE c.link_id = l.id AND c.scanner = 0) AS people,
           (SELECT coalesce(sum(count), 0) FROM clicks c WHERE c.link_id = l.id AND c.scanner = 1) AS machines
           FROM links l JOIN sends e ON e.id = l.send_id WHERE e.issue = :issue ORDER BY l.variant, l.place""",
        {"issue": issue},
    )
    for row in rows:
        yield Kept(*row)


def by_url(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return how often people opened each address, over all issues."""
    rows = connection.execute(
        """SELECT l.url, sum(c.count) FROM clicks c JOIN links l ON l.id = c.link_id
           WHERE c.scanner = 0 GROUP BY l.url"""
    )
    return dict(rows.fetchall())


def watch(connection: sqlite3.Connection, subscriber: int, agrees: bool, now: datetime) -> None:
    """Note whether a person agrees that we see what they open; what was seen goes when they no longer do."""
    if agrees:
        connection.execute(
            "INSERT INTO watched (subscriber_id, since) VALUES (:id, :now) ON CONFLICT DO NOTHING",
            {"id": subscriber, "now": stamp(now)},
        )
        return
    for statement in (
        "DELETE FROM watched WHERE subscriber_id = :id",
        "DELETE FROM footprints WHERE subscriber_id = :id",
    ):
        connection.execute(statement, {"id": subscriber})


def agrees(connection: sqlite3.Connection, subscriber: int) -> bool:
    """Return whether one person agreed that we see what they open."""
    row = connection.execute("SELECT 1 FROM watched WHERE subscriber_id = :id", {"id": subscriber}).fetchone()
    return row is not None


def footprints(connection: sqlite3.Connection, subscriber: int) -> Iterator[tuple[str, str, datetime]]:
    """Yield what one person opened: (issue, address or "" for the picture, when)."""
    rows = connection.execute(
        """SELECT e.issue, coalesce(l.url, '') AS url, f.at FROM footprints f JOIN sends e ON e.id = f.send_id
           LEFT JOIN links l ON l.id = f.link_id WHERE f.subscriber_id = :id ORDER BY f.at""",
        {"id": subscriber},
    )
    for row in rows:
        yield row["issue"], row["url"], moment(row["at"])


def watched(connection: sqlite3.Connection) -> frozenset[int]:
    """Return who agreed."""
    return frozenset(row[0] for row in connection.execute("SELECT subscriber_id FROM watched"))


def leave(
    connection: sqlite3.Connection, delivery: int, link: str | None, now: datetime, too_fast: float
) -> bool | None:
    """Write down that the reader of a delivery opened a link, or saw the picture (None), if they agree.

    Return whether it was a machine, which comes sooner than *too_fast* seconds after the letter was taken; None,
    and nothing written, for who did not agree.
    """
    row = connection.execute(
        """SELECT d.subscriber_id, d.send_id, d.updated, d.state FROM deliveries d
           JOIN watched w ON w.subscriber_id = d.subscriber_id WHERE d.id = :id""",
        {"id": delivery},
    ).fetchone()
    if row is None:
        return None
    machine = row["state"] != "accepted" or (now - moment(row["updated"])).total_seconds() < too_fast
    connection.execute(
        """INSERT INTO footprints (subscriber_id, send_id, link_id, at, scanner)
           VALUES (:subscriber, :send, :link, :at, :scanner)""",
        {
            "subscriber": row["subscriber_id"],
            "send": row["send_id"],
            "link": link,
            "at": stamp(now),
            "scanner": int(machine),
        },
    )
    return machine


def pictures(connection: sqlite3.Connection, issue: str) -> int | None:
    """Return for how many readers who agreed the picture was loaded, not by a machine; None if nobody agreed."""
    row = connection.execute(
        """SELECT count(DISTINCT f.subscriber_id) FROM footprints f JOIN sends e ON e.id = f.send_id
           WHERE e.issue = :issue AND f.link_id IS NULL AND f.scanner = 0""",
        {"issue": issue},
    ).fetchone()
    known = connection.execute("SELECT 1 FROM watched LIMIT 1").fetchone()
    return int(row[0]) if known else None


def forget(connection: sqlite3.Connection, before: datetime) -> int:
    """Delete the footprints from before; the totals stay. Return how many went."""
    return connection.execute("DELETE FROM footprints WHERE at < :before", {"before": stamp(before)}).rowcount
