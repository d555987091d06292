"""The ledger: who may not be written to is never claimed, and no row takes a forbidden step."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.errors import TransitionError
from subscribers.model import MailingList, Suppression
from subscribers.status import TRANSITIONS, DeliveryState, SendState
from subscribers.store.back import events
from subscribers.store.file.open import connect
from subscribers.store.keeping import dossier
from subscribers.store.ledger import census, deliveries, sends
from subscribers.store.ledger.deliveries import Result
from subscribers.store.register import lists, suppressions
from subscribers.store.register.people import erase, get
from tests import blank, readers
from tests.matching import person as knowledge
from tests.readers import NOW

LATER = NOW + timedelta(hours=1)
LEAVE = """UPDATE subscriptions SET status = 'unsubscribed'
    WHERE list_id = (SELECT id FROM lists WHERE slug = 'monthly') AND subscriber_id IN"""


@pytest.fixture
def people(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    yield connection
    connection.close()


@pytest.fixture
def send(people):
    """Send the monthly letter to six readers who are confirmed in another list, too, which says nothing of it."""
    readers.add(people, 6)
    lists.ensure(people, [MailingList("weekly", "The weekly letter")])
    people.execute(
        """INSERT INTO subscriptions (list_id, subscriber_id, status, since)
           SELECT (SELECT id FROM lists WHERE slug = 'weekly'), id, 'confirmed', joined FROM subscribers"""
    )
    return readers.freeze(people)


def state(people, delivery):
    return people.execute("SELECT state FROM deliveries WHERE id = ?", (delivery,)).fetchone()[0]


def test_unsubscribed_suppressed_and_erased_people_are_never_claimed(people, send):
    people.execute(f"{LEAVE} (1)")
    suppressions.add(people, Suppression("reader2@example.org", "complaint", "a test", NOW))
    people.execute("UPDATE subscribers SET status = 'erased' WHERE id = 3")
    people.execute("DELETE FROM subscribers WHERE id = 4")
    claimed = deliveries.claim(people, send.id, 10, NOW)
    assert [delivery.subscriber for delivery in claimed.taken] == [5, 6]
    assert claimed.suppressed == 4
    assert [row[0] for row in people.execute("SELECT reply FROM deliveries ORDER BY id LIMIT 4")] == [
        "unsubscribed",
        "suppressed",
        "erased",
        "erased",
    ]


def test_a_claim_takes_each_row_once_and_counts_the_attempt(people, send):
    first = deliveries.claim(people, send.id, 4, NOW)
    second = deliveries.claim(people, send.id, 4, NOW)
    assert [d.id for d in first.taken + second.taken] == [1, 2, 3, 4, 5, 6]
    assert {d.attempts for d in first.taken} == {1}
    assert first.taken[0].email == "reader1@example.org"
    assert deliveries.claim(people, send.id, 4, NOW).taken == ()


@pytest.mark.parametrize("to", [SendState.PAUSED, SendState.CANCELLED])
def test_nothing_is_claimed_of_a_send_that_is_not_sending(people, send, to):
    sends.move(people, send.id, to, NOW)
    assert deliveries.claim(people, send.id, 10, NOW) == deliveries.Claimed()


def test_a_deferred_row_is_claimed_when_it_is_due_and_not_before(people, send):
    deliveries.claim(people, send.id, 6, NOW)
    deliveries.note(people, NOW, results=[Result(3, DeliveryState.DEFERRED, due=LATER, code=451, reply="busy")])
    assert census.wakes(people, send.id) == LATER
    assert deliveries.claim(people, send.id, 6, NOW).taken == ()
    (again,) = deliveries.claim(people, send.id, 6, LATER).taken
    assert (again.id, again.attempts) == (3, 2)


def test_what_was_given_back_was_no_attempt(people, send):
    deliveries.claim(people, send.id, 3, NOW)
    deliveries.note(people, NOW, committing=[2])
    assert deliveries.release(people, [1, 2, 3], NOW) == 2
    assert state(people, 2) == "committing"
    assert deliveries.claim(people, send.id, 1, NOW).taken[0].attempts == 1


def test_a_crash_leaves_doubt_only_where_the_dot_may_have_left(people, send):
    deliveries.claim(people, send.id, 4, NOW)
    deliveries.note(people, NOW, committing=[2])
    assert deliveries.recover(people, NOW) == deliveries.Recovered(claimed=(NOW,) * 3, uncertain=1)
    counts = census.counts(people, send.id)
    assert (counts[DeliveryState.QUEUED], counts[DeliveryState.UNCERTAIN]) == (5, 1)
    assert [d.id for d in deliveries.claim(people, send.id, 10, NOW).taken] == [1, 3, 4, 5, 6]


def test_doubt_ends_only_when_somebody_settles_it(people, send):
    deliveries.claim(people, send.id, 2, NOW)
    for number in (1, 2):
        deliveries.note(people, NOW, committing=[number])
        deliveries.note(people, NOW, results=[Result(number, DeliveryState.UNCERTAIN)])
    assert deliveries.confirm(people, send.id, NOW) == 2
    assert deliveries.requeue(people, send.id, DeliveryState.UNCERTAIN, NOW) == 0


def test_who_waits_in_an_old_copy_and_has_it_by_a_log_is_counted_and_never_claimed(people, send):
    deliveries.claim(people, send.id, 2, NOW)
    deliveries.note(people, NOW, committing=[1])
    deliveries.note(people, NOW, results=[Result(2, DeliveryState.DEFERRED, due=LATER, code=451, reply="busy")])
    deliveries.note(people, NOW, results=[Result(1, DeliveryState.UNCERTAIN)])
    assert deliveries.prove(people, send.id, [1, 2, 4], NOW) == 2
    assert [state(people, number) for number in range(1, 7)] == [
        "accepted", "accepted", "queued", "accepted", "queued", "queued",
    ]  # fmt: skip
    counts = census.counts(people, send.id)
    assert (counts[DeliveryState.ACCEPTED], counts[DeliveryState.QUEUED], sum(counts.values())) == (3, 3, 6)
    assert [each.id for each in deliveries.claim(people, send.id, 9, LATER).taken] == [3, 5, 6]


def test_a_log_moves_nobody_whom_a_sender_has_in_hand(people, send):
    deliveries.claim(people, send.id, 2, NOW)
    deliveries.note(people, NOW, committing=[2])
    assert deliveries.prove(people, send.id, [1, 2, 3], NOW) == 1
    assert [state(people, number) for number in (1, 2, 3)] == ["claimed", "committing", "accepted"]


def test_whoever_is_queued_once_more_has_every_try_before_them(people, send):
    at = NOW
    for _ in range(5):
        assert 1 in [each.id for each in deliveries.claim(people, send.id, 6, at).taken]
        at += timedelta(hours=1)
        deliveries.note(people, at, results=[Result(1, DeliveryState.DEFERRED, due=at, code=451, reply="busy")])
    deliveries.claim(people, send.id, 1, at)
    deliveries.note(people, at, results=[Result(1, DeliveryState.REFUSED, code=451, reply="busy")])
    assert deliveries.requeue(people, send.id, DeliveryState.REFUSED, at) == 1
    (again,) = deliveries.claim(people, send.id, 1, at).taken
    assert (again.id, again.attempts) == (1, 1)


def test_what_was_accepted_is_never_queued_again(people, send):
    deliveries.claim(people, send.id, 1, NOW)
    deliveries.note(people, NOW, committing=[1])
    deliveries.note(people, NOW, results=[Result(1, DeliveryState.ACCEPTED, code=250, reply="queued as 1")])
    with pytest.raises(TransitionError):
        deliveries.requeue(people, send.id, DeliveryState.ACCEPTED, NOW)
    assert deliveries.release(people, [1], NOW) == 0


STEPS = (DeliveryState.COMMITTING, DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.REFUSED)


@settings(max_examples=60)
@given(steps=st.lists(st.sampled_from([*STEPS, DeliveryState.UNCERTAIN]), max_size=6))
def test_a_row_takes_only_the_steps_that_are_drawn(tmp_path_factory, steps):
    people = blank.people(tmp_path_factory.mktemp("ledger") / "people.db")
    readers.add(people, 1)
    send = readers.freeze(people)
    deliveries.claim(people, send.id, 1, NOW)
    now = DeliveryState.CLAIMED
    for step in steps:
        allowed = step in TRANSITIONS[DeliveryState][now]
        try:
            deliveries.note(people, NOW, results=[Result(1, step)])
            assert allowed
            now = step
        except TransitionError:
            assert not allowed
        assert state(people, 1) == now
        assert sum(census.counts(people, send.id).values()) == 1
    people.close()


def test_lines_come_in_pages_without_end(people):
    readers.add(people, 1200)
    send = readers.freeze(people)
    found = list(census.lines(people, send.id, DeliveryState.QUEUED))
    assert [line.email for line in found][:2] == ["reader1@example.org", "reader2@example.org"]
    assert len({line.id for line in found}) == 1200


@pytest.mark.parametrize(
    "leave",
    [
        f"{LEAVE} (2)",
        "UPDATE subscribers SET status = 'erased' WHERE id = 2",
        "INSERT INTO suppressions (canonical, reason, evidence, at) VALUES ('reader2@example.org', 'x', '', '')",
    ],
)
def test_no_dot_leaves_for_who_left_after_the_claim(people, send, leave):
    deliveries.claim(people, send.id, 3, NOW)
    people.execute(leave)
    assert deliveries.note(people, NOW, committing=[1, 2, 3]) == {2}
    assert [state(people, number) for number in (1, 2, 3)] == ["committing", "claimed", "committing"]
    deliveries.release(people, [2], NOW)
    assert deliveries.claim(people, send.id, 1, NOW).suppressed == 1
    assert state(people, 2) == "suppressed"


def test_who_left_by_another_connection_is_noticed_at_the_dot_and_whoever_was_claimed_after_it_is_not_asked(
    people, send, tmp_path
):
    first = deliveries.claim(people, send.id, 3, NOW).taken
    other = connect(tmp_path / "people.db", durable=False)
    other.execute(f"{LEAVE} (2, 5)")
    other.close()
    second = deliveries.claim(people, send.id, 3, NOW)
    assert [row.id for row in second.taken] == [4, 6]
    rows = (*first, *second.taken)
    assert len({row.seen for row in rows}) == 2
    unwanted = deliveries.note(people, NOW, committing=[row.id for row in rows], seen=[row.seen for row in rows])
    assert unwanted == {2}
    assert [state(people, number) for number in range(1, 5)] == [
        "committing",
        "claimed",
        "committing",
        "committing",
    ]


def test_half_a_character_in_a_reply_is_refused_and_nothing_is_written(people, send):
    deliveries.claim(people, send.id, 1, NOW)
    deliveries.note(people, NOW, committing=[1])
    with pytest.raises(UnicodeEncodeError):
        deliveries.note(people, NOW, results=[Result(1, DeliveryState.ACCEPTED, None, 250, "", "half \ud83d")])
    assert state(people, 1) == "committing"
    deliveries.note(people, NOW, results=[Result(1, DeliveryState.ACCEPTED, None, 250, "2.0.0", 'all "of" it 😀')])
    (line,) = census.lines(people, send.id, DeliveryState.ACCEPTED)
    assert (line.code, line.enhanced, line.reply, line.due) == (250, "2.0.0", 'all "of" it 😀', None)


def test_no_reply_is_kept_of_who_was_erased_meanwhile(people, send):
    deliveries.claim(people, send.id, 2, NOW)
    erase(people, 2, [b"key"], NOW)
    results = [Result(n, DeliveryState.REFUSED, code=550, reply=f"no reader{n}@example.org here") for n in (1, 2)]
    deliveries.note(people, NOW, results=results)
    found = [tuple(row) for row in people.execute("SELECT state, reply FROM deliveries ORDER BY id LIMIT 2")]
    assert found == [("refused", "no reader1@example.org here"), ("refused", "")]


def test_what_a_killed_sender_held_of_a_cancelled_send_is_cancelled(people, send):
    deliveries.claim(people, send.id, 3, NOW)
    sends.move(people, send.id, SendState.CANCELLED, NOW)
    deliveries.recover(people, NOW)
    assert census.counts(people, send.id)[DeliveryState.CANCELLED] == 6


def steps(people, work, *wanted, **more):
    """Return what *work* gives, and how many steps of SQLite's machine it takes, in tens."""
    taken = []
    people.set_progress_handler(lambda: taken.append(1), 10)
    found = work(people, *wanted, **more)
    people.set_progress_handler(None, 0)
    return found, len(taken)


