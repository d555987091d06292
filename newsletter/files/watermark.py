"""How far sending had come, kept beside the database: a backup that was put back knows less than this."""

import errno
import json
from dataclasses import asdict
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.files import private
from subscribers.model import Progress

#: What the system says of a folder that nobody may write into; else a disk has no room.
CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR})


def read(path: Path) -> Progress:
    """Return what was written last; nothing sent, where there is no file or one that says nothing."""
    try:
        return Progress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress(0, 0)


def write(path: Path, progress: Progress) -> None:
    """Replace the mark; a crash leaves the old one or the new one. Raise NewsletterError."""
    try:
        private.put(path, json.dumps(asdict(progress)).encode())
    except OSError as error:
        what = "the folder writable" if error.errno in CLOSED else "room on the disk"
        remedy = f"make {what}; nothing was lost"
        raise NewsletterError(f"cannot be written: {error.strerror}", where=str(path), remedy=remedy) from None
