"""Find out when a page came out, and by whom, from what it shows its readers.

Looks at what is marked as a time, at what a class calls a date, and at the line above the text.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from newsletter.reading.words import dates, parted

#: Names that content systems give the meta tag with the date (Dublin Core, news sitemaps, site search).
META = (
    *("article:published_time", "datepublished", "date", "dcterms.issued", "dcterms.created", "dcterms.date"),
    *("dc.date.issued", "dc.date.created", "dc.date", "dcterms.available", "citation_publication_date"),
    *("publishdate", "publish-date", "publish_date", "pubdate", "pub_date", "publication_date"),
    *("sailthru.date", "parsely-pub-date", "originalpublicationdate", "article.published", "created"),
)
MARKED = "descendant::*[self::time or @itemprop='datePublished']"
#: Classes of what shows the date, as ``entry-date``, ``published``, ``node__meta``.
NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?:post|entry|article|news|publish\w{0,12}|created?|page|item|node)[_-]{1,2}(?:date|time|meta|info)|"
    r"meta(?:-info|data)?|"
    r"date(?:line)?|datum|published|publicerad|posted-on|submitted|timestamp|pubdate|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: What may hold a line with the date.
LINES = frozenset({"p", "div", "span", "time", "li", "td", "dd", "small", "em", "i", "b", "strong"})
#: A row of a table has at least so many cells, and no more of them are looked at.
TABLED, CELLS = 3, 20
#: Says that what follows is when a page came out.
SAYS = re.compile(r"\W*(?:first\s+)?(?:publi|veröffentl|julkaistu|udgivet|posted|postat|نشر|تاريخ)", re.IGNORECASE)
#: Classes of what shows when a page was changed; of one that never was, WordPress says both.
CHANGED = re.compile(r"updat|modif|uppdat|ändra", re.IGNORECASE)
PUBLISHED = re.compile(r"publi|entry-date|creat|posted", re.IGNORECASE)
#: So much of an element's classes is looked at, in characters: each text within it asks anew.
LONGEST_CLASS = 400
#: What stands before a date in a line that says other things too.
BETWEEN = re.compile(r"\s[|•·–—-]\s|\b(?:den|on|am|le)\s")
#: The day in the address of an article, as ``/2025/06/12/`` or ``/2025-06-12-``, or its month: ``/2025/06/title``.
IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)([/-])(\d\d?)\2(\d\d?)(?=[/_-]|$)")
MONTH_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(?=[^/]*[^\W\d_]{2})")
#: The line with the date is one of so many under the title.
ABOVE = 6
#: What kind of page it is says a line of so many characters.
KIND = 30
#: And it has at most so many parts.
PARTS = 20
#: With at most so many texts between them, most of which are empty.
TEXTS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a page says: when it came out, and by whom."""

    at: datetime | None = None
    author: str = ""


def moment(*texts: str) -> datetime | None:
    """Return the first time that one of *texts* says."""
    for text in texts:
        if dates.is_never(text):
            continue
        iso, later = dates.whole_day(text.strip().replace("Z", "+00:00"))
        try:
            return datetime.fromisoformat(iso) + later
        except (ValueError, OverflowError):
            said = dates.line(text.strip())
        if said:
            return said.at
        if found := _of_mail(text.strip()):
            return found
    return None


def _of_mail(text: str) -> datetime | None:
    """Return the time that *text* says as a mail does (RFC 5322, 3.3), ``Thu, 06 Oct 2011 08:10:27 EST``."""
    try:
        return parsedate_to_datetime(text) if len(text) <= dates.LONGEST else None
    except (ValueError, OverflowError):
        return None


def addressed(url: str) -> datetime | None:
    """Return the day that the address of a page names, its noon in UTC; None for most addresses.

    Of one that names a month it is the last day.
    """
    path = urlsplit(url).path
    try:
        if found := IN_ADDRESS.search(path):
            return datetime(int(found[1]), int(found[3]), int(found[4]), 12, tzinfo=UTC)
        if found := MONTH_IN_ADDRESS.search(path):
            year, month = int(found[1]), int(found[2])
            return datetime(year, month, monthrange(year, month)[1], 12, tzinfo=UTC)
    except ValueError:
        pass
    return None


def marked(root: html.HtmlElement) -> Line:
    """Return the date that a page marks as one, the nearest to its title."""
    place = {element: number for number, element in enumerate(root.iter())}
    title = next(root.iter("h1"), root)
    # A line that is called a date may stand in another: no part of them is asked twice.
    once = dict.fromkeys(_candidates(root))
    found = ((abs(place[one] - place[title]), said) for one in once if (said := _said(one)).at)
    return min(found, key=lambda pair: pair[0], default=(0, Line()))[1]


