"""Read a Maildir: one file a message, in ``new`` until somebody has seen it, then in ``cur``.

Source of the rules: D. J. Bernstein, "Using maildir format" (https://cr.yp.to/proto/maildir.html).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import MailboxError
from newsletter.receive.box import LARGEST, Arrival

#: What is read, and what was seen: without the second nothing could be marked.
FOLDERS = ("new", "cur")

_REMEDY = "mend the permissions of the file and its folder"

#: How often to look whether something came, in seconds.
LOOK = 0.5


@dataclass(slots=True)
class Maildir:
    """A Maildir at *path*. With *delete* messages are removed once they are read, else they are marked as seen."""

    path: Path
    delete: bool = False

    def __post_init__(self) -> None:
        if not all((self.path / folder).is_dir() for folder in FOLDERS):
            remedy = "set [mailbox] path to the folder that holds new, cur and tmp"
            raise MailboxError("this is no Maildir", where=str(self.path), remedy=remedy)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what nobody has seen, by name: a Maildir name begins with the time.

        A message that cannot be read holds up no other: MailboxError comes after them.
        """
        fault: MailboxError | None = None
        for path in sorted(self._unseen(), key=lambda each: each.name):
            try:
                with path.open("rb") as file:
                    raw = file.read(LARGEST)
            except FileNotFoundError:
                # Another reader of this mailbox was faster.
                continue
            except OSError as error:
                fault = _fault(error, path)
                continue
            yield Arrival(str(path.relative_to(self.path)), raw)
        if fault:
            raise fault

    def done(self, name: str, *, keep: bool = False) -> None:
        """Move a message to ``cur`` with the flag S, or remove it if not told to *keep* it."""
        path = self.path / name
        try:
            if self.delete and not keep:
                path.unlink()
            else:
                base, _, flags = path.name.partition(":2,")
                path.rename(self.path / "cur" / f"{base}:2,{''.join(sorted({*flags, 'S'}))}")
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _fault(error, path) from None

    def wait(self, seconds: float, halted: Callable[[], bool]) -> None:
        """Look now and then."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not halted() and not any(self._unseen()):
            time.sleep(LOOK)

    def close(self) -> None:
        """Nothing is open."""

    def _unseen(self) -> Iterator[Path]:
        """Yield the files that are messages: a folder or a pipe that lies among them is none.

        Raise MailboxError if the Maildir cannot be read any more.
        """
        for folder in FOLDERS:
            try:
                paths = list((self.path / folder).iterdir())
            except OSError as error:
                raise _fault(error, self.path / folder) from None
            for path in paths:
                seen = folder == "cur" and "S" in path.name.partition(":2,")[2]
                if not seen and not path.name.startswith(".") and path.is_file():
                    yield path


def _fault(error: OSError, path: Path) -> MailboxError:
    where = str(path).encode(errors="surrogateescape").decode(errors="replace")
    gone = isinstance(error, FileNotFoundError)
    remedy = "look whether its disk is there, and whether it was moved" if gone else _REMEDY
    return MailboxError(str(error.strerror), where=where, remedy=remedy)
