"""Read one HTML page into a RawItem: what it says about itself, and which part of it is the article. Pure.

Trusts, in this order, what a page says in JSON-LD, OpenGraph and its meta tags, then its own words. Finds the
article by its element or its class; where a page marks none, by trafilatura, the extra ``pages``, or without it
where the paragraphs stand thickest.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree, html

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem
from newsletter.reading import dates, language, markup
from newsletter.reading.linkeddata import Said, read

#: Parts of a page that are never its article.
FURNITURE = "//script|//style|//noscript|//nav|//aside|//form|//iframe|//svg|//template|//button|//dialog"
NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|share|sharing|social|related|sidebar|breadcrumbs?|menu|nav(?:igation|"
    r"bar)?|comments?|"
    r"respond|promo|advert(?:isement)?s?|ads?|banner|popup|modal|newsletter-signup|subscribe|skip-link|"
    r"screen-reader-text|"
    r"pagination|post-?nav|author-?(?:box|profile)|byline|(?:entry|post|article|item)-meta|relatedposts|footer|masthead|site-header|relaterade?|dela|kakor)(?:$|[\s_-])"
    # Page builders wrap every paragraph in a "…-widget".
    r"|(?:^|\s)widget(?:$|[\s_-])",
    re.IGNORECASE,
)
ARTICLES = (
    ".//*[@itemprop='articleBody' or @data-hook='post-description']",
    ".//*[contains(concat(' ',@class,' '),' entry-content ') or contains(concat(' ',@class,' '),' post-content ')"
    " or contains(concat(' ',@class,' '),' article-content ') or contains(concat(' ',@class,' '),' article-body ')"
    " or contains(concat(' ',@class,' '),' e-content ') or contains(concat(' ',@class,' '),' gh-content ')"
    " or contains(@class,'widget-theme-post-content')"
    " or contains(concat(' ',@class,' '),' article__body ') or contains(concat(' ',@class,' '),' post-body ')]",
    ".//article",
    ".//main|.//*[@role='main']",
)
#: Less text than this, in characters, is no article.
LEAST = 80
#: As many dates as this stand on a list of articles, not on one.
FEW = 4
#: The line with the date and the writer is one of so many at the beginning.
ABOVE = 6


def parse(text: str, source: str, *, url: str = "", where: str = "", listed: bool = False) -> RawItem | None:
    """Return the article of the page *text*, which came from *url* ("" for a file); *where* names it in messages.

    A page that is only *listed* somewhere must show that it is an article: else return None. Raise SourceError if
    there is no text.
    """
    root = tree(text, where or url)
    if listed and not _shows_article(root):
        return None
    base = dialect.address(_first(root, "//base/@href"), url) or url
    about = said(root)
    own = _canonical(root, url, about)
    title = _title(root, about)
    body, stamp, line = _body(root)
    words = markup.words(body)
    if len(words) < LEAST:
        remedy = "save its text as a .txt file, title first, and add that"
        raise SourceError("no article on this page", where=where or url, remedy=remedy)
    return RawItem(
        source=source,
        title=title,
        url=own,
        base=base or own,
        html=body,
        summary=_meta(root, "og:description", "description") or about.description,
        author=about.author or _meta(root, "author", "article:author").partition("http")[0] or line.author,
        published=_moment(about.published, _meta(root, "article:published_time", "date"), stamp) or line.at,
        updated=_moment(about.modified, _meta(root, "article:modified_time", "og:updated_time")),
        language=language.detect(words) or about.language or _first(root, "/html/@lang"),
        image=_image(root, about, base or own),
        tags=(*root.xpath("//meta[@property='article:tag']/@content"), *about.keywords),
        translations=_translations(root, url, own),
    )


def said(root: html.HtmlElement) -> Said:
    """Return what a page says about itself in JSON-LD."""
    return read(root.xpath("//script[@type='application/ld+json']/text()"))


def translations(text: str, url: str) -> tuple[str, ...]:
    """Return the addresses of the page *text* at *url* in other languages."""
    return _translations(tree(text, url), url, "")


def _shows_article(root: html.HtmlElement) -> bool:
    """Whether a page is one article rather than a list of them, a form, or what never changes."""
    about = said(root)
    if about.headline or about.published or _meta(root, "article:published_time"):
        return True
    kind = _meta(root, "og:type").lower()
    if kind and kind != "website":
        return kind == "article"
    marked = root.xpath("//article[not(ancestor::article)]")
    dated = root.xpath("//time[@datetime]|//*[@itemprop='datePublished']")
    return len(marked) == 1 or (len(marked) == 0 and 0 < len(dated) < FEW)


def tree(text: str, where: str) -> html.HtmlElement:
    """Return a page as a tree. Raise SourceError for an empty one; *where* names it."""
    # lxml takes no text that declares an encoding, so it gets bytes and is told theirs.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError("this page is empty", where=where, remedy="check it in a browser") from None
    return root


def _first(root: html.HtmlElement, path: str) -> str:
    found = [" ".join(str(value).split()) for value in root.xpath(path)]
    return next((value for value in found if value), "")


def _meta(root: html.HtmlElement, *names: str) -> str:
    """Return the first meta tag of one of *names* that says something."""
    for name in names:
        for tag in root.xpath("//meta[@content]"):
            own = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
            if own == name and tag.get("content").strip():
                return " ".join(tag.get("content").split())
    return ""


def _title(root: html.HtmlElement, said: Said) -> str:
    """Return the article's title without the name of the site behind it."""
    heading, site = _heading(root), _meta(root, "og:site_name")
    title = said.headline or _meta(root, "og:title") or heading or _first(root, "//title/text()")
    headed = heading and title.startswith(heading)
    own, named = (re.escape(heading), r"\S.*") if headed else (r".+", re.escape(site))
    found = re.fullmatch(rf"({own})\s+[|–—·:»-]\s+{named}", title) if headed or site else None
    return found[1] if found else title


