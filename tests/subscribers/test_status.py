"""Laws of the statuses: one table, which the documentation draws and the database knows."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from subscribers.errors import TransitionError
from subscribers.status import TRANSITIONS, DeliveryState, advance, before, earlier
from subscribers.store.file.open import connect

DOCS = Path(__file__).parents[2] / "docs"

COLUMNS = {
    "SubscriberStatus": "subscribers",
    "SubscriptionStatus": "subscriptions",
    "SendState": "sends",
    "DeliveryState": "deliveries",
    "MailState": "mails",
}


def test_the_documentation_draws_the_table_of_deliveries() -> None:
    text = (DOCS / "delivery.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", text, re.MULTILINE))
    table = {
        (state.value, after.value) for state, afters in TRANSITIONS[DeliveryState].items() for after in afters
    }
    assert drawn == table


@pytest.mark.parametrize("kind", list(TRANSITIONS), ids=lambda kind: kind.__name__)
def test_the_database_knows_exactly_the_states_of_the_table(kind: type[StrEnum], tmp_path: Path) -> None:
    connection = connect(tmp_path / "people.db")
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [COLUMNS[kind.__name__]]).fetchone()[
        0
    ]
    connection.close()
    known = re.search(r"CHECK \(((?:state|status) (?:IN|=) .*)\)", sql)
    assert known is not None
    assert re.findall(r"'(\w+)'", known[1]) == list(kind)
    assert set(TRANSITIONS[kind]) == set(kind)


def test_a_state_that_may_not_follow_is_an_error() -> None:
    assert advance(DeliveryState.QUEUED, DeliveryState.CLAIMED) is DeliveryState.CLAIMED
    for after in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
        with pytest.raises(TransitionError, match="cannot go from accepted"):
            advance(DeliveryState.ACCEPTED, after)


def test_an_uncertain_delivery_is_never_claimed_again_by_itself() -> None:
    assert DeliveryState.UNCERTAIN not in before(DeliveryState.CLAIMED)
    assert DeliveryState.COMMITTING not in before(DeliveryState.CLAIMED)
    assert DeliveryState.COMMITTING not in before(DeliveryState.QUEUED)


def test_what_can_come_of_a_state_in_several_steps_is_known() -> None:
    assert set(earlier(DeliveryState.ACCEPTED)) == {
        DeliveryState.QUEUED,
        DeliveryState.CLAIMED,
        DeliveryState.COMMITTING,
        DeliveryState.DEFERRED,
        DeliveryState.REFUSED,
        DeliveryState.UNCERTAIN,
    }
    ends = {DeliveryState.ACCEPTED, DeliveryState.SUPPRESSED, DeliveryState.CANCELLED}
    assert all(ends.isdisjoint(earlier(state)) for state in DeliveryState)
