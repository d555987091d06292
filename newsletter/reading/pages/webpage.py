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

from lxml import html

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem
from newsletter.reading.html import mainpart, markup, stamp, untitled
from newsletter.reading.html.element import HEADINGS, drop, drop_anchors, first_words, meta, words_of
from newsletter.reading.html.stamp import Line
from newsletter.reading.pages import byline, edges, filed, heading, marked, opening, ownpicture, state, whole
from newsletter.reading.pages.linkeddata import Said, occasion, page, read
from newsletter.reading.pages.state import Unshown
from newsletter.reading.words import barrier, dates, language, locked, paragraphs
from newsletter.reading.words.occasion import Occasion

#: Classes of the paragraph that opens an article above its body, and how long it is, in characters.
INGRESS = re.compile(
    r"(?:^|[\s_-])(?:ingress|preamble|chapo|chapeau|standfirst|lead|lede|(?:article)?intro(?:duction|text)?|excerpt|teaser-?text|dek|deck)(?:$|[\s_-])",
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
    root = whole.tree(text, where or url)
    if listed and not whole.shows_article(root, url):
        return None
    blocks = root.xpath(whole.LINKED_DATA)
    about, event = read(blocks), occasion(blocks)
    event = event if event.start else marked.occasion(root)
    own, facts = whole.canonical(root, url, about), event.facts(zone)
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
        language=language.told(words, about.language or whole.spoken(root)),
        image=seen.picture or ownpicture.shown(best, base),
        tags=seen.tags,
        translations=whole.alternates(root, url, own),
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
    return whole.says_article(root) and not root.xpath("descendant::input[@type='password']")


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
