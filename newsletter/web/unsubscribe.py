"""The page behind every unsubscribe link, and the mail program's own button (RFC 8058).

GET shows a button. POST leaves, whatever its body says and in whatever encoding: 200, no redirect, no cookie, as
often as anybody likes.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from newsletter.web import link
from newsletter.web.site import Site
from subscribers.errors import UnknownError
from subscribers.store import lists, people, signups
from subscribers.token import Claim, Purpose


async def show(site: Site, request: Request) -> Response:
    """Show the button."""
    claim = link.claim(site, request, Purpose.UNSUBSCRIBE)
    language = site.language(request, link.person(site, claim).language)
    preferences = link.preferences(site, claim.subscriber, claim.list)
    return site.page(
        request, "unsubscribe", language, lists=_titles(site, claim, language), preferences=preferences
    )


async def take(site: Site, request: Request) -> Response:
    """Leave the list, or every list. Who is gone already has left too."""
    claim = link.claim(site, request, Purpose.UNSUBSCRIBE)
    try:
        language = site.language(request, people.get(site.reader, claim.subscriber).language)
        act = site.act("unsubscribe link", request, language)
        await site.writer.run(partial(signups.leave, claim=claim, act=act))
        again = link.preferences(site, claim.subscriber, claim.list)
    except UnknownError:
        language, again = site.language(request), f"{site.base}/subscribe"
    return site.page(request, "left", language, lists=_titles(site, claim, language), again=again)


def _titles(site: Site, claim: Claim, language: str) -> list[str]:
    """Return the title of the link's list; nothing if it is about all of them, or the list is gone."""
    if not claim.list:
        return []
    try:
        return link.titles(site, [lists.by_number(site.reader, claim.list).slug], language)
    except UnknownError:
        return []
