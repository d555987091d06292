"""The archive: every sent issue as a page, in its languages, with an index and a feed, for everybody.

What a page shows was frozen when the issue was sent: no file of the workspace is read, no edit changes it, and
nothing of any reader is in it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import quote, urlsplit

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter import archive
from newsletter.archive import Bygone, Way
from newsletter.config import Letter, Settings
from newsletter.mail.letterhead import unpack
from newsletter.model import Entry
from newsletter.rendering import datebook
from newsletter.spoken import called, day
from newsletter.web.kept import keep
from newsletter.web.site import Site
from subscribers.store.file.open import Connection
from subscribers.store.ledger import bygone, decisions, sends
from subscribers.variant import OTHER

#: Pictures and the letter's own styles, and nothing else: no script, no form, no frame of it elsewhere.
POLICY = (
    "default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-downloads allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
#: A page changes only with a further send of its issue: how long it may be kept, in seconds.
KEPT = 600
#: A feed shows the latest issues; readers of feeds keep the older ones.
FEED = 30


@dataclass(slots=True)
class Shelf:
    """Gives the sent issues from the ledger; keeps their heads by send and variant, which never change."""

    settings: Settings
    reader: Connection
    heads: dict[tuple[int, str], Bygone | None] = field(default_factory=dict)

    def all(self) -> Sequence[Mapping[str, Bygone]]:
        """Return the heads of each issue by language, the latest first: all but the letter itself."""
        return [shown for one in self._sent() if (shown := dict(self._heads(one)))]

    def twins(self, issue: str) -> Mapping[str, Bygone]:
        """Return one issue by language; nothing if it was not sent to everybody."""
        found = (
            (language, self._variant(one, language)) for one in self._sent(issue) for language in self._spoken
        )
        return {language: shown for language, shown in found if shown}

    @property
    def _spoken(self) -> tuple[str, ...]:
        return self.settings.letter.languages

    def _sent(self, issue: str = "") -> Sequence[bygone.Sent]:
        lists = [each.slug for each in self.settings.lists if each.archive]
        return bygone.issues(self.reader, lists, issue)

    def _heads(self, one: bygone.Sent) -> Iterator[tuple[str, Bygone]]:
        for language in self._spoken:
            key = (one.send, f"{language}{self._side(one)}")
            if key not in self.heads:
                found = self._variant(one, language)
                self.heads[key] = replace(found, html="", text="") if found else None
            if (shown := self.heads[key]) is not None:
                yield language, shown

    def _side(self, one: bygone.Sent) -> str:
        """Return what ends the names of the variants with the subject that was chosen, "" for the first."""
        chosen = decisions.latest(self.reader, one.issue)
        return OTHER if chosen and chosen.winner == "b" else ""

    def _variant(self, one: bygone.Sent, language: str) -> Bygone | None:
        """Return what readers in no segment got. Who has a segment's words has them in their mail.

        Where a part of the readers tried two subjects, that is the one that the others got.
        """
        kept = sends.variants(self.reader, one.send)
        name = next((name for name in (f"{language}{self._side(one)}", language) if name in kept), None)
        if name is None:
            return None
        rendered, _ = unpack(sends.variant(self.reader, one.send, name))
        # Who has no twin of their own got another's, which has a page already.
        if rendered.written:
            return None
        return archive.bygone(rendered, self.settings.letter.base_url, one.first)


async def index(site: Site, shelf: Shelf, request: Request) -> Response:
    """Show all issues, each in the reader's language if it has it."""
    language = site.language(request)
    listed = years(site.settings, language, site.spoken(language), shelf.all(), partial(address, site.base))
    page = site.page(request, "archive", language, years=listed, home=site.base, feed="", twins=())
    return keep(request, page, KEPT)


async def letter(site: Site, shelf: Shelf, request: Request) -> Response:
    """Show one issue."""
    twins = shelf.twins(request.path_params["slug"])
    if not twins:
        raise HTTPException(404)
    wanted = site.language(request)
    one = twins.get(wanted) or next(iter(twins.values()))
    base, name = site.settings.letter.base_url, site.settings.letter.to(one.language).name
    told = archive.told(one, name, {language: address(base, one.slug, language) for language in twins})
    body = archive.framed(one, ways(site, one, twins), name, told)
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Language": one.language,
        "Vary": "Accept-Language",
    }
    return keep(request, HTMLResponse(body, headers=headers), KEPT)


