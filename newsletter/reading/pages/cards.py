"""Find the cards of a page that lists articles or events; `newsletter.reading.pages.card` reads each.

A card has a heading with a link to its article, often a day, a picture and a sentence or two. The card of an event
tells its day, hour and place, and none of them is the day on which it was published.
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml import html

from newsletter.issuefile import dialect
from newsletter.reading.html import latepicture, stamp
from newsletter.reading.html.element import drop, words_of
from newsletter.reading.html.mainpart import ASIDE, FURNITURE, LEAST, frame, weight
from newsletter.reading.pages import card, headless
from newsletter.reading.pages.card import HEADINGS, Card
from newsletter.reading.words import dates, furniture, happening, locked

#: Fewer cards than this are what an article recommends at its end, unless each is dated and there is no article.
FEWEST, DATED = 3, 2
#: More than this are an archive.
MOST = 100
#: What holds a card: its element, or a class of the names that themes have for it.
BOX = re.compile(
    r"(?:^|[\s_-])(?:card|teaser|puff|hentry|views-row|(?:post|news|article|blog|entry|list|listing|archive)-?_{0,2}(?:item|card|entry))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
#: What holds the card of an event.
EVENT = re.compile(r"(?:^|[\s_-])(?:v?events?|evenemang|kalender|calendar|aktivitet)(?:$|[\s_-])", re.IGNORECASE)
#: The heading of a card stands at most so deep in it.
DEEPEST = 12
#: Marks what stands beside others of its kind.
ALIKE = "data-card"
#: Marks the story that stands alone above them, as the lead of a list of news does.
ALONE = "data-lead"
#: Marks the title of a card that has no heading, and the longest card of that kind, in characters.
ENTITLED, LONGEST = "data-card-title", 1500
#: What a line of a list may be, and what no page is.
ROWS = ("li", "tr", "p", "div")
FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|ics|mp3|mp4)(?:$|[?#])", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
#: So many words may stand above a list of titles, in characters.
ABOVE = 200
#: What stands between a day and a title.
BESIDE = " \t\n\xa0()[]|,:·•–—-"
#: No more of them stands between the two, in characters.
GAP = 3
#: The class of the title of a card that has no heading.
TITLED = re.compile(r"(?:^|[\s_-])(?:title|headline|rubrik)(?:$|[\s_-])", re.IGNORECASE)


def read(root: html.HtmlElement, base: str, *, bare: bool = False) -> tuple[Card, ...]:
    """Return the cards of the page *root*, none where they are less than half of what it says.

    *base* is what links start from; a *bare* list has no text beside its cards. Changes the tree.
    """
    _clear(root)
    classed = root.xpath("descendant::body/descendant::*[self::article or @class]")
    boxes = dict.fromkeys(filter(_is_box, (*classed, *_alike(root, base), *_rows(root, base))))
    calendar = any(happening.LISTS.fullmatch(words_of(one)) for one in root.iter("h1"))
    calendar = calendar or (bool(boxes) and all(map(_names_event, boxes)))
    outermost = _with_lead([one for one in boxes if boxes.keys().isdisjoint(one.iterancestors())])
    own = _own(root, outermost, bare=bare)[:MOST]
    made = (card.read(one, _headings(one)[0], base, calendar=calendar, year=_year(one)) for one in own)
    found = [one for one in made if one]
    least = DATED if all(one.published for one in found) else FEWEST
    return tuple({one.url or one.title: one for one in found}.values()) if len(found) >= least else ()


def _year(box: html.HtmlElement) -> str:
    """Return the year that stands over the list of a card, "" for none."""
    over = box.get(ALIKE) or ""
    return over if YEAR.fullmatch(over) else ""


def _with_lead(boxes: list[html.HtmlElement]) -> list[html.HtmlElement]:
    """Return *boxes*, of stories that stand alone only those that lead where the others do."""
    alike = {_folder(one) for one in boxes if not one.get(ALONE)}
    return [one for one in boxes if not one.get(ALONE) or _folder(one) in alike]


def _folder(box: html.HtmlElement) -> str:
    """Return the folder that the first link of a card leads into."""
    links = box.xpath("descendant-or-self::a/@href|ancestor::a/@href")
    return str(links[0]).partition("?")[0].rstrip("/").rpartition("/")[0] if links else ""


def _clear(root: html.HtmlElement) -> None:
    """Take out of a page what is in no list of its articles, and give those without a heading one."""
    latepicture.shown(root)
    for element in root.xpath(
        f"descendant::*[{FURNITURE} or (self::header or self::footer) and not(ancestor::article)]"
    ):
        drop(element)
    for element in locked.boxes(root):
        drop(element)
    headless.head(root)
    kept = frame(root)
    for element in list(root.iter(*ASIDE)):
        if element not in kept:
            drop(element)


def _own(root: html.HtmlElement, boxes: list[html.HtmlElement], *, bare: bool) -> list[html.HtmlElement]:
    """Return those of *boxes* that the page is there for; none where it says more beside them."""
    if boxes and _is_led_to(root, boxes[0]):
        return []
    beside = weight(root) - sum(map(weight, boxes))
    if bare and beside >= LEAST:
        return []
    if beside >= LEAST:
        boxes = [one for one in boxes if not one.xpath(f"descendant::*[@{ENTITLED}='other']")]
    if len(boxes) == DATED and beside >= LEAST:
        return []
    told = sum(map(_told, boxes))
    # A list of titles alone may have a few words above it; under more it is what an article leads to.
    least = beside if told or beside > ABOVE else 0
    return boxes if len(boxes) >= DATED and told >= least else []


def _is_led_to(root: html.HtmlElement, first: html.HtmlElement) -> bool:
    """Whether the cards of a page, of which *first* is the first, are what the article above them leads to."""
    above = takewhile(lambda one: one is not first, root.iter("h1", "h2", "h3", "h4", first.tag))
    headings = (words_of(one) for one in above if one.tag != first.tag)
    return any(furniture.opens_others(words, only=furniture.BESIDE_OTHERS) for words in headings)


def _is_box(one: html.HtmlElement) -> bool:
    named = one.tag == "article" or BOX.search(one.get("class") or "") or one.get(ALIKE) or one.get(ALONE)
    return bool(named) and len(_headings(one)) == 1 and not one.xpath("descendant::h1")


def _headings(box: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the headings in *box*; where it has none, the first that is called a title and leads somewhere."""
    own: list[html.HtmlElement] = box.xpath(f"descendant::*[@{ENTITLED}]")
    if own:
        return own
    called = (
        one for one in box.xpath("descendant::*[@class]") if TITLED.search(one.get("class")) and words_of(one)
    )
    headings = box.xpath(HEADINGS)
    # What a theme lays over a picture says the title again.
    return list({words_of(one): one for one in headings}.values()) or list(
        islice((one for one in called if one.xpath("descendant::a[@href]|ancestor::a")), 1)
    )


