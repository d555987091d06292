"""Laws of the people's file: it is its owner's alone, and many programs may have it open at once."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from subscribers.errors import StoreError
from subscribers.store.file.migrate import MIGRATIONS
from subscribers.store.file.open import NEWEST, _own, connect, moment, stamp, transaction
from subscribers.store.file.trouble import told
from subscribers.store.file.writer import Writer
from subscribers.store.keeping.upkeep import copy, faults
from tests import disk

WRITER = """
import sys
from pathlib import Path
from subscribers.store.file.open import connect, transaction
connection = connect(Path(sys.argv[1]))
for number in range(200):
    with transaction(connection):
        connection.execute("INSERT INTO hits VALUES (?, ?, 1)", [sys.argv[2] + "x" * 1000, number])
connection.close()
"""


def write_elsewhere(path: Path, bucket: str) -> None:
    subprocess.run([sys.executable, "-c", WRITER, str(path), bucket], check=True, timeout=60)


def test_opening_it_again_drops_no_lock_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    first = connect(path)
    second = connect(path)
    # The other program is the last to close, as far as it can tell, unless our locks say that we are here.
    write_elsewhere(path, "elsewhere")
    with transaction(first):
        first.execute("INSERT INTO hits VALUES ('here', 1, 1)")
    write_elsewhere(path, "there again")
    assert first.execute("SELECT count(*) FROM hits").fetchone()[0] == 401
    assert second.execute("SELECT count(*) FROM hits").fetchone()[0] == 401
    assert faults(second) == ()
    first.close()
    second.close()
    third = connect(path)
    assert third.execute("SELECT count(*) FROM hits").fetchone()[0] == 401
    third.close()


def test_it_and_its_side_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    path.touch(0o644)
    connection = connect(path)
    with transaction(connection):
        connection.execute("INSERT INTO hits VALUES ('a', 1, 1)")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    connection.close()
    assert modes == {"people.db": 0o600, "people.db-wal": 0o600, "people.db-shm": 0o600}


def test_a_new_file_is_its_owners_alone_from_the_first_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "people.db"
        _own(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_what_is_durable_waits_for_the_disk_at_each_commit(tmp_path: Path) -> None:
    full, normal = 2, 1
    for durable, level in ((True, full), (False, normal)):
        with closing(connect(tmp_path / "people.db", durable=durable)) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone()[0] == level
    with Writer(tmp_path / "people.db") as writer:
        assert writer.submit(lambda c: c.execute("PRAGMA synchronous").fetchone()[0]).result() == full


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    path.write_bytes(b"Dear reader, " * 500)
    with pytest.raises(StoreError, match=r"people\.db: file is not a database"):
        connect(path)
    assert path.read_bytes() == b"Dear reader, " * 500


def test_a_file_that_cannot_be_used_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    path.write_bytes(b"Dear reader, " * 500)
    with pytest.raises(StoreError) as told:
        connect(path)
    # The fault keeps all that its functions held, until it is forgotten.
    assert not [each for each in Path("/proc/self/fd").iterdir() if each.exists() and each.resolve() == path]
    assert told.value.where == str(path)


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    connection = connect(tmp_path / "people.db")

    def fail_in_the_middle() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO hits VALUES ('a', 1, 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()
    assert connection.execute("SELECT count(*) FROM hits").fetchone()[0] == 0
    connection.close()


def test_a_copy_is_whole_private_and_replaces_nothing(tmp_path: Path) -> None:
    connection = connect(tmp_path / "people.db")
    with transaction(connection):
        connection.execute("INSERT INTO hits VALUES ('a', 1, 1)")
    copy(connection, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="nothing was changed"):
        copy(connection, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="there is no such folder; make it, or name another one"):
        copy(connection, tmp_path / "nowhere" / "copy.db")
    connection.close()
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    again = connect(tmp_path / "copy.db")
    assert again.execute("SELECT bucket FROM hits").fetchone()[0] == "a"
    again.close()


def test_times_are_texts_that_sort_as_times_do() -> None:
    text = stamp(moment("2025-06-12T09:00:00.5+02:00"))
    assert text == "2025-06-12T07:00:00.500Z"
    assert stamp(moment(text)) == text


def test_a_file_is_up_to_date_when_its_last_step_was_taken(tmp_path: Path) -> None:
    connection = connect(tmp_path / "people.db")
    steps = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid").fetchall()
    connection.close()
    assert steps[-1]["name"] == NEWEST


def test_a_file_of_an_older_version_takes_the_steps_that_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    old = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before=NEWEST)
    before = old.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
    old.close()
    connection = connect(path)
    after = connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert after > before
    assert "footprints" in tables


def test_a_side_file_that_finds_no_room_is_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    # Of /proc the kernel says that it has no room.
    assert "the disk is full; make room" in str(told(error, "/proc/people.db"))
    assert "look at the disk" in str(told(error, __file__))
    assert "look at the disk" in str(told(error, "the workspace's database"))


def test_a_disk_that_gave_nothing_once_is_no_reason_to_put_back_an_older_copy() -> None:
    """SQLite calls the file malformed where a read failed with EIO, which may pass."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT"
    assert "run `newsletter doctor`; if it says the same, put back a copy" in str(told(error, "people.db"))


