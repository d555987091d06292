"""The run of a send: whatever happens, nobody is doubled, nobody is lost, and the ledger says so."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from newsletter import delivery
from newsletter.errors import RouteError, TryAgainError
from newsletter.model import Envelope, Message
from newsletter.pace import Learned
from newsletter.send.limits import Limits
from newsletter.send.lock import hold
from newsletter.send.pool import Pool
from newsletter.send.routes import Routes, lane, pace_of
from newsletter.send.run import Run
from subscribers.errors import LockedError, StoreError
from subscribers.status import DeliveryState, SendState
from subscribers.store import deliveries, paces, sends
from subscribers.store.open import connect, transaction
from subscribers.store.writer import Writer
from tests import readers
from tests.effort import ends
from tests.newsletter.test_smtp import route
from tests.smtpserver import Fault, Server

QUICK = Limits(connect=0.5, mail=0.4, rcpt=0.4, data=0.4, body=0.4, dot=0.4, quit=0.2)
ACCEPTED, UNCERTAIN = DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN


def build(row):
    message_id = f"<{row.id}@example.org>"
    data = f"Message-ID: {message_id}\r\n\r\nHello {row.name}\r\n".encode()
    return Message(Envelope("bounce@example.org", row.email), data, message_id)


def at_once(reply, attempt, now, jitter):
    """Decide as always, and try again at once."""
    outcome = delivery.outcome(reply, attempt, now, jitter)
    if outcome.due is None:
        return outcome
    return type(outcome)(outcome.state, outcome.reply, now + timedelta(milliseconds=50), outcome.pause)


async def some(server):
    """Wait until the server has accepted a few."""
    while len(server.accepted) < 20:  # noqa: ASYNC110 - the server runs in a thread
        await asyncio.sleep(0.01)


class Ledger:
    """A people's file with a send that waits, and what to ask of it afterwards."""

    def __init__(self, folder, count):
        self.path = folder / "people.db"
        self.connection = connect(self.path, durable=False)
        readers.add(self.connection, count)
        self.send = readers.freeze(self.connection)

    def run(
        self,
        server,
        *,
        during=None,
        build=build,
        writer=None,
        rate=None,
        rates=(),
        said=None,
        limits=QUICK,
        **changed,
    ):
        """Run the send once, as the program does. Return it as it then stands; *during* is called beside it."""

        async def work():
            halt = asyncio.Event()
            fields = {
                "connections": 4,
                "patience": 3.0,
                "endurance": 1.0,
                "reconnect": 0.05,
                "outcome": at_once,
                "now": lambda: datetime.now(UTC),
                **changed,
            }
            by = route(server, connections=fields["connections"], rate=rate, rates=rates)
            say, now, permit = (said if said is not None else []).append, fields["now"], fields.get("permit")
            with writer or Writer(self.path, durable=False) as own:
                courier = Routes(
                    [lane(by, Pool(by, limits=limits, halt=halt), self.learned(pace_of(by)))],
                    halt=halt,
                    now=now,
                    say=say,
                    writer=own,
                    closed=lambda: permit is not None and permit.closed(now()),
                )
                run = Run(
                    writer=own,
                    courier=courier,
                    send=self.send,
                    build=build,
                    halt=halt,
                    jitter=random.random,
                    tell=lambda state, attempt: None,
                    say=say,
                    **fields,
                )
                beside = asyncio.create_task(during(halt)) if during else None
                try:
                    return await run.go()
                finally:
                    if beside:
                        await beside
                    await courier.close()

        return asyncio.run(work())

    def learned(self, name):
        return next((Learned(*pace) for key, pace in paces.learned(self.connection).items() if key == name), None)

    def counts(self):
        return deliveries.counts(self.connection, self.send.id)

    def states(self):
        return {
            f"<{row[0]}@example.org>": DeliveryState(row[1])
            for row in self.connection.execute("SELECT id, state FROM deliveries")
        }

    def send_state(self):
        return sends.get(self.connection, self.send.id).state

    def resume(self):
        sends.move(self.connection, self.send.id, SendState.SENDING, readers.NOW)

    def among(self, *states):
        marks = ", ".join("?" * len(states))
        rows = self.connection.execute(f"SELECT id FROM deliveries WHERE state IN ({marks})", states)
        return {f"<{row[0]}@example.org>" for row in rows}

    def agrees(self, server, count):
        """The oracle: what the server accepted, against what the ledger says."""
        ids = server.ids()
        assert len(ids) == len(set(ids)), "somebody got it twice"
        assert set(ids) <= self.among(ACCEPTED, UNCERTAIN)
        assert self.among(ACCEPTED) <= set(ids)
        assert sum(self.counts().values()) == count
        assert self.counts()[DeliveryState.CLAIMED] == self.counts()[DeliveryState.COMMITTING] == 0
        assert self.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize("quick", [0, 60])
