"""The two directions of an SMTP connection: what was asked, and the replies in the order in which they come.

Source: RFC 5321 section 4.2 (replies), section 4.5.3.2 (time limits), RFC 2920 (pipelining). A protocol of our
own, because replies to a pipelined group arrive together and each must be kept. Knows no command.
"""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence

from newsletter.send.answer import LONGEST_LINE, MOST_LINES, Answer, answer_of, reply_line

#: At most so many replies that nobody asked for are kept: one is enough to give the connection up.
UNASKED = 8

#: How long a server that said 421 may take for each reply to what it had still to read, in seconds: it should
#: close (RFC 5321 section 3.8), but Exim, which has had enough messages by a connection, answers all of it.
LINGER = 3.0

#: Linux: acknowledge at once what came. A server that writes its replies one by one (RFC 896) waits for that,
#: 40 ms a message.
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class Ask:
    """What was written and waits for replies: as many as *limits*, each the seconds that the reply may take.

    *end* is where in all that was written its own last byte stands. It is *over* when no more replies are to
    come: *then* is called with it.
    """

    __slots__ = ("answers", "end", "limits", "over", "then")

    def __init__(self, limits: Sequence[float], end: int, then: "Heard | None") -> None:
        self.limits = limits
        self.end = end
        self.over = False
        self.then = then
        self.answers: list[Answer] = []


#: Hears that an ask is over: fewer answers than it asked for mean that the connection is lost.
Heard = Callable[[Ask], None]


