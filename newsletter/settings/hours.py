"""The table [hours]: when letters may leave, and how many a day."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from newsletter.errors import cited
from newsletter.timing.hours import Hours, Window, window
from newsletter.toml import Table

#: A cap that is none: nobody has so many readers.
MOST = 10**9


def read(table: Table, zone: ZoneInfo) -> Hours:
    """Return what the table says, on the clock of *zone*. Raise SettingsError."""
    cap = table.whole("daily_cap", MOST, 1, MOST)
    return Hours(
        zone=zone,
        windows=tuple(_window(table, text) for text in table.texts("windows", ())),
        holidays=frozenset(_holiday(table, day) for day in table.take("holidays", list, [])),
        cap=None if cap == MOST else cap,
        warm_up=_warm_up(table),
    )


def _window(table: Table, text: str) -> Window:
    try:
        return window(text)
    except ValueError:
        remedy = 'write it as windows = ["mon-fri 08:00-17:00", "sat 10:00-14:00"], and a night as two: '
        remedy += '["22:00-24:00", "00:00-06:00"]'
        raise table.fail("windows", f"{cited(text)} is no window", remedy) from None


def _holiday(table: Table, said: object) -> str:
    """Return a day as *said*, which may be TOML's own date; one of every year as ``MM-DD``."""
    text = str(said)
    every = re.fullmatch(r"\d{2}-\d{2}", text)
    try:
        day = date.fromisoformat(f"2024-{text}" if every else text)
    except ValueError:
        remedy = 'write it as holidays = ["2026-12-24", "12-25"]; the second is every year\'s'
        raise table.fail("holidays", f"{cited(text)} is no day", remedy) from None
    return f"{day:%m-%d}" if every else day.isoformat()


def _warm_up(table: Table) -> tuple[int, ...]:
    steps = table.take("warm_up", list, [])
    if not all(type(step) is int and step > 0 for step in steps):
        remedy = "write the most for the first day, the second, and so on: warm_up = [200, 500, 1000, 2000]"
        raise table.fail("warm_up", "warm_up must hold numbers above 0", remedy)
    return tuple(steps)