def test_who_waited_in_vain_for_another_program_may_come_again(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    first, second = connect(path), connect(path)
    second.execute("PRAGMA busy_timeout = 1")
    with transaction(first), pytest.raises(sqlite3.OperationalError) as caught:
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
    fault = told(caught.value, str(path))
    assert fault is not None
    assert fault.code == "try-again"
    assert "another program is writing to it; wait for that" in str(fault)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_of_another_owner_is_told_so() -> None:
    with pytest.raises(StoreError, match="operation not permitted; run the command as its owner"):
        connect(Path("/etc/passwd"))


def test_who_may_not_open_a_file_of_another_owner_is_not_led_to_make_it_readable(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    (ours := tmp_path / "people.db").touch()
    (theirs := tmp_path / "theirs.db").touch()
    if os.geteuid() == 0:
        os.chown(theirs, 65534, -1)
    said = str(told(error, str(theirs) if os.geteuid() == 0 else "/etc/passwd"))
    assert ("it belongs to " in said, "make the file readable" in said) == (True, False)
    assert "make the file readable" in str(told(error, str(ours)))


SHUT = """
import sqlite3, sys
from contextlib import closing
from pathlib import Path
from subscribers.errors import StoreError
from subscribers.store.file.open import connect
from subscribers.store.file.trouble import told
from subscribers.store.keeping.upkeep import copy
path = Path(sys.argv[1])
try:
    with closing(connect(path)) as connection:
        print(*(row[0] for row in connection.execute("SELECT bucket FROM hits")))
        copy(connection, Path(sys.argv[2]))
        connection.execute("DELETE FROM hits")
except (StoreError, sqlite3.Error) as error:
    print(error if isinstance(error, StoreError) else told(error, str(path)))
"""


def read_on(kind: str, path: Path, target: Path) -> str:
    """Return what reading *path*, copying it to *target* and writing to it come to on a disk of that *kind*."""
    done = disk.on_a_disk(kind, path.parent, sys.executable, "-c", SHUT, str(path), str(target))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_disk_that_can_only_be_read_can_be_read_and_copied(tmp_path: Path) -> None:
    path = tmp_path / "shut" / "people.db"
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        connection.execute("INSERT INTO hits VALUES ('kept', 1, 1)")
    said = read_on(disk.CLOSED, path, tmp_path / "copy.db").splitlines()
    assert said[0] == "kept"
    assert "the disk can only be read; make it writable, or copy the whole folder" in said[1]
    with closing(connect(tmp_path / "copy.db")) as copied:
        assert copied.execute("SELECT bucket FROM hits").fetchone()[0] == "kept"


def test_what_was_committed_before_the_disk_was_closed_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "shut" / "people.db"
    path.parent.mkdir()
    killed = f"import os, sys\n{WRITER.replace('connection.close()', 'os._exit(0)')}"
    subprocess.run([sys.executable, "-c", killed, str(path), "late"], check=True, timeout=60)
    log, index = path.with_name("people.db-wal"), path.with_name("people.db-shm")
    assert log.stat().st_size
    assert read_on(disk.CLOSED, path, tmp_path / "copy.db").split()[0].startswith("late")
    with closing(connect(tmp_path / "copy.db")) as copied:
        assert copied.execute("SELECT count(*) FROM hits").fetchone()[0] == 200
    # Without its index nothing tells what the log is worth, and the file alone would be out of date.
    index.unlink()
    assert "the disk can only be read; make it" in read_on(disk.CLOSED, path, tmp_path / "second.db")


def test_a_full_disk_can_be_read_and_copied_to_another(tmp_path: Path) -> None:
    path = tmp_path / "full" / "people.db"
    path.parent.mkdir()
    with closing(connect(path)) as connection:
        connection.execute("INSERT INTO hits VALUES ('kept', 1, 1)")
    said = read_on(disk.FULL, path, tmp_path / "copy.db").splitlines()
    assert said[0] == "kept"
    assert "full; make room on the disk, then run the same command again: nothing is lost" in said[1]
    with closing(connect(tmp_path / "copy.db")) as copied:
        assert copied.execute("SELECT bucket FROM hits").fetchone()[0] == "kept"


FILLED = """
import sys
from contextlib import suppress
from pathlib import Path
from subscribers.errors import StoreError
from subscribers.store.file.open import connect, transaction
from subscribers.store.keeping.upkeep import writable
connection = connect(Path(sys.argv[1]) / "people.db")
with transaction(connection):
    connection.executemany("INSERT INTO hits VALUES (?, 1, 1)", [(str(n),) for n in range(5000)])
# The log of what was written is kept, and written anew from its beginning.
connection.execute("PRAGMA wal_checkpoint(RESTART)")
writable(connection)
with suppress(OSError), open(Path(sys.argv[1]) / "rest", "wb", buffering=0) as rest:
    while rest.write(bytes(4096)):
        pass
try:
    writable(connection)
    print("well")
except StoreError as error:
    print(error.what)
"""


def test_a_full_disk_is_one_though_the_log_has_room_for_a_page(tmp_path: Path) -> None:
    done = disk.on_a_disk(disk.SMALL, tmp_path, sys.executable, "-c", FILLED, str(tmp_path))
    assert (done.stdout, done.stderr) == ("the disk is full\n", "")
