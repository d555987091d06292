"""Private keys on the disk: readable by their owner only, and whole."""

from pathlib import Path

from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import private

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
    private.put(path, pem)
