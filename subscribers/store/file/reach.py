"""Reach a SQLite file, also on a disk that is full or can only be read: what only reads goes on there."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from subscribers.store.file.trouble import crowded, sealed

T = TypeVar("T")


def reach(
    path: Path, prepare: Callable[[sqlite3.Connection], T], *, alone: bool = False
) -> tuple[sqlite3.Connection, T]:
    """Connect to the file at *path*, and return what *prepare* says of the connection, too. Raise sqlite3.Error.

    On a full disk the index of SQLite's log finds no room. Who is *alone* with the file keeps it in memory, and
    can still read and copy (https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory).
    """
    name = _read_only(path)
    connection = sqlite3.connect(name or path, uri=bool(name), isolation_level=None, check_same_thread=False)
    try:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        return connection, prepare(connection)
    except BaseException as error:
        connection.close()
        roomless = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname.startswith(
            "SQLITE_IOERR"
        )
        if alone or not (roomless and crowded(path)):
            raise
    return reach(path, prepare, alone=True)


def _read_only(path: Path) -> str:
    """Return SQLite's name for the file at *path* on a disk that can only be read; "" if it is on another.

    Nothing changes such a file, and so SQLite needs no side files; but commits may lie in those that a sender left
    when the disk was closed to it (https://www.sqlite.org/wal.html#readonly).
    """
    if not (path.exists() and sealed(path)):
        return ""
    log = path.with_name(path.name + "-wal")
    unread = log.exists() and log.stat().st_size
    return f"{path.absolute().as_uri()}?mode=ro{'' if unread else '&immutable=1'}"
