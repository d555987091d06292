"""Hold what a ledger says of a send against what its server took. Asks neither."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from subscribers.model import DeliveryState
from subscribers.status import OPEN


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many *readers* there were, and what came of them.

    *lost* got nothing, and the ledger says that they did, or nothing at all; *doubled* got it twice; *denied* got
    it, and the ledger says that they did not. All three must be 0. *allowed* is how many may be *uncertain*. Who
    unsubscribed meanwhile is *left* out.
    """

    readers: int = 0
    accepted: int = 0
    refused: int = 0
    uncertain: int = 0
    lost: int = 0
    doubled: int = 0
    denied: int = 0
    allowed: int = 0
    left: int = 0

    @property
    def sound(self) -> bool:
        """Whether everything holds that docs/delivery.md promises."""
        return not (self.lost or self.doubled or self.denied) and self.uncertain <= self.allowed

    def __add__(self, other: "Verdict") -> "Verdict":
        """Return both together."""
        return Verdict(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def judge(ledger: Mapping[str, DeliveryState], arrived: Iterable[str], allowed: int) -> Verdict:
    """Return the verdict on one send; both sides by Message-ID."""
    times = Counter(arrived)
    states = Counter(ledger.values())
    sure = {name for name, state in ledger.items() if state is DeliveryState.ACCEPTED}
    possible = sure | {name for name, state in ledger.items() if state is DeliveryState.UNCERTAIN}
    return Verdict(
        readers=len(ledger),
        accepted=len(sure),
        refused=states[DeliveryState.REFUSED],
        uncertain=states[DeliveryState.UNCERTAIN],
        lost=len(sure - times.keys()) + sum(states[state] for state in OPEN),
        doubled=sum(count > 1 for count in times.values()),
        denied=len(times.keys() - possible),
        allowed=allowed,
        left=states[DeliveryState.SUPPRESSED],
    )
