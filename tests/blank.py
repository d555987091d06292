"""What `init` leaves, made once and laid wherever a test wants one: a workspace, and a people's file with nobody.

To make them takes longer than most tests do.
"""

import tempfile
from functools import cache
from pathlib import Path

from newsletter.files.new import make
from newsletter.files.workspace import Workspace
from subscribers.store.file.open import Connection, connect


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.db"
        connect(path, durable=False).close()
        return path.read_bytes()


@cache
def _letter(name: str) -> tuple[tuple[str, int, bytes | None], ...]:
    """Return each place in a new workspace, its mode and what it holds; None for a folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder) / "letter", name, finish=lambda begun: lay(begun.people)).root
        return tuple(
            (str(path.relative_to(made)), path.stat().st_mode, path.read_bytes() if path.is_file() else None)
            for path in sorted(made.rglob("*"))
        )


def letter(folder: Path, name: str = "The quay") -> Workspace:
    """Return the new workspace of a letter called *name*, in the new folder *folder*."""
    folder.mkdir(parents=True)
    for place, mode, content in _letter(name):
        path = folder / place
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        path.chmod(mode)
    return Workspace(folder)


def lay(path: Path) -> None:
    """Put the file at *path*, unless one is there."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_made())


def people(path: Path) -> Connection:
    """Open the file at *path*, which is laid there if there is none; it waits for no disk."""
    lay(path)
    return connect(path, durable=False)