def told(root: html.HtmlElement, title: str = "") -> Line:
    """Return the date of a page that marks none: a line that says it, or one of the first under the title.

    Without any of these it is the line above the title; a word may stand between the two where one box holds them.
    A heading of a lower rank is the title only where it says *title*.
    """
    first = next((one for one in root.iter("h1", "h2") if one.tag == "h1" or _words(one) == title), None)
    boxes = set() if first is None else {*first.iterancestors()}
    under, near, above, beside = False, Line(), Line(), False
    left = ABOVE
    for element in root.iter():
        under = under or element is first
        # Under a line that says it may stand in the same element when the page was changed.
        if (
            (len(element) and element[0].tag != "br")
            or element.tag not in LINES
            or not (words := " ".join((element.text or "").split()))
        ):
            continue
        said = (dates.line(words) or dates.placed(words)) if len(words) <= dates.LONGEST else None
        if said and is_tabled(element):
            continue
        if said and not said.changed:
            if SAYS.match(words):
                return Line(said.at, said.author)
            if under and left > 0:
                near = near if near.at else Line(said.at, said.author)
        if not under:
            fresh = Line(said.at, said.author) if said and not said.changed else Line()
            above = above if beside and not fresh.at and len(words) <= KIND else fresh
            beside = fresh.at is not None and element.getparent() in boxes
        left -= under
    return near if near.at else above


def joined(shown: Line, above: Line) -> Line:
    """Return what both lines of a page say; the one above its text knows the day better, the other the hour."""
    same = above.at is None or (shown.at is not None and shown.at.date() == above.at.date())
    return Line(shown.at if same else above.at, shown.author or above.author)


def _candidates(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield what may show when a page came out, and not when it was changed."""
    known, lists = {*root.xpath(MARKED)}, _dated_lists(root)
    for one in root.xpath("descendant::*[self::time or @itemprop or @class]"):
        named = one not in known and NAMED.search(one.get("class") or "")
        if not (one in known or named) or is_change(one) or _is_of_another(one, lists):
            continue
        if not named:
            yield one
        else:
            # The line as a whole, or a part of it, says it.
            yield from (part for part in islice(one.iter(), PARTS) if not is_change(part))


def _dated_lists(root: html.HtmlElement) -> set[html.HtmlElement]:
    """Return the lists on a page in which more than one point has a day."""
    points = {point for one in root.iter("time") for point in islice(one.iterancestors("li"), 1)}
    days = Counter(point.getparent() for point in points)
    return {around for around, count in days.items() if count > 1}


def _is_of_another(one: html.HtmlElement, lists: Container[html.HtmlElement]) -> bool:
    """Whether a date is that of another article: of one in *lists*, where each has a link and a day."""
    point = next(one.iterancestors("li"), None)
    if point is None or point.getparent() not in lists:
        return False
    return any(_words(link) not in {"", _words(one)} for link in islice(point.iter("a"), PARTS))


def _said(one: html.HtmlElement) -> Line:
    """Return what a candidate says: to machines, else to readers."""
    inside = (part.get("datetime") for part in islice(one.iter("time"), PARTS) if not is_change(part))
    told = moment(one.get("datetime") or next(filter(None, inside), ""), one.get("content") or "")
    words = _words(one)
    line = read(words, marked=True)
    # Some write the day of the last change into what programs read of "Published on 12 May 2025".
    shown = line.at and line.at.year != dates.UNTOLD and SAYS.match(words)
    if told and shown and line.at and abs((line.at.date() - told.date()).days) > 1:
        return line
    return Line(told, line.author) if told else line


def read(words: str, *, marked: bool = False) -> Line:
    """Return the date of a short line, even where it says other things too; nothing for any other text.

    A line that is *marked* as a date may name no year.
    """
    if len(words) > dates.LONGEST:
        return Line()
    beside = parted.read(parted.BETWEEN.split(words)) or parted.Parted()
    for part in (words, *BETWEEN.split(words)[1:]):
        said = dates.line(part)
        if said and not said.changed:
            return Line(said.at, said.author or beside.by)
    if marked and beside.at:
        return Line(beside.at, beside.by)
    said = dates.yearless(words) if marked else None
    return Line(said.at, said.author) if said and not said.changed else Line()


def is_tabled(element: html.HtmlElement) -> bool:
    """Whether an element stands in a row of a table of short cells: what it says is of what that row tells."""
    row = next(element.iterancestors("tr"), None)
    cells = [words for cell in islice(row, CELLS) if (words := _words(cell))] if row is not None else []
    return len(cells) >= TABLED and all(len(words) <= dates.LONGEST for words in cells)


def is_change(element: html.HtmlElement) -> bool:
    """Whether an element is called what shows when a page was changed."""
    name = (element.get("class") or "")[:LONGEST_CLASS]
    return bool(CHANGED.search(name)) and not PUBLISHED.search(name)


def _words(element: html.HtmlElement) -> str:
    """Return the words of an element; of a long one its beginning, which no date line has."""
    found, length = [], 0
    for text in islice(_texts(element), TEXTS):
        found.append(text[: 2 * dates.LONGEST])
        length += len(found[-1].strip())
        if length > dates.LONGEST:
            break
    return " ".join("".join(found).split())


def _texts(element: html.HtmlElement) -> Iterator[str]:
    """Yield what an element says, but for when it was changed. How deep its parts lie costs nothing."""
    yield element.text or ""
    around = [(element, iter(element))]
    while around:
        one, parts = around[-1]
        part = next(parts, None)
        if part is None:
            around.pop()
            if around:
                yield one.tail or ""
        elif is_change(part):
            yield part.tail or ""
        else:
            yield part.text or ""
            around.append((part, iter(part)))
