"""What replies mean for a message: taken, refused, surely not accepted, or in doubt. Asks a server to prove it.

Source: RFC 5321 section 4.2; RFC 2920 (pipelining), RFC 3030 (CHUNKING). A server may answer too early, refuse and
accept the same message, or make no sense. Then no reader is blamed, and nobody uses the connection again.
"""

import asyncio
import re
from collections.abc import Sequence
from operator import itemgetter

from newsletter.model import Reply, Stage
from newsletter.send.answer import Answer
from newsletter.send.limits import Limits
from newsletter.send.wire import Ask, Wire

#: What a server says to an envelope that it takes, with and without DATA.
SMOOTH = {(250, 250, 354), (250, 250), (250, 250, 250, 354)}

#: What it says to RSET, an envelope and a chunk that it takes.
TAKEN = (250, 250, 250, 250)

#: What a server says to a command that it does not know (RFC 5321 section 4.2.4), whatever it offers.
UNKNOWN = frozenset({500, 502, 503, 504})

#: How a server says that so many messages are enough for one connection.
_MANY = re.compile(r"(?i)\btoo many (?:messages|mails|emails|transactions)\b|\bper (?:session|connection)\b")

_code = itemgetter(0)


class Judge:
    """Says what came of the messages of one connection. *chunking* is whether they go as chunks.

    *reset* is whether the server may hold an open envelope, which RSET must clear before the next. *retired* is
    whether the connection is given up: what still waits for replies on it is heard, and nothing more is sent.
    *astray* is whether a chunk was not understood: it may be read as commands, and what answers them is no answer.
    """

    def __init__(self, wire: Wire, limits: Limits, *, chunking: bool) -> None:
        self._wire = wire
        self._limits = limits
        self._chunking = chunking
        self._proof: asyncio.Future[bool] | None = None
        self._farewell = 0
        # Whether the server said, behind what is to be proven, what might be that it took it after all.
        self._went_on = False
        self.reset = False
        self.retired = False
        self.astray = False

    @property
    def ready(self) -> bool:
        """Whether the server may be sent anything more."""
        return not self.retired and self._wire.ready

    def abort(self) -> None:
        """Leave at once."""
        self.retired = True
        self._wire.abort("the connection was given up")

    def opened(self, stages: Sequence[Stage | None], answers: Sequence[Answer]) -> Reply | None:
        """Return None if all *answers* let us go on, else the first that does not. None among *stages* is RSET.

        Whoever cannot reset, or makes no sense, is given up, and no reader is blamed.
        """
        self._went_on |= self.retired and len(answers) < len(stages) and _taken(answers)
        if self.astray:
            return Reply(Stage.MAIL, 0, text="the connection was given up")
        if len(answers) == len(stages) and tuple(map(_code, answers)) in SMOOTH:
            return None
        for stage, answer in zip(stages, answers, strict=False):
            if answer.code == 354 if stage is Stage.DATA else 200 <= answer.code < 300:
                continue
            self.reset = True
            if answer.code < 400 or stage is None:
                self.abort()
                text = f"the server's reply makes no sense: {answer.code} {answer.text}"
                return Reply(stage or Stage.MAIL, 0, text=text)
            if answers[-1].code == 354:
                # It waits for a body that nobody is to get: only closing takes that back (RFC 2920).
                self.abort()
            # Whoever leaves may first answer what came behind.
            self.retired = self.retired or any(answer.code == 421 for answer in answers)
            return _reply(stage, answer)
        if len(answers) < len(stages):
            return Reply(stages[len(answers)] or Stage.MAIL, 0, text=self._wire.lost)
        return None

    def unready(self, *, begun: bool) -> Reply:
        """Return why the end of a message cannot leave."""
        if self.retired:
            return Reply(Stage.MAIL, 0, text="the connection was given up")
        return self._early(begun)

    def settled(self, ask: Ask) -> Reply | None:
        """Return what came of a message that went among others, if that is what comes of most.

        Any other answer but a refusal of all of it gives the connection up, before anybody looks at what came
        behind: the server may have said a word too many, and each reply after that be to another message.
        """
        codes = tuple(map(_code, ask.answers))
        if codes == TAKEN and not self.retired:
            return _reply(Stage.DOT, ask.answers[-1])
        self._went_on |= self.retired and _taken(ask.answers)
        if len(codes) == len(ask.limits) and not _refused(codes):
            self.retired = True
        return None

    async def among(self, stages: Sequence[Stage | None], ask: Ask) -> Reply:
        """Return what came of a message that went among others, if that is not what comes of most."""
        answers = ask.answers
        codes = tuple(map(_code, answers))
        if (self.astray and codes and min(codes) >= 400) or (not codes and self._wire.dismissed):
            return Reply(Stage.MAIL, 0, text=self._wire.lost or "the connection was given up")
        whole = len(codes) == len(ask.limits)
        if whole and codes[-1] in UNKNOWN and max(codes[:-1]) < 300:
            return await self.sure(answers[-1], None)
        if self.retired and codes and not await self.in_step():
            return _doubt(answers[-1]) if self._wire.left(ask) else self.taken(ask, None)
        if not whole:
            return self._cut(stages, ask)
        if min(codes) >= 400:
            self.reset = True
            return _reply(Stage.MAIL, answers[stages.index(Stage.MAIL)])
        if refusal := self.opened(stages, answers[: len(stages)]):
            return refusal if codes[-1] >= 400 else _doubt(answers[0])
        return await self.ended(ask, answers[-1], None)

    def _cut(self, stages: Sequence[Stage | None], ask: Ask) -> Reply:
        """Return what came of a message that went among others, where the connection ended within the replies.

        A refusal counts if the server had the last word; without RSET nobody knows whose envelope the chunk met,
        unless 421 says that it met none.
        """
        answers = ask.answers
        unset = bool(answers) and stages[0] is None and answers[0].code >= 400
        known = self._wire.dismissed or (self._wire.hung_up and not unset)
        if any(answer.code >= 400 for answer in answers) and (known or not self._wire.left(ask)):
            return self.opened(stages, answers) or self.taken(ask, None)
        self.abort()
        return self.taken(ask, None)

    async def ended(self, ask: Ask, answer: Answer | None, following: Ask | None) -> Reply:
        """Return what came of a message whose dot, or last chunk, may have left."""
        if answer and answer.code >= 400:
            return await self.sure(answer, following)
        return self.taken(ask, answer)

    def taken(self, ask: Ask, answer: Answer | None) -> Reply:
        """Return what came of it, if it was not refused."""
        if answer is None:
            return Reply(Stage.DOT if self._wire.left(ask) else Stage.BODY, 0, text=self._wire.lost)
        if answer.code >= 300:
            self.abort()
            return Reply(Stage.DOT, 0, text=f"the server's reply makes no sense: {answer.code} {answer.text}")
        return _reply(Stage.DOT, answer)

    async def sure(self, refusal: Answer, following: Ask | None) -> Reply:
        """Return a refusal of the dot, or doubt if the server then says that it took the message after all.

        A refusal may have been written before the dot came, by a server that did not mean this message; then an
        acceptance follows that is one too many. A 354 in its place behind the refusal, to the *following*
        envelope, says that there is none. Else the server is asked to leave: it must say 221 next. One that does
        not know what a chunk is may say more of the kind to its lines, but takes nothing.
        """
        if self._chunking and refusal.code in UNKNOWN:
            self.astray = True
            told = await self.in_step()
            said = [code for code in (self._farewell, *map(_code, self._wire.unasked)) if code]
            known = told or (bool(said) and all(code >= 400 or code == 221 for code in said))
            return _reply(Stage.DOT, refusal) if known else _doubt(refusal)
        if following and not self._chunking:
            answers = await self._wire.replies(following)
            if len(answers) == len(following.limits) and answers[-1].code < 400:
                return _reply(Stage.DOT, refusal) if answers[-1].code == 354 else _doubt(refusal)
            self._went_on |= len(answers) < len(following.limits) and _taken(answers)
        return _reply(Stage.DOT, refusal) if await self.in_step() else _doubt(refusal)

    async def in_step(self) -> bool:
        """Ask the server to leave; return whether each reply so far was to what was asked. Everybody may wait.

        Who only closes right behind what is to be proven has said all before; who is silent, or whom we left, may
        yet say that it took a message.
        """
        if self._proof is None:
            self._proof = asyncio.get_running_loop().create_future()
            self.retired = True
            self._farewell = await self.quit() if self._wire.alive else 0
            told = self._farewell in (221, 421) or (
                self._farewell == 0 and self._wire.hung_up and not self._went_on
            )
            self._proof.set_result(told and not self._wire.unasked)
            self.abort()
        return await asyncio.shield(self._proof)

    async def quit(self) -> int:
        """Say goodbye; return the code of the answer, or 0."""
        ask = self._wire.ask((b"QUIT\r\n",), (self._limits.quit,))
        self._wire.flush()
        answers = await self._wire.replies(ask)
        return answers[0].code if answers else 0

    def _early(self, begun: bool) -> Reply:
        """Return a reply that came before the dot: a refusal counts; an acceptance of a body leaves doubt."""
        early = next(iter(self._wire.unasked), None)
        self.abort()
        if early is None:
            return Reply(Stage.BODY, 0, text=self._wire.lost)
        if early.code >= 400:
            return _reply(Stage.BODY, early)
        text = f"the server answered before the end: {early.code} {early.text}"
        return Reply(Stage.DOT if begun else Stage.BODY, 0, text=text)


