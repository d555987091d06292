"""The file of keys, `subscribers/secret.key`: a line for each, the newest first, readable by its owner only.

A line is 64 hexadecimal digits (32 random bytes), and since when it signs. Old keys stay: what they signed still
verifies, and what they hashed is still recognized.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import private

_LINE = re.compile(r"([0-9a-fA-F]{64,})(?:[ \t]+([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_RESTORE = "restore it from your backup"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. *since* is the day on which it was made, None if that is not written."""

    secret: bytes = field(repr=False)
    since: date | None = None


def load(path: Path) -> tuple[Key, ...]:
    """Return the keys, newest first. Raise NotFoundError, or RefusedError if others may read the file."""
    try:
        mode = path.stat().st_mode
        if mode & 0o077:
            raise RefusedError("others can read this key", where=str(path), remedy=f"run: chmod 600 {path}")
        lines = path.read_text(encoding="ascii").split("\n")
    except FileNotFoundError:
        raise NotFoundError("there is no key", where=str(path), remedy=_RESTORE) from None
    except UnicodeDecodeError:
        raise RefusedError("this is no key", where=str(path), remedy=_RESTORE) from None
    keys = tuple(_key(line.strip(), f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    if not keys:
        raise RefusedError("this is no key", where=str(path), remedy=_RESTORE)
    return keys


def _key(line: str, where: str) -> Key:
    found = _LINE.fullmatch(line)
    try:
        if not found:
            raise ValueError
        return Key(bytes.fromhex(found[1]), date.fromisoformat(found[2]) if found[2] else None)
    except ValueError:
        raise RefusedError("this is no key", where=where, remedy=_RESTORE) from None


def make(path: Path, today: date | None = None) -> None:
    """Write a new file with one key. Never replaces one. Raise FileExistsError."""
    if path.exists():
        raise FileExistsError(path)
    _write(path, (_fresh(today),))


def rotate(path: Path, today: date) -> tuple[Key, ...]:
    """Put a new key before the others, all or nothing, and return them. Raise as `load` does."""
    keys = (_fresh(today), *load(path))
    _write(path, keys)
    return keys


def _fresh(today: date | None) -> Key:
    return Key(secrets.token_bytes(32), today)


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    lines = (f"{key.secret.hex()} {key.since or ''}".rstrip() + "\n" for key in keys)
    private.put(path, "".join(lines).encode("ascii"))
