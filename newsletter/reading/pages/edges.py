"""Take away the lines of an article that only lead elsewhere, and those at its ends. Changes its tree."""

import re
from collections.abc import Iterator
from itertools import takewhile

from lxml import html

from newsletter.reading.html import contacts
from newsletter.reading.html.element import HEADINGS, drop, rows_of, words_of
from newsletter.reading.html.mainpart import LINE, LINES, weight
from newsletter.reading.texts import oneline
from newsletter.reading.words import dates, facts, furniture, happening

#: A line of links has no more other words than these, in characters.
FILED = 25
#: Ends a sentence; and what stands between the parts of one line.
SENTENCE, PARTS = re.compile(r"[.!?…]\s*$"), re.compile(r"\s+[|·•]\s+")


def trim(best: html.HtmlElement) -> None:
    """Take away the lines at either end of an article, and those in it, that only lead elsewhere."""
    contacts.clear(best)
    for points in list(best.iter("ul", "ol")):
        words = [*filter(None, map(words_of, points.iter("li")))]
        if words and all(map(furniture.is_tool, words)):
            drop(points)
    lines = [
        one
        for one in best.iter("p", "li", "div", "center")
        if not any(inner.tag in LINES for inner in one.iterdescendants()) and not _is_credited(one)
    ]
    # The day of an event is none on which a page came out, or was changed.
    told = {one: said for one in lines if facts.NAMED.fullmatch(said := words_of(one))}
    if happening.has_hours(told.values()):
        lines = [one for one in lines if one not in told]
    for one in (*lines, *best.iter("h2", "h3", "h4")):
        if all(map(_is_noted, rows_of(one))) and not _heads(one):
            drop(one)
    for side in (lines, reversed(lines)):
        for one in _edge(side):
            drop(one)
    for heading in list(best.iter("h2", "h3", "h4", "h5", "h6")):
        after = list(takewhile(lambda one: one.tag not in {*HEADINGS, "hr"}, heading.itersiblings()))
        filed = furniture.FILED.fullmatch(words_of(heading)) and not any(
            SENTENCE.search(words_of(one)) for one in after
        )
        if (
            filed
            or furniture.BESIDE.fullmatch(words_of(heading))
            or (_opens_others(words_of(heading)) and after and all(map(_leads, after)))
        ):
            for one in (heading, *after):
                drop(one)


def _is_credited(one: html.HtmlElement) -> bool:
    """Whether an element is a picture and whoever took it."""
    return one.find(".//img") is not None and bool(furniture.CREDIT.fullmatch(words_of(one)))


def _opens_others(heading: str) -> bool:
    return furniture.opens_others(heading) or furniture.opens_others(heading, only=furniture.FILES)


def _heads(one: html.HtmlElement) -> bool:
    """Whether an element is a heading that says what buttons say, over a text: ``Back to basics``."""
    under = one.getnext() if one.tag in HEADINGS and one.find(".//a") is None else None
    return under is not None and weight(under) >= LINE and furniture.is_headline(words_of(one))


def _is_noted(words: str) -> bool:
    """Whether a line is furniture that may stand within an article, or says when a page came out."""
    short = len(words) <= furniture.LONGEST
    pattern = short and (furniture.PATTERNS.fullmatch(words) or furniture.COOKIES.fullmatch(words))
    return bool(pattern or ((said := dates.line(words)) and said.named))


def _leads(element: html.HtmlElement) -> bool:
    """Whether an element only leads elsewhere: it is mostly links, or its headings or points open with one."""
    points = element.xpath("./li")
    if points and all(
        one.xpath("(descendant::text()[normalize-space()])[1][ancestor::a[@href]]") for one in points
    ):
        return True
    headings = list(element.iterdescendants("h2", "h3", "h4"))
    led = bool(headings) and all(one.xpath("descendant::a[@href]|ancestor::a") for one in headings)
    return led or 2 * weight(element) <= len(words_of(element))


def _files(one: html.HtmlElement, words: str) -> bool:
    """Whether a line tells what an article is filed under, by links."""
    found = oneline.TAGS.fullmatch(words)
    return bool(found) and weight(one) <= FILED


def _edge(lines: Iterator[html.HtmlElement] | list[html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Yield the first of *lines* that are furniture; a link out of the article may be the point of it."""
    for one in lines:
        if words := words_of(one):
            parts = PARTS.split(words)
            changed = [part for part in parts if (said := dates.line(part)) and said.changed]
            rest = " | ".join(part for part in parts if part not in changed)
            alone = changed or one.find(".//a[@href]") is None
            lost = not rest or furniture.is_tool(rest) or _files(one, rest)
            lost = lost or bool(furniture.is_navigation(rest) and alone)
            if not lost:
                return
            yield one
