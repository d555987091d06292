"""Listen for HTTP: the socket, and a uvicorn that leaves signals alone and waits for nobody for ever."""

import asyncio
import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from newsletter.errors import unheard
from newsletter.web.guard import HEADERS

#: How to choose another place to listen on, where the settings have one.
ELSEWHERE = "choose another with --host or --port, or in [web] of newsletter.toml"

#: How long a request may take to arrive, in seconds: a slow phone needs one or two.
PATIENCE = 15.0

#: How long a connection may lie idle between two requests, in seconds: longer than a web server in front keeps it
#: (Caddy two minutes, nginx one). Who closes first may do so on a request that is on its way, and nobody sends a
#: POST twice.
IDLE = 150

#: How large a request's head may be, in bytes: four times what browsers send with the longest of cookies.
LARGEST_HEAD = 65_536

#: So many requests may come ahead of the answers to those before them, on one connection: each is kept until its
#: turn. Browsers and web servers in front send none.
AHEAD = 16

#: How long answers that are under way may take when we stop, in seconds.
FAREWELL = 5

#: How long who has come before we stop, and has not asked yet, may take to ask, in seconds.
LAST_WORD = 1

#: So many connections at once at most; for the next, the one that has kept us waiting longest makes room.
CROWD = 500


def _bare(status: str, text: str) -> bytes:
    """Return an answer to what never became a request that the application could see."""
    about = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(text)), "Connection": "close"}
    lines = [f"HTTP/1.1 {status}", *(f"{key}: {value}" for key, value in {**HEADERS, **about}.items())]
    return "\r\n".join([*lines, "", text]).encode()


def _announces(name: bytes, value: bytes) -> bool:
    """Whether a header says that a body follows (RFC 9112 section 6)."""
    return name == b"transfer-encoding" or (name == b"content-length" and value != b"0")


_LATE = _bare("408 Request Timeout", "The request took too long.\n")
_LARGE = _bare("431 Request Header Fields Too Large", "The head of the request is too large.\n")
_CROWDED = _bare("503 Service Unavailable", "Too many ask at once; try again in a moment.\n")
_BROKEN = _bare("400 Bad Request", "This is no request.\n")


def _room() -> int:
    """Return half of how many files this process may have open: the sender and the database need theirs, too."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CROWD if files == resource.RLIM_INFINITY else files // 2


def open_socket(host: str, port: int, other: str = ELSEWHERE) -> socket.socket:
    """Return a listening socket; port 0 is any free one.

    Raise NewsletterError if it cannot be had; *other* is how to choose another.
    """
    where = f"{host}:{port}"
    listener = None
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # asyncio turns Nagle's delay off only where the protocol is named, as it is here.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(1024)
    except OSError as error:
        if listener:
            listener.close()
        raise unheard(error, where, other) from None
    listener.setblocking(False)
    return listener


class Server(uvicorn.Server):
    """Serves *app*, or who took over from it, until `should_exit`. Writes no access log: paths hold tokens."""

    def __init__(self, app: ASGIApp, patience: float = PATIENCE, crowd: int = CROWD) -> None:
        crowd = min(crowd, _room())

        class Patient(_Patient):
            limit = patience
            most = crowd
            waiting: ClassVar[dict[_Patient, None]] = {}

        # It warns of every form that is none: anybody could fill the operator's log.
        logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
        config = uvicorn.Config(
            self._answer, interface="asgi3", http=Patient, ws="none", lifespan="off", log_config=None,
            log_level="error", access_log=False, server_header=False, proxy_headers=False,
            timeout_keep_alive=IDLE, timeout_graceful_shutdown=FAREWELL,
            # Who makes room takes a moment to go; where nobody can, the next are answered with 503.
            limit_concurrency=crowd + crowd // 5,
        )  # fmt: skip
        super().__init__(config)
        self.ready = asyncio.Event()
        self._app = app

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def hand_over(self, app: ASGIApp) -> None:
        """Let *app* answer from now on, on the connections that are open too; return when the one before has."""
        self._app = app
        if under_way := [*self.server_state.tasks]:
            await asyncio.wait(under_way, timeout=FAREWELL)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when it listens."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program."""
        yield


