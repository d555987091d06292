"""Take mail in over SMTP and show it over HTTP, on this machine only. Delivers nothing to anybody."""

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope

from newsletter.catch.door import shut
from newsletter.catch.inbox import make
from newsletter.catch.mailbox import Mailbox
from newsletter.errors import NewsletterError, unheard

#: The largest message, in bytes, as SIZE (RFC 1870) tells clients: more than any mail provider takes.
LARGEST = 20_000_000

#: How long to wait for browsers that still load a page when we stop, in seconds.
PATIENCE = 2

HOST = "127.0.0.1"

#: An address as almost all are, and the parameters after it.
PLAIN = re.compile(r"<([\w.+=-]+@[\w.-]+)>(| .*)", re.ASCII)


class Catcher:
    """The SMTP server and its inbox page. Port 0 is any free one; *smtp_port* and *web_port* tell which."""

    def __init__(self, folder: Path, *, smtp_port: int = 0, web_port: int = 0) -> None:
        self.smtp_port = smtp_port
        self.web_port = web_port
        self.mailbox = Mailbox(folder)
        self._smtp: asyncio.Server | None = None
        self._web: _Web | None = None
        self._serving: asyncio.Task[None] | None = None
        self._open: set[_Protocol] = set()

    @property
    def count(self) -> int:
        """How many messages there are."""
        return len(self.mailbox)

    @property
    def url(self) -> str:
        """Where the inbox page is."""
        return f"http://{HOST}:{self.web_port}/"

    async def start(self) -> None:
        """Listen on both ports. Raise NewsletterError if one of them is in use."""
        mail = _listen(self.smtp_port, "--port")
        try:
            web = _listen(self.web_port, "--web-port")
        except NewsletterError:
            mail.close()
            raise
        self.smtp_port, self.web_port = mail.getsockname()[1], web.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._smtp = await loop.create_server(lambda: _Protocol(self.mailbox, self._open, loop), sock=mail)
        settings = uvicorn.Config(
            make(self.mailbox), log_config=None, access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=PATIENCE,
        )  # fmt: skip
        self._web = _Web(settings)
        self._serving = asyncio.create_task(self._web.serve(sockets=[web]), name="inbox")
        await self._web.ready.wait()

    async def stop(self) -> None:
        """Leave both ports. What was accepted stays in the folder."""
        if self._smtp:
            await shut(self._smtp)
            for protocol in list(self._open):
                protocol.leave()
            await self._smtp.wait_closed()
        if self._web and self._serving:
            self._web.should_exit = True
            await self._serving

    async def __aenter__(self) -> "Catcher":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def _listen(port: int, option: str) -> socket.socket:
    # asyncio turns Nagle's delay (40 ms a message) off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise unheard(error, f"{HOST}:{port}", f"choose another port with {option}") from None
    listener.setblocking(False)
    return listener


class _Web(uvicorn.Server):
    """Leaves signals to the program that runs it, and tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            await shut(server)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(SMTP):
    """SMTP (RFC 5321) with SIZE, 8BITMIME, SMTPUTF8 and PIPELINING, for one connection."""

    def __init__(self, mailbox: Mailbox, opened: "set[_Protocol]", loop: asyncio.AbstractEventLoop) -> None:
        # Its log shows addresses and whole messages.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        super().__init__(
            _Hooks(), data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="catcher.localhost",
            ident="newsletter catch", loop=loop,
        )  # fmt: skip
        self._mailbox = mailbox
        self._opened = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._opened.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._opened.discard(self)
        super().connection_lost(error)

    def leave(self) -> None:
        """Break the connection off; a message whose 250 was not given stays its sender's."""
        if self.transport:
            self.transport.close()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Read a plain ``<address>`` at once; aiosmtpd's full parser, a third of the work, does the others."""
        plain = PLAIN.fullmatch(arg)
        return (plain[1], plain[2].strip()) if plain else super()._getaddr(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd finds commands by their names
        """Take a message in large reads: line by line, as aiosmtpd does it, costs three times as much."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if arg or not envelope or not envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA stands alone" if arg else "503 5.5.1 first say RCPT")
            return
        await self.push("354 Go on; end with a dot on a line of its own")
        data = await self._message()
        if data is None:
            await self.push(f"552 5.3.4 the message is larger than {LARGEST} bytes")
        else:
            await self.push(self._keep(envelope, data))
        self.envelope = Envelope()

    def _keep(self, envelope: Envelope, data: bytes) -> str:
        """Keep a message, and only then say so."""
        try:
            caught = self._mailbox.keep(envelope.mail_from or "", envelope.rcpt_tos, data)
        except OSError as error:
            return f"452 4.3.1 {error.strerror or 'the disk does not take it'}"
        return f"250 2.0.0 caught as {caught.id}"

    async def _message(self) -> bytes | None:
        """Return what comes before the lone dot, dots unstuffed; None if it is too large. Bare LF ends nothing."""
        # The line end that DATA itself had counts as the one before the first line.
        read, large = bytearray(b"\r\n"), False
        while True:
            start = max(0, len(read) - 4)
            read += await self._reader.read(LARGEST)
            end = read.find(b"\r\n.\r\n", start)
            if end >= 0:
                break
            if len(read) > LARGEST:
                large, read = True, read[-4:]
        # Nothing can have arrived since: no await stands between the read and this.
        if rest := bytes(read[end + 5 :]):
            self._reader.feed_data(rest)
        if large or end > LARGEST:
            return None
        return bytes(read[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]


class _Hooks:
    """What aiosmtpd asks of us."""

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what we also do: commands in one write (RFC 2920) and enhanced codes (RFC 2034)."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]
