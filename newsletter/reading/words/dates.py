"""Read the line of a page that says when it was published, and by whom. No clock.

Knows Swedish, English, German, Danish, Norwegian and French, and the months and the commonest words of Finnish,
Dutch, Spanish and Arabic. A day that names no year is in the year `UNTOLD`, until somebody who knows the time says
which one it is (`nearest`).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from newsletter.reading.words.almanac import DAYS, MONTH, MONTHS, WEEKDAYS
from newsletter.reading.words.later import later

#: Zones of Europe and North America by name, in hours ahead of UTC.
ZONES = {
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "WEST": 1,
    "BST": 1,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    # Either half of the year: they are an hour off in summer.
    "ET": -5,
    "CT": -6,
    "PT": -8,
}
#: The year of a day that names none: it is nobody's, and has a 29th of February.
UNTOLD = 4
#: The clock of an hour that names none, which whoever knows where it was written puts right.
UNSAID = timezone(timedelta(0), "unsaid")
_YEAR = r"(?:19|20)\d\d|[-–'’]\d\d(?!\d)"
_DATE = rf"""
    (?:(?P<weekday>{DAYS})\.?,?\s+)?(?:den\s+|the\s+|le\s+|d\.\s+)?
    (?:(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)
     |(?P<d2>\d\d?)(?:[.:]\s?(?P<m2>\d\d?)\.\s?|-(?P<m2b>\d\d?)-)(?P<y2>(?:19|20)\d\d)
     |(?P<d9>\d\d)\.(?P<m9>\d\d)\.(?P<y9>\d\d)(?![.\d])
     |(?P<d5>\d\d?)/(?P<m5>\d\d?)(?:[/\s–-](?P<y5>(?:19|20)\d\d)|/(?P<y11>[0-3]\d)(?![\d/])|\s?(?P<y6>[-–]\d\d(?!\d)))
     |(?P<d3>\d\d?)(?:(?:st|nd|rd|th|er|:[ea]|\.)?\s+|\.)(?:of\s+|de\s+)?(?P<m3>{MONTH})(?:\.?,?\s+|\.)(?:de\s+)?(?P<y3>{_YEAR})
     |(?P<d10>\d\d?)-(?P<m10>{MONTH})-(?P<y10>(?:19|20)\d\d)
     |(?P<m4>{MONTH})\.?\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y4>{_YEAR}))
    (?:(?:T|,?\s+(?:[-|]\s+)?(?:at\s+|kl(?:o|ockan)?\.?\s*|um\s+|à\s+)?)(?P<hour>[01]?\d|2[0-3])(?:[.:]|h(?=\d))(?P<minute>[0-5]\d)(?::\d\d(?:\.\d+)?)?
       \s*(?P<half>[ap]\.?m\.?)?(?:\s*Uhr\b)?\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d\d:?\d\d|UTC|GMT|{"|".join(ZONES)})?)?
"""
#: A day and its month alone. Months that are words of other things are written out, or with a full stop.
_YEARLESS = rf"""
    (?:(?:{DAYS})\.?,?\s+)?(?:den\s+|the\s+)?
    (?:(?P<d7>\d\d?)(?:st|nd|rd|th|:[ea]|\.)?\s*(?:of\s+)?(?P<m7>{MONTH})\.?
     |(?P<m8>{MONTH})\.?\s+(?P<d8>\d\d?)(?:st|nd|rd|th)?)
    # Social networks write the hour and a dot behind it, for who may see it.
    (?:,?\s+(?:at\s+|kl\.?\s*)(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)\s*·)?