class _Gathering(asyncio.Transport):
    """A transport that sends what is written in one turn of the loop together: a head and its body as one packet.

    uvicorn writes them one by one, and each write costs as much as a signup's way through SQLite.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._own = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def write(self, data: Any) -> None:
        if not self._parts:
            self._loop.call_soon(self._send)
        self._parts.append(data)

    def _send(self) -> None:
        # Who asked may have gone meanwhile, and uvloop fails to write to nobody.
        if self._parts and not self._own.is_closing():
            self._own.write(b"".join(self._parts))
        self._parts.clear()

    def close(self) -> None:
        self._send()
        self._own.close()

    def abort(self) -> None:
        self._parts.clear()
        self._own.abort()

    def is_closing(self) -> bool:
        return self._own.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._own.get_extra_info(name, default)

    def pause_reading(self) -> None:
        self._own.pause_reading()

    def resume_reading(self) -> None:
        self._own.resume_reading()


class _Patient(HttpToolsProtocol):
    """Ends a connection that does not get on: uvicorn itself would keep it (slowloris, and who never reads).

    The parser knows no limit for a head, or for what follows a body, so the bytes are counted here. *waiting* are
    the server's connections that wait for the other side, the longest first.
    """

    limit = PATIENCE
    most = CROWD
    waiting: ClassVar[dict["_Patient", None]] = {}

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._timer: asyncio.TimerHandle | None = None
        self._arriving = True
        self._stuck = False
        self._last = False
        self._unread = 0
        self._spoken = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Gathering(transport, self.loop))
        self._wait()
        self._watch()
        longest = next(iter(self.waiting))
        if len(self.connections) > self.most and longest is not self:
            longest.make_room()

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        self._spoken = True
        super().data_received(data)
        if self._unread > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_LARGE)
            self.transport.close()
        self._watch()

    def on_message_begin(self) -> None:
        self._arriving = True
        self._unread = 0
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if len(self.pipeline) == AHEAD:
            raise ValueError("too many requests ahead of their answers (RFC 9112 section 9.3.2)")
        if self.parser.get_http_version() == "1.1" and [name for name, _ in self.headers].count(b"host") != 1:
            raise ValueError("not one Host (RFC 9112 section 3.2)")
        if self.parser.should_upgrade() and any(_announces(*header) for header in self.headers):
            # The parser would leave such a body unread, and take it for the next request: somebody else's answer.
            raise ValueError("a body in a protocol that is not spoken here (RFC 9110 section 7.8)")
        self._unread = 0
        super().on_headers_complete()
        if self._last:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._arriving = False
        if not self.cycle.response_complete:
            self.waiting.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if not self.pipeline:
            self._wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Give whoever does not read our answer as long as a request may take."""
        self._stuck = True
        self._wait()
        self._watch()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck = False
        self._watch()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self.transport.write(_BROKEN)
        self.transport.close()

    def shutdown(self) -> None:
        """Answer what is under way, and who has just come: uvicorn would hang up on a request yet unread."""
        if not self._arriving or (self.cycle and not self.cycle.response_complete):
            super().shutdown()
            return
        self._last = True
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(LAST_WORD, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self.waiting.pop(self, None)
        super().connection_lost(exc)
        self._arriving = self._stuck = False
        self._watch()

    def make_room(self) -> None:
        """End this connection, which waits: somebody else may have their whole request ready."""
        self.waiting.pop(self, None)
        self._end(_CROWDED if self._unread else b"")

    def _wait(self) -> None:
        """Stand last among those that wait."""
        self.waiting.pop(self, None)
        self.waiting[self] = None

    def _watch(self) -> None:
        """Run the timer while the other side is to do something; most do at once and need none."""
        waits = self._arriving or self._stuck
        if waits and self._timer is None:
            self._timer = self.loop.call_later(self.limit, self._late)
        elif self._timer and not waits:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        # Browsers open connections ahead; on one without a request an answer would be taken for that to the next.
        self._end(_LATE if self._spoken else b"")

    def _end(self, words: bytes) -> None:
        """Say *words* and close; at once where nobody would read them."""
        if self._stuck or not words or self.transport.is_closing():
            self.transport.abort()
            return
        # To what was answered before it had come to its end there is no more to say.
        if not (self.cycle and self.cycle.response_started):
            self.transport.write(words)
        self.transport.close()
