"""The page behind every unsubscribe link, and the mail program's own button (RFC 8058).

GET shows a button, or that it was pressed. POST leaves, whatever its body says and in whatever encoding: 200, no
redirect, no cookie, as often as anybody likes. The page that follows asks why, and offers the way back.
"""

from contextlib import suppress
from functools import partial

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.pages import link
from newsletter.web.site import Site, fields
from subscribers.errors import UnknownError
from subscribers.model import SubscriptionStatus
from subscribers.store.register import acts, lists, people, wishes
from subscribers.token import Claim, Purpose
from subscribers.wishes import Reason


async def show(site: Site, request: Request) -> Response:
    """Show the button; to whom the mail program's own has unsubscribed already, the page that follows it."""
    claim, _, language = link.reader(site, request, Purpose.UNSUBSCRIBE)
    with suppress(UnknownError):
        found = acts.about(site.reader, claim)
        if found and all(each.status is SubscriptionStatus.UNSUBSCRIBED for each in found):
            lately = any(each.since >= site.now() - acts.REGRET for each in found)
            return _left(site, request, claim, language, gone=not lately)
    preferences = link.preferences(site, claim.subscriber, claim.list)
    return site.page(
        request, "unsubscribe", language, lists=_titles(site, claim, language), preferences=preferences
    )


async def take(site: Site, request: Request) -> Response:
    """Leave the list, or every list; say why; or come back. Who is gone already has left too."""
    claim = link.claim(site, request, Purpose.UNSUBSCRIBE)
    form = await _form(request)
    try:
        language = site.language(request, people.get(site.reader, claim.subscriber).language)
        match form.get("do"):
            case "undo":
                return await _undo(site, request, claim, language)
            case "reason":
                await _reason(site, claim, str(form.get("reason", "")))
                return _left(site, request, claim, language, thanks=True)
        act = site.act("unsubscribe link", request, language)
        await site.writer.run(partial(acts.leave, claim=claim, act=act))
    except UnknownError:
        language = site.language(request)
        return _left(site, request, claim, language, gone=True)
    return _left(site, request, claim, language)


async def _form(request: Request) -> FormData:
    """Return the form. A body that is none is a mail program's own, and means to leave."""
    try:
        return await fields(request)
    except HTTPException:
        return FormData()


async def _undo(site: Site, request: Request, claim: Claim, language: str) -> Response:
    act = site.act(acts.UNDO, request, language)
    wording = site.wanted([each.slug for each in site.settings.lists], language)
    back = await site.writer.run(partial(acts.undo, claim=claim, wording=wording, act=act))
    if not back:
        return _left(site, request, claim, language, gone=True)
    return link.confirmed(site, request, claim, list(back), language)


async def _reason(site: Site, claim: Claim, said: str) -> None:
    """Keep the reason, if it is one that the page offers."""
    if said in list(Reason):
        slug = lists.by_number(site.reader, claim.list).slug if claim.list else ""
        job = partial(wishes.left, subscriber=claim.subscriber, slug=slug, reason=Reason(said), now=site.now())
        await site.writer.run(job)


def _left(
    site: Site, request: Request, claim: Claim, language: str, *, thanks: bool = False, gone: bool = False
) -> Response:
    """Say goodbye as `link.left` does, in the list of the link."""
    return link.left(site, request, language, _titles(site, claim, language), thanks=thanks, gone=gone)


def _titles(site: Site, claim: Claim, language: str) -> list[str]:
    """Return the title of the link's list; nothing if it is about all of them, or the list is gone."""
    if not claim.list:
        return []
    try:
        return link.titles(site, [lists.by_number(site.reader, claim.list).slug], language)
    except UnknownError:
        return []