def unknown(reply: Reply) -> bool:
    """Return whether a message as a chunk is nothing that the server understands, though it offers CHUNKING.

    A proxy in front of a server may do so, which hands the offer on and knows no chunks itself.
    """
    return reply.stage is Stage.DOT and reply.code in UNKNOWN


def full(reply: Reply) -> bool:
    """Return whether a server may refuse an envelope for no more than that its connection had enough messages.

    Some then stay, instead of leaving with 421 (RFC 5321 section 3.8), and refuse whatever comes by it.
    """
    return reply.stage is Stage.MAIL and 400 <= reply.code < 500 and _MANY.search(reply.text) is not None


def apart(reply: Reply) -> bool:
    """Return whether an envelope may be refused for no more than that it came before the last one was answered.

    RFC 2920 section 3.1 lets it; a server that fears smuggled messages may not.
    """
    if reply.stage is not Stage.MAIL or reply.code < 400:
        return False
    said = reply.text.lower()
    return reply.code in (500, 503) or reply.enhanced == "5.5.0" or "pipelin" in said or "synchroni" in said


def _refused(codes: Sequence[int]) -> bool:
    """Return whether an envelope behind RSET was refused, and its chunk with it."""
    return codes[-1] >= 400 <= max(codes[1:-1]) and all(code < 300 or code >= 400 for code in codes)


def _taken(answers: Sequence[Answer]) -> bool:
    """Return whether one of *answers* may be that a message was taken."""
    return any(answer.code < 400 for answer in answers)


def _doubt(answer: Answer) -> Reply:
    return Reply(Stage.DOT, 0, text=f"what the server meant is not sure: {answer.code} {answer.text}")


def _reply(stage: Stage, answer: Answer) -> Reply:
    return Reply(stage, answer.code, answer.enhanced, answer.text)
