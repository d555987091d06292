"""Say of each paragraph of a plain-text page what it is: heading, prose, quote, call to action, date, edge …"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from newsletter.reading.texts import (
    agenda,
    listing,
    oneline,
    paired,
    reached,
    repeated,
    signature,
    together,
)
from newsletter.reading.texts.oneline import is_heading
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import dates, furniture, happening, invitation, person, quotation
from newsletter.wording import phrases

GREETING = re.compile(
    r"(?:dear|hi|hello|hey|welcome|liebe[rs]?|sehr geehrte[rn]?|kjære|kære|hyvät?|"
    r"hej|hejsan|hallå|kära|käre|bästa|bäste|goda?|välkommen|"
    r"välkomna)\b[^.?:]{0,60}[,!]?$",
    re.IGNORECASE,
)
#: A short label, a colon, and what it is: a line of a box of facts or of somebody's contacts.
FACT = re.compile(r"[^\W\d_][\w /-]{1,24}:\s\S[^?]{0,120}(?<![,;:])")
#: The longest short line, in characters; text has more of them than these.
SHORT, LONG = 60, 100
#: At most so many tags stand under one another, each of so many words.
TAGS, FEW = 9, 3
#: A paper signs in capitals, behind a dash, among the first lines.
HEAD = 6
#: What kind of news it is, and its day: ``Business article - February 20, 2026``.
FILED_ON = re.compile(r"[^\W\d][^\d–—-]{2,40}\s[–—-]\s(?P<day>.+)")
#: Where it is filed, under who wrote it or when; a heading over all that.
FILED_IN = re.compile(r"(?:i|in)\s+(?P<tags>[A-ZÅÄÖ][^.:!?]{1,40})")
DETAILS = frozenset({"detaljer", "details"})
#: The date of an event, not of the article.
EVENT_DATE = re.compile(r"(?:date|datum|when|när)\b", re.IGNORECASE)
#: A button that stands as a line of its own.
NOW = re.compile(r".*\b(?:here|now|today|här|nu|idag)[!.]?", re.IGNORECASE)
#: A link that ends a paragraph, as Markdown has it.
LED = re.compile(r"(?P<words>.{0,240}?)\s*\[(?P<label>[^\[\]]{2,60})\]\((?P<href>https?://[^\s()]+)\)[.!]?")
#: What stands above where and when a press release came out.
PRESS = re.compile(
    r"(?:pressmeddelande|press ?release|(?:media|news) release|presse(?:mitteilung|information))"
    r"(?:(?: (?:från|from|de[rs])| \|) .{2,60})?|(?:artikel|article) (?:från|from) .{2,60}",
    re.IGNORECASE,
)
#: A welcome to something is no greeting, but a title.
WELCOME = re.compile(r"(?:välkom(?:men|na)|welcome|willkommen)(?:\s+[^\s,]+){2,}", re.IGNORECASE)
#: Navigation, unless text stands under it.
LABELS = frozenset(
    phrases("""
        kontakt|contact|kontakta oss|om oss|about|about us|contact us|kontakt oss|kontakt os|yhteystiedot|press
        video|evenemang|events|arrangementer|veranstaltungen|tapahtumat|kalender
    """)
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, its language, and by their numbers what some are because of those around them."""

    lines: Sequence[str]
    language: str
    points: Mapping[int, listing.Point]
    days: Mapping[int, dates.Dateline]
    facts: Set[int]
    contacts: Mapping[int, tuple[str, ...]]
    filed: Mapping[int, tuple[str, ...]]
    sourced: Mapping[int, datetime]

    def after(self, number: int) -> str:
        """Return the line after that of a *number*, "" for none."""
        return self.lines[number + 1] if number + 1 < len(self.lines) else ""


class _Told(list[Piece]):
    """What stands on the page so far; *begun* tells that there is text among it, and no menu only.

    *by* is who was quoted last.
    """

    begun = False
    by = ""

    def take(self, pieces: Sequence[Piece]) -> None:
        """Put the next *pieces* to them."""
        self += pieces
        self.begun = self.begun or any(map(together.begins, pieces))
        self.by = next((piece.by for piece in pieces if piece.by and piece.kind is Kind.QUOTE), self.by)


