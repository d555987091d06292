"""The page that a confirm mail leads to. Only its button confirms: scanners follow every link of every mail."""

from collections.abc import Sequence
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.pages import link
from newsletter.web.site import Site
from subscribers.errors import UnknownError
from subscribers.model import Subscription, SubscriptionStatus
from subscribers.store.ledger import mails
from subscribers.store.register import acts
from subscribers.token import Claim, Purpose


async def show(site: Site, request: Request) -> Response:
    """Show the button, or how things stand if there is nothing to confirm any more."""
    claim, _, language = link.reader(site, request, Purpose.CONFIRM)
    found = _about(site, claim)
    pending = _with(found, SubscriptionStatus.PENDING)
    if pending:
        return site.page(request, "confirm", language, lists=link.titles(site, pending, language))
    return _state(site, request, language, claim, found)


async def take(site: Site, request: Request) -> Response:
    """Confirm, and welcome the reader. Again is as good as once."""
    claim, _, language = link.reader(site, request, Purpose.CONFIRM)
    slugs = [each.list for each in _about(site, claim)]
    mail = mails.latest(site.reader, claim.subscriber, "confirm")
    found = await site.writer.run(
        partial(
            acts.confirm,
            claim=claim,
            wording=site.wanted(slugs, language),
            act=site.act("confirm page", request, language),
            ring=site.ring,
            message_id=site.message_id(mail) if mail else "",
            greeted=site.greeted,
            series=site.series,
        )
    )
    site.wake()
    return _state(site, request, language, claim, found)


def _state(site: Site, request: Request, language: str, claim: Claim, found: Sequence[Subscription]) -> Response:
    confirmed = _with(found, SubscriptionStatus.CONFIRMED)
    if not confirmed:
        return link.left(site, request, language, [], gone=True)
    return link.confirmed(site, request, claim, confirmed, language)


def _about(site: Site, claim: Claim) -> tuple[Subscription, ...]:
    try:
        return acts.about(site.reader, claim)
    except UnknownError:
        raise HTTPException(404, "link") from None


def _with(found: Sequence[Subscription], status: SubscriptionStatus) -> list[str]:
    return [each.list for each in found if each.status is status]
