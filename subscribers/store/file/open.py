"""Open the people's SQLite file: safe modes, the schema up to date, transactions, times as text."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from subscribers.errors import StoreError
from subscribers.store.file.reach import reach
from subscribers.store.file.trouble import OWNER, sealed, told
from subscribers.variant import portion

#: What the letters call a connection: they never import sqlite3.
Connection = sqlite3.Connection

#: How long a writer waits for another one, in milliseconds: longer than any transaction of ours takes.
BUSY_MS = 60_000
#: The same while a newer version changes the schema: for a ledger of many millions that takes minutes.
BRING_MS = 900_000
#: The last step of the schema (`subscribers.store.file.migrate`): where it was taken, all were.
NEWEST = "series"


def connect(
    path: Path, *, durable: bool = True, bringing: Callable[[int], None] = lambda size: None
) -> sqlite3.Connection:
    """Open the file at *path*, make it (mode 0600) where there is none, and bring its schema up to date.

    *durable* True waits for the disk at each commit, as a send's intents need; False may lose the last commits
    when the power fails, never when the process does. *bringing* hears the file's size in bytes before its schema
    is brought up to date, which takes its time for a large one. A file on a disk that can only be read, or has no
    room, is there to be read. Raise StoreError.
    """
    try:
        connection, newest = _opened(path, durable)
        try:
            if not newest:
                bringing(path.stat().st_size)
                _bring(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        remedy = "`newsletter doctor` looks closer"
        if isinstance(error, PermissionError):
            remedy = OWNER
        fault = StoreError(what, where=str(path), remedy=remedy)
        raise told(error, str(path)) or fault from None
    return connection


def _opened(path: Path, durable: bool) -> tuple[sqlite3.Connection, bool]:
    """Open the file, and return whether its schema is up to date, too."""
    if not sealed(path):
        _own(path)
    return reach(path, lambda connection: _prepare(connection, durable))


def _prepare(connection: sqlite3.Connection, durable: bool) -> bool:
    """Say how this program uses a file. Return whether its schema is up to date."""
    connection.row_factory = sqlite3.Row
    connection.create_function("portion", 2, portion, deterministic=True)
    # SQLite's own lower() knows no letter beyond ASCII.
    connection.create_function("folded", 1, str.casefold, deterministic=True)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS:d}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    # 32 MiB, taken as needed: SQLite's own 2 MiB are too few for the indexes of a million people.
    connection.execute("PRAGMA cache_size = -32768")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    return _newest(connection)


def _own(path: Path) -> None:
    """Make the file its owner's alone before anything stands in it; SQLite's side files follow its mode.

    A file that is there is never opened by us: POSIX drops a process's locks on a file when the process closes
    any descriptor of it, and SQLite's locks with them (https://www.sqlite.org/howtocorrupt.html section 2.2).
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)


def _newest(connection: sqlite3.Connection) -> bool:
    """Whether the last step that the file took is ours, by the table that sqlite-utils keeps of its steps."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return False
    last = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = 'subscribers' ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    return last is not None and last[0] == NEWEST


def _bring(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, all of it or nothing. Other programs that would do so wait."""
    # Needed once in a version's life, and slow to load.
    from subscribers.store.file import migrate

    connection.execute(f"PRAGMA busy_timeout = {BRING_MS:d}")
    with transaction(connection):
        migrate.bring(connection, path)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS:d}")


def spare(connection: sqlite3.Connection) -> None:
    """Keep little of the file in memory from now on, and give back the rest: a send goes through it once."""
    connection.execute("PRAGMA cache_size = -8192")
    connection.execute("PRAGMA shrink_memory")


@contextmanager
def trusted(connection: sqlite3.Connection) -> Iterator[None]:
    """Let rows in the block go unchecked by CHECK constraints, which take half the time of a million rows.

    Only for rows whose statuses come from our own enums.
    """
    connection.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        connection.execute("PRAGMA ignore_check_constraints = OFF")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run the block in one write transaction: all of it stands afterwards, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """Return *moment* as the text that the database keeps: UTC, milliseconds, in order as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def moment(text: str) -> datetime:
    """Return the time that a text of the database says."""
    return datetime.fromisoformat(text)
