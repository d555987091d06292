"""A web page as a whole: its tree, its own address and language, its translations, whether it is one article."""

import re
from urllib.parse import urlsplit

from lxml import etree, html

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.reading.html import crowded
from newsletter.reading.html.element import first_words, meta
from newsletter.reading.pages.linkeddata import Said, read

#: As many dates as this stand on a list of articles, not on one.
FEW = 4
#: A slash at the end of these tags says nothing (HTML, 13.1.2.1), and would be the end of all for lxml. They stand
#: among the first characters.
CLOSED, FIRST = re.compile(r"(<(?:html|body)\b[^<>]{0,1000}?)/>", re.IGNORECASE), 4096
LINKED_DATA = "descendant::script[@type='application/ld+json']/text()"


def tree(text: str, where: str) -> html.HtmlElement:
    """Return a page as a tree. Raise SourceError for an empty one; *where* names it."""
    text = crowded.thinned(CLOSED.sub(r"\1>", text[:FIRST]) + text[FIRST:])
    # lxml takes no text that declares an encoding, so it gets bytes and is told theirs.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError("this page is empty", where=where, remedy="check it in a browser") from None
    return crowded.unopened(root)


def said(root: html.HtmlElement) -> Said:
    """Return what a page says about itself in JSON-LD."""
    return read(root.xpath(LINKED_DATA))


def spoken(root: html.HtmlElement) -> str:
    """Return the language that a page names, or "" (HTML, 3.2.6.2; XHTML 1.0, C.7; OpenGraph)."""
    named = first_words(
        root, "/html/@lang|/html/@*[name()='xml:lang']|//meta[@http-equiv='content-language']/@content"
    )
    return named or meta(root, "og:locale", "language")


def canonical(root: html.HtmlElement, url: str, said: Said) -> str:
    """Return the page's own address. A page may not speak for another site."""
    offered = (first_words(root, "descendant::link[@rel='canonical']/@href"), meta(root, "og:url"), said.url)
    for value in offered:
        address = dialect.address(value, url, dialect.WEB)
        # A template that calls the site's first page the address of them all says nothing.
        first = url and urlsplit(address).path in {"", "/"} and urlsplit(url).path not in {"", "/"}
        if address and not first and (not url or _site(address) == _site(url)):
            return address
    return url


def translations(text: str, url: str) -> tuple[str, ...]:
    """Return the addresses of the page *text* at *url* in other languages."""
    return alternates(tree(text, url), url, "")


def alternates(root: html.HtmlElement, url: str, own: str) -> tuple[str, ...]:
    """Return the same page's addresses in other languages (HTML standard, ``rel=alternate hreflang``)."""
    found = []
    for link in root.xpath("descendant::link[@hreflang and @href]"):
        if "alternate" in (link.get("rel") or "").lower().split() and link.get("hreflang").lower() != "x-default":
            found.append(dialect.address(link.get("href"), url, dialect.WEB))
    return tuple(dict.fromkeys(address for address in found if address and address not in {url, own}))


def shows_article(root: html.HtmlElement, url: str) -> bool:
    """Whether a page is one article rather than a list of them, a form, or what never changes."""
    if says_article(root):
        return True
    kind = meta(root, "og:type").lower()
    if kind and kind != "website":
        return kind == "article"
    marked = root.xpath("descendant::article[not(ancestor::article)]")
    if len(marked) == 1 and _leads_on(marked[0], url):
        return False
    dated = root.xpath("descendant::*[self::time[@datetime] or @itemprop='datePublished']")
    return len(marked) == 1 or (len(marked) == 0 and 0 < len(dated) < FEW)


def _leads_on(article: html.HtmlElement, url: str) -> bool:
    """Whether the heading of the one *article* on the page at *url* leads to another page of its site."""
    first = next(article.iter("h1", "h2", "h3"), None)
    links = [] if first is None else [*first.iter("a"), *first.iterancestors("a")]
    places = (dialect.address(link.get("href") or "", url, frozenset({"http", "https"})) for link in links)
    return any(place and _site(place) == _site(url) and _path(place) != _path(url) for place in places)


def says_article(root: html.HtmlElement) -> bool:
    """Whether a page says of itself that it is one article."""
    return says_published(root) or meta(root, "og:type").lower() == "article"


def says_published(root: html.HtmlElement) -> bool:
    """Whether a page tells what only an article has; WordPress's plugins call any page an article, lists too."""
    about = said(root)
    return bool(about.headline or about.published or meta(root, "article:published_time"))


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") + "?" + urlsplit(url).query


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
