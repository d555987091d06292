"""Notice that a whole send goes wrong, before it does to everybody. Sends nothing and stops nothing.

Too many refusals at the start mean a bad list, and cost the sender its name with every receiver. A row of
refusals of ourselves (5.7.x) means that we are blocked, and no reader is to blame.
"""

from dataclasses import dataclass

from newsletter.model import Outcome
from subscribers.model import DeliveryState

#: Over 5 % refused of the first 200 pauses a send: above that, large receivers put a sender into the spam folder.
FIRST = 200
MOST_REFUSED = 10

#: So many refusals of ourselves in a row, with nothing accepted between them, are no matter of one reader.
STRIKES = 3


@dataclass(slots=True)
class Breaker:
    """Counts how a send goes. *seen* and *refused* are what the ledger holds when the sender begins.

    A send that somebody lets go on in spite of its refusals is not stopped for them again. The first objection
    counts at once while nothing was accepted yet.
    """

    seen: int = 0
    refused: int = 0
    _strikes: int = STRIKES - 1

    def note(self, outcome: Outcome) -> str:
        """Take in how an attempt ended. Return why the send must pause, or ""."""
        state = outcome.state
        if state is DeliveryState.ACCEPTED:
            self._strikes = 0
            self.seen += 1
            return ""
        if outcome.pause:
            self._strikes += 1
            return outcome.pause if self._strikes >= STRIKES else ""
        if state in (DeliveryState.REFUSED, DeliveryState.UNCERTAIN):
            self.seen += 1
        if state is not DeliveryState.REFUSED or self.seen > FIRST:
            return ""
        self.refused += 1
        if self.refused != MOST_REFUSED + 1:
            return ""
        return (
            f"{self.refused} of the first {self.seen} readers were refused, which is more than a clean list has; "
            "look at `newsletter status --show refused`, and where these addresses come from"
        )