def _heading(root: html.HtmlElement) -> str:
    found = [" ".join(heading.text_content().split()) for heading in root.xpath("//article//h1|//main//h1|//h1")]
    return next((words for words in found if words), "")


def _canonical(root: html.HtmlElement, url: str, said: Said) -> str:
    """Return the page's own address. A page may not speak for another site."""
    offered = (_first(root, "//link[@rel='canonical']/@href"), _meta(root, "og:url"), said.url)
    for value in offered:
        address = dialect.address(value, url, frozenset({"http", "https"}))
        # A template that calls the site's first page the address of them all says nothing.
        first = url and urlsplit(address).path in {"", "/"} and urlsplit(url).path not in {"", "/"}
        if address and not first and (not url or _site(address) == _site(url)):
            return address
    return url


def _translations(root: html.HtmlElement, url: str, own: str) -> tuple[str, ...]:
    """Return the same page's addresses in other languages (HTML standard, ``rel=alternate hreflang``)."""
    found = []
    for link in root.xpath("//link[@hreflang and @href]"):
        if "alternate" in (link.get("rel") or "").lower().split() and link.get("hreflang").lower() != "x-default":
            found.append(dialect.address(link.get("href"), url, frozenset({"http", "https"})))
    return tuple(dict.fromkeys(address for address in found if address and address not in {url, own}))


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line above the text says: when it came out, and by whom."""

    at: datetime | None = None
    author: str = ""


def _body(root: html.HtmlElement) -> tuple[str, str, _Line]:
    """Return the article as HTML, the date that is marked in it, and what the line above its text says."""
    stamp = _first(root, "//article//time/@datetime|//main//time/@datetime|//time[@pubdate]/@datetime")
    for element in root.xpath(FURNITURE):
        _drop(element)
    for element in root.xpath("//body//*[@class or @id]"):
        if NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}") and not element.xpath(
            ".//article|.//main"
        ):
            _drop(element)
    best = _article(root)
    for heading in best.xpath(".//footer|.//header[not(.//p)]"):
        if not heading.xpath("ancestor::blockquote"):
            _drop(heading)
    line = _line(best)
    return html.tostring(best, encoding="unicode", with_tail=False), stamp, line


def _line(best: html.HtmlElement) -> _Line:
    """Take the line with the date and the writer out of the beginning of an article."""
    lines = (one for one in best.iter("p", "div", "span", "h2", "h3", "h4") if not len(one) or one.tag == "p")
    for element in islice(lines, ABOVE):
        words = " ".join(element.text_content().split())
        if len(words) > dates.LONGEST or element.tag in {"h2", "h3", "h4"}:
            # The text has begun: a date in it is of what it tells.
            break
        if said := dates.line(words):
            _drop_whole(element)
            return _Line(said.at, said.author)
    return _Line()


def _drop_whole(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        for inner in list(element):
            element.remove(inner)
        element.text = None
        _drop(element)


def _article(root: html.HtmlElement) -> html.HtmlElement:
    """Return the element that holds the article."""
    for path in ARTICLES:
        found = max(root.xpath(path), key=_weight, default=None)
        if found is not None and _weight(found) >= LEAST:
            return found
    return _extracted(root) if _extractor() else _thickest(root)


def _extracted(root: html.HtmlElement) -> html.HtmlElement:
    """Return what trafilatura takes for the article, or where it finds none, what we do."""
    extract = _extractor()
    said = extract and extract(
        html.tostring(root, encoding="unicode"),
        output_format="html",
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
        favor_recall=True,
    )
    found = tree(said, "") if said else root
    return found if found is not root and _weight(found) >= LEAST else _thickest(root)


@cache
def _extractor() -> Callable[..., str | None] | None:
    """Return trafilatura's, if the extra ``pages`` is installed. It takes a second to load: only when needed."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    found: Callable[..., str | None] = extract
    return found


def _thickest(root: html.HtmlElement) -> html.HtmlElement:
    """Return the element in which the paragraphs stand thickest."""
    scores: dict[html.HtmlElement, float] = {}
    for paragraph in root.xpath("//p"):
        parent = paragraph.getparent()
        weight = _weight(paragraph)
        if parent is not None and weight > 25:
            scores[parent] = scores.get(parent, 0) + weight
    body = root.find("body")
    return max(scores, key=lambda one: scores[one], default=root if body is None else body)


def _weight(element: html.HtmlElement) -> int:
    """Return how much text an element has that is no link."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(" ".join(element.text_content().split())) - linked


def _drop(element: html.HtmlElement) -> None:
    """Remove an element; the text after it stays."""
    if element.getparent() is not None and element.tag not in {"html", "body"}:
        element.drop_tree()


def _moment(*texts: str) -> datetime | None:
    """Return the first time that one of *texts* says."""
    for text in texts:
        try:
            return datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        except ValueError:
            said = dates.line(text.strip())
        if said:
            return said.at
    return None


def _image(root: html.HtmlElement, said: Said, base: str) -> Picture | None:
    """Return the picture that the page names as its own."""
    src = dialect.address(_meta(root, "og:image", "og:image:url", "twitter:image") or said.image, base)
    if not src.startswith("http"):
        return None
    sizes = (_meta(root, f"og:image:{side}") for side in ("width", "height"))
    width, height = (int(size) if size.isascii() and size.isdigit() and len(size) < 6 else 0 for size in sizes)
    return Picture(src, _meta(root, "og:image:alt", "twitter:image:alt"), width, height)
