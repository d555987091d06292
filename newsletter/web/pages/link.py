"""Links with a token: read them, and lead from one page to the next. One that is not ours is answered by 404."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter import personal
from newsletter.web.site import Site
from subscribers.errors import TokenError, UnknownError
from subscribers.model import Subscriber
from subscribers.store.register import people
from subscribers.token import Claim, Purpose, make, read
from subscribers.wishes import Reason

#: What a mail program or a pasting hand leaves at the end of a link; none of it is ever in a token.
_AFTER = ".,;:!?)]}>*'\"\u2019\u201d "


def reader(site: Site, request: Request, purpose: Purpose) -> tuple[Claim, Subscriber, str]:
    """Return what a link says, whom it is for, and the language to answer in. Raise as `claim` and `person` do."""
    of = claim(site, request, purpose)
    found = person(site, of)
    return of, found, site.language(request, found.language)


def claim(site: Site, request: Request, purpose: Purpose) -> Claim:
    """Return what the token in the path says. Raise HTTPException 404 if it is not ours, too old or a sample's."""
    token = bare(request.path_params["token"])
    try:
        return read(site.ring, purpose, token, site.now())
    except TokenError:
        raise HTTPException(404, "sample" if token.startswith(f"{personal.SAMPLE}-") else "link") from None


def bare(text: str) -> str:
    """Return the end of a link without what a mail program or a pasting hand left there."""
    return text.rstrip(_AFTER)


def person(site: Site, of: Claim) -> Subscriber:
    """Return whom a link is for. Raise HTTPException 404 if they are gone, or it is a test mail's for nobody."""
    try:
        return people.get(site.reader, of.subscriber)
    except UnknownError:
        raise HTTPException(404, "link" if of.subscriber else "sample") from None


def preferences(site: Site, subscriber: int, list_id: int) -> str:
    """Return the path of a person's preferences."""
    return f"{site.base}/preferences/{make(site.ring, Purpose.PREFERENCES, subscriber, list_id)}"


def confirmed(site: Site, request: Request, of: Claim, slugs: Sequence[str], language: str) -> Response:
    """Show in which lists the reader is, and lead to what they can choose."""
    ways = preferences(site, of.subscriber, of.list)
    return site.page(request, "confirmed", language, lists=titles(site, slugs, language), preferences=ways)


def left(
    site: Site, request: Request, language: str, lists: Sequence[str], *, thanks: bool = False, gone: bool = False
) -> Response:
    """Say goodbye in the *lists*, by their titles.

    *thanks* after the reason was told, *gone* if only a new signup leads back.
    """
    again = f"{site.base}/subscribe?lang={language}" if gone else ""
    reasons = [] if thanks or gone else list(Reason)
    return site.page(request, "left", language, lists=lists, again=again, reasons=reasons, thanks=thanks)


def titles(site: Site, slugs: Sequence[str], language: str) -> list[str]:
    """Return the titles of these lists in *language*, in the order of the settings; unknown ones by their slug."""
    known = {each.slug: each.title(language) for each in site.settings.lists}
    order = [slug for slug in known if slug in slugs] + [slug for slug in slugs if slug not in known]
    return [known.get(slug, slug) for slug in order]
