"""The web pages of `newsletter serve`: sign up, confirm, choose, answer, leave.

Nothing here sends, approves or lists people. No page needs a script. Only a POST changes anything. The Host
header makes no link.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

from jinja2 import TemplateError as JinjaError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from newsletter.errors import TemplateError
from newsletter.web import api, health
from newsletter.web.guard import HEADERS, HOOKS, SECURE, Guard
from newsletter.web.kept import keep
from newsletter.web.pages import (
    answer,
    archive,
    click,
    confirm,
    files,
    preferences,
    privacy,
    signup,
    unsubscribe,
)
from newsletter.web.site import Site
from subscribers.errors import LockedError, PeopleError, StoreError

__all__ = ["Site", "make"]

Answer = Callable[[Site, Request], Awaitable[Response]]

#: Style and icon change only with the theme; a browser may keep them for an hour.
KEPT = 3600


def make(site: Site, counter: click.Counter | None = None) -> Guard:
    """Return the application. Raise TemplateError if the style sheet or the icon cannot be made.

    *counter* counts what readers open; whoever gives one flushes it at the end.
    """
    shelf = archive.Shelf(site.settings, site.reader)
    counter, desk = counter or click.Counter(site), answer.Desk()
    routes = [
        # What is asked for most stands first.
        *_both("/subscribe", site, signup.show, signup.take),
        Route("/", partial(_home, site)),
        *([] if site.settings.letter.privacy else [Route("/privacy", partial(privacy.show, site))]),
        Route("/health", partial(health.show, site)),
        Route("/metrics", partial(health.numbers, site)),
        Route("/openapi.json", partial(_described, site)),
        Route("/style.css", _drawn(site, "style.css", "text/css")),
        Route("/icon.svg", _drawn(site, "icon.svg", "image/svg+xml")),
        *_both("/confirm/{token}", site, confirm.show, confirm.take),
        *_both("/preferences", site, preferences.ask, preferences.give),
        *_both("/preferences/{token}", site, preferences.show, preferences.take),
        # A link that a mail program broke before its token.
        *_both("/unsubscribe", site, preferences.ask, preferences.give),
        *_both("/unsubscribe/{token}", site, unsubscribe.show, unsubscribe.take),
        *_both("/answer/{token}/{name}/{number}", site, desk.show, desk.take),
        *([Route("/hooks/{kind}", site.hooks.receive, methods=["POST", "HEAD"])] if site.hooks else []),
        Route("/go/{link}", counter.go),
        Route("/go/{link}/{mark}", counter.go),
        Route("/seen/{mark}", counter.picture),
        Route("/issues/{slug}/assets/{name}", partial(files.give, site)),
        Route("/archive", partial(archive.index, site, shelf)),
        Route("/archive/feed.xml", partial(archive.feed, site, shelf)),
        Route("/archive/{slug}.ics", partial(archive.calendar, site, shelf)),
        Route("/archive/{slug}", partial(archive.letter, site, shelf)),
    ]
    handlers = {
        HTTPException: partial(_error, site),
        StoreError: partial(_busy, site),
        LockedError: partial(_busy, site),
        Exception: partial(_fault, site),
    }
    pages = Starlette(routes=routes, exception_handlers=handlers)
    # Starlette would lead from /subscribe/ to /subscribe by an address made of the Host header.
    pages.router.redirect_slashes = False

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        # A hand or a mail program may have set a slash at the end.
        scope["path"] = scope["path"].rstrip("/") or "/"
        if api.meant(scope):
            await api.take(site, scope, receive, send)
        else:
            await pages(scope, receive, send)

    # Outside of everything, so that the page of a fault has its headers too.
    return Guard(
        serve, say=site.say, headers=HEADERS | SECURE if _alone(site.settings.letter.base_url) else HEADERS
    )


def _alone(base_url: str) -> bool:
    """Whether the letter's pages are at https, and have a host of their own: they are in no folder of it."""
    place = urlsplit(base_url)
    return place.scheme == "https" and not place.path.strip("/")


def _drawn(site: Site, name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what gives a file in the theme's colours."""
    try:
        content = site.pages(site.settings.letter.language).get_template(f"pages/{name}").render(theme=site.theme)
    except JinjaError as error:
        remedy = "correct the template, or remove it so that the shipped one is used"
        raise TemplateError(str(error), where=f"templates/pages/{name}", remedy=remedy) from None

    async def give(request: Request) -> Response:
        return keep(request, Response(content, media_type=kind), KEPT)

    return give


def _both(path: str, site: Site, show: Answer, take: Answer) -> list[Route]:
    """Return one route for reading and writing, so that any other method is answered with 405 and Allow."""

    async def serve(request: Request) -> Response:
        return await (take if request.method == "POST" else show)(site, request)

    return [Route(path, serve, methods=["GET", "POST"])]


async def _home(site: Site, request: Request) -> Response:
    archive = any(each.archive for each in site.settings.lists)
    return site.page(request, "home", site.language(request), archive=archive)


async def _described(site: Site, request: Request) -> Response:
    return keep(request, JSONResponse(api.describe(site)), KEPT)


async def _error(site: Site, request: Request, error: Exception) -> Response:
    """Say in words what an HTTP status means to a reader."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    detail = error.detail if isinstance(error, HTTPException) else ""
    kind = detail if detail in ("link", "sample") else str(status)
    return _say(site, request, kind, status, headers)


async def _busy(site: Site, request: Request, error: Exception) -> Response:
    """The disk is full or the file locked: what was asked for was not done, and may be asked for again."""
    assert isinstance(error, PeopleError)
    site.unwritable(error)
    # To a report of a mail service, Brevo takes 503 for a no ("Retry mechanism"); all try again after 429.
    status = 429 if request.scope["path"].startswith(HOOKS) else 503
    return _say(site, request, "503", status, {"Retry-After": "60"})


async def _fault(site: Site, request: Request, error: Exception) -> Response:
    return _say(site, request, "500", 500, {})


def _say(site: Site, request: Request, kind: str, status: int, headers: dict[str, str]) -> Response:
    if request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse(api.failed(kind), status, headers=headers)
    page = site.page(request, "error", site.language(request), status, kind=kind)
    page.headers.update(headers)
    return page
