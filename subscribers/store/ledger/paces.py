"""How fast things may go, kept over restarts: paces that were learned, and what of a ration is used up.

What a name means is the letters' affair; no address is one.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from subscribers.store.file.open import moment, stamp


def learned(connection: sqlite3.Connection) -> Mapping[str, tuple[float, datetime]]:
    """Return every pace by name: how many a second, and since when."""
    rows = connection.execute("SELECT name, rate, since FROM paces")
    return {str(row[0]): (float(row[1]), moment(row[2])) for row in rows}


def learn(connection: sqlite3.Connection, name: str, rate: float, since: datetime) -> None:
    """Keep a pace; the one before it is forgotten."""
    connection.execute(
        """INSERT INTO paces (name, rate, since) VALUES (:name, :rate, :since)
           ON CONFLICT (name) DO UPDATE SET rate = :rate, since = :since""",
        {"name": name, "rate": rate, "since": stamp(since)},
    )


def forget(connection: sqlite3.Connection, before: datetime) -> int:
    """Remove paces that were learned *before* that, and return how many."""
    return connection.execute("DELETE FROM paces WHERE since < :before", {"before": stamp(before)}).rowcount


def used(connection: sqlite3.Connection, name: str) -> dict[int, int]:
    """Return all that is used of a ration, by the part of its period."""
    rows = connection.execute("SELECT part, count FROM rations WHERE name = :name", {"name": name})
    return {int(row[0]): int(row[1]) for row in rows}


def use(connection: sqlite3.Connection, name: str, more: Mapping[int, int], oldest: int) -> dict[int, int]:
    """Count *more* of a ration as used, and return all that is used of it, both by the part of its period.

    Parts before *oldest* are over, and forgotten.
    """
    connection.executemany(
        """INSERT INTO rations (name, part, count) VALUES (?, ?, ?)
           ON CONFLICT (name, part) DO UPDATE SET count = count + excluded.count""",
        [(name, part, count) for part, count in more.items()],
    )
    connection.execute(
        "DELETE FROM rations WHERE name = :name AND part < :oldest", {"name": name, "oldest": oldest}
    )
    return used(connection, name)
