"""The ledger in large: no question of the sender reads a send from end to end, and its arithmetic is exact."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.status import DeliveryState, SendState
from subscribers.store.back import events
from subscribers.store.file.open import connect, transaction
from subscribers.store.keeping import carry, dossier, upkeep
from subscribers.store.keeping.carry import Sent
from subscribers.store.ledger import census, decisions, deliveries, sends
from subscribers.store.ledger.deliveries import Result
from subscribers.store.register import people
from tests import blank, readers
from tests.readers import NOW

LATER = NOW + timedelta(hours=1)

#: By these ways rows are found; any other way reads a whole send, or the whole ledger.
FAST = re.compile(
    r"deliveries_listed \(send_id=\? AND state=\?|deliveries_1 \(send_id=\? AND subscriber_id=\?"
    r"|PRIMARY KEY \(rowid=\?\)|PRIMARY KEY \(rowid>\? AND rowid<\?\)"
)

HOT = {
    "claim": lambda c, send: deliveries.claim(c, send, 5, LATER),
    "mark": lambda c, send: deliveries.note(c, NOW, committing=[4]),
    "mark what waited": lambda c, send: deliveries.note(c, NOW, committing=[5], seen=[0]),
    "result": lambda c, send: deliveries.note(c, NOW, results=[Result(3, DeliveryState.ACCEPTED)]),
    "release": lambda c, send: deliveries.release(c, [4], NOW),
    "recover": lambda c, send: deliveries.recover(c, NOW),
    "wakes": lambda c, send: census.wakes(c, send),
    "last": lambda c, send: census.wakes(c, send, last=True),
    "retry": lambda c, send: deliveries.requeue(c, send, DeliveryState.REFUSED, NOW),
    "resolve": lambda c, send: deliveries.confirm(c, send, NOW),
    "prove": lambda c, send: deliveries.prove(c, send, [4, 9, 900], NOW),
    "under way": lambda c, send: sends.under_way(c, NOW),
    "time": lambda c, send: decisions.time(c, send, NOW),
    "held": lambda c, send: decisions.held(c, send),
    "settle": lambda c, send: sends.settle(c, send, NOW),
    "cancel": lambda c, send: sends.move(c, send, SendState.CANCELLED, NOW),
    "rate": lambda c, send: census.rate(c, send, NOW),
    "refused": lambda c, send: list(events.refused(c)),
    "erase": lambda c, send: people.forget(c, 9, NOW),
}


@pytest.fixture
def ledger(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    readers.add(connection, 2000)
    readers.freeze(connection)
    readers.freeze(connection, issue="2025-07")
    deliveries.claim(connection, 1, 5, NOW)
    deliveries.note(connection, NOW, committing=[1, 2, 3])
    yield connection
    connection.close()


def plans(connection, work):
    """Return how each statement of *work* reads the ledger."""
    said = []
    connection.set_trace_callback(said.append)
    work(connection, 1)
    connection.set_trace_callback(None)
    found = [
        row[3]
        for statement in said
        if re.match(r"\s*(SELECT|UPDATE|INSERT|WITH)\b", statement)
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    ]
    return [each for each in found if re.match(r"(SCAN|SEARCH) (d|deliveries)\b", each)]


@pytest.mark.parametrize("name", HOT)
@pytest.mark.parametrize("known", [False, True], ids=["as it is", "analyzed"])
def test_nothing_that_a_sender_does_reads_a_whole_send(ledger, name, known):
    if known:
        ledger.execute("ANALYZE")
    found = plans(ledger, HOT[name])
    assert found
    assert [each for each in found if not FAST.search(each)] == []


@pytest.mark.parametrize(
    "work",
    [
        lambda c, number: people.erase(c, number, [b"k" * 32], NOW),
        lambda c, number: dossier.document(c, people.get(c, number), None),
    ],
    ids=["erase", "document"],
)
def test_nothing_that_one_person_asks_for_reads_what_is_known_of_all(ledger, work):
    said = []
    ledger.set_trace_callback(said.append)
    work(ledger, 7)
    ledger.set_trace_callback(None)
    asked = [one for one in said if re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", one)]
    read = [row[3] for one in asked for row in ledger.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()]
    large = (
        r"SCAN (d|s|x|f|m|c|u|t|deliveries|subscribers|mails|consents|events|footprints|topics|subscriptions)\b"
    )
    assert len(asked) > 5
    assert [each for each in read if re.match(large, each)] == []


def test_a_fresh_reader_is_in_no_index_but_that_of_the_persons(ledger):
    listed, persons = (
        partial(pages, ledger, name) for name in ("deliveries_listed", "sqlite_autoindex_deliveries_1")
    )
    before = listed(), persons()
    readers.freeze(ledger, issue="2025-08")
    assert listed() == before[0]
    assert persons() > before[1]


def pages(connection, index):
    """Return how many pages of the file an index takes."""
    try:
        return connection.execute("SELECT count(*) FROM dbstat WHERE name = ?", (index,)).fetchone()[0]
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no dbstat")


def consistent(connection):
    """Check that what is reckoned is what is there, and that nobody who waits is out of reach."""
    for (send,) in map(tuple, connection.execute("SELECT id FROM sends").fetchall()):
        there = dict(
            map(
                tuple,
                connection.execute("SELECT state, count(*) FROM deliveries WHERE send_id = ? GROUP BY 1", (send,)),
            )
        )
        assert {state: count for state, count in census.counts(connection, send).items() if count} == there
        reckoned = connection.execute(f"SELECT {census.ACCEPTED} FROM sends e WHERE id = ?", (send,)).fetchone()[0]
        assert reckoned == there.get("accepted", 0)
    lost = connection.execute(
        """SELECT count(*) FROM deliveries d JOIN sends e ON e.id = d.send_id
           WHERE d.state = 'queued' AND d.due IS NULL AND NOT d.id BETWEEN e.next AND e.last"""
    ).fetchone()[0]
    assert lost == 0


NEXT_STATES = st.sampled_from(
    [DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN]
)
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(0, 7)),
        st.tuples(st.just("note"), NEXT_STATES),
        st.tuples(st.just("release"), st.booleans()),
        st.tuples(st.just("recover"), st.none()),
        st.tuples(st.just("forget"), st.integers(1, 12)),
        st.tuples(st.just("requeue"), st.sampled_from([DeliveryState.REFUSED, DeliveryState.UNCERTAIN])),
        st.tuples(st.just("confirm"), st.none()),
        st.tuples(st.just("leave"), st.integers(1, 12)),
        st.tuples(st.just("cancel"), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(doings=DOINGS)
def test_whatever_is_done_to_a_send_its_states_add_up_and_nobody_is_out_of_reach(tmp_path_factory, doings):
    connection = blank.people(tmp_path_factory.mktemp("ledger") / "people.db")
    readers.add(connection, 12)
    send, gone = readers.freeze(connection).id, set()
    readers.freeze(connection, issue="2025-07")
    for what, which in doings:
        held = [row[0] for row in connection.execute("SELECT id FROM deliveries WHERE state = 'claimed'")]
        with transaction(connection):
            match what:
                case "claim":
                    deliveries.claim(connection, send, which, LATER)
                case "note" if held:
                    deliveries.note(connection, NOW, committing=held[:2])
                    marked = connection.execute("SELECT id FROM deliveries WHERE state = 'committing'").fetchall()
                    due = LATER if which is DeliveryState.DEFERRED else None
                    deliveries.note(connection, NOW, results=[Result(row[0], which, due) for row in marked])
                case "release":
                    deliveries.release(connection, held[:2], NOW, LATER if which else None)
                case "recover":
                    deliveries.recover(connection, NOW)
                case "forget" if which not in gone:
                    people.forget(connection, which, NOW)
                    gone.add(which)
                case "requeue":
                    deliveries.requeue(connection, send, which, NOW)
                case "confirm":
                    deliveries.confirm(connection, send, NOW)
                case "leave":
                    connection.execute(
                        "UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id = ?", (which,)
                    )
                case "cancel" if sends.get(connection, send).state is SendState.SENDING:
                    sends.move(connection, send, SendState.CANCELLED, NOW)
        consistent(connection)
    with transaction(connection):
        deliveries.recover(connection, NOW)
    while deliveries.claim(connection, send, 5, LATER + timedelta(hours=1)).taken:
        pass
    left = census.counts(connection, send)
    assert left[DeliveryState.QUEUED] == left[DeliveryState.DEFERRED] == 0
    connection.close()


def test_what_was_sent_is_taken_over_in_a_time_that_grows_with_it_alone(tmp_path):
    def steps(count):
        """Return how much SQLite does, in thousands of its steps, to take over a send to so many."""
        here, replaced = tmp_path / f"here-{count}.db", tmp_path / f"replaced-{count}.db"
        with closing(connect(here, durable=False)) as connection:
            readers.add(connection, count)
            send = readers.freeze(connection)
            upkeep.copy(connection, replaced)
            with closing(connect(replaced)) as other:
                readers.tried(other, send.id, count // 2)
                other.execute(
                    """INSERT INTO events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
                       SELECT id, subscriber_id, 'soft', 'mailboxfull', '', '', 'smtp', '' FROM deliveries"""
                )
                other.execute("PRAGMA journal_mode = DELETE")
            done = []
            with carry.beside(connection, replaced) as sound, transaction(connection):
                connection.set_progress_handler(lambda: done.append(1), 1000)
                assert carry.take(connection, sound) == Sent(letters=count // 2)
                connection.set_progress_handler(None, 0)
        return len(done)

    assert steps(4000) < 3 * steps(2000)
