"""A plug that is pulled in the middle of a send, in every way: nobody is doubled, nobody is lost."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from newsletter.catch import faultysession
from newsletter.cli import wiring
from newsletter.errors import NewsletterError
from newsletter.files import watermark
from newsletter.send.lock import hold
from subscribers.model import Progress
from subscribers.status import DeliveryState
from subscribers.store.file.open import connect
from subscribers.store.ledger import sends
from tests import readers
from tests.editor import SLUG
from tests.smtpserver import Fault, Server


def stop(process, file):
    """Stop a sender where it holds no lock of its ledger: what others would do then waits for nothing."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        while True:
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED)
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
            else:
                connection.execute("ROLLBACK")
                return


def test_killed_again_and_again_nobody_is_doubled_and_nobody_lost(editor):
    editor.people(500)
    editor.settings("connections = 10", "connections = 4")
    crashes = 0
    with Server(delay=0.002) as server:
        editor.to(server)
        for target in (1, 40, 130, 250, 360):
            process = editor.start("send", SLUG, "--yes")
            while len(server.accepted) < target and process.poll() is None:
                time.sleep(random.random() / 200)
            process.kill()
            process.communicate()
            crashes += process.returncode == -signal.SIGKILL
        code, found = editor.json("send", SLUG, "--yes")
        assert editor.agrees(server, 500) <= {"accepted", "uncertain"}
    states = found["sends"][0]["states"]
    assert crashes >= 4
    assert states["accepted"] + states["uncertain"] == 500
    assert states["uncertain"] <= 4 * crashes
    assert code == (6 if states["uncertain"] else 0)
    if states["uncertain"]:
        assert editor("resolve", "--as", "sent")[0] == 0
        assert editor.counts()[DeliveryState.ACCEPTED] == 500


@pytest.mark.parametrize("cancelled_first", [True, False])
def test_what_was_killed_and_cancelled_goes_to_all_the_others_when_it_is_mended(editor, cancelled_first):
    """Whom the dead sender had in hand was neither sent it, nor is in doubt for ever."""
    editor.people(300)
    editor.settings("connections = 10", "connections = 2")
    with Server(delay=0.01) as server:
        editor.to(server)
        process = editor.sending(server, 20)
        if cancelled_first:
            # The last that the sender does is to see that it was cancelled.
            stop(process, editor.workspace.people)
            assert editor("cancel", "--yes")[0] == 0
        process.kill()
        process.communicate()
        if not cancelled_first:
            _, _, said = editor("cancel", "--yes")
            assert "An earlier sender was interrupted" in said
        server.delay = 0
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
        counts = editor.counts(1)
        assert not any(counts[state] for state in (DeliveryState.CLAIMED, DeliveryState.COMMITTING))
        taken = server.recipients()
    assert len(taken) == len(set(taken)) >= 300 - counts[DeliveryState.UNCERTAIN]
    assert counts[DeliveryState.UNCERTAIN] <= 2


def test_what_a_killed_sender_left_in_doubt_can_be_settled_at_once(editor):
    editor.people(3)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    with wiring.people(editor.workspace) as connection:
        connection.execute("UPDATE deliveries SET state = 'committing'")
        connection.execute("UPDATE sends SET state = 'paused', ended = NULL")
    code, _, said = editor("resolve", "--as", "sent")
    assert code == 0
    assert "3 count as accepted" in said


