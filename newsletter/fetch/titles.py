"""Read the pages of entries of which a feed, WordPress or a page that lists them gives no more than the title.

So are those of which a feed gives the beginning, and says so by the sign of what is left out.
"""

import asyncio
import re
from dataclasses import replace

from newsletter.errors import SourceError, TryAgainError
from newsletter.fetch.http import Client
from newsletter.fetch.port import Last, Reading
from newsletter.fetch.sitemap import MOST_PAGES, NO_TEXT
from newsletter.model import RawItem, Source
from newsletter.reading import document, markup

#: What ends the beginning of a text; a beginning is no longer than this, and so much of it tells one text from
#: another, in characters.
CUT, BEGINNING, BEGUN = re.compile(r"(?:…|\.\.\.)\]?\s*$"), 700, 30


async def filled(reading: Reading, source: Source, client: Client, last: Last) -> Reading:
    """Return what a feed, WordPress or a list gave, with the texts of the pages of which it gives less.

    An entry whose page was read, by *last*, is left out as long as it says the same of itself.
    """
    given = reading.next.kind in {"feed", "wordpress", "page"} and not reading.whole
    kind = reading.next.kind
    bare = [item for item in reading.items if _is_bare(item, kind)] if given else []
    if not bare:
        return reading
    stamps = {item.url: _stamp(item, kind) for item in bare}
    wanted = [item for item in bare if last.pages.get(item.url) != stamps[item.url]]
    pages = dict(await _all(wanted[:MOST_PAGES], source, client))
    items = tuple(_with(item, pages.get(item.url)) for item in reading.items if item not in bare or item in wanted)
    # What was left for the next time must not be hidden behind a source that has not changed.
    whole = len(pages) == len(wanted)
    following = reading.next if whole else replace(reading.next, etag="", modified="", mark=last.mark)
    return replace(
        reading,
        items=items,
        unchanged=not items,
        next=following,
        pages=tuple((item.url, stamps[item.url]) for item in wanted if item.url in pages),
    )


def _stamp(item: RawItem, kind: str) -> str:
    """Return what is another once an entry has changed; feeds often say so of what has not."""
    changed = item.updated.isoformat() if kind == "wordpress" and item.updated else ""
    return f"{changed} {item.title} {_beginning(_said(item), kind)}".strip()


def _is_bare(item: RawItem, kind: str) -> bool:
    """Whether an entry says its title only, or the beginning of a text, and has a page that may say more."""
    if not item.url or item.url.lower().endswith(NO_TEXT):
        return False
    said = _said(item)
    return said.strip() in {"", item.title.strip()} or bool(_beginning(said, kind))


def _said(item: RawItem) -> str:
    return item.text or markup.words(item.html)


def _beginning(said: str, kind: str) -> str:
    """Return what an entry of a feed says if it is the beginning of a text, else ""."""
    return said if kind == "feed" and len(said) <= BEGINNING and CUT.search(said) else ""


async def _all(wanted: list[RawItem], source: Source, client: Client) -> list[tuple[str, RawItem | None]]:
    """Read the pages of entries; one that is no article is None, one that may be read later is left out."""

    async def one(url: str) -> list[tuple[str, RawItem | None]]:
        try:
            answer = await client.get(url)
            data = answer.data or b""
            found = document.read(data, source, kind=answer.kind, charset=answer.charset, url=answer.url)
        except TryAgainError:
            return []
        except SourceError:
            return [(url, None)]
        return [(url, found[0] if len(found) == 1 else None)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in dict.fromkeys(item.url for item in wanted)]
    return [pair for task in tasks for pair in task.result()]


def _is_more(page: RawItem, item: RawItem) -> bool:
    """Whether a page goes on with what an entry says, or says much more, and not what a theme writes."""
    own, told = markup.words(item.html or item.summary), page.text or markup.words(page.html)
    return own == item.title.strip() or own[:BEGUN] in told or len(told) >= 2 * len(own)


def _with(item: RawItem, page: RawItem | None) -> RawItem:
    """Return an entry with what its page says, if that is more; what the feed says itself stays."""
    if page is None or not _is_more(page, item):
        return replace(item, html=item.html or item.summary)
    return replace(
        item,
        text=page.text,
        html=page.html,
        base=page.base,
        summary=item.summary or page.summary,
        author=item.author or page.author,
        published=item.published or page.published,
        updated=item.updated or page.updated,
        language=page.language or item.language,
        image=item.image or page.image,
        tags=tuple(dict.fromkeys((*item.tags, *page.tags))),
        translations=page.translations,
    )
