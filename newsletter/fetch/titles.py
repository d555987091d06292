"""Read the pages of entries of which a feed, WordPress or a page that lists them gives no more than the title.

So are those of which a feed gives the beginning, and says so by the sign of what is left out; and all of a feed
without any markup, as Hugo writes, or of short entries only, if the pages of its longest entries go on.
"""

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import TypeAlias

from newsletter.errors import SourceError, TryAgainError
from newsletter.fetch.http import Client, LateError
from newsletter.fetch.port import Last, Reading
from newsletter.fetch.sitemap import MOST_PAGES, NO_TEXT
from newsletter.model import RawItem, Source
from newsletter.reading import document
from newsletter.reading.html import markup

#: What ends the beginning of a text; a beginning is no longer than this, and so much of it tells one text from
#: another, in characters.
CUT, BEGINNING, BEGUN = re.compile(r"(?:…|\.\.\.)\]?\s*$"), 700, 30
MARKUP = re.compile(r"</?[a-zA-Z]")
#: So many of the longest entries without markup are tried, of at least so many characters; and what stands before
#: the stamp of one whose page said no more.
TRIALS, LONG, WHOLE = 3, 80, "whole "
#: What stands before the day on which a page took too long: on that day it is not asked for again.
LATE = "late "
#: What stands at the addresses of pages, None for what is no article.
Pages: TypeAlias = dict[str, RawItem | None]


@dataclass(slots=True)
class _Asked:
    """Which entries are *bare*, which were *trials* in vain, what *pages* say, and which came too *late*."""

    bare: list[RawItem]
    trials: list[RawItem] = field(default_factory=list)
    pages: Pages = field(default_factory=dict)
    late: list[str] = field(default_factory=list)


async def filled(reading: Reading, source: Source, client: Client, last: Last, now: datetime) -> Reading:
    """Return what a feed, WordPress or a list gave, with the texts of the pages of which it gives less.

    An entry whose page was read, by *last*, is left out as long as it says the same of itself.
    """
    kind = reading.next.kind
    if kind not in {"feed", "wordpress", "page"} or reading.whole:
        return reading
    today = f"{LATE}{now.date().isoformat()}"
    resting = [item for item in reading.items if last.pages.get(item.url) == today]
    items = tuple(item for item in reading.items if item not in resting)
    asked = _Asked([item for item in items if _is_bare(item, kind)])
    if kind == "feed":
        await _try(asked, items, source, client, last)
    if not (asked.bare or asked.trials or resting):
        return reading
    wanted = [item for item in asked.bare if last.pages.get(item.url) != _stamp(item, kind)]
    await _read(asked, wanted[:MOST_PAGES], source, client)
    known = [*resting, *(item for item in asked.bare if item not in wanted)]
    left = [item for item in reading.items if item not in known]
    whole = tuple(_with(item, asked.pages.get(item.url)) if item in wanted else item for item in left)
    return _kept(replace(reading, items=whole, unchanged=not whole), asked, wanted, resting, last, today)


def _kept(
    reading: Reading, asked: _Asked, wanted: list[RawItem], resting: list[RawItem], last: Last, today: str
) -> Reading:
    """Return a *reading* with what is to be remembered of the pages that were read for it."""
    kind = reading.next.kind
    read = [item for item in (*wanted, *asked.trials) if item.url in asked.pages]
    seen = [(item.url, (WHOLE if item in asked.trials else "") + _stamp(item, kind)) for item in read]
    seen += [(url, today) for url in asked.late]
    # What was left for the next time must not be hidden behind a source that has not changed.
    done = not resting and len(read) == len(wanted) + len(asked.trials)
    following = reading.next if done else replace(reading.next, etag="", modified="", mark=last.mark)
    return replace(reading, next=following, pages=tuple(seen))


async def _try(asked: _Asked, items: tuple[RawItem, ...], source: Source, client: Client, last: Last) -> None:
    """Read the pages of the longest entries of a feed without markup that are not bare by themselves.

    If those go on, all of its *items* are bare; else they were trials in vain.
    """
    plain = _plain(items)
    asked.trials = _trials([item for item in plain if item not in asked.bare], last)
    await _read(asked, asked.trials, source, client)
    if plain and _are_begun(plain, asked.bare, asked.pages, last):
        asked.bare, asked.trials = plain, []