def outline(lines: Sequence[str], language: str) -> list[Piece]:
    """Return what each of *lines*, the paragraphs of a page, is, in order."""
    whole = agenda.joined(paired.labelled(paired.signed(lines, language)))
    lines = [oneline.day_in_full(line, language) for line in whole]
    known = (
        listing.points(lines),
        _days(lines),
        _facts(lines),
        reached.contacts(lines),
        _filed(lines),
        _sourced(lines),
    )
    page = _Page(lines, language, *known)
    pieces = _Told()
    for number in range(len(lines)):
        found = (reader(page, number, pieces) for reader in READERS)
        pieces.take(next(one for one in found if one is not None))
    return repeated.under_titles(list(signature.signed(together.read(pieces), language)))


def _placed(page: _Page, number: int, before: _Told) -> list[Piece] | None:
    """Return what a line is by those that it stands among: a contact, a tag, a point, a heading."""
    line = page.lines[number]
    if number in page.contacts:
        block = page.contacts[number]
        # A card may have the name as the words of its picture, too.
        return [Piece(Kind.SIGNATURE, "\n".join(dict.fromkeys(block)))] if block else []
    if number in page.filed:
        return [Piece(Kind.TAGS, tags=page.filed[number])]
    if point := page.points.get(number):
        return [Piece(Kind.POINT, point.text, label=point.mark)]
    label = line.casefold().rstrip(":") in LABELS
    under = page.after(number)
    if label and not before and dates.line(under):
        # The page is called so: its own day stands under it.
        return [Piece(Kind.HEADING, line)]
    if label and (number + 1 in page.contacts or (_labels(under) and oneline.aside(under) is None)):
        return [Piece(Kind.HEADING, line.rstrip(":"))]
    return [Piece(Kind.POINT, line, label="-")] if number in page.facts else None


def _dated(page: _Page, number: int, before: _Told) -> list[Piece] | None:
    """Return what a line is that has a day in it, or stands where a press release tells its own."""
    line, said = page.lines[number], dates.line(page.lines[number])
    if at := page.sourced.get(number):
        return [Piece(Kind.DATE, at=at)]
    if day := page.days.get(number):
        return [Piece(Kind.DATE, at=day.at, by=day.author, changed=day.changed)]
    if said and not said.named and (_within(page.lines, number) or listing.HOURLY.match(page.after(number))):
        return [Piece(Kind.HEADING, line)]
    headed = not before.begun and before and before[-1].kind is Kind.HEADING and len(page.after(number)) > SHORT
    told, dash, name = line.partition(" - ")
    if headed and dash and person.is_person(name) and (signed := dates.line(told)):
        return [Piece(Kind.DATE, at=signed.at, by=name)]
    if not said and happening.tells(line):
        return [Piece(Kind.PROSE, line)]
    pressed = number and PRESS.fullmatch(page.lines[number - 1])
    if (headed or pressed) and (placed := dates.placed(line)):
        return [Piece(Kind.DATE, at=placed.at)]
    return None


def _aside(page: _Page, number: int, before: _Told) -> list[Piece] | None:
    """Return what a line is that is no text: furniture, or what a page says about its article."""
    line = page.lines[number]
    if line.casefold() in DETAILS and oneline.is_about(page.after(number)):
        return [Piece(Kind.EDGE)]
    if before and before[-1].kind in {Kind.DATE, Kind.AUTHOR} and (filed := FILED_IN.fullmatch(line)):
        return [Piece(Kind.TAGS, tags=(filed["tags"],))]
    signed = line.isupper() and line[0] in quotation.DASHES and person.is_name(line[1:].strip())
    if signed and 0 < number < HEAD and len(page.after(number)) > SHORT:
        return [Piece(Kind.AUTHOR, by=line[1:].strip().title())]
    if PRESS.fullmatch(line):
        dated = dates.line(line.rpartition(",")[2].strip())
        return [Piece(Kind.DATE, at=dated.at) if dated else Piece(Kind.EDGE)]
    words, stop, credit = line.rpartition(". ")
    teaser = before.begun and before[-1].kind is Kind.HEADING and not _labels(page.after(number))
    if stop and teaser and furniture.CREDIT.fullmatch(credit):
        # The one sentence of a teaser, and who took its picture.
        return [Piece(Kind.PROSE, f"{words}.")]
    if number == 0 and _is_headline(page):
        return [Piece(Kind.HEADING, line)]
    aside = oneline.aside(line)
    return [aside] if aside else oneline.about(line) or None