"""
_SAID = (
    r"(?:(?:pressmeddelande|nyhet|press\s+release|news)\s+(?=publi|post|updat|uppdat))?"
    r"(?:pressmeddelanden?|press\s+release|nyhet(?:er)?|uuti(?:nen|sia|set)|news|artikel|article|(?:publication\s+)?date(?:\s+published)?|release\s+date(?=\s*:)|datum(?:\s+för\s+publicering)?|publi[cs]erings(?:datum|dato)|gepubliceerd|publicado|veröffentlichungsdatum|udgivelsesdato|(?:first\s+)?published|(?:(?:sidan|artikeln|nyheten|inlägget|texten|senast)\s+)?publicera(?:d|t|des)|(?:editera|redigera)(?:d|t|des)|posted|post(?:at|ad)|(?:page\s+)?(?:last\s+)?updated|"
    r"(?:sidan\s+(?:är\s+)?)?(?:senast\s+)?(?:uppdatera|ändra|granska)(?:d|t|des)|modified|written|submitted|inskickad|skriv(?:en|et)|skapa(?:d|t)|created|gepostet|gespeichert|last\s+(?:modified|changed|reviewed)|"
    r"(?:presse)?(?:mitteilung|meldung)(?=\s+vom)|veröffentlicht|erstellt|stand(?=\s*:|\s\d)|(?:zuletzt\s+)?(?:aktualisiert|geändert)|publisert|publiceret|udgivet|"
    r"(?:sist\s+)?oppdatert|(?:senest|sidst)\s+opdateret|opdateret|publiée?|mise?\s+à\s+jour|modifiée?|"
    r"julkais(?:tu|uajankohta|upäivä)|päivitetty|نُ?شر(?:\s+في)?|تاريخ\s+النشر)"
)
_BY = (
    r"(?:by|av|af|von|par|door|por|text|written\s+by|skriven\s+av|(?:geschrieben|verfasst)\s+von|geschreven\s+door|"
    r"skrevet\s+a[fv]|écrit\s+par|författare|skribent|reporter|author|autor(?:in)?|teksti|"
    r"بقلم)"
)
LINE = later(
    rf"""\W*(?:{_BY}\s*:?\s+(?P<first>[^|·•\d]{{2,60}}?)[\s|,·•–—-]+)?
    (?:(?P<said>{_SAID})(?:\s+(?:av|by|von)\s*:?\s+(?P<posted>[^|·•:]{{2,60}}?))?\s*[:|·•(–—-]?\s*(?:on:?\s+|at\s+|den\s+|am\s+|vom\s+|le\s+)?)?{_DATE}
    (?:,\s+(?:{DAYS}))?(?:\s*[–—-]?\s*(?:nyhet|news|artikel\w{{0,8}}|article|pressmeddelande|press\s+release))?
    (?:[\s|,·•–—-]*(?:\b|(?<=\d)){_BY}\s*:?\s+(?P<by>[^|·•\d]{{2,60}}?))?(?:\s+in\s+[^|·•.\d]{{2,40}})?
    (?:\s*[|·•]\s*[^|·•.]{{0,40}}|[\s,–—-]*\d+\s*min\w*(?:\s+(?:read|läsning|lästid))?){{0,3}}\W*""",
    re.IGNORECASE | re.VERBOSE,
)
#: Between two of them: ``Published: 12 May 2025 Updated: 14 May 2025``.
TWICE = later(
    rf"(?:(?<=\d)|(?<=\S)(?<!senast)(?<!sidan)(?<!last)(?<!page)(?<!är)\s+)(?:[|·•,–—-]\s*)?(?={_SAID}\b)",
    re.IGNORECASE,
)
#: ``Published 14:30, 12 May 2025``: the hour stands before its day.
HOUR_FIRST = later(
    rf"(\W*{_SAID}\s*:?\s*)((?:[01]?\d|2[0-3])[.:][0-5]\d),?\s+(\d\d?\.?\s\w+\s(?:19|20)\d\d)\b", re.IGNORECASE
)
#: An hour with something behind it.
HOUR = re.compile(r"\d[.:][0-5]\d[,\s]")
#: ``12 May 2025Open house``, ``Published 12 May 2025 Open house``: what stands behind a day is no part of it.
RUN_ON = later(
    rf"(?P<day>\W*(?P<said>(?!dat(?:e|um)\b){_SAID}\s*:?\s*)?{_DATE})(?P<gap>\s*)(?P<rest>(?-i:(?![A-Z]{{2,4}}\b)[A-ZÅÄÖ]).{{3,}})",
    re.IGNORECASE | re.VERBOSE,
)
GLUED = re.compile(r"(?<=[^\W\d_]{3})(?=\d)|(?<=[^\W\d_][.!?])(?=\d)")
YEARLESS = later(
    rf"""\W*(?:{_BY}\s*:?\s+(?P<first>[^|·•\d]{{2,60}}?)[\s|,·•–—-]+)?
    (?:(?P<said>{_SAID})\s*[:|·]?\s*(?:on\s+|den\s+|am\s+)?)?{_YEARLESS}
    (?:[\s|,·•–—-]*\b{_BY}\s*:?\s+(?P<by>[^|·•\d]{{2,60}}))?\W*""",
    re.IGNORECASE | re.VERBOSE,
)
START = later(
    rf"""\(?(?:(?P<place>[^\W\d_][\w .,-]{{1,60}}?),?\s+)?{_DATE}\s*(?:/[\w ]{{2,30}}/\s*)?
    (?:\)[ –—-]*|[–—-]{{1,2}})\s+(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
#: A title of at least three words that its day stands before.
BEGUN = later(
    rf"{_DATE}:?\s+(?=(?-i:[A-ZÅÄÖÆØÜ„“\"«»]|\d[\d.,]*\s[^\W\d_]{{3}})(?:\S*\s+){{2}}\S)",
    re.IGNORECASE | re.VERBOSE,
)
#: Where and when a press release came out.
PLACED = later(rf"[^\W\d_]{{2,30}}(?:[ -][^\W\d_]{{2,30}})?,?\s+(?P<date>{_DATE})", re.IGNORECASE | re.VERBOSE)
CHANGED = re.compile(
    r"updat|uppdat|oppdat|opdat|ändra|edit|redig|granska|modif|à\s+jour|changed|review|aktualis|geänd|päivit",
    re.IGNORECASE,
)
#: The hour at which a day ends is that at which the next one begins (ISO 8601:2004, 4.2.3).
MIDNIGHT = re.compile(r"(?<=[T ])24:00(?::00)?(?![\d:])")
#: The day that Go and .NET write for none, as ISO 8601 and RFC 822 have it.
NEVER = re.compile(r"\s*(?:0001-01-01(?!\d)|(?:[A-Z][a-z]{2}, )?0?1 Jan 0001\b)")
#: What is no name of a writer, though it stands behind ``by``.
NOBODY = re.compile(r".*\d.*|on|den", re.IGNORECASE)
#: The digits of Arabic and Persian.
DIGITS = {first + number: str(number) for first in (0x660, 0x6F0) for number in range(10)}
#: No day with a year has fewer digits: ``1 maj -25``. Looking for one in every line takes long.
FEWEST = 3
#: Several who read a page ask what the same line says, so many lines apart at most.
ASKED = 1024
#: The longest line that is only a date and who wrote it, in characters.
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a date line says. *changed* means that it tells an update, not the publication.

    *named* means that its words say what it is, as in ``Publicerad 12 maj``.
    """

    at: datetime
    author: str = ""
    changed: bool = False
    named: bool = False


@lru_cache(ASKED)
def line(text: str) -> Dateline | None:
    """Return what *text* says if it is nothing but a date line with a year, else None.

    Of one that says when it came out, and when it was changed, the first counts.
    """
    if len(text) > LONGEST or sum(map(str.isdecimal, text)) < FEWEST:
        return None
    text = HOUR_FIRST.sub(r"\1\3 \2", text) if HOUR.search(text) else text
    if said := _read(LINE, text):
        return said
    if not any(map(str.isalpha, text)):
        # No word says that there are two.
        return None
    parts = [_read(LINE, part) for part in TWICE.split(text)]
    both = [part for part in parts if part]
    return min(both, key=lambda part: part.changed) if 1 < len(both) == len(parts) else None


def parted(text: str) -> list[str]:
    """Return the day that *text* begins with and what runs on behind it, a line each; else *text* alone.

    So a title and the day that runs on behind it: ``Open house12 May 2025``.
    """
    head = text[:LONGEST]
    dated = sum(map(str.isdecimal, head)) >= FEWEST
    found = RUN_ON.fullmatch(head) if dated and not line(text) else None
    # No sentence goes on behind an hour with its zone.
    runs_on = found and (found["said"] or not found["gap"] or found["zone"])
    if found and runs_on and line(found["day"]):
        return [found["day"].strip(), text[found.start("rest") :]]
    *_, at = (0, *(one.start() for one in GLUED.finditer(text))) if dated and head == text else (0,)
    return [text[:at], text[at:]] if at and line(text[at:]) else [text]


@lru_cache(ASKED)
def yearless(text: str) -> Dateline | None:
    """Return what *text* says if it is nothing but a day without its year (``12 maj``), in `UNTOLD`, else None."""
    return _read(YEARLESS, text)


def nearest(moment: datetime, now: datetime) -> datetime:
    """Return *moment*, one in `UNTOLD` in the latest year in which it is not after the day of *now*."""
    if moment.year != UNTOLD:
        return moment
    for year in range(now.year, now.year - 9, -1):
        try:
            found = moment.replace(year=year)
        except ValueError:
            continue
        if found.date() <= now.date():
            return found
    return now


def here(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return *moment*, by the clock of *zone* if it names none."""
    if moment is None or not (moment.tzinfo is None or moment.tzinfo is UNSAID):
        return moment
    return moment.replace(tzinfo=zone)


def is_never(text: str) -> bool:
    """Whether *text* is what some programs write for no day at all: the first one of the year 1."""
    return bool(NEVER.match(text))


def whole_day(text: str) -> tuple[str, timedelta]:
    """Return a time of ISO 8601 or RFC 822 with no hour 24 in it, and what to add to what it says."""
    return (MIDNIGHT.sub("00:00:00", text), timedelta(days=1)) if "24:00" in text else (text, timedelta(0))


def _read(form: re.Pattern[str], text: str) -> Dateline | None:
    found = form.fullmatch(text.translate(DIGITS)) if len(text) <= LONGEST else None
    at = _moment(found) if found else None
    if found is None or at is None:
        return None
    parts = found.groupdict()
    changed = bool(CHANGED.search(parts["said"] or ""))
    # Who changed a page has not written it.
    posted = "" if changed else (parts.get("posted") or "").partition(",")[0]
    by = parts["by"] or parts["first"] or posted
    by = "" if NOBODY.fullmatch(by) else by.strip(" .,–—-")
    return Dateline(at, by, changed, bool(parts["said"]))


def placed(text: str) -> Dateline | None:
    """Return what a line such as ``Norrvik 2025-06-12`` says, else None. A title may look the same."""
    found = PLACED.fullmatch(text)
    return line(found["date"]) if found else None


def start(text: str) -> tuple[datetime, str] | None:
    """Return the date that opens a paragraph such as ``Norrvik, 12 June 2025 – A new …``, and what follows it.

    So does one in brackets: ``(12 June 2025) A new …``.
    """
    found = START.match(text[:LONGEST])
    at = _moment(found) if found else None
    return (at, text[found.end() :]) if found and at else None


def begun(text: str) -> datetime | None:
    """Return the day that a title such as ``12.06.2025 A new quay`` begins with, else None."""
    found = BEGUN.match(text[:LONGEST])
    return _moment(found) if found else None


def _moment(found: re.Match[str]) -> datetime | None:
    """Return the time in UTC, or in `UNSAID` where an hour names no zone.

    A date alone means noon, which is the same day nearly everywhere.
    """
    parts = found.groupdict()
    form = next(
        (number for number in ("1", "2", "3", "4", "5", "6", "9", "10", "11") if parts.get(f"y{number}")), ""
    )
    form = form or next(number for number in "78" if parts.get(f"d{number}"))
    year = parts.get(f"y{form}") or str(UNTOLD)
    form = "5" if form in {"6", "11"} else form
    month, day = parts[f"m{form}"] or parts["m2b"], parts[f"d{form}"]
    # "-25", "’25" and "12.06.25" are of this century.
    year = f"20{year[-2:]}" if 1 < len(year) < 4 else year
    if form == "5" and int(day) <= 12 and _is_american(parts, year, month, day):
        month, day = day, month
    hour, half = int(parts.get("hour") or 12), (parts.get("half") or "").lower()
    if half and hour <= 12:
        # 12:15 am is a quarter past midnight, 12:15 pm one past noon.
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        number = MONTHS.get(month.lower()) or int(month)
        clock = UNSAID if parts.get("hour") and not parts.get("zone") else UTC
        local = datetime(int(year), number, int(day), hour, int(parts.get("minute") or 0), tzinfo=clock)
        return local - _offset(parts.get("zone") or "")
    except ValueError:
        return None


def _is_american(parts: dict[str, str | None], year: str, month: str, day: str) -> bool:
    """Whether a line names the month first: its weekday says so, or its hour, which is one of half a day."""
    weekday = WEEKDAYS.get((parts.get("weekday") or "").casefold()[:3])
    if int(month) > 12 or weekday is None:
        return int(month) > 12 or bool(parts.get("half"))
    try:
        return weekday == date(int(year), int(day), int(month)).weekday()
    except ValueError:
        return False


def _offset(zone: str) -> timedelta:
    """Return how far a zone's clock is ahead of UTC; an unnamed zone counts as UTC."""
    found = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)", zone, re.IGNORECASE)
    if found:
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return ahead if found[1] == "+" else -ahead
    return timedelta(hours=ZONES.get(zone.upper(), 0))
