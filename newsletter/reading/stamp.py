"""Find out when a page came out, and by whom, from what it shows its readers. Pure.

Looks at what is marked as a time, at what a class calls a date, and at the line above the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml import html

from newsletter.reading import dates
from newsletter.reading.mainpart import drop

#: Names that content systems give the meta tag with the date (Dublin Core, news sitemaps, site search).
META = (
    *("article:published_time", "datepublished", "date", "dcterms.issued", "dcterms.created", "dcterms.date"),
    *(
        "dc.date.issued",
        "dc.date.created",
        "dc.date",
        "publishdate",
        "publish-date",
        "pubdate",
        "publication_date",
    ),
)
MARKED = ".//time|.//*[@itemprop='datePublished']"
#: Classes of what shows the date, as ``entry-date``, ``published``, ``node__meta``.
NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?:post|entry|article|news|publish\w*|created?|page|item|node)[_-]{1,2}(?:date|time|meta|info)|"
    r"meta(?:-info|data)?|"
    r"date(?:line)?|datum|published|publicerad|posted-on|submitted|timestamp|pubdate|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: What shows a date.
SHOWN, HEADINGS = ("p", "div", "span", "time"), ("h2", "h3", "h4")
#: Classes of what shows when a page was changed; of one that never was, WordPress says both.
CHANGED = re.compile(r"updat|modif|uppdat|ändra", re.IGNORECASE)
PUBLISHED = re.compile(r"publi|entry-date|creat|posted", re.IGNORECASE)
#: What stands before a date in a line that says other things too.
BETWEEN = re.compile(r"\s[|•·–—-]\s|\bden\s|\bon\s")
#: The line with the date and the writer is one of so many at the beginning.
ABOVE = 6
#: And it has at most so many parts.
PARTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a page says: when it came out, and by whom."""

    at: datetime | None = None
    author: str = ""


def moment(*texts: str) -> datetime | None:
    """Return the first time that one of *texts* says."""
    for text in texts:
        try:
            return datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        except ValueError:
            said = dates.line(text.strip())
        if said:
            return said.at
    return None


def marked(root: html.HtmlElement) -> Line:
    """Return the date that a page marks as one, the nearest to its title."""
    place = {element: number for number, element in enumerate(root.iter())}
    title = next(iter(root.xpath(".//article//h1|.//main//h1|.//h1")), root)
    found = ((abs(place[one] - place[title]), said) for one in _candidates(root) if (said := _said(one)).at)
    return min(found, key=lambda pair: pair[0], default=(0, Line()))[1]


def above(best: html.HtmlElement) -> Line:
    """Take the line with the date and the writer out of the beginning of an article."""
    lines = (one for one in best.iter(*SHOWN, *HEADINGS) if not len(one) or one.tag == "p")
    for element in islice(lines, ABOVE):
        words = _words(element)
        if len(words) > dates.LONGEST or element.tag in HEADINGS:
            # The text has begun: a date in it is of what it tells.
            break
        if (said := read(words)).at:
            _drop_whole(element)
            return said
    return Line()


def joined(shown: Line, above: Line) -> Line:
    """Return what both lines of a page say; the one above its text knows the day better, the other the hour."""
    same = above.at is None or (shown.at is not None and shown.at.date() == above.at.date())
    return Line(shown.at if same else above.at, shown.author or above.author)


def _candidates(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield what may show when a page came out, and not when it was changed."""
    known = {*root.xpath(MARKED)}
    for one in root.xpath(".//time|.//*[@itemprop]|.//*[@class]"):
        if _is_change(one):
            continue
        if one in known:
            yield one
        elif NAMED.search(one.get("class") or ""):
            # The line as a whole, or a part of it, says it.
            yield from (part for part in islice(one.iter(), PARTS) if not _is_change(part))


def _said(one: html.HtmlElement) -> Line:
    """Return what a candidate says: to machines, else to readers."""
    told = moment(one.get("datetime") or "", one.get("content") or "")
    return Line(told) if told else read(_words(one))


def read(words: str) -> Line:
    """Return the date of a short line, even where it says other things too; nothing for any other text."""
    if len(words) > dates.LONGEST:
        return Line()
    for part in (words, *BETWEEN.split(words)[1:]):
        said = dates.line(part)
        if said and not said.changed:
            return Line(said.at, said.author)
    return Line()


def _is_change(element: html.HtmlElement) -> bool:
    name = element.get("class") or ""
    return bool(CHANGED.search(name)) and not PUBLISHED.search(name)


def _words(element: html.HtmlElement) -> str:
    """Return the words of an element; of a long one its beginning, which no date line has."""
    found, length = [], 0
    for text in _texts(element):
        found.append(text[: 2 * dates.LONGEST])
        length += len(found[-1].strip())
        if length > dates.LONGEST:
            break
    return " ".join("".join(found).split())


def _texts(element: html.HtmlElement) -> Iterator[str]:
    """Yield what an element says, but for when it was changed."""
    yield element.text or ""
    for inner in element:
        if not _is_change(inner):
            yield from _texts(inner)
        yield inner.tail or ""


def _drop_whole(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        for inner in list(element):
            element.remove(inner)
        element.text = None
        drop(element)
