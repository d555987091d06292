"""Notice that files were saved: one text for the state of files and folders."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

#: A folder of templates or pictures holds dozens of files; a link to a whole disk must not stall us.
MOST_FILES = 2000


def stamp(paths: Iterable[Path]) -> str:
    """Return a text that changes whenever a file of *paths*, or in a folder of them, is saved, made or removed."""
    digest = hashlib.sha256()
    for number, (name, size, changed) in enumerate(_states(paths)):
        if number >= MOST_FILES:
            break
        digest.update(f"{name}\0{size}\0{changed}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _states(paths: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for path in paths:
        if not path.is_dir():
            yield _state(path)
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                yield _state(Path(folder, name))


def _state(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), -1, 0
    return str(path), found.st_size, found.st_mtime_ns