def test_a_kill_while_it_freezes_leaves_nothing_or_all(editor):
    editor.people(300)
    lock = editor.workspace.people.with_name("sender.lock")
    with Server(delay=0.05) as server:
        editor.to(server)
        for number in range(5):
            process = editor.start("send", SLUG, "--yes")
            while process.poll() is None and not (lock.exists() and lock.read_text()):
                time.sleep(0.001)
            time.sleep(0.02 * number)
            process.kill()
            process.communicate()
            lock.write_text("")
            with wiring.people(editor.workspace) as connection:
                (made,) = connection.execute("SELECT count(*) FROM sends").fetchone()
                (rows,) = connection.execute("SELECT count(*) FROM deliveries").fetchone()
            assert (made, rows) in ((0, 0), (1, 300))
        server.delay = 0
        assert editor("send", SLUG, "--yes")[0] in (0, 6)
    assert editor.agrees(server, 300) <= {"accepted", "uncertain"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_polite_stop_leaves_no_doubt(editor, number, code):
    editor.people(400)
    with Server(delay=0.01) as server:
        editor.to(server)
        process = editor.sending(server, 20)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        assert process.returncode == code, err
        assert "Traceback" not in err
        assert "run `newsletter send" in err
        assert editor.agrees(server, 400) == {"accepted", "queued"}
        server.delay = 0
        assert editor("send", SLUG)[0] == 0
    assert len(server.accepted) == 400


@pytest.mark.parametrize(
    ("tls", "stage"),
    [
        pytest.param("none", "banner", id="accepts, and says nothing"),
        pytest.param("none", "ehlo", id="does not answer EHLO"),
        pytest.param("tls", "banner", id="TLS hangs"),
        pytest.param("starttls", "starttls", id="STARTTLS hangs"),
    ],
)
def test_a_stop_waits_for_nobody_who_was_not_let_in(editor, tls, stage):
    editor.people(200)
    with Server(faults=[Fault(stage, "hang", 99)], starttls=tls == "starttls") as server:
        editor.settings(r'port = \d+\ntls = "\w+"', f'port = {server.port}\ntls = "{tls}"')
        process = editor.start("send", SLUG, "--yes")
        while server.open < 10 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert {state for state, count in editor.counts().items() if count} == {DeliveryState.QUEUED}


@pytest.mark.parametrize(
    ("stage", "extensions"),
    [
        ("mail", ("PIPELINING",)),
        ("data", ("PIPELINING",)),
        ("rcpt", ()),
        ("rcpt", ("PIPELINING", "CHUNKING")),
    ],
)
def test_a_stop_soon_leaves_a_server_that_hangs_before_it_can_take_anything(editor, stage, extensions):
    """Its reader is simply not sent: nothing was tried, nothing is in doubt, and the next send goes on."""
    editor.people(60)
    editor.settings("connections = 10", "connections = 3")
    with Server(faults=[Fault(stage, "hang", 99, skip=12)], extensions=extensions) as server:
        editor.to(server)
        process = editor.sending(server, 12)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 143, err
        assert editor.agrees(server, 60) == {"accepted", "queued"}
        with wiring.people(editor.workspace) as connection:
            tried = connection.execute("SELECT max(attempts) FROM deliveries WHERE state = 'queued'").fetchone()
        assert tried[0] == 0
        server.faults = []
        assert editor("send", SLUG)[0] == 0
        assert editor.agrees(server, 60) == {"accepted"}
    assert len(server.accepted) == 60


def test_a_stop_waits_for_what_may_be_accepted(editor):
    """The end of three messages is with a server that takes its time: they are no doubt, and not sent again."""
    editor.people(30)
    editor.settings("connections = 10", "connections = 3")
    with Server(delay=0.02) as server:
        editor.to(server)
        process = editor.sending(server, 6)
        server.delay = 8
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=40)
        assert process.returncode == 143, err
        assert editor.agrees(server, 30) == {"accepted", "queued"}
        server.delay = 0
        assert editor("send", SLUG)[0] == 0
    assert len(server.accepted) == 30


def test_a_stop_by_the_system_waits_for_no_answer_until_it_is_killed(editor, monkeypatch):
    """systemd kills after 90 seconds; what hangs until then is in doubt either way, and the ledger says so."""
    monkeypatch.setattr(faultysession, "PATIENCE", 300)
    editor.people(30)
    editor.settings("connections = 10", "connections = 3")
    with Server(faults=[Fault("dot", "hang", 99, skip=6)]) as server:
        editor.to(server)
        process = editor.sending(server, 6)
        time.sleep(0.2)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=80)
        assert process.returncode == 143, err
        assert 25 < time.monotonic() - begun < 60
        assert "3 uncertain" in err
        assert editor.agrees(server, 30) == {"accepted", "queued", "uncertain"}
        assert editor.counts()[DeliveryState.UNCERTAIN] == 3


def test_a_stop_finishes_what_is_under_way_and_leaves_whom_it_waits_for_elsewhere(editor):
    """One connection sends; the others are asked for, and a server lets none of them in."""
    editor.people(100)
    with Server(delay=0.05, faults=[Fault("banner", "hang", 99, skip=1)]) as server:
        editor.to(server)
        process = editor.sending(server, 5)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 143, err
        assert editor.agrees(server, 100) == {"accepted", "queued"}
        server.delay, server.faults = 0, []
        assert editor("send", SLUG)[0] == 0
    assert len(server.accepted) == 100


