"""Slips of the pen: doubled words, wrong weekdays, events that are over, stories given twice."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from newsletter.errors import shortened
from newsletter.gate.proof import Proof, warning
from newsletter.model import Events, Featured, Finding

#: Words that no sentence says twice in a row. "That that", "had had" and Swedish "det det" are sentences.
CODE = re.compile("`[^`]{0,500}`")
DOUBLED = re.compile(
    r"\b(the|a|an|and|of|or|to|our|your|their|with|from|by|for|och|av|ett|till|från|eller|att|som|vår|med)\s+\1\b(?!-)",
    re.IGNORECASE,
)
#: A weekday and the whole date beside it: "Tuesday, June 12, 2025", "tisdag den 12 juni 2025".
_WORD = r"[^\W\d_]+"
DATED = re.compile(
    rf"\b({_WORD})\.?,?\s+(?:the\s+|den\s+)?"
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th|\.|:e)?(?:\s+of)?\s+({_WORD})|({_WORD})\s+(\d{{1,2}})(?:st|nd|rd|th)?)\.?,?\s+(\d{{4}})\b"
    rf"|\b({_WORD})\.?,?\s+(\d{{4}})-(\d{{2}})-(\d{{2}})\b"
)
#: A time to send that is a day alone.
ALL_DAY = re.compile(r"""send_at:\s*["']?(\d{4}-\d{2}-\d{2})["']?\s*(?:#|$)""")
#: A year with a 29 February, for a day that names none.
LEAP = 2024
#: A day that some month has not, and its month beside it: "31 November", "February 30th", "2026-02-29". A number
#: behind a month may count something else, as in "in November 31 people": it needs a sign that it is a day.
LATE = re.compile(
    rf"\b(?P<day>29|30|31)(?:st|nd|rd|th|\.|:e)?\s+(?:of\s+)?(?P<month>{_WORD})\.?(?:,?\s+(?P<year>\d{{4}}))?\b"
    rf"|\b(?P<first>{_WORD})\s+(?P<second>29|30|31)(?:(?:st|nd|rd|th)\b|(?=,?\s+\d{{4}}\b)|(?=[.,;:)]|\s*$))"
    r"(?:,?\s+(?P<third>\d{4})\b)?"
    r"|\b(?P<iso>\d{4})-(?P<number>\d{2})-(?P<last>29|30|31)\b"
)

#: A day of a month in words, or with a slash: "5 december", "December 5th", "5/12".
_YEAR = r"(?:,?\s+(?P<year>\d{4})\b)?"
SPOKEN = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|:e)?\s+(?:of\s+)?(?P<month>{_WORD})\.?{_YEAR}"),
    re.compile(rf"\b(?P<month>{_WORD})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}"),
)
SLASHED = re.compile(r"\b(?!24/7)\d{1,2}/\d{1,2}\b")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield the slips."""
    rows = proof.issue.source.splitlines()
    for block in proof.issue.blocks:
        for number in range(max(block.span.start, 0), min(block.span.end, len(rows))):
            if not rows[number].lstrip().startswith((":::", "<!--")):
                yield from _row(f"{proof.issue.path}:{number + 1}", rows[number], proof.issue.language)
    yield from _front(proof)
    yield from _hour(proof)
    yield from _past(proof)
    yield from _unread(proof)
    yield from _twice(proof)


def _front(proof: Proof) -> Iterator[Finding]:
    for name, value in (("subject", proof.subject), ("preheader", proof.preheader)):
        yield from _row(proof.field(name), value, proof.issue.language)


def _hour(proof: Proof) -> Iterator[Finding]:
    """Warn of a day to send without an hour, which is midnight."""
    number = proof.issue.lines.get("send_at", 0)
    if number and (found := ALL_DAY.match(proof.issue.source.splitlines()[number - 1])):
        what = "send_at names a day and no hour: the letter leaves at midnight"
        yield warning(
            "send-at-hour", proof.field("send_at"), what, f"write the hour too: send_at: {found[1]}T09:00"
        )


def _row(place: str, row: str, language: str) -> Iterator[Finding]:
    for code, what, remedy in _slips(row, language):
        yield warning(code, place, what, remedy)


@lru_cache(maxsize=4096)
def _slips(row: str, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return the slips of a line, once for all variants: the id, what it is and what to do."""
    slips = []
    words = CODE.sub("·", re.sub(r"\]\([^()]{0,1000}\)", " ", row))
    if found := DOUBLED.search(words):
        what = f"a word stands twice: “{' '.join(found[0].split())}”"
        slips.append(("word-doubled", what, f"write “{found[1]}” once"))
    for found in DATED.finditer(row):
        day, said = _day(found, language), _weekday(found[1] or found[7], language)
        if day and said is not None and day.weekday() != said:
            right = _days(language)[day.weekday()][0]
            what = f"“{shortened(found[0])}”: {day:%Y-%m-%d} is a {right}"
            slips.append(("date-weekday", what, "correct the weekday or the date"))
    slips += (("date-impossible", what, "correct the date") for what in _impossible(words, language))
    return tuple(slips)


