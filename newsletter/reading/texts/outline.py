"""Say of each paragraph of a plain-text page what it is: heading, prose, quote, call to action, date, edge …"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newsletter.reading.texts import agenda, listing, oneline, signature
from newsletter.reading.texts.oneline import is_heading
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import dates, furniture, happening, invitation, person, quotation

GREETING = re.compile(
    r"(?:dear|hi|hello|hey|welcome|hej|hejsan|hallå|kära|käre|bästa|bäste|goda?|välkommen|"
    r"välkomna)\b[^.?:]{0,60}[,!]?$",
    re.IGNORECASE,
)
#: A short label, a colon, and what it is: a line of a box of facts or of somebody's contacts.
FACT = re.compile(r"[^\W\d_][\w /-]{1,24}:\s\S[^?]{0,120}(?<![,;:])")
#: How a person is reached: a number of five digits or more that is no date, or a mail address alone on its line.
REACH = re.compile(
    r"(?:(?:tel|tlf|phone|mobil|puh|växel|switchboard|e-?mail|e-?post|mejl)\w*\.?\s*:?\s*)?"
    r"(?:(?<![\d-])(?!\d{4}-\d\d-\d\d\b)\+?\d[\d ()/-]{5,}\d|\S+@\S+\.\w+)\s*$",
    re.IGNORECASE,
)
#: The party behind the name of a politician.
PARTY = re.compile(r"\s+\(\w{1,3}\)$")
#: The fewest points of a list.
LIST = 2
#: The longest point of a menu, in characters.
ENTRY = 30
#: The longest line of such a block, in characters.
SHORT = 60
#: The title of a box of facts.
FACT_BOX = re.compile(r"(?:fakta(?:ruta)?|facts?|fact box|kort om|in short)\s*:", re.IGNORECASE)
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
PRESS = frozenset({"pressmeddelande", "press release", "pressrelease", "media release", "news release"})
#: Navigation, unless text stands under it.
LABELS = frozenset(
    {
        "kontakt",
        "contact",
        "kontakta oss",
        "contact us",
        "kontakt oss",
        "kontakt os",
        "yhteystiedot",
        "press",
        "video",
        "evenemang",
        "events",
        "arrangementer",
        "veranstaltungen",
        "tapahtumat",
        "kalender",
    }
)


def outline(lines: Sequence[str], language: str) -> list[Piece]:
    """Return what each of *lines*, the paragraphs of a page, is, in order."""
    lines = [oneline.day_in_full(line, language) for line in agenda.joined(lines)]
    points = listing.points(lines)
    days = _days(lines)
    facts = _facts(lines)
    contacts = _contacts(lines)
    filed = _filed(lines)
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if number in contacts:
            if contacts[number]:
                pieces.append(Piece(Kind.SIGNATURE, "\n".join(contacts[number])))
        elif number in filed:
            pieces.append(Piece(Kind.TAGS, tags=filed[number]))
        elif point := points.get(number):
            pieces.append(Piece(Kind.POINT, point.text, label=point.mark))
        elif _labels(line, following) or (line.casefold().rstrip(":") in LABELS and number + 1 in contacts):
            pieces.append(Piece(Kind.HEADING, line.rstrip(":")))
        elif number in facts:
            pieces.append(Piece(Kind.POINT, line, label="-"))
        elif said := days.get(number):
            pieces.append(Piece(Kind.DATE, at=said.at, by=said.author, changed=said.changed))
        elif (said := dates.line(line)) and not said.named and _within(lines, number):
            pieces.append(Piece(Kind.HEADING, line))
        elif not dates.line(line) and happening.tells(line):
            pieces.append(Piece(Kind.PROSE, line))
        elif number and lines[number - 1].casefold() in PRESS and (said := dates.placed(line)):
            pieces.append(Piece(Kind.DATE, at=said.at))
        elif line.casefold() in DETAILS and oneline.is_about(following):
            pieces.append(Piece(Kind.EDGE))
        elif pieces and pieces[-1].kind in {Kind.DATE, Kind.AUTHOR} and (filed_in := FILED_IN.fullmatch(line)):
            pieces.append(Piece(Kind.TAGS, tags=(filed_in["tags"],)))
        elif furniture_ := oneline.aside(line):
            pieces.append(furniture_)
        elif about := oneline.about(line):
            pieces += about
        else:
            pieces += _text(line, following, pieces, language)
    return list(signature.signed(list(_whole(_attributed(_bulleted(_opened(pieces)))))))


def _filed(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return what a page is filed under, by the numbers of the lines "Topics" and the short one below."""
    found: dict[int, tuple[str, ...]] = {}
    for number, (line, under) in enumerate(pairwise(lines)):
        if number and furniture.FILED.fullmatch(line) and len(under) <= SHORT and not under.endswith((".", ":")):
            found |= {number: (), number + 1: tuple(tag.strip() for tag in under.split(",") if tag.strip())}
    return found


