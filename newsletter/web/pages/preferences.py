"""The page where a reader chooses lists, topics, how often, language, clock and name, or leaves everything.

Who has no mail at hand asks for the link to it with their address; the answer is the same for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.form import HONEYPOT
from newsletter.web.pages import link
from newsletter.web.pages.asking import stamp, stamped
from newsletter.web.site import LONGEST, Site, fields
from subscribers import address, attribute
from subscribers.errors import AddressError
from subscribers.model import Consent, Subscriber, SubscriptionStatus
from subscribers.status import Frequency
from subscribers.store.back import links
from subscribers.store.file.open import Connection
from subscribers.store.register import acts, consents, people, signups, subscriptions, suppressions, wishes
from subscribers.token import Claim, Purpose
from subscribers.wishes import Wishes

#: The attribute that holds a reader's time zone, by its name in the IANA database.
ZONE = "timezone"

#: Letters can be paused for two years at most: who wants longer wants to leave.
LONGEST_PAUSE = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says; *attributes* are those of our fields; *errors* tell by field what is wrong."""

    name: str
    language: str
    lists: tuple[str, ...]
    topics: frozenset[str]
    attributes: Mapping[str, str]
    zone: str
    frequency: Frequency
    paused: str
    watched: bool
    errors: Mapping[str, str]

    @property
    def wishes(self) -> Wishes:
        """Return how often and from when on."""
        return Wishes(self.frequency, date.fromisoformat(self.paused) if self.paused else None)


async def ask(site: Site, request: Request) -> Response:
    """Show the form that asks for the link."""
    return _asking(site, request, "", {})


async def give(site: Site, request: Request) -> Response:
    """Send the link, if the address subscribes to anything. The answer tells nothing of that."""
    form = await fields(request)
    typed = str(form.get("email", "")).strip()[: address.LONGEST + 1]
    language = site.language(request)
    try:
        found = address.parse(typed)
    except AddressError:
        return _asking(site, request, typed, {"email": "invalid" if typed else "empty"}, 422)
    trapped = bool(form.get(HONEYPOT))
    if not trapped and not stamped(site, str(form.get("stamp", ""))):
        return _asking(site, request, typed, {}, again=True)
    act = site.act("preferences link", request, language)
    await site.steps.over()
    if not trapped:
        await site.writer.run(partial(signups.ask_link, address=found, act=act, ring=site.ring))
        site.wake()
    await site.steps.over()
    return site.done("asked", language)


async def show(site: Site, request: Request) -> Response:
    """Show what the reader gets."""
    _, person, language = link.reader(site, request, Purpose.PREFERENCES)
    return _page(site, request, person, language, _now(site, person))


async def take(site: Site, request: Request) -> Response:
    """Change what the form says, or leave everything. A body that is not our form changes nothing."""
    claim, person, language = link.reader(site, request, Purpose.PREFERENCES)
    form = await fields(request)
    match form.get("do"):
        case "save":
            wanted = _read(site, person, form)
            if wanted.errors:
                return _page(site, request, person, language, wanted, status=422)
            language = wanted.language or language
            had = _now(site, person).lists
            await site.writer.run(partial(_save, site=site, request=request, person=person, wanted=wanted))
            done = "left" if had and not _now(site, person).lists else "saved"
        case "leave":
            act = site.act(acts.PREFERENCES, request, language)
            await site.writer.run(partial(acts.leave, claim=Claim(person.id, 0), act=act))
            done = "left"
        case _:
            done = ""
    person = link.person(site, claim)
    return _page(site, request, person, language, _now(site, person), done)


def _now(site: Site, person: Subscriber) -> Wanted:
    """Return what the reader has, as the form would say it."""
    have = wishes.of(site.reader, person.id)
    today = site.now().date()
    return Wanted(
        name=person.name,
        language=person.language,
        lists=tuple(
            each.list
            for each in subscriptions.of(site.reader, person.id)
            if each.status is SubscriptionStatus.CONFIRMED
        ),
        topics=person.topics,
        attributes=_told(site, person),
        zone=str(person.attributes.get(ZONE) or ""),
        frequency=have.frequency,
        paused=have.paused.isoformat() if have.paused and have.paused > today else "",
        watched=links.agrees(site.reader, person.id),
        errors={},
    )


def _told(site: Site, person: Subscriber) -> dict[str, str]:
    """Return what is kept of our fields."""
    return {one.slug: attribute.spell(person.attributes.get(one.slug)) for one in site.settings.fields}


