"""The run of a send where something breaks: a server, the disk, the database, a clock, the power."""

import asyncio
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.errors import RouteError, TryAgainError
from newsletter.send import login, silence
from newsletter.send.limits import Limits
from subscribers.errors import AddressError, StoreError
from subscribers.status import DeliveryState, SendState
from subscribers.store.file.open import connect, transaction
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import deliveries, sends
from tests import readers
from tests.ledger import ACCEPTED, UNCERTAIN, build, some
from tests.smtpserver import Fault, Server


@pytest.mark.parametrize("action", ["drop", "hang", "421", "451", "550", "garbage", "huge", "endless"])
@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "body", "dot", "rset"])
def test_no_fault_doubles_or_loses_anybody(ledger_of, stage, action):
    ledger = ledger_of(12)
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
def test_a_message_that_was_taken_without_a_word_stays_in_doubt(ledger_of, times):
    ledger = ledger_of(20)
    with Server(faults=[Fault("dot", "vanish", times=times, skip=2)]) as server:
        assert ledger.run(server).state is SendState.DONE
    assert ledger.counts()[UNCERTAIN] == times
    ledger.agrees(server, 20)
    assert len(server.accepted) == 20


def test_a_poison_row_harms_only_itself(ledger_of):
    ledger = ledger_of(10)
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


def test_a_list_that_nothing_can_be_sent_to_pauses_the_send_with_no_address_in_its_reason(ledger_of):
    ledger = ledger_of(60)
    ledger.connection.execute("UPDATE subscribers SET email = 'anna..' || id || '@example.org'")

    def refused(row):
        raise AddressError("two dots stand side by side", where=row.email)

    with Server() as server:
        ended = ledger.run(server, build=refused)
    assert ended.state is SendState.PAUSED
    assert ended.reason
    texts = [row[0] for row in ledger.connection.execute("SELECT reply FROM deliveries WHERE state = 'refused'")]
    assert texts
    assert not [text for text in [ended.reason, *texts] if "anna" in text]


def test_who_answers_and_takes_nothing_need_not_be_started(ledger_of):
    ledger = ledger_of(10)
    said = []
    with Server(faults=[Fault("banner", "421", 999)]) as server, pytest.raises(TryAgainError) as told:
        ledger.run(server, endurance=0.1, said=said)
    assert "421" in str(told.value)
    assert "it answers" in told.value.remedy
    assert "It answers" in said[0]


def test_whoever_may_open_no_more_files_is_told_to_start_no_server(ledger_of, monkeypatch):
    async def dial(host, port):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(login, "dial", dial)
    ledger, said = ledger_of(10), []
    with Server() as server, pytest.raises(TryAgainError) as told:
        ledger.run(server, endurance=0.1, said=said)
    assert f"127.0.0.1:{server.port}: too many open files on this machine; nothing is lost" in str(told.value)
    for words in (told.value.remedy, said[0].lower()):
        assert "more open files (`ulimit -n" in words
        assert "look at the server" not in words


@pytest.mark.parametrize("action", ["421", "drop"])
def test_who_takes_nothing_is_asked_by_one_connection_at_a_time(ledger_of, action):
    """Whoever waits hears what that one heard: a server that counts log-ins would lock us out for each of them."""
    ledger = ledger_of(40)
    began = time.monotonic()
    with Server(faults=[Fault("banner", action, 999)]) as server, pytest.raises(TryAgainError):
        ledger.run(server, connections=10, endurance=0.5, reconnect=0.1)
    # Each time that it waited one of the ten asks again, or two or three on a machine that is busy between them.
    waited = (time.monotonic() - began) / 0.1
    assert 1 < server.connections <= 10 + 1 + 3 * waited
    ledger.agrees(server, 40)


def test_who_takes_mail_again_soon_has_all_connections(ledger_of):
    ledger = ledger_of(200)
    with Server(faults=[Fault("banner", "421", 6)], delay=0.01) as server:
        assert ledger.run(server, connections=4).state is SendState.DONE
    ledger.agrees(server, 200)
    assert server.connections == 6 + 4


def test_who_lets_in_only_some_of_the_connections_is_not_said_to_be_waited_for(ledger_of):
    ledger = ledger_of(10)
    said = []
    with Server(faults=[Fault("banner", "421", 2)]) as server:
        assert ledger.run(server, reconnect=0.5, said=said).state is SendState.DONE
    ledger.agrees(server, 10)
    assert not [each for each in said if "trying again" in each]


def test_nothing_answers_ends_in_try_again_and_loses_nothing(ledger_of):
    ledger = ledger_of(10)
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
def test_when_nothing_answers_a_long_line_of_readers_keeps_nobody(ledger_of, stopped):
    """More rows wait than are claimed at once, and none of them gets a turn: it ends all the same."""
    ledger = ledger_of(600)
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


@pytest.mark.parametrize("quick", [0, 60])
def test_a_full_disk_stops_before_the_dot_and_goes_on_when_there_is_room(ledger_of, quick):
    ledger = ledger_of(300)
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


def test_a_run_goes_on_when_another_program_has_written_for_a_while(ledger_of):
    ledger = ledger_of(400)
    other = sqlite3.connect(ledger.path, isolation_level=None)

    async def write(halt):
        await some(server)
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.4)
        other.execute("COMMIT")

    with Server(delay=0.001) as server:
        writer = Writer(ledger.path, durable=False, quick=60)
        assert ledger.run(server, during=write, writer=writer).state is SendState.DONE
    other.close()
    ledger.agrees(server, 400)


def test_a_database_that_another_program_holds_delays_and_loses_nothing(ledger_of):
    ledger = ledger_of(150)
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


def test_who_waits_for_the_database_is_told_so(ledger_of, monkeypatch):
    monkeypatch.setattr(silence, "TOLD", 0.3)
    ledger, said = ledger_of(100), []
    other = connect(ledger.path)

    async def hold_it(halt):
        await some(server)
        other.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + 10
        while not said and time.monotonic() < until:  # noqa: ASYNC110 - what is said calls nobody
            await asyncio.sleep(0.01)
        other.execute("ROLLBACK")

    with Server(delay=0.002) as server:
        assert ledger.run(server, during=hold_it, said=said, limits=Limits()).state is SendState.DONE
    other.close()
    assert "from the database (another program may be writing to it). Waiting loses nothing; `fuser`" in said[0]
    ledger.agrees(server, 100)


@pytest.mark.parametrize("shift", [timedelta(days=-1), timedelta(hours=-1), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_wrong_doubles_and_loses_nobody(ledger_of, shift):
    ledger = ledger_of(60)
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
def test_a_plug_pulled_at_any_step_doubles_nobody_and_doubts_only_what_was_in_flight(ledger_of, step):
    ledger = ledger_of(60)
    with Server(delay=0.001) as server:
        for _ in range(3):
            child = subprocess.run(
                [sys.executable, "-m", "tests.plug", ledger.path, str(server.port), step],
                cwd=Path(__file__).parents[3],
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
