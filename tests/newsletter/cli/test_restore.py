"""`newsletter restore`: what a copy brings back, who stays out of it, and what was sent since."""

import gzip
import json
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.cli.send import alone
from newsletter.files import watermark
from newsletter.files.workspace import Workspace
from subscribers.event import Event, EventKind, Rule
from subscribers.model import Consent, Follow, Progress
from subscribers.status import DeliveryState, Frequency, SubscriptionStatus
from subscribers.store.back import events, links
from subscribers.store.file.open import connect, transaction
from subscribers.store.keeping import upkeep
from subscribers.store.ledger import answers, census, mails, paces, sends
from subscribers.store.register import people, subscriptions, wishes
from subscribers.wishes import Wishes
from tests import killed
from tests import readers as readers_of
from tests.editor import SLUG, Editor
from tests.shell import Shell
from tests.smtpserver import Server

READERS = ("anna", "bo", "cleo", "dag")
KEYS = (b"k" * 32,)


@pytest.fixture
def copy(run: Shell, tmp_path: Path) -> Path:
    """A copy from when four readers were there."""
    for name in READERS:
        assert run("subscribers", "add", f"{name}@example.org", "--list", "monthly", "--consent", "by hand") == 0
    path = tmp_path / "copy.db"
    assert run("backup", str(path)) == 0
    return path


@pytest.fixture
def left(run: Shell, copy: Path) -> Path:
    """The same copy, since when one left, one complained and one was erased; and somebody new came."""
    assert run("subscribers", "unsubscribe", "bo@example.org") == 0
    assert run("subscribers", "suppress", "cleo@example.org", "--reason", "complaint") == 0
    assert run("subscribers", "erase", "dag@example.org", "--yes") == 0
    assert run("subscribers", "add", "eva@example.org", "--list", "monthly", "--consent", "by hand") == 0
    return copy


def readers(run: Shell) -> list[str]:
    """Return who would get a letter now."""
    with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
        rows = connection.execute(
            """SELECT s.email FROM subscribers s JOIN subscriptions u ON u.subscriber_id = s.id
               WHERE u.status = 'confirmed' AND s.status = 'active' AND s.canonical NOT IN
                   (SELECT canonical FROM suppressions WHERE canonical IS NOT NULL) ORDER BY 1"""
        )
        return [row[0].partition("@")[0] for row in rows]


def kept(run: Shell) -> list[Path]:
    return sorted((run.folder / "subscribers").glob("subscribers-until-*.db"))


def test_who_left_since_a_copy_was_made_stays_out_of_it(run: Shell, left: Path) -> None:
    document = run.json("restore", str(left), "--yes")
    assert document["left"] == {"unsubscribed": 1, "suppressed": 1, "erased": 1, "moved": 0, "unread": ""}
    assert readers(run) == ["anna"]
    assert run("consent", "verify") == 0
    assert run("doctor") == 0, run.out
    # Nothing of who was erased came back with the copy, and the address is still known as one that must not come.
    assert b"dag@example.org" not in (run.folder / "subscribers" / "subscribers.db").read_bytes()
    assert run("subscribers", "add", "dag@example.org", "--list", "monthly", "--consent", "x") != 0


def test_where_nobody_left_nobody_is_said_to_have_left(run: Shell, copy: Path) -> None:
    document = run.json("restore", str(copy), "--yes")
    assert document["left"] == {"unsubscribed": 0, "suppressed": 0, "erased": 0, "moved": 0, "unread": ""}
    assert readers(run) == list(READERS)


def test_the_day_somebody_left_is_kept(run: Shell, left: Path) -> None:
    with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
        person = people.by_address(connection, "bo@example.org")
        assert person
        before = subscriptions.of(connection, person.id)
    assert run("restore", str(left), "--yes") == 0
    with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
        person = people.by_address(connection, "bo@example.org")
        assert person
        assert subscriptions.of(connection, person.id) == before


def test_a_letter_of_a_series_that_left_since_does_not_leave_again(run: Shell, copy: Path) -> None:
    late = copy.with_name("late.db")
    file, now = run.folder / "subscribers" / "subscribers.db", datetime(2026, 6, 1, tzinfo=UTC)
    series = [Follow(f"tips-{state}", timedelta(days=7)) for state in ("accepted", "committing", "queued")]
    with closing(connect(file)) as connection, transaction(connection):
        mails.follow(connection, 1, "monthly", "sv", now, series)
    assert run("backup", str(late)) == 0
    with closing(connect(file)) as connection, transaction(connection):
        connection.execute("UPDATE mails SET state = substr(issue, 6)")
    assert run("restore", str(late), "--yes") == 0
    with closing(connect(file)) as connection:
        found = [tuple(row) for row in connection.execute("SELECT issue, state FROM mails ORDER BY id")]
    wanted = {"accepted": "accepted", "committing": "uncertain", "queued": "queued"}
    assert found == [(f"tips-{state}", now_is) for state, now_is in wanted.items()]


