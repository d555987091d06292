"""Read when something was, as cells of tables say it: in ISO 8601, or as people and spreadsheets write days."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

#: Nobody joined a list by mail before this year, nor tomorrow: a spreadsheet's zero is no date.
_FIRST_YEAR = 1990
#: A day in figures, with or without an hour behind it; ``31/1 2025`` is how Swedes write one.
_FIGURES = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})(?P<last>[./ -])(?P<year>\d{4})(?!\d).*"
)
#: As Google's forms write it, with a slash.
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d).*")
#: ``31 januari 2025``, ``31. Jan 2025``, ``January 31, 2025`` and ``Fri, 31 Jan 2025 10:15:00`` (RFC 5322).
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,? )?(?:(?P<before>\d{1,2})\.? )?(?P<month>[^\W\d_]{3,12})\.? (?:(?P<after>\d{1,2}),? )?"
    r"(?P<year>\d{4})(?!\d).*"
)
#: How the months begin in English, Swedish, Danish, Norwegian, German, French and Finnish.
_BEGINS = (
    "jan tammi, feb fév helmi, mar mär maalis, apr avr huhti, may maj mai touko, jun juin kesä, jul juil heinä"
    ", aug aoû elo, sep syys, oct okt loka, nov marras, dec des dez déc joulu"
)
_MONTHS = {begin: number for number, names in enumerate(_BEGINS.split(","), 1) for begin in names.split()}
#: A day as spreadsheets keep it, counted from 30 December 1899, and its part of 24 hours behind the sign.
_SERIAL = re.compile(r"(?P<days>[34]\d{4})(?:[.,]\d{1,15})?")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
#: No cell that says when is longer, in characters.
_LONGEST = 60


def moment(cell: str, *, american: bool = False) -> datetime | None:
    """Return the time that a cell says, UTC where it names no zone; None if it says none.

    A day that is not in ISO 8601 is its midnight. *american* means that in ``1/2/2025`` the month stands first.
    """
    text = cell.strip()
    found = _iso(text) or (_written(text, american=american) if text and len(text) <= _LONGEST else None)
    return found if found and found.year >= _FIRST_YEAR else None


def american(cells: Iterable[str]) -> bool | None:
    """Return whether the month stands first in the days of a column; None if they could be read in both ways."""
    said = [found for cell in cells if (found := _FIGURES.fullmatch(cell.strip()[:_LONGEST])) and _swaps(found)]
    if any(int(each["first"]) > 12 for each in said):
        return False
    if any(int(each["second"]) > 12 for each in said):
        return True
    return None if said else False


def _swaps(found: re.Match[str]) -> bool:
    """Return whether the month may stand first: not where points or a space stand in it."""
    return found["sign"] == found["last"] != "."


def _iso(text: str) -> datetime | None:
    if len(text) < 10:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(text[:10])
        except ValueError:
            return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def _written(text: str, *, american: bool) -> datetime | None:
    if found := _YEAR_FIRST.fullmatch(text):
        text = f"{found['day']}.{found['month']}.{found['year']}"
    if serial := _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(serial["days"]))
    if found := _FIGURES.fullmatch(text):
        day, month = int(found["first"]), int(found["second"])
        if american and _swaps(found):
            day, month = month, day
    elif found := _NAMED.fullmatch(text.lower()):
        if (found["before"] is None) == (found["after"] is None):
            return None
        day, month = int(found["before"] or found["after"]), _month(found["month"])
    else:
        return None
    try:
        return datetime(int(found["year"]), month, day, tzinfo=UTC)
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month, 0 for another word."""
    return _MONTHS.get(max(filter(name.startswith, _MONTHS), key=len, default=""), 0)
