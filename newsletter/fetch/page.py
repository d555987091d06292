"""Read a source of the web: a feed, a page that names its feed, or a page that is an article itself."""

from dataclasses import dataclass

from newsletter.errors import NewsletterError
from newsletter.fetch import feed
from newsletter.fetch.http import Answer, Client
from newsletter.model import RawItem, Source
from newsletter.reading import document, webpage
from newsletter.reading.charset import decode


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave. *unchanged* means that nothing is new since the last visit.

    *etag*, *modified* and *url* (where the feed is) make the next visit cheaper.
    """

    items: tuple[RawItem, ...] = ()
    unchanged: bool = False
    etag: str = ""
    modified: str = ""
    url: str = ""


async def read(source: Source, client: Client, *, etag: str = "", modified: str = "", url: str = "") -> Reading:
    """Return what *source* has. *etag*, *modified* and *url* are those of the last reading, "" for the first one.

    Raise SourceError, or TryAgainError where it may work later.
    """
    if url and url != source.url:
        # The page named its feed last time; if that has moved, the page says where to.
        try:
            return _reading(await client.get(url, etag=etag, modified=modified), source, "feed")
        except NewsletterError:
            etag = modified = ""
    answer = await client.get(source.url, etag=etag, modified=modified)
    if source.kind == "auto" and answer.data is not None and not feed.is_feed(answer.data, answer.kind):
        for address in webpage.feeds(decode(answer.data, answer.charset), answer.url)[:2]:
            try:
                return _reading(await client.get(address), source, "feed", address)
            except NewsletterError:
                continue
    return _reading(answer, source, source.kind)


def _reading(answer: Answer, source: Source, kind: str, url: str = "") -> Reading:
    """Return what an answer holds; *url* is where it was asked for."""
    if answer.data is None:
        return Reading(unchanged=True)
    if kind == "feed" or (kind != "page" and feed.is_feed(answer.data, answer.kind)):
        items = feed.items(answer.data, source, answer.url, _kind(answer))
    else:
        items = document.read(answer.data, source, kind=answer.kind, charset=answer.charset, url=answer.url)
    return Reading(items, False, answer.etag, answer.modified, url or source.url)


def _kind(answer: Answer) -> str:
    return f"{answer.kind}; charset={answer.charset}" if answer.charset and answer.kind else answer.kind


async def single(source: Source, client: Client) -> tuple[RawItem, ...]:
    """Return what stands at *source*'s own address: a page is an article even if it names a feed."""
    return _reading(await client.get(source.url), source, source.kind).items