def test_a_copy_can_be_put_back_as_it_is(run: Shell, left: Path) -> None:
    assert run("restore", str(left), "--as-it-is", "--yes") == 0
    assert "who left since" in run.err.lower()
    assert readers(run) == ["anna", "bo", "cleo", "dag"]


def test_what_was_there_before_is_kept_whole_and_private(run: Shell, left: Path) -> None:
    before = readers(run)
    assert run("restore", str(left), "--yes") == 0
    (old,) = kept(run)
    assert str(old) in run.err
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    shutil.copy(old, left.with_name("again.db"))
    assert run("restore", str(left.with_name("again.db")), "--as-it-is", "--yes") == 0
    assert readers(run) == before


@pytest.mark.parametrize("damage", [b"no database at all" * 99, b""])
def test_a_file_that_cannot_be_read_is_replaced_and_it_is_said_who_is_in_again(
    run: Shell, left: Path, damage: bytes
) -> None:
    file = run.folder / "subscribers" / "subscribers.db"
    if damage:
        file.write_bytes(damage)
        assert run("restore", str(left), "--yes") == 0
        assert "who left since the copy was made is in it again" in run.err
        assert [path.read_bytes() for path in kept(run)] == [damage]
    else:
        file.unlink()
        assert run("restore", str(left), "--yes") == 0
        assert "(it is missing): who left since the copy was made is in it again" in run.err
        assert not kept(run)
    assert readers(run) == ["anna", "bo", "cleo", "dag"]