def _opened(pieces: list[Piece]) -> list[Piece]:
    """Make text of the line that a list goes on from: ``The programme is open to companies that``."""
    return [
        replace(piece, kind=Kind.PROSE)
        if piece.kind is Kind.HEADING and after.kind is Kind.POINT and after.text[:1].islower()
        else piece
        for piece, after in zip(pieces, [*pieces, Piece(Kind.EDGE)][1:], strict=True)
    ]


def _bulleted(pieces: list[Piece]) -> list[Piece]:
    """Make points of short lines in a row that look like headings: a list that a browser copied has no bullets.

    A colon announces them, or the title of a box of facts; without either the first of many is their heading, and
    the last one that of the text under it.
    """
    kept = list(pieces)
    for first, end in _runs(pieces):
        announced = first > 0 and pieces[first - 1].kind is Kind.PROSE and pieces[first - 1].text.endswith(":")
        boxed = bool(FACT_BOX.match(pieces[first].text))
        under = pieces[end] if end < len(pieces) else Piece(Kind.EDGE)
        between = under.kind in {Kind.PROSE, Kind.QUOTE} and len(under.text) > SHORT and _has_begun(pieces[:first])
        # Who may be called has a heading.
        last = end - (under.kind is Kind.SIGNATURE)
        points = range(0)
        if announced and last - first >= LIST:
            points = range(first, last)
        elif boxed and last - first > LIST:
            points = range(first + 1, last)
        elif between and end - first >= LIST + 2:
            points = range(first + 1, end - 1)
        for number in points:
            kept[number] = Piece(Kind.POINT, pieces[number].text, label="-")
    return kept


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield where headings in a row begin and end."""
    first = 0
    for number, piece in enumerate([*pieces, Piece(Kind.EDGE)]):
        if piece.kind is not Kind.HEADING:
            if first < number:
                yield first, number
            first = number + 1


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


def _within(lines: Sequence[str], number: int) -> bool:
    """Whether a line stands between two paragraphs, as the heading of the second."""
    beside = [*lines[number - 1 : number], *lines[number + 1 : number + 2]]
    return len(beside) == 2 and all(len(line) > SHORT and not is_heading(line) for line in beside)


def _labels(line: str, following: str) -> bool:
    """Whether a word of the navigation is a heading here, because text stands under it."""
    under = following and not is_heading(following) and not furniture.is_navigation(following)
    return bool(under) and line.casefold().rstrip(":") in LABELS


def _contacts(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return the blocks that tell how to reach a person, by their first lines; their other lines hold nothing.

    A block is a name on a line of its own and up to four short lines under it, one of them a number or an address.
    """
    found: dict[int, tuple[str, ...]] = {}
    for number, line in enumerate(lines):
        signing = any(signature.CLOSING.fullmatch(one) for one in lines[max(0, number - 4) : number])
        named = line.partition(",")[0]
        if number in found or signing or len(line) > SHORT or not _is_person(named, line):
            continue
        under = list(lines[number + 1 : number + 5])
        ends = [n for n, one in enumerate(under, 1) if len(one) <= SHORT and REACH.search(one)]
        block = under[: ends[-1]] if ends else []
        if block and all(len(one) <= SHORT and not one.endswith(".") for one in block):
            found[number] = (line, *block)
            found |= {number + n: () for n in range(1, len(block) + 1)}
    return found


def _is_person(name: str, line: str) -> bool:
    name = PARTY.sub("", name)
    bodily = "," in line and person.BODIES.search(name)
    return person.is_name(name) and not bodily and not furniture.is_navigation(line)


def _facts(lines: Sequence[str]) -> set[int]:
    """Return the numbers of lines such as ``Length: 62 metres`` that stand together: facts, not headings."""
    labelled = {
        number
        for number, line in enumerate(lines)
        if FACT.fullmatch(line)
        and not FACT_BOX.match(line)
        and (oneline.aside(line) is None or EVENT_DATE.match(line))
    }
    return {number for number in labelled if {number - 1, number + 1} & labelled}


