"""Read a line in short parts: when an article came out, who wrote it, and how long it takes to read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.reading.words import dates, furniture, person

#: What stands between the parts: ``Ida Strand·4 min read·Oct 3, 2026``.
BETWEEN = re.compile(r"\s*[·•|]\s*")
#: How long it takes to read, or how much it is.
READING = re.compile(
    r"\d+\s*min\w*(?:\s+(?:read|läsning|lästid|lesezeit))?|\d[\d\s.,]{0,8}\s(?:words|ord|wörter)", re.IGNORECASE
)
#: What stands before a name.
BY = re.compile(r"(?:(?:written |text )?by|(?:skriven |text )?a[vf]|von)\s+", re.IGNORECASE)
#: A part has at most so many words.
WORDS = 5


@dataclass(frozen=True, slots=True)
class Parted:
    """What such a line says: a day, and who wrote; "" for nobody."""

    at: datetime | None = None
    by: str = ""


def read(parts: Sequence[str]) -> Parted | None:
    """Return what the *parts* of a line say; None for a line that tells neither a day nor how long it takes."""
    if len(parts) < 2 or any(len(part.split()) > WORDS for part in parts):
        return None
    days = {part: said.at for part in parts if (said := dates.line(part)) and not said.changed}
    if not days:
        return Parted() if any(map(READING.fullmatch, parts)) else None
    others = (
        BY.sub("", part, count=1) for part in parts if part not in days and not furniture.is_navigation(part)
    )
    return Parted(next(iter(days.values())), next(filter(person.is_name, others), ""))
