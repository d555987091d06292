"""Read a source of the web, whatever kind it is; find out what kind where nobody said."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
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


async def read(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Return what *source* has that is new since the *last* visit. *now* tells how old that is.

    Raise SourceError, or TryAgainError where it may work later.
    """
    return await titles.filled(await _read(source, client, last, now), source, client, last, now)


async def _read(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Return what *source* has, entries as its feed gives them."""
    match source.kind:
        case "wordpress":
            return await _wordpress(source, client, last, now)
        case "sitemap":
            return await _sitemap(source, client, last, now)
        case "feed" | "page":
            answer = await client.get(source.url, etag=last.etag, modified=last.modified)
            return await _given(answer, source, source.kind, last, client, now)
        case _:
            return await _auto(source, client, last, now)


async def single(source: Source, client: Client, now: datetime) -> tuple[RawItem, ...]:
    """Return what stands at *source*'s own address: a page is an article even if it names a feed.

    One that has none, and leads on by itself, is followed once.
    """
    answer = await client.get(source.url)
    try:
        told = _told(answer, source, _form(answer) or "page", Last(), now)
    except SourceError:
        onward = discovery.offer(decode(answer.data or b"", answer.charset), answer.url).onward
        if not onward:
            raise
        answer = await client.get(onward)
        told = _told(answer, replace(source, url=onward), _form(answer) or "page", Last(), now)
    return (await titles.filled(told, source, client, Last(), now)).items


async def _auto(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Read a source as it was found to be last time; if that fails, or the first time, find out."""
    if last.kind and last.url:
        # A sitemap is read for the part of the site that the source names.
        known = replace(source, kind=last.kind, url=source.url if last.kind == "sitemap" else last.url)
        try:
            return _again(await _read(known, client, last, now), last, source.url)
        except SourceError:
            if last.url == source.url and last.kind != "page":
                raise
    if wordpress.is_api(source.url):
        return await wordpress.read(source, client, last)
    answer = await client.get(source.url)
    form = _form(answer)
    if form == "sitemap":
        reading = await _sitemap(source, client, Last(pages=last.pages), now)
    elif form:
        reading = await _given(answer, source, form, Last(), client, now)
    else:
        reading = await _offered(answer, source, client, Last(pages=last.pages), now)
    # Where what the site offers lies is its own affair; only its own address is the editor's.
    return replace(reading, moved=answer.moved)


def _again(reading: Reading, last: Last, own: str) -> Reading:
    """Return a reading of what the source at *own* was found to be, and where it was found."""
    following = replace(reading.next, kind=last.kind, url=reading.moved or last.url)
    return replace(reading, next=following, moved=reading.moved if last.url == own else "")


async def _offered(answer: Answer, source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Read what a page offers: the API, a feed, the site's sitemap; else the page itself."""
    text = decode(answer.data or b"", answer.charset)
    offer = discovery.offer(text, answer.url, answer.headers.get("link", ""))
    if offer.calendar:
        return _told(answer, source, "page", Last(), now)
    faults: list[NewsletterError] = []
    if offer.api:
        found = await _first(source, client, last, now, "wordpress", [offer.api], faults)
        if found:
            return found
    found = await _first(source, client, last, now, "feed", offer.feeds[:2], faults)
    if found:
        return found
    if not offer.article and _is_site(answer.url):
        found = await _guessed(answer.url, source, client, last, now)
        if found:
            return found
    if offer.onward:
        return await _onward(offer.onward, source, client, last, now)
    try:
        return _told(answer, source, "page", Last(), now)
    except SourceError as error:
        # What a page offers is where its articles are: that this fails is what an editor must know.
        raise (faults[0] if faults else error) from None


async def _onward(url: str, source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Read what stands where a page leads by itself; what leads on from there is not followed."""
    answer = await client.get(url)
    form = _form(answer)
    there = replace(source, url=url)
    if form == "sitemap":
        return await _sitemap(there, client, last, now)
    if form:
        return _told(answer, there, form, Last(), now)
    offer = discovery.offer(decode(answer.data or b"", answer.charset), answer.url, answer.headers.get("link", ""))
    if offer.onward:
        raise SourceError("the page leads on and on", where=source.url, remedy="use the address where it ends")
    return await _offered(answer, there, client, last, now)


async def _guessed(url: str, source: Source, client: Client, last: Last, now: datetime) -> Reading | None:
    """Look for what a site has and no page of it names: in robots.txt, and where such things lie."""
    sitemaps = await _sitemaps(url, client)
    for kind, places in (("feed", discovery.feed_guesses(url)), ("sitemap", sitemaps)):
        found = await _first(source, client, last, now, kind, places)
        if found:
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
    source: Source,
    client: Client,
    last: Last,
    now: datetime,
    kind: str,
    places: Iterable[str],
    faults: list[NewsletterError] | None = None,
) -> Reading | None:
    """Return the reading of the first of *places* that is a *kind* and has articles; *faults* gets what failed."""
    for place in places:
        try:
            if kind == "sitemap":
                reading = await sitemap.read(replace(source, url=place), source.url, client, last, now)
            else:
                reading = await _read(replace(source, kind=kind, url=place), client, last, now)
        except NewsletterError as fault:
            if faults is not None:
                faults.append(fault)
            continue
        if reading.items:
            return replace(reading, next=replace(reading.next, kind=kind, url=place))
    return None


async def _wordpress(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Read a WordPress site by the address of its API, or by any page of it, which names the API."""
    if last.kind == "wordpress" and last.url:
        return await wordpress.read(replace(source, url=last.url), client, last)
    if wordpress.is_api(source.url):
        return await wordpress.read(source, client, last)
    answer = await client.get(source.url)
    if events.is_list(answer.data or b""):
        return await eventlist.read(answer, source, client, now)
    text = decode(answer.data or b"", answer.charset)
    offer = discovery.offer(text, answer.url, answer.headers.get("link", ""))
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


async def _sitemap(source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Read a site by the address of its sitemap, or by any other of its addresses."""
    if last.kind == "sitemap" and last.url:
        return await sitemap.read(replace(source, url=last.url), source.url, client, last, now)
    if urlsplit(source.url).path.endswith((".xml", ".xml.gz", ".txt")):
        return await sitemap.read(source, source.url, client, last, now)
    for place in await _sitemaps(source.url, client):
        try:
            return await sitemap.read(replace(source, url=place), source.url, client, last, now)
        except SourceError:
            continue
    remedy = "name the address of its sitemap"
    raise SourceError("this site names no sitemap", where=source.url, remedy=remedy)


def _form(answer: Answer) -> str:
    """Return whether an answer is a feed or a sitemap, "" for anything else."""
    data = answer.data or b""
    if feed.is_feed(data, answer.kind):
        return "feed"
    return "sitemap" if sitemapfile.is_sitemap(data) else ""


async def _given(answer: Answer, source: Source, kind: str, last: Last, client: Client, now: datetime) -> Reading:
    """Return what an answer holds, with the pages that go on with it."""
    if kind == "feed" and events.is_list(answer.data or b""):
        return await eventlist.read(answer, source, client, now)
    return _told(answer, source, kind, last, now)


def _told(answer: Answer, source: Source, kind: str, last: Last, now: datetime) -> Reading:
    """Return what an answer holds."""
    if answer.data is None:
        return Reading(unchanged=True, next=last, moved=answer.moved)
    following, whole = Last(answer.etag, answer.modified, kind, source.url), False
    listed: Listing | None = None
    if kind == "feed":
        if whole := feed.is_whole(answer.data):
            following = Last(kind=kind, url=source.url)
        items = feed.items(answer.data, source, answer.url, now, answer.charset)
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
