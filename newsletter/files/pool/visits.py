"""What the pool remembers of its sources: how to ask for changes only, and when to try again after a failure."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from newsletter.files.pool import entry


@dataclass(frozen=True, slots=True)
class Visit:
    """What the last answer of a source told: the validators of RFC 9110 section 8.8, *url* and *kind*, where and
    what it was, and *mark*, how far it was read.

    *failures* counts those in a row, *fault* is the last one in words; before *again* it is left alone.
    """

    etag: str = ""
    modified: str = ""
    url: str = ""
    kind: str = ""
    mark: str = ""
    failures: int = 0
    fault: str = ""
    again: datetime | None = None


def get(connection: sqlite3.Connection, source: str, rule: str) -> Visit:
    """Return what *source* told last time; nothing if it was then read by another *rule*."""
    row = connection.execute(
        """SELECT etag, modified, url, kind, mark, failures, fault, again FROM visits
        WHERE source = ? AND rule = ?""",
        (source, rule),
    ).fetchone()
    return Visit(**{**dict(row), "again": entry.moment(row["again"])}) if row else Visit()


def put(connection: sqlite3.Connection, source: str, rule: str, visit: Visit) -> None:
    """Remember what *source* told, for next time."""
    connection.execute(
        """INSERT OR REPLACE INTO visits (source, rule, etag, modified, url, kind, mark, failures, fault, again)
        VALUES (:source, :rule, :etag, :modified, :url, :kind, :mark, :failures, :fault, :again)""",
        {**asdict(visit), "source": source, "rule": rule, "again": entry.stamp(visit.again)},
    )


def pages(connection: sqlite3.Connection, source: str) -> Mapping[str, str]:
    """Return the pages of *source* that were read: address and stamp."""
    return dict(connection.execute("SELECT url, stamp FROM pages WHERE source = ?", (source,)).fetchall())


def put_pages(connection: sqlite3.Connection, source: str, seen: Iterable[tuple[str, str]]) -> None:
    """Remember pages of *source* that were read: address and stamp."""
    connection.executemany(
        "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", [(source, url, stamp) for url, stamp in seen]
    )
