"""Read when a letter is to be sent, as an editor writes it. Reads no clock."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.errors import UsageError, cited
from newsletter.issuefile import moment

REMEDY = 'write it as 2025-06-12T09:00, "2025-06-12 09:00", 09:00 or +2h'
_UNITS = {"m": 60, "h": 3600, "d": 86400}


def at(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return, in UTC, the time that *text* says on the clock of *zone*; one with an offset says it itself.

    A time without a day is the next such time; ``+2h`` counts from *now*, and ``now`` is *now*. Raise UsageError
    for what is no time, is past, or never is on that clock because it is set forward.
    """
    wanted = text.strip()
    if wanted == "now":
        return now
    ahead = re.fullmatch(r"\+(\d{1,5})([mhd])", wanted)
    if ahead:
        return now + timedelta(seconds=int(ahead[1]) * _UNITS[ahead[2]])
    found = _read(wanted, now, zone)
    if found <= now:
        raise UsageError(f"{cited(text)} is past", remedy="name a time to come, or leave --at out to send now")
    return found


def _read(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone)
    clock = re.fullmatch(r"\d{1,2}[:.]\d{2}", text)
    try:
        value = moment.read(f"{today:%Y-%m-%d} {text}" if clock else text)
    except ValueError:
        raise UsageError(f"{cited(text)} is no time", remedy=REMEDY) from None
    if re.fullmatch(r"[\dW-]*", text):
        raise UsageError(f"{cited(text)} names a day and no time", remedy=REMEDY)
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    if clock and value.replace(tzinfo=zone) <= now:
        value += timedelta(days=1)
    return _on(value, zone, text)


def _on(value: datetime, zone: ZoneInfo, text: str) -> datetime:
    """Put a clock's time into UTC. Raise UsageError for the hour that is left out in spring."""
    found = value.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != value:
        raise UsageError(f"{cited(text)} never is: the clocks are set forward then", remedy="choose an hour later")
    return found
