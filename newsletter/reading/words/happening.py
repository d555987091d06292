"""Find the events that an article tells of, and write them as a block of events.

An event is a line of its own: a day, often an hour, and a title (``Onsdag 14 maj kl. 13: Öppet hus, Aulan``), or a
title above its day, or facts with names (``Datum: …``, ``Plats: …``). What is told in running text stays text, and
so does what was over when the article came out: a chronicle is no calendar.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, islice, takewhile

from newsletter.issuefile import dialect
from newsletter.issuefile.blocks import event
from newsletter.model import Event
from newsletter.reading.words import facts
from newsletter.reading.words.almanac import DAYS, MONTH, MONTHS, WEEKDAYS
from newsletter.reading.words.later import later

_NTH = r"(?:st|nd|rd|th|:[ea]|\.)?"
_TO = r"\s*(?:[–—-]|to|till|och|and)\s*"
_DAY = rf"""(?:(?P<weekday>{DAYS})\.?,?\s+)?(?:den\s+|the\s+)?(?:
    (?P<y1>20\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)
    |(?P<d2>\d\d?){_NTH}(?:\s+(?P<m2>{MONTH})\.?)?{_TO}(?P<e2>\d\d?){_NTH}\s+(?P<n2>{MONTH})\.?(?:,?\s+(?P<y2>20\d\d))?
    |(?P<d3>\d\d?){_NTH}\s+(?:of\s+)?(?P<m3>{MONTH})\b\.?(?:,?\s+(?P<y3>20\d\d))?
    |(?P<m4>{MONTH})\.?\s+(?P<d4>\d\d?){_NTH}(?:{_TO}(?P<e4>\d\d?){_NTH})?(?:,?\s+(?P<y4>20\d\d))?
    |(?P<d5>\d\d?)/(?P<m5>\d\d?)(?:[\s-](?P<y5>20\d\d))?
    |(?P<d6>\d\d?)\.\s?(?P<m6>\d\d?)\.\s?(?P<y6>20\d\d)
)(?![\w/])"""
_CLOCK = r"(?:[01]?\d|2[0-3])(?:(?:[.:]|h(?=\d))[0-5]\d)?"
_HOUR = rf"""(?:(?P<at>(?:(?:från|from)\s+)?(?:klo\b|kl\.?|klockan)|at|from|från|um|à)\s*)?
    (?P<from>{_CLOCK})\s*(?P<half>[ap]\.?m\.?)?
    (?:\s*(?:[–—-]|to|till|until)\s*(?P<to>{_CLOCK})\s*(?P<half2>[ap]\.?m\.?)?)?(?:\s*(?P<uhr>uhr|h)\b)?(?![\w.:]*\d)"""
_WHEN = rf"{_DAY}(?:(?:,?\s+|\s*[,|·•–—(-]\s*){_HOUR}\)?)?"
_BETWEEN = r"(?:\s*[:|·•]\s*|\s+[–—-]\s+|,\s+)"
WHEN = later(_WHEN, re.IGNORECASE | re.VERBOSE)
HOUR = later(_HOUR, re.IGNORECASE | re.VERBOSE)
OPENS = later(rf"{_WHEN}{_BETWEEN}(?P<title>\S.{{1,139}})", re.IGNORECASE | re.VERBOSE)
#: After an hour, a title needs no sign before it: ``14 juni 18.00 Sommarfest``.
GOES_ON = later(
    rf"{_DAY}(?:,?\s+|\s*[|·•]\s*){_HOUR}\s+(?P<title>(?-i:[A-ZÅÄÖ0-9“”\"«]).{{2,139}})",
    re.IGNORECASE | re.VERBOSE,
)
CLOSES = later(
    rf"(?P<title>\S.{{2,99}}?){_BETWEEN}{_WHEN}(?:{_BETWEEN}(?P<place>\S.{{1,80}}))?[.]?",
    re.IGNORECASE | re.VERBOSE,
)
ALONE = later(rf"{_WHEN}(?:{_BETWEEN}(?P<place>\S.{{1,80}}))?", re.IGNORECASE | re.VERBOSE)
#: An hour that stands behind the title.
ENDS = later(rf",?\s+(?=klo?[.\s]|klockan|at\s|from\s|från\s){_HOUR}", re.IGNORECASE | re.VERBOSE)
#: The names of the columns of a table of events.
COLUMNS = re.compile(r"(?:datum|dag|när|date|day|when|pvm)(?: · [^\W\d][\w /-]{0,24}){1,5}", re.IGNORECASE)
#: A number that may be a day, and how far before and after it the month stands, in characters.
NUMBER, BEFORE, AFTER = re.compile(r"\d(?<![\w/.:-]\d)"), 14, 24
#: Any text that tells of a day has one of these: the rest is not looked through.
HINT = later(
    rf"\d\s*(?:{_NTH}\s+(?:of\s+)?(?:{MONTH})\b|/\d|-\d\d-\d\d|\.\s?\d\d?\.\s?20\d)|\b(?:{MONTH})\.?\s+\d",
    re.IGNORECASE,
)
LINK = re.compile(r"(?<!\\)\[(?:\\.|[^\[\]\\])*\]\((?P<href>[^)\s]+)\)")
POINT = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s+")
#: The number of a section.
COUNTED = re.compile(r"^\d{1,2}\\?[.)]\s+")
#: Headings of lists of events.
LISTS = re.compile(
    r"(?:kommande |våra |upcoming |our )?(?:kalender|evenemang|aktiviteter|program(?:me)?|events?|calendar|dates|"
    r"termine|veranstaltungen|datum|tider|på gång|coming up|save the date)[:!]?",
    re.IGNORECASE,
)
#: What a page of events is called; under the days of a programme stand its parts.
CALENDAR = re.compile(
    r"(?:kommande |våra |upcoming |our )?(?:[^\W\d]{0,20}kalender|kalendarium|evenemang|aktiviteter|"
    r"events?(?: calendar)?|calendar|termine|veranstaltungen|på gång|coming up|what.s on)",
    re.IGNORECASE,
)
#: What was announced with a year is looked for this long before the announcement, and the rest of a year after it.
LATE = timedelta(days=30)
#: Where one sentence follows another: in more characters than these that is a paragraph that begins with a day.
BRIEF = 50
SENTENCE = re.compile(r"[.!?]\s+[A-ZÅÄÖ]")
#: A place that says that it is one.
PLACED = re.compile(
    r"(?P<title>\S.*?)[\s,;.–—-]+(?:plats|lokal|place|venue|location)\s*:\s*(?P<place>\S.{1,59})", re.IGNORECASE
)
#: A place is at most this long, in characters.
PLACE = 60
FENCE = ":::"
#: A block that is nothing but a picture.
DRAWN = re.compile(r"!\[[^\]\n]{0,1000}\]\([^()\s]{1,2000}\)")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: *when* as the block of events writes it, its first *day*, and whether an hour is told."""

    when: str
    day: date
    title: str = ""
    place: str = ""
    url: str = ""
    timed: bool = False