def _plain(items: tuple[RawItem, ...]) -> list[RawItem]:
    """Return the entries that have pages of a feed without any markup, or of short entries; none of any other."""
    marked = any(item.text or MARKUP.search(item.html) or MARKUP.search(item.summary) for item in items)
    if marked and any(len(_said(item)) > BEGINNING for item in items):
        return []
    return [item for item in items if _has_page(item) and not item.shared]


def _trials(plain: list[RawItem], last: Last) -> list[RawItem]:
    """Return the longest of entries without markup, whose pages tell whether all are beginnings; none if known."""
    if any(last.pages.get(item.url) == _stamp(item, "feed") for item in plain):
        return []
    longest = sorted(plain, key=lambda item: -len(_said(item)))[:TRIALS]
    long = [item for item in longest if len(_said(item)) >= LONG]
    # All or none: what stands on all of them is told by reading them together.
    return long if any(last.pages.get(item.url) != WHOLE + _stamp(item, "feed") for item in long) else []


def _are_begun(plain: list[RawItem], bare: list[RawItem], tried: Pages, last: Last) -> bool:
    """Whether a feed without markup gives beginnings: a page goes on, or did before with an entry not *bare*.

    What a page ends with as another one does, such as a box about the writer, is no text that goes on; nor are
    the entries before and after it.
    """
    said = {item.url: _said(item) for item in plain}
    pages = {url: _less(_said(page), url, said) for url, page in tried.items() if page}
    for item in plain:
        own, page = said[item.url].removeprefix(item.title).strip(), pages.get(item.url)
        if item not in bare and last.pages.get(item.url) == _stamp(item, "feed"):
            return True
        if page and own[:BEGUN] in page:
            ends = (_ending(page, pages[url]) for url in pages if url != item.url)
            if len(page) - max(ends, default=0) >= 2 * len(own):
                return True
    return False


def _less(told: str, url: str, said: dict[str, str]) -> str:
    """Return the words of the page at *url* without what entries of other pages say."""
    for other, words in said.items():
        told = told.replace(words, "") if other != url and len(words) >= BEGUN else told
    return told


def _ending(one: str, other: str) -> int:
    """Return how many characters two texts end with alike."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _stamp(item: RawItem, kind: str) -> str:
    """Return what is another once an entry has changed; feeds often say so of what has not."""
    changed = item.updated.isoformat() if kind == "wordpress" and item.updated else ""
    said = _said(item)[:BEGINNING] if kind == "feed" else ""
    return f"{changed} {item.title} {'' if said.strip() == item.title.strip() else said}".strip()


def _is_bare(item: RawItem, kind: str) -> bool:
    """Whether an entry says its title only, or the beginning of a text, and has a page that may say more."""
    if not _has_page(item):
        return False
    said = _said(item)
    return said.strip() in {"", item.title.strip()} or bool(_beginning(said, kind))


def _has_page(item: RawItem) -> bool:
    return bool(item.url) and not item.url.lower().endswith(NO_TEXT)


def _said(item: RawItem) -> str:
    return item.text or markup.words(item.html)


def _beginning(said: str, kind: str) -> str:
    """Return what an entry of a feed says if it is the beginning of a text, else ""."""
    return said if kind == "feed" and len(said) <= BEGINNING and CUT.search(said) else ""


async def _read(asked: _Asked, wanted: list[RawItem], source: Source, client: Client) -> None:
    """Read the pages of the entries *wanted* that were not asked for yet.

    One that is no article is None, one that may be read later is left out.
    """

    async def one(url: str) -> None:
        try:
            answer = await client.get(url)
            data = answer.data or b""
            found = document.read(data, source, kind=answer.kind, charset=answer.charset, url=answer.url)
            asked.pages[url] = found[0] if len(found) == 1 else None
        except LateError:
            asked.late.append(url)
        except TryAgainError:
            return
        except SourceError:
            asked.pages[url] = None

    known = {*asked.pages, *asked.late}
    new = dict.fromkeys(item.url for item in wanted if item.url not in known)
    async with asyncio.TaskGroup() as group:
        for url in new:
            group.create_task(one(url))


def _is_more(page: RawItem, item: RawItem) -> bool:
    """Whether a page goes on with what an entry says, or says much more, and not what a theme writes."""
    own, told = markup.words(item.html or item.summary), _said(page)
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