def _is_headline(page: _Page) -> bool:
    """Whether the first line, which looks like furniture, is the title: none is left between it and the text."""
    under = next((line for line in page.lines[1:] if not oneline.is_about(line)), "")
    return furniture.is_headline(page.lines[0]) and len(under) > LONG


def _said(page: _Page, number: int, before: _Told) -> list[Piece] | None:
    """Return the quote that a line is, apart from what the writer adds; a short one of nobody's is a heading."""
    line = page.lines[number]
    said = quotation.read(line)
    if not said:
        return None
    if is_heading(line) and not (said.by or said.again):
        over = not before.begun and not quotation.speaker(page.after(number)) and len(page.after(number)) <= SHORT
        if over or line.strip(quotation.MARKS)[-1:] not in ".!?…":
            return [Piece(Kind.HEADING, line)]
    above = before[-1].text if before and before[-1].kind is Kind.PROSE else ""
    told = quotation.told_of(above) or quotation.begun(above) or quotation.says(above)
    last = told or before.by.partition(",")[0]
    by = said.by or (last if said.again else "")
    quote = Piece(Kind.QUOTE, said.text, by=by, label=line[0], unclosed=said.unclosed)
    return [quote, Piece(Kind.PROSE, said.after)] if said.after else [quote]


def _addressed(page: _Page, number: int, before: _Told) -> list[Piece] | None:
    """Return the greeting that a line is, or the link that it ends with and asks to follow."""
    line = page.lines[number]
    shouted = line.isupper() and len(line.split()) > 2
    if GREETING.match(line) and len(line) <= SHORT and not shouted:
        title = bool(WELCOME.fullmatch(line)) and not line.endswith("!") and not before.begun
        return [Piece(Kind.HEADING if title else Kind.GREETING, line)]
    led = LED.fullmatch(line)
    if led and led["words"][-1:] in {"", *"?.!:"} and invitation.ACTION.match(led["label"]):
        return [Piece(Kind.CTA, led["words"], label=led["label"], href=led["href"])]
    return None


def _text(page: _Page, number: int, before: _Told) -> list[Piece]:
    """Return what a line is that nothing else is known of: a call to action, a heading, or prose."""
    line, following, short = page.lines[number], page.after(number), is_heading(page.lines[number])
    # A short line above a paragraph is its heading, even if it begins with "Visit".
    leads = following.endswith(":") and len(following) <= SHORT
    title = short and _labels(following) and not leads and not NOW.fullmatch(line)
    steps = line.endswith(":") and number + 1 in page.points and page.points[number + 1].mark != "-"
    reaches = line.endswith(":") and (number + 1 in page.contacts or bool(reached.REACH.search(following)))
    marked = (
        title
        or oneline.LONE_FACT.match(line)
        or steps
        or reaches
        or "](http" in line
        or furniture.BESIDE.fullmatch(line)
    )
    invited = None if marked else invitation.read(line, alone=not title, language=page.language)
    if invited and (invited.href or not following or before.begun):
        return [Piece(Kind.CTA, invited.text, label=invited.label, href=invited.href)]
    last = not following or furniture.is_navigation(following)
    if last and NOW.fullmatch(line) and len(line.split()) > FEW and before and before[-1].kind is Kind.HEADING:
        return [Piece(Kind.PROSE, line)]
    if short and not (quotation.speaker(line) and FACT.fullmatch(following)):
        return [Piece(Kind.HEADING, line.rstrip(":") if line.isupper() else line)]
    return [Piece(Kind.PROSE, line)]


#: Who say what a line is, in this order: the first who knows it. The last one always does.
READERS = (_placed, _dated, _aside, _addressed, _said, _text)


