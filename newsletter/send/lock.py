"""One sender at a time: a lock file that says who holds it. The kernel frees it when its process ends, however."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.errors import naming
from subscribers.errors import LockedError


@contextmanager
def hold(path: Path, who: str, now: datetime) -> Iterator[None]:
    """Hold the lock at *path* during the block. *who* is the command. Raise LockedError, which says who has it.

    *now* is told to whoever finds it held, on the clock that it is on.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                _holder(path),
                where=str(path),
                remedy="wait for it, or stop it; `newsletter status` shows how far it is",
            ) from None
        os.truncate(descriptor, 0)
        holder = {"who": who, "pid": os.getpid(), "since": f"{now:%Y-%m-%d %H:%M:%S %Z}"}
        with naming(path):
            os.write(descriptor, json.dumps(holder).encode())
        yield
        os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(path: Path) -> str:
    """Return the command that holds the lock at *path* and its process, or "". It keeps nobody out."""
    said = _said(path)
    if not said:
        return ""
    try:
        os.kill(said["pid"], 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return f"{said['who']} (process {said['pid']})"


def _holder(path: Path) -> str:
    said = _said(path)
    if not said:
        return "another process is sending"
    return f"{said['who']} (process {said['pid']}) has been sending since {said['since']}"


def _said(path: Path) -> dict[str, Any]:
    """Return what the last holder wrote and did not take back."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {"who": str(said["who"]), "pid": int(said["pid"]), "since": str(said["since"])}
    except (OSError, ValueError, LookupError, TypeError):
        return {}
