"""What can be wrong with a database file that is no bug of ours: in words, with what to do."""

import os
import pwd
import shutil
import sqlite3
from pathlib import Path

from subscribers.errors import BusyError, StoreError

#: What can be wrong with the disk, by the start of SQLite's name for it, and what to do.
_REMEDIES = {
    "SQLITE_FULL": "make room on the disk, then run the same command again: nothing is lost",
    "SQLITE_BUSY": "another program is writing to it; wait for that or end it, then run the same command again",
    "SQLITE_IOERR": "look at the disk, then run the same command again: nothing is lost",
    "SQLITE_READONLY": "make the file, its folder and its disk writable",
    "SQLITE_CANTOPEN": "make the file readable, its folder and its disk writable",
    # SQLite says so of a disk that once did not give what is on it, too: then a copy would only be older.
    "SQLITE_CORRUPT": "run `newsletter doctor`; if it says the same, put back a copy: newsletter restore FILE",
    "SQLITE_NOTADB": "put back a copy: newsletter restore FILE",
}

#: Whose file it is, may use it. A file of people is never to be made readable for others.
OWNER = "run the command as its owner, as whom `newsletter serve` runs too; what root made there, chown gives back"

#: What SQLite's smallest side file takes, in bytes.
_ROOM = 65_536


def told(error: BaseException, where: str) -> StoreError | None:
    """Return *error* in words, if it is the disk's or another program's; None for a bug."""
    if not isinstance(error, sqlite3.Error):
        return None
    kind, what = getattr(error, "sqlite_errorname", ""), str(error)
    if kind.startswith("SQLITE_IOERR") and crowded(Path(where)):
        # Of its side files SQLite says only that they cannot be written.
        kind, what = "SQLITE_FULL", "the disk is full"
    remedy = next((remedy for name, remedy in _REMEDIES.items() if kind.startswith(name)), "")
    if kind.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        if sealed(Path(where)):
            what = "the disk can only be read"
            remedy = "make it writable, or copy the whole folder to another disk"
        elif owner := _stranger(Path(where)):
            what, remedy = f"it belongs to {owner}", OWNER
    fault = BusyError if kind.startswith("SQLITE_BUSY") else StoreError
    return fault(what, where=where, remedy=remedy) if remedy else None


def place(path: Path) -> tuple[int, int] | None:
    """Return which file is at *path*, by its disk and its number there; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_moved(path: Path, known: tuple[int, int] | None) -> None:
    """Raise StoreError unless the file at *path* is still the one that is *known* from when it was opened.

    SQLite writes on into a file that was deleted or replaced, and nobody would ever find that again.
    """
    if place(path) != known:
        what = "it was taken away or replaced while it was open, and must be opened anew"
        raise StoreError(
            what, where=str(path), remedy="put the right file there, then end this and start it again"
        )


def sealed(path: Path) -> bool:
    """Whether the disk on which the file at *path* lies can only be read, by whomever."""
    try:
        return bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _stranger(path: Path) -> str:
    """Return whose the file at *path* is, if it is another user's; "" if it is ours, or nobody knows."""
    try:
        owner = path.stat().st_uid
        return "" if owner == os.geteuid() else pwd.getpwuid(owner).pw_name
    except (OSError, KeyError):
        return ""


def refuse_full(path: Path) -> None:
    """Raise StoreError if the disk has no room for a side file of the file at *path*: nothing can be written."""
    if crowded(path):
        raise StoreError("the disk is full", where=str(path), remedy=_REMEDIES["SQLITE_FULL"])


def crowded(path: Path) -> bool:
    """Whether there is no room for so much as a side file where the file at *path* lies."""
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False
