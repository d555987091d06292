"""The catcher's folder: a Maildir, one file a message, and an index of it in memory.

Each file begins with our own lines, ``X-Envelope-From:`` and one ``X-Envelope-To:`` per recipient, which say what
SMTP said; after them come the message's bytes exactly as they arrived.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.reading import charset

#: Our file names: microseconds since 1970 (so they sort), a counter, the process. Only such files are removed.
NAME = re.compile(r"(\d{16})\.Q\d+P\d+\.caught")

#: How much of a file holds its header, in bytes: as much as common servers take for a whole header.
HEAD = 65_536

_OURS = re.compile(rb"(?:X-Envelope-(?:From|To): [^\r\n]*\r\n)+")
_TO = re.compile(rb"^X-Envelope-To: ([^\r\n]*)\r\n", re.M)
_SENDER = re.compile(rb"^X-Envelope-From: ([^\r\n]*)\r\n", re.M)


@dataclass(frozen=True, slots=True)
class Caught:
    """One message in the index. *sender* and *recipients* are the envelope's, *author* is its From header.

    *at* is when it arrived; *size* is in bytes, as it arrived.
    """

    id: str
    sender: str
    recipients: tuple[str, ...]
    author: str
    subject: str
    at: datetime
    size: int

    def matches(self, wanted: str) -> bool:
        """Whether *wanted* (lower case) stands in a recipient, the subject or the author."""
        return any(wanted in text.lower() for text in (*self.recipients, self.subject, self.author))


class Mailbox:
    """Everything that was caught, oldest first. What lies in the folder already is found again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[str, Caught] = {}
        self._last = 0
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted((folder / "new").iterdir()):
            if found := NAME.fullmatch(path.name):
                self._last = max(self._last, int(found[1]))
                self._index[path.stem] = _read(path)

    def __len__(self) -> int:
        return len(self._index)

    def __iter__(self) -> Iterator[Caught]:
        """Go through the messages, newest first."""
        return reversed(self._index.values())

    def find(self, wanted: str = "", to: str = "") -> list[Caught]:
        """Return the messages, newest first, that hold *wanted* and went to the address *to*; "" is any."""
        wanted, to = wanted.strip().lower(), to.strip().lower()
        return [
            one
            for one in self
            if (not wanted or one.matches(wanted)) and (not to or to in (box.lower() for box in one.recipients))
        ]

    def get(self, id_: str) -> Caught | None:
        """Return one message's line of the index."""
        return self._index.get(id_)

    def data(self, id_: str) -> bytes:
        """Return a message's bytes as they arrived. Raise KeyError for one that is not in the index."""
        if id_ not in self._index:
            raise KeyError(id_)
        content = (self.folder / "new" / f"{id_}.caught").read_bytes()
        ours = _OURS.match(content)
        return content[ours.end() :] if ours else content

    def keep(self, sender: str, recipients: list[str], data: bytes) -> Caught:
        """Write a message down and return its line. Raise OSError if the disk does not take it."""
        self._last = max(time.time_ns() // 1000, self._last + 1)
        path = self.folder / "new" / f"{self._last:016d}.Q{len(self._index)}P{os.getpid()}.caught"
        lines = [f"X-Envelope-From: {_line(sender)}", *(f"X-Envelope-To: {_line(one)}" for one in recipients)]
        head = "".join(f"{line}\r\n" for line in lines).encode(errors="surrogateescape")
        passing = self.folder / "tmp" / path.name
        try:
            passing.write_bytes(head + data)
            passing.rename(path)
        except OSError:
            passing.unlink(missing_ok=True)
            raise
        caught = _index(path.stem, head, data[:HEAD], len(data))
        self._index[caught.id] = caught
        return caught

    def clear(self) -> int:
        """Remove every message that we wrote, nothing else, and return how many."""
        gone = 0
        for path in [*(self.folder / "new").iterdir(), *(self.folder / "tmp").iterdir()]:
            if NAME.fullmatch(path.name):
                path.unlink(missing_ok=True)
                gone += 1
        self._index.clear()
        return gone


def _line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", "?", text)


def _read(path: Path) -> Caught:
    with path.open("rb") as file:
        start = file.read(HEAD)
    ours = _OURS.match(start)
    cut = ours.end() if ours else 0
    return _index(path.stem, start[:cut], start[cut:], path.stat().st_size - cut)


def _index(id_: str, ours: bytes, start: bytes, size: int) -> Caught:
    head = start.partition(b"\r\n\r\n")[0]
    sender = _SENDER.search(ours)
    return Caught(
        id=id_,
        sender=_text(sender[1]) if sender else "",
        recipients=tuple(_text(one) for one in _TO.findall(ours)),
        author=field(head, b"from"),
        subject=field(head, b"subject"),
        at=datetime.fromtimestamp(int(id_[:16]) / 1_000_000, UTC),
        size=size,
    )


def field(head: bytes, name: bytes) -> str:
    """Return a header field's text in one line, encoded words read (RFC 2047); "" if it is not there."""
    found = re.search(rb"^" + re.escape(name) + rb":((?:.*)(?:\r?\n[ \t].*)*)", head, re.M | re.I)
    return charset.header(_text(found[1])) if found else ""


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace").strip()
