"""The writer: group commits that stand, jobs that fail alone."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from subscribers.errors import BusyError, StoreError
from subscribers.store.file.open import connect
from subscribers.store.file.writer import Writer


@pytest.fixture
def writer(tmp_path):
    with Writer(tmp_path / "people.db", durable=False) as made:
        made.submit(lambda c: c.execute("CREATE TABLE notes (text TEXT UNIQUE) STRICT")).result()
        yield made


def note(text):
    return lambda c: c.execute("INSERT INTO notes VALUES (?)", (text,)).lastrowid


def notes(writer):
    with closing(connect(writer.path)) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY rowid")]


def test_a_result_means_that_others_can_read_it(writer):
    for number in range(20):
        writer.submit(note(f"n{number}")).result()
        assert notes(writer)[-1] == f"n{number}"


def test_a_job_that_fails_undoes_only_itself(writer):
    held = threading.Event()
    writer.submit(lambda c: held.wait(5))  # so that the others share one transaction
    futures = [writer.submit(note(text)) for text in ("a", "a", "b")]
    held.set()
    assert futures[0].result()
    with pytest.raises(sqlite3.IntegrityError):
        futures[1].result()
    assert futures[2].result()
    assert notes(writer) == ["a", "b"]


@pytest.mark.parametrize("how", ["deleted", "replaced", "renamed"])
def test_nothing_is_written_into_a_file_that_was_taken_away(writer, how):
    """A signup or a result in there would be found by nobody, and whoever gave it be told that it stands."""
    writer.submit(note("kept")).result()
    kept, copy = writer.path.with_name("kept.db"), writer.path.with_name("copy.db")
    with closing(connect(copy)):
        pass
    kept.hardlink_to(writer.path)
    match how:
        case "deleted":
            writer.path.unlink()
        case "replaced":
            copy.replace(writer.path)
        case _:
            writer.path.rename(writer.path.with_name("old.db"))
    with pytest.raises(StoreError, match="taken away or replaced"):
        writer.submit(note("lost")).result()
    assert writer.at_once(note("lost at once")) is None
    kept.replace(writer.path)
    writer.submit(note("back")).result()
    assert [
        row[0] for row in writer.submit(lambda c: c.execute("SELECT text FROM notes").fetchall()).result()
    ] == [
        "kept",
        "back",
    ]


def test_who_waited_long_for_another_program_does_not_wait_as_long_for_each_job(tmp_path):
    def taken(job):
        began = time.monotonic()
        with pytest.raises(BusyError, match="another program is writing"):
            writer.submit(job).result()
        return time.monotonic() - began

    path = tmp_path / "people.db"
    with Writer(path, durable=False, patience=2500) as writer, closing(connect(path)) as other:
        writer.submit(lambda c: c.execute("CREATE TABLE notes (text TEXT UNIQUE) STRICT")).result()
        other.execute("BEGIN IMMEDIATE")
        assert taken(note("a")) >= 2.5
        assert taken(note("b")) < 2.3
        other.execute("ROLLBACK")
        writer.submit(note("c")).result()
        # Whoever may write again is as patient as before.
        other.execute("BEGIN IMMEDIATE")
        waiting = writer.submit(note("d"))
        time.sleep(1.6)
        other.execute("ROLLBACK")
        waiting.result()
        assert notes(writer) == ["c", "d"]


def test_what_waits_shares_one_commit(writer):
    held = threading.Event()
    writer.submit(lambda c: held.wait(5))
    seen = [writer.submit(lambda c: c.total_changes) for _ in range(3)]
    inside = writer.submit(lambda c: c.in_transaction)
    held.set()
    assert [future.result() for future in seen] == [seen[0].result()] * 3
    assert inside.result()


def test_tasks_wait_without_stopping_the_loop(writer):
    async def many():
        return await asyncio.gather(*(writer.run(note(f"t{number}")) for number in range(200)))

    assert len(asyncio.run(many())) == 200
    assert len(notes(writer)) == 200


def test_close_finishes_what_was_submitted(tmp_path):
    writer = Writer(tmp_path / "people.db", durable=False)
    writer.submit(lambda c: c.execute("CREATE TABLE notes (text TEXT) STRICT"))
    futures = [writer.submit(note(str(number))) for number in range(1200)]
    writer.close()
    assert all(future.done() for future in futures)
    assert len(notes(writer)) == 1200
    with pytest.raises(StoreError):
        writer.submit(note("late"))


def test_a_waiter_that_gave_up_harms_nobody(writer):
    async def gives_up():
        task = asyncio.create_task(writer.run(note("left")))
        await asyncio.sleep(0)
        task.cancel()
        return await writer.run(note("stayed"))

    assert asyncio.run(gives_up())
    assert notes(writer)[-1] == "stayed"


def test_a_full_disk_is_told_and_leaves_nothing_half(writer):
    size = writer.submit(lambda c: c.execute("PRAGMA page_count").fetchone()[0]).result()
    writer.submit(lambda c: c.execute(f"PRAGMA max_page_count = {size + 2}").fetchone()).result()
    with pytest.raises(StoreError, match="make room"):
        writer.submit(note("x" * 100_000)).result()
    assert notes(writer) == []
    writer.submit(note("small")).result()
    assert notes(writer) == ["small"]


#: Writes over a row until the disk takes no more, and once more. No file may grow beyond what the people's has.
WRITES_ON = """
import resource, signal, sys
from pathlib import Path
from subscribers.errors import StoreError
from subscribers.store.file.writer import Writer

