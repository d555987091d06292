"""What came back about a delivery, and when that means that an address is never mailed again. Reads no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class EventKind(StrEnum):
    """What a message that came back means."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Event:
    """What came back about one delivery. *source* is where it was read, *text* what a server said, no address."""

    delivery: int
    kind: EventKind
    at: datetime
    source: str
    reason: str = ""
    status: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How patient we are with soft bounces: *soft* letters in a row, the first *days* before the last."""

    soft: int = 3
    days: int = 14


def ends_it(event: Event, failed: Sequence[datetime], rule: Rule) -> str:
    """Return why the reader's address is never mailed again after *event*, or "" if it may be.

    *failed* are the times of the letters that failed softly since the last one that did not, this one included.
    A block is our own fault and touches nobody. A report that is about authentication is no reader's complaint
    (RFC 6591).
    """
    match event.kind:
        case EventKind.COMPLAINT:
            return "" if event.reason in ("auth-failure", "dmarc", "not-spam") else "complaint"
        case EventKind.HARD:
            return "bounce"
        case EventKind.SOFT:
            long = bool(failed) and max(failed) - min(failed) >= timedelta(days=rule.days)
            return "bounces" if long and len(failed) >= rule.soft else ""
        case EventKind.BLOCK | EventKind.UNSUBSCRIBE:
            return ""
