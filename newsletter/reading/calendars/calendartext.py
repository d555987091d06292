"""Take the text of a calendar (iCalendar, RFC 5545) apart, before anybody reads what it means.

Calendars keep all that ever was, and the library reads some 700 events a second: what is over for good stays out,
and what is far ahead.
One broken line makes the library refuse all of a calendar: then its events are read one by one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from quopri import decodestring

from newsletter.reading.charset import decode

#: A day, or a time, at the end of a line.
AT = re.compile(r":(\d{8})(?:T\d{6}Z?)?\s*$")
#: What tells when an event is, and what may make more of it than one time.
TIMES, MORE = ("DTSTART", "DTEND", "RECURRENCE-ID"), ("RRULE", "RDATE", "DURATION")
#: A line that goes on (RFC 5545, 3.1; words of vCalendar 1.0 do so in another way), and a rule by which clocks are
#: set, as every zone has them.
FOLD, RULE = re.compile(r"(?<!=)\n[ \t]"), re.compile(r"^RRULE[^:\n]{0,80}:(.*)$", re.IGNORECASE | re.MULTILINE)
YEARLY = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=[1-9]\d?|COUNT=\d{1,4}|UNTIL=\w{8,16}|WKST=[A-Z]{2}|BYSETPOS=-?[1-9]"
    r"|BY(?:HOUR|MINUTE|SECOND)=\d{1,2}|BY(?:MONTH|MONTHDAY|DAY)=[-+\w,]{1,40})(?:;|\s*$)){1,8}",
    re.IGNORECASE,
)
#: A difference to UTC without its sign.
UNSIGNED = re.compile(r"^(TZOFFSET(?:FROM|TO):)(?=\d{4}(?:\d\d)?[ \t]*$)", re.IGNORECASE | re.MULTILINE)
#: A zone's name before a time, maybe without the quotes that it needs; and whether the time is one of UTC.
ZONED = re.compile(r";TZID=\"?([^\n\";]{1,120}?)\"?:(?=\d{8}(?:T\d{6}(Z)?)?)", re.IGNORECASE)
#: A time as people write it: with dashes and colons, without seconds, beside UTC by some hours.
WRITTEN = re.compile(
    r"^((?:DTSTART|DTEND|RECURRENCE-ID)(?:;[^:\n]{0,200})?:)[ \t]*(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d{1,9})?(Z|[-+]\d\d:?\d\d)?)?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
#: A space between the parts of a rule, and words as calendars wrote them before there was UTF-8 (vCalendar 1.0).
SPACED = re.compile(r"(?<=;)[ \t]+(?=(?:FREQ|UNTIL|COUNT|INTERVAL|WKST|BY[A-Z]{3,8})=)", re.IGNORECASE)
PRINTABLE = re.compile(
    r"^([A-Z-]{1,30});([^:\n]{0,200}QUOTED-PRINTABLE[^:\n]{0,200}):((?:[^\n]{0,200}=\n){0,100}[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
#: More parts than any zone has had changes.
CHANGES = 400


def between(text: str, day: date, last: date) -> str:
    """Return a calendar without the events that were over before *day*, or begin after *last*, in whatever zone.

    A zone that no clock follows is left out, too: the library would follow any rule, without end.
    """
    first, end = f"{day:%Y%m%d}", f"{last:%Y%m%d}"
    left = {"VEVENT": lambda part: _is_outside(part, first, end), "VTIMEZONE": _is_endless}
    return "\n".join(line for name, part in _parts(text) if not (name and left[name](part)) for line in part)


def mended(text: str) -> str:
    """Return a calendar, each line whole, with times, zones, rules and words as the library reads them."""
    text = FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = WRITTEN.sub(_time, SPACED.sub("", UNSIGNED.sub(r"\1+", text)))
    text = ZONED.sub(lambda found: ":" if found[2] else f';TZID="{found[1]}":', text)
    return PRINTABLE.sub(_words, text) if "QUOTED-PRINTABLE" in text.upper() else text


def _time(found: re.Match[str]) -> str:
    """Return a time as RFC 5545 writes it; the midnight of a day is that day."""
    day, hours, beside = "".join(found.group(2, 3, 4)), found[5], (found[8] or "").upper()
    if not hours or ("VALUE=DATE:" in found[1].upper() and f"{hours}{found[6]}" == "0000"):
        return f"{found[1]}{day}"
    time = f"{day}T{hours}{found[6]}{found[7] or '00'}"
    if beside in {"", "Z"}:
        return f"{found[1]}{time}{beside}"
    try:
        at = datetime.strptime(f"{time}{beside}", "%Y%m%dT%H%M%S%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return found[0]
    return f"{found[1]}{at:%Y%m%dT%H%M%SZ}"


def _words(found: re.Match[str]) -> str:
    """Return the words of a property as they are, on one line."""
    text = decode(decodestring(found[3].encode("utf-8", "surrogateescape")))
    return f"{found[1]}:{' '.join(text.split())}"


def is_over(text: str) -> bool:
    """Whether a calendar has an end, and no event."""
    return is_whole(text) and "BEGIN:VEVENT" not in text.upper()


def is_whole(text: str) -> bool:
    """Whether a calendar has an end."""
    return "\nEND:VCALENDAR" in text.upper()


def apart(text: str, is_good: Callable[[str], bool]) -> Iterator[str]:
    """Yield each event of a calendar as a calendar of its own, with those of its time zones that are good."""
    found = [(name, "\n".join(part)) for name, part in _parts(text)]
    zones = [part for name, part in found if name == "VTIMEZONE" and is_good(_calendar([part]))]
    yield from (_calendar([*zones, part]) for name, part in found if name == "VEVENT")


def _calendar(parts: Iterable[str]) -> str:
    return "\n".join(("BEGIN:VCALENDAR", *parts, "END:VCALENDAR", ""))


def _parts(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the lines of each event and time zone with what it is, and those between them with ""."""
    name, lines = "", list[str]()
    for line in text.split("\n"):
        told = line[:20].rstrip().upper()
        if told in {"BEGIN:VEVENT", "BEGIN:VTIMEZONE"}:
            yield name, lines
            name, lines = told.removeprefix("BEGIN:"), []
        lines.append(line)
        if name and told == f"END:{name}":
            yield name, lines
            name, lines = "", []
    yield name, lines


def _is_endless(zone: Sequence[str]) -> bool:
    """Whether a zone has other rules than those of a year, or more of them than anybody made."""
    rules = [found[1] for found in RULE.finditer("\n".join(zone))]
    return len(rules) > CHANGES or not all(YEARLY.fullmatch(rule) for rule in rules)


def _is_outside(event: Sequence[str], first: str, end: str) -> bool:
    """Whether all days that an event tells are before *first* or after *end*, and none more can come of it.

    The days are written alike. One of a series tells the day that it had, too.
    """
    days = []
    for line in event:
        told = line[:13].upper()
        if told.startswith(MORE):
            return False
        if told.startswith(TIMES):
            if not (found := AT.search(line)):
                return False
            days.append(found[1])
    return bool(days) and (max(days) < first or min(days) > end)
