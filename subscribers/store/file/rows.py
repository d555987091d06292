"""Read and insert many rows in few steps.

SQLite lets go of Python's lock for each step, and beside a busy thread each way back waits for its turn. So a
step takes many rows. It is also less work than ``executemany``.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

#: Rows in a step, the most first: few sizes, so that SQLite's cache keeps the statements. More rows gain nothing.
_SIZES = (32, 16, 8, 4, 2, 1)


def insert(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert *rows* by a *statement* whose braces hold the places of one row: ``... VALUES {(?, ?)} ...``."""
    for size, part in _parts(rows):
        connection.execute(_widened(statement, size), list(chain.from_iterable(part)))


def run(
    connection: sqlite3.Connection,
    statement: str,
    rows: Sequence[tuple[Any, ...]],
    none: tuple[Any, ...],
    *first: Any,
) -> int:
    """Run a *statement* such as `insert` takes, once for all *rows*. Return how many rows it changed.

    *none* is a row that nothing comes of: it is added until the size is one of few. *first* are the values of the
    places that stand before the rows.
    """
    if not rows:
        return 0
    size = -(-len(rows) // 4) * 4
    values = [*first, *chain.from_iterable(rows), *(none * (size - len(rows)))]
    return connection.execute(_widened(statement, size), values).rowcount


def select(connection: sqlite3.Connection, columns: str, source: str, **values: Any) -> list[list[Any]]:
    """Return *columns* of what follows FROM in *source*, all rows in one step. No column may be a blob."""
    sql = f"SELECT json_group_array(json_array({columns})) FROM {source}"  # noqa: S608 - texts of ours
    return list(json.loads(connection.execute(sql, values).fetchone()[0]))


def _parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Sequence[tuple[Any, ...]]]]:
    done = 0
    for size in _SIZES:
        while len(rows) - done >= size:
            yield size, rows[done : done + size]
            done += size


@lru_cache(maxsize=128)
def _widened(statement: str, size: int) -> str:
    """Return *statement* with places for so many rows."""
    head, _, rest = statement.partition("{")
    places, _, tail = rest.partition("}")
    return f"{head}{', '.join([places] * size)}{tail}"
