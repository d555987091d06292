"""Files that their owner alone may read, each whole or not there."""

import os
from pathlib import Path

from newsletter.errors import naming


def put(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read: all of it, on the disk, or nothing. What was there goes."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
