"""Read how long something lasts as people write it, ``4 h``, and write it so."""

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_SPAN = re.compile(r"(\d{1,5})\s{0,9}(m|h|d)(?:in|inutes?|ours?|ays?)?", re.ASCII)


def read(text: str) -> timedelta:
    """Return how long *text* says: minutes (``m``), hours (``h``) or days (``d``). Raise ValueError."""
    if not (found := _SPAN.fullmatch(text.strip())):
        raise ValueError(text)
    return int(found[1]) * _UNITS[found[2]]


def written(span: timedelta) -> str:
    """Return whole minutes in the largest unit of which they are a whole number."""
    unit = next(unit for unit, one in _UNITS.items() if not span % one)
    return f"{span // _UNITS[unit]} {unit}"
