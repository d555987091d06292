"""Read one HTML page into a RawItem: what it says about itself, and which part of it is the article.

Trusts, in this order, what a page says in JSON-LD, OpenGraph and its meta tags, then its own words. Where the
article stands on it, `newsletter.reading.html.mainpart` finds; when it came out, `newsletter.reading.html.stamp`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from itertools import takewhile
from urllib.parse import urlsplit

from lxml import etree, html

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem
from newsletter.reading.html import crowded, mainpart, markup, stamp, untitled
from newsletter.reading.html.element import HEADINGS, drop, drop_anchors, first_words, meta, words_of
from newsletter.reading.html.stamp import Line
from newsletter.reading.pages import byline, cards, edges, filed, heading, marked, opening, ownpicture, state
from newsletter.reading.pages.linkeddata import Event, Said, calendar, occasion, page, read
from newsletter.reading.pages.state import Unshown
from newsletter.reading.words import barrier, dates, language, locked, paragraphs
from newsletter.reading.words.occasion import Occasion

#: As many dates as this stand on a list of articles, not on one.
FEW = 4
#: A slash at the end of these tags says nothing (HTML, 13.1.2.1), and would be the end of all for lxml. They stand
#: among the first characters.
CLOSED, FIRST = re.compile(r"(<(?:html|body)\b[^<>]{0,1000}?)/>", re.IGNORECASE), 4096
LINKED_DATA = "descendant::script[@type='application/ld+json']/text()"
#: Classes of the paragraph that opens an article above its body, and how long it is, in characters.
INGRESS = re.compile(
    r"(?:^|[\s_-])(?:ingress|preamble|standfirst|lead|lede|(?:article)?intro(?:duction|text)?|excerpt|teaser-?text|dek|deck)(?:$|[\s_-])",
    re.IGNORECASE,
)
SHORTEST, LONGEST_INGRESS = 25, 800
#: What The Events Calendar and Squarespace show of an event that they tell programs, too; its price stands beside.
TOLD = (
    "descendant::*[contains(@class,'tribe-events-event-meta') or contains(@class,'eventitem-meta')"
    " or parent::*[contains(@class,'tribe-events-schedule')] and not(contains(@class,'cost'))]"
)
#: Headings of what an event's page says beside it, and how much may stand under one, in characters.
BESIDE_EVENT = re.compile(
    r"date (?:and|&) time|datum och tid|refund policy|återbetalningspolicy|attendees \(\d+\)|deltagare \(\d+\)",
    re.IGNORECASE,
)
SECTION = 300


def parse(
    text: str, source: str, *, url: str = "", where: str = "", listed: bool = False, zone: tzinfo = UTC
) -> RawItem | None:
    """Return the article of the page *text*, which came from *url* ("" for a file); *where* names it in messages.

    *zone* is whose clock events are told by.

    A page that is only *listed* somewhere must show that it is an article: else return None. Raise SourceError if
    there is no text.
    """
    root = tree(text, where or url)
    if listed and not _shows_article(root, url):
        return None
    blocks = root.xpath(LINKED_DATA)
    about, event = read(blocks), occasion(blocks)
    event = event if event.start else marked.occasion(root)
    own, facts = _canonical(root, url, about), event.facts(zone)
    base = dialect.address(first_words(root, "descendant::base/@href"), url) or url or own
    title = _titled(root, heading.title(_plain_headings(root), about.headline, own), event if facts else None)
    _refuse_notice(root, title, where or url)
    _drop_missing(root)
    seen, held = _seen(root, about, base, title), state.held(root)
    best = mainpart.article(root, title)
    if not (title and heading.told(root, about.headline)):
        title = opening.title(best, title, headed=bool(title and heading.shown(root))) or title
    line = stamp.joined(seen.shown, opening.above(best, title, seen.writer, seen.shown))
    edges.trim(best)
    signed = opening.below(best)
    body, words = _told_best(root, best, Unshown(held, title, about.body), where or url, listed=listed)
    published = _published(root, about, event, (line.at, seen.told.at)) or stamp.moment(page(blocks), event.start)
    updated = stamp.moment(about.modified, meta(root, "article:modified_time", "og:updated_time"))
    return RawItem(
        source=source,
        title=title,
        url=own,
        base=base,
        html=paragraphs.listed(facts) + body,
        summary=meta(root, "og:description", "description") or about.description,
        author=seen.writer or line.author or seen.told.author or signed,
        published=dates.here(published or _opened(words, title) or stamp.addressed(own), zone),
        updated=dates.here(updated, zone),
        language=language.told(words, about.language or _spoken(root)),
        image=seen.picture or ownpicture.shown(best, base),
        tags=seen.tags,
        translations=_translations(root, url, own),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page tells as a whole, before its article is cut out of it: when and by whom, in which line."""

    shown: Line
    told: Line
    writer: str
    picture: Picture | None
    tags: tuple[str, ...]