def gathered(markdown: str, title: str, near: datetime) -> str:
    """Return an article's text with the events in it as blocks of events.

    *title* is the article's, which is the event's own where facts have no other. *near* is when it came out: a day
    without a year is the next one from there.
    """
    if not _may_tell(markdown):
        return markdown
    reader = _Reader(title, near.date())
    blocks = markdown.split("\n\n")
    hints = [*map(_may_tell, blocks), False]
    inside, number, done = False, 0, list[str]()
    opens = next((at for at, block in enumerate(blocks) if not DRAWN.fullmatch(block)), 0)
    while number < len(blocks):
        block = blocks[number]
        fences = sum(line.startswith(FENCE) for line in block.split("\n"))
        inside ^= fences % 2 == 1
        if inside or fences or not (hints[number] or hints[number + 1]):
            done.append(block)
            number += 1
            continue
        used, found = reader.at(blocks, number, opens=number == opens)
        done += _merged(done, found) if found else blocks[number : number + 1]
        number += used if found else 1
    return "\n\n".join(done)


def _may_tell(markdown: str) -> bool:
    """Whether a day may be told in a text: a quick look, before the long one."""
    numbers = [found.start() for found in NUMBER.finditer(markdown)]
    if len(numbers) * (BEFORE + AFTER) > len(markdown):
        return bool(HINT.search(markdown))
    return any(HINT.search(markdown, max(0, at - BEFORE), at + AFTER) for at in numbers)