path = Path(sys.argv[1])
with Writer(path) as writer:
    def write(number):
        writer.submit(lambda c: c.execute("UPDATE notes SET text = ?", (f"n{number}",))).result()

    writer.submit(lambda c: c.execute("INSERT INTO notes VALUES ('n0')")).result()
    size = path.stat().st_size
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        for number in range(1, 1000):
            write(number)
    except StoreError:
        write("ew")
        print("full at", number)
"""


def test_on_a_full_disk_what_needs_no_more_room_is_written_next(writer):
    writer.close()
    done = subprocess.run([sys.executable, "-c", WRITES_ON, writer.path], capture_output=True, text=True)
    assert done.stdout.startswith("full at"), done.stderr
    assert notes(writer) == ["new"]


def note_all(connection, texts):
    connection.executemany("INSERT INTO notes VALUES (?)", [(text,) for text in texts])
    return [f"{text}, one of {len(texts)}" for text in texts]


def test_what_waits_for_the_same_work_is_worked_on_together(writer):
    async def crowd(held):
        tasks = [asyncio.create_task(writer.share(note_all, text)) for text in ("a", "b", "c")]
        await asyncio.sleep(0)
        held.set()
        return await asyncio.gather(*tasks)

    held = threading.Event()
    writer.submit(lambda c: held.wait(5))
    assert asyncio.run(crowd(held)) == ["a, one of 3", "b, one of 3", "c, one of 3"]
    assert notes(writer) == ["a", "b", "c"]


@pytest.mark.parametrize("beside", [False, True])
def test_one_that_spoils_shared_work_is_undone_alone(writer, beside):
    async def crowd(held):
        tasks = [asyncio.create_task(writer.share(note_all, text)) for text in ("a", "b", "a", "c")]
        if beside:
            tasks.append(asyncio.create_task(writer.run(note("d"))))
        await asyncio.sleep(0)
        held.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    held, waits = threading.Event(), threading.Event()
    writer.submit(lambda c: waits.set() or held.wait(5))
    waits.wait(5)
    results = asyncio.run(crowd(held))
    assert results[:2] == ["a, one of 1", "b, one of 1"]
    assert isinstance(results[2], sqlite3.IntegrityError)
    assert results[3] == "c, one of 1"
    assert notes(writer) == ["a", "b", "c", *(["d"] if beside else [])]


def test_a_loop_that_is_gone_harms_nobody(writer):
    async def leaves():
        task = asyncio.create_task(writer.run(lambda c: held.wait(5)))
        await asyncio.sleep(0)
        task.cancel()

    held = threading.Event()
    asyncio.run(leaves())
    held.set()
    assert writer.submit(note("after")).result(10)


def quick(path, seconds):
    """A writer to whom the disk is quick if it takes less than so many *seconds*; it knows how long it takes."""
    writer = Writer(path / "people.db", durable=False, quick=seconds)
    writer.submit(lambda c: c.execute("CREATE TABLE notes (text TEXT UNIQUE) STRICT")).result()
    for number in range(5):
        writer.submit(note(f"before {number}")).result()
    writer.submit(lambda c: c.execute("DELETE FROM notes")).result()
    return writer


def test_where_the_disk_is_quick_a_job_stands_when_the_call_returns(tmp_path):
    with quick(tmp_path, 60) as writer:
        number, error = writer.at_once(note("a"))
        assert (number, error) == (1, None)
        assert notes(writer) == ["a"]


def test_a_slow_disk_is_waited_for_by_the_thread_alone(tmp_path):
    with quick(tmp_path, 0) as writer:
        assert writer.at_once(note("a")) is None
        assert notes(writer) == []


def test_how_quick_the_disk_is_must_be_seen_first(tmp_path):
    with Writer(tmp_path / "people.db", durable=False, quick=60) as writer:
        assert writer.at_once(lambda c: c.total_changes) is None


def test_a_job_at_once_never_overtakes_one_that_waits(tmp_path):
    with quick(tmp_path, 60) as writer:
        held = threading.Event()
        writer.submit(lambda c: held.wait(5))
        first = writer.submit(note("first"))
        assert writer.at_once(note("second")) is None
        held.set()
        first.result()
        assert writer.at_once(note("second"))
        assert notes(writer) == ["first", "second"]


def test_another_program_that_writes_is_waited_for_by_the_thread_alone(tmp_path):
    with quick(tmp_path, 60) as writer:
        assert writer.at_once(note("a"))
        other = sqlite3.connect(writer.path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        ends = threading.Timer(5, other.execute, ["COMMIT"])
        ends.start()
        assert writer.at_once(note("b")) is None
        waits = writer.submit(note("c"))
        assert not waits.done()
        ends.cancel()
        other.execute("COMMIT")
        assert waits.result(10)
        other.close()
        assert notes(writer) == ["a", "c"]


def test_a_job_that_fails_at_once_is_undone_and_told(tmp_path):
    def spoils(connection):
        note("half")(connection)
        note("a")(connection)

    with quick(tmp_path, 60) as writer:
        writer.at_once(note("a"))
        result, error = writer.at_once(spoils)
        assert result is None
        assert isinstance(error, sqlite3.IntegrityError)
        assert writer.at_once(note("b"))
        assert notes(writer) == ["a", "b"]


def test_a_closed_writer_does_nothing_at_once(tmp_path):
    writer = quick(tmp_path, 60)
    writer.close()
    assert writer.at_once(note("late")) is None
    with pytest.raises(StoreError):
        writer.post(note("late"), lambda result, error: None)
