"""What the ledger keeps of two subjects that a part of the readers tries: who is held, and one decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from subscribers.model import Where
from subscribers.status import DeliveryState, SendState
from subscribers.store.back import figures
from subscribers.store.file.open import transaction
from subscribers.store.ledger import census, decisions, deliveries, sends
from subscribers.store.ledger.decisions import Side
from subscribers.store.ledger.deliveries import Result
from subscribers.variant import Comparison, variant
from tests import blank, readers
from tests.readers import EVERYBODY, NOW

WAIT = timedelta(hours=4)
LATER = NOW + timedelta(days=4_000)
NAMES = {name: name.encode() for name in ("en", "en@b", "sv")}


@pytest.fixture
def ledger(tmp_path):
    """A send to 400 readers; the English ones try two subjects, the Swedish have one."""
    connection = blank.people(tmp_path / "people.db")
    readers.add(connection, 400)
    begin(connection)
    yield connection
    connection.close()


def begin(connection, trying=40, due=None):
    made = variant(("en", "sv"), {}, NOW, Comparison(("en",), 0, "2025-06", trying))
    with transaction(connection):
        send = sends.create(
            connection, issue="2025-06", list="monthly", rule="{}", content="", variants=NAMES, now=NOW, due=NOW
        )
        return sends.start(connection, send.id, EVERYBODY, made, NOW, due, WAIT)


def claim_all(connection, now=NOW, send=1):
    """Let the sender take all that it can, and the server all of that."""
    taken = deliveries.claim(connection, send, 1_000, now).taken
    deliveries.note(connection, now, committing=[one.id for one in taken])
    deliveries.note(connection, now, results=[Result(one.id, DeliveryState.ACCEPTED) for one in taken])
    return taken


def test_who_tries_is_split_evenly_and_the_rest_is_held_whatever_the_time(ledger):
    taken = claim_all(ledger, LATER)
    sides = [one.variant for one in taken]
    assert sides.count("sv") == 200
    assert 25 <= sides.count("en") <= 55
    assert 25 <= sides.count("en@b") <= 55
    held = decisions.held(ledger, 1)
    assert held == 400 - len(taken)
    assert not deliveries.claim(ledger, 1, 1_000, LATER).taken
    counts = census.counts(ledger, 1)
    assert (counts[DeliveryState.ACCEPTED], counts[DeliveryState.QUEUED]) == (400 - held, held)
    assert census.wakes(ledger, 1) is None
    assert census.wakes(ledger, 1, last=True) is None
    assert {line.due for line in census.lines(ledger, 1, DeliveryState.QUEUED)} == {None}


def test_the_wait_begins_once_when_the_part_is_out(ledger):
    taken = deliveries.claim(ledger, 1, 1_000, NOW).taken
    assert sends.settle(ledger, 1, NOW).state is SendState.SENDING
    assert decisions.of(ledger, 1).due is None
    deliveries.note(ledger, NOW, committing=[one.id for one in taken])
    assert sends.settle(ledger, 1, NOW).state is SendState.SENDING
    assert decisions.of(ledger, 1).due is None
    results = [Result(one.id, DeliveryState.ACCEPTED) for one in taken[1:]]
    put_off = Result(taken[0].id, DeliveryState.DEFERRED, NOW + timedelta(days=2))
    deliveries.note(ledger, NOW, results=[*results, put_off])
    assert sends.under_way(ledger, NOW)
    sends.settle(ledger, 1, NOW)
    assert decisions.of(ledger, 1).due == NOW + WAIT
    sends.settle(ledger, 1, NOW + timedelta(hours=1))
    assert decisions.of(ledger, 1).due == NOW + WAIT
    assert not sends.under_way(ledger, NOW + timedelta(hours=3))
    assert sends.under_way(ledger, NOW + WAIT)


@pytest.mark.parametrize(("winner", "name"), [("a", "en"), ("b", "en@b")])
def test_a_decision_is_taken_once_and_lets_the_rest_go(ledger, winner, name):
    claim_all(ledger)
    sends.settle(ledger, 1, NOW)
    held = decisions.held(ledger, 1)
    made = replace(decisions.of(ledger, 1), winner=winner, a=Side(40, 3), b=Side(41, 5))
    assert decisions.take(ledger, made, None, NOW)
    assert not decisions.take(ledger, replace(made, winner="a" if winner == "b" else "b"), None, NOW)
    found = decisions.of(ledger, 1)
    assert (found.winner, found.taken, found.a, found.b) == (winner, NOW, Side(40, 3), Side(41, 5))
    assert decisions.latest(ledger, "2025-06") == found
    taken = claim_all(ledger)
    assert [one.variant for one in taken] == [name] * held
    assert sends.settle(ledger, 1, NOW).state is SendState.DONE


def test_whose_hour_is_to_come_waits_for_it_after_the_decision(ledger):
    claim_all(ledger)
    made = replace(decisions.of(ledger, 1), winner="b")
    then = "2025-06-13T07:00:00.000Z"
    assert decisions.take(ledger, made, Where("iif(s.id % 4 = 0, :then, NULL)", {"then": then}), NOW)
    assert all(one.subscriber % 4 for one in claim_all(ledger))
    assert census.wakes(ledger, 1) == NOW + timedelta(days=1)
    assert all(one.subscriber % 4 == 0 for one in claim_all(ledger, NOW + timedelta(days=1)))


def test_cancel_ends_what_is_held(ledger):
    claim_all(ledger)
    held = decisions.held(ledger, 1)
    sends.move(ledger, 1, SendState.CANCELLED, NOW)
    assert decisions.held(ledger, 1) == 0
    assert census.counts(ledger, 1)[DeliveryState.CANCELLED] == held
    assert not sends.under_way(ledger, LATER)


def test_where_nobody_has_the_other_subject_nobody_waits(ledger):
    sends.move(ledger, 1, SendState.CANCELLED, NOW)
    ledger.execute("DELETE FROM subscriptions WHERE subscriber_id > 2")
    made = begin(ledger, trying=1)
    assert decisions.of(ledger, made.id) is None
    assert {one.variant for one in claim_all(ledger, send=made.id)} == {"en", "sv"}


def test_what_arrived_and_was_clicked_is_counted_by_variant(ledger):
    taken = claim_all(ledger)
    for number, kind in enumerate(("hard", "complaint")):
        one = [one for one in taken if one.variant == "en@b"][number]
        ledger.execute(
            """INSERT INTO events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
               VALUES (?, ?, ?, '', '', '', '', ?)""",
            (one.id, one.subscriber, kind, "2025-06-12T08:00:00.000Z"),
        )
    ledger.execute("INSERT INTO links (id, send_id, variant, place, url, label) VALUES ('x', 1, 'en', 1, '', '')")
    ledger.execute("INSERT INTO clicks VALUES ('x', '2025-06-12T08', 0, 7), ('x', '2025-06-12T08', 1, 90)")
    found = {name: (arrived, clicks) for name, arrived, clicks in figures.arrivals(ledger, 1)}
    sides = [one.variant for one in taken]
    assert found["en"] == (sides.count("en"), 7)
    assert found["en@b"] == (sides.count("en@b") - 1, 0)


def test_without_a_trial_nothing_is_held_and_fresh_rows_stand_as_before(ledger):
    made = readers.freeze(ledger, issue="2025-07")
    assert decisions.of(ledger, made.id) is None
    rows = ledger.execute("SELECT DISTINCT variant, due FROM deliveries WHERE send_id = ?", (made.id,)).fetchall()
    assert [tuple(row) for row in rows] == [("en", None)]
