"""Read sources and documents into the pool. Wires fetching, files and the pool together; prints nothing."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from newsletter import article
from newsletter.errors import NewsletterError, NotFoundError, SourceError
from newsletter.fetch import guard, page
from newsletter.fetch.http import Client
from newsletter.files import articlefile
from newsletter.files.pool import Added, Pool, Visit
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.model import Article, RawItem, Source

#: How many sources are read at once: polite to a host that several of them share.
AT_ONCE = 6
NOTHING = Added()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source. *error* is why it could not be read; *problems* are files of it that could not."""

    source: str
    added: Added = NOTHING
    unchanged: bool = False
    error: NewsletterError | None = None
    problems: tuple[NewsletterError, ...] = ()


def chosen(workspace: Workspace, names: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources called *names*, all of them for none. Raise NotFoundError."""
    sources = workspace.settings.sources
    if not sources:
        remedy = f'add one to {SETTINGS}: [[source]], name = "site", url = "https://…"'
        raise NotFoundError("there are no sources", where=SETTINGS, remedy=remedy)
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            raise NotFoundError(
                f"no source is called “{name}”", where=SETTINGS, remedy=f"known: {', '.join(known)}"
            )
    return tuple(known[name] for name in dict.fromkeys(names)) if names else sources


async def fetch(
    workspace: Workspace, sources: Iterable[Source], now: datetime, tell: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Read *sources* into the pool, several at once; *tell* hears of each as it is done. None stops another."""
    slots = asyncio.Semaphore(AT_ONCE)
    with Pool(workspace.pool) as pool:

        async def one(source: Source) -> Outcome:
            async with slots:
                outcome = await _fetch(workspace, pool, source, now)
            tell(outcome)
            return outcome

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(source)) for source in sources]
    return tuple(task.result() for task in tasks)


async def _fetch(workspace: Workspace, pool: Pool, source: Source, now: datetime) -> Outcome:
    """Read one source; what is wrong with it is part of the outcome."""
    try:
        if source.kind == "folder":
            return _folder(workspace, pool, source, now)
        if "://" not in source.url:
            remedy = 'write its url as "https://…", or say kind = "folder"'
            raise SourceError(f"“{source.url}” is no web address", where=SETTINGS, remedy=remedy)
        last = pool.visit(source.name, repr(source))
        client = Client(partial(guard.pin, allow_private=source.allow_private))
        reading = await page.read(source, client, etag=last.etag, modified=last.modified, url=last.url)
        if reading.unchanged:
            return Outcome(source.name, unchanged=True)
        added = pool.add(_normal(reading.items, now), now)
        pool.visited(source.name, repr(source), Visit(reading.etag, reading.modified, reading.url))
    except NewsletterError as error:
        return Outcome(source.name, error=error)
    return Outcome(source.name, added)


def _folder(workspace: Workspace, pool: Pool, source: Source, now: datetime) -> Outcome:
    held = articlefile.folder(workspace.root / Path(source.url).expanduser(), source)
    if held.problems and not held.items:
        return Outcome(source.name, error=held.problems[0], problems=held.problems[1:])
    return Outcome(source.name, pool.add(_normal(held.items, now), now), problems=held.problems)


def add(
    workspace: Workspace,
    names: Sequence[str],
    now: datetime,
    *,
    language: str,
    tags: Sequence[str],
    allow_private: bool,
) -> tuple[tuple[Article, ...], Added]:
    """Put the articles of documents (files or web addresses) into the pool and return them in their order.

    *language* and *tags* are the editor's word for all of them. Nothing is added if one of them cannot be read.
    """
    items: list[RawItem] = []
    for name in names:
        source = _source(workspace, name, language, allow_private)
        items += _read(name, source)
    said = [replace(item, language=language or item.language, tags=(*tags, *item.tags)) for item in items]
    articles = _normal(said, now)
    with Pool(workspace.pool) as pool:
        added = pool.add(articles, now, by_hand=True)
        return tuple(pool.get(one.key) for one in articles), added


def _source(workspace: Workspace, name: str, language: str, allow_private: bool) -> Source:
    """Return the source that a document of its own makes, named after its host or file."""
    if not _is_address(name):
        return Source(Path(name).name, "page", name, language)
    host = urlsplit(name).hostname or ""
    trusted = any(
        source.allow_private and _is_address(source.url) and urlsplit(source.url).hostname == host
        for source in workspace.settings.sources
    )
    return Source(host, "auto", name, language, allow_private or trusted)


def _read(name: str, source: Source) -> tuple[RawItem, ...]:
    if "://" in name and not _is_address(name):
        raise SourceError("this is no web address", where=name, remedy="only http:// and https:// are read")
    if not _is_address(name):
        return articlefile.read(Path(name).expanduser(), source)
    client = Client(partial(guard.pin, allow_private=source.allow_private))
    return asyncio.run(page.single(source, client))


def _is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def _normal(items: Iterable[RawItem], now: datetime) -> tuple[Article, ...]:
    """Return *items* as articles, each once: the first of the same key stays."""
    articles: dict[str, Article] = {}
    for item in items:
        one = article.normalize(item, now)
        if one.title and one.text:
            articles.setdefault(one.key, one)
    return tuple(articles.values())
