"""A people's file in which nobody is, as `init` leaves it, made once: its schema takes longer than most tests."""

import tempfile
from functools import cache
from pathlib import Path

from subscribers.store.file.open import Connection, connect


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.db"
        connect(path, durable=False).close()
        return path.read_bytes()


def lay(path: Path) -> None:
    """Put the file at *path*, unless one is there."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_made())


def people(path: Path) -> Connection:
    """Open the file at *path*, which is laid there if there is none; it waits for no disk."""
    lay(path)
    return connect(path, durable=False)