def _seen(root: html.HtmlElement, about: Said, base: str, title: str) -> _Seen:
    """Return what is found on all of a page, and goes with what stands around its article."""
    return _Seen(
        shown=stamp.marked(root),
        told=stamp.told(root, title),
        writer=byline.author(root, about.author, byline.marked(root)),
        picture=ownpicture.named(root, about.image, base),
        tags=(
            *root.xpath("descendant::meta[@property='article:tag']/@content"),
            *about.keywords,
            *filed.tags(root),
        ),
    )


def _plain_headings(root: html.HtmlElement) -> html.HtmlElement:
    """Return *root* with no links from its headings to themselves, and no titles that are only read aloud.

    One of those stays where there is no other.
    """
    for one in root.iter("h1", "h2"):
        drop_anchors(one)
    titles = list(root.iter("h1"))
    unseen = [one for one in titles if mainpart.UNSEEN.search(one.get("class") or "")]
    for one in unseen if len(unseen) < len(titles) else ():
        drop(one)
    return root


def _published(
    root: html.HtmlElement, about: Said, event: Occasion, shown: Iterable[datetime | None]
) -> datetime | None:
    """Return when a page came out: as it tells programs, or the first day that it has *shown*.

    The page of an event is not newer than the event, and a day without a year on it is the event's own.
    """
    days = (at for at in shown if at and not (event.start and at.year == dates.UNTOLD))
    return stamp.moment(about.published, meta(root, *stamp.META)) or next(days, None)


def _opened(words: str, title: str) -> datetime | None:
    """Return the day with which the *words* of an article begin, under its *title*, as a press release's do."""
    found = dates.start(words.removeprefix(title).lstrip())
    return found[0] if found else None


def _told_best(
    root: html.HtmlElement, best: html.HtmlElement, unshown: Unshown, where: str, *, listed: bool
) -> tuple[str, str]:
    """Return the article as HTML, and its words: as the page shows it, or else as it tells programs.

    Raise SourceError if there are too few.
    """
    body = html.tostring(best, encoding="unicode", with_tail=False)
    words = markup.words(body)
    body = _ingress(best, words) + body
    if len(words) < mainpart.LEAST or not _has_paragraph(best):
        held = unshown.body()
        said = markup.words(held)
        if len(said) > max(len(words), mainpart.LEAST) and said[: mainpart.LINE] not in words:
            body, words = held, said
    told_of = meta(root, "og:description")
    if not words and not listed and len(told_of) >= mainpart.LEAST and meta(root, "og:title"):
        # What only a script would show, its site tells those who link to it.
        body = words = f"<p>{escape(told_of)}</p>"
    if len(words) < (mainpart.LINE if mainpart.is_marked(best) else mainpart.LEAST):
        remedy = "save its text as a .txt file, title first, and add that"
        raise SourceError("no article on this page", where=where, remedy=remedy)
    return body, words


def _has_paragraph(best: html.HtmlElement) -> bool:
    """Whether there is more in *best* than lines and links: the frame of a page has no more."""
    loose = (" ".join([one.text or "", *(each.tail or "" for each in one)]) for one in best.iter("div", "section"))
    built = (mainpart.weight(one) for one in best.iter("p", "li", "td", "blockquote"))
    return max(0, *built, *(len(" ".join(each.split())) for each in loose)) >= mainpart.LEAST


def _drop_missing(root: html.HtmlElement) -> None:
    """Drop headings that say that there is no title."""
    for one in [one for one in root.iter("h1") if untitled.is_missing(one.text_content())]:
        drop(one)


def _titled(root: html.HtmlElement, title: str, event: Occasion | None) -> str:
    """Return a page's *title*; that of an *event* without what some sites put behind its name: day, and own name.

    What says again when and where it is goes, and so do the short sections of a seller of tickets.
    """
    if event is None:
        return title
    for one in root.xpath(TOLD):
        drop(one)
    for section in list(root.iter("h2", "h3")):
        if BESIDE_EVENT.fullmatch(words_of(section)):
            after = list(takewhile(lambda one: one.tag not in HEADINGS, section.itersiblings()))
            if sum(len(one.text_content()) for one in after) <= SECTION:
                for one in (section, *after):
                    drop(one)
    return event.name if event.name and title.startswith(event.name) else title


def _refuse_notice(root: html.HtmlElement, title: str, where: str) -> None:
    """Raise SourceError if the page, of this *title*, is a notice that its site shows in place of an article."""
    if locked.is_barred(root):
        remedy = "wait until its site shows it to everybody"
        raise SourceError("a password protects this page", where=where, remedy=remedy)
    for one in (title, first_words(root, "descendant::title/text()")):
        if barrier.is_notice(one) or (barrier.asks_who(one) and not _is_open(root)):
            remedy = "open it in a browser, save its text as a .txt file, title first, and add that"
            raise SourceError("the site shows us no article here, only a notice", where=where, remedy=remedy)


def _is_open(root: html.HtmlElement) -> bool:
    """Whether a page says that it is an article, and asks for no password."""
    return _says_article(root) and not root.xpath("descendant::input[@type='password']")


