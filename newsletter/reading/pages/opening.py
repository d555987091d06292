"""Read the lines above an article's text that no element tells apart: its title, its day, its writer.

Old pages, and those of word processors, have no headings: there a first line that stands out is the title. A line
that only says when an article came out, and who wrote it, is no text of it. Changes its tree.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree, html

from newsletter.reading.html import stamp
from newsletter.reading.html.element import HEADINGS
from newsletter.reading.html.mainpart import LINES
from newsletter.reading.html.stamp import Line
from newsletter.reading.texts import oneline
from newsletter.reading.words import dates, facts, furniture, happening, parted, person

#: What makes words stand out, and the sizes of a font that do (HTML 4, 15.2).
LOUD, LARGE = frozenset({"b", "strong", "big", "u"}), re.compile(r"\s*(?:\+\d|[4-7])\s*")
#: The class of a title, as word processors write it: ``MsoTitle``, ``title``.
TITLED = re.compile(r"(?:^|\s)(?:mso)?(?:title|headline|rubrik|titel)(?:$|\s)", re.IGNORECASE)
SUBTITLED = re.compile(r"(?:^|[\s_-])(?:subtitle|ingress|preamble|standfirst)", re.IGNORECASE)
#: The class of a box with the writer, such as ``author-wrap``, ``authorByline``.
AUTHORS = re.compile(r"(?:^|[\s_-])author(?:$|[\s_-]|[A-Z])")
#: A title is no longer, in characters.
LONGEST = 150
#: Nor is a line above it that is no text, in characters.
KICKER = 60
#: A sentence of the text is longer, in characters.
SENTENCE = 40
#: The line with the date and the writer is one of so many at the beginning.
ABOVE = 7
BREAKS = frozenset({*LINES, "br", "hr"})
BY = re.compile(
    r"(?:(?:written |posted |published |text |words )?by|(?:skriven |text )?av|text|von|författare|skribent|author"
    r"|بقلم)\s*:?\s+"
    r"(?P<by>\S.{1,60})",
    re.IGNORECASE,
)
#: How the last line of an article names who wrote it, and took its pictures.
SIGNED = re.compile(
    r"(?:te(?:xt|ksti)(?:\s*(?:och|&|and|ja|/)\s*(?:foto|bild|photos?|kuvat?))?\s*:|words\s*:|written by|"
    r"skriven av|av|by|(?:skribent|författare|reporter)\s*:)\s+(?P<by>[^.;:|·]{3,60}?)"
    r"(?:\s*[,.|·]?\s*(?:foto|photos?|bild|kuva)\b.{0,60})?\.?",
    re.IGNORECASE,
)
#: Marks stand near what they mark, in so many tags.
NEAR = 8


@dataclass(slots=True)
class _Row:
    """One line of an article: what holds its words, and the block that it stands in."""

    block: html.HtmlElement
    slots: list[tuple[html.HtmlElement, str]] = field(default_factory=list)
    words: str = ""
    loud: bool = True
    linked: bool = False

    def clear(self) -> None:
        for element, name in self.slots:
            setattr(element, name, None)


def title(best: html.HtmlElement, page: str, *, headed: bool) -> str:
    """Return the first line of *best* if it is its title, "" if it is none. *page* is what the page calls itself.

    Where the page is *headed*, only a line that is called a title is one.
    """
    rows = [row for row in islice(_rows(best), 4) if not stamp.read(row.words).at]
    if len(rows) > 1 and not headed and rows[0].block.tag in {"h2", "h3"}:
        # The one heading of its level, and of none above that.
        levels = [one.tag for one in best.iter("h2", "h3")]
        if levels.count(rows[0].block.tag) == 1 and min(levels) == rows[0].block.tag:
            return rows[0].words
    if len(rows) < 2 or not _stands_out(rows[0], headed):
        return ""
    # The name of the site may stand above.
    second = rows[0].words in page and len(rows) > 2 and _stands_out(rows[1], headed)
    return rows[1 if second else 0].words


def above(best: html.HtmlElement, title: str, writer: str, shown: Line) -> Line:
    """Take the lines with the date and the writer out of the beginning of an article called *title*.

    *writer* is who wrote it, as far as that is known, *shown* what the page marks: a line with nothing else goes.
    """
    said, begun, opened = Line(), False, False
    headings: list[html.HtmlElement] = []
    kickers: list[_Row] = []
    rows = [*islice(_rows(best), ABOVE)]
    named = _name_facts(rows)
    for row in rows:
        if row in named:
            break
        if _is_stamp(row, shown):
            row.clear()
            continue
        day = stamp.read(row.words).at if opened and shown.at else None
        same = day is not None and shown.at is not None and day.date() == shown.at.date()
        if opened and not (same or stamp.SAYS.match(row.words) or BY.fullmatch(row.words)):
            break
        if row.block.tag in HEADINGS:
            if row.words == title:
                _drop_kickers(kickers)
            if not begun and SUBTITLED.search(row.block.get("class") or ""):
                row.block.tag = "p"
            elif row.words != title:
                headings.append(row.block)
            continue
        if row.words == title:
            _drop_kickers(kickers)
            row.clear()
        elif stamp.is_tabled(row.slots[0][0]):
            break
        elif len(row.words) > dates.LONGEST and not headings:
            # A line that says whose it is, or since when, may stand under the paragraph that opens the article.
            opened = True
        elif found := _byline(row, writer, shown):
            said = Line(said.at or found.at, said.author or found.author)
            row.clear()
            _subtitled(headings)
        elif headings:
            break
        elif len(row.words) > SENTENCE and row.words.endswith((".", "!", "?", "…")):
            # The text has begun: a date in it is of what it tells.
            opened = True
        else:
            begun = True
            kickers.append(row)
    return said


def _name_facts(rows: list[_Row]) -> list[_Row]:
    """Return those of *rows* that are facts of an event; a day with its hours, and a place, get their names."""
    for day, hours, place in zip(rows, rows[1:], [*rows[2:], None], strict=False):
        found = happening.HOUR.fullmatch(hours.words)
        if stamp.is_tabled(day.slots[0][0]):
            return []
        if dates.line(day.words) and found and happening.hours(found):
            named = {"Datum": day, "Tid": hours}
            if place and place.block.tag == hours.block.tag == "li" and len(place.words) <= happening.PLACE:
                named["Plats"] = place
            for name, row in named.items():
                element, slot = row.slots[0]
                setattr(element, slot, f"{name}: {(getattr(element, slot) or '').strip()}")
            return [*named.values()]
    told = [row for row in rows if facts.NAMED.fullmatch(row.words)]
    return told if happening.has_hours(row.words for row in told) else []


def below(best: html.HtmlElement) -> str:
    """Return whom the last line of an article names as its writer, and take that line away; "" for nobody."""
    last = next(iter(deque(_rows(best), maxlen=1)), None)
    found = SIGNED.fullmatch(last.words) if last and len(last.words) <= dates.LONGEST else None
    name = person.names(found["by"].strip()) if found else ""
    if last and name:
        last.clear()
    return name


def _is_stamp(row: _Row, shown: Line) -> bool:
    """Whether a line has the day *shown* in an element of its own, and beside it only what it is filed under."""
    if shown.at is None or len(row.words) > dates.LONGEST:
        return False
    days, rest = list[str](), list[str]()
    for element, slot in row.slots:
        words = (getattr(element, slot) or "").strip()
        (days if element.tag == "time" and slot == "text" else rest).append(words)
    said = stamp.read(" ".join(days), marked=True).at
    beside = " ".join(filter(None, rest))
    same = said is not None and (said.month, said.day) == (shown.at.month, shown.at.day)
    return same and bool(oneline.TAGS.fullmatch(beside))


def _drop_kickers(rows: list[_Row]) -> None:
    """Take the short lines above a title away: they say what kind of article it is, or what it is about."""
    for row in rows:
        if len(row.words) <= KICKER and not row.words.endswith((".", "!", "?", ":")):
            row.clear()
    rows.clear()


def _byline(row: _Row, writer: str, shown: Line) -> Line | None:
    """Return what a line says that tells only when, or by whom; None for any other."""
    if said := _dated(row.words, shown):
        return said
    if writer and row.words.casefold() == writer.casefold():
        return Line(None, writer)
    if (name := _of_author(row)) is not None:
        return Line(None, name)
    if said := _in_parts(parted.BETWEEN.split(row.words), writer):
        return said
    name = _by(row.words)
    return Line(None, name) if name else None


def _dated(words: str, shown: Line) -> Line | None:
    """Return the date of a line, which may name no year where it is the day *shown* elsewhere; None for none."""
    said = stamp.read(words)
    if said.at:
        return said
    if placed := dates.placed(words):
        return Line(placed.at, placed.author)
    alone = dates.yearless(words)
    same = alone and shown.at and (alone.at.month, alone.at.day) == (shown.at.month, shown.at.day)
    return Line(None, alone.author) if alone and same else None


def _in_parts(parts: list[str], writer: str) -> Line | None:
    """Return what a line in *parts* says, one of them when, who or how long to read; None for any other."""
    if writer in parts and all(part == writer or furniture.is_navigation(part) for part in parts):
        return Line(None, writer)
    said = parted.read(parts)
    return Line(said.at, said.by) if said else None


def _by(words: str) -> str:
    """Return whom a line such as ``By Anna Holm`` names; "" for any other."""
    found = BY.fullmatch(words)
    # The day may stand in a line of its own.
    return person.signed(found["by"].strip(" .").removesuffix(" on")) if found else ""


def _of_author(row: _Row) -> str | None:
    """Return who stands in a box that is called the author's, "" if it says no name; None for any other line."""
    if len(row.words) > dates.LONGEST or row.words.endswith((".", "!", "?")):
        return None
    near = [row.block, *islice(row.block.iterancestors(), 2)]
    if any(one.tag == "blockquote" for one in near):
        return None
    if not any(AUTHORS.search(one.get("class") or "") for one in near if one.tag in {"div", "p", "span", "a"}):
        return None
    first = next((words for element, slot in row.slots if (words := (getattr(element, slot) or "").strip())), "")
    return _by(row.words) or person.names(first) or person.names(row.words)


