"""Read a page that lists articles: each card is one, as far as the page tells of it. Pure.

A card has a heading with a link to its article, often a day, a picture and a sentence or two.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import html

from newsletter.issuefile import dialect
from newsletter.reading import furniture, stamp
from newsletter.reading.mainpart import FURNITURE, drop, weight

#: Fewer cards than this are what an article recommends at its end.
FEWEST = 3
#: More than this are an archive.
MOST = 100
#: What holds a card: its element, or a class of the names that themes have for it.
BOX = re.compile(
    r"(?:^|[\s_-])(?:card|teaser|puff|hentry|(?:post|news|article|blog|entry|list|listing|archive)-?_{0,2}(?:item|card|entry))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
HEADINGS = ".//h2|.//h3|.//h4"
WEB = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Card:
    """What a list tells of one article: its title and address, and its teaser as HTML."""

    title: str
    url: str
    html: str
    published: datetime | None = None
    author: str = ""


def read(root: html.HtmlElement, base: str) -> tuple[Card, ...]:
    """Return the cards of the page *root*, none where they are less than half of what it says.

    *base* is what links start from. Changes the tree.
    """
    for element in root.xpath(f"{FURNITURE}|//header|//footer[not(ancestor::article)]"):
        drop(element)
    boxes = {one: None for one in root.xpath("//article|//body//*[@class]") if _is_box(one)}
    outermost = [one for one in boxes if not any(above in boxes for above in one.iterancestors())]
    told = sum(map(weight, outermost))
    if len(outermost) < FEWEST or 2 * told < weight(root):
        return ()
    found = [card for one in outermost[:MOST] if (card := _card(one, base))]
    return tuple({card.url: card for card in found}.values()) if len(found) >= FEWEST else ()


def _is_box(one: html.HtmlElement) -> bool:
    named = one.tag == "article" or BOX.search(one.get("class") or "")
    return bool(named) and len(one.xpath(HEADINGS)) == 1 and not one.xpath(".//h1")


def _card(box: html.HtmlElement, base: str) -> Card | None:
    heading = box.xpath(HEADINGS)[0]
    title = _words(heading)
    links = [*heading.xpath(".//a/@href|ancestor::a/@href"), *box.xpath(".//a/@href")]
    url = next((found for link in links if (found := dialect.address(link, base, WEB))), "")
    if not title or not url:
        return None
    said = stamp.marked(box)
    for one in (heading, *box.iter("time")):
        drop(one)
    for one in box.xpath(".//a|.//span|.//div|.//p"):
        words = _words(one)
        if not one.xpath(".//img") and words and (furniture.is_navigation(words) or stamp.read(words).at):
            drop(one)
    return Card(title, url, html.tostring(box, encoding="unicode", with_tail=False), said.at, said.author)


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