def _read(site: Site, person: Subscriber, form: FormData) -> Wanted:
    """Return what the form says, and what is wrong with it. A field that is not there changes nothing."""
    have = _now(site, person)
    known = {each.slug for each in site.settings.topics}
    said = {key: attribute.tidy(str(value)) for key, value in form.items()}
    frequency = said.get("frequency", have.frequency)
    wanted = Wanted(
        name=said.get("name", have.name),
        language=site.known(said.get("language", "")) or person.language,
        lists=tuple(str(each) for each in form.getlist("list")),
        # Topics that the settings no longer name are kept: an editor may have good reasons.
        topics=(person.topics - known) | (known & {str(each) for each in form.getlist("topic")}),
        attributes={one.slug: said.get(one.name, have.attributes[one.slug]) for one in site.settings.fields},
        zone=said.get("zone", have.zone),
        frequency=Frequency(frequency) if frequency in list(Frequency) else have.frequency,
        paused=said.get("paused", have.paused),
        watched="watched" in said if "asked" in said else have.watched,
        errors={},
    )
    return _checked(wanted, have.attributes, site)


def _checked(wanted: Wanted, had: Mapping[str, str], site: Site) -> Wanted:
    errors = {}
    if len(wanted.name) > LONGEST:
        errors["name"] = "long"
    if wanted.zone and wanted.zone not in available_timezones():
        errors["zone"] = "zone"
    if wanted.paused and not _pause(wanted.paused, site.now().date()):
        errors["paused"] = "date"
    for one in site.settings.fields:
        value = wanted.attributes[one.slug]
        # What is as it was is not wrong: who was here before the field is held up by none.
        if value != had[one.slug] and (fault := one.fault(value)):
            errors[one.name] = fault
    return replace(wanted, errors=errors)


def _pause(text: str, today: date) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return today < day <= today + LONGEST_PAUSE and text == day.isoformat()


def _save(connection: Connection, site: Site, request: Request, person: Subscriber, wanted: Wanted) -> None:
    act = site.act(acts.PREFERENCES, request, wanted.language or site.language(request))
    lists = site.wanted(wanted.lists, act.language)
    offered = [each.slug for each in site.settings.lists]
    topics = wanted.topics if site.settings.topics else None
    acts.choose(connection, person.id, lists, offered, topics, wanted.wishes, act)
    zone = {} if wanted.zone == str(person.attributes.get(ZONE) or "") else {ZONE: wanted.zone}
    told = dict(wanted.attributes.items() - _told(site, person).items())
    people.change(connection, person.id, name=wanted.name, language=wanted.language, attributes={**told, **zone})
    if site.settings.tracking.people:
        _watch(connection, site, person, wanted.watched, act)


def _watch(connection: Connection, site: Site, person: Subscriber, agrees: bool, act: acts.Act) -> None:
    """Keep whether the reader agrees that we see what they open, with the sentence as its evidence."""
    if agrees == links.agrees(connection, person.id):
        return
    sentence = site.pages(act.language).get_template("pages/watched.txt").render(agrees=agrees).strip()
    consents.record(
        connection, Consent(person.id, "", "change", act.at, act.source, sentence, act.language, act.network)
    )
    links.watch(connection, person.id, agrees, act.at)


def _asking(
    site: Site, request: Request, typed: str, errors: Mapping[str, str], status: int = 200, *, again: bool = False
) -> Response:
    return site.page(
        request, "ask", site.language(request), status, email=typed[:LONGEST], errors=errors, again=again,
        stamp=stamp(site), honeypot=HONEYPOT,
    )  # fmt: skip


def _page(
    site: Site,
    request: Request,
    person: Subscriber,
    language: str,
    wanted: Wanted,
    done: str = "",
    *,
    status: int = 200,
) -> Response:
    keys = site.ring.derived(suppressions.PURPOSE)
    today = site.now().date()
    return site.page(
        request,
        "preferences",
        language,
        status,
        wanted=wanted,
        chosen=site.known(wanted.language) or language,
        lists=[(each, sentence, each.slug in wanted.lists) for each, sentence in site.offered(language)],
        topics=site.settings.topics,
        fields=site.settings.fields,
        zones=sorted(available_timezones()),
        own_zone=str(site.settings.letter.timezone),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        latest=(today + LONGEST_PAUSE).isoformat(),
        watching=site.settings.tracking.people,
        subscribed=bool(_now(site, person).lists),
        suppressed=suppressions.has(site.reader, person.address.canonical, keys) is not None,
        done=done,
        errors=wanted.errors,
    )
