"""An SMTP server that misbehaves where it is told to, and remembers every message that it accepted.

It runs in a thread, so that senders of one process and of several can be tried on it. `accepted` is the oracle:
what stands there has arrived, whatever the sender believes. The proof and the tests use it; no real letter does.
"""

import asyncio
import base64
import contextlib
import re
import ssl
import threading
from dataclasses import dataclass, field

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 50000000")

#: What a fault answers with; drop, hang, huge, endless, injected and vanish do something else.
ANSWERS = {
    "421": "421 4.3.2 closing down",
    "450": "450 4.7.1 you are too fast",
    "451": "451 4.3.0 try again later",
    "550": "550 5.1.1 no such user here",
    "554": "554 5.3.0 not just now, nor later",
    "571": "550 5.7.1 we do not like you",
    "garbage": "\x1b[31mwhat is SMTP?",
    "354": "354 more please",
    "escape": "550 5.1.1 \x1b[31mred\x07 \u202eand backwards",
}


@dataclass
class Fault:
    """Misbehave at *stage*, *times* times, after *skip* times of behaving."""

    stage: str
    action: str
    times: int = 1
    skip: int = 0


@dataclass(frozen=True)
class Received:
    """A message that was accepted."""

    message_id: str
    sender: str
    recipient: str
    data: bytes
    tls: bool
    user: str


class StopError(Exception):
    """The session is over."""


@dataclass
class Server:
    """Listens on loopback, on a port of its own choice unless *port* names one."""

    faults: list[Fault] = field(default_factory=list)
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    starttls: bool = False
    users: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    port: int = 0
    accepted: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> "Server":
        """Start to listen."""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        if not self._ready.wait(30):
            raise OSError("the server did not start")
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def ids(self) -> list[str]:
        """Return the Message-IDs that were accepted, in order."""
        return [received.message_id for received in self.accepted]

    def recipients(self) -> list[str]:
        """Return who got something, in order."""
        return [received.recipient for received in self.accepted]

    def fault(self, stage: str) -> str:
        """Return what to do wrong at *stage* now, or ""."""
        for fault in self.faults:
            if fault.stage == stage and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault.action
        return ""

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        context = self.tls if self.implicit else None
        server = await asyncio.start_server(self._session, "127.0.0.1", self.port, limit=2**20, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None] | None] = set()
        self._ready.set()
        await self._stop.wait()
        server.close()
        tasks = [task for task in self._tasks if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        try:
            await Session(self, reader, writer).run()
        except (StopError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass
        finally:
            self._tasks.discard(asyncio.current_task())
            with contextlib.suppress(Exception):
                writer.transport.abort() if self.faults else writer.close()


class Session:
    """One connection."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.sender = self.recipient = self.user = ""
        self.secure = server.implicit
        self.begun = False

    async def run(self) -> None:
        """Answer until the client leaves. Raise StopError."""
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
                await asyncio.sleep(30)
                raise StopError
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
            case "endless":
                while True:
                    self.writer.write(b"250-and so on\r\n" * 1000)
                    await self.writer.drain()
            case _:
                await self.say(ANSWERS[action])
                if action == "421":
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
        data = await self.reader.readexactly(int(line.split()[1]))
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
        self.reset()
        if fault == "vanish":
            raise StopError
        await self.say(f"250 2.0.0 queued as {len(self.server.accepted)}")

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
