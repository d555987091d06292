"""Read a source of the web, whatever kind it is; find out what kind where nobody said."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from newsletter.errors import NewsletterError, SourceError
from newsletter.fetch import eventlist, sitemap, titles, wordpress
from newsletter.fetch.http import Answer, Client
from newsletter.fetch.port import Last, Listing, Reading
from newsletter.model import RawItem, Source
from newsletter.reading import discovery, document, feed
from newsletter.reading import sitemap as sitemapfile
from newsletter.reading.calendars import eventlist as events
from newsletter.reading.charset import decode

#: A page below this depth of folders is one page of a site, not the site.
DEEPEST_SITE = 2


@dataclass(frozen=True, slots=True)
class _Visit:
    """A look at *source* by *client*, *now*, since the *last* one."""

    source: Source
    client: Client
    last: Last
    now: datetime

    def at(self, url: str, kind: str = "") -> "_Visit":
        """Return a look at another address, of what is of this *kind*, "" for the same."""
        return replace(self, source=replace(self.source, url=url, kind=kind or self.source.kind))

    def first(self) -> "_Visit":
        """Return a look that knows of no last one, but for the pages that were read."""
        return replace(self, last=Last(pages=self.last.pages))


async def read(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Return what *source* has that is new since the *last* visit. *now* tells how old that is.

    Raise SourceError, or TryAgainError where it may work later.
    """
    return await titles.filled(await _read(_Visit(source, client, last, now)), source, client, last, now)


async def _read(visit: _Visit) -> Reading:
    """Return what a source has, entries as its feed gives them."""
    source, last = visit.source, visit.last
    match source.kind:
        case "wordpress":
            return await _wordpress(visit)
        case "sitemap":
            return await _sitemap(visit)
        case "feed" | "page":
            answer = await visit.client.get(source.url, etag=last.etag, modified=last.modified)
            return await _given(visit, answer, source.kind)
        case _:
            return await _auto(visit)


async def single(source: Source, client: Client, now: datetime) -> tuple[RawItem, ...]:
    """Return what stands at *source*'s own address: a page is an article even if it names a feed.

    One that has none, and leads on by itself, is followed once.
    """
    visit = _Visit(source, client, Last(), now)
    answer = await client.get(source.url)
    try:
        told = _told(visit, answer, _form(answer) or "page")
    except SourceError:
        onward = discovery.offer(decode(answer.data or b"", answer.charset), answer.url).onward
        if not onward:
            raise
        answer = await client.get(onward)
        told = _told(visit.at(onward), answer, _form(answer) or "page")
    return (await titles.filled(told, source, client, Last(), now)).items


async def _auto(visit: _Visit) -> Reading:
    """Read a source as it was found to be last time; if that fails, or the first time, find out."""
    source, last = visit.source, visit.last
    if last.kind and last.url:
        # A sitemap is read for the part of the site that the source names.
        known = visit.at(source.url if last.kind == "sitemap" else last.url, last.kind)
        try:
            return _again(await _read(known), last, source.url)
        except SourceError:
            if last.url == source.url and last.kind != "page":
                raise
    if wordpress.is_api(source.url):
        return await wordpress.read(source, visit.client, last)
    answer = await visit.client.get(source.url)
    form = _form(answer)
    if form == "sitemap":
        reading = await _sitemap(visit.first())
    elif form:
        reading = await _given(replace(visit, last=Last()), answer, form)
    else:
        reading = await _offered(visit.first(), answer)
    # Where what the site offers lies is its own affair; only its own address is the editor's.
    return replace(reading, moved=answer.moved)


def _again(reading: Reading, last: Last, own: str) -> Reading:
    """Return a reading of what the source at *own* was found to be, and where it was found."""
    following = replace(reading.next, kind=last.kind, url=reading.moved or last.url)
    return replace(reading, next=following, moved=reading.moved if last.url == own else "")


async def _offered(visit: _Visit, answer: Answer) -> Reading:
    """Read what a page offers: the API, a feed, the site's sitemap; else the page itself."""
    offer = _offer(answer)
    own = replace(visit, last=Last())
    if offer.calendar:
        return _told(own, answer, "page")
    faults: list[NewsletterError] = []
    if offer.api and (found := await _first(visit, "wordpress", [offer.api], faults)):
        return found
    if found := await _first(visit, "feed", offer.feeds[:2], faults):
        return replace(found, others=offer.others)
    if not offer.article and _is_site(answer.url) and (found := await _guessed(visit, answer.url)):
        return found
    if offer.onward:
        return await _onward(visit, offer.onward)
    try:
        return _told(own, answer, "page")
    except SourceError as error:
        # What a page offers is where its articles are: that this fails is what an editor must know.
        raise (faults[0] if faults else error) from None


def _offer(answer: Answer) -> discovery.Offer:
    """Return what the page of an answer offers."""
    text = decode(answer.data or b"", answer.charset)
    return discovery.offer(text, answer.url, answer.headers.get("link", ""))


async def _onward(visit: _Visit, url: str) -> Reading:
    """Read what stands where a page leads by itself; what leads on from there is not followed."""
    answer = await visit.client.get(url)
    form, there = _form(answer), visit.at(url)
    if form == "sitemap":
        return await _sitemap(there)
    if form:
        return _told(there, answer, form)
    if _offer(answer).onward:
        remedy = "use the address where it ends"
        raise SourceError("the page leads on and on", where=visit.source.url, remedy=remedy)
    return await _offered(there, answer)


