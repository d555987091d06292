"""The days that an editor names on the command line: from when, and until when."""

from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.errors import UsageError, cited


def span(since: str, until: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Return when *since* begins and *until* is over, in *zone*; None for "". Raise UsageError."""
    begin, end = begin_of(since, zone) if since else None, end_of(until, zone) if until else None
    if begin and end and begin >= end:
        remedy = "let --since name the earlier day"
        raise UsageError(f"nothing lies between {cited(since)} and {cited(until)}", remedy=remedy)
    return begin, end


def begin_of(text: str, zone: tzinfo) -> datetime:
    """Return the start of the day *text* (2025-06-12) in *zone*, or the time that it says. Raise UsageError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{cited(text)} is no date", remedy="write it as 2025-06-12") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def end_of(text: str, zone: tzinfo) -> datetime:
    """Return the end of the day *text*, or of the minute that it says. Raise UsageError."""
    moment = begin_of(text, zone)
    minute = "T" in text or " " in text.strip()
    try:
        return moment + (timedelta(minutes=1) if minute else timedelta(days=1))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
