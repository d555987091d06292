"""Put documents, files or web pages, into the pool. Wires fetching and files together; prints nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from newsletter import article
from newsletter.cli.collect import filing
from newsletter.errors import NewsletterError, NotFoundError, SourceError, textual
from newsletter.files import articlefile, pictures
from newsletter.files.pool.pool import Added, Pool
from newsletter.files.workspace import Workspace
from newsletter.model import Article, RawItem, Source
from newsletter.reading import emblem
from newsletter.settings import value

#: How people write the address of a page: a host, and mostly a path.
PAGE = re.compile(r"(?:[\w-]+\.){1,4}[a-z]{2,12}/\S*|www\.\S+", re.IGNORECASE)


def add(
    workspace: Workspace,
    names: Sequence[str],
    now: datetime,
    *,
    language: str,
    tags: Sequence[str],
    allow_private: bool,
) -> tuple[tuple[Article, ...], Added, tuple[NewsletterError, ...]]:
    """Put the articles of documents (files or web addresses) into the pool and return them in their order.

    *language* and *tags* are the editor's word for all of them. One that cannot be read keeps no other out: what
    is wrong with it is returned, or raised where it is the only one.
    """
    read: dict[str, tuple[RawItem, ...]] = {}
    failed: dict[str, NewsletterError] = {}
    for name in dict.fromkeys(map(value.web, names)):
        try:
            read[name] = _read(name, _source(workspace, name, language, allow_private), now)
        except NewsletterError as error:
            failed[name] = error
    if len(failed) == 1 and not read:
        raise next(iter(failed.values()))
    emblems = emblem.common([item for found in read.values() for item in found])

    def told(found: Sequence[RawItem]) -> tuple[Article, ...]:
        said = emblem.without(found, emblems)
        return normal(
            (replace(one, language=language or one.language, tags=(*tags, *one.tags)) for one in said), now
        )

    documents = {name: told(found) for name, found in read.items()}
    with Pool(workspace.pool) as pool:
        files = {
            Path(name): tuple(pictures.held(one, Path(name).expanduser()) for one in found)
            for name, found in documents.items()
            if not _is_address(name)
        }
        held, settled = filing.filed(workspace, pool, files)
        whole = [one for name, found in documents.items() for one in held.get(Path(name), found)]
        articles = tuple({one.key: one for one in reversed(whole)}.values())[::-1]
        ours = {each.name for each in workspace.settings.sources}
        added = pool.add(articles, now, by_hand=True, settled=settled, sources=ours)
        return tuple(pool.get(one.key) for one in articles), added, tuple(failed.values())


def _source(workspace: Workspace, name: str, language: str, allow_private: bool) -> Source:
    """Return the source that a document of its own makes, named after its host or file."""
    zone = workspace.settings.letter.timezone
    if not _is_address(name):
        return Source(textual(Path(name).name), "page", name, language, zone=zone)
    host = _host(name)
    trusted = any(
        known.allow_private and _is_address(known.url) and _host(known.url) == host
        for known in workspace.settings.sources
    )
    return Source(host, "auto", name, language, allow_private or trusted, zone=zone)


def _read(name: str, own: Source, now: datetime) -> tuple[RawItem, ...]:
    if "://" in name and not _is_address(name):
        raise SourceError("this is no web address", where=name, remedy="only http:// and https:// are read")
    if not _is_address(name):
        path = Path(name).expanduser()
        if PAGE.fullmatch(name) and not path.exists():
            raise NotFoundError("there is no such file", where=name, remedy=f"for a page, write https://{name}")
        return articlefile.read(path, own, now)
    if (host := _host(name)) and "@" in urlsplit(name).netloc:
        what = "a user or a password stands in the address"
        raise SourceError(what, where=host, remedy="take it out; no server is told it")
    return _visited(own, now)


def _visited(own: Source, now: datetime) -> tuple[RawItem, ...]:
    """Read a page of the web. What does so is loaded here: a file needs none of it."""
    import asyncio
    from functools import partial

    from newsletter.fetch import guard, source
    from newsletter.fetch.http import Client

    client = Client(partial(guard.pin, allow_private=own.allow_private))
    return asyncio.run(source.single(own, client, now))


def _is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def _host(address: str) -> str:
    """Return the host of a web address, "" for one that names none, which whoever goes there says."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def normal(items: Iterable[RawItem], now: datetime) -> tuple[Article, ...]:
    """Return *items* as articles, each once: the first of the same key stays, what says nothing is left out."""
    articles: dict[str, Article] = {}
    for item in items:
        one = article.normalize(item, now)
        if one.title and (one.text or one.url):
            articles.setdefault(one.key, one)
    return tuple(articles.values())
