"""One SMTP session that is logged in: hands messages over, each step known to be before or after the dot.

Source: RFC 5321; RFC 2920 (pipelining), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8). aiosmtplib's
sendmail is not used, because it cannot tell "surely not accepted" from "perhaps accepted".
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from newsletter.model import Message, Reply, Stage
from newsletter.send.wire import Answer, LostError, Wire

#: RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
LONGEST_ADDRESS = 254

_ADDRESS = re.compile(r"[^\s<>\x00-\x20\x7f]+@[^\s<>\x00-\x20\x7f@]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait at each stage, in seconds: RFC 5321 section 4.5.3.2, but a minute to connect and log in."""

    connect: float = 60.0
    mail: float = 300.0
    rcpt: float = 300.0
    data: float = 120.0
    body: float = 180.0
    dot: float = 600.0
    quit: float = 3.0


class Session:
    """A connection on which mail may be sent. *extensions* are the server's, in lower case, with their values."""

    def __init__(self, wire: Wire, extensions: Mapping[str, str], limits: Limits) -> None:
        self._wire = wire
        self._extensions = extensions
        self._limits = limits
        self._open = False
        self.used = False

    @property
    def usable(self) -> bool:
        """Whether another message can be handed over."""
        return self._wire.alive and self._wire.silent

    async def deliver(self, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Hand *message* over, as `newsletter.send.courier.Courier` says."""
        data = canonical(message.data)
        unfit = self._unfit(message, data)
        if unfit:
            return unfit
        refusal = await self._envelope(message, data)
        self.used = True
        return refusal or await self._content(data, commit)

    async def close(self) -> None:
        """Say goodbye and leave; the server has a few seconds to say it too."""
        if self.usable:
            with suppress(LostError):
                self._wire.write(b"QUIT\r\n")
                await self._wire.answer(self._limits.quit)
        self._wire.close()

    def abort(self) -> None:
        """Leave at once."""
        self._wire.abort("the connection was given up")

    def _unfit(self, message: Message, data: bytes) -> Reply | None:
        """Return the refusal that this server would give, or that no server should be asked for."""
        sender, recipient = message.envelope.sender, message.envelope.recipient
        for stage, address in ((Stage.MAIL, sender), (Stage.RCPT, recipient)):
            if not _ADDRESS.fullmatch(address) or len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
                return Reply(stage, 553, "5.1.3", "no mail can be sent to an address written like this")
            if not address.isascii() and "smtputf8" not in self._extensions:
                return Reply(stage, 553, "5.6.7", "the server takes no address outside ASCII (SMTPUTF8)")
        if not data.isascii() and "smtputf8" not in self._extensions:
            # Bodies of ours are ASCII, so it is a header, and RFC 6532 wants SMTPUTF8 for that.
            return Reply(Stage.MAIL, 554, "5.6.9", "the server takes no headers outside ASCII (SMTPUTF8)")
        most = self._extensions.get("size", "")
        if most.isdecimal() and 0 < int(most) < len(data):
            return Reply(Stage.MAIL, 552, "5.3.4", f"{len(data)} bytes are more than the server takes ({most})")
        return None

    def _commands(self, message: Message, data: bytes) -> list[tuple[Stage, bytes, float]]:
        """Return what opens a message: stage, command and time limit of each."""
        sender, recipient = message.envelope.sender, message.envelope.recipient
        options = f" SIZE={len(data)}" if "size" in self._extensions else ""
        if not data.isascii() and "8bitmime" in self._extensions:
            options += " BODY=8BITMIME"
        if not (sender.isascii() and recipient.isascii() and data.isascii()):
            options += " SMTPUTF8"
        commands = [
            (Stage.MAIL, f"MAIL FROM:<{sender}>{options}\r\n".encode(), self._limits.mail),
            (Stage.RCPT, f"RCPT TO:<{recipient}>\r\n".encode(), self._limits.rcpt),
            (Stage.DATA, b"DATA\r\n", self._limits.data),
        ]
        # What was refused half-way is still open: Postfix answers the next MAIL with 503 until RSET.
        return [(Stage.MAIL, b"RSET\r\n", self._limits.mail), *commands] if self._open else commands

    async def _envelope(self, message: Message, data: bytes) -> Reply | None:
        """Open a message: in one write if the server offers PIPELINING. Return the refusal, or None to go on."""
        commands = self._commands(message, data)
        together = "pipelining" in self._extensions
        refusal: Reply | None = None
        stage = Stage.MAIL
        self._open = True
        try:
            if together:
                self._wire.write(b"".join(command for _, command, _ in commands))
            for stage, command, limit in commands:
                if not together:
                    self._wire.write(command)
                answer = await self._wire.answer(limit)
                refusal = refusal or self._refusal(stage, answer, command)
                if refusal and (not together or answer.code in (354, 421)):
                    break
        except LostError as lost:
            return refusal or Reply(stage, 0, text=str(lost))
        if refusal and answer.code in (354, 421):
            # It leaves, or waits for a body that nobody is to get: only closing takes that back (RFC 2920 3.1).
            self.abort()
        return refusal

    def _refusal(self, stage: Stage, answer: Answer, command: bytes) -> Reply | None:
        """Return None if *answer* lets us go on. Whoever cannot reset is given up, and no reader is blamed."""
        if answer.code == 354 if stage is Stage.DATA else 200 <= answer.code < 300:
            return None
        if answer.code < 400 or command == b"RSET\r\n":
            self.abort()
            return Reply(stage, 0, text=f"the server's reply makes no sense: {answer.code} {answer.text}")
        return _reply(stage, answer)

    async def _content(self, data: bytes, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Write the body, await *commit*, and only then let the dot leave."""
        try:
            self._wire.write(data)
            await self._wire.drain(self._limits.body)
            await commit()
            if not self._wire.silent:
                return await self._early()
            self._wire.write(b".\r\n")
        except LostError as lost:
            return Reply(Stage.BODY, 0, text=str(lost))
        try:
            answer = await self._wire.answer(self._limits.dot)
        except LostError as lost:
            # What still lies in our own buffer did not leave, and the dot is the last of it.
            return Reply(Stage.BODY if self._wire.held else Stage.DOT, 0, text=str(lost))
        self._open = False
        if answer.code >= 400:
            return await self._sure(answer)
        if answer.code >= 300:
            self.abort()
            return Reply(Stage.DOT, 0, text=f"the server's reply makes no sense: {answer.code} {answer.text}")
        return _reply(Stage.DOT, answer)

    async def _sure(self, refusal: Answer) -> Reply:
        """Return a refusal of the dot, or doubt if the server then says that it took the message after all.

        A refusal may have been written before the dot came, by a server that did not mean this message. Asked to
        leave, it must say 221 next; an acceptance in front of that is one too many.
        """
        with suppress(LostError):
            self._wire.write(b"QUIT\r\n")
            if (await self._wire.answer(self._limits.quit)).code in (250, 251, 252):
                self.abort()
                return Reply(Stage.DOT, 0, text=f"the server both refused and accepted: {refusal.text}")
        self.abort()
        return _reply(Stage.DOT, refusal)

    async def _early(self) -> Reply:
        """Return a reply that came before the dot: a refusal counts, an acceptance leaves doubt."""
        answer = await self._wire.answer(self._limits.dot)
        self.abort()
        if answer.code >= 400:
            return _reply(Stage.BODY, answer)
        return Reply(Stage.DOT, 0, text=f"the server answered before the end: {answer.code} {answer.text}")


def canonical(data: bytes) -> bytes:
    """Return *data* as it goes between DATA and the dot: a line that opens with a dot gets a second one.

    RFC 5321 section 4.5.2. A dot after a bare CR or LF opens a line for some servers, which is how a message is
    smuggled into another (section 2.3.8): where there is one, all line ends are written anew.
    """
    if data.startswith(b".") or b"\n." in data or b"\r." in data:
        data = _LINE_END.sub(b"\r\n", data)
        data = (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _reply(stage: Stage, answer: Answer) -> Reply:
    return Reply(stage, answer.code, answer.enhanced, answer.text)