def _subtitled(headings: list[html.HtmlElement]) -> None:
    """Make a heading between a title and its date the first paragraph: nothing stands under it."""
    for heading in headings:
        heading.tag = "p"
    headings.clear()


def _stands_out(row: _Row, headed: bool) -> bool:
    called = any(TITLED.search(one.get("class") or "") for one in (row.block, *islice(row.block, 1)))
    fits = 2 < len(row.words) <= LONGEST and not row.words.endswith((".", ",", ";", ":"))
    plain = row.block.tag not in HEADINGS and not row.linked
    told = not furniture.is_navigation(row.words) and not stamp.read(row.words).at
    return fits and plain and told and (called or (row.loud and not headed))


def _rows(best: html.HtmlElement) -> Iterator[_Row]:
    """Yield the lines of an article that say something."""
    row = _Row(best)
    for event, element in etree.iterwalk(best, events=("start", "end")):
        name, holder = ("text", element) if event == "start" else ("tail", element.getparent())
        if element.tag in BREAKS:
            if row.words:
                yield row
            row = _Row(_block(holder, best))
        words = " ".join((getattr(element, name) or "").split())
        if words and (event == "start" or element is not best):
            near = _near(holder, best)
            row.slots.append((element, name))
            if any(map(stamp.is_change, near)):
                continue
            row.words = f"{row.words} {words}".strip()
            row.loud &= any(map(_is_loud, near))
            row.linked |= any(one.tag == "a" for one in near)
    if row.words:
        yield row


def _block(element: html.HtmlElement | None, best: html.HtmlElement) -> html.HtmlElement:
    while element is not None and element is not best and element.tag not in LINES:
        element = element.getparent()
    return best if element is None else element


def _near(holder: html.HtmlElement | None, best: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the tags around some words, from the inmost, those around the whole article left out."""
    found: list[html.HtmlElement] = []
    while holder is not None and holder is not best and len(found) < NEAR:
        found.append(holder)
        holder = holder.getparent()
    return found


def _is_loud(element: html.HtmlElement) -> bool:
    return element.tag in LOUD or (element.tag == "font" and bool(LARGE.fullmatch(element.get("size") or "")))
