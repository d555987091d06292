"""Notice that a whole send goes wrong, before it does to everybody. Sends nothing and stops nothing.

Too many refusals at the start mean a bad list, and cost the sender its name with every receiver. A row of
refusals of ourselves means that we are blocked, and no reader is to blame. A longer row of readers refused means
the same, in words that nobody knows: a limit is used up, or an account is closed. A row of messages in doubt means
that the way to the server, or its end, breaks every connection, and costs nobody but the readers to come.
"""

from dataclasses import dataclass, field

from newsletter.model import Outcome
from subscribers.model import DeliveryState

#: Over 5 % refused of the first 200 pauses a send: above that, large receivers put a sender into the spam folder.
FIRST = 200
MOST_REFUSED = 10

#: So many refusals of ourselves in a row, with nothing accepted between them, are no matter of one reader.
STRIKES = 3

#: So many readers refused in a row: of a list with one bad address in twenty, one in 10^26 such rows is chance.
ROW = 20


@dataclass(slots=True)
class Breaker:
    """Counts how a send goes. *seen*, *refused* and *accepted* are what the ledger holds when the sender begins.

    A send that somebody lets go on in spite of its refusals is not stopped for them again. While nothing was
    accepted yet, by this sender or by one before it, the first objection counts at once, and a row is no change.
    *away* messages at most are on their way at once: so many may be in doubt when a server falls over.
    """

    seen: int = 0
    refused: int = 0
    accepted: int = 0
    away: int = 0
    _strikes: int = field(init=False)
    _row: int = field(init=False, default=0)
    _doubts: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._strikes = 0 if self.accepted else STRIKES - 1

    def note(self, outcome: Outcome) -> str:
        """Take in how an attempt ended. Return why the send must pause, or ""."""
        state = outcome.state
        if state is DeliveryState.ACCEPTED:
            self._strikes = self._row = self._doubts = 0
            self.seen += 1
            self.accepted += 1
            return ""
        if outcome.pause:
            self._strikes += 1
            return outcome.pause if self._strikes >= STRIKES else ""
        if state in (DeliveryState.REFUSED, DeliveryState.UNCERTAIN):
            self.seen += 1
        if state is DeliveryState.UNCERTAIN:
            return self._bad_way(outcome)
        if state is not DeliveryState.REFUSED:
            return ""
        if self.accepted and outcome.reply.code >= 500:
            self._row += 1
        return self._bad_list() or self._bad_row(outcome)

    def _bad_list(self) -> str:
        if self.seen > FIRST:
            return ""
        self.refused += 1
        if self.refused != MOST_REFUSED + 1:
            return ""
        return (
            f"{self.refused} of the first {self.seen} readers were refused, which is more than a clean list has; "
            "look at `newsletter status --show refused`, and where these addresses come from"
        )

    def _bad_way(self, outcome: Outcome) -> str:
        self._doubts += 1
        if self._doubts != ROW + self.away:
            return ""
        return (
            f"{self._doubts} messages in a row left and were not answered, the last with: {outcome.reply.words}; "
            "look in the server's log whether it took them (`newsletter resolve`), and what is between it and you"
        )

    def _bad_row(self, outcome: Outcome) -> str:
        if self._row != ROW:
            return ""
        return (
            f"{ROW} readers in a row were refused, the last with: {outcome.reply.words}; if that is about you "
            "and not about them, mend it, and `newsletter retry --failed` tries them again"
        )
