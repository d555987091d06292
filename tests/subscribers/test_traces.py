"""Laws of erasure: no byte of an address stays, not even in corners of the file that no statement reaches."""

import random
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from subscribers import address
from subscribers.model import Consent, MailingList, SubscriptionStatus
from subscribers.store.file.open import connect, stamp, transaction
from subscribers.store.keeping import traces
from subscribers.store.keeping.upkeep import faults
from subscribers.store.register import consents, lists, people, subscriptions, suppressions
from subscribers.token import Ring

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
KEY = Ring((b"k" * 32,)).derive(suppressions.PURPOSE)


def crowd(connection, count: int) -> list[str]:
    """Add people in a random order, and change them, so that pages split and rows move."""
    luck = random.Random(7)
    lists.ensure(connection, [MailingList("monthly", "Monthly")])
    names = [f"{luck.randrange(16**10):010x}@example.org" for _ in range(count)]
    with transaction(connection):
        for name in names:
            own = people.add(connection, address.parse(name), NOW, name=name[:10]).id
            consent = Consent(own, "monthly", "import", NOW, "test", "agreed")
            subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)
        for own in range(1, count, 3):
            people.change(connection, own, attributes={"x": "y" * luck.randint(1, 300)})
    return names


def test_copies_in_free_corners_of_the_file_go_too(tmp_path) -> None:
    path = tmp_path / "people.db"
    connection = connect(path, durable=False)
    names = crowd(connection, 4000)
    gone = random.Random(1).sample(range(1, 4001), 600)
    with transaction(connection):
        for own in gone:
            people.erase(connection, own, [KEY], NOW)
    traces.scrub(connection)
    connection.close()
    # SQLite alone does not do it: else all of this were not needed.
    content = path.read_bytes()
    left = [names[own - 1] for own in gone if names[own - 1][:10].encode() in content]
    assert left
    assert traces.clean(path, address.parse(left[0]))
    assert not traces.clean(path, address.parse(left[0]))
    content = path.read_bytes()
    assert not any(names[own - 1][:10].encode() in content for own in gone)
    connection = connect(path)
    assert consents.verify(connection).erased == 600
    assert faults(connection) == ()
    connection.close()


@pytest.mark.parametrize("name", ["people.db", "people.db-wal"])
@pytest.mark.parametrize("before", [0, traces._CHUNK - 5, traces._CHUNK, 3 * traces._CHUNK - 1])
def test_an_address_is_found_wherever_it_stands_in_the_file_or_its_log(tmp_path, name, before) -> None:
    path = tmp_path / "people.db"
    path.write_bytes(b"SQLite format 3")
    with (tmp_path / name).open("wb") as file:
        file.truncate(before)
        file.seek(before)
        file.write(b"Anna@Example.org and more")
    assert traces._holds(path, {b"anna@example.org"})
    assert not traces._holds(path, {b"annika@example.org"})


def test_an_address_in_the_rule_of_a_send_goes_too(tmp_path) -> None:
    path = tmp_path / "people.db"
    connection = connect(path)
    own = people.add(connection, address.parse("Anna.Secret@example.org"), NOW).id
    connection.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created, reason)
           VALUES ('x', 'monthly', ?, 'done', '', ?, 'stopped for anna.secret@EXAMPLE.org')""",
        ("""{"segment": "email = 'anna.secret@example.org'"}""", stamp(NOW)),
    )
    with transaction(connection):
        people.erase(connection, own, [KEY], NOW)
    traces.scrub(connection)
    rule, reason = connection.execute("SELECT rule, reason FROM sends").fetchone()
    assert (rule, reason) == ("""{"segment": "email = 'erased'"}""", "stopped for erased")
    connection.close()
    assert not traces.clean(path, address.parse("anna.secret@example.org"))


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.subscribers.test_traces import *
connection = connect(Path(sys.argv[1]))
seen = 0
def pull(statement):
    global seen
    seen += 1
    if sys.argv[2] in (str(seen), statement[:21]):
        os.kill(os.getpid(), signal.SIGKILL)
connection.set_trace_callback(pull)
with transaction(connection):
    people.erase(connection, 2, [KEY], NOW)
traces.scrub(connection)
print("done")
"""


def test_a_kill_at_any_step_of_an_erasure_leaves_all_of_a_person_or_nothing(tmp_path) -> None:
    path = tmp_path / "people.db"
    outcomes = set()
    for step in ("1", "4", "7", "10", "12", "COMMIT", "PRAGMA wal_checkpoint", "never"):
        for file in tmp_path.iterdir():
            file.unlink()
        connection = connect(path)
        names = crowd(connection, 3)
        connection.close()
        child = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), step], capture_output=True, timeout=60, check=False
        )
        assert child.returncode in (0, -signal.SIGKILL), child.stderr
        connection = connect(path)
        assert faults(connection) == ()
        chain = consents.verify(connection)
        assert chain.lines == 3
        person = people.by_address(connection, names[1])
        kept = suppressions.has(connection, names[1], (KEY,))
        assert (person is None) == (kept is not None) == (chain.erased == 1)
        if person:
            assert (person.name, len(subscriptions.of(connection, 2))) == (names[1][:10], 1)
            with transaction(connection):
                people.erase(connection, 2, [KEY], NOW)
        outcomes.add((child.returncode, person is None))
        # The same command again: it finishes what was begun.
        traces.scrub(connection)
        connection.close()
        traces.clean(path, address.parse(names[1]))
        assert not any(names[1][:10].encode() in file.read_bytes() for file in tmp_path.iterdir())
    assert outcomes == {(-signal.SIGKILL, False), (-signal.SIGKILL, True), (0, True)}, outcomes