async def _guessed(visit: _Visit, url: str) -> Reading | None:
    """Look for what a site has and no page of it names: in robots.txt, and where such things lie."""
    sitemaps = await _sitemaps(url, visit.client)
    for kind, places in (("feed", discovery.feed_guesses(url)), ("sitemap", sitemaps)):
        if found := await _first(visit, kind, places):
            return found
    return None


async def _sitemaps(url: str, client: Client) -> Iterable[str]:
    """Return where the site at *url* may have its sitemaps: those that its robots.txt names come first."""
    try:
        robots = await client.get(urljoin(url, "/robots.txt"))
        named = sitemapfile.robots(decode(robots.data or b"", robots.charset), robots.url)
    except NewsletterError:
        named = ()
    return dict.fromkeys((*named, *discovery.sitemap_guesses(url)))


async def _first(
    visit: _Visit, kind: str, places: Iterable[str], faults: list[NewsletterError] | None = None
) -> Reading | None:
    """Return the reading of the first of *places* that is a *kind* and has articles; *faults* gets what failed."""
    for place in places:
        try:
            reading = await (_mapped(visit, place) if kind == "sitemap" else _read(visit.at(place, kind)))
        except NewsletterError as fault:
            if faults is not None:
                faults.append(fault)
            continue
        if reading.items:
            return replace(reading, next=replace(reading.next, kind=kind, url=place))
    return None


async def _wordpress(visit: _Visit) -> Reading:
    """Read a WordPress site by the address of its API, or by any page of it, which names the API."""
    source, client, last = visit.source, visit.client, visit.last
    if last.kind == "wordpress" and last.url:
        return await wordpress.read(replace(source, url=last.url), client, last)
    if wordpress.is_api(source.url):
        return await wordpress.read(source, client, last)
    answer = await client.get(source.url)
    if events.is_list(answer.data or b""):
        return await eventlist.read(answer, source, client, visit.now)
    offer = _offer(answer)
    *before, api = [offer.api] if offer.api else wordpress.places(answer.url)
    for place in before:
        with suppress(SourceError):
            return replace(await wordpress.read(replace(source, url=place), client, last), moved=answer.moved)
    try:
        return replace(await wordpress.read(replace(source, url=api), client, last), moved=answer.moved)
    except SourceError as error:
        if not offer.feeds:
            raise
        remedy = f'take the feed that the site names: kind = "feed", url = "{offer.feeds[0]}"'
        raise SourceError(error.what, where=error.where, remedy=remedy) from None


async def _sitemap(visit: _Visit) -> Reading:
    """Read a site by the address of its sitemap, or by any other of its addresses."""
    own, last = visit.source.url, visit.last
    if last.kind == "sitemap" and last.url:
        return await _mapped(visit, last.url)
    if urlsplit(own).path.endswith((".xml", ".xml.gz", ".txt")):
        return await _mapped(visit, own)
    for place in await _sitemaps(own, visit.client):
        with suppress(SourceError):
            return await _mapped(visit, place)
    raise SourceError("this site names no sitemap", where=own, remedy="name the address of its sitemap")


async def _mapped(visit: _Visit, place: str) -> Reading:
    """Read the pages of a source that the sitemap at *place* names."""
    return await sitemap.read(
        replace(visit.source, url=place), visit.source.url, visit.client, visit.last, visit.now
    )


def _form(answer: Answer) -> str:
    """Return whether an answer is a feed or a sitemap, "" for anything else."""
    data = answer.data or b""
    if feed.is_feed(data, answer.kind):
        return "feed"
    return "sitemap" if sitemapfile.is_sitemap(data) else ""


async def _given(visit: _Visit, answer: Answer, kind: str) -> Reading:
    """Return what an answer holds, with the pages that go on with it."""
    if kind == "feed" and events.is_list(answer.data or b""):
        return await eventlist.read(answer, visit.source, visit.client, visit.now)
    return _told(visit, answer, kind)


def _told(visit: _Visit, answer: Answer, kind: str) -> Reading:
    """Return what an answer holds."""
    source = visit.source
    if answer.data is None:
        return Reading(unchanged=True, next=visit.last, moved=answer.moved)
    following, whole = Last(answer.etag, answer.modified, kind, source.url), False
    listed: Listing | None = None
    if kind == "feed":
        if whole := feed.is_whole(answer.data):
            following = Last(kind=kind, url=source.url)
        items = feed.items(answer.data, source, answer.url, visit.now, answer.charset)
        listed = None if whole else _listed(items)
    else:
        items = document.read(answer.data, source, kind=answer.kind, charset=answer.charset, url=answer.url)
    return Reading(items, next=following, moved=answer.moved, whole=whole, listed=listed)


def _listed(items: tuple[RawItem, ...]) -> Listing | None:
    """Return what a feed lists, None for one that is not in the order of its days, the newest first."""
    days = [item.published for item in items if item.published]
    if not days or len(days) < len(items) or days != sorted(days, reverse=True):
        return None
    return Listing(frozenset(item.url for item in items), days[-1])


def _is_site(url: str) -> bool:
    """Whether an address is a site's first page, or that of a part of it, rather than one page among many."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return len(parts) <= DEEPEST_SITE and not (parts and "." in parts[-1] and not parts[-1].startswith("index."))