class Wire(asyncio.Protocol):
    """A connection that is logged in. *lost* is why it can be used no more, or "".

    *unheard* is what it was given up over, because no reply came in time. *dismissed* is whether the server
    said 421, and nothing but refusals since: what was asked behind that, it never took up. *hung_up* is whether
    the server ended it, and not we.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.lost = ""
        self.dismissed = False
        self.hung_up = False
        self.unheard: Ask | None = None
        self._loop = asyncio.get_running_loop()
        self._asks: deque[Ask] = deque()
        self._unasked: list[Answer] = []
        self._outgoing: list[bytes] = []
        self._written = 0
        self._unsent = 0
        self._buffer = b""
        self._lines: list[bytes] = []
        self._drained: asyncio.Future[None] | None = None
        self._paused = False
        self._due = 0.0
        self._alarm = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._socket = _undelayed(transport)
        self._encrypted = transport.get_extra_info("ssl_object") is not None

    @property
    def alive(self) -> bool:
        """Whether it can still be written to."""
        return not self.lost and not self.transport.is_closing()

    @property
    def waited(self) -> float | None:
        """For how many seconds it has waited for the next reply; None if it waits for none."""
        if not self._asks or self.lost:
            return None
        ask = self._asks[0]
        return self._loop.time() - self._due + ask.limits[len(ask.answers)]

    @property
    def silent(self) -> bool:
        """Whether the server has said nothing that was not asked for."""
        return not self._unasked and (bool(self._asks) or not (self._lines or self._buffer))

    @property
    def ready(self) -> bool:
        """Whether it is alive and silent."""
        if self.lost or self._unasked or self.transport.is_closing():
            return False
        return bool(self._asks) or not (self._lines or self._buffer)

    def ask(self, pieces: Sequence[bytes], limits: Sequence[float], then: Heard | None = None) -> Ask:
        """Put *pieces* into the next write, and return what hears the replies to them. It calls *then*."""
        self._outgoing += pieces
        self._written += sum(map(len, pieces))
        ask = Ask(limits, self._written, then)
        if self.lost:
            self._over(ask)
            return ask
        if not self._asks:
            self._expect(limits[0])
        self._asks.append(ask)
        return ask

    def flush(self) -> None:
        """Write what was asked, all at once."""
        outgoing, self._outgoing = self._outgoing, []
        if not self.lost and not self.transport.is_closing():
            self.transport.writelines(outgoing)

    async def drain(self, pieces: Sequence[bytes], seconds: float) -> bool:
        """Write *pieces*, and wait until most of them are on their way. Return False if the connection is lost."""
        outgoing, self._outgoing = [*self._outgoing, *pieces], []
        self._written += sum(map(len, pieces))
        if self.alive:
            # As one: writelines of Python 3.12.0 and 3.13.0 does not say when it is full (CVE-2024-12254).
            self.transport.write(b"".join(outgoing))
        if self._paused and not self.lost:
            self._drained = self._loop.create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self._drained
            except TimeoutError:
                self.abort(f"the server took nothing for {seconds:.0f} s")
        return self.alive

    async def replies(self, ask: Ask) -> list[Answer]:
        """Wait for the replies to *ask*: fewer than it asked for if the connection is lost."""
        if not ask.over:
            done, earlier = self._loop.create_future(), ask.then

            def then(ask: Ask) -> None:
                if earlier:
                    earlier(ask)
                _wake(done)

            ask.then = then
            await done
        return ask.answers

    def left(self, ask: Ask) -> bool:
        """Whether the last byte of *ask* may have left this program, as far as that can be known."""
        return ask.end <= self._written - self._unsent

    @property
    def unasked(self) -> Sequence[Answer]:
        """The replies that nobody asked for."""
        return self._unasked

    def abort(self, why: str) -> None:
        """Drop the connection and whatever was not on its way yet."""
        if not self.lost:
            self._unsent = sum(map(len, self._outgoing)) + self.transport.get_write_buffer_size()
        self.transport.abort()
        self._end(why)

    def close(self, last: bytes = b"") -> None:
        """Write *last*, and close the connection once it is on its way.

        Under TLS the server is told that it ends (RFC 8446 section 6.1). Its own word on that is not waited for:
        some never say it.
        """
        if last and self.alive:
            self.transport.write(last)
        self.transport.close()
        if self._encrypted:
            # uvloop writes at the end of a turn.
            self._loop.call_soon(self._loop.call_soon, self.transport.abort)
        self._end("the connection is closed")

    def data_received(self, data: bytes) -> None:
        """Take what the server wrote, in whatever pieces it comes."""
        if self.lost:
            return
        lines = (self._buffer + data if self._buffer else data).split(b"\n")
        self._buffer = lines.pop()
        over = self._hear(lines)
        if self._asks and not self.lost:
            self._listen_on()
        # What follows from a reply looks at everything that came with it.
        for ask in over:
            # It knows who asked, and they know it: a message must not wait in a circle for the collector.
            then, ask.then = ask.then, None
            if then:
                then(ask)

    def _hear(self, lines: Sequence[bytes]) -> list[Ask]:
        """Take whole lines; return what is over with them. May give the connection up."""
        asks = self._asks
        over: list[Ask] = []
        for line in lines:
            answer = None if self._lines else answer_of(line)
            if answer is None:
                answer = self._take(line)
                if answer is None:
                    if self.lost:
                        return over
                    continue
            if not asks:
                self._unasked.append(answer)
                if len(self._unasked) > UNASKED:
                    self._refuse("the server says what nobody asked")
                    return over
                continue
            ask = asks[0]
            answers = ask.answers
            answers.append(answer)
            if answer[0] >= 400 or self.dismissed:
                self.dismissed = answer[0] == 421 or (self.dismissed and answer[0] >= 400)
            if len(answers) == len(ask.limits):
                ask.over = True
                over.append(asks.popleft())
        if len(self._buffer) > LONGEST_LINE:
            self.abort("the server wrote a line without end")
        return over

    def _listen_on(self) -> None:
        """Expect the next reply. One that comes in small pieces has no more time than another."""
        if self._socket and _QUICKACK:
            # A server may hold the rest back until we acknowledge. The system forgets the wish, so say it anew.
            self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        if not (self._buffer or self._lines):
            ask = self._asks[0]
            limit = ask.limits[len(ask.answers)]
            self._expect(min(LINGER, limit) if self.dismissed else limit)

    def eof_received(self) -> bool:
        """Note that nothing more will come; the transport closes by itself."""
        self._hang_up("the server closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits."""
        self._hang_up(f"the connection broke: {exc}" if exc else "the server closed the connection")

    def pause_writing(self) -> None:
        """Note that the server is slower than we are."""
        self._paused = True

    def resume_writing(self) -> None:
        """Note that what was written is on its way."""
        self._paused = False
        if self._drained and not self._drained.done():
            self._drained.set_result(None)

    def _take(self, line: bytes) -> Answer | None:
        """Take one line of a reply that has several; return it with the last. May give the connection up."""
        found = reply_line(line)
        if not found:
            self._refuse("the server's reply is no SMTP")
        elif self._lines and not line.startswith(self._lines[0][:3]):
            self._refuse("the server's reply changes its code")
        elif len(self._lines) == MOST_LINES:
            self._refuse("the server's reply has no end")
        else:
            self._lines.append(line)
            if found[2] != b"-":
                lines, self._lines = self._lines, []
                return Answer.of(lines)
        return None

    def _expect(self, seconds: float) -> None:
        """Let the connection end if nothing is heard for so long. One timer serves many replies."""
        self._due = self._loop.time() + seconds
        if self._timer is None or self._alarm > self._due:
            self._wind()

    def _wind(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._alarm = self._due
        self._timer = self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        self._timer = None
        if self.lost or not self._asks:
            return
        if self._loop.time() >= self._due:
            self.unheard = ask = self._asks[0]
            self.abort(f"no reply within {ask.limits[len(ask.answers)]:.0f} s")
        else:
            self._wind()

    def _refuse(self, why: str) -> None:
        self._buffer = b""
        self.abort(why)

    def _hang_up(self, why: str) -> None:
        self.hung_up = self.hung_up or not self.lost
        self._end(why)

    def _end(self, why: str) -> None:
        self.lost = self.lost or why
        if self._socket:
            self._socket.close()
            self._socket = None
        if self._timer:
            self._timer.cancel()
            self._timer = None
        asks, self._asks = self._asks, deque()
        for ask in asks:
            self._over(ask)
        if self._drained:
            _wake(self._drained)

    def _over(self, ask: Ask) -> None:
        """Let *ask* hear that no more replies will come."""
        ask.over = True
        then, ask.then = ask.then, None
        if then:
            self._loop.call_soon(then, ask)


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


def _undelayed(transport: asyncio.Transport) -> socket.socket | None:
    """Let what is written leave at once (RFC 896 would have small writes wait for the other side's word).

    Return a handle of the connection, which must be closed, or None if it is no TCP.
    """
    connection = transport.get_extra_info("socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    handle = socket.socket(fileno=os.dup(connection.fileno()))
    handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return handle
