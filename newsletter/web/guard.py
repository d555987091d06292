"""What holds for every request: how large it may be, and the headers of every answer.

Plain ASGI, so that a refused body is never kept. How slow it may be is the listener's affair.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The largest body, in bytes: our largest form is a tenth of it.
LARGEST = 65_536

#: A mail service reports a thousand events at once, in bytes.
REPORT = 2_000_000
HOOKS = "/hooks/"

#: So many bodies larger than `LARGEST` are in memory at once; the next are read in their turn.
TURNS = 16

#: No script anywhere, nothing from elsewhere, no place in another site's frame.
HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: Waits until a large body may be read.
Turn = Callable[[], Awaitable[None]]

#: For a host that has nothing but the letter's pages, at https: browsers ask it in no other way for a year (RFC
#: 6797). What else a host has, under it or beside the letter, is its owner's affair.
SECURE: dict[str, str] = {"Strict-Transport-Security": "max-age=31536000"}


class _LargeError(Exception):
    """The body is too large."""


class Guard:
    """Wraps an application. *say* tells of a fault; *headers* are those of every answer."""

    def __init__(
        self, app: ASGIApp, say: Callable[[str], None] = lambda line: None, headers: Mapping[str, str] = HEADERS
    ) -> None:
        self._app = app
        self._say = say
        self._headers = tuple((name.lower().encode(), value.encode()) for name, value in headers.items())
        self._turns = asyncio.Semaphore(TURNS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as stack:
            await self._serve(scope, receive, send, partial(stack.enter_async_context, self._turns))

    async def _serve(self, scope: Scope, receive: Receive, send: Send, turn: Turn) -> None:
        """Serve one request of the web; who sends a large body waits for its *turn* first."""
        answer = _Answer(send, self._headers)
        body = b""
        largest = REPORT if scope["path"].startswith(HOOKS) else LARGEST
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            try:
                body = await _body(receive, largest, turn)
            except _LargeError:
                await _refuse(413, f"The request is larger than {largest} bytes.", scope, receive, answer)
                return
            except ClientDisconnect:
                # Half a form is no form.
                return
        try:
            await self._app(scope, _replay(body, receive), answer)
        except Exception as error:
            # Starlette has answered with the page of a fault, unless that failed too, and raises it again.
            self._say(f"The web pages failed: {_told(error)}; `newsletter doctor` looks closer")
            if not answer.begun:
                await _refuse(500, "Something went wrong here.", scope, receive, answer)


def _told(error: Exception) -> str:
    """Say what failed and where. The error's own words are left out: they may hold an address or a token."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"


async def _body(receive: Receive, largest: int, turn: Turn) -> bytes:
    """Return the whole body. Raise _LargeError for a larger one, heard out up to the size of a `REPORT`.

    Who is refused while still talking sees a broken connection, and a web server in front says 502 for it.
    """
    parts, size = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        more, part = message.get("more_body"), message.get("body", b"")
        if size <= LARGEST < size + len(part) <= largest:
            await turn()
        size += len(part)
        if size <= largest:
            parts += part
        elif size > REPORT or not more:
            raise _LargeError
        if not more:
            return bytes(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the application a body that was read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class _Answer:
    """Sends an answer on, with the headers that it does not bring itself. *begun* tells that its head went out."""

    __slots__ = ("_headers", "_send", "begun")

    def __init__(self, send: Send, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        self._send = send
        self._headers = headers
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            own = message["headers"]
            names = dict(own)
            message["headers"] = [*own, *[pair for pair in self._headers if pair[0] not in names]]
        await self._send(message)


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body was read; the rest of it is not worth waiting for."""
    await PlainTextResponse(f"{text}\n", status, headers={"Connection": "close"})(scope, receive, send)
