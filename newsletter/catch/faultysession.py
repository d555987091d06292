"""One connection of the misbehaving SMTP server: what it answers, rightly or as its script says."""

import asyncio
import base64
import contextlib
import os
import re
import socket
from typing import cast

from newsletter.catch.script import Received, Script

#: What hangs or dozes does so for so many seconds.
PATIENCE = 30

#: What was written together has come within so many seconds.
TOGETHER = 0.02

#: What a fault answers with; the other faults do something else.
ANSWERS = {
    "421": "421 4.3.2 closing down",
    "mute": "421 4.3.2 closing down",
    "enough": "421 too many messages in this connection",
    "unshown": "421 4.7.1 Error: No client certificate presented",
    "450": "450 4.7.1 you are too fast",
    "452": "452 4.5.3 Too many messages sent",
    "451": "451 4.3.0 try again later",
    "filtered": "451 4.7.1 show me this one again, please",
    "550": "550 5.1.1 no such user here",
    "554": "554 5.3.0 not just now, nor later",
    "571": "550 5.7.1 we do not like you",
    "garbage": "\x1b[31mwhat is SMTP?",
    "354": "354 more please",
    "escape": "550 5.1.1 \x1b[31mred\x07 \u202eand backwards",
}


class StopError(Exception):
    """The session is over."""


