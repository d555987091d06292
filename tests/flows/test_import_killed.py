"""`subscribers import` is killed at any moment: whole people are in the file, and the same command finishes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from subscribers.store.file.open import connect
from subscribers.store.register import consents
from tests import blank

PEOPLE = 40_000
TABLES = ("subscriptions", "topics", "consents")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "people.csv"
    rows = (f"r{number}@example.org,R {number},boats,Town {number % 50}\n" for number in range(PEOPLE))
    path.write_text("email,name,topics,city\n" + "".join(rows), encoding="utf-8")
    return path


def importing(folder: Path, table: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "newsletter", "--workspace", folder, "subscribers", "import", table]
    command += ["--list", "monthly", "--consent", "fair", "--rejects", folder / "refused.csv"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def counts(connection: sqlite3.Connection) -> list[int]:
    """Return how many people there are, and how many of them have what belongs to them."""
    return [connection.execute("SELECT count(*) FROM subscribers").fetchone()[0]] + [
        connection.execute(f"SELECT count(DISTINCT subscriber_id) FROM {table}").fetchone()[0] for table in TABLES
    ]


@pytest.mark.parametrize("batches", [0, 2])
def test_a_killed_import_leaves_whole_people_and_can_be_run_again(
    tmp_path: Path, table: Path, batches: int
) -> None:
    folder = blank.letter(tmp_path / "letter").root
    file = folder / "subscribers" / "subscribers.db"
    with importing(folder, table) as killed:
        # The log grows by some megabytes with each batch.
        log, until = file.with_name("subscribers.db-wal"), time.monotonic() + 60
        while killed.poll() is None and time.monotonic() < until:
            if log.exists() and log.stat().st_size > batches * 4_000_000:
                break
            time.sleep(0.002)
        os.kill(killed.pid, signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    connection = connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    people = counts(connection)
    assert people == [people[0]] * 4
    assert people[0] < PEOPLE
    assert consents.verify(connection).lines == people[0]
    connection.close()
    with importing(folder, table) as again:
        said, complained = again.communicate(timeout=120)
    assert again.returncode == 0, complained
    assert f"{PEOPLE - people[0]:,} added, 0 updated, {people[0]:,} unchanged, 0 refused" in said
    connection = connect(file)
    assert counts(connection) == [PEOPLE] * 4
    assert consents.verify(connection).lines == PEOPLE
    connection.close()


def test_who_stops_an_import_is_told_what_is_in_and_how_to_go_on(tmp_path: Path, table: Path) -> None:
    folder = blank.letter(tmp_path / "letter").root
    file = folder / "subscribers" / "subscribers.db"
    log = file.with_name("subscribers.db-wal")
    with importing(folder, table) as stopped:
        until = time.monotonic() + 60
        while stopped.poll() is None and time.monotonic() < until:
            if log.exists() and log.stat().st_size > 1_000_000:
                break
            time.sleep(0.002)
        stopped.send_signal(signal.SIGINT)
        _, told = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    assert "whoever was read so far is in, and nobody by half. To go on, run the same command again." in told
    assert "Traceback" not in told
    connection = connect(file)
    people = counts(connection)
    assert people == [people[0]] * 4
    connection.close()
