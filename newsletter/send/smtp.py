"""One SMTP session that is logged in: hands messages over, each step known to be before or after the dot.

Source: RFC 5321; RFC 2920 (pipelining), RFC 3030 (CHUNKING), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531
(SMTPUTF8). aiosmtplib's sendmail is not used, because it cannot tell "surely not accepted" from "perhaps
accepted", and waits for each reply. Here the end of one message and the envelope of the next leave in one write.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Any, Protocol, TypeAlias

from newsletter.model import Message, Reply, Stage
from newsletter.send.envelope import Envelopes, Opening, canonical
from newsletter.send.judge import Judge, full
from newsletter.send.limits import Limits
from newsletter.send.parcel import Parcel, Tasks
from newsletter.send.wire import Ask, Wire

#: A message longer than this is on its way before its dot may leave, so that a slow server leaves no doubt.
SPLIT = 256 * 1024

#: After so many seconds without a word, a server may have ended the connection: then one message asks first.
IDLE = 5.0

#: After so many refusals with nothing taken between, a new connection is better: Postfix makes a client wait for
#: each that follows (smtpd_soft_error_limit), and leaves after twenty.
ERRORS = 10

Mine: TypeAlias = Parcel["Session"]


class Keeper(Protocol):
    """Who lends sessions."""

    def follow(self) -> Mine | None:
        """Return the parcel that is to follow on the same session, if one waits."""
        ...

    def over(self, session: "Session", parcel: Mine, reply: Reply | Exception) -> None:
        """Hear what came of *parcel*."""
        ...


class Session:
    """A connection on which mail may be sent. *extensions* are the server's, in lower case, with their values.

    *window* messages may be on their way at once where the server offers CHUNKING, and *most* go by it in all.
    *users* is how many are on their way now: the *keeper*, who lends the session, counts them. None leaves before
    the one before it is answered unless *follows*. Whether messages go as chunks is *chunking*. *born* is when it
    was logged in, by the clock that only goes on.
    """

    keeper: Keeper

    def __init__(
        self, wire: Wire, extensions: Mapping[str, str], limits: Limits, *, window: int = 1, most: int = 1000
    ) -> None:
        self._wire = wire
        self._extensions = extensions
        self._limits = limits
        self._pipelining = "pipelining" in extensions
        self.chunking = self._pipelining and "chunking" in extensions
        self.window = window if self.chunking else 1
        self.follows = self._pipelining
        self._envelopes = Envelopes(extensions, limits, data=not self.chunking)
        self._dot = (limits.dot,)
        self._following: Ask | None = None
        self._rest = most
        self._judge = Judge(wire, limits, chunking=self.chunking)
        self._alone = False
        # Which one may be accepted and has no result yet, and what waits for that.
        self._unsettled: Mine | None = None
        self._held: Callable[[], None] | None = None
        self._served = False
        self._tested, self._testing = self.window == 1, False
        self._tasks = Tasks()
        self._under_way: set[Mine] = set()
        self._heard = 0.0
        self.born = monotonic()
        self._trust, self._refused = self.window, 0
        self.used = False
        self.users = 0

    @property
    def usable(self) -> bool:
        """Whether another message can be handed over."""
        return self._rest > 0 and self._judge.ready

    @property
    def waited(self) -> float | None:
        """For how many seconds it has waited for the server's next word; None if it waits for none."""
        return self._wire.waited

    @property
    def room(self) -> int:
        """How many more messages may be on their way; none behind another while the server refuses them."""
        room = min(self.window, self._trust) - self.users
        return room if room > 0 and not (self._alone or self._testing) and self.usable else 0

    @property
    def _wary(self) -> bool:
        """Whether the server may have ended it: a message that leaves all at once would then be in doubt.

        Where one was refused, the next one asks first too: its chunk would be a second error.
        """
        return self.users == 1 and (not self.used or self._trust < self.window or monotonic() - self._heard > IDLE)

    def start(self, parcel: Mine) -> None:
        """Hand a message over, as `newsletter.send.courier.Courier` says. The keeper hears what came of it."""
        together = self.window > 1 and not self._wary
        parcel.behind = self.users > 1
        # What a neighbour left open must not get this message's recipient.
        if not self._fit(parcel, reset=together or self._judge.reset):
            return
        if together:
            self._mark(parcel, self._together)
            return
        self._alone = True
        if self._pipelining:
            self._begin(parcel)
            self._wire.flush()
        else:
            self._beside(parcel, self._stepwise(parcel))

    async def close(self) -> None:
        """Say goodbye and leave; the server has a few seconds to say it too."""
        if self._wire.ready and self.users == 0:
            await self._judge.quit()
            self._wire.close()
        else:
            # What is under way must not go on to leave while nobody listens to what comes of it.
            self.abort()

    def apart(self) -> None:
        """Let no message leave before the one before it is answered."""
        self.follows, self.window = False, 1

    def whole(self) -> None:
        """Send no chunks; nothing was sent yet."""
        self.chunking, self.window = False, 1
        self._envelopes = Envelopes(self._extensions, self._limits, data=True)
        self._judge = Judge(self._wire, self._limits, chunking=False)

    def part(self) -> None:
        """Say goodbye and leave without waiting for an answer."""
        self._wire.close(b"QUIT\r\n" if self._wire.silent else b"")

    def abort(self) -> None:
        """Leave at once."""
        self._judge.abort()

    def stop(self) -> None:
        """Leave at once if nobody wants what is under way, and none of it may be accepted yet."""
        if self._under_way and all(each.late and not each.told for each in self._under_way):
            self.abort()

    def _over(self, parcel: Mine, reply: Reply | Exception) -> None:
        self._alone = False
        self._under_way.discard(parcel)
        self._heard = monotonic()
        accepted = isinstance(reply, Reply) and 200 <= reply.code < 300
        self._served |= accepted
        self._refused = 0 if accepted else self._refused + 1
        self._trust = min(2 * self._trust, self.window) if accepted else 1
        if self._refused == ERRORS:
            self._rest = 0
        if isinstance(reply, Reply) and self._served and full(reply):
            # As if it had left: a new connection may take it.
            self._rest = 0
            reply = reply._replace(code=421)
        if not self._tested:
            self._tested = self._testing and accepted
            self._testing = accepted and self.users > 1 and not self._tested
        self.keeper.over(self, parcel, reply)
        if self._unsettled is parcel:
            held, self._held, self._unsettled = self._held, None, None
            if held:
                held()

    def _failed(self, parcel: Mine, error: Exception) -> None:
        """End a message that something went wrong with; it harms no other."""
        self.abort()
        self._over(parcel, error)

    def _beside(self, parcel: Mine, work: Coroutine[Any, Any, Reply]) -> None:
        """Go on with a message by waiting for *work*."""
        self._tasks.begin(self._waited(parcel, work))

    async def _waited(self, parcel: Mine, work: Coroutine[Any, Any, Reply]) -> None:
        try:
            reply = await work
        except Exception as error:
            self._failed(parcel, error)
        else:
            self._over(parcel, reply)

    def _fit(self, parcel: Mine, *, reset: bool) -> bool:
        """Write the envelope of a message. Return False if nobody should be asked to take it: that ends it."""
        parcel.session = self
        parcel.told = False
        self._under_way.add(parcel)
        opening = self._envelopes.open(parcel.message, reset=reset)
        if isinstance(opening, Reply):
            # Later: whoever hears it may have another one that is unfit.
            asyncio.get_running_loop().call_soon(self._over, parcel, opening)
            return False
        parcel.opening = opening
        self._rest -= 1
        self.used = True
        return True

    def _begin(self, parcel: Mine) -> Ask:
        """Put the envelope of a message into the next write, and go on once the server has answered."""
        stages, limits, lines = parcel.opening
        self._judge.reset = False
        if parcel.behind:
            limits = (min(self._limits.behind, limits[0]), *limits[1:])
        return self._wire.ask((lines,), limits, partial(self._opened, parcel, stages))

    def _opened(self, parcel: Mine, stages: Sequence[Stage | None], ask: Ask) -> None:
        if self._unsettled:
            # Its mark must not stand beside that of the one before it: a crash would leave both in doubt.
            self._held = partial(self._opened, parcel, stages, ask)
            return
        try:
            refusal = self._judge.opened(stages, ask.answers)
            if parcel.behind and self._wire.unheard is ask and not ask.answers:
                self._over(parcel, Reply(Stage.MAIL, 503, text="the server threw away what came behind a message"))
            elif refusal:
                self._over(parcel, refusal)
            elif len(parcel.message.data) > SPLIT and not self.chunking:
                self._beside(parcel, self._content(parcel))
            else:
                self._mark(parcel, self._marked)
        except Exception as error:
            self._failed(parcel, error)

    def _mark(self, parcel: Mine, then: Callable[[Mine, Exception | None], None]) -> None:
        """Call *then* once a message may be accepted, or with what keeps it from that."""
        if parcel.marked:
            then(parcel, None)
        else:
            parcel.mark(partial(then, parcel))

    def _marked(self, parcel: Mine, error: Exception | None) -> None:
        """Write the body, now that it may be accepted, with its dot, and the envelope of the next if one waits."""
        try:
            if error:
                if self.chunking:
                    self._judge.reset = True
                else:
                    # The server waits for a body: only closing takes that back.
                    self.abort()
                self._over(parcel, error)
                return
            parcel.marked = True
            if not self._judge.ready:
                self._over(parcel, self._judge.unready(begun=False))
                return
            parcel.told = True
            self._wire.ask(self._body(parcel.message), self._dot, partial(self._answered, parcel))
            self._following = self._attach() if self.window == 1 else None
            self._wire.flush()
        except Exception as error:
            self._failed(parcel, error)

    def _body(self, message: Message) -> tuple[bytes, bytes]:
        """Return a message with what tells its end."""
        if self.chunking:
            return b"BDAT %d LAST\r\n" % len(message.data), message.data
        return canonical(message), b".\r\n"

    def _answered(self, parcel: Mine, ask: Ask) -> None:
        try:
            answer = ask.answers[0] if ask.answers else None
            if answer and answer.code >= 400:
                self._unsettled = parcel
                self._beside(parcel, self._judge.sure(answer, self._following))
            else:
                self._over(parcel, self._judge.taken(ask, answer))
        except Exception as error:
            self._failed(parcel, error)

    async def _stepwise(self, parcel: Mine) -> Reply:
        """Hand a message over to a server that takes one command at a time."""
        return await self._steps(parcel.opening) or await self._content(parcel)

    async def _steps(self, opening: Opening) -> Reply | None:
        """Open a message command by command."""
        stages, limits, text = opening
        lines = text.splitlines(keepends=True)
        self._judge.reset = False
        for stage, line, limit in zip(stages, lines, limits, strict=True):
            ask = self._wire.ask((line,), (limit,))
            self._wire.flush()
            refusal = self._judge.opened((stage,), await self._wire.replies(ask))
            if refusal:
                return refusal
        return None

    async def _content(self, parcel: Mine) -> Reply:
        """Write the body of a message once it may be accepted, or all but the end of a long one before."""
        data = canonical(parcel.message)
        begun = len(data) > SPLIT
        if begun:
            if not await self._wire.drain((data,), self._limits.body):
                return Reply(Stage.BODY, 0, text=self._wire.lost)
            data = b""
        await parcel.committed()
        if not self._judge.ready:
            return self._judge.unready(begun=begun)
        parcel.told = True
        ask = self._wire.ask((data, b".\r\n"), self._dot)
        following = self._attach()
        self._unsettled = parcel
        self._wire.flush()
        answers = await self._wire.replies(ask)
        return await self._judge.ended(ask, answers[0] if answers else None, following)

    def _attach(self) -> Ask | None:
        """Put the envelope of the next message behind the dot of this one, if one waits."""
        while self.follows and self._rest > 0 and (parcel := self.keeper.follow()):
            self.users += 1
            parcel.behind = True
            if self._fit(parcel, reset=self._judge.reset):
                return self._begin(parcel)
        return None

    def _together(self, parcel: Mine, error: Exception | None) -> None:
        """Write envelope and body together, behind others that wait for replies (RFC 3030 section 4.2)."""
        try:
            parcel.marked = error is None
            if error:
                self._over(parcel, error)
            elif not self._judge.ready:
                self._over(parcel, Reply(Stage.MAIL, 0, text=self._wire.lost or "the connection was given up"))
            else:
                stages, limits, lines = parcel.opening
                self._judge.reset, parcel.told = False, True
                pieces = (lines, *self._body(parcel.message))
                self._wire.ask(pieces, limits + self._dot, partial(self._settled, parcel, stages))
                self._wire.flush()
        except Exception as error:
            self._failed(parcel, error)

    def _settled(self, parcel: Mine, stages: Sequence[Stage | None], ask: Ask) -> None:
        try:
            if reply := self._judge.settled(ask):
                self._over(parcel, reply)
            else:
                self._beside(parcel, self._judge.among(stages, ask))
        except Exception as error:
            self._failed(parcel, error)
