"""Read an SMTP server's replies, bounded, in the order in which they come. Knows no command.

Source: RFC 5321 section 4.2 (replies), section 4.5.3.2 (time limits), RFC 2920 (pipelining). A protocol of our
own, because replies to a pipelined group arrive together and each must be kept.
"""

import asyncio
import re
from collections import deque
from dataclasses import dataclass

#: RFC 5321 section 4.5.3.1.5 allows 512 bytes a line; real servers write more, hostile ones without end.
LONGEST_LINE = 8192

#: Lines in a reply at most. The longest real one is an EHLO with some twenty extensions.
MOST_LINES = 100

#: How many of a reply's characters are kept.
KEPT = 500

_LINE = re.compile(rb"([2-5][0-9]{2})([ -])?([^\r\n]*)")
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


class LostError(Exception):
    """The connection is gone, or says what is no SMTP; its text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete reply. *text* is one line of printable characters, without the enhanced status."""

    code: int
    enhanced: str
    text: str


class Wire(asyncio.Protocol):
    """The two directions of a connection that is logged in.

    *held* is whether something that was written never left this program when the connection was aborted.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._answers: deque[Answer] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = ""
        self.held = False

    @property
    def alive(self) -> bool:
        """Whether it can still be written to."""
        return not self._lost and not self.transport.is_closing()

    @property
    def silent(self) -> bool:
        """Whether the server has said nothing that was not asked for."""
        return not self._answers and not self._lines and not self._buffer

    def write(self, data: bytes) -> None:
        """Hand *data* to the transport. Raise LostError."""
        if not self.alive:
            raise LostError(self._lost or "the connection is closed")
        self.transport.write(data)

    async def drain(self, seconds: float) -> None:
        """Wait until most of what was written is on its way; Raise LostError."""
        try:
            async with asyncio.timeout(seconds):
                await self._writable.wait()
        except TimeoutError:
            self.abort(f"the server took nothing for {seconds:.0f} s")
        if self._lost:
            raise LostError(self._lost)

    async def answer(self, seconds: float) -> Answer:
        """Return the next reply; Raise LostError."""
        if not self._answers and not self._lost:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self._waiter
            except TimeoutError:
                self.abort(f"no reply within {seconds:.0f} s")
            finally:
                self._waiter = None
        if self._answers:
            return self._answers.popleft()
        raise LostError(self._lost)

    def abort(self, why: str) -> None:
        """Drop the connection and whatever was not on its way yet; *held* tells if there was any."""
        self.held = self.held or self.transport.get_write_buffer_size() > 0
        self._lost = self._lost or why
        self.transport.abort()
        self._wake()

    def close(self) -> None:
        """Close the connection."""
        self._lost = self._lost or "the connection is closed"
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what the server wrote, in whatever pieces it comes."""
        if self._lost:
            return
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).rstrip(b"\r")
            del self._buffer[: end + 1]
            if not self._take(line):
                return
        if len(self._buffer) > LONGEST_LINE:
            self._refuse("the server wrote a line without end")

    def eof_received(self) -> bool:
        """Note that nothing more will come; the transport closes by itself."""
        self._lost = self._lost or "the server closed the connection"
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits."""
        self._lost = self._lost or (f"the connection broke: {exc}" if exc else "the server closed the connection")
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        """Stop writing: the server is slower than we are."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on writing."""
        self._writable.set()

    def _take(self, line: bytes) -> bool:
        """Take one line. Return False if the connection was given up over it."""
        found = _LINE.fullmatch(line)
        if len(line) > LONGEST_LINE or not found:
            return self._refuse("the server's reply is no SMTP")
        if self._lines and not line.startswith(self._lines[0][:3]):
            return self._refuse("the server's reply changes its code")
        self._lines.append(line)
        if len(self._lines) > MOST_LINES or len(self._answers) > MOST_LINES:
            return self._refuse("the server's reply has no end")
        if found[2] != b"-":
            self._answers.append(_answer(self._lines))
            self._lines = []
            self._wake()
        return True

    def _refuse(self, why: str) -> bool:
        self._buffer.clear()
        self.abort(why)
        return False

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _answer(lines: list[bytes]) -> Answer:
    texts = [line[4:].decode("utf-8", "replace") for line in lines]
    enhanced = _ENHANCED.match(texts[0])
    if enhanced:
        texts = [text.removeprefix(enhanced[1]).lstrip() for text in texts]
    return Answer(int(lines[0][:3]), enhanced[1] if enhanced else "", printable(" ".join(texts)))


def printable(text: str) -> str:
    """Return the start of *text* as one line without control characters, fit for the ledger and a terminal."""
    kept = text[:KEPT].strip()
    return kept if kept.isprintable() else "".join(c if c.isprintable() else " " for c in kept).strip()
