"""The schema, as steps that are applied once each and in order; what each of them does is in `steps`."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from subscribers.errors import StoreError
from subscribers.store.file.steps import ledger, people

#: In the order in which they were released; a new one is the last.
STEPS = (
    people.people, ledger.ledger, people.wishes, people.evidence, people.attributes, people.limits,
    people.retention, ledger.returns, ledger.paces, ledger.opened, ledger.steps, people.checks, ledger.fresh,
    people.moves, ledger.asked, ledger.answers, ledger.decisions, ledger.series,
)  # fmt: skip
MIGRATIONS = Migrations("subscribers")
for _step in STEPS:
    MIGRATIONS()(_step)


def bring(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that were not taken yet, within the caller's transaction: all of them, or none.

    Raise StoreError if the file at *path* took a step that is not known here: a newer version wrote it, and relies
    on what this one would not keep.
    """
    database = Database(connection)
    if {taken.name for taken in MIGRATIONS.applied(database)} - {step.__name__ for step in STEPS}:
        raise StoreError(
            "a newer version of `newsletter` wrote it, and this one would damage it; nothing was changed",
            where=str(path),
            remedy="use the newer version, or put back a copy from before it",
        )
    MIGRATIONS.apply(database)