def _impossible(row: str, language: str) -> Iterator[str]:
    """Yield what is wrong with each day of a line that its month has not."""
    for found in LATE.finditer(row):
        day = int(found["day"] or found["second"] or found["last"])
        month = int(found["number"]) if found["number"] else _month(found["month"] or found["first"], language)
        year = int(found["year"] or found["third"] or found["iso"] or LEAP)
        if month and month <= 12 and day > (days := monthrange(max(year, 1), month)[1]):
            named = next(_locales(language)).months["format"]["wide"][month]
            yield f"“{found[0]}”: {named}{'' if year == LEAP else f' {year}'} has {days} days"


def _day(found: re.Match[str], language: str) -> date | None:
    try:
        if found[7]:
            return date(int(found[8]), int(found[9]), int(found[10]))
        month = _month(found[3] or found[4], language)
        return date(int(found[6]), month, int(found[2] or found[5])) if month else None
    except ValueError:
        return None


def _locales(language: str) -> Iterator[Locale]:
    """Yield what knows the names of days and months: the letter's language, and English."""
    for code in dict.fromkeys((language, "en")):
        try:
            yield Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue


def _days(language: str) -> list[list[str]]:
    """Return the names of each weekday, Monday first."""
    return [
        [each.days[kind][width][number].rstrip(".") for each in _locales(language) for kind, width in _WIDTHS]
        for number in range(7)
    ]


_WIDTHS = (("format", "wide"), ("format", "abbreviated"))


def _weekday(word: str, language: str) -> int | None:
    low = word.casefold().removesuffix("en") if language.startswith("sv") else word.casefold()
    for number, names in enumerate(_days(language)):
        if low in {name.casefold() for name in names}:
            return number
    return None


def _month(word: str, language: str) -> int | None:
    for each in _locales(language):
        for kind, width in _WIDTHS:
            for number, name in each.months[kind][width].items():
                if word.casefold() == name.rstrip(".").casefold():
                    return int(number)
    return None


def _past(proof: Proof) -> Iterator[Finding]:
    """Warn of an event that is over when the letter is sent: when it says, or today."""
    sent = proof.issue.send_at or proof.beside.now
    when = f"when the letter is sent, on {sent:%Y-%m-%d}" if proof.issue.send_at else "already"
    for block in proof.issue.blocks:
        for event in block.items if isinstance(block, Events) and sent else ():
            # One that lasts longer names its end too.
            lasts = re.search(r"\d{4}.*\d{4}|–|/| - ", event.when)
            if sent and event.at and event.at.date() < sent.date() and not lasts:
                what = f"“{shortened(event.title, 40)}” is over {when}"
                place = proof.near(event.title, default=proof.block(block))
                yield warning("event-past", place, what, "correct the date, or take the event out")


def _unread(proof: Proof) -> Iterator[Finding]:
    """Warn of an event whose day stands there in words: no calendar takes it, and nobody sees when it is over."""
    since = proof.issue.send_at or proof.beside.now
    for block in proof.issue.blocks:
        for event in block.items if isinstance(block, Events) else ():
            said = _said(event.when, proof.issue.language)
            if event.at or not (said or SLASHED.search(event.when)):
                continue
            day = _coming(*said, since.date()) if said and since else None
            what = (
                f"the day of “{shortened(event.title, 40)}” is told in words: readers cannot add it to a calendar"
            )
            meant = f"{day:%Y-%m-%d} 18:00" if day else "2025-06-10 18:00"
            place = proof.near(event.when, event.title, default=proof.block(block))
            yield warning("event-unread", place, what, f"begin its line with the day in numbers, as - {meant}")


def _said(when: str, language: str) -> tuple[int, int, int] | None:
    """Return the year (0 for none), month and day that *when* tells in words."""
    for form in SPOKEN:
        for found in form.finditer(when):
            if month := _month(found["month"], language):
                return int(found["year"] or 0), month, int(found["day"])
    return None


def _coming(year: int, month: int, day: int, since: date) -> date | None:
    """Return such a day, the first from *since* on where *year* is 0; None for a day that there is not."""
    for each in (year,) if year else (since.year, since.year + 1):
        try:
            if (found := date(each, month, day)) >= since or year:
                return found
        except ValueError:
            continue
    return None


def _twice(proof: Proof) -> Iterator[Finding]:
    """Warn of an article that the same readers are given twice."""
    seen: dict[tuple[str, str], int] = {}
    for block in proof.issue.blocks:
        if not isinstance(block, Featured) or not (
            block.segment == "" or block.segment in proof.rendered.segments
        ):
            continue
        for key in (("src", block.src), ("title", " ".join(block.title.casefold().split()))):
            if not key[1]:
                continue
            if key in seen:
                what = f"this article stands in the letter already, on line {seen[key]}"
                yield warning("block-doubled", proof.block(block), what, "delete one of the two")
                break
            seen[key] = block.span.start + 1
