"""The run of a send: whatever happens, nobody is doubled, nobody is lost, and the ledger says so."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from newsletter import delivery
from newsletter.errors import RouteError
from newsletter.send.limits import Limits
from newsletter.send.lock import hold
from newsletter.send.run import Run
from subscribers.errors import LockedError
from subscribers.status import DeliveryState, SendState
from subscribers.store.file.open import stamp, transaction
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import sends
from tests import readers
from tests.effort import ends
from tests.ledger import UNCERTAIN, some
from tests.smtpserver import Fault, Server


@pytest.mark.parametrize("quick", [0, 60])
def test_everybody_gets_it_once_whoever_waits_for_the_disk(ledger_of, quick):
    ledger = ledger_of(250)
    with Server() as server:
        writer = Writer(ledger.path, durable=False, quick=quick)
        assert ledger.run(server, writer=writer).state is SendState.DONE
    assert len(server.accepted) == 250
    assert server.connections == 4
    ledger.agrees(server, 250)


def test_refusals_of_ourselves_pause_the_send_and_blame_nobody(ledger_of):
    ledger = ledger_of(50)
    with Server(faults=[Fault("rcpt", "571", times=1000)]) as server:
        send = ledger.run(server)
    assert send.state is SendState.PAUSED
    assert "5.7.1 we do not like you" in send.reason
    assert ledger.counts()[DeliveryState.REFUSED] == 0
    assert server.accepted == []
    ledger.agrees(server, 50)


def test_one_refusal_of_policy_among_many_readers_pauses_nothing(ledger_of):
    ledger = ledger_of(30)
    with Server(faults=[Fault("rcpt", "571", times=1, skip=15)]) as server:
        assert ledger.run(server, connections=1).state is SendState.DONE
    assert len(server.accepted) == 30


def test_one_refusal_of_policy_at_the_end_of_a_send_pauses_nothing(ledger_of):
    """The reader of whom a server thinks so is tried again when all others have it."""
    ledger = ledger_of(30)
    with Server(faults=[Fault("rcpt", "571", times=2, skip=29)]) as server:
        assert ledger.run(server, connections=1, patience=0.0).state is SendState.SENDING
        assert ledger.run(server).state is SendState.DONE
    assert len(server.accepted) == 30


def test_a_wrong_password_stops_all_and_blames_nobody(ledger_of):
    ledger = ledger_of(10)
    with Server(faults=[Fault("banner", "550", times=99)]) as server, pytest.raises(RouteError):
        ledger.run(server)
    assert ledger.counts()[DeliveryState.QUEUED] == 10


def test_a_halt_finishes_what_is_under_way_and_keeps_the_rest(ledger_of):
    ledger = ledger_of(400)

    async def stop(halt):
        await some(server)
        halt.set()

    with Server(delay=0.002) as server:
        assert ledger.run(server, during=stop).state is SendState.SENDING
        assert 20 <= len(server.accepted) < 400
        ledger.agrees(server, 400)
        assert ledger.counts()[UNCERTAIN] == 0
        assert ledger.run(server).state is SendState.DONE
        ledger.agrees(server, 400)
    assert len(server.accepted) == 400


def test_a_halt_waits_for_no_server_that_says_nothing(ledger_of):
    ledger = ledger_of(20)

    async def stop(halt):
        await asyncio.sleep(0.5)
        halt.set()

    with Server(faults=[Fault("banner", "hang", times=100)]) as server, ends(30):
        assert ledger.run(server, during=stop, limits=Limits(), patience=600.0).state is SendState.SENDING
    assert ledger.counts()[DeliveryState.QUEUED] == 20


@pytest.mark.parametrize("to", [SendState.PAUSED, SendState.CANCELLED])
def test_pause_and_cancel_by_another_program_are_noticed_while_it_runs(ledger_of, to):
    ledger = ledger_of(2000)

    async def command(halt):
        await some(server)
        with transaction(ledger.connection):
            sends.move(ledger.connection, ledger.send.id, to, readers.NOW)
        await halt.wait()

    with Server(delay=0.002) as server, ends():
        assert ledger.run(server, during=command).state is to
    assert len(server.accepted) < 2000
    ledger.agrees(server, 2000)
    if to is SendState.CANCELLED:
        assert ledger.counts()[DeliveryState.QUEUED] == 0


def test_who_unsubscribes_while_it_runs_is_left_out_from_the_next_claim_on(ledger_of):
    ledger = ledger_of(600)

    async def leave(halt):
        await some(server)
        ledger.connection.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id > 500")

    with Server(delay=0.001) as server:
        assert ledger.run(server, during=leave).state is SendState.DONE
    gone = {f"reader{number}@example.org" for number in range(501, 601)}
    assert not gone & set(server.recipients())
    assert ledger.counts()[DeliveryState.SUPPRESSED] == 100
    ledger.agrees(server, 600)


def test_a_second_sender_is_told_who_is_at_work(tmp_path):
    path = tmp_path / "sender.lock"
    inside, leave = threading.Event(), threading.Event()

    def first():
        with hold(path, "newsletter send 2025-06", readers.NOW):
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(5)
    told = r"newsletter send 2025-06 \(process \d+\) .* since 2025-06-12"
    with pytest.raises(LockedError, match=told), hold(path, "newsletter serve", readers.NOW):
        pass
    leave.set()
    thread.join()
    with hold(path, "newsletter serve", readers.NOW):
        assert path.stat().st_mode & 0o077 == 0


def test_deferred_readers_are_tried_again_when_they_are_due(ledger_of):
    ledger = ledger_of(5)
    with Server(faults=[Fault("rcpt", "451", times=2)]) as server:
        assert ledger.run(server).state is SendState.DONE
    ledger.agrees(server, 5)
    found = ledger.connection.execute("SELECT attempts, count(*) FROM deliveries GROUP BY 1 ORDER BY 1").fetchall()
    assert [tuple(row) for row in found] == [(1, 3), (2, 2)]


def test_without_patience_the_deferred_wait_for_another_run(ledger_of):
    ledger = ledger_of(5)
    patient = partial(ledger.run, outcome=delivery.outcome, patience=0.0)
    with Server(faults=[Fault("rcpt", "451", times=2)]) as server:
        assert patient(server).state is SendState.SENDING
    assert ledger.counts()[DeliveryState.DEFERRED] == 2
    ledger.agrees(server, 5)


@pytest.mark.parametrize(("seconds", "times"), [((1.1, 1.2), 0), ((30, 1, 30, 45, 90, 100), 2)])
def test_the_wait_for_the_deferred_is_told_if_it_is_long_and_then_only_if_it_grows(
    ledger_of, monkeypatch, seconds, times
):
    ledger = ledger_of(1)
    said, waits, slept = [], iter(seconds), [0.0]

    def later(reply, attempt, now, jitter):
        outcome = delivery.outcome(reply, attempt, now, jitter)
        return outcome._replace(due=now + timedelta(seconds=next(waits))) if outcome.due else outcome

    async def sleep(run, seconds):
        slept[0] += seconds if seconds > 0.1 else 0
        await asyncio.sleep(min(seconds, 0.05))

    def now():
        return datetime.now(UTC) + timedelta(seconds=slept[0])

    monkeypatch.setattr(Run, "_sleep", sleep)
    with Server(faults=[Fault("rcpt", "451", times=len(seconds))]) as server:
        assert ledger.run(server, outcome=later, said=said, now=now, patience=600.0).state is SendState.DONE
    told = [text for text in said if "The rest is deferred" in text]
    assert len(told) == times, said
    assert all("the last with: 451 4" in text for text in told)


def test_readers_whose_hour_is_to_come_are_not_called_deferred(ledger_of, monkeypatch):
    ledger = ledger_of(2)
    said, slept = [], [0.0]
    hour = stamp(datetime.now(UTC) + timedelta(seconds=40))
    ledger.connection.execute("UPDATE deliveries SET due = ? WHERE id = 2", (hour,))

    async def sleep(run, seconds):
        slept[0] += seconds if seconds > 0.1 else 0
        await asyncio.sleep(min(seconds, 0.05))

    def now():
        return datetime.now(UTC) + timedelta(seconds=slept[0])

    monkeypatch.setattr(Run, "_sleep", sleep)
    with Server() as server:
        assert ledger.run(server, said=said, now=now, patience=600.0).state is SendState.DONE
    ledger.agrees(server, 2)
    (told,) = (text for text in said if "The rest" in text)
    assert told.startswith("The rest waits for its time; the next one leaves in ")


def test_a_slow_rate_ends_at_once_when_it_is_halted(ledger_of):
    ledger = ledger_of(50)
    said = []

    async def stop(halt):
        while not server.accepted:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.01)
        halt.set()

    # The next letter would leave in twenty minutes.
    with Server() as server, ends():
        send = ledger.run(server, during=stop, rate=1 / 1200, said=said)
    assert send.state is SendState.SENDING
    assert len(server.accepted) == 1
    assert said == []
    ledger.agrees(server, 50)


def test_who_unsubscribes_while_their_row_waits_for_its_turn_gets_nothing(ledger_of):
    ledger = ledger_of(40)

    async def leave(halt):
        while not server.accepted:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.005)
        # All forty are claimed by now; the rate lets few of them go.
        assert ledger.counts()[DeliveryState.QUEUED] == 0
        ledger.connection.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id > 30")

    with Server() as server:
        assert ledger.run(server, during=leave, connections=2, rate=20.0).state is SendState.DONE
    assert sorted(server.recipients()) == sorted(f"reader{n}@example.org" for n in range(1, 31))
    assert ledger.counts()[DeliveryState.SUPPRESSED] == 10
    ledger.agrees(server, 40)
