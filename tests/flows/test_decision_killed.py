"""A plug that is pulled around the decision between two subjects: it is taken once, and nobody is doubled."""

import signal
import sqlite3
import time
from contextlib import closing

import pytest

from newsletter.cli import wiring
from subscribers.status import DeliveryState
from subscribers.store.file.open import transaction
from subscribers.store.ledger import decisions
from tests.smtpserver import Server
from tests.trial import FIRST, OTHER, SLUG, clicked, ledger, passed, rows, subjects, write

#: A trigger that takes seconds, so that the decision can be killed in the middle of its one transaction.
SLOW = """CREATE TRIGGER slow AFTER UPDATE OF variant ON deliveries WHEN old.id % 20 = 0 BEGIN
    SELECT count(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900000)
        SELECT i FROM n); END"""


@pytest.fixture
def begun(editor):
    """A send to 300 readers, of whom a part has its letters; the wait is over, and B was clicked more."""
    editor.people(300)
    editor.settings("connections = 10", "connections = 4")
    write(editor)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        clicked(editor, first=1, other=40)
        passed(editor)
        yield server


def open_yet(editor):
    """Return how many readers are held; none of them has a letter's variant before the decision, all after it."""
    with ledger(editor) as connection:
        found, held = decisions.of(connection, 1), decisions.held(connection, 1)
    marked = sum(count for (variant,), count in rows(editor, "variant").items() if variant.endswith("@rest"))
    assert (held, marked) == ((0, 0) if found.taken else (marked, marked))
    assert bool(found.winner) == bool(found.taken) == (not held)
    return held


def ends_well(editor, server, part, crashes):
    """Go on to the end, and look whether each reader was sent it once, the rest with the subject that won."""
    editor("send", SLUG, "--yes")
    assert editor.agrees(server, 300) <= {"accepted", "uncertain"}
    counts = editor.counts()
    assert counts[DeliveryState.UNCERTAIN] <= 4 * crashes
    assert counts[DeliveryState.ACCEPTED] + counts[DeliveryState.UNCERTAIN] == 300
    assert subjects(server)[FIRST] == part[FIRST]
    assert not open_yet(editor)
    with ledger(editor) as connection:
        assert connection.execute("SELECT count(*) FROM decisions").fetchone()[0] == 1
        assert decisions.of(connection, 1).winner == "b"


def writing(file):
    """Wait until somebody has been writing to *file*, in one transaction, for two seconds."""
    since = time.monotonic()
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        while time.monotonic() - since < 2:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                since = time.monotonic()
            except sqlite3.OperationalError:
                pass
            time.sleep(0.05)


def kill(process):
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("who", ["send", "serve"])
def test_killed_before_in_and_after_the_decision_it_is_taken_once(editor, begun, who):
    part, words = subjects(begun), ("send", SLUG, "--yes") if who == "send" else ("serve", "--port", "0")
    held = open_yet(editor)
    assert held == 300 - len(begun.accepted) > 150

    # Before: somebody else has the file, so the sender has read that there is something to decide, and waits.
    with wiring.people(editor.workspace) as other, transaction(other):
        process = editor.start(*words)
        time.sleep(4)
        kill(process)
    assert open_yet(editor) == held

    # In: rows were given their variants already, and nothing of it stands.
    with ledger(editor) as connection:
        connection.execute(SLOW)
    process = editor.start(*words)
    writing(editor.workspace.people)
    assert process.poll() is None
    kill(process)
    assert open_yet(editor) == held
    assert len(begun.accepted) == 300 - held
    with ledger(editor) as connection:
        connection.execute("DROP TRIGGER slow")

    # After: some of the rest have it.
    begun.delay = 0.01
    process = editor.start(*words)
    while len(begun.accepted) < 300 - held + 20 and process.poll() is None:
        time.sleep(0.005)
    kill(process)
    begun.delay = 0
    assert open_yet(editor) == 0
    ends_well(editor, begun, part, crashes=1)
    assert set(subjects(begun)) == {FIRST, OTHER}


def test_a_choice_of_the_editor_while_a_sender_decides_is_one_decision(editor, begun):
    part = subjects(begun)
    others = [editor.start("resume", "1", "--subject", "b") for _ in range(3)] + [
        editor.start("send", SLUG, "--yes") for _ in range(2)
    ]
    for process in others:
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err
    ends_well(editor, begun, part, crashes=0)


def test_killed_while_the_part_goes_out_the_wait_begins_once_all_of_it_has_gone(editor):
    editor.people(300)
    editor.settings("connections = 10", "connections = 4")
    write(editor)
    with Server(delay=0.02) as server:
        editor.to(server)
        process = editor.start("send", SLUG, "--yes")
        while len(server.accepted) < 30 and process.poll() is None:
            time.sleep(0.005)
        kill(process)
        with ledger(editor) as connection:
            assert decisions.of(connection, 1).due is None
        server.delay = 0
        assert editor("send", SLUG, "--yes")[0] == 6
        held = open_yet(editor)
        counts = editor.counts()
        assert counts[DeliveryState.QUEUED] == held > 150
        clicked(editor, first=0, other=30)
        part = subjects(server)
        passed(editor)
        ends_well(editor, server, part, crashes=1)
