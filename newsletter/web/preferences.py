"""The page where a reader chooses lists, topics, language and name, or leaves everything."""

from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from newsletter.web import link
from newsletter.web.site import LONGEST, Site, agreed, fields
from subscribers.model import Subscriber, SubscriptionStatus
from subscribers.store import people, signups, subscriptions, suppressions
from subscribers.store.open import Connection
from subscribers.token import Claim, Purpose


async def show(site: Site, request: Request) -> Response:
    """Show what the reader gets."""
    claim = link.claim(site, request, Purpose.PREFERENCES)
    person = link.person(site, claim)
    return _page(site, request, person, site.language(request, person.language), "")


async def take(site: Site, request: Request) -> Response:
    """Change what the form says, or leave everything. A body that is not our form changes nothing."""
    claim = link.claim(site, request, Purpose.PREFERENCES)
    person = link.person(site, claim)
    language = site.language(request, person.language)
    form = await fields(request)
    name = " ".join(str(form.get("name", "")).split())
    match form.get("do"):
        case "save" if len(name) > LONGEST:
            return _page(site, request, person, language, "", 422, errors={"name": "long"})
        case "save":
            language = site.known(str(form.get("language", ""))) or language
            await site.writer.run(partial(_save, site=site, request=request, person=person, form=form, name=name))
            return _page(site, request, link.person(site, claim), language, "saved")
        case "leave":
            act = site.act("preferences page", request, language)
            await site.writer.run(partial(signups.leave, claim=Claim(person.id, 0), act=act))
            return _page(site, request, link.person(site, claim), language, "left")
        case _:
            return _page(site, request, person, language, "")


def _save(
    connection: Connection, site: Site, request: Request, person: Subscriber, form: FormData, name: str
) -> None:
    language = site.known(str(form.get("language", ""))) or person.language
    offered = [each.slug for each in site.settings.lists]
    act = site.act("preferences page", request, language)
    wanted = site.wanted([str(each) for each in form.getlist("list")], language)
    known = {each.slug for each in site.settings.topics}
    # Topics that the settings no longer name are kept: an editor may have good reasons.
    topics = (person.topics - known) | (known & {str(each) for each in form.getlist("topic")})
    signups.choose(connection, person.id, wanted, offered, topics if known else None, act)
    people.change(connection, person.id, name=name, language=language)


def _page(
    site: Site,
    request: Request,
    person: Subscriber,
    language: str,
    done: str,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> Response:
    mine = {
        each.list
        for each in subscriptions.of(site.reader, person.id)
        if each.status is SubscriptionStatus.CONFIRMED
    }
    keys = site.ring.derived(suppressions.PURPOSE)
    return site.page(
        request,
        "preferences",
        language,
        status,
        person=person,
        chosen=site.known(person.language) or language,
        lists=[(each, agreed(each, language), each.slug in mine) for each in site.settings.lists],
        topics=[(each, each.slug in person.topics) for each in site.settings.topics],
        subscribed=bool(mine),
        suppressed=suppressions.has(site.reader, person.address.canonical, keys) is not None,
        done=done,
        errors=errors or {},
    )