def _told(box: html.HtmlElement) -> int:
    """Return how much a card says, in characters; one that is a link as a whole says it all in that."""
    if titles := box.xpath(f"descendant::*[@{ENTITLED}]"):
        marked = (one for one in box.iter() if one.tag == "time" or (not len(one) and _is_day(one.text)))
        days = sum(len(words_of(one)) for one in marked)
        return max(0, len(words_of(box)) - len(words_of(titles[0])) - days - GAP)
    return len(words_of(box)) if box.tag == "a" or _headings(box)[0].xpath("ancestor::a") else weight(box)


def _alike(root: html.HtmlElement, base: str) -> Iterator[html.HtmlElement]:
    """Yield what looks like cards, whatever it is called: several side by side, each with one heading, a link."""
    beside: dict[html.HtmlElement, list[html.HtmlElement]] = {}
    for heading in islice(root.iter("h2", "h3", "h4"), MOST):
        box, linked = heading, _leads_within(heading.xpath("descendant::a/@href|ancestor::a/@href"), base)
        for around in islice(heading.iterancestors(), DEEPEST):
            if len(list(islice(around.iter("h2", "h3", "h4"), 2))) > 1:
                if box is not heading and (linked or _leads_within(_all_over(box), base)):
                    beside.setdefault(around, []).append(box)
                break
            box = around
    for boxes in beside.values():
        if len(boxes) >= FEWEST and len({box.tag for box in boxes}) == 1:
            for box in boxes:
                box.set(ALIKE, "1")
                yield box
        elif len(boxes) == 1:
            boxes[0].set(ALONE, "1")
            yield boxes[0]


