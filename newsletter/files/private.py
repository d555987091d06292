"""Files that their owner alone may read, each whole or not there; keys that sign are such files."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from newsletter.errors import NotFoundError, RefusedError, naming

#: Bytes of a key file at most: a PEM of 8,192 bits has 6,400.
LARGEST = 20_000


def begin(path: Path) -> int:
    """Return the descriptor of a new file that its owner alone may read.

    What stands there goes: in a folder of everybody, such as /tmp, it may be somebody else's, or lead elsewhere.
    Raise OSError, which names the folder where that is at fault.
    """
    try:
        path.unlink(missing_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        error.filename = str(path.parent)
        raise


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """Give a file that its owner alone may read, and that is whole at *path* in the end. Raise as `begin`."""
    part = path.with_name(f".{path.name}.part")
    descriptor = begin(part)
    try:
        with naming(path), os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def put(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read: all of it, on the disk, or nothing. What was there goes."""
    # Its end is the same, by which git leaves it out, too, where a kill lets it lie.
    beside = path.with_name(f".new-{path.name}")
    descriptor = begin(beside)
    try:
        with naming(path), os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink()
        raise
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # What a key signed is worth nothing if the key is lost with the power, and neither is an older mark.
        os.fsync(folder)
    finally:
        os.close(folder)


def key(path: Path, remedy: str = "make one with `newsletter dkim init`, or restore it from your backup") -> bytes:
    """Return what the file of a key holds. Raise NotFoundError, or RefusedError if others may read it.

    *remedy* is what helps where there is none.
    """
    try:
        mode = path.stat().st_mode
        # Of a folder the system says that it is none.
        if mode & 0o077 and not stat.S_ISDIR(mode):
            raise RefusedError("others can read this key", where=str(path), remedy=f"run: chmod 600 {path}")
        with path.open("rb") as file:
            return file.read(LARGEST)
    except FileNotFoundError:
        raise NotFoundError("there is no key", where=str(path), remedy=remedy) from None


def refuse_key(path: Path) -> None:
    """Raise RefusedError if a key lies there already."""
    if path.exists():
        remedy = "`newsletter dkim show` prints its record; a new key needs another --selector"
        raise RefusedError("there is a key already", where=str(path), remedy=remedy)


def put_key(path: Path, pem: bytes) -> None:
    """Write a new key. Raise RefusedError if one lies there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_key(path)
    put(path, pem)
