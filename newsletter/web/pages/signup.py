"""The signup form. Whoever the address belongs to, the answer is the same, and takes the same time."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.form import HONEYPOT
from newsletter.web.pages.asking import stamp, stamped
from newsletter.web.site import LONGEST, Site, fields
from subscribers import address, attribute, slip
from subscribers.errors import AddressError
from subscribers.model import Address
from subscribers.store.register.signups import Signup, Taken


class Asked(NamedTuple):
    """What somebody asks for. *errors* says by field what is wrong with it: empty, invalid, long, none.

    *address* is what *email* means; None if it is no address. *trap* is what only programs fill in.
    """

    email: str = ""
    address: Address | None = None
    name: str = ""
    language: str = ""
    lists: Sequence[str] = ()
    topics: Sequence[str] = ()
    attributes: Mapping[str, str] = MappingProxyType({})
    trap: str = ""
    errors: Mapping[str, str] = MappingProxyType({})


async def show(site: Site, request: Request) -> Response:
    """Show the form."""
    language = site.language(request)
    # No box is ticked beforehand: that would be no consent (GDPR, recital 32).
    return _form(site, request, language, Asked(language=language))


async def take(site: Site, request: Request) -> Response:
    """Take a signup from the form."""
    form = await fields(request)
    asked = checked(
        site,
        request,
        email=str(form.get("email", "")),
        name=str(form.get("name", "")),
        language=str(form.get("language", "")),
        lists=[str(each) for each in form.getlist("list")],
        topics=[str(each) for each in form.getlist("topic")],
        attributes={each.slug: str(form.get(each.name, "")) for each in site.settings.fields},
        trap=str(form.get(HONEYPOT, "")),
    )
    language = asked.language
    if asked.errors:
        return _form(site, request, language, asked, 422)
    # A form of another site, or one that lay open for days: its owner only has to press the button here.
    again = not stamped(site, str(form.get("stamp", "")))
    meant = _meant(asked, str(form.get("sure", "")))
    if not asked.trap and (again or meant):
        return _form(site, request, language, asked, 200, again=again, meant=meant)
    await keep(site, request, asked, "signup form")
    return site.done("sent", language, single=_single(site, asked))


def checked(
    site: Site,
    request: Request,
    *,
    email: str = "",
    name: str = "",
    language: str = "",
    lists: Sequence[str] = (),
    topics: Sequence[str] = (),
    attributes: Mapping[str, str] = MappingProxyType({}),
    trap: str = "",
) -> Asked:
    """Return what is asked for in order: a language, lists, topics and fields of ours, and what is wrong."""
    errors = {}
    email, found = email.strip(), None
    try:
        found = address.parse(email[: address.LONGEST + 1])
    except AddressError:
        errors["email"] = "invalid" if email else "empty"
    name = attribute.tidy(name)
    if len(name) > LONGEST:
        errors["name"] = "long"
    told = {each.slug: attribute.tidy(attributes.get(each.slug, "")) for each in site.settings.fields}
    errors |= {each.name: fault for each in site.settings.fields if (fault := each.fault(told[each.slug]))}
    # With one list there is nothing to choose.
    lists = [slug for slug in site.lists if slug in lists] if len(site.lists) > 1 else site.lists
    if not lists:
        errors["list"] = "none"
    language = site.known(language) or site.language(request)
    topics = [slug for slug in site.topics if slug in topics]
    told = {slug: value[:LONGEST] for slug, value in told.items()}
    return Asked(email[:LONGEST], found, name[:LONGEST], language, lists, topics, told, trap, errors)


async def keep(site: Site, request: Request, asked: Asked, source: str) -> None:
    """Write down what was asked for by *source* and was `checked`; nothing for a trap's prey.

    It is begun and ended with a step, so that its time tells nothing.
    """
    wording = site.wanted(asked.lists, asked.language)
    act = site.act(source, request, asked.language)
    await site.steps.over()
    if asked.address and not asked.trap:
        topics = frozenset(asked.topics)
        signup = Signup(
            asked.address, asked.name, wording, act, topics, site.greeted, asked.attributes, site.series
        )
        if await site.writer.share(site.signing_up, signup) is Taken.CROWDED:
            site.crowded()
        site.wake()
    await site.steps.over()


def _meant(asked: Asked, sure: str) -> str:
    """Return the address that somebody more likely meant; "" if they are *sure* of the one that they wrote."""
    return slip.meant(asked.address) if asked.address and sure != asked.email else ""


def _single(site: Site, asked: Asked) -> bool:
    """Whether no list that was asked for wants a mail to be answered."""
    return all(each.opt_in == "single" for each in site.settings.lists if each.slug in asked.lists)


def _form(
    site: Site,
    request: Request,
    language: str,
    asked: Asked,
    status: int = 200,
    *,
    again: bool = False,
    meant: str = "",
) -> Response:
    return site.page(
        request, "signup", language, status, asked=asked, lists=site.offered(language), again=again,
        meant=meant, topics=site.settings.topics, fields=site.settings.fields, honeypot=HONEYPOT,
        stamp=stamp(site),
    )  # fmt: skip