def test_everybody_gets_it_once_whoever_waits_for_the_disk(tmp_path, quick):
    ledger = Ledger(tmp_path, 250)
    with Server() as server:
        writer = Writer(ledger.path, durable=False, quick=quick)
        assert ledger.run(server, writer=writer).state is SendState.DONE
    assert len(server.accepted) == 250
    assert server.connections == 4
    ledger.agrees(server, 250)


@pytest.mark.parametrize("action", ["drop", "hang", "421", "451", "550", "garbage", "huge", "endless"])
@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "body", "dot", "rset"])
def test_no_fault_doubles_or_loses_anybody(tmp_path, stage, action):
    ledger = Ledger(tmp_path, 12)
    faults = [Fault(stage, action, times=2, skip=1)]
    if stage == "rset":
        faults.append(Fault("rcpt", "550", times=3))
    with Server(faults=faults) as server:
        for _ in range(3):
            try:
                state = ledger.run(server, connections=2).state
            except RouteError:
                assert (stage, action) in {("banner", "550"), ("ehlo", "550"), ("ehlo", "421")}
                continue
            if state is not SendState.PAUSED:
                break
            # MAIL was refused: that is us, so no reader is blamed and an operator goes on.
            assert (stage, action) == ("mail", "550")
            assert ledger.counts()[DeliveryState.REFUSED] == 0
            sends.move(ledger.connection, ledger.send.id, SendState.SENDING, readers.NOW)
    assert state is SendState.DONE
    ledger.agrees(server, 12)
    doubtful = ledger.counts()[UNCERTAIN]
    assert doubtful <= (2 if stage == "dot" else 0), "doubt is only where the dot may have left"


@pytest.mark.parametrize("times", [1, 3])
def test_a_message_that_was_taken_without_a_word_stays_in_doubt(tmp_path, times):
    ledger = Ledger(tmp_path, 20)
    with Server(faults=[Fault("dot", "vanish", times=times, skip=2)]) as server:
        assert ledger.run(server).state is SendState.DONE
    assert ledger.counts()[UNCERTAIN] == times
    ledger.agrees(server, 20)
    assert len(server.accepted) == 20


def test_refusals_of_ourselves_pause_the_send_and_blame_nobody(tmp_path):
    ledger = Ledger(tmp_path, 50)
    with Server(faults=[Fault("rcpt", "571", times=1000)]) as server:
        send = ledger.run(server)
    assert send.state is SendState.PAUSED
    assert "5.7.1 we do not like you" in send.reason
    assert ledger.counts()[DeliveryState.REFUSED] == 0
    assert server.accepted == []
    ledger.agrees(server, 50)


def test_one_refusal_of_policy_among_many_readers_pauses_nothing(tmp_path):
    ledger = Ledger(tmp_path, 30)
    with Server(faults=[Fault("rcpt", "571", times=1, skip=15)]) as server:
        assert ledger.run(server, connections=1).state is SendState.DONE
    assert len(server.accepted) == 30


def test_one_refusal_of_policy_at_the_end_of_a_send_pauses_nothing(tmp_path):
    """The reader of whom a server thinks so is tried again when all others have it."""
    ledger = Ledger(tmp_path, 30)
    with Server(faults=[Fault("rcpt", "571", times=2, skip=29)]) as server:
        assert ledger.run(server, connections=1, patience=0.0).state is SendState.SENDING
        assert ledger.run(server).state is SendState.DONE
    assert len(server.accepted) == 30


