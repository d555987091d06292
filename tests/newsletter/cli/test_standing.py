"""How a send stands, in words: one is one, and of nothing nothing is said."""

from datetime import UTC, datetime

import pytest

from newsletter.cli.send.standing import interrupted
from subscribers.store.ledger.deliveries import Recovered

NOW = datetime(2025, 6, 12, 7, tzinfo=UTC)
SETTLED = "(`newsletter resolve` settles that)"


@pytest.mark.parametrize(
    ("queued", "uncertain", "said"),
    [
        (37, 0, "37 deliveries are queued again, none is in doubt."),
        (1, 1, f"1 delivery is queued again, 1 may have gone out and is uncertain {SETTLED}."),
        (0, 1_200, f"0 deliveries are queued again, 1,200 may have gone out and are uncertain {SETTLED}."),
    ],
)
def test_what_a_killed_sender_left_is_counted(queued: int, uncertain: int, said: str) -> None:
    words = interrupted(Recovered((NOW,) * queued, uncertain))
    assert words == f"An earlier sender was interrupted: {said}"


def test_of_a_sender_that_left_nothing_nothing_is_said() -> None:
    assert interrupted(Recovered()) == ""
