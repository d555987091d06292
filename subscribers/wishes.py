"""How often somebody wants letters, until when none, and why somebody leaves. Reads no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from subscribers.model import Where
from subscribers.status import Frequency


class Reason(StrEnum):
    """Why somebody leaves, as the goodbye page offers it."""

    OFTEN = "too-often"
    INTEREST = "not-interesting"
    NEVER = "never-asked"
    ELSEWHERE = "reads-elsewhere"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wishes. *paused* is the first day on which letters come again; None means no pause."""

    frequency: Frequency = Frequency.EVERY
    paused: date | None = None

    def grants(self, now: datetime, yearly: bool) -> bool:
        """Whether a letter may go at *now*, in UTC; *yearly* tells that it is the one of the year."""
        frequent = yearly or self.frequency is Frequency.EVERY
        return frequent and (self.paused is None or self.paused <= now.date())


def where(now: datetime, yearly: bool) -> Where:
    """Return `Wishes.grants` as a condition over ``subscribers s``. *now* is in UTC."""
    paused = "s.paused <= :who_today"
    frequent = "" if yearly else f" AND s.frequency = '{Frequency.EVERY}'"
    return Where(paused + frequent, {"who_today": now.date().isoformat()})