def _all_over(box: html.HtmlElement) -> list[str]:
    """Return where a card leads as a whole, by a link over it or on a line of its own; nothing for any other."""
    links = list(islice(box.iter("a"), DEEPEST))
    alone = all(words_of(link) in {"", words_of(around)} for link in links for around in link.iterancestors("p"))
    return (
        [link.get("href") or "" for link in links]
        if alone and len({one.get("href") for one in links}) == 1
        else []
    )


def _leads_within(links: list[str], base: str) -> bool:
    """Whether the first of *links* leads within the site of *base*: a list of others' pages is an article."""
    return bool(links) and urlsplit(dialect.address(links[0], base, dialect.WEB)).netloc == urlsplit(base).netloc


def _rows(root: html.HtmlElement, base: str) -> Iterator[html.HtmlElement]:
    """Yield the lines of lists that are each a link with a day beside it, as simple lists of news are."""
    over = ""
    for around in list(root.iter()):
        over = words_of(around) if around.tag in {"h2", "h3"} else over
        for tag in ROWS if len(around) >= FEWEST else ():
            rows = [one for one in islice(around, MOST) if one.tag == tag]
            if len(rows) < FEWEST:
                continue
            titles = {row: title for row in rows if (title := _entitled(row, base)) is not None}
            # The head of a table, and a line about the list, are none.
            if len(titles) >= FEWEST and len(titles) >= len(rows) - 2:
                # The heading over a list may say that it is of other articles than the page's own.
                whose = "other" if furniture.opens_others(over) else "own"
                for row, title in titles.items():
                    row.set(ALIKE, over if YEAR.fullmatch(over) else "1")
                    title.set(ENTITLED, whose)
                    yield row


def _entitled(row: html.HtmlElement, base: str) -> html.HtmlElement | None:
    """Return the title of a line that is one link with a day beside it, None for any other line."""
    links = list(islice(row.iter("a"), 4))
    href = links[0].get("href") or "" if links else ""
    url = dialect.address(href, base, dialect.WEB)
    if any(link.get("href") != href for link in links) or FILE.search(href) or row.xpath(HEADINGS):
        return None
    own = url and urlsplit(url).netloc == urlsplit(base).netloc and url.partition("#")[0] != base
    link = next((link for link in links if words_of(link)), None)
    if not own or link is None or len(row.text_content()) > LONGEST or not _dated(row, link):
        return None
    parts = [one for one in link.iter() if not len(one) and one is not link and words_of(one)]
    told = (one for one in parts if not stamp.read(words_of(one), marked=True).at)
    return next(told, link) if len(parts) > 1 else link


def _dated(row: html.HtmlElement, link: html.HtmlElement) -> bool:
    """Whether a line tells a day beside its *link*, or in a part of it; what tells it becomes an element."""
    for one in list(row.iter()):
        if one is not link and (one.tag == "time" or _is_day(one.text if not len(one) else "")):
            return True
        if one is not row and _is_day(one.tail):
            day = html.Element("time")
            day.text, one.tail = (one.tail or "").strip(BESIDE), None
            one.addnext(day)
            return True
    if _is_day(row.text):
        day = html.Element("time")
        day.text, row.text = (row.text or "").strip(BESIDE), None
        row.insert(0, day)
        return True
    return False


def _is_day(words: str | None) -> bool:
    bare = (words or "").strip(BESIDE)
    return bool(bare) and len(bare) <= dates.LONGEST and stamp.read(bare, marked=True).at is not None


def _names_event(box: html.HtmlElement) -> bool:
    return bool(EVENT.search(box.get("class") or ""))
