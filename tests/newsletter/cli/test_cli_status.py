"""How a send stands, for its editor and for programs."""

import re
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from newsletter.cli import terminal, wiring
from newsletter.cli.steer import watching
from subscribers.status import DeliveryState
from subscribers.store.file.open import stamp, transaction
from tests import readers
from tests.editor import SLUG
from tests.smtpserver import Fault, Server


def test_the_status_says_who_is_at_work_and_after_a_kill_what_to_do(editor):
    editor.people(400)
    with Server(delay=0.02) as server:
        editor.to(server)
        process = editor.sending(server, 20)
        told = f"to go: newsletter send {SLUG} (process {process.pid}) is at work; `newsletter pause 1` holds it."
        assert told in editor("status", SLUG)[2]
        process.kill()
        process.communicate()
        assert f"to go: run `newsletter send {SLUG}` again" in editor("status", SLUG)[2]


def test_among_all_sends_it_stands_why_one_paused_and_who_is_in_doubt(editor):
    editor.people(40)
    faults = [Fault("dot", "drop", skip=3), Fault("mail", "550", times=99, skip=9)]
    with Server(faults=faults) as server:
        editor.to(server)
        # One after the other, so that what goes wrong does so in that order.
        editor.settings("connections = 10", "connections = 1")
        assert editor("send", SLUG, "--yes")[0] == 1
    told = editor("status")[2]
    why = "It stopped because: the server refuses what we send: 550"
    assert f"Send 1 of {SLUG}: {why}" in told
    assert why in editor("status", "--watch")[2]
    assert f"Send 1 of {SLUG}: It is paused; mend it, then run `newsletter resume 1`." in told
    assert "`newsletter resolve 1 --from-log FILE` asks its log" in told


def test_a_send_can_be_watched_and_its_state_read_by_programs(editor):
    editor.people(60)
    with Server(delay=0.02) as server:
        editor.to(server)
        editor.settings("connections = 10", "connections = 2")
        sender = editor.start("send", SLUG, "--yes")
        try:
            while editor.counts()[DeliveryState.ACCEPTED] < 10:
                time.sleep(0.05)
            _, found = editor.json("status", "1")
            watched = editor("status", "--watch")
        finally:
            sender.communicate(timeout=30)
    (one,) = found["sends"]
    assert one["rate"] > 0
    assert datetime.fromisoformat(one["arrival"]) > datetime.now(UTC) - timedelta(minutes=1)
    assert [(each["name"], each["readers"]) for each in one["domains"]] == [("example.org", 60)]
    assert watched[0] == 0
    first, *_, last = watched[1].splitlines()
    assert "is sending" in first
    assert "is done: 60 of 60" in last
    assert editor("status", "--watch", "--json")[0] == 2


def test_a_send_whose_rest_waits_says_until_when(editor):
    editor.people(40)
    with Server(delay=0.02) as server:
        editor.to(server)
        sender = editor.sending(server, 5)
        sender.kill()
        sender.communicate()
        later = datetime.now(UTC) + timedelta(hours=1)
        with wiring.people(editor.workspace) as connection, transaction(connection):
            connection.execute(
                "UPDATE deliveries SET state = 'deferred', attempts = 3, due = ? WHERE state <> 'accepted'",
                (stamp(later),),
            )
        code, _, told = editor("send", SLUG, "--yes")
    assert code == 6
    when = terminal.clock(later, editor.workspace.settings.letter.timezone)
    assert f"The next deferred reader is tried at {when}.\n" in told
    assert f"the next deferred reader is tried at {when}\n" in editor("status", SLUG)[1]


def test_who_watches_a_send_that_was_interrupted_is_told_that_nobody_sends(editor):
    editor.people(400)
    with Server(delay=0.02) as server:
        editor.to(server)
        sender = editor.sending(server, 20)
        sender.kill()
        sender.communicate()
        watch = editor.start("status", "--watch")
        try:
            first, second = watch.stdout.readline(), watch.stdout.readline()
        finally:
            watch.kill()
            watch.communicate()
    told = editor("status")[2]
    assert "is sending" in first
    assert "arrives" not in first
    assert re.search(rf"Send 1 of {SLUG}: \d+ to go: run `newsletter send {SLUG}` again", told)
    assert f"to go: run `newsletter send {SLUG}` again" in second


def test_who_watches_a_file_of_lines_reads_each_once_while_nothing_changes(editor, monkeypatch):
    looks = iter(range(3))

    def sleep(_: float) -> None:
        if next(looks, None) is None:
            raise KeyboardInterrupt

    editor.people(3)
    assert editor("send", SLUG, "--at", "+1d", "--yes")[0] == 0
    monkeypatch.setattr(watching, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    assert editor("status", "--watch")[1].count("is scheduled") == 1
    assert next(looks, None) is None


def test_a_second_sender_is_told_since_when_the_first_is_at_work_on_the_clock_of_the_letter(editor):
    editor.people(400)
    with Server(delay=0.02) as server:
        editor.to(server)
        sender = editor.sending(server, 20)
        code, _, told = editor("send", SLUG, "--yes")
        sender.kill()
        sender.communicate()
    assert code == 75
    zone = datetime.now(editor.workspace.settings.letter.timezone).tzname()
    assert re.search(rf"process {sender.pid}\) has been sending since [-\d]{{10}} [:\d]{{8}} {zone}\b", told)


def test_escapes_in_a_reply_do_not_reach_the_terminal(editor):
    editor.people(1)
    with Server(faults=[Fault("rcpt", "escape")]) as server:
        editor.to(server)
        code, out, err = editor("send", SLUG, "--yes")
        shown = editor("status", "1", "--show", "refused")[1]
        nobody = editor("status", "1", "--show", "uncertain")
    assert code == 6
    assert nobody == (0, "", f"Nobody is uncertain in send 1 of {SLUG}.\n")
    assert "[31mred" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err + shown)


def test_an_issue_may_be_called_by_a_number(editor):
    connection = wiring.opened(editor.workspace)
    readers.add(connection, 1)
    readers.freeze(connection, issue="2025")
    connection.close()
    assert editor.json("status", "2025")[1]["sends"][0]["send"] == 1
    assert editor.json("status", "1")[1]["sends"][0]["issue"] == "2025"
    assert editor("status", "7")[0] == 4
