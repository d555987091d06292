"""The signup page. Whoever the address belongs to, the answer is the same, and takes the same time."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from newsletter.web.site import LONGEST, Site, agreed, fields
from subscribers import address
from subscribers.errors import AddressError, TokenError
from subscribers.store.signups import Signup, sign_up
from subscribers.token import Purpose, make, read

#: How long a form may lie open before it is sent.
STAMPED_FOR = timedelta(hours=24)

#: The field that people do not see. Only a program fills it in.
HONEYPOT = "website"


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the form. *errors* says by field what is wrong with it: empty, invalid, long, none."""

    email: str = ""
    name: str = ""
    language: str = ""
    lists: tuple[str, ...] = ()
    stamp: str = ""
    trap: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


async def show(site: Site, request: Request) -> Response:
    """Show the form."""
    language = site.language(request)
    # No box is ticked beforehand: that would be no consent (GDPR, recital 32).
    return _form(site, request, language, Asked(language=language))


async def take(site: Site, request: Request) -> Response:
    """Take a signup from the form, or from a program as JSON."""
    ready = asyncio.get_running_loop().time() + site.settle
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return await _take_json(site, request, ready)
    form = await fields(request)
    asked = Asked(
        email=str(form.get("email", "")),
        name=str(form.get("name", "")),
        language=str(form.get("language", "")),
        lists=tuple(str(each) for each in form.getlist("list")),
        stamp=str(form.get("stamp", "")),
        trap=str(form.get(HONEYPOT, "")),
    )
    asked = _checked(site, request, asked)
    language = asked.language
    if asked.errors:
        return _form(site, request, language, asked, 422)
    if not asked.trap:
        if not _stamped(site, asked.stamp):
            # A form of another site, or one that lay open for days: its owner only has to press the button here.
            return _form(site, request, language, asked, 200, again=True)
        await _keep(site, request, asked, "form")
    await _until(ready)
    return site.page(request, "sent", language, single=_single(site, asked))


async def _take_json(site: Site, request: Request, ready: float) -> Response:
    try:
        document = json.loads(await request.body())
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return _refused({"body": "invalid"})
    said = {key: value for key, value in document.items() if isinstance(value, str)}
    lists = document.get("lists", said.get("list", []))
    asked = Asked(
        email=said.get("email", ""),
        name=said.get("name", ""),
        language=said.get("language", ""),
        lists=tuple(each for each in lists if isinstance(each, str)) if isinstance(lists, list) else (str(lists),),
        trap=said.get(HONEYPOT, ""),
    )
    asked = _checked(site, request, asked)
    if asked.errors:
        return _refused(asked.errors)
    if not asked.trap:
        await _keep(site, request, asked, "json")
    await _until(ready)
    return JSONResponse({"message": "If this address can be subscribed, a mail is on its way to it."}, 202)


def _refused(errors: Mapping[str, str]) -> Response:
    hint = 'send {"email": "name@example.org", "name": "…", "language": "en", "lists": ["…"]}'
    error = {"code": "usage", "message": "the signup is not complete", "hint": hint, "fields": dict(errors)}
    return JSONResponse({"error": error}, 422)


def _checked(site: Site, request: Request, asked: Asked) -> Asked:
    """Return *asked* in order: a language and lists of ours, and what is wrong with the rest."""
    errors = {}
    email = asked.email.strip()
    try:
        address.parse(email[: address.LONGEST + 1])
    except AddressError:
        errors["email"] = "invalid" if email else "empty"
    if len(asked.name) > LONGEST:
        errors["name"] = "long"
    offered = _offered(site)
    # With one list there is nothing to choose.
    lists = tuple(slug for slug in offered if slug in asked.lists) if len(offered) > 1 else offered
    if not lists:
        errors["list"] = "none"
    return replace(
        asked,
        email=email[:LONGEST],
        name=" ".join(asked.name.split())[:LONGEST],
        language=site.known(asked.language) or site.language(request),
        lists=lists,
        errors=errors,
    )


async def _keep(site: Site, request: Request, asked: Asked, source: str) -> None:
    wanted = site.wanted(asked.lists, asked.language)
    signup = Signup(address.parse(asked.email), asked.name, wanted)
    act = site.act(f"signup {source}", request, asked.language)
    if await site.writer.run(partial(sign_up, signup=signup, act=act, ring=site.ring)):
        site.wake()


async def _until(ready: float) -> None:
    await asyncio.sleep(max(0.0, ready - asyncio.get_running_loop().time()))


def _offered(site: Site) -> tuple[str, ...]:
    return tuple(each.slug for each in site.settings.lists)


def _single(site: Site, asked: Asked) -> bool:
    """Whether no list that was asked for wants a mail to be answered."""
    return all(each.opt_in == "single" for each in site.settings.lists if each.slug in asked.lists)


def _stamped(site: Site, stamp: str) -> bool:
    try:
        read(site.ring, Purpose.FORM, stamp, site.now())
    except TokenError:
        return False
    return True


def _form(
    site: Site, request: Request, language: str, asked: Asked, status: int = 200, *, again: bool = False
) -> Response:
    stamp = make(site.ring, Purpose.FORM, 0, 0, site.now() + STAMPED_FOR)
    lists = [(each, agreed(each, language)) for each in site.settings.lists]
    return site.page(
        request, "signup", language, status, asked=replace(asked, stamp=stamp), lists=lists, again=again,
        honeypot=HONEYPOT,
    )  # fmt: skip