def _text(line: str, following: str, before: Sequence[Piece], language: str) -> list[Piece]:
    """Return what a line of text is, a quote apart from what the writer adds; *following* is the line after it."""
    shouted = line.isupper() and len(line.split()) > 2
    if GREETING.match(line) and len(line) <= SHORT and not shouted:
        return [Piece(Kind.GREETING, line)]
    led = LED.fullmatch(line)
    if led and led["words"][-1:] in {"", *"?.!:"} and invitation.ACTION.match(led["label"]):
        return [Piece(Kind.CTA, led["words"], label=led["label"], href=led["href"])]
    short = is_heading(line)
    said = quotation.read(line)
    if said and short and not (said.by or said.again) and line.strip(quotation.MARKS)[-1:] not in ".!?…":
        return [Piece(Kind.HEADING, line)]
    if said:
        known = next((piece.by for piece in reversed(before) if piece.by and piece.kind is Kind.QUOTE), "")
        above = before[-1].text if before and before[-1].kind is Kind.PROSE else ""
        last = quotation.told_of(above) or quotation.begun(above) or known.partition(",")[0]
        by = said.by or (last if said.again else "")
        quote = Piece(Kind.QUOTE, said.text, by=by, unclosed=said.unclosed)
        return [quote, Piece(Kind.PROSE, said.after)] if said.after else [quote]
    # A short line above a paragraph is its heading, even if it begins with "Visit".
    leads = following.endswith(":") and len(following) <= SHORT
    under = following and not is_heading(following) and not furniture.is_navigation(following) and not leads
    title = short and under and not NOW.fullmatch(line)
    marked = title or "](http" in line
    invited = None if marked else invitation.read(line, alone=not title, language=language)
    if invited and (invited.href or not following or _has_begun(before)):
        return [Piece(Kind.CTA, invited.text, label=invited.label, href=invited.href)]
    if short and not (quotation.speaker(line) and FACT.fullmatch(following)):
        return [Piece(Kind.HEADING, line.rstrip(":") if line.isupper() else line)]
    return [Piece(Kind.PROSE, line)]


def _has_begun(before: Sequence[Piece]) -> bool:
    """Whether text stands *before*, and no menu only."""
    return any(
        piece.kind is Kind.QUOTE or (piece.kind in {Kind.PROSE, Kind.POINT} and len(piece.text) > ENTRY)
        for piece in before
    )


def _attributed(pieces: list[Piece]) -> list[Piece]:
    """Give a quote without a speaker the one on the line above (``NAME says:``) or under it (``NAME, TITLE``)."""
    kept = list(pieces)
    for number, piece in enumerate(pieces):
        if piece.kind is not Kind.QUOTE or piece.by:
            continue
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        if after and (whole := _continued(piece, after)):
            kept[number], kept[number + 1] = Piece(Kind.EDGE, label="speaker"), whole
        elif after and after.kind in {Kind.HEADING, Kind.PROSE} and (by := quotation.speaker(after.text)):
            kept[number], kept[number + 1] = replace(piece, by=by), Piece(Kind.EDGE, label="speaker")
        elif number and (by := quotation.introduced(pieces[number - 1].text)):
            kept[number], kept[number - 1] = replace(piece, by=by), Piece(Kind.EDGE, label="speaker")
        elif number and (by := quotation.told_of(pieces[number - 1].text)):
            kept[number] = replace(piece, by=by)
    return [piece for piece in kept if piece.label != "speaker" or piece.kind is not Kind.EDGE]


def _whole(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield *pieces* with the whole names of those who are quoted by one part of a name that was told before."""
    quoted, told = person.Names(), person.Names()
    for piece in pieces:
        if piece.kind is Kind.QUOTE:
            by = quoted.whole(piece.by)
            piece = replace(piece, by=by if by != piece.by else told.whole(piece.by))
            quoted.add(piece.by.partition(",")[0])
        else:
            told.add(piece.text)
        yield piece


def _continued(piece: Piece, after: Piece) -> Piece | None:
    """Return a quote that goes on in the paragraph after it, where its speaker is told."""
    if after.kind is Kind.QUOTE and piece.unclosed and after.by:
        return replace(after, text=f"{piece.text} {after.text}")
    said = quotation.read(f"– {piece.text} {after.text}") if after.kind is Kind.PROSE else None
    if said and said.by and not said.after and after.text.endswith("."):
        return Piece(Kind.QUOTE, said.text, by=said.by)
    return None
