"""Read a page that lists articles, or tells programs of events, each as far as the list tells of it."""

from datetime import UTC, tzinfo
from html import escape

from newsletter.issuefile import dialect
from newsletter.model import RawItem
from newsletter.reading.html import mainpart, markup, stamp
from newsletter.reading.html.element import first_words, meta
from newsletter.reading.pages import cards, whole
from newsletter.reading.pages.card import Card
from newsletter.reading.pages.linkeddata import Event, Said, calendar
from newsletter.reading.words import dates, language, paragraphs


def read(text: str, source: str, *, url: str = "", where: str = "", zone: tzinfo = UTC) -> tuple[RawItem, ...]:
    """Return the articles that the page *text* lists, none where it is one article itself.

    *zone* is whose clock events are told by.
    """
    root = whole.tree(text, where or url)
    one = meta(root, "og:type").lower() == "article" and len(root.xpath(mainpart.ARTICLES[0])) == 1
    if one or whole.says_published(root):
        return ()
    base = (
        dialect.address(first_words(root, "descendant::base/@href"), url)
        or url
        or whole.canonical(root, url, Said())
    )
    spoken = whole.spoken(root)
    if events := calendar(root.xpath(whole.LINKED_DATA)):
        made = (_event(one, source, base, spoken, zone) for one in events)
        return tuple(one for one in made if one.url)
    return tuple(
        _listed(one, source, base, spoken, zone) for one in cards.read(root, base, bare=whole.says_article(root))
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


def _listed(one: Card, source: str, base: str, spoken: str, zone: tzinfo) -> RawItem:
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