def _merged(done: list[str], found: Sequence[str]) -> Sequence[str]:
    """Return what to add for *found*: events right under events are one block with them."""
    if done and done[-1].startswith("::: events\n") and found[0].startswith("::: events\n"):
        rows = [*done.pop().split("\n")[:-1], *found[0].split("\n")[1:-1]]
        return ["\n".join([*dict.fromkeys(rows), FENCE]), *found[1:]]
    return found


def tells(line: str) -> bool:
    """Whether a line of plain text is an event, or the day and hour of one, and nothing else."""
    for form in (ALONE, OPENS, GOES_ON, CLOSES):
        found = form.fullmatch(line)
        if found and (hours(found) or found["weekday"]):
            title = found.groupdict().get("title") or ""
            return len(title) <= BRIEF or not SENTENCE.search(title)
    return False


class _Reader:
    """Reads the blocks of one article."""

    def __init__(self, title: str, near: date) -> None:
        self._title, self._near = title, near

    def at(self, blocks: Sequence[str], number: int, *, opens: bool) -> tuple[int, Sequence[str]]:
        """Return how many blocks at *number* are events, and what to write for them; nothing if they are none.

        *opens* means that the article's words begin there.
        """
        lines = _lines(blocks[number])
        headed = facts.HEADING.fullmatch(blocks[number])
        if headed and (asked := facts.asked(blocks, number)):
            return 2 * len(asked), self._facts(asked)
        if headed:
            return self._headed(headed["title"], blocks, number)
        apart = [*takewhile(facts.is_one, islice(blocks, number, number + facts.MOST))]
        if len(apart) > 1 and (found := self._facts([*chain(*map(_lines, apart))])):
            return len(apart), found
        if found := self._facts(lines) or (self._titled(lines) if opens else ()):
            return 1, found
        told = lines[1:] if COLUMNS.fullmatch(dialect.inline(lines[0])) else lines
        events = [self._line(line) for line in told]
        known = [one for one in events if one]
        if len(known) < len(events) or not any(self._is_ahead(one) for one in known):
            return 1, ()
        if len(known) > 1 or known[0].timed:
            return 1, [block(known)]
        return 1, ()

    def _headed(self, title: str, blocks: Sequence[str], number: int) -> tuple[int, Sequence[str]]:
        """Read a heading with the day of what it names under it."""
        under = blocks[number + 1] if number + 1 < len(blocks) else ""
        if listed := self._listed(dialect.inline(title), under):
            return 2, [block(listed)]
        if "\n" in under:
            return 1, ()
        title = COUNTED.sub("", title)
        said = facts.HEADING.fullmatch(under)
        found = ALONE.fullmatch(dialect.inline(said["title"] if said else under)) if len(under) < 200 else None
        one = self._made(found, dialect.inline(title), found["place"] or "") if found else None
        if one is None or not self._is_ahead(one) or not (one.timed or "–" in one.when):
            return 1, ()
        if one.place and (
            LISTS.fullmatch(dialect.inline(title)) or any(map(self._line, blocks[number + 2 : number + 3]))
        ):
            # A heading over a list: what stands beside the day is the title.
            return 1, ()
        one, used = replace(one, url=_href(title)), 2
        after = [facts.HEADING.fullmatch(block) for block in blocks[number + 2 : number + 4]]
        if after and after[0] and not one.place and (len(after) < 2 or after[1]):
            # The titles of other events have their day under them, and this has another title.
            one, used = replace(one, place=dialect.inline(after[0]["title"])), 3
        # A heading over more than its day stays the heading of that.
        kept = [blocks[number]] if after and not after[0] else []
        return used, [*kept, block([one])]

    def _listed(self, day: str, under: str) -> Sequence[Happening]:
        """Read a list with hours under the *day* that is its heading, on a page of events; all or nothing."""
        found = ALONE.fullmatch(day)
        if found is None or hours(found) or found["place"] or not CALENDAR.fullmatch(self._title):
            return ()
        lines = under.replace("\\\n", "\n").split("\n")
        bare = (POINT.sub("", line, count=1) for line in lines)
        told = [(self._line(_on(day, dialect.inline(line))), _href(line)) for line in bare]
        known = [replace(one, url=url) for one, url in told if one and one.timed and self._is_ahead(one)]
        return known if len(known) == len(lines) else ()

    def _titled(self, lines: Sequence[str]) -> Sequence[str]:
        """Read the day and hour that open an article as its own event's; after a comma stands the place."""
        words = dialect.inline(lines[0]) if len(lines) == 1 else ""
        found = ALONE.fullmatch(words) if len(words) < 200 else None
        place = (found["place"] or "") if found else ""
        if found is None or not self._title or len(place) > PLACE or LISTS.fullmatch(self._title):
            return ()
        if place and not words[: found.start("place")].rstrip().endswith(","):
            return ()
        one = self._made(found, self._title, place)
        return [block([one])] if one and one.timed and self._is_ahead(one) else ()

    def _facts(self, lines: Sequence[str]) -> Sequence[str]:
        """Read ``Datum: …``, ``Tid: …``, ``Plats: …``; what other facts stand among them stays."""
        said = facts.told(lines)
        if "day" not in said and WHEN.match(said.get("hour", "")):
            # The time of some has its day, too.
            said["day"] = said.pop("hour")
        if "day" not in said or len(said) < 2:
            return ()
        found = WHEN.fullmatch(f"{said['day']} {said['hour']}" if "hour" in said else said["day"])
        if found is None and "hour" in said and HOUR.fullmatch(said["hour"]):
            found = WHEN.fullmatch(said["day"])
        one = self._made(found, self._title, said.get("place", "")) if found else None
        if one is None or not self._is_ahead(one):
            return ()
        rest = [f"- {line}" for line in lines if not facts.NAMED.fullmatch(dialect.inline(line))]
        return [block([one]), *(["\n".join(rest)] if rest else [])]

    def _line(self, line: str) -> Happening | None:
        """Read one line that is an event."""
        words = dialect.inline(line)
        if found := OPENS.fullmatch(words) or GOES_ON.fullmatch(words):
            title, place = _parted(found["title"])
        elif not facts.NAMED.fullmatch(words) and (found := CLOSES.fullmatch(words)):
            title, place = found["title"], found["place"] or ""
        else:
            return None
        wordless = not any(map(str.isalpha, title))
        if wordless or (SENTENCE.search(title) and len(title) > BRIEF) or _goes_on(title):
            return None
        one = self._made(found, title, place)
        return replace(one, url=_href(line)) if one else None

    def _made(self, found: re.Match[str], title: str, place: str) -> Happening | None:
        days = self._days(found)
        if days is None:
            return None
        first, last = days
        told = hours(found)
        if not told and (behind := ENDS.search(title)) and behind.end() == len(title.rstrip(" .")):
            title, told = title[: behind.start()], hours(behind)
        when = first.isoformat()
        if told:
            when += f" {told[0]}" + (f"–{told[1]}" if told[1] else "")
        elif last > first:
            when += f" – {last.isoformat()}"
        return Happening(when, first, title.strip(" .:–-"), place.strip(" ."), timed=bool(told))

    def _days(self, found: re.Match[str]) -> tuple[date, date] | None:
        """Return the first and the last day, None for one that there is not."""
        parts = found.groupdict()
        form = next(number for number in "123456" if parts[f"d{number}"])
        named = parts[f"m{form}"] or parts["n2"]
        month = MONTHS.get(named.casefold()) or (int(named) if named.isdigit() else 0)
        day, ends = int(parts[f"d{form}"]), int(parts.get(f"e{form}") or 0)
        weekday = WEEKDAYS.get((parts["weekday"] or "").casefold()[:3])
        year = int(parts[f"y{form}"] or 0) or self._year(month, day, weekday)
        try:
            first = date(year, month, day)
            closing = MONTHS[parts["n2"].casefold()] if parts["n2"] else month
            last = date(year + (closing < month), closing, ends) if ends else first
        except ValueError:
            return None
        return (first, last) if last >= first else None

    def _year(self, month: int, day: int, weekday: int | None) -> int:
        """Return the year of a day that names none: the next one, on the weekday that is said."""
        days = []
        for year in range(self._near.year - 1, self._near.year + 3):
            try:
                days.append(date(year, month, day))
            except ValueError:
                continue
        coming = [one for one in days if one >= self._near - LATE]
        said = [one for one in coming[:2] if weekday is None or one.weekday() == weekday]
        return next(iter(said or coming), self._near).year

    def _is_ahead(self, one: Happening) -> bool:
        return one.day >= self._near


