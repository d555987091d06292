"""One SMTP session that is logged in: hands messages over, each step known to be before or after the dot.

Source: RFC 5321; RFC 2920 (pipelining), RFC 3030 (CHUNKING), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531
(SMTPUTF8). aiosmtplib's sendmail is not used, because it cannot tell "surely not accepted" from "perhaps
accepted", and waits for each reply. Here the end of one message and the envelope of the next leave in one write.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from operator import itemgetter
from time import monotonic
from typing import Any, Protocol, TypeAlias

from newsletter.model import Message, Reply, Stage
from newsletter.send.answer import Answer
from newsletter.send.envelope import Envelopes, Opening, canonical
from newsletter.send.limits import Limits
from newsletter.send.parcel import Parcel, Tasks
from newsletter.send.wire import Ask, Wire

#: A message longer than this is on its way before its dot may leave, so that a slow server leaves no doubt.
SPLIT = 256 * 1024

#: After so many seconds without a word, a server may have ended the connection: then one message asks first.
IDLE = 5.0

#: What a server says to an envelope that it takes, with and without DATA.
SMOOTH = {(250, 250, 354), (250, 250), (250, 250, 250, 354)}

#: What it says to RSET, an envelope and a chunk that it takes.
TAKEN = (250, 250, 250, 250)

_code = itemgetter(0)

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
    *users* is how many are on their way now: the *keeper*, who lends the session, counts them.
    """

    keeper: Keeper

    def __init__(
        self, wire: Wire, extensions: Mapping[str, str], limits: Limits, *, window: int = 1, most: int = 1000
    ) -> None:
        self._wire = wire
        self._limits = limits
        self._pipelining = "pipelining" in extensions
        self._chunking = self._pipelining and "chunking" in extensions
        self.window = window if self._chunking else 1
        self._envelopes = Envelopes(extensions, limits, data=not self._chunking)
        self._dot = (limits.dot,)
        self._following: Ask | None = None
        self._rest = most
        self._reset = False
        self._retired = False
        self._alone = False
        self._proof: asyncio.Future[bool] | None = None
        self._tasks = Tasks()
        self._heard = 0.0
        self.used = False
        self.users = 0

    @property
    def usable(self) -> bool:
        """Whether another message can be handed over."""
        return not self._retired and self._rest > 0 and self._wire.ready

    @property
    def room(self) -> int:
        """How many more messages may be on their way."""
        room = self.window - self.users
        return room if room > 0 and not self._alone and self.usable else 0

    @property
    def _stale(self) -> bool:
        """Whether the server may have ended it: a message that leaves all at once would then be in doubt."""
        return self.users == 1 and (not self.used or monotonic() - self._heard > IDLE)

    def start(self, parcel: Mine) -> None:
        """Hand a message over, as `newsletter.send.courier.Courier` says. The keeper hears what came of it."""
        together = self.window > 1 and not self._stale
        # What a neighbour left open must not get this message's recipient.
        if not self._fit(parcel, reset=together or self._reset):
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
            await self._quit()
        self._wire.close()

    def part(self) -> None:
        """Say goodbye and leave without waiting for an answer."""
        self._wire.close(b"QUIT\r\n" if self._wire.silent else b"")

    def abort(self) -> None:
        """Leave at once."""
        self._retired = True
        self._wire.abort("the connection was given up")

    def _over(self, parcel: Mine, reply: Reply | Exception) -> None:
        self._alone = False
        self._heard = monotonic()
        self.keeper.over(self, parcel, reply)

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
        self._reset = False
        return self._wire.ask((lines,), limits, partial(self._opened, parcel, stages))

    def _opened(self, parcel: Mine, stages: Sequence[Stage | None], ask: Ask) -> None:
        try:
            refusal = self._judge(stages, ask.answers)
            if refusal:
                self._over(parcel, refusal)
            elif len(parcel.message.data) > SPLIT and not self._chunking:
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
                if self._chunking:
                    self._reset = True
                else:
                    # The server waits for a body: only closing takes that back.
                    self.abort()
                self._over(parcel, error)
                return
            parcel.marked = True
            if self._retired or not self._wire.ready:
                self._over(parcel, self._unready(begun=False))
                return
            self._wire.ask(self._body(parcel.message), self._dot, partial(self._answered, parcel))
            self._following = self._attach() if self.window == 1 else None
            self._wire.flush()
        except Exception as error:
            self._failed(parcel, error)

    def _body(self, message: Message) -> tuple[bytes, bytes]:
        """Return a message with what tells its end."""
        if self._chunking:
            return b"BDAT %d LAST\r\n" % len(message.data), message.data
        return canonical(message), b".\r\n"

    def _answered(self, parcel: Mine, ask: Ask) -> None:
        try:
            answer = ask.answers[0] if ask.answers else None
            if answer and answer.code >= 400:
                self._beside(parcel, self._sure(answer, self._following))
            else:
                self._over(parcel, self._taken(ask, answer))
        except Exception as error:
            self._failed(parcel, error)

    async def _stepwise(self, parcel: Mine) -> Reply:
        """Hand a message over to a server that takes one command at a time."""
        return await self._steps(parcel.opening) or await self._content(parcel)

    async def _steps(self, opening: Opening) -> Reply | None:
        """Open a message command by command."""
        stages, limits, text = opening
        lines = text.splitlines(keepends=True)
        self._reset = False
        for stage, line, limit in zip(stages, lines, limits, strict=True):
            ask = self._wire.ask((line,), (limit,))
            self._wire.flush()
            refusal = self._judge((stage,), await self._wire.replies(ask))
            if refusal:
                return refusal
        return None

    def _judge(self, stages: Sequence[Stage | None], answers: Sequence[Answer]) -> Reply | None:
        """Return None if all *answers* let us go on, else the first that does not. None among *stages* is RSET.

        Whoever cannot reset, or makes no sense, is given up, and no reader is blamed.
        """
        if len(answers) == len(stages) and tuple(map(_code, answers)) in SMOOTH:
            return None
        for stage, answer in zip(stages, answers, strict=False):
            if answer.code == 354 if stage is Stage.DATA else 200 <= answer.code < 300:
                continue
            self._reset = True
            if answer.code < 400 or stage is None:
                self.abort()
                text = f"the server's reply makes no sense: {answer.code} {answer.text}"
                return Reply(stage or Stage.MAIL, 0, text=text)
            if answers[-1].code in (354, 421):
                # It leaves, or waits for a body that nobody is to get: only closing takes that back (RFC 2920).
                self.abort()
            return _reply(stage, answer)
        if len(answers) < len(stages):
            return Reply(stages[len(answers)] or Stage.MAIL, 0, text=self._wire.lost)
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
        if self._retired or not self._wire.ready:
            return self._unready(begun=begun)
        ask = self._wire.ask((data, b".\r\n"), self._dot)
        following = self._attach() if self._pipelining else None
        self._wire.flush()
        answers = await self._wire.replies(ask)
        return await self._ended(ask, answers[0] if answers else None, following)

    def _unready(self, *, begun: bool) -> Reply:
        """Return why the end of a message cannot leave."""
        if self._retired:
            return Reply(Stage.MAIL, 0, text="the connection was given up")
        return self._early(begun)

    def _attach(self) -> Ask | None:
        """Put the envelope of the next message behind the dot of this one, if one waits."""
        while self._rest > 0 and (parcel := self.keeper.follow()):
            self.users += 1
            if self._fit(parcel, reset=self._reset):
                return self._begin(parcel)
        return None

    def _together(self, parcel: Mine, error: Exception | None) -> None:
        """Write envelope and body together, behind others that wait for replies (RFC 3030 section 4.2)."""
        try:
            parcel.marked = error is None
            if error:
                self._over(parcel, error)
            elif self._retired or not self._wire.ready:
                self._over(parcel, Reply(Stage.MAIL, 0, text=self._wire.lost or "the connection was given up"))
            else:
                stages, limits, lines = parcel.opening
                self._reset = False
                pieces = (lines, *self._body(parcel.message))
                self._wire.ask(pieces, limits + self._dot, partial(self._settled, parcel, stages))
                self._wire.flush()
        except Exception as error:
            self._failed(parcel, error)

    def _settled(self, parcel: Mine, stages: Sequence[Stage | None], ask: Ask) -> None:
        try:
            if tuple(map(_code, ask.answers)) == TAKEN and not self._retired:
                self._over(parcel, _reply(Stage.DOT, ask.answers[-1]))
            else:
                self._beside(parcel, self._unlike(stages, ask))
        except Exception as error:
            self._failed(parcel, error)

    async def _unlike(self, stages: Sequence[Stage | None], ask: Ask) -> Reply:
        """Return what came of a message that went among others, if it is not like what comes of most."""
        answers = ask.answers
        last = answers[-1] if len(answers) == len(ask.limits) else None
        refused = any(answer.code >= 400 for answer in answers[: len(stages)])
        if last is None and answers and stages[0] is None and answers[0].code >= 400 and self._wire.left(ask):
            # Without RSET nobody knows whose envelope the chunk met: it may have been accepted.
            self.abort()
            return Reply(Stage.DOT, 0, text=self._wire.lost)
        if refused and (last is None or last.code >= 400):
            # The chunk of a refused envelope is refused too.
            return self._judge(stages, answers[: len(stages)]) or await self._ended(ask, last, None)
        if refused:
            self.abort()
            return _doubt(answers[0])
        if last and last.code < 400 and self._retired and not await self._in_step():
            return _doubt(last)
        return await self._ended(ask, last, None)

    async def _ended(self, ask: Ask, answer: Answer | None, following: Ask | None) -> Reply:
        """Return what came of a message whose dot, or last chunk, may have left."""
        if answer and answer.code >= 400:
            return await self._sure(answer, following)
        return self._taken(ask, answer)

    def _taken(self, ask: Ask, answer: Answer | None) -> Reply:
        """Return what came of it, if it was not refused."""
        if answer is None:
            return Reply(Stage.DOT if self._wire.left(ask) else Stage.BODY, 0, text=self._wire.lost)
        if answer.code >= 300:
            self.abort()
            return Reply(Stage.DOT, 0, text=f"the server's reply makes no sense: {answer.code} {answer.text}")
        return _reply(Stage.DOT, answer)

    async def _sure(self, refusal: Answer, following: Ask | None) -> Reply:
        """Return a refusal of the dot, or doubt if the server then says that it took the message after all.

        A refusal may have been written before the dot came, by a server that did not mean this message; then an
        acceptance follows that is one too many. A 354 in its place behind the refusal, to the *following*
        envelope, says that there is none. Else the server is asked to leave: it must say 221 next.
        """
        if following and not self._chunking:
            answers = await self._wire.replies(following)
            if len(answers) == len(following.limits) and answers[-1].code < 400:
                return _reply(Stage.DOT, refusal) if answers[-1].code == 354 else _doubt(refusal)
        return _reply(Stage.DOT, refusal) if await self._in_step() else _doubt(refusal)

    async def _in_step(self) -> bool:
        """Ask the server to leave; return whether each reply so far was to what was asked. Everybody may wait."""
        if self._proof is None:
            self._proof = asyncio.get_running_loop().create_future()
            self._retired = True
            code = await self._quit() if self._wire.alive else 0
            self._proof.set_result(code in (0, 221, 421) and not self._wire.early)
            self.abort()
        return await asyncio.shield(self._proof)

    async def _quit(self) -> int:
        """Say goodbye; return the code of the answer, or 0."""
        ask = self._wire.ask((b"QUIT\r\n",), (self._limits.quit,))
        self._wire.flush()
        answers = await self._wire.replies(ask)
        return answers[0].code if answers else 0

    def _early(self, begun: bool) -> Reply:
        """Return a reply that came before the dot: a refusal counts; an acceptance of a body leaves doubt."""
        early = self._wire.early
        self.abort()
        if early is None:
            return Reply(Stage.BODY, 0, text=self._wire.lost)
        if early.code >= 400:
            return _reply(Stage.BODY, early)
        text = f"the server answered before the end: {early.code} {early.text}"
        return Reply(Stage.DOT if begun else Stage.BODY, 0, text=text)


def _doubt(answer: Answer) -> Reply:
    return Reply(Stage.DOT, 0, text=f"the server both refused and accepted: {answer.code} {answer.text}")


def _reply(stage: Stage, answer: Answer) -> Reply:
    return Reply(stage, answer.code, answer.enhanced, answer.text)