def test_a_poison_row_harms_only_itself(tmp_path):
    ledger = Ledger(tmp_path, 10)
    ledger.connection.execute("UPDATE subscribers SET email = 'a@x.org>' || char(13, 10) || 'QUIT' WHERE id = 3")

    def sometimes(row):
        if row.subscriber == 5:
            raise ValueError("no header can hold this")
        return build(row)

    with Server() as server:
        assert ledger.run(server, build=sometimes).state is SendState.DONE
    assert ledger.counts()[DeliveryState.REFUSED] == 2
    assert len(server.accepted) == 8
    ledger.agrees(server, 10)


def test_nothing_answers_ends_in_try_again_and_loses_nothing(tmp_path):
    ledger = Ledger(tmp_path, 10)
    with Server() as server:
        port = server.port
    with pytest.raises(TryAgainError, match="nothing is lost"):
        ledger.run(Server(port=port), endurance=0.1)
    assert ledger.counts()[DeliveryState.QUEUED] == 10
    with Server(port=port) as server:
        ledger.run(server)
    ledger.agrees(server, 10)
    assert set(ledger.connection.execute("SELECT DISTINCT attempts FROM deliveries").fetchone()) == {1}


@pytest.mark.parametrize("stopped", [False, True])
def test_when_nothing_answers_a_long_line_of_readers_keeps_nobody(tmp_path, stopped):
    """More rows wait than are claimed at once, and none of them gets a turn: it ends all the same."""
    ledger = Ledger(tmp_path, 600)
    with Server() as server:
        pass

    async def stop(halt):
        await asyncio.sleep(0.3)
        if stopped:
            halt.set()

    if stopped:
        assert ledger.run(server, during=stop, connections=4, endurance=30.0).state is SendState.SENDING
    else:
        with pytest.raises(TryAgainError):
            ledger.run(server, during=stop, connections=4, endurance=0.6)
    assert ledger.counts()[DeliveryState.QUEUED] == 600
    ledger.agrees(server, 600)


def test_a_wrong_password_stops_all_and_blames_nobody(tmp_path):
    ledger = Ledger(tmp_path, 10)
    with Server(faults=[Fault("banner", "550", times=99)]) as server, pytest.raises(RouteError):
        ledger.run(server)
    assert ledger.counts()[DeliveryState.QUEUED] == 10


def test_a_halt_finishes_what_is_under_way_and_keeps_the_rest(tmp_path):
    ledger = Ledger(tmp_path, 400)

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


@pytest.mark.parametrize("to", [SendState.PAUSED, SendState.CANCELLED])
def test_pause_and_cancel_by_another_program_are_noticed_while_it_runs(tmp_path, to):
    ledger = Ledger(tmp_path, 2000)

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


def test_who_unsubscribes_while_it_runs_is_left_out_from_the_next_claim_on(tmp_path):
    ledger = Ledger(tmp_path, 600)

    async def leave(halt):
        await some(server)
        ledger.connection.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id > 500")

    with Server(delay=0.001) as server:
        assert ledger.run(server, during=leave).state is SendState.DONE
    gone = {f"reader{number}@example.org" for number in range(501, 601)}
    assert not gone & set(server.recipients())
    assert ledger.counts()[DeliveryState.SUPPRESSED] == 100
    ledger.agrees(server, 600)


@pytest.mark.parametrize("quick", [0, 60])
def test_a_full_disk_stops_before_the_dot_and_goes_on_when_there_is_room(tmp_path, quick):
    ledger = Ledger(tmp_path, 300)
    writer = Writer(ledger.path, durable=False, quick=quick)
    filler = "CREATE TABLE filler (text TEXT) STRICT"

    def fill(connection):
        connection.execute(filler)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()
        connection.execute("CREATE TRIGGER full AFTER UPDATE ON deliveries WHEN new.id > 100 BEGIN "
                           "INSERT INTO filler VALUES (hex(zeroblob(100000))); END")  # fmt: skip

    writer.submit(fill).result()
    with Server() as server:
        with pytest.raises(StoreError, match="make room"):
            ledger.run(server, writer=writer)
        ledger.connection.execute("DROP TRIGGER full")
        assert len(server.accepted) <= 100
        with transaction(ledger.connection):
            deliveries.recover(ledger.connection, readers.NOW)
        assert ledger.run(server).state is SendState.DONE
    assert len(server.accepted) == 300
    ledger.agrees(server, 300)


