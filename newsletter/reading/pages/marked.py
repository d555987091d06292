"""Find the event that a page is about where its elements say so: in microdata (schema.org), or as microformats.

Sources: HTML standard, 5 (microdata); microformats.org, h-event and hCalendar.
"""

from collections.abc import Mapping
from itertools import islice

from lxml import html

from newsletter.reading.html.element import words_of
from newsletter.reading.words.occasion import Occasion

#: What is an event, by its type or its class; one without the page's title in it is beside the page's own text.
EVENTS = (
    "descendant::*[(contains(@itemtype, 'schema.org/') and contains(@itemtype, 'Event'))"
    " or contains(concat(' ', @class, ' '), ' h-event ') or contains(concat(' ', @class, ' '), ' vevent ')]"
    "[descendant::h1]"
)
#: What its parts are called, in microdata first.
START, END = ("startDate", "dt-start", "dtstart"), ("endDate", "dt-end", "dtend")
NAME, PLACE = ("name", "p-name", "summary"), ("location", "p-location")
#: The most elements of one event, and the most characters of a name.
PARTS, LONGEST = 1000, 150


def occasion(root: html.HtmlElement) -> Occasion:
    """Return the event that a page is about, an empty one where it marks none as its own, or several."""
    scopes = root.xpath(EVENTS)
    if len(scopes) != 1:
        return Occasion()
    parts: dict[str, html.HtmlElement] = {}
    for part in islice(scopes[0].iterdescendants(), PARTS):
        own = part.get("itemprop") or ""
        for name in f"{own if _of(part) is scopes[0] else ''} {part.get('class') or ''}".split():
            parts.setdefault(name, part)
    start, end, called, place = (_first(parts, names) for names in (START, END, NAME, PLACE))
    inner = place.xpath("descendant::*[@itemprop='name']") if place is not None else ()
    return Occasion(_time(start), _time(end), _words(inner[0] if inner else place), _words(called))


def _first(parts: Mapping[str, html.HtmlElement], names: tuple[str, ...]) -> html.HtmlElement | None:
    return next((parts[name] for name in names if name in parts), None)


def _of(part: html.HtmlElement) -> html.HtmlElement | None:
    """Return the thing that tells what a part is of: the next one around it."""
    return next((one for one in part.iterancestors() if one.get("itemscope") is not None), None)


def _time(part: html.HtmlElement | None) -> str:
    """Return what a part tells programs of a time; microformats had no other place for that than a title."""
    if part is None:
        return ""
    said = next((said for name in ("datetime", "content", "title") if (said := part.get(name))), "")
    return said.strip() or _words(part)


def _words(part: html.HtmlElement | None) -> str:
    words = "" if part is None else part.get("content") or words_of(part)
    return " ".join(words.split())[:LONGEST]
