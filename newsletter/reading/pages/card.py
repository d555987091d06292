"""Read one card of a list: its title, where it leads, its day, and what it tells of an event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml import html

from newsletter.issuefile import dialect
from newsletter.reading.html import stamp
from newsletter.reading.html.element import drop, spaced, words_of
from newsletter.reading.pages import byline
from newsletter.reading.words import dates, furniture, happening, paragraphs

HEADINGS = "descendant::*[self::h2 or self::h3 or self::h4]"
#: What an event's place is called, and what may stand before its hours.
VENUE = re.compile(r"(?:^|[\s_-])(?:venue|location|place|plats|lokal)(?:$|[\s_-])", re.IGNORECASE)
HOURS = re.compile(
    r"(?:\W|\d{1,2}\s+[^\W\d_]+\.?\s*(?:\d{4})?|[^\W\d_]+\s+\d{1,2}(?:,?\s+\d{4})?)?[\s@,|·–—-]*(?=kl|\d|at)", re.I
)
#: Months as a day that names no year is written.
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
#: What may hold a card's day, or lead to its article.
LINES = ("div", "span", "p", "td", "small", "em", "i")
#: What leads to the article of a card, and the class of what the card is filed under.
MORE = re.compile(
    r"(?:läs|read|se|see|visa) (?:mer|more|hela|all)(?: om| about)?(?: artikeln| nyheten)?\W*", re.IGNORECASE
)
FILED = re.compile(
    r"(?:^|[\s_-])(?:cat(?:egory|egories)?|kategori(?:er)?|tags?|label|topic|etikett)(?:$|[\s_-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list tells of one article: its title, its address or "", and its teaser as HTML."""

    title: str
    url: str
    html: str
    published: datetime | None = None
    author: str = ""


def read(
    box: html.HtmlElement, heading: html.HtmlElement, base: str, *, calendar: bool, year: str = ""
) -> Card | None:
    """Return what the card in *box* tells, None where it leads nowhere; *heading* holds its title.

    *base* is what links start from, *year* that of days which name none; one of a *calendar* is an event. Changes
    the tree.
    """
    title = words_of(heading)
    links = [*heading.xpath("descendant::a/@href|ancestor::a/@href"), *box.xpath("descendant::a/@href")]
    url = next((found for link in links if (found := dialect.address(link, base, dialect.WEB))), "")
    # On a saved page whose own address nobody knows, a path leads nowhere: its cards have no address either.
    if not title or not (url or (links and not base)):
        return None
    said = _day(box, year)
    facts = _event(box, said) if calendar else []
    _strip(box, heading, title)
    author = byline.taken(box)
    for one in box.xpath("descendant::footer[not(ancestor::blockquote)]"):
        drop(one)
    body = paragraphs.listed(facts) + html.tostring(box, encoding="unicode", with_tail=False)
    # A list of events is not newer than they are; what is ahead came out by now.
    hidden = facts and said.at is not None and said.at.year == dates.UNTOLD
    return Card(title, url, body, None if hidden else said.at, said.author or author)


def _day(box: html.HtmlElement, year: str) -> stamp.Line:
    """Return the day of a card; one without a year is in *year*, which stands over the list, unless that is ""."""
    said = stamp.marked(box)
    if said.at is None:
        said = next((day for one in box.iter(*LINES) if (day := stamp.read(spaced(one), marked=True)).at), said)
    if year and said.at and said.at.year == dates.UNTOLD:
        said = replace(said, at=stamp.moment(f"{year}-{said.at:%m-%dT%H:%M}+00:00"))
    return said


def _event(box: html.HtmlElement, said: stamp.Line) -> list[str]:
    """Return day, hours and place of an event, none of them where there is a day alone."""
    _name_place(box)
    facts = list(_facts(box, said))
    if len(facts) == 2:
        facts += _placed(box)
    return facts if len(facts) > 1 else []


def _strip(box: html.HtmlElement, heading: html.HtmlElement, title: str) -> None:
    """Take out of a card its title, its day, what leads on from it, and what it is filed under."""
    # A card is no point of a list, and no link.
    for one in (box, *heading.xpath("ancestor::a")):
        one.tag = "div"
    titles = [one for one in box.xpath(HEADINGS) if words_of(one) == title]
    for one in (heading, *titles, *box.iter("time")):
        drop(one)
    for one in list(box.iter("a", *LINES)):
        words = words_of(one)
        if not words or one.xpath("descendant::img"):
            continue
        beside = furniture.is_navigation(words) or _leads(one, title) or _files(one, box)
        if beside or stamp.read(spaced(one), marked=True).at:
            drop(one)


def _leads(one: html.HtmlElement, title: str) -> bool:
    """Whether an element says that there is more to read under *title*, which some tell to screen readers only."""
    words = words_of(one)
    return (
        bool(title)
        and words != title
        and words.endswith(title)
        and bool(MORE.fullmatch(words.removesuffix(title)))
    )


def _files(one: html.HtmlElement, box: html.HtmlElement) -> bool:
    """Whether an element is called what a card is filed under, and the card says more than that."""
    return bool(FILED.search(one.get("class") or "")) and 2 * len(words_of(one)) < len(words_of(box))


def _facts(box: html.HtmlElement, said: stamp.Line) -> Iterator[str]:
    """Yield day, hours and place of the event in *box*, as `newsletter.reading.words.happening` reads them."""
    if said.at is None:
        return
    day = said.at
    told = f"{day.day} {MONTHS[day.month - 1]}" if day.year == dates.UNTOLD else f"{day:%Y-%m-%d}"
    yield f"Datum: {told}"
    for one in [element for element in box.iter() if not len(element)]:
        words, around = words_of(one), one.getparent()
        began = HOURS.match(words)
        found = happening.HOUR.match(words, began.end()) if began else None
        if found and happening.hours(found) and len(words) <= dates.LONGEST:
            # When it ends may stand beside in an element of its own.
            whole = happening.HOUR.fullmatch(spaced(around)[: dates.LONGEST]) if around is not None else None
            if whole and whole["to"]:
                one, found, words = around, whole, whole[0]
            yield f"Tid: {found[0].strip()}"
            if place := re.sub(r"^\s*[,|·–—-]\s*", "", words[found.end() :]):
                yield f"Plats: {place}"
            drop(one)
            return


def _placed(box: html.HtmlElement) -> Iterator[str]:
    """Yield the place that an element of *box* is called."""
    for one in box.xpath("descendant::*[self::address or @class]"):
        words = words_of(one)
        if (one.tag == "address" or VENUE.search(one.get("class") or "")) and 1 < len(words) <= happening.PLACE:
            drop(one)
            yield f"Plats: {words}"
            return


def _name_place(row: html.HtmlElement) -> None:
    """Give the cell of a table's *row* that stands under a place a class that says so."""
    for table in islice(row.iterancestors("table"), 1):
        for head, cell in zip(islice(table.iter("th"), len(row)), row, strict=False):
            if VENUE.search(words_of(head)):
                cell.set("class", "place")
