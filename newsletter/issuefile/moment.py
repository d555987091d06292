"""Read a day and an hour as people write them, 2025-06-12 9.30, and a span of time, 4 h. Reads no clock."""

import re
from datetime import datetime, timedelta

#: A letter's times: years so near the calendar's ends that a day more or less leaves it are slips of the hand.
FIRST, LAST = 1900, 2199

#: As Swedes and many others write the hour: with a dot, with one digit, after "kl.".
_CLOCK = re.compile(r"(?<=\d)[T ]\s{0,9}(?:(?:at|kl\.?)\s{1,9})?(\d{1,2})[.:](\d{2})(?!\d)")

#: A part of a second, as programs write it, behind the seconds.
_PART = re.compile(r":\d{2}:\d{2}[.,]\d")

#: How long the units last that a span is written in.
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_SPAN = re.compile(r"(\d{1,5})\s{0,9}(m|h|d)(?:in|inutes?|ours?|ays?)?", re.ASCII)


def read(text: str) -> datetime:
    """Return the time that *text* says, without a zone where it names none; a day alone is its first moment.

    All that ISO 8601 has, with parts of seconds alone: Python would take 09.30 for nine o'clock and some of it.
    Raise ValueError for anything else, and for a year before 1900 or after 2199.
    """
    found = datetime.fromisoformat(_CLOCK.sub(lambda hour: f"T{hour[1]:0>2}:{hour[2]}", text.strip(), count=1))
    if (found.microsecond and not _PART.search(text)) or not FIRST <= found.year <= LAST:
        raise ValueError(text)
    return found


def span(text: str) -> timedelta:
    """Return how long *text* says: minutes (``m``), hours (``h``) or days (``d``). Raise ValueError."""
    if not (found := _SPAN.fullmatch(text.strip())):
        raise ValueError(text)
    return int(found[1]) * _UNITS[found[2]]


def spelt(span: timedelta) -> str:
    """Return whole minutes in the largest unit of which they are a whole number."""
    unit = next(unit for unit, one in _UNITS.items() if not span % one)
    return f"{span // _UNITS[unit]} {unit}"
