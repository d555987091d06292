"""Read a time as feeds write it: RFC 822 (RSS), RFC 3339 (Atom), and what systems make of either."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from newsletter.reading import value
from newsletter.reading.words import dates

#: Seconds since 1970, or thousandths of them, of this century.
EPOCH = re.compile(r"[1-2]\d{9}(?:\d{3})?")
#: A zone with a colon, which RFC 822 has not, and one before the year, as Java writes it.
COLON = re.compile(r"([+-]\d\d):(\d\d)\s*$")
AMID = re.compile(r"\b([A-Z]{3,4})\s+((?:19|20)\d\d)\s*$")
#: Where a zone is, which Java adds in brackets.
PLACED = re.compile(r"\[[\w/+-]{1,40}\]\s*$")
#: A zone in hours, which some write behind the name of the one that they count from.
NAMELESS = re.compile(r"(?:\b(?:GMT|UTC)\s?|(?<=\s))([+-])(\d{1,2})(?::?(\d\d))?\s*$")
#: An hour of half a day, which RFC 822 has not, and whose half Python's reader passes over.
HALF = re.compile(r"\b(0?\d|1[0-2])(:[0-5]\d(?::[0-5]\d)?)\s?([ap])\.?m\b\.?", re.IGNORECASE)
#: A weekday as other languages shorten it.
FOREIGN = re.compile(r"^[^\W\d_]{2,5}\.?,\s+")
#: Zones by name that RFC 822 does not know.
ZONE = re.compile(rf"\b(?:{'|'.join(dates.ZONES)})\s*$", re.IGNORECASE)


def moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Return a time as feeds write it: RFC 822, W3C's, or words; by the clock of *zone* where it names none."""
    if not text or dates.is_never(text):
        return None
    text = PLACED.sub("", text)
    at = value.moment(text, here=zone)
    if at is None and EPOCH.fullmatch(text):
        at = datetime.fromtimestamp(int(text[:10]), UTC)
    if at is None:
        try:
            plain, later = dates.whole_day(text)
            zoned = AMID.sub(r"\2 \1", COLON.sub(r"\1\2", NAMELESS.sub(_hours, HALF.sub(_hour, plain))))
            at = parsedate_to_datetime(ZONE.sub(_offset, zoned)) + later
            # Who says "-0000" tells the time in UTC, and not where (RFC 5322 section 3.3).
            at = at.replace(tzinfo=UTC) if at.tzinfo is None and "-0000" in text else at
        except (ValueError, TypeError, IndexError, OverflowError):
            said = dates.line(FOREIGN.sub("", text))
            at = dates.here(said.at, zone) if said else None
    try:
        return None if at is None else (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hours(zone: re.Match[str]) -> str:
    """Return a zone that is told in hours as RFC 822 writes it."""
    return f"{zone[1]}{int(zone[2]):02}{zone[3] or '00'}"


def _hour(half: re.Match[str]) -> str:
    """Return an hour of half a day as one of the whole: 12:15 am is a quarter past midnight."""
    return f"{int(half[1]) % 12 + 12 * (half[3] in 'pP'):02}{half[2]}"


def _offset(zone: re.Match[str]) -> str:
    """Return a zone by name as RFC 822 writes one that it does not know."""
    return f"{dates.ZONES[zone[0].strip().upper()]:+03}00"