async def calendar(site: Site, shelf: Shelf, request: Request) -> Response:
    """Give the events of one issue for a reader's own calendar, or the one that the letter's link names."""
    twins = shelf.twins(request.path_params["slug"])
    one = twins.get(site.language(request)) or next(iter(twins.values()), None)
    wanted = request.query_params.get("event", "")
    entries = _entries(one, wanted) if one else ()
    if one is None or not entries:
        raise HTTPException(404)
    base = site.settings.letter.base_url
    page = address(base, one.slug, one.language)
    text = datebook.calendar(entries, host=urlsplit(base).hostname or "", made=one.sent, page=page)
    headers = {
        # Phones put up the event at once; others keep the file.
        "Content-Disposition": f'inline; filename="{quote(one.slug)}.ics"',
        "Content-Language": one.language,
        "Vary": "Accept-Language",
    }
    return keep(request, Response(text, media_type=datebook.MEDIA_TYPE, headers=headers), KEPT)


def _entries(one: Bygone, wanted: str) -> Sequence[Entry]:
    """Return all events, or only the one that is *wanted* by its number; none for what is no number of one."""
    if not wanted:
        return one.calendar
    found = re.fullmatch("[1-9][0-9]{0,3}", wanted)
    return one.calendar[int(wanted) - 1 : int(wanted)] if found else ()


async def feed(site: Site, shelf: Shelf, request: Request) -> Response:
    """Give the latest issues as an Atom feed in one language."""
    language = site.language(request)
    text = atom(site.settings.letter.to(language), language, shelf.all())
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return keep(request, Response(text, media_type="application/atom+xml", headers=headers), KEPT)


def atom(letter: Letter, language: str, found: Sequence[Mapping[str, Bygone]]) -> str:
    """Return the feed of *letter* in *language*; its links lead to where `serve` has the pages."""
    base = letter.base_url
    rows = [each[language] for each in found[:FEED] if language in each]
    return archive.feed(
        [(one, address(base, one.slug, language)) for one in rows],
        title=letter.name,
        author=letter.sender_name or letter.name,
        page=f"{base}/archive?lang={language}",
        own=f"{base}/archive/feed.xml?lang={language}",
        language=language,
    )


def address(base: str, slug: str, language: str) -> str:
    """Return the address of an issue's page under *base*."""
    return f"{base}/archive/{quote(slug)}?lang={quote(language)}"


def ways(site: Site, one: Bygone, twins: Mapping[str, Bygone]) -> Iterator[Way]:
    """Yield the links above a letter: all issues, its twins, and signing up."""
    page = site.pages(one.language)
    yield Way(f"{site.base}/archive?lang={one.language}", said(page, "All letters"))
    for language in twins:
        if language != one.language:
            name = called(language, site.settings.letter.languages)
            yield Way(address(site.base, one.slug, language), name, language)
    yield Way(f"{site.base}/subscribe?lang={one.language}", said(page, "Subscribe"))


def said(page: Environment, words: str) -> str:
    """Return our *words* in the language of the pages."""
    return page.from_string("{{ _(words) }}").render(words=words)


def years(
    settings: Settings,
    language: str,
    spoken: str,
    found: Sequence[Mapping[str, Bygone]],
    href: Callable[[str, str], str],
) -> Sequence[tuple[int, list[dict[str, str]]]]:
    """Return what the index lists: for each year its issues, each with address, subject, preheader and day.

    *language* is what its readers read, *spoken* the one that our words for them are in. *href* gives the address
    of an issue's page in a language.
    """
    zone = settings.letter.timezone
    listed: dict[int, list[dict[str, str]]] = {}
    for twins in found:
        one = twins.get(language) or next(iter(twins.values()))
        row = {
            "href": href(one.slug, one.language),
            "subject": one.subject,
            "preheader": one.preheader,
            "language": one.language,
            "day": day(one.sent, spoken, zone),
            "date": f"{one.sent.astimezone(zone):%Y-%m-%d}",
        }
        listed.setdefault(one.sent.astimezone(zone).year, []).append(row)
    return list(listed.items())