def has_hours(lines: Iterable[str]) -> bool:
    """Whether *lines* are facts of an event that tell its hours; a day and a place may be those of a release."""
    said = facts.told(lines)
    found = WHEN.match(said.get("day", ""))
    return len(said) > 1 and ("hour" in said or bool(found and hours(found)))


def _lines(block: str) -> list[str]:
    """Return the lines of a block, without the signs of a list."""
    return [POINT.sub("", line, count=1) for line in block.replace("\\\n", "\n").split("\n")]


def hours(found: re.Match[str]) -> tuple[str, str] | None:
    """Return from when to when, as 13:00; a number alone is no hour unless something says so."""
    began, ends, half, half2 = found["from"], found["to"], found["half"], found["half2"]
    if not began or not (found["at"] or ends or half or found["uhr"] or set(".:h") & set(began)):
        return None
    return _clock(began, half or half2), _clock(ends, half2 or half) if ends else ""


def _on(day: str, words: str) -> str:
    """Return the *words* of an event with its *day* before its hour."""
    found = next((one for one in HOUR.finditer(words) if hours(one)), None)
    return f"{words[: found.start()]}{day} {words[found.start() :]}" if found else words


def _goes_on(title: str) -> bool:
    """Whether what stands after a day is its hour and a full stop: what follows is running text."""
    found = HOUR.match(title)
    return bool(found and hours(found) and ". " in title[found.end() - 1 : found.end() + 2])


