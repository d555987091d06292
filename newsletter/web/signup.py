"""The signup form. Whoever the address belongs to, the answer is the same, and takes the same time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.asking import HONEYPOT, Moment, stamp, stamped
from newsletter.web.site import LONGEST, Site, agreed, fields
from subscribers import address, attribute
from subscribers.errors import AddressError
from subscribers.model import Address
from subscribers.store.signups import Signup, signing_up


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. *errors* says by field what is wrong with it: empty, invalid, long, none.

    *address* is what *email* means; None until it was `checked`, and if it is no address.
    """

    email: str = ""
    address: Address | None = None
    name: str = ""
    language: str = ""
    lists: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    trap: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


async def show(site: Site, request: Request) -> Response:
    """Show the form."""
    language = site.language(request)
    # No box is ticked beforehand: that would be no consent (GDPR, recital 32).
    return _form(site, request, language, Asked(language=language))


async def take(site: Site, request: Request) -> Response:
    """Take a signup from the form."""
    moment = Moment(site)
    form = await fields(request)
    asked = checked(site, request, Asked(
        email=str(form.get("email", "")),
        name=str(form.get("name", "")),
        language=str(form.get("language", "")),
        lists=tuple(str(each) for each in form.getlist("list")),
        topics=tuple(str(each) for each in form.getlist("topic")),
        trap=str(form.get(HONEYPOT, "")),
    ))  # fmt: skip
    language = asked.language
    if asked.errors:
        return _form(site, request, language, asked, 422)
    if not asked.trap and not stamped(site, str(form.get("stamp", ""))):
        # A form of another site, or one that lay open for days: its owner only has to press the button here.
        return _form(site, request, language, asked, 200, again=True)
    await keep(site, request, asked, "form")
    await moment.over()
    return site.page(request, "sent", language, single=_single(site, asked))


def checked(site: Site, request: Request, asked: Asked) -> Asked:
    """Return *asked* in order: a language, lists and topics of ours, and what is wrong with the rest."""
    errors = {}
    email, found = asked.email.strip(), None
    try:
        found = address.parse(email[: address.LONGEST + 1])
    except AddressError:
        errors["email"] = "invalid" if email else "empty"
    name = attribute.tidy(asked.name)
    if len(name) > LONGEST:
        errors["name"] = "long"
    offered = tuple(each.slug for each in site.settings.lists)
    # With one list there is nothing to choose.
    lists = tuple(slug for slug in offered if slug in asked.lists) if len(offered) > 1 else offered
    if not lists:
        errors["list"] = "none"
    return Asked(
        email=email[:LONGEST],
        address=found,
        name=name[:LONGEST],
        language=site.known(asked.language) or site.language(request),
        lists=lists,
        topics=tuple(each.slug for each in site.settings.topics if each.slug in asked.topics),
        trap=asked.trap,
        errors=errors,
    )


async def keep(site: Site, request: Request, asked: Asked, source: str) -> None:
    """Write down what was asked for by *source* (form, json) and was `checked`; nothing for a trap's prey."""
    if asked.trap or not asked.address:
        return
    signup = Signup(
        address=asked.address,
        name=asked.name,
        wording=site.wanted(asked.lists, asked.language),
        act=site.act(f"signup {source}", request, asked.language),
        topics=frozenset(asked.topics),
        greeted=site.greeted,
    )
    if await site.writer.share(signing_up(site.ring), signup):
        site.wake()


def _single(site: Site, asked: Asked) -> bool:
    """Whether no list that was asked for wants a mail to be answered."""
    return all(each.opt_in == "single" for each in site.settings.lists if each.slug in asked.lists)


def _form(
    site: Site, request: Request, language: str, asked: Asked, status: int = 200, *, again: bool = False
) -> Response:
    lists = [(each, agreed(each, language)) for each in site.settings.lists]
    return site.page(
        request, "signup", language, status, asked=asked, lists=lists, topics=site.settings.topics, again=again,
        honeypot=HONEYPOT, stamp=stamp(site),
    )  # fmt: skip