def work_of_a_sender(people, send):
    claimed, claiming = steps(people, deliveries.claim, send, 2, NOW)
    ids = [row.id for row in claimed.taken]
    _, marking = steps(people, deliveries.note, NOW, committing=ids)
    results = [Result(delivery, DeliveryState.ACCEPTED, code=250) for delivery in ids]
    _, settling = steps(people, deliveries.note, NOW, results=results)
    _, waking = steps(people, census.wakes, send)
    _, recovering = steps(people, deliveries.recover, NOW)
    _, looking = steps(people, sends.under_way, NOW)
    return claiming, marking, settling, waking, recovering, looking


def test_what_a_sender_does_takes_as_long_in_a_large_ledger_as_in_a_small_one(people):
    found = []
    for first, size in ((1, 200), (201, 4000)):
        readers.add(people, size, first=first)
        send = readers.freeze(people, issue=str(size)).id
        readers.tried(people, send, size - size // 100)
        found.append(work_of_a_sender(people, send))
    assert all(large <= small + 10 for small, large in zip(*found, strict=True)), found


def questions_about_one(people):
    person = get(people, 1)
    return [
        steps(people, work, wanted)[1]
        for work, wanted in (
            (dossier.letters, person.id),
            (events.latest, person.address.canonical),
            (knowledge, person),
            (forget, person.id),
        )
    ]


def forget(people, subscriber):
    erase(people, subscriber, [b"key"], NOW)


def test_what_is_asked_about_one_reader_takes_as_long_in_a_large_ledger_as_in_a_small_one(people, tmp_path):
    few = blank.people(tmp_path / "few.db")
    for connection, size in ((few, 100), (people, 3000)):
        readers.add(connection, size)
        readers.freeze(connection)
    small, large = questions_about_one(few), questions_about_one(people)
    few.close()
    assert all(much <= little + 10 for little, much in zip(small, large, strict=True)), (small, large)


def test_the_rate_is_that_of_the_last_readers_whoever_waits(people):
    readers.add(people, 10)
    send = readers.freeze(people).id
    for number in (1, 2, 3):
        at = NOW + timedelta(seconds=number)
        (row,) = deliveries.claim(people, send, 1, at).taken
        deliveries.note(people, at, committing=[row.id])
        deliveries.note(people, at, results=[Result(row.id, DeliveryState.ACCEPTED)])
    assert census.rate(people, send, NOW + timedelta(seconds=4)) == 1.0
    deliveries.claim(people, send, 1, NOW)
    assert census.rate(people, send, NOW + timedelta(seconds=4)) == 1.0
    assert census.rate(people, send, LATER) == 0.0