def _clock(said: str, half: str | None) -> str:
    hour, _, minute = re.sub("[.h]", ":", said).partition(":")
    number = int(hour)
    if half and number <= 12:
        number = number % 12 + (12 if half[0].casefold() == "p" else 0)
    return f"{number:02}:{minute or '00'}"


def _parted(words: str) -> tuple[str, str]:
    """Return title and place of ``Öppet hus, Aulan`` or ``Öppet hus | Aulan``; "" for no place."""
    if named := PLACED.fullmatch(words):
        return named["title"].rstrip(" ,;.–—-"), named["place"].strip()
    for sign in (" | ", " · ", " – ", " @ ", ", "):
        title, found, place = words.partition(sign)
        if found and 1 < len(place) <= PLACE and place[0].isupper() and sign not in place.rstrip("."):
            return title, place
    return words, ""


def _href(markdown: str) -> str:
    found = LINK.search(markdown)
    return found["href"] if found else ""


def block(events: Iterable[Happening]) -> str:
    """Return *events* as a block of an issue."""
    return "\n".join(["::: events", *map(_row, events), FENCE])


def _row(one: Happening) -> str:
    """Return the line of an event: its title is Markdown, its place plain words."""
    place = one.place.translate(str.maketrans("{}\\", "()/"))
    return event.write(Event(one.when, dialect.escape(one.title), place, one.url))
