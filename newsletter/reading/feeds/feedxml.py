"""Read RSS 0.9 to 2.0, RDF and Atom into RawItems. Forgives what feeds get wrong; resolves no entity.

Sources: RSS 2.0 (rssboard.org), RSS 1.0 (purl.org/rss/1.0), Atom (RFC 4287), Media RSS, Dublin Core. `entry`,
beside it, makes a RawItem of each entry.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from lxml import etree

from newsletter.errors import SourceError
from newsletter.model import RawItem, Source
from newsletter.reading.charset import decode
from newsletter.reading.feeds import entry, export, feedtime, feedtree, wordpress
from newsletter.reading.feeds.element import Parts, first_of, name_of, parts_of, text_of

#: The most entries of one feed; a monthly letter needs the newest few dozen.
MOST = 300
PAGE = re.compile(
    rb"\s*+(?:<!--(?:[^-]++|-(?!->))*-->\s*+)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
#: What may stand above a feed, however long: its declaration, how browsers show it, and remarks such as a licence.
ABOVE = re.compile(rb"(?:<\?(?:[^?]++|\?(?!>))*\?>\s*+|<!--(?:[^-]++|-(?!->))*-->\s*+)*")
#: It is looked for in so many bytes.
MOST_BYTES = 100_000
#: A title that says nothing without the feed's own: a program's version.
VERSION = re.compile(r"v?\d{1,5}(?:\.\d{1,5}){1,3}(?:[-+.]?\w{1,20}){0,4}")


def is_feed(data: bytes, kind: str = "") -> bool:
    """Whether *data* looks like a feed; *kind* is its media type as the server said it."""
    text = data[:MOST_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    head = ABOVE.sub(b"", text, count=1)[:4096].lower()
    if b"\0" in head:
        head = decode(head).encode().lower()
    if re.search(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", head):
        return True
    return kind.endswith(("rss+xml", "atom+xml", "rdf+xml")) and not head.startswith((b"<!doctype html", b"<html"))


def items(data: bytes, source: Source, url: str, charset: str = "") -> tuple[RawItem, ...]:
    """Return the entries of the feed *data*, which came from *url*; *charset* is what the server said.

    Raise SourceError if it is no feed.
    """
    if feedtree.ENTITIES.search(data):
        remedy = "ask its operator for a plain feed"
        raise SourceError("the feed declares entities, as attacks do", where=url, remedy=remedy)
    root, fault = feedtree.grown(data, charset)
    name = name_of(root) if root is not None else ""
    if root is None or name not in {"rss", "RDF", "feed", "channel"}:
        raise _no_feed(url, data, fault)
    channel = next((one for one in root if name_of(one) == "channel"), root)
    language = text_of(channel, "language") or root.get(entry.LANG) or channel.get(entry.LANG) or ""
    wanted = {"entry"} if name == "feed" else {"item"}
    writer = entry.maker(root) if name == "feed" else ""
    found = [one for one in root.iter(etree.Element) if name_of(one) in wanted]
    known = [(one, parts_of(one)) for one in found]
    told = export.read(channel, [parts for _, parts in known])
    known = [(one, parts) for one, parts in known if export.is_out(parts)]
    known = known[-MOST:] if len(known) > MOST and _grows(known) else known[:MOST]
    read = [
        export.completed(item, parts, told) if told else item
        for one, parts in known
        if (item := entry.read(one, parts, source, url, language, writer)) is not None
    ]
    if fault and not read:
        raise _no_feed(url, data, fault)
    if "wordpress.org" in text_of(channel, "generator"):
        read = [item for item in read if not wordpress.is_first(item.url)]
    own = " ".join(text_of(channel, "title").split())
    return tuple(_own_names(_whole_title(item, own) for item in read))


def _whole_title(item: RawItem, own: str) -> RawItem:
    """Return *item*; if it is called by a version alone, the *own* title of its feed stands before that."""
    return replace(item, title=f"{own} {item.title}") if own and VERSION.fullmatch(item.title) else item


def _own_names(read: Iterable[RawItem]) -> Iterable[RawItem]:
    """Yield each entry once; the guids and addresses that several share tell no article from another."""
    once = list({(item.guid, item.url, item.title): item for item in read}.values())
    guids = Counter(item.guid for item in once)
    pages = Counter(urldefrag(item.url).url for item in once)
    for item in once:
        shared = bool(item.url) and pages[urldefrag(item.url).url] > 1
        yield replace(item, guid="" if guids[item.guid] > 1 else item.guid, shared=shared)


def _grows(entries: Sequence[tuple[etree._Element, Parts]]) -> bool:
    """Whether a feed adds its newest entry at its end."""
    first, last = (
        feedtime.moment(first_of(parts, "pubDate", "published")) for _, parts in (entries[0], entries[-1])
    )
    return first is not None and last is not None and first < last


def _no_feed(url: str, data: bytes, fault: str) -> SourceError:
    if not data.strip():
        return SourceError("the server sent nothing", where=url, remedy="check the address in a browser")
    if PAGE.match(data):
        remedy = 'name the feed\'s own address, or say kind = "auto", or "page" for this page alone'
        return SourceError("this is a web page, no feed", where=url, remedy=remedy)
    told = fault.partition(" (<string>")[0].partition(", line")[0]
    what = f"this is no feed: {told}" if told else "this is no feed"
    return SourceError(what, where=url, remedy='check the address in a browser; a page needs kind = "page"')
