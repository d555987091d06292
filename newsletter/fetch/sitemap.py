"""Read a site that offers its sitemap only: the pages that are new or changed, each as an article."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias
from urllib.parse import urlsplit

from newsletter.errors import NewsletterError, SourceError, TryAgainError
from newsletter.fetch.http import Answer, Client, MissingError
from newsletter.fetch.port import Last, Reading
from newsletter.model import RawItem, Source
from newsletter.reading import document, sitemap
from newsletter.reading.sitemap import Place

#: The most files of an index, and the most pages in one go: a monthly letter needs the newest few dozen.
MOST_FILES, MOST_PAGES = 8, 60
#: A page in more other languages than these is of a site for the whole world, and its letter is in a few.
FEW = 3
#: A page of which the sitemap does not say when it changed is read again after a week, so many of them in one go.
STALE, AGAIN = timedelta(days=7), 10
#: What stands for such a page, with the day when it was read.
READ = "read"
#: Endings of pages that are no text.
NO_TEXT = (
    ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".zip", ".doc", ".docx", ".mp3", ".mp4", ".xml",
)  # fmt: skip
#: A page, its article, and what was wrong with it.
_Tried: TypeAlias = tuple[Place, RawItem | None, NewsletterError | None]


async def read(source: Source, site: str, client: Client, last: Last, now: datetime) -> Reading:
    """Return the articles of the pages that the sitemap at *source*'s address names, under the address *site*.

    Pages that were read, by *last*, and have not changed since are not asked for, unless nobody says whether they
    have. Raise SourceError, or TryAgainError where it may work later.
    """
    stale = [Place(url) for url in _stale(last, now)]
    answer = await client.get(source.url, etag=last.etag, modified=last.modified)
    if answer.data is None:
        tried = await _all(source, stale, client)
        items = tuple(item for _, item, _ in tried if item)
        return Reading(items, not items, last, pages=_seen(tried, now))
    places = await _places(answer, client)
    wanted = [place for place in places if _belongs(place.url, site) and _is_new(place, source, last)]
    wanted.sort(key=lambda place: -(place.changed.timestamp() if place.changed else 0))
    there = {place.url for place in places}
    again = [place for place in stale if place.url in there and place not in wanted]
    tried = await _all(source, [*wanted[:MOST_PAGES], *again], client)
    items = tuple(item for _, item, _ in tried if item)
    faults = [problem for *_, problem in tried if problem]
    if faults and len(faults) == len(tried) and not last.pages:
        # That none of its pages can be read is what an editor must know.
        raise faults[0]
    problems = tuple(problem for problem in faults if isinstance(problem, TryAgainError))
    # What was left for the next time must not be hidden behind a sitemap that has not changed.
    whole = len(wanted) <= MOST_PAGES and not problems
    following = Last(*((answer.etag, answer.modified) if whole else ("", "")), "sitemap", source.url)
    return Reading(items, bool(last.pages) and not tried, following, problems, _seen(tried, now), answer.moved)


def _stale(last: Last, now: datetime) -> list[str]:
    """Return the pages to look at again, those first that were read the longest ago."""
    day = f"{READ} {(now - STALE).date().isoformat()}"
    old = [(stamp, url) for url, stamp in last.pages.items() if stamp.startswith(READ) and stamp <= day]
    return [url for _, url in sorted(old)[:AGAIN]]


def _seen(tried: list[_Tried], now: datetime) -> tuple[tuple[str, str], ...]:
    day = f"{READ} {now.date().isoformat()}"
    return tuple(
        (place.url, place.changed.isoformat() if place.changed else day)
        for place, _, problem in tried
        if not isinstance(problem, TryAgainError)
    )


async def _places(answer: Answer, client: Client) -> list[Place]:
    """Return the pages of a sitemap, and of the files of an index."""
    first = sitemap.read(answer.data or b"", answer.url)
    places = list(first.pages)
    for file in first.sitemaps[:MOST_FILES]:
        try:
            found = await client.get(file.url)
            places += sitemap.read(found.data or b"", found.url).pages
        except SourceError:
            continue
    return _with_twins(list({place.url: place for place in places}.values()))


def _with_twins(places: list[Place]) -> list[Place]:
    """Return *places*, and the pages in a few other languages that they name and that stand nowhere else."""
    found = {place.url.rstrip("/"): place for place in places}
    for place in places:
        few = place.translations if len(place.translations) <= FEW else ()
        for url in few:
            others = (place.url, *(one for one in few if one != url))
            found.setdefault(url.rstrip("/"), Place(url, place.changed, others))
    return list(found.values())


async def _all(source: Source, places: list[Place], client: Client) -> list[_Tried]:
    """Read pages, as many at once as the client lets one host have."""

    async def one(place: Place) -> _Tried:
        try:
            answer = await client.get(place.url)
        except MissingError:
            return place, None, None
        except (SourceError, TryAgainError) as problem:
            return place, None, problem
        try:
            return place, _item(source, place, answer), None
        except SourceError:
            # It is no article: nothing to tell an editor about.
            return place, None, None

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(place)) for place in places]
    return [task.result() for task in tasks]


def _item(source: Source, place: Place, answer: Answer) -> RawItem | None:
    """Return the article of a page, None if it is a page of another kind."""
    data = answer.data or b""
    items = document.read(data, source, kind=answer.kind, charset=answer.charset, url=answer.url, listed=True)
    if not items:
        return None
    item = items[0]
    return replace(
        item,
        published=item.published or place.changed,
        translations=tuple(dict.fromkeys((*item.translations, *place.translations))),
    )


def _belongs(url: str, site: str) -> bool:
    """Whether a page is one of the site, below the part of it that the source names, and not its first page."""
    page, own = urlsplit(url), urlsplit(site)
    folder = "/" if own.path.endswith((".xml", ".gz", ".txt")) else own.path
    below = page.path.rstrip("/") + "/"
    same = (page.hostname or "").removeprefix("www.") == (own.hostname or "").removeprefix("www.")
    within = below.startswith(folder.rstrip("/") + "/") and below != folder.rstrip("/") + "/" and below != "/"
    return same and within and not page.path.lower().endswith(NO_TEXT)


def _is_new(place: Place, source: Source, last: Last) -> bool:
    if source.since and place.changed and place.changed < source.since:
        return False
    known = last.pages.get(place.url, "")
    return known != place.changed.isoformat() if place.changed else not known
