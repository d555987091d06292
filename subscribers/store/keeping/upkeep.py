"""Look after the people's file: is it sound, and copy it while everything runs."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from subscribers.errors import StoreError, TakenError, cited
from subscribers.store.file.open import Connection
from subscribers.store.file.trouble import refuse_full
from subscribers.store.ledger import census

#: SQLite before this version may, rarely, corrupt a database in WAL mode that several programs write and
#: checkpoint at once (https://www.sqlite.org/wal.html#walresetbug); one sender at a time avoids it.
SOUND = (3, 51, 3)


def version() -> tuple[int, ...]:
    """Return the version of SQLite that this Python uses."""
    return sqlite3.sqlite_version_info


def faults(connection: Connection) -> tuple[str, ...]:
    """Return what is wrong with the file by SQLite's own checks and ours: nothing, if it is sound."""
    try:
        # One row may be several lines, the first of which names the database.
        lines = "\n".join(str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")).split("\n")
        strays = [
            f"{row[0]}: row {row[1]} points at nothing" for row in connection.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        return (str(error),)
    found = [line for line in lines if line != "ok" and not line.startswith("***")]
    return (*found, *strays[:20], *_foreign(connection))


def _foreign(connection: Connection) -> tuple[str, ...]:
    """Return which triggers of the file are not as we made them: a strange one acts in all that is written."""
    # Slow to load, and seldom asked for.
    from subscribers.store.file import migrate

    with closing(sqlite3.connect(":memory:")) as ours:
        migrate.bring(ours, Path())
        changed = sorted(name for name, _ in _triggers(connection) ^ _triggers(ours))
    return tuple(f"the trigger {cited(name)} is missing, changed or not ours" for name in dict.fromkeys(changed))


def _triggers(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {(str(row[0]), str(row[1])) for row in rows}


def copy(connection: Connection, path: Path) -> None:
    """Write a consistent copy (mode 0600) to *path*, where nothing may be. Raise StoreError, TakenError.

    The copy is whole or absent: it is written beside and moved into place once the disk has it. Raise
    UnicodeEncodeError for a name that is no UTF-8, which SQLite does not take.
    """
    str(path).encode()
    partial = path.with_name(path.name + ".partial")
    try:
        if path.exists():
            raise TakenError("this file exists", where=str(path), remedy="name another one; nothing was changed")
        if not path.parent.is_dir():
            remedy = "make it, or name another one"
            raise StoreError("there is no such folder", where=str(path.parent), remedy=remedy)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection.execute("VACUUM INTO :path", {"path": str(partial)})
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.rename(path)
    except (sqlite3.Error, OSError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(
            f"no copy was made: {what}", where=str(path), remedy="check the folder and its space"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def writable(connection: Connection) -> None:
    """Read from the file, and write a page of it as it is, in a transaction. Raise sqlite3.Error, or StoreError.

    The page takes room as anything does that is written; but a full disk may have some left in the log of what
    was written, and for a page alone.
    """
    refuse_full(Path(connection.execute("PRAGMA database_list").fetchone()[2]))
    connection.execute("SELECT 1 FROM subscribers LIMIT 1").fetchone()
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {number:d}")


def numbers(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many people, subscriptions, mails, deliveries and suppressions there are, by status."""
    return {
        "subscribers": _counted(connection, "SELECT status, count(*) FROM subscribers GROUP BY 1"),
        "subscriptions": _counted(connection, "SELECT status, count(*) FROM subscriptions GROUP BY 1"),
        "mails": _counted(connection, "SELECT state, count(*) FROM mails GROUP BY 1"),
        "sends": _counted(connection, "SELECT state, count(*) FROM sends GROUP BY 1"),
        "deliveries": {state.value: count for state, count in census.counts(connection).items() if count},
        "suppressions": _counted(connection, "SELECT reason, count(*) FROM suppressions GROUP BY 1"),
    }


def _counted(connection: Connection, sql: str) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(sql)}
