"""Private keys on the disk: readable by their owner only, and whole."""

import os
from pathlib import Path

from newsletter.errors import NotFoundError, RefusedError

#: Bytes of a key file at most: a PEM of 8,192 bits has 6,400.
LARGEST = 20_000


def read(path: Path) -> bytes:
    """Return what the file holds. Raise NotFoundError, or RefusedError if others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise RefusedError("others can read this key", where=str(path), remedy=f"run: chmod 600 {path}")
        with path.open("rb") as file:
            return file.read(LARGEST)
    except FileNotFoundError:
        remedy = "make one with `newsletter dkim init`, or restore it from your backup"
        raise NotFoundError("there is no key", where=str(path), remedy=remedy) from None


def refuse(path: Path) -> None:
    """Raise RefusedError if a key lies there already."""
    if path.exists():
        remedy = "`newsletter dkim show` prints its record; a new key needs another --selector"
        raise RefusedError("there is a key already", where=str(path), remedy=remedy)


def write(path: Path, pem: bytes) -> None:
    """Write a new key. Raise RefusedError if one lies there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse(path)
    put(path, pem)


def put(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read: all of it, on the disk, or nothing. What was there goes."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink()
        raise
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # What a key signed is worth nothing if the key is lost with the power.
        os.fsync(folder)
    finally:
        os.close(folder)
