"""The attributes that people have: their names, and the columns and indexes of those that segments use.

A column is made when a segment first asks for its attribute. It is generated (nothing is stored twice), its name
is a number, and making it changes no row; the index takes a second or two for a million people.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress

from subscribers.expression import FIELDS, Compare, Expression, names, placed
from subscribers.store.file.open import transaction

#: Columns at most: each index makes an import a little slower, and the file larger.
MOST = 24


def known(connection: sqlite3.Connection) -> frozenset[str]:
    """Return every attribute that somebody has or had: the names that a segment may use."""
    return frozenset(row["name"] for row in connection.execute("SELECT name FROM attributes"))


def texts(connection: sqlite3.Connection, test: Compare) -> list[str]:
    """Return a thousand at most of the different texts that people have where *test* asks, in order."""
    column = "language" if test.name == "language" else f"attribute_{test.place:d}"
    if not test.place and column != "language":
        column = "json_extract(attributes, :path)"
    rows = connection.execute(
        f"""SELECT DISTINCT {column} AS text FROM subscribers
            WHERE typeof({column}) = 'text' AND {column} <> '' ORDER BY text LIMIT 1000""",  # noqa: S608 - a column
        {"path": f'$."{test.name}"'},
    )
    return [row["text"] for row in rows]


def note(connection: sqlite3.Connection, found: Iterable[str]) -> None:
    """Remember the names of attributes that are given to somebody. Must be inside a write transaction."""
    connection.executemany(
        "INSERT INTO attributes (name) VALUES (?) ON CONFLICT DO NOTHING", [(n,) for n in found]
    )


def places(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return the number of the column of each attribute that has one."""
    rows = connection.execute("SELECT name, place FROM attributes WHERE place IS NOT NULL")
    return {row["name"]: row["place"] for row in rows}


def place(connection: sqlite3.Connection, expression: Expression) -> Expression:
    """Return *expression* with the columns of its attributes, as far as there are any."""
    return placed(expression, places(connection))


def index(connection: sqlite3.Connection, expression: Expression) -> Expression:
    """Do what `place` does, after making the columns that are missing; without them if the file is busy.

    Writes in a transaction of its own.
    """
    have = places(connection)
    missing = sorted((names(expression) - FIELDS - have.keys()) & known(connection))
    with suppress(sqlite3.OperationalError):
        for name in missing[: max(0, MOST - len(have))]:
            with transaction(connection):
                _make(connection, name)
    return place(connection, expression)


def _make(connection: sqlite3.Connection, name: str) -> None:
    row = connection.execute(
        "SELECT coalesce(max(place), 0) + 1, max(name = ? AND place) FROM attributes", (name,)
    )
    number, done = row.fetchone()
    if done:
        return
    # SQLite binds no values in a schema: what stands in the statement is a number, and a text that SQLite quotes.
    path = connection.execute("SELECT quote(?)", (f'$."{name}"',)).fetchone()[0]
    column = f"attribute_{number:d}"
    connection.execute(
        f"ALTER TABLE subscribers ADD COLUMN {column} ANY AS (json_extract(attributes, {path})) VIRTUAL"
    )
    # The index answers by itself for language and status, which most segments ask for beside.
    connection.execute(f"CREATE INDEX subscribers_by_{column} ON subscribers ({column}, status, language)")
    connection.execute("UPDATE attributes SET place = ? WHERE name = ?", (number, name))