def _ingress(best: html.HtmlElement, words: str) -> str:
    """Return the ingress between the title and an article that does not hold it, as HTML; "" for none."""
    titled = False
    for one in best.getroottree().iter():
        if one is best:
            break
        titled = titled or one.tag == "h1"
        if titled and INGRESS.search(one.get("class") or "") and one.find(".//img") is None:
            said = markup.words(html.tostring(one, encoding="unicode", with_tail=False))
            if SHORTEST <= len(said) <= LONGEST_INGRESS and said not in words and best not in one.iter():
                return f"<p>{escape(said)}</p>"
    return ""


def several(text: str, source: str, *, url: str = "", where: str = "", zone: tzinfo = UTC) -> tuple[RawItem, ...]:
    """Return the articles that the page *text* lists, none where it is one article itself.

    *zone* is whose clock events are told by.
    """
    root = tree(text, where or url)
    one = meta(root, "og:type").lower() == "article" and len(root.xpath(mainpart.ARTICLES[0])) == 1
    if one or _says_published(root):
        return ()
    base = (
        dialect.address(first_words(root, "descendant::base/@href"), url) or url or _canonical(root, url, Said())
    )
    spoken = _spoken(root)
    if events := calendar(root.xpath(LINKED_DATA)):
        made = (_event(one, source, base, spoken, zone) for one in events)
        return tuple(one for one in made if one.url)
    return tuple(
        _listed(one, source, base, spoken, zone) for one in cards.read(root, base, bare=_says_article(root))
    )


def _event(one: Event, source: str, base: str, spoken: str, zone: tzinfo) -> RawItem:
    """Return an event of a list on a page that is *spoken* in a language, told by the clock of *zone*."""
    return RawItem(
        source=source,
        title=one.title,
        url=dialect.address(one.url, base, dialect.WEB),
        base=base,
        html=paragraphs.listed(one.occasion.facts(zone)) + f"<p>{escape(markup.words(one.description))}</p>",
        published=stamp.moment(one.occasion.start),
        language=language.told(f"{one.title} {one.description}", spoken),
    )


def _listed(one: cards.Card, source: str, base: str, spoken: str, zone: tzinfo) -> RawItem:
    """Return an article of a list, as it stands there."""
    return RawItem(
        source=source,
        title=one.title,
        url=one.url,
        base=base,
        html=one.html,
        author=one.author,
        published=dates.here(one.published, zone),
        language=language.told(f"{one.title} {markup.words(one.html)}", spoken),
    )


def _spoken(root: html.HtmlElement) -> str:
    """Return the language that a page names, or "" (HTML, 3.2.6.2; XHTML 1.0, C.7; OpenGraph)."""
    named = first_words(
        root, "/html/@lang|/html/@*[name()='xml:lang']|//meta[@http-equiv='content-language']/@content"
    )
    return named or meta(root, "og:locale", "language")


def said(root: html.HtmlElement) -> Said:
    """Return what a page says about itself in JSON-LD."""
    return read(root.xpath(LINKED_DATA))


def translations(text: str, url: str) -> tuple[str, ...]:
    """Return the addresses of the page *text* at *url* in other languages."""
    return _translations(tree(text, url), url, "")


def _shows_article(root: html.HtmlElement, url: str) -> bool:
    """Whether a page is one article rather than a list of them, a form, or what never changes."""
    if _says_article(root):
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


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") + "?" + urlsplit(url).query


def _says_article(root: html.HtmlElement) -> bool:
    """Whether a page says of itself that it is one article."""
    return _says_published(root) or meta(root, "og:type").lower() == "article"


def _says_published(root: html.HtmlElement) -> bool:
    """Whether a page tells what only an article has; WordPress's plugins call any page an article, lists too."""
    about = said(root)
    return bool(about.headline or about.published or meta(root, "article:published_time"))


def tree(text: str, where: str) -> html.HtmlElement:
    """Return a page as a tree. Raise SourceError for an empty one; *where* names it."""
    text = crowded.thinned(CLOSED.sub(r"\1>", text[:FIRST]) + text[FIRST:])
    # lxml takes no text that declares an encoding, so it gets bytes and is told theirs.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError("this page is empty", where=where, remedy="check it in a browser") from None
    return root


def _canonical(root: html.HtmlElement, url: str, said: Said) -> str:
    """Return the page's own address. A page may not speak for another site."""
    offered = (first_words(root, "descendant::link[@rel='canonical']/@href"), meta(root, "og:url"), said.url)
    for value in offered:
        address = dialect.address(value, url, dialect.WEB)
        # A template that calls the site's first page the address of them all says nothing.
        first = url and urlsplit(address).path in {"", "/"} and urlsplit(url).path not in {"", "/"}
        if address and not first and (not url or _site(address) == _site(url)):
            return address
    return url


def _translations(root: html.HtmlElement, url: str, own: str) -> tuple[str, ...]:
    """Return the same page's addresses in other languages (HTML standard, ``rel=alternate hreflang``)."""
    found = []
    for link in root.xpath("descendant::link[@hreflang and @href]"):
        if "alternate" in (link.get("rel") or "").lower().split() and link.get("hreflang").lower() != "x-default":
            found.append(dialect.address(link.get("href"), url, dialect.WEB))
    return tuple(dict.fromkeys(address for address in found if address and address not in {url, own}))


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
