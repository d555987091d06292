"""The live preview: a page on this machine that shows an issue as readers get it, and reloads on save.

Only this machine's own browser may look: every address begins with a secret, the Host header must be a loopback
name (so that no web page can reach in by a name of its own), and nothing here sends, approves or lists people.
The letter stands in a frame that runs no script.
"""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from newsletter.errors import ToldError
from newsletter.model import Finding

T = TypeVar("T")

HOSTS = ["127.0.0.1", "localhost"]
#: Readers who are none: one with a value for every field, and one with none at all.
SAMPLE, NOBODY = 0, -1
#: From here on downwards: the readers for whom the choices of the letter fall otherwise.
OTHERS = -2
#: No address is longer than this (RFC 5321 section 4.5.3.1), with what JSON puts around it.
LONGEST = 1024
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Seconds between two looks for a save: with the rendering, it is shown within half a second.
PAUSE = 0.06
#: Pictures may come from anywhere, as in a mail program; nothing else may come at all.
MAIL_POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "form-action 'none'; base-uri 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; connect-src 'self'; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class View:
    """One variant: its *name* for the switch, and the file that it comes from, with what stands in it."""

    name: str
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One variant as a reader gets it. *others* are for whom its choices fall otherwise, in words."""

    sender: str
    subject: str
    preheader: str
    html: str
    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Someone:
    """A reader that an editor named: the *number* in the database, what they are called, and their *view*."""

    number: int
    name: str
    view: int


class Studio(Protocol):
    """Where the preview gets its issues from. May be called by several threads at once."""

    def slugs(self) -> Sequence[str]:
        """Return the names of the issues, the latest first."""
        ...

    def stamp(self, slug: str) -> str:
        """Return a text that changes whenever a file that *slug* is made of is saved."""
        ...

    def views(self, slug: str) -> Sequence[View]:
        """Return what there is to show. Raise ToldError with what is wrong instead."""
        ...

    def findings(self, slug: str) -> Sequence[Finding]:
        """Return what the gate finds in it, which takes longer than to show it. Raise ToldError."""
        ...

    def as_read(self, slug: str, view: int, reader: int) -> Letter:
        """Return a view as somebody gets it: a reader's number, or SAMPLE, NOBODY, OTHERS.

        Raise ToldError for what cannot be shown, IndexError for a view that is not there.
        """
        ...

    def headers(self, slug: str, view: int, reader: int) -> str:
        """Return the head of the message that somebody gets. Raise as `as_read`."""
        ...

    def find(self, slug: str, address: str) -> Someone | None:
        """Return the reader with this address, None if there is none. Raise ToldError."""
        ...

    def picture(self, slug: str, name: str) -> Path | None:
        """Return the file *name* beside the issue, None if there is none inside its folder."""
        ...


def app(studio: Studio, pages: Environment, token: str, ending: Callable[[], bool] = lambda: False) -> Starlette:
    """Return the preview's application. *token* is the secret that every address begins with.

    What tells pages of saves ends when *ending* says so.
    """
    give = _Answers(studio, pages, ending)
    answers = {
        "": give.page,
        "saves": give.saves,
        "sheet": give.sheet,
        "findings": give.findings,
        "mail": give.mail,
        "headers": give.headers,
    }
    routes = [Route(f"/{{token}}/{{slug}}/{path}", _guarded(token, answer)) for path, answer in answers.items()]
    # An address stands in no URL, so it is posted; nothing is changed by it.
    routes.append(Route("/{token}/{slug}/reader", _posted(token, give.find), methods=["POST"]))
    routes.append(Route("/{token}/{slug}/{name:path}", _guarded(token, give.picture)))
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)])


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the preview answers, path by path."""

    studio: Studio
    pages: Environment
    ending: Callable[[], bool]

    def page(self, request: Request) -> Response:
        """Give the page itself."""
        nonce = secrets.token_urlsafe(16)
        slug = request.path_params["slug"]
        body = self.pages.get_template("pages/preview.html").render(
            nonce=nonce, slug=slug, slugs=self.studio.slugs()
        )
        return HTMLResponse(body, headers={"Content-Security-Policy": PAGE_POLICY.format(nonce)})

    def saves(self, request: Request) -> Response:
        """Tell of each save, as it happens (server-sent events)."""
        slug = request.path_params["slug"]

        async def told() -> AsyncIterator[str]:
            last = ""
            while not self.ending():
                now = await run_in_threadpool(self.studio.stamp, slug)
                if now != last:
                    yield f"data: {now}\n\n"
                last = now
                await asyncio.sleep(PAUSE)

        return StreamingResponse(told(), media_type="text/event-stream")

    def sheet(self, request: Request) -> Response:
        """Give what the page draws: which views there are, and one of them, or what is wrong."""
        # The stamp is taken first: what is saved while we render is then seen as a change.
        slug = request.path_params["slug"]
        now, letter, wrong = self.studio.stamp(slug), None, None
        views: list[dict[str, str]] = []
        try:
            views += [asdict(each) for each in self.studio.views(slug)]
            view, reader = _asked(request)
            # A save may have taken views away.
            view = view if view < len(views) else 0
            shown = self.studio.as_read(slug, view, reader)
            letter = {**asdict(shown), "html": "", "bytes": len(shown.html.encode()), "view": view}
        except ToldError as fault:
            wrong = {"what": fault.what, "where": fault.where, "remedy": fault.remedy}
        return JSONResponse({"stamp": now, "error": wrong, "views": views, "letter": letter})

    def findings(self, request: Request) -> Response:
        """Give what the gate finds, which takes longer."""
        now = self.studio.stamp(request.path_params["slug"])
        try:
            found = [asdict(finding) for finding in self.studio.findings(request.path_params["slug"])]
        except ToldError:
            # It is told in place of the letter.
            found = []
        return JSONResponse({"stamp": now, "findings": found})

    def headers(self, request: Request) -> Response:
        """Give the head of the message that somebody gets."""
        return PlainTextResponse(self._chosen(request, self.studio.headers))

    async def find(self, request: Request) -> Response:
        """Give the reader with an address that was posted."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST:
                raise HTTPException(413)
        try:
            address = str(json.loads(body)["address"])
            someone = await run_in_threadpool(self.studio.find, request.path_params["slug"], address)
        except (ToldError, ValueError, RecursionError, KeyError, TypeError):
            raise HTTPException(404) from None
        return JSONResponse(asdict(someone) if someone else None)

    def mail(self, request: Request) -> Response:
        """Give the letter, or its source."""
        dark = request.query_params.get("dark") == "1"
        view = self._chosen(request, self.studio.as_read)
        if request.query_params.get("as") == "source":
            return PlainTextResponse(view.html, headers={"Content-Security-Policy": MAIL_POLICY})
        return HTMLResponse(emulate(view.html, dark), headers={"Content-Security-Policy": MAIL_POLICY})

    def picture(self, request: Request) -> Response:
        """Give a file beside the issue."""
        path = self.studio.picture(request.path_params["slug"], request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, headers={"Content-Security-Policy": "default-src 'none'; sandbox"})

    def _chosen(self, request: Request, take: Callable[[str, int, int], T]) -> T:
        """Return what *take* gives for the view and the reader that were asked for."""
        try:
            return take(request.path_params["slug"], *_asked(request))
        except (ToldError, IndexError):
            raise HTTPException(404) from None


def _asked(request: Request) -> tuple[int, int]:
    """Return the view and the reader that were asked for."""
    try:
        view = int(request.query_params.get("view", "0"))
        reader = int(request.query_params.get("reader", str(SAMPLE)))
    except ValueError:
        raise HTTPException(404) from None
    if not (0 <= view < 1000 and OTHERS - 100 < reader < 2**53):
        raise HTTPException(404)
    return view, reader


def _guarded(token: str, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Answer only who knows the secret of the address."""

    def endpoint(request: Request) -> Response:
        _check(request, token)
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return endpoint


def _posted(
    token: str, answer: Callable[[Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """Answer only our own page, which asks in JSON: a form of another site cannot."""

    async def endpoint(request: Request) -> Response:
        _check(request, token)
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise HTTPException(415)
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    return endpoint


def _check(request: Request, token: str) -> None:
    if not secrets.compare_digest(request.path_params["token"].encode(), token.encode()):
        raise HTTPException(404)


def emulate(html: str, dark: bool) -> str:
    """Return a letter that shows its dark (or light) side whatever this machine prefers; links open new tabs."""
    wanted = "dark" if dark else "light"

    def one(style: re.Match[str]) -> str:
        return _SCHEME.sub(lambda found: _always(found[1].casefold() == wanted), style[0])

    shown = _STYLE.sub(one, html)
    # The frame is as tall as the letter; a scroll bar of its own would only make it narrower than it says.
    added = f'<base target="_blank"><style>:root{{color-scheme:{wanted};scrollbar-width:none}}</style>'
    return re.sub(r"</head>", lambda found: added + found[0], shown, count=1, flags=re.IGNORECASE)


def _always(holds: bool) -> str:
    """Return a media condition that always, or never, holds."""
    return "(min-width:0px)" if holds else "(max-width:0px)"