def test_who_stops_listening_stops_no_send(editor):
    """`newsletter send 2>&1 | head -1`, or a terminal that was closed."""
    editor.people(200)
    with Server(delay=0.01) as server:
        editor.to(server)
        process = editor.sending(server, 10)
        process.stderr.close()
        process.stdout.close()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        assert editor.agrees(server, 200) == {"accepted", "queued"}, "what was under way came to its end"
        server.delay = 0
        assert editor("send", SLUG)[0] == 0
    assert len(server.accepted) == 200


def test_several_senders_at_once_make_one_send(editor):
    editor.people(150)
    # So slow that all of them are there while it goes on, however long they take to begin.
    with Server(delay=0.3) as server:
        editor.to(server)
        processes = [editor.start("send", SLUG, "--yes") for _ in range(3)]
        results = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    codes = [code for _, code in results]
    assert codes.count(0) == 1, results
    assert set(codes) <= {0, 75, 5}, results
    assert all("sending" in said for said, code in results if code == 75), results
    assert editor.agrees(server, 150) == {"accepted"}


def test_the_second_sender_says_who_holds_the_lock(editor):
    editor.people(3)
    with Server() as server:
        editor.to(server)
        with hold(editor.workspace.lock, "newsletter serve", readers.NOW):
            code, found = editor.json("send", SLUG, "--yes")
        assert (code, found["error"]["code"]) == (75, "try-again")
        assert f"newsletter serve (process {os.getpid()})" in found["error"]["message"]
    assert editor.json("status")[1]["sends"] == []


def test_a_full_disk_is_told_and_nothing_is_lost(editor):
    editor.people(800)
    with Server() as server:
        editor.to(server)
        editor.json("send", SLUG, "--dry-run")
        process = editor.start("send", SLUG, "--yes", room=editor.workspace.people.stat().st_size + 400_000)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert "Traceback" not in err
        assert "Error: " in err
        assert editor("send", SLUG, "--yes")[0] in (0, 6)
        assert editor.agrees(server, 800) <= {"accepted", "uncertain"}
    assert len(server.accepted) == 800


@pytest.mark.parametrize("command", [("pause",), ("subscribers", "unsubscribe", "reader1@example.org")])
def test_every_command_tells_what_is_wrong_with_the_disk(editor, command):
    editor.people(3)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--at", "+2h", "--yes")[0] == 0
        process = editor.start(*command, room=1)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "Traceback" not in err
    assert "nothing is lost" in err


def put_back(editor, copy):
    people = editor.workspace.people
    for path in people.parent.glob("subscribers.db*"):
        path.unlink()
    shutil.copy(copy, people)


def test_a_backup_from_the_middle_of_a_send_that_was_killed_sends_to_nobody_twice(editor, tmp_path):
    editor.people(3000)
    editor.settings("connections = 10", "connections = 2")
    with Server(delay=0.01) as server:
        editor.to(server)
        process = editor.start("send", SLUG, "--yes")
        while not server.accepted:
            time.sleep(0.01)
        copy = tmp_path / "copy.db"
        assert editor("backup", str(copy))[0] == 0
        with closing(connect(copy)) as connection:
            then = sends.progress(connection)
        while watermark.read(editor.workspace.watermark) <= then:
            time.sleep(0.01)
        assert watermark.read(editor.workspace.watermark).accepted < 3000, "it is noted at the end only"
        process.kill()
        process.communicate()
        put_back(editor, copy)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 5
        assert "older than what was sent" in err
        assert len(server.recipients()) == len(set(server.recipients()))


def test_what_keeps_the_mark_from_being_written_is_told_with_what_helps(editor):
    """Its folder is gone, or a file that may not grow stands for a disk without room."""
    with pytest.raises(NewsletterError, match="make the folder writable; nothing was lost"):
        watermark.write(editor.root / "gone" / "sent.json", Progress(1, 1))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
        with pytest.raises(NewsletterError, match="make room on the disk; nothing was lost"):
            watermark.write(editor.root / "sent.json", Progress(1, 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_backup_that_was_put_back_sends_to_nobody_before_somebody_looked(editor, tmp_path):
    editor.people(4)
    with Server() as server:
        editor.to(server)
        copy = tmp_path / "copy.db"
        assert editor("backup", str(copy))[0] == 0
        assert editor("send", SLUG, "--yes")[0] == 0
        put_back(editor, copy)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 5
        assert "older than what was sent" in err
        assert "resolve" in err
        code, out, _ = editor("doctor")
        assert code == 3
        assert "older than what was sent" in " ".join(out.split())
        assert len(server.accepted) == 4
        editor.workspace.watermark.unlink()
        assert editor("send", SLUG, "--yes")[0] == 0
