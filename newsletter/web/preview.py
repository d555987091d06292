"""The live preview: a page on this machine that shows an issue as readers get it, and reloads on save.

Only this machine's own browser may look: every address begins with a secret, the Host header must be a loopback
name (so that no web page can reach in by a name of its own), and nothing here sends, approves or lists people.
The letter stands in a frame that runs no script.
"""

import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.errors import NewsletterError
from newsletter.model import Finding

T = TypeVar("T")

HOSTS = ["127.0.0.1", "localhost"]
#: Readers who are none: one with a value for every field, and one with none at all.
SAMPLE, NOBODY = 0, -1
#: No address is longer than this (RFC 5321 section 4.5.3.1), with what JSON puts around it.
LONGEST = 1024
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
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
    """One variant as a reader gets it; *name* is for the switch, *source* the file that it comes from."""

    name: str
    language: str
    sender: str
    subject: str
    preheader: str
    html: str
    text: str
    path: str
    source: str


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
        """Return what there is to show. Raise NewsletterError with what is wrong instead."""
        ...

    def findings(self, slug: str) -> Sequence[Finding]:
        """Return what the gate finds in it, which takes longer than to show it. Raise NewsletterError."""
        ...

    def as_read(self, slug: str, view: int, reader: int) -> View:
        """Return a view as somebody gets it: a reader's number, or SAMPLE, or NOBODY.

        Raise NewsletterError for what cannot be shown, IndexError for a view that is not there.
        """
        ...

    def headers(self, slug: str, view: int, reader: int) -> str:
        """Return the head of the message that somebody gets. Raise as `as_read`."""
        ...

    def find(self, slug: str, address: str) -> Someone | None:
        """Return the reader with this address, None if there is none. Raise NewsletterError."""
        ...

    def picture(self, slug: str, name: str) -> Path | None:
        """Return the file *name* beside the issue, None if there is none inside its folder."""
        ...


def app(studio: Studio, pages: Environment, token: str) -> Starlette:
    """Return the preview's application. *token* is the secret that every address begins with."""

    def guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            if not secrets.compare_digest(request.path_params["token"].encode(), token.encode()):
                raise HTTPException(404)
            response = answer(request)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return endpoint

    def waited(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if not secrets.compare_digest(request.path_params["token"].encode(), token.encode()):
                raise HTTPException(404)
            # Only our own page asks in JSON: a form of another site cannot.
            if not request.headers.get("content-type", "").startswith("application/json"):
                raise HTTPException(415)
            response = await answer(request)
            response.headers.update(HEADERS)
            return response

        return endpoint

    def page(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        slug = request.path_params["slug"]
        body = pages.get_template("pages/preview.html").render(nonce=nonce, slug=slug, slugs=studio.slugs())
        return HTMLResponse(body, headers={"Content-Security-Policy": PAGE_POLICY.format(nonce)})

    def stamp(request: Request) -> Response:
        return PlainTextResponse(studio.stamp(request.path_params["slug"]))

    def sheet(request: Request) -> Response:
        # The stamp is taken first: what is saved while we render is then seen as a change.
        now = studio.stamp(request.path_params["slug"])
        return JSONResponse({"stamp": now, **_shown(studio, request.path_params["slug"])})

    def findings(request: Request) -> Response:
        now = studio.stamp(request.path_params["slug"])
        try:
            found = [asdict(finding) for finding in studio.findings(request.path_params["slug"])]
        except NewsletterError:
            # It is told in place of the letter.
            found = []
        return JSONResponse({"stamp": now, "findings": found})

    def chosen(request: Request, take: Callable[[str, int, int], T]) -> T:
        try:
            view = int(request.query_params.get("view", "0"))
            reader = int(request.query_params.get("reader", str(SAMPLE)))
            if not (0 <= view < 1000 and NOBODY <= reader < 2**53):
                raise HTTPException(404)
            return take(request.path_params["slug"], view, reader)
        except (NewsletterError, ValueError, IndexError):
            raise HTTPException(404) from None

    def read(request: Request) -> Response:
        view = chosen(request, studio.as_read)
        return JSONResponse({**asdict(view), "html": "", "source": "", "bytes": len(view.html.encode())})

    def headers(request: Request) -> Response:
        return PlainTextResponse(chosen(request, studio.headers))

    async def find(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST:
                raise HTTPException(413)
        try:
            address = str(json.loads(body)["address"])
            someone = await run_in_threadpool(studio.find, request.path_params["slug"], address)
        except (NewsletterError, ValueError, KeyError, TypeError):
            raise HTTPException(404) from None
        return JSONResponse(asdict(someone) if someone else None)

    def mail(request: Request) -> Response:
        dark = request.query_params.get("dark") == "1"
        view = chosen(request, studio.as_read)
        if request.query_params.get("as") == "source":
            return PlainTextResponse(view.html, headers={"Content-Security-Policy": MAIL_POLICY})
        return HTMLResponse(emulate(view.html, dark), headers={"Content-Security-Policy": MAIL_POLICY})

    def picture(request: Request) -> Response:
        path = studio.picture(request.path_params["slug"], request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, headers={"Content-Security-Policy": "default-src 'none'; sandbox"})

    answers = {
        "": page,
        "stamp": stamp,
        "sheet": sheet,
        "findings": findings,
        "mail": mail,
        "read": read,
        "headers": headers,
    }
    routes = [Route(f"/{{token}}/{{slug}}/{path}", guarded(answer)) for path, answer in answers.items()]
    # An address stands in no URL, so it is posted; nothing is changed by it.
    routes.append(Route("/{token}/{slug}/reader", waited(find), methods=["POST"]))
    routes.append(Route("/{token}/{slug}/{name:path}", guarded(picture)))
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)])


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


def _shown(studio: Studio, slug: str) -> Mapping[str, Any]:
    """Return what the page's script draws: the views without their HTML, or what is wrong."""
    try:
        shown = studio.views(slug)
    except NewsletterError as fault:
        wrong = {"what": fault.what, "where": fault.where, "remedy": fault.remedy}
        return {"error": wrong, "views": []}
    views = [{**asdict(view), "html": "", "bytes": len(view.html.encode())} for view in shown]
    return {"error": None, "views": views}
