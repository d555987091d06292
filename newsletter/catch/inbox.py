"""The catcher's inbox page: a list, one message in five views, and JSON for programs. Changes nothing.

A caught message is a stranger's: it is shown in a sandboxed frame without scripts or forms, and only to a browser
that asks for this machine by a loopback name (else a page elsewhere could read it by DNS rebinding).
"""

from collections.abc import Awaitable, Callable
from math import ceil
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.catch.mailbox import Caught, Mailbox
from newsletter.catch.reading import framed, read

PAGES = Path(__file__).parent / "pages"
A_PAGE = 200
VIEWS = ("desktop", "phone", "text", "headers", "raw")
NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

#: For our own pages: our style and icon, our one small script, the frame, nothing else.
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: For a caught message: pictures and inline style as in a mail program; no script, form or frame, and no origin.
SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

Next = Callable[[Request], Awaitable[Response]]


def make(mailbox: Mailbox) -> Starlette:
    """Return the application that shows *mailbox*."""
    pages = _Pages(mailbox)
    routes = [
        Route("/", pages.inbox),
        Route("/messages.json", pages.listing),
        Route("/messages/{id}", pages.message),
        Route("/messages/{id}/html", pages.html),
        Route("/messages/{id}/raw", pages.raw),
        Route("/style.css", _file("style.css", "text/css")),
        Route("/icon.svg", _file("icon.svg", "image/svg+xml")),
        Route("/refresh.js", _file("refresh.js", "text/javascript")),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=_guard)])


async def _guard(request: Request, go_on: Next) -> Response:
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name not in NAMES:
        return PlainTextResponse("This page is only for this machine: open it as http://127.0.0.1\n", 421)
    response = await go_on(request)
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.update(
        {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    )
    return response


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what gives one of our own files."""
    content = (PAGES / name).read_text(encoding="utf-8")

    async def give(request: Request) -> Response:
        return Response(content, media_type=kind)

    return give


class _Pages:
    """The pages over one mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, trim_blocks=True)
        self._templates.filters.update(size=_size, called=_called, quote=lambda text: quote(text, safe=""))

    async def inbox(self, request: Request) -> Response:
        """List what was caught, newest first."""
        wanted = request.query_params.get("q", "")[:200]
        found = self._mailbox.find(wanted)
        last = max(1, ceil(len(found) / A_PAGE))
        page = min(_number(request.query_params.get("page", ""), 1) or 1, last)
        shown = found[(page - 1) * A_PAGE : page * A_PAGE]
        return self._page(
            "inbox.html", messages=shown, wanted=wanted, page=page, last=last, found=len(found),
            first=(page - 1) * A_PAGE + 1, count=len(self._mailbox),
        )  # fmt: skip

    async def listing(self, request: Request) -> Response:
        """List what was caught as JSON: ``?limit=&offset=&to=``, all of it without them."""
        ask = request.query_params
        found = self._mailbox.find(ask.get("q", ""), ask.get("to", ""))
        start = _number(ask.get("offset", ""), 0)
        end = start + _number(ask["limit"], 0) if "limit" in ask else None
        return JSONResponse({"count": len(found), "messages": [_line(one) for one in found[start:end]]})

    async def message(self, request: Request) -> Response:
        """Show one message."""
        caught = self._mailbox.get(request.path_params["id"])
        if not caught:
            return self._missing()
        reading = read(self._mailbox.data(caught.id))
        view = request.query_params.get("view", "")
        if view not in VIEWS:
            view = "desktop" if reading.html else "text"
        raw = ""
        if view == "raw":
            raw = self._mailbox.data(caught.id).decode("utf-8", errors="replace").replace("\r\n", "\n")
        return self._page("message.html", caught=caught, reading=reading, view=view, views=VIEWS, raw=raw)

    async def html(self, request: Request) -> Response:
        """Give the HTML part as it is, for the frame."""
        caught = self._mailbox.get(request.path_params["id"])
        if not caught:
            return self._missing()
        html = framed(read(self._mailbox.data(caught.id)).html)
        return HTMLResponse(html, headers={"Content-Security-Policy": SANDBOX})

    async def raw(self, request: Request) -> Response:
        """Give the bytes as they arrived."""
        caught = self._mailbox.get(request.path_params["id"])
        if not caught:
            return self._missing()
        return Response(self._mailbox.data(caught.id), media_type="text/plain; charset=utf-8")

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(name).render(**values), status)

    def _missing(self) -> Response:
        return self._page("missing.html", 404)


def _line(caught: Caught) -> dict[str, object]:
    return {
        "id": caught.id,
        "from": caught.author,
        "to": ", ".join(caught.recipients),
        "subject": caught.subject,
        "date": caught.at.isoformat(timespec="milliseconds"),
        "size": caught.size,
        "sender": caught.sender,
        "recipients": caught.recipients,
    }


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _called(author: str) -> str:
    """Return the name in a From header, or all of it where there is none."""
    return author.partition("<")[0].strip(' "') or author


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
