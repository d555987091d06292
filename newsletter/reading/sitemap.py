"""Read a sitemap or an index of sitemaps. Source: https://www.sitemaps.org/protocol.html.

Knows the extensions for news (publication date) and for other languages (``xhtml:link hreflang``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.reading import value
from newsletter.reading.feeds import feedtree

#: The most addresses of one file: the protocol allows as many.
MOST = 50_000
ENTITIES = re.compile(rb"<!(?:ENTITY|DOCTYPE)\s", re.IGNORECASE)
#: Those of lists of articles, which tell nothing that the articles do not.
LISTS = re.compile(
    r"(?:^|[^a-z])(?:(?:post_?)?tags?|categor(?:y|ies)|kategori(?:er)?|authors?|users?|taxonom(?:y|ies)|nyckelord)(?:[^a-z]|$)",
    re.IGNORECASE,
)
#: What sitemaps of other things than articles are called.
OTHER_THINGS = re.compile(
    r"(?:image|video|tag|categor|author|user|product|taxonom|attachment|media|location|kategori|nyckelord)", re.I
)
THINGS = re.compile(r"(?:post|news|article|blog|press|stor(?:y|ies)|nyhet|artikl|aktuellt)", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a sitemap; *changed* is None where it does not say. *translations* are other languages'."""

    url: str
    changed: datetime | None = None
    translations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a file holds: pages, or the addresses of further sitemaps, the likeliest to name articles first."""

    pages: tuple[Place, ...] = ()
    sitemaps: tuple[Place, ...] = ()


def is_sitemap(data: bytes) -> bool:
    """Whether *data* looks like a sitemap."""
    return bool(re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", data[:4096]))


def read(data: bytes, url: str) -> Sitemap:
    """Return what the sitemap *data*, which came from *url*, holds. Raise SourceError if it is none."""
    if ENTITIES.search(data[:65536]):
        raise SourceError("the sitemap declares entities, as attacks do", where=url, remedy="ask its operator")
    root, _ = feedtree.grown(data, "")
    name = _name(root) if root is not None else ""
    if name not in {"urlset", "sitemapindex"}:
        remedy = "check the address in a browser; robots.txt often names the right one"
        raise SourceError("this is no sitemap", where=url, remedy=remedy)
    places = tuple(_places(root, url))
    if name == "urlset":
        return Sitemap(pages=places)
    others = [place for place in places if not LISTS.search(_file(place))]
    return Sitemap(sitemaps=tuple(sorted(others or places, key=_likeliest)))


def robots(text: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that the robots.txt *text* at *url* names (RFC 9309 section 2.2.4)."""
    found = re.findall(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text, re.IGNORECASE | re.MULTILINE)
    return tuple(dict.fromkeys(filter(None, (dialect.address(one, url, dialect.WEB) for one in found[:20]))))


def _places(root: etree._Element, url: str) -> Iterator[Place]:
    for number, entry in enumerate(root):
        if number >= MOST:
            return
        said: dict[str, str] = {}
        others = []
        for part in entry.iter():
            name = _name(part)
            if name == "link" and part.get("hreflang", "x-default") != "x-default":
                others.append(dialect.address(part.get("href") or "", url, dialect.WEB))
            elif part.text and part.text.strip():
                said.setdefault(name, part.text.strip())
        place = dialect.address(said.get("loc", ""), url, dialect.WEB)
        if place:
            changed = value.moment(said.get("lastmod", "")) or value.moment(said.get("publication_date", ""))
            yield Place(place, changed, tuple(other for other in others if other and other != place))


def _name(element: etree._Element) -> str:
    """Return an element's local name, "" for what is none; a prefix that nobody declared is still one."""
    return re.split("[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def _file(place: Place) -> str:
    """Return how the file of a sitemap is called."""
    return place.url.rpartition("/")[2]


def _likeliest(place: Place) -> tuple[int, float]:
    name = _file(place)
    rank = 0 if THINGS.search(name) else 2 if OTHER_THINGS.search(name) else 1
    return rank, -(place.changed.timestamp() if place.changed else 0)