class Session:
    """One connection."""

    def __init__(self, server: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.sender = self.recipient = self.user = ""
        self.secure = server.implicit
        self.begun = False
        self.count = 0

    async def run(self) -> None:
        """Answer until the client leaves. Raise StopError."""
        if self.server.most and self.server.open > self.server.most:
            await self.say("421 4.7.0 too many connections from you")
            return
        await self.step("banner", "220 test ESMTP")
        while True:
            line = (await self.reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
            self.server.commands.append(line)
            verb = line.partition(" ")[0].upper()
            await getattr(self, f"do_{verb.lower()}", self.unknown)(line)

    async def say(self, text: str) -> None:
        """Write a reply."""
        if self.server.delay:
            await asyncio.sleep(self.server.delay)
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def step(self, stage: str, answer: str) -> bool:
        """Answer, or do what a fault says instead. Return whether the answer was given."""
        action = self.server.fault(stage)
        if action:
            await self.misbehave(action)
            return False
        await self.say(answer)
        return True

    async def misbehave(self, action: str) -> None:
        """Do what a fault says. Raise StopError if that ends the session."""
        match action:
            case "drop":
                raise StopError
            case "hang":
                await asyncio.sleep(PATIENCE)
                raise StopError
            case "slow":
                await self.doze()
            case "huge":
                for _ in range(160):
                    self.writer.write(b"2" * 65536)
                    await self.writer.drain()
                raise StopError
            case "injected":
                # One segment, so that it is read with the 220, in front of the handshake.
                self.writer.write(b"220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n")
                await self.writer.drain()
                await self._encrypt()
            case "counted":
                await self.say(f"451 4.7.1 sender rate {len(self.server.commands)}.0 / 1m")
            case "endless":
                while True:
                    self.writer.write(b"250-and so on\r\n" * 1000)
                    await self.writer.drain()
                    # Under TLS, to drain alone never hears that the other side has left.
                    await asyncio.sleep(0)
            case _:
                await self.say(ANSWERS[action])
                if action == "421":
                    await self.leave()
                if action == "mute":
                    await asyncio.sleep(PATIENCE)
                    raise StopError

    async def leave(self) -> None:
        """Go once the client has heard the last word: closing on what is unread takes it back. Raise StopError."""
        if self.writer.can_write_eof():
            self.writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while await self.reader.read(65536):
                    pass
        raise StopError

    async def doze(self) -> None:
        """Read a byte a second, for as long as anybody bears it. Raise StopError."""
        transport = cast(asyncio.Transport, self.writer.transport)
        transport.pause_reading()
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as handle:
            for _ in range(PATIENCE):
                await asyncio.sleep(1)
                with contextlib.suppress(BlockingIOError):
                    handle.recv(1)
        raise StopError

    async def unknown(self, line: str) -> None:
        """Answer what no server knows."""
        await self.say("500 5.5.1 what?")

    async def do_ehlo(self, line: str) -> None:
        """EHLO."""
        offers = list(self.server.extensions)
        if self.server.starttls and not self.secure:
            offers.append("STARTTLS")
        if self.server.users:
            offers.append("AUTH PLAIN LOGIN")
        lines = ["test", *offers]
        text = "\r\n".join([f"250-{each}" for each in lines[:-1]] + [f"250 {lines[-1]}"])
        await self.step("ehlo", text)

    async def do_helo(self, line: str) -> None:
        """HELO."""
        await self.say("250 test")

    async def do_starttls(self, line: str) -> None:
        """STARTTLS."""
        if await self.step("starttls", "220 go"):
            await self._encrypt()

    async def do_auth(self, line: str) -> None:
        """AUTH."""
        user, password = base64.b64decode(line.split()[2]).split(b"\0")[1:]
        if self.server.users.get(user.decode()) != password.decode():
            await self.say("535 5.7.8 wrong password")
        elif await self.step("auth", "235 welcome"):
            self.user = user.decode()

    async def do_mail(self, line: str) -> None:
        """MAIL."""
        if self.begun:
            await self.say("503 5.5.1 nested MAIL")
        elif self.count == self.server.each > 0:
            await self.misbehave(self.server.enough)
        elif await self.step("mail", "250 ok"):
            self.begun = True
            self.sender = _path(line)

    async def do_rcpt(self, line: str) -> None:
        """RCPT."""
        if not self.begun:
            await self.say("503 5.5.1 MAIL first")
        elif await self.step("rcpt", "250 ok"):
            self.recipient = _path(line)

    async def do_data(self, line: str) -> None:
        """DATA."""
        if not self.recipient:
            await self.say("554 5.5.1 no valid recipients")
        elif await self.step("data", "354 go on"):
            await self.take()

    async def take(self) -> None:
        """Read a body up to its dot."""
        lines: list[bytes] = []
        action = self.server.fault("body")
        while (line := await self.reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
            if action and len(lines) > 5:
                await self.misbehave(action)
                action = ""
        fault = self.server.fault("dot")
        if fault and fault != "vanish":
            self.reset()
            await self.misbehave(fault)
            return
        await self.accept(b"".join(lines), fault)

    async def do_bdat(self, line: str) -> None:
        """RFC 3030. A chunk is read whatever became of its envelope, and refused with it."""
        if self.server.chunks != "known":
            await self.unknown(line)
        if self.server.chunks == "unread":
            return
        data = await self.reader.readexactly(int(line.split()[1]))
        if self.server.chunks == "unknown":
            return
        if not self.recipient:
            await self.say("554 5.5.1 no valid recipients")
            return
        if action := self.server.fault("body"):
            await self.misbehave(action)
        fault = self.server.fault("dot")
        if fault and fault != "vanish":
            self.reset()
            await self.misbehave(fault)
            return
        await self.accept(data, fault)

    async def accept(self, data: bytes, fault: str) -> None:
        """Remember a message, and say so unless *fault* is to vanish."""
        found = re.search(rb"(?im)^Message-ID: *(\S+)\r$", data)
        message_id = found[1].decode() if found else ""
        self.server.accepted.append(
            Received(message_id, self.sender, self.recipient, data, self.secure, self.user)
        )
        self.count += 1
        self.reset()
        if fault == "vanish":
            raise StopError
        early = await self.early() if self.server.strict or self.server.deaf else 0
        await self.say(f"250 2.0.0 queued as {len(self.server.accepted)}")
        for _ in range(0 if self.server.deaf else early):
            await self.say("503 Bad sequence of commands - pipelined after end of DATA")

    async def early(self) -> int:
        """Read what came behind a message. Return how many commands that was."""
        count = 0
        with contextlib.suppress(TimeoutError):
            while True:
                line = await asyncio.wait_for(self.reader.readuntil(b"\n"), TOGETHER)
                self.server.commands.append(line.decode("utf-8", "replace").rstrip("\r\n"))
                count += 1
                if line.startswith(b"BDAT"):
                    await self.reader.readexactly(int(line.split()[1]))
        return count

    def reset(self) -> None:
        """Forget the envelope."""
        self.sender = self.recipient = ""
        self.begun = False

    async def do_rset(self, line: str) -> None:
        """RSET."""
        self.reset()
        await self.step("rset", "250 ok")

    async def do_noop(self, line: str) -> None:
        """NOOP."""
        await self.say("250 ok")

    async def do_quit(self, line: str) -> None:
        """QUIT."""
        await self.step("quit", "221 bye")
        raise StopError

    async def _encrypt(self) -> None:
        if self.server.tls:
            await self.writer.start_tls(self.server.tls)
            self.secure = True


def _path(line: str) -> str:
    found = re.search(r"<(.*?)>", line)
    return found[1] if found else ""
