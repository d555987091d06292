"""Files that their owner alone may read, each whole or not there."""

import os
from pathlib import Path

from newsletter.errors import naming


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