def test_only_a_sound_copy_of_people_is_put_back(run: Shell, left: Path, tmp_path: Path) -> None:
    place = run.folder / "subscribers" / "subscribers.db"
    before = readers(run)
    whole = left.read_bytes()
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER)")
    half, text = tmp_path / "half.db", tmp_path / "text.db"
    half.write_bytes(whole[: len(whole) // 2])
    text.write_text("email,name\n", encoding="utf-8")
    torn = tmp_path / "torn.db"
    torn.write_bytes(whole)
    with closing(sqlite3.connect(torn)) as connection, connection:
        connection.execute("DELETE FROM subscribers WHERE email LIKE 'anna@%'")
    meddled, loose = tmp_path / "meddled.db", tmp_path / "loose.db"
    for path, sql in (
        (meddled, "CREATE TRIGGER x BEFORE INSERT ON suppressions BEGIN SELECT RAISE(IGNORE); END"),
        (loose, "DROP TRIGGER consents_stay"),
    ):
        path.write_bytes(whole)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(sql)
    for wrong in (other, half, text, torn, meddled, loose, tmp_path / "none.db"):
        assert run("restore", str(wrong), "--yes") == (1 if wrong.exists() else 4), wrong
        assert str(wrong) in run.err
        assert "Traceback" not in run.err
    assert readers(run) == before
    assert sorted(path.name for path in place.parent.glob("*.db*")) == ["subscribers.db"]


def test_what_is_wrong_with_a_copy_is_told_with_what_helps(run: Shell, copy: Path, tmp_path: Path) -> None:
    whole = copy.read_bytes()
    packed, half, torn = tmp_path / "copy.db.gz", tmp_path / "half.db", tmp_path / "torn.db"
    packed.write_bytes(gzip.compress(whole))
    half.write_bytes(whole[: len(whole) // 2])
    # Places of cells in the page of a table, behind its first eight bytes (SQLite file format, section 1.6).
    with closing(sqlite3.connect(copy)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'subscribers'").fetchone()[0]
    start = (page - 1) * 4096 + 8
    torn.write_bytes(whole[:start] + b"\xff\xff" + whole[start + 2 :])
    for wrong, told in (
        (packed, "unpack and decrypt it first"),
        (half, "not all of it is here"),
        (torn, "older copy"),
    ):
        assert run("restore", str(wrong), "--yes") == 1
        assert told in run.err
        assert run.err.count("\n") == 1, run.err
        assert "***" not in run.err


def test_nothing_is_put_back_while_others_are_at_work(run: Shell, left: Path) -> None:
    workspace = Workspace(run.folder)
    with alone.serving(workspace):
        assert run("restore", str(left), "--yes") == 75
        assert "serve (process" in run.err
        assert "runs already here" in run.err
    with closing(connect(workspace.people)) as reading:
        reading.execute("SELECT count(*) FROM subscribers").fetchone()
        assert run("restore", str(left), "--yes") == 75
        assert "another program has this file open" in run.err
    assert "eva" in readers(run)


#: Makes a copy, and is interrupted as the disk takes it.
HALTED = """
import os, signal, sys
from newsletter.cli.main import main
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGINT)
main(["--workspace", sys.argv[1], "backup", sys.argv[2]])
"""


def test_a_copy_that_is_interrupted_leaves_nobody_behind(run: Shell, copy: Path) -> None:
    path = copy.with_name("halted.db")
    halted = subprocess.run([sys.executable, "-c", HALTED, str(run.folder), str(path)], timeout=60)
    assert halted.returncode == 130
    assert not list(path.parent.glob("halted.db*"))


@pytest.mark.parametrize("moment", ["os.link", "os.rename"])
@pytest.mark.parametrize("who", ["serve", "send", "restore", "erase"])
def test_a_restore_that_was_killed_changes_nothing_and_leaves_nobody_behind(
    run: Shell, left: Path, who: str, moment: str
) -> None:
    workspace = Workspace(run.folder)
    before = readers(run)
    killed.before(moment, "subscribers.db", "restore", str(left), "--yes", folder=run.folder)
    assert readers(run) == before
    file = workspace.people
    half = file.with_name(f"{file.name}.partial")
    assert half.exists()
    half.with_name(f"{half.name}-journal").write_bytes(b"dag@example.org")
    if who == "serve":
        with alone.serving(workspace):
            pass
    elif who == "send":
        with closing(connect(file)) as connection, alone.alone(workspace, connection, "newsletter send"):
            pass
    elif who == "erase":
        assert run("subscribers", "erase", f"{before[0]}@example.org", "--yes") == 0
    else:
        assert run("restore", str(left), "--yes") == 0
    assert not list(file.parent.glob("*.partial*"))
    # What is kept of a restore is the file that another one replaced.
    assert len(list(file.parent.glob("subscribers-until-*"))) == (who == "restore")


def test_a_copy_that_knows_less_than_was_sent_says_so(run: Shell, left: Path) -> None:
    watermark.write(Workspace(run.folder).watermark, Progress(3, 40))
    assert run("restore", str(left), "--yes") == 0
    assert "Nothing can be sent yet" in run.err
    assert run("restore", str(left), "--yes", "--json") == 0
    assert "older than what was sent" in json.loads(run.out)["older"]


def test_who_got_a_letter_is_left_out_by_a_table_as_the_documentation_says(run: Shell, copy: Path) -> None:
    """Where the file with what was sent is gone with its disk."""
    page = Path(__file__).parents[3].joinpath("docs", "operate.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"--exclude \"(got = '2025-06')\"", page)
    assert re.search(r"(?m)^ +email,got\n +anna@example.org,2025-06\n", page)
    (run.folder / "subscribers" / "subscribers.db").unlink()
    assert run("restore", str(copy), "--yes") == 0
    assert "What was sent since the copy was made cannot be known (it is missing)" in run.err
    table = copy.with_name("got.csv")
    table.write_text("email,got\nanna@example.org,0001-hello\nbo@example.org,0001-hello\n", encoding="utf-8")
    assert run("subscribers", "import", str(table), "--list", "monthly") == 0
    known = named.replace("2025-06", "0001-hello")
    assert run("send", "0001-hello", "--exclude", known, "--dry-run") == 0
    assert "would go to 2 readers" in run.out


def test_somebody_is_asked_first(run: Shell, left: Path) -> None:
    assert run("restore", str(left)) == 2
    assert "nothing was changed" in run.err
    assert not kept(run)


def test_who_has_a_new_address_since_gets_letters_there_and_who_left_it_does_not(run: Shell, copy: Path) -> None:
    def move(name: str, new: str) -> None:
        assert run("subscribers", "move", f"{name}@example.org", f"{new}@example.org", "--reason", "by mail") == 0

    move("anna", "anna.home")
    move("anna.home", "anna.work")
    move("bo", "bo.home")
    assert run("subscribers", "unsubscribe", "bo.home@example.org") == 0
    move("cleo", "cleo.home")
    assert run("subscribers", "suppress", "cleo.home@example.org", "--reason", "complaint") == 0
    move("dag", "dag.home")
    assert run("subscribers", "erase", "dag.home@example.org", "--yes") == 0
    before = readers(run)
    document = run.json("restore", str(copy), "--yes")
    assert readers(run) == before == ["anna.work"]
    assert document["left"]["moved"] == 4
    assert run("consent", "verify") == 0


def test_who_moved_and_came_back_to_the_old_address_is_read_there(run: Shell, copy: Path) -> None:
    assert run("subscribers", "move", "bo@example.org", "bo.home@example.org", "--reason", "by mail") == 0
    assert run("subscribers", "unsubscribe", "bo.home@example.org") == 0
    with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
        person = people.by_address(connection, "bo@example.org")
        assert person
        with transaction(connection):
            consent = Consent(person.id, "monthly", "confirm", datetime.now(UTC), "the form", "")
            subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)
    assert run("restore", str(copy), "--yes") == 0
    assert readers(run) == list(READERS)


def test_an_import_that_was_taken_back_since_brings_nobody(run: Shell, copy: Path, tmp_path: Path) -> None:
    file, later = tmp_path / "wrong.csv", tmp_path / "later.db"
    file.write_text("email\nnobody@example.org\nwaits@example.org\nanna@example.org\n")
    assert run("subscribers", "add", "waits@example.org", "--list", "monthly") == 0
    assert run("subscribers", "import", str(file), "--list", "monthly", "--consent", "not of this letter") == 0
    assert run("backup", str(later)) == 0
    assert run("subscribers", "take-back", "wrong.csv", "--list", "monthly", "--yes") == 0
    before = run.json("subscribers", "list")
    document = run.json("restore", str(later), "--yes")
    assert document["left"] == {"unsubscribed": 1, "suppressed": 0, "erased": 1, "moved": 0, "unread": ""}
    assert readers(run) == list(READERS)
    assert run.json("subscribers", "list") == before
    assert run("consent", "verify") == 0
    assert b"nobody@example.org" not in (run.folder / "subscribers" / "subscribers.db").read_bytes()


def test_what_readers_wish_since_a_copy_was_made_holds(run: Shell, copy: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)

    def stands() -> list[tuple[Wishes, bool]]:
        with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
            found = [people.by_address(connection, f"{name}@example.org") for name in READERS]
            return [(wishes.of(connection, one.id), links.agrees(connection, one.id)) for one in found if one]

    with closing(connect(run.folder / "subscribers" / "subscribers.db")) as connection:
        found = (people.by_address(connection, f"{name}@example.org") for name in READERS)
        anna, bo, cleo, dag = (one.id for one in found if one)
        links.watch(connection, anna, True, now)
        links.watch(connection, bo, True, now)
        upkeep.copy(connection, tmp_path / "later.db")
        links.watch(connection, bo, False, now)
        wishes.choose(connection, cleo, Wishes(paused=date(2099, 1, 31)))
        wishes.choose(connection, dag, Wishes(Frequency.YEARLY))
    before = stands()
    assert [agrees for _, agrees in before] == [True, False, False, False]
    assert run("restore", str(tmp_path / "later.db"), "--yes") == 0
    assert stands() == before


@pytest.mark.parametrize("lost", [False, True])
def test_a_number_that_was_given_since_is_given_to_nobody_else(run: Shell, left: Path, lost: bool) -> None:
    """What was mailed to Eva names her number, and would act for whoever got it."""
    file = run.folder / "subscribers" / "subscribers.db"
    with closing(connect(file)) as connection:
        eva = people.by_address(connection, "eva@example.org")
    assert eva
    if lost:
        file.unlink()
    assert run("restore", str(left), *([] if lost else ["--as-it-is"]), "--yes") == 0
    assert run("subscribers", "add", "finn@example.org", "--list", "monthly", "--consent", "by hand") == 0
    with closing(connect(file)) as connection:
        finn = people.by_address(connection, "finn@example.org")
    assert finn
    assert finn.id > eva.id
    assert len(run.json("subscribers", "list")["subscribers"]) == 5


def test_a_full_disk_changes_nothing(run: Shell, tmp_path: Path) -> None:
    """Whatever a file may grow to, the copy is in place as a whole, or what was there before is."""
    table = tmp_path / "many.csv"
    table.write_text("email\n" + "".join(f"r{number}@example.org\n" for number in range(3000)), encoding="utf-8")
    assert run("subscribers", "import", str(table), "--list", "monthly", "--consent", "paper") == 0
    left = tmp_path / "copy.db"
    assert run("backup", str(left)) == 0
    for number in range(20):
        assert run("subscribers", "unsubscribe", f"r{number}@example.org") == 0
    file = run.folder / "subscribers" / "subscribers.db"
    program = (
        "import resource, signal, sys; from newsletter.cli.main import main; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY)); "
        "main(['--workspace', sys.argv[2], 'restore', sys.argv[3], '--yes'])"
    )
    before = file.read_bytes()
    size = left.stat().st_size
    seen = set()
    for room in (size - 4096, *range(size, size + 24576, 4096), size * 2):
        file.write_bytes(before)
        words = [sys.executable, "-c", program, str(room), str(run.folder), str(left)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        seen.add(done.returncode)
        assert "Traceback" not in done.stderr
        assert len(readers(run)) == 2980, (room, done.stderr)
        with closing(connect(file)) as connection:
            assert upkeep.faults(connection) == ()
        assert sorted(path.name for path in file.parent.glob("subscribers.db*")) == ["subscribers.db"]
    assert seen == {0, 1}


def letters(server: Server) -> list[str]:
    """Return who got a letter, as often as they got one."""
    return sorted(server.recipients())


def people_of(*numbers: int) -> list[str]:
    return sorted(f"reader{number}@example.org" for number in numbers)


def copied(editor: Editor, name: str = "copy.db") -> str:
    path = editor.root.parent / name
    assert editor("backup", str(path))[0] == 0
    return str(path)


def rows(editor: Editor, sql: str) -> list[tuple[object, ...]]:
    with closing(connect(editor.workspace.people)) as connection:
        return [tuple(row) for row in connection.execute(sql)]


def sound(editor: Editor) -> None:
    """Hold that the file is whole, and that the ledger counts as it stands."""
    with closing(connect(editor.workspace.people)) as connection:
        assert upkeep.faults(connection) == ()
        for (send,) in connection.execute("SELECT id FROM sends").fetchall():
            counted = {str(state): count for state, count in census.counts(connection, send).items() if count}
            told = "SELECT state, count(*) FROM deliveries WHERE send_id = ? GROUP BY 1"
            assert counted == dict(map(tuple, connection.execute(told, (send,))))


def put_back(editor: Editor, copy: str, *words: str) -> dict[str, object]:
    """Put the copy back; return what was told of what was sent since."""
    code, document = editor.json("restore", copy, "--yes", *words)
    assert (code, document.get("older")) == (0, ""), document
    sound(editor)
    return document["sent"]


def half_sent(editor: Editor, server: Server, count: int) -> None:
    """Send to so many, and kill the sender."""
    editor.to(server)
    sending = editor.sending(server, count)
    sending.kill()
    sending.communicate()
    assert len(server.accepted) >= count


def test_an_issue_that_the_copy_knows_nothing_of_is_sent_to_nobody_twice(editor: Editor) -> None:
    editor.people(20)
    copy = copied(editor)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        assert put_back(editor, copy) == {"letters": 20, "unknown": 0, "unread": "", "held": []}
        assert editor("send", SLUG, "--yes")[0] == 5
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 5
        _, _, said = editor("restore", copy, "--as-it-is", "--yes")
        assert (
            "20 letters went out since the copy was made, as is known now: nobody is sent one of them again."
            in said
        )
        editor.people(2, first=21)
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
    assert letters(server) == people_of(*range(1, 23))


def test_what_stands_in_letters_goes_on_to_work_after_a_copy_is_put_back(editor: Editor) -> None:
    """Links, Message-IDs and return addresses are made of numbers of the ledger."""
    editor.people(3)
    copy = copied(editor)
    asked = (
        "SELECT id, issue, content, created, started, ended FROM sends",
        "SELECT id, send_id, subscriber_id, state, attempts, code, reply, updated FROM deliveries",
        "SELECT * FROM variants ORDER BY name",
        "SELECT * FROM links ORDER BY id",
    )
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    with closing(connect(editor.workspace.people)) as connection:
        links.keep(connection, 1, "en", [links.Kept("k7", 1, "https://example.org/pier", "The pier")])
    before = [rows(editor, sql) for sql in asked]
    assert all(before)
    put_back(editor, copy)
    assert [rows(editor, sql) for sql in asked] == before


def damage(file: Path, table: str) -> None:
    """Destroy the first page of a table."""
    with closing(connect(file)) as connection:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(sql, (table,)).fetchone()
        connection.execute("PRAGMA journal_mode = DELETE")
    whole = bytearray(file.read_bytes())
    whole[(page - 1) * 4096 : (page - 1) * 4096 + 100] = b"\xff" * 100
    file.write_bytes(whole)


@pytest.mark.parametrize("table", ["consents", "watched"])
def test_who_left_stays_out_whatever_else_cannot_be_read(run: Shell, left: Path, table: str) -> None:
    damage(run.folder / "subscribers" / "subscribers.db", table)
    document = run.json("restore", str(left), "--yes")
    assert document["left"] == {"unsubscribed": 1, "suppressed": 1, "erased": 1, "moved": 0, "unread": ""}
    assert readers(run) == ["anna"]


@pytest.mark.parametrize("broken", ["", "events", "clicks", "answers"])
def test_what_came_back_and_was_counted_since_is_known(editor: Editor, broken: str) -> None:
    editor.people(3)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    with closing(connect(editor.workspace.people)) as connection:
        links.keep(connection, 1, "en", [links.Kept("k7", 1, "https://example.org/pier", "The pier")])
        links.count(connection, [("k7", False)], now)
        paces.use(connection, "sent", {20605: 2}, 0)
        paces.learn(connection, "example.org", 2.0, now)
        for reader in (1, 2):
            answers.give(connection, 1, reader, "worth", 1, KEYS)
    copy = copied(editor)
    with closing(connect(editor.workspace.people)) as connection:
        links.count(connection, [("k7", False), ("k7", True)], now)
        paces.use(connection, "sent", {20605: 3, 20606: 1}, 0)
        paces.learn(connection, "example.org", 1.0, now + timedelta(hours=1))
        for reader in (2, 3):
            answers.give(connection, 1, reader, "worth", 2, KEYS)
        for delivery in (1, 2):
            soft = Event(delivery, EventKind.SOFT, now, "mailbox", "mailboxfull", "5.2.2", "it is full")
            assert events.record(connection, soft, Rule()) == ""
    asked = {
        "events": "SELECT delivery_id, subscriber_id, kind, reason, status, text, source, at FROM events",
        "clicks": "SELECT * FROM clicks ORDER BY link_id, scanner",
        "rations": "SELECT * FROM rations ORDER BY name, part",
        "paces": "SELECT * FROM paces",
        "answers": "SELECT * FROM answers ORDER BY reader",
    }
    before = {table: rows(editor, sql) for table, sql in asked.items()}
    assert all(before.values())
    if broken:
        damage(editor.workspace.people, broken)
    put_back(editor, copy)
    for table in asked.keys() - {broken}:
        assert rows(editor, asked[table]) == before[table]
    if not broken:
        # Again, by a copy that knows it all: nothing counts twice.
        put_back(editor, copied(editor, "later.db"))
        assert {table: rows(editor, sql) for table, sql in asked.items()} == before


@pytest.mark.parametrize("copied_when", ["before", "scheduled", "within"])
def test_a_send_that_was_interrupted_goes_on_where_it_was(editor: Editor, copied_when: str) -> None:
    editor.people(300)
    editor.settings("connections = 10", "connections = 4")
    copy = copied(editor)
    with Server(delay=0.005) as server:
        editor.to(server)
        if copied_when == "scheduled":
            assert editor("send", SLUG, "--at", "+2h", "--yes")[0] == 0
            copy = copied(editor, "later.db")
            with closing(connect(editor.workspace.people)) as connection:
                connection.execute("UPDATE sends SET due = created")
        elif copied_when == "within":
            half_sent(editor, server, 40)
            copy = copied(editor, "later.db")
        half_sent(editor, server, 90)
        put_back(editor, copy)
        server.delay = 0
        assert editor("send", SLUG, "--yes")[0] in (0, 6)
        sound(editor)
        assert editor.agrees(server, 300) <= {"accepted", "uncertain"}
    counts = editor.counts()
    assert len(server.accepted) >= 300 - counts[DeliveryState.UNCERTAIN]
    assert counts[DeliveryState.UNCERTAIN] <= 8


def test_a_restore_that_is_killed_again_and_again_sends_nobody_anything_twice(editor: Editor) -> None:
    editor.people(300)
    copy = copied(editor)
    with Server(delay=0.005) as server:
        half_sent(editor, server, 100)
        started = time.monotonic()
        whole = editor.start("restore", copy, "--yes")
        assert whole.wait(60) == 0
        lasts = time.monotonic() - started
        killed = 0
        for number in range(8):
            started = time.monotonic()
            restoring = editor.start("restore", copy, "--yes")
            with suppress(subprocess.TimeoutExpired):
                restoring.wait(lasts * (0.4 + 0.6 * random.random()) if number else 0)
                # The first one may have waited for the disk, or for another test.
                lasts = min(lasts, time.monotonic() - started)
            restoring.kill()
            restoring.communicate()
            killed += restoring.returncode == -signal.SIGKILL
            sound(editor)
        assert killed >= 3
        server.delay = 0
        assert editor("send", SLUG, "--yes")[0] in (0, 6)
        assert editor.agrees(server, 300) <= {"accepted", "uncertain"}


def test_every_state_of_the_ledger_is_taken_over_as_it_stands(editor: Editor) -> None:
    """A copy from the beginning of a send, since when each reader's letter came to another end."""
    editor.people(9)
    with closing(connect(editor.workspace.people)) as connection:
        readers_of.freeze(connection, issue=SLUG)
    copy = copied(editor)
    with closing(connect(editor.workspace.people)) as connection:
        for number, state in enumerate(DeliveryState, 1):
            due = "2025-06-12T09:00:00.000Z" if state == "deferred" else ""
            connection.execute(
                """UPDATE deliveries SET state = ?, attempts = ?, due = ?, code = 250, enhanced = '2.0.0',
                       reply = 'said', updated = '2025-06-12T08:00:00.000Z' WHERE id = ?""",
                (state.value, number, due, number),
            )
        connection.execute("UPDATE sends SET next = last + 1, state = 'paused', reason = 'by hand'")
    asked = ("SELECT * FROM deliveries ORDER BY id", "SELECT * FROM sends")
    before = [rows(editor, sql) for sql in asked]
    assert put_back(editor, copy) == {"letters": 3, "unknown": 0, "unread": "", "held": []}
    assert [rows(editor, sql) for sql in asked] == before


def test_a_letter_that_may_have_left_by_the_copy_is_not_sent_because_the_replaced_file_knows_less(
    editor: Editor,
) -> None:
    editor.people(3)
    with closing(connect(editor.workspace.people)) as connection:
        readers_of.freeze(connection, issue=SLUG)
    older = copied(editor, "older.db")
    ends = ("uncertain", "committing", "accepted")
    with closing(connect(editor.workspace.people)) as connection:
        for number, state in enumerate(ends, 1):
            connection.execute("UPDATE deliveries SET state = ?, due = '' WHERE id = ?", (state, number))
        connection.execute("UPDATE sends SET next = last + 1")
    newer = copied(editor, "newer.db")
    editor.workspace.people.unlink()
    assert editor("restore", older, "--yes")[0] == 0
    put_back(editor, newer)
    assert rows(editor, "SELECT state FROM deliveries ORDER BY id") == [(state,) for state in ends]


def test_what_went_out_and_cannot_be_taken_over_is_told(editor: Editor) -> None:
    """The copy's send was cancelled; the file in place, which came from an older copy, went on with it."""
    editor.people(3)
    with closing(connect(editor.workspace.people)) as connection:
        readers_of.freeze(connection, issue=SLUG)
    older = copied(editor, "older.db")
    assert editor("cancel", "--yes")[0] == 0
    newer = copied(editor, "newer.db")
    editor.workspace.people.unlink()
    assert editor("restore", older, "--yes")[0] == 0
    with closing(connect(editor.workspace.people)) as connection:
        connection.execute("UPDATE deliveries SET state = 'accepted', due = '' WHERE id = 1")
    _, _, said = editor("restore", newer, "--yes")
    assert "1 letter went out that did not go out by the copy" in said
    sound(editor)
    assert rows(editor, "SELECT DISTINCT state FROM deliveries") == [("cancelled",)]


def test_a_send_that_was_cancelled_since_stays_cancelled(editor: Editor) -> None:
    editor.people(300)
    with Server(delay=0.005) as server:
        half_sent(editor, server, 40)
        copy = copied(editor)
        assert editor("cancel", "--yes")[0] == 0
        put_back(editor, copy)
        assert editor.json("status")[1]["sends"][0]["state"] == "cancelled"
        assert rows(editor, "SELECT count(*) FROM deliveries WHERE state = 'queued'") == [(0,)]
        server.delay = 0
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
    taken = letters(server)
    assert len(taken) == len(set(taken)) >= 300 - editor.counts(1)[DeliveryState.UNCERTAIN]


def test_who_left_came_or_moved_since_is_sent_a_letter_once_or_never(editor: Editor) -> None:
    """Erased, added and moved since the copy was made, each before the letter went out and after it."""
    editor.people(8)
    copy = copied(editor)

    def change(first: int) -> None:
        """Erase one, add one, move one, and let one leave."""
        assert editor("subscribers", "erase", f"reader{first}@example.org", "--yes")[0] == 0
        words = ("--list", "monthly", "--consent", "by hand")
        assert editor("subscribers", "add", f"new{first}@example.org", *words)[0] == 0
        moved = (f"reader{first + 1}@example.org", f"moved{first}@example.org", "--reason", "by mail")
        assert editor("subscribers", "move", *moved)[0] == 0
        assert editor("subscribers", "unsubscribe", f"reader{first + 2}@example.org")[0] == 0

    with Server() as server:
        editor.to(server)
        change(1)
        assert editor("send", SLUG, "--yes")[0] == 0
        change(5)
        with closing(connect(editor.workspace.people)) as connection:
            connection.execute(
                """UPDATE deliveries SET reply = 'taken for ' || (
                       SELECT s.email FROM subscribers s WHERE s.id = subscriber_id AND s.status = 'active')
                   WHERE subscriber_id IN (SELECT id FROM subscribers WHERE status = 'active')"""
            )
        before = letters(server)
        assert put_back(editor, copy)["letters"] == 7
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 5
        assert editor("doctor")[0] in (0, 6)
        # Who came since is in no copy: their letter counts, and their number is nobody else's.
        assert (
            editor("subscribers", "add", "last@example.org", "--list", "monthly", "--consent", "by hand")[0] == 0
        )
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
    assert letters(server) == sorted([*before, "last@example.org"])
    whole = editor.workspace.people.read_bytes()
    for gone in (b"reader1@example.org", b"reader5@example.org", b"new1@example.org"):
        assert gone not in whole


@pytest.mark.parametrize("words", [(), ("--as-it-is",)])
def test_who_was_erased_and_came_again_since_is_sent_it_once(editor: Editor, words: tuple[str, ...]) -> None:
    editor.people(3)
    copy = copied(editor)
    with Server() as server:
        editor.to(server)
        assert editor("subscribers", "erase", "reader2@example.org", "--yes")[0] == 0
        with closing(connect(editor.workspace.people)) as connection:
            connection.execute("DELETE FROM suppressions")
        again = ("reader2@example.org", "--list", "monthly", "--consent", "by hand")
        assert editor("subscribers", "add", *again)[0] == 0
        assert editor("send", SLUG, "--yes")[0] == 0
        put_back(editor, copy, *words)
        assert editor("send", SLUG, "--to-new", "--yes")[0] == 5
    assert letters(server) == people_of(1, 2, 3)


def test_a_send_that_shares_its_number_with_another_one_is_taken_over_under_a_number_of_its_own(
    editor: Editor,
) -> None:
    editor.people(4)
    first = copied(editor, "first.db")
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        second = copied(editor, "second.db")
        editor.workspace.people.unlink()
        editor.workspace.watermark.unlink()
        assert editor("restore", first, "--yes")[0] == 0
        shutil.copytree(editor.root / "issues" / SLUG, editor.root / "issues" / "0002-other")
        assert editor("send", "0002-other", "--yes")[0] == 0
        assert put_back(editor, second) == {"letters": 4, "unknown": 0, "unread": "", "held": []}
        assert rows(editor, "SELECT id, issue FROM sends") == [(1, SLUG), (2, "0002-other")]
        for issue in (SLUG, "0002-other"):
            assert editor("send", issue, "--to-new", "--yes")[0] == 5
    assert letters(server) == sorted(people_of(1, 2, 3, 4) * 2)


@pytest.mark.parametrize("copied_when", ["scheduled", "within"])
@pytest.mark.parametrize("looked", [False, True])
def test_on_another_machine_nothing_goes_on_by_itself_that_may_have_gone_out(
    editor: Editor, copied_when: str, looked: bool
) -> None:
    editor.people(300)
    editor.settings("connections = 10", "connections = 4")
    with Server(delay=0.005) as server:
        editor.to(server)
        if copied_when == "scheduled":
            assert editor("send", SLUG, "--at", "+2h", "--yes")[0] == 0
        else:
            half_sent(editor, server, 40)
        copy = copied(editor, "later.db")
        with closing(connect(Path(copy))) as connection:
            connection.execute("UPDATE sends SET due = created")
        for what in ("*.db*", "*.lock", "sent.json"):
            for path in editor.workspace.people.parent.glob(what):
                path.unlink()
        if looked:
            # Any command makes an empty file where there is none.
            assert editor("status")[0] == 0
        code, document = editor.json("restore", copy, "--yes")
        assert (code, document["sent"]["held"]) == (0, [1])
        assert document["sent"]["unread"] == ("nobody was ever in it" if looked else "it is missing")
        with closing(connect(editor.workspace.people)) as connection:
            assert sends.under_way(connection, datetime.now(UTC)) == ()
            assert "nobody knows whether it went on" in sends.get(connection, 1).reason


def test_where_the_ledger_cannot_be_read_it_is_said_what_to_do(editor: Editor) -> None:
    editor.people(400)
    copy = copied(editor)
    with closing(connect(editor.workspace.people)) as connection:
        readers_of.freeze(connection, issue=SLUG)
    assert editor("subscribers", "unsubscribe", "reader1@example.org")[0] == 0
    damage(editor.workspace.people, "deliveries")
    whole = editor.workspace.people.read_bytes()
    code, document = editor.json("restore", copy, "--yes")
    assert code == 0
    assert document["left"]["unsubscribed"] == 1
    assert document["sent"]["unread"]
    editor.workspace.people.write_bytes(whole)
    _, _, said = editor("restore", copy, "--yes")
    assert "What was sent since the copy was made cannot be known" in said
    assert "leave out who got it, by the mail server's log" in said


@pytest.mark.parametrize("table", ["suppressions", "subscriptions"])
def test_where_it_cannot_be_read_who_left_it_is_said_and_nobody_counts_as_having_stayed(
    editor: Editor, table: str
) -> None:
    editor.people(400)
    copy = copied(editor)
    assert editor("subscribers", "erase", "reader1@example.org", "--yes")[0] == 0
    assert editor("subscribers", "unsubscribe", "reader2@example.org")[0] == 0
    damage(editor.workspace.people, table)
    code, document = editor.json("restore", copy, "--yes")
    assert (code, bool(document["left"]["unread"])) == (0, True)
