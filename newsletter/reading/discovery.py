"""Find out from a page where its site offers articles: WordPress's API, feeds, other languages."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

from newsletter.issuefile import dialect
from newsletter.reading.pages import linkeddata, whole

FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
API = "https://api.w.org/"
#: Where feeds lie that no page names: WordPress, Hugo, Jekyll, Ghost, Drupal and many by hand.
FEED_PATHS = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "rss", "rss/")
COMMENTS = re.compile(r"comment|kommentar|commentaire", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.IGNORECASE)
#: How a page that shows some of the posts only names itself to programs, and how they are asked for.
PART = re.compile(r"/wp/v2/(categories|tags|users)/(\d{1,9})(?!\d)")
TYPE = re.compile(r"/wp/v2/(?!posts|pages|media)[a-z0-9_-]+/?(?:&|$)")
PARTS = {"categories": "categories", "tags": "tags", "users": "author"}
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
#: What a page says that leads on: seconds, and an address.
REFRESH = re.compile(r"\s*\d{1,4}(?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
#: A header of links (RFC 8288 section 3).
LINK = re.compile(r"<([^<>]*)>\s*((?:;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^,;\s]*)\s*)*)")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page offers: the address of an *api* or "", *feeds*, and whether it is an *article* itself.

    *onward* is where a page sends its readers that is none itself, as an old address of a site does. *calendar*
    means that it lists events, with days and places that neither its feed nor the API has. *others* are its own
    addresses in other languages.
    """

    api: str = ""
    feeds: tuple[str, ...] = ()
    article: bool = False
    onward: str = ""
    calendar: bool = False
    others: tuple[str, ...] = ()


def offer(text: str, url: str, header: str = "") -> Offer:
    """Return what the page *text* at *url* offers; *header* is the server's ``Link`` header."""
    root = whole.tree(text, url)
    api, feeds, part = _api(root, url, header), _feeds(root, url), _part(root)
    typed, own = _typed(root, url) if api else "", _own(feeds, url) if not part else ""
    if own and api.startswith(_folder(url)):
        # The site lies in this folder, whole.
        own = ""
    if (typed or own) and linkeddata.calendar(root.xpath(whole.LINKED_DATA)):
        return Offer(calendar=True)
    if typed:
        return Offer(typed, feeds, _is_article(root), _onward(root, url))
    if own:
        # The API gives the posts of the whole site, and this feed what the page shows.
        api, feeds = "", (own, *(feed for feed in feeds if feed != own))
    if api and part:
        api += f"{'&' if '?' in api else '?'}{part}"
    return Offer(api, feeds, _is_article(root), _onward(root, url), others=whole.alternates(root, url, ""))


def feed_guesses(url: str) -> tuple[str, ...]:
    """Return where the feed of the site at *url* may lie: under its own path, then at the root."""
    folder = url if url.endswith("/") else url + "/"
    return tuple(dict.fromkeys([*(urljoin(folder, path) for path in FEED_PATHS[:4]), *(
        urljoin(url, f"/{path}") for path in FEED_PATHS
    )]))  # fmt: skip


def sitemap_guesses(url: str) -> tuple[str, ...]:
    """Return where the sitemap of the site at *url* may lie."""
    return tuple(urljoin(url, path) for path in SITEMAP_PATHS)


def _api(root: html.HtmlElement, url: str, header: str) -> str:
    named = [
        link.get("href")
        for link in root.xpath("descendant::link[@href]")
        if API in (link.get("rel") or "").split()
    ]
    named += [found[1] for found in LINK.finditer(header) if API in found[2]]
    return next((address for one in named if (address := dialect.address(one, url, dialect.WEB))), "")


def _own(feeds: tuple[str, ...], url: str) -> str:
    """Return the feed of the part of a site that is at *url*, "" where it is the site itself in some language."""
    folder = _folder(url)
    names = [name for name in urlsplit(folder).path.split("/") if name]
    if all(LANGUAGE.fullmatch(name) for name in names):
        return ""
    return next((feed for feed in feeds if feed.startswith(folder)), "")


def _folder(url: str) -> str:
    """Return the address of a folder without its query, with one slash at its end."""
    return url.partition("?")[0].rstrip("/") + "/"


def _part(root: html.HtmlElement) -> str:
    """Return what the page of a category, a tag or an author asks the API for, "" for any other page."""
    for link in root.xpath("descendant::link[@rel='alternate' and @type='application/json']/@href"):
        if found := PART.search(unquote(link)):
            return f"{PARTS[found[1]]}={found[2]}"
    return ""


def _typed(root: html.HtmlElement, url: str) -> str:
    """Return where the API has what a list of a site's own type shows, such as its projects; "" for others."""
    named = root.xpath("descendant::link[@rel='alternate' and @type='application/json']/@href")
    typed = (dialect.address(one, url, dialect.WEB) for one in named if TYPE.search(unquote(one)))
    return next(typed, "")


def _feeds(root: html.HtmlElement, url: str) -> tuple[str, ...]:
    """Return the feeds that a page names, its own first, those of comments left out."""
    found = []
    for link in root.xpath("descendant::link[@href]"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in rels and kind in FEEDS:
            address = dialect.address(link.get("href"), url, dialect.WEB)
            if address and "comments" not in address and not COMMENTS.search(link.get("title") or ""):
                found.append(address)
    return tuple(dict.fromkeys(found))


def _onward(root: html.HtmlElement, url: str) -> str:
    """Return where a page leads by itself (HTML, 4.2.5.3), "" for one that stays."""
    for said in root.xpath("descendant::meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content"):
        found = REFRESH.match(said)
        place = dialect.address(found[1], url, dialect.WEB) if found else ""
        if place and place != url:
            return place
    return ""


def _is_article(root: html.HtmlElement) -> bool:
    """Whether a page says that it is one article."""
    said = whole.said(root)
    kinds = root.xpath("descendant::meta[@property='og:type']/@content")
    return bool(
        said.headline or "article" in kinds or root.xpath("descendant::meta[@property='article:published_time']")
    )
