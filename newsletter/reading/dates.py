"""Read the line of a page that says when it was published, and by whom. English and Swedish; no clock."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = (
    "january januari januar jan|february februari februar feb|march mars märz mar|april apr|may maj mai|"
    "june juni jun|july juli jul|august augusti aug|september sept sep|october oktober oct okt|november nov|"
    "december dezember dec dez"
)
MONTHS = {name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag)?(?:en)?"
)
_DATE = rf"""
    (?:(?:{DAYS})\.?,?\s+)?(?:den\s+|the\s+)?
    (?:(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)
     |(?P<d2>\d\d?)(?:[.:](?P<m2>\d\d?)\.|-(?P<m2b>\d\d?)-)(?P<y2>(?:19|20)\d\d)
     |(?P<d5>\d\d?)/(?P<m5>\d\d?)/(?P<y5>(?:19|20)\d\d)
     |(?P<d3>\d\d?)(?:st|nd|rd|th|:[ea]|\.)?\s+(?:of\s+)?(?P<m3>{MONTH})\.?,?\s+(?P<y3>(?:19|20)\d\d)
     |(?P<m4>{MONTH})\.?\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d))
    (?:(?:T|,?\s+(?:at\s+|kl\.?\s*)?)(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)(?::\d\d(?:\.\d+)?)?
       \s*(?P<half>[ap]\.?m\.?)?(?P<zone>Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d)?)?
"""
_SAID = (
    r"(?:pressmeddelande|press\s+release|nyhet(?:er)?|news|artikel|article|date|datum|(?:first\s+)?published|publicera(?:d|t|des)|posted|post(?:at|ad)|updated|last\s+updated|"
    r"(?:senast\s+)?"
    r"uppdatera(?:d|t|des)|ändra(?:d|t)|modified|written|skriv(?:en|et))"
)
LINE = re.compile(
    rf"""\W*(?:(?:by|av|text)\s*:?\s+(?P<first>[^|·•\d]{{2,60}}?)[\s|,·•–—-]+)?(?:(?P<said>{_SAID})\s*[:|·]?\s*(?:on\s+|den\s+)?)?{_DATE}
    (?:[\s|,·•–—-]*\b(?:by|av|text:?|författare:?)\s*:?\s+(?P<by>[^|·•\d]{{2,60}}))?
    (?:\s*[|·•]\s*[^|·•.]{{0,40}}|[\s,–—-]*\d+\s*min\w*(?:\s+(?:read|läsning|lästid))?){{0,3}}\W*""",
    re.IGNORECASE | re.VERBOSE,
)
START = re.compile(
    rf"(?:(?P<place>[^\W\d_][\w .,-]{{1,60}}?),?\s+)?{_DATE}\s*[–—-]\s+", re.IGNORECASE | re.VERBOSE
)
#: Where and when a press release came out.
PLACED = re.compile(
    rf"[^\W\d_]{{2,30}}(?:[ -][^\W\d_]{{2,30}})?,?\s+(?P<date>{_DATE})", re.IGNORECASE | re.VERBOSE
)
CHANGED = re.compile(r"updat|uppdat|ändra|modif", re.IGNORECASE)
#: The longest line that is only a date and who wrote it, in characters.
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a date line says. *changed* means that it tells an update, not the publication."""

    at: datetime
    author: str = ""
    changed: bool = False


def line(text: str) -> Dateline | None:
    """Return what *text* says if it is nothing but a date line, else None."""
    found = LINE.fullmatch(text) if len(text) <= LONGEST else None
    at = _moment(found) if found else None
    if found is None or at is None:
        return None
    return Dateline(
        at, (found["by"] or found["first"] or "").strip(" .,–—-"), bool(CHANGED.search(found["said"] or ""))
    )


def placed(text: str) -> Dateline | None:
    """Return what a line such as ``Norrvik 2025-06-12`` says, else None. A title may look the same."""
    found = PLACED.fullmatch(text)
    return line(found["date"]) if found else None


def start(text: str) -> tuple[datetime, str] | None:
    """Return the date that opens a paragraph such as ``Norrvik, 12 June 2025 – A new …``, and what follows it."""
    found = START.match(text[:LONGEST])
    at = _moment(found) if found else None
    return (at, text[found.end() :]) if found and at else None


def _moment(found: re.Match[str]) -> datetime | None:
    """Return the time in UTC; a date alone means noon, which is the same day nearly everywhere."""
    parts = found.groupdict()
    form = next(number for number in "12345" if parts[f"y{number}"])
    year, month, day = (parts[f"{unit}{form}"] for unit in "ymd")
    month = month or parts["m2b"]
    if form == "5" and (int(month) > 12 or (parts["half"] and int(day) <= 12)):
        # Who writes the month first writes the hour in halves of a day, too.
        month, day = day, month
    hour = int(parts["hour"] or 12)
    if (parts["half"] or "").lower().startswith("p") and hour < 12:
        hour += 12
    try:
        number = MONTHS.get(month.lower()) or int(month)
        local = datetime(int(year), number, int(day), hour, int(parts["minute"] or 0), tzinfo=UTC)
        return local - _offset(parts["zone"] or "")
    except ValueError:
        return None


def _offset(zone: str) -> timedelta:
    """Return how far a zone's clock is ahead of UTC; an unnamed zone counts as UTC."""
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone)
    if found:
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return ahead if found[1] == "+" else -ahead
    return timedelta(hours={"CET": 1, "CEST": 2}.get(zone.upper(), 0))
