"""The port to a mailbox: what `newsletter feedback read` and `serve` need of it, and nothing more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

#: The largest message that is read, in bytes; what comes back is a page, with a letter below it at most.
LARGEST = 8_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message in a mailbox. *name* is how the mailbox knows it."""

    name: str
    raw: bytes


class Box(Protocol):
    """A mailbox that is open. Every method raises MailboxError if it cannot be used any more."""

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what was not read yet, the oldest first."""

    def done(self, name: str, *, keep: bool = False) -> None:
        """Mark a message as read, or remove it, as the settings say. What is gone already is done.

        With *keep* it stays, and unread by people where the mailbox can tell them from us.

        Raise UnmarkedError if this cannot be done and others may be.
        """

    def wait(self, seconds: float, halted: Callable[[], bool]) -> None:
        """Return when something may have come, after *seconds*, or soon after *halted* returns True."""

    def close(self) -> None:
        """Leave it."""