def test_a_run_goes_on_when_another_program_has_written_for_a_while(tmp_path):
    ledger = Ledger(tmp_path, 400)
    other = sqlite3.connect(ledger.path, isolation_level=None)

    async def write(halt):
        await some(server)
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.4)
        other.execute("COMMIT")

    with Server(delay=0.001) as server:
        writer = Writer(ledger.path, durable=False, quick=60)
        assert ledger.run(server, during=write, writer=writer).state is SendState.DONE
    ledger.agrees(server, 400)


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


def test_deferred_readers_are_tried_again_when_they_are_due(tmp_path):
    ledger = Ledger(tmp_path, 5)
    with Server(faults=[Fault("rcpt", "451", times=2)]) as server:
        assert ledger.run(server).state is SendState.DONE
    ledger.agrees(server, 5)
    found = ledger.connection.execute("SELECT attempts, count(*) FROM deliveries GROUP BY 1 ORDER BY 1").fetchall()
    assert [tuple(row) for row in found] == [(1, 3), (2, 2)]


def test_without_patience_the_deferred_wait_for_another_run(tmp_path):
    ledger = Ledger(tmp_path, 5)
    patient = partial(ledger.run, outcome=delivery.outcome, patience=0.0)
    with Server(faults=[Fault("rcpt", "451", times=2)]) as server:
        assert patient(server).state is SendState.SENDING
    assert ledger.counts()[DeliveryState.DEFERRED] == 2
    ledger.agrees(server, 5)


def test_a_slow_rate_ends_at_once_when_it_is_halted(tmp_path):
    ledger = Ledger(tmp_path, 50)
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


def test_who_unsubscribes_while_their_row_waits_for_its_turn_gets_nothing(tmp_path):
    ledger = Ledger(tmp_path, 40)

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


def test_a_database_that_another_program_holds_delays_and_loses_nothing(tmp_path):
    ledger = Ledger(tmp_path, 150)
    other = connect(ledger.path)

    async def hold_it(halt):
        await some(server)
        other.execute("BEGIN IMMEDIATE")
        before = len(server.accepted)
        await asyncio.sleep(0.25)  # less than the server's patience with a body, as 60 s are less than 10 minutes
        assert len(server.accepted) <= before + 4, "no dot left without its mark"
        other.execute("ROLLBACK")

    with Server(delay=0.002) as server:
        assert ledger.run(server, during=hold_it).state is SendState.DONE
    other.close()
    assert len(server.accepted) == 150
    assert ledger.counts()[UNCERTAIN] == 0
    ledger.agrees(server, 150)


@pytest.mark.parametrize("shift", [timedelta(days=-1), timedelta(hours=-1), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_wrong_doubles_and_loses_nobody(tmp_path, shift):
    ledger = Ledger(tmp_path, 60)
    with Server(faults=[Fault("rcpt", "451", times=3)]) as server:

        def now():
            late = len(server.accepted) > 20
            return datetime.now(UTC) + (shift if late else timedelta())

        ledger.run(server, now=now, patience=0.2)
        for row in ledger.among(DeliveryState.DEFERRED):
            assert row not in server.ids()
        ledger.run(server)
    assert len(server.accepted) == 60
    ledger.agrees(server, 60)


STEPS = ("before hello", "before commit", "after commit", "before result", "after result")


@pytest.mark.parametrize("step", STEPS)
def test_a_plug_pulled_at_any_step_doubles_nobody_and_doubts_only_what_was_in_flight(tmp_path, step):
    ledger = Ledger(tmp_path, 60)
    with Server(delay=0.001) as server:
        for _ in range(3):
            child = subprocess.run(
                [sys.executable, "-m", "tests.plug", ledger.path, str(server.port), step],
                cwd=Path(__file__).parents[2],
                timeout=20,
                check=False,
            )
            assert child.returncode == -signal.SIGKILL
            time.sleep(0.02)
            with transaction(ledger.connection):
                deliveries.recover(ledger.connection, readers.NOW)
            ledger.agrees(server, 60)
        assert ledger.run(server).state is SendState.DONE
    ledger.agrees(server, 60)
    doubtful = ledger.counts()[UNCERTAIN]
    assert doubtful <= 3 * 2
    assert doubtful > 0 or step in ("before hello", "before commit", "after result")
    assert ledger.counts()[ACCEPTED] + doubtful == 60