def _filed(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return what a page is filed under, by the numbers of the lines "Topics" and the short one below."""
    found: dict[int, tuple[str, ...]] = {}
    for number, (line, under) in enumerate(pairwise(lines)):
        if not number or not furniture.FILED.fullmatch(line):
            continue
        if furniture.FILED.fullmatch(under) or (line.endswith(":") and furniture.is_navigation(under)):
            # Filed under nothing.
            found[number] = ()
        elif len(under) <= SHORT and not under.endswith((".", ":")):
            found |= {number: (), number + 1: tuple(filter(None, (tag.strip("•*· ") for tag in under.split(","))))}
            found |= {
                number + 2 + n: (tag.lstrip("•*· "),)
                for n, tag in enumerate(_listed_tags(lines[number + 2 : number + 2 + TAGS]))
            }
    return found


def _listed_tags(lines: Sequence[str]) -> Sequence[str]:
    """Return the first of *lines* if they are more tags, each on its own: short, and then comes furniture."""
    for number, line in enumerate(lines):
        if furniture.is_navigation(line) or furniture.FILED.fullmatch(line) or furniture.BESIDE.fullmatch(line):
            return lines[:number]
        if len(line.split()) > FEW or line.endswith((".", ":", "!", "?")):
            return ()
    # The page may end with them.
    return lines if len(lines) < TAGS else ()


def _days(lines: Sequence[str]) -> dict[int, dates.Dateline]:
    """Return the lines that date an article without naming a year: under a title, and above its text.

    One that does not say that it is a date is one only in the head of the page, or under every teaser's title.
    """
    found = {number: said for number, line in enumerate(lines) if (said := dates.yearless(line))}
    bare = [number for number in found if not found[number].named]
    told = next((number for number, line in enumerate(lines) if not is_heading(line) and len(line) > SHORT), 0)
    if any(number + 1 < len(lines) and agenda.is_hour(lines[number + 1]) for number in bare):
        # What has an hour is an event.
        bare = []
    under = all(
        number and is_heading(lines[number - 1]) and number + 1 < len(lines) and not is_heading(lines[number + 1])
        for number in bare
    )
    # A page may tell its day above its title, and under it again.
    one = len({found[number].at for number in bare}) == 1 and bare[0] > 0 and bare[-1] < told
    kept = one or (len(bare) > 1 and under)
    return {number: said for number, said in found.items() if said.named or kept}


def _sourced(lines: Sequence[str]) -> dict[int, datetime]:
    """Return the days under titles of a list, each with whose news it is: ``11 May 2025 - Norrvik College``."""
    found = {
        number: opening[0]
        for number, line in enumerate(lines[1:-1], 1)
        if len(line) <= SHORT and (opening := dates.start(line))
        if is_heading(lines[number - 1]) and len(lines[number + 1]) > SHORT
    }
    found |= {
        number: said.at
        for number, line in enumerate(lines[:-1])
        if len(line) <= SHORT and (filed := FILED_ON.fullmatch(line)) and (said := dates.line(filed["day"]))
        if is_heading(lines[number + 1])
    }
    return found if len(found) > 1 else {}


def _within(lines: Sequence[str], number: int) -> bool:
    """Whether a line stands between two paragraphs, as the heading of the second: it is no day in figures."""
    beside = [*lines[number - 1 : number], *lines[number + 1 : number + 2]]
    return (
        any(map(str.isalpha, lines[number]))
        and len(beside) == 2
        and all(len(line) > SHORT and not is_heading(line) for line in beside)
    )


def _labels(following: str) -> bool:
    """Whether what is *following* a line is text, which it may be the heading of."""
    return bool(following) and not is_heading(following) and not furniture.is_navigation(following)


def _facts(lines: Sequence[str]) -> set[int]:
    """Return the numbers of lines such as ``Length: 62 metres`` that stand together: facts, not headings."""
    labelled = {
        number
        for number, line in enumerate(lines)
        if FACT.fullmatch(line)
        and not together.FACT_BOX.match(line)
        and (oneline.aside(line) is None or EVENT_DATE.match(line))
    }
    # What stands twice is a title.
    told = {number for number in labelled if _beside(lines, number).isdisjoint({lines[number].casefold()})}
    return {number for number in told if {number - 1, number + 1} & told}


def _beside(lines: Sequence[str], number: int) -> set[str]:
    return {line.casefold() for line in (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])}
