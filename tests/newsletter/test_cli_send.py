"""Sending as an editor does it: real commands, a real server, and a plug that is pulled in the middle."""

import asyncio
import email
import email.policy
import gzip
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import sending, wiring
from newsletter.cli.main import main
from newsletter.files import new
from newsletter.send.lock import hold
from subscribers import token
from subscribers.status import DeliveryState, SendState
from subscribers.store import deliveries, sends
from tests import readers
from tests.smtpserver import Fault, Server

SLUG = "0001-hello"


class Letter:
    """A workspace with readers whose route leads to a server of ours."""

    def __init__(self, folder, capfd):
        self.workspace = new.make(folder / "letter", "Letter")
        self.root = self.workspace.root
        self.capfd = capfd

    def settings(self, old, new):
        path = self.root / "newsletter.toml"
        path.write_text(re.sub(old, new, path.read_text()))
        self.workspace = type(self.workspace)(self.root)

    def to(self, server):
        self.settings(r"port = \d+\ntls", f"port = {server.port}\ntls")

    def people(self, count, first=1):
        connection = wiring.people(self.workspace)
        readers.add(connection, count, first)
        connection.close()

    def __call__(self, *words):
        """Run a command. Return its exit code, its data and its talk."""
        self.capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(self.root), *words])
        shown = self.capfd.readouterr()
        assert "Traceback" not in shown.err
        return left.value.code, shown.out, shown.err

    def json(self, *words):
        code, out, _ = self(*words, "--json")
        return code, json.loads(out)

    def start(self, *words, **options):
        """Start a command in a process of its own."""
        command = [sys.executable, "-m", "newsletter", "--workspace", str(self.root), *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def counts(self, send=1):
        connection = wiring.people(self.workspace)
        try:
            return deliveries.counts(connection, send)
        finally:
            connection.close()

    def agrees(self, server, count):
        connection = wiring.people(self.workspace)
        rows = connection.execute(
            "SELECT s.email, d.state FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
        ).fetchall()
        connection.close()
        taken = server.recipients()
        assert len(taken) == len(set(taken)), "somebody got it twice"
        assert len(rows) == count
        state = {row["email"]: row["state"] for row in rows}
        assert all(state[one] in ("accepted", "uncertain") for one in taken)
        assert {one for one, how in state.items() if how == "accepted"} <= set(taken)
        return set(state.values())


@pytest.fixture
def letter(tmp_path, capfd):
    return Letter(tmp_path, capfd)


def parsed(received):
    return email.message_from_bytes(received.data, policy=email.policy.default)


def test_everybody_gets_their_own_message_in_their_language(letter):
    letter.people(20)
    with Server() as server:
        letter.to(server)
        code, found = letter.json("send", SLUG, "--yes")
    assert code == 0
    (send,) = found["sends"]
    assert (send["send"], send["issue"], send["state"], send["audience"]) == (1, SLUG, "done", 20)
    assert send["states"] == {state.value: 20 if state == "accepted" else 0 for state in DeliveryState}
    assert letter.agrees(server, 20) == {"accepted"}
    ring = wiring.ring(letter.workspace)
    for received in server.accepted:
        message = parsed(received)
        number = int(re.search(r"\d+", received.recipient)[0])
        link = re.match(r"<http://[^/]+/unsubscribe/([\w-]+)>", message["List-Unsubscribe"])[1]
        claim = token.read(ring, token.Purpose.UNSUBSCRIBE, link, datetime.now(UTC))
        assert (claim.subscriber, claim.list) == (number, 1)
        assert message["To"] == f"Reader {number} <{received.recipient}>"
        text, html = (part.get_content() for part in message.iter_parts())
        assert link in text
        assert link in html
        assert "NL" not in re.findall(r"NL[0-9a-f]{12}X", text + html)
        assert received.sender.startswith(f"bounce+{number}-")


def test_an_issue_is_not_sent_twice_and_newcomers_get_it_when_asked(letter):
    letter.people(5)
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes")[0] == 0
        code, found = letter.json("send", SLUG, "--yes")
        assert (code, found["error"]["code"]) == (5, "refused")
        assert "--to-new" in found["error"]["hint"]
        letter.people(3, first=6)
        assert letter("send", SLUG, "--yes")[0] == 5
        assert letter("send", SLUG, "--yes", "--to-new")[0] == 0
        assert letter("send", SLUG, "--yes", "--to-new")[0] == 5
    assert sorted(server.recipients()) == sorted(f"reader{n}@example.org" for n in range(1, 9))


def test_an_error_of_the_gate_refuses_and_a_reason_overrides(letter):
    letter.people(3)
    path = letter.root / "issues" / SLUG / "issue.md"
    path.write_text(re.sub(r"(?m)^subject:.*\n", "", path.read_text()))
    with Server() as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert code == 5
        assert "subject" in err
        assert server.accepted == []
        assert letter("send", SLUG, "--yes", "--force", "the board wants it now")[0] == 0
    _, found = letter.json("status")
    assert found["sends"][0]["forced"] == "the board wants it now"


def test_nobody_is_asked_where_nobody_can_answer(letter):
    letter.people(2)
    code, _, err = letter("send", SLUG)
    assert code == 2
    assert "--yes" in err
    assert letter.json("status")[1]["sends"] == []


def test_a_dry_run_writes_nothing(letter):
    letter.people(4)
    code, found = letter.json("send", SLUG, "--dry-run")
    assert code == 0
    (send,) = found["sends"]
    assert (send["audience"], sum(send["states"].values())) == (4, 4)
    assert send["domains"] == {"example.org": 4}
    assert "would go to 4 readers" in letter("send", SLUG, "--dry-run")[1]
    assert letter.json("status")[1]["sends"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("send", "no-such-issue", "--yes"), 4),
        (("send", SLUG, "--list", "weekly", "--yes"), 4),
        (("send", SLUG, "--segment", "nonsense", "--yes"), 4),
        (("send", SLUG, "--segment", "city = ", "--yes"), 2),
        (("send", SLUG, "--at", "yesterday", "--yes"), 2),
        (("send", "../../etc", "--yes"), 2),
        (("status", "99"), 4),
        (("pause",), 4),
        (("resolve",), 2),
        (("test", SLUG, "no address"), 2),
    ],
)
def test_what_makes_no_sense_is_told(letter, words, code):
    letter.people(1)
    found = letter(*words)
    assert found[0] == code
    assert found[2]


def test_a_segment_and_an_exclusion_choose_the_readers(letter):
    letter.people(10)
    with Server() as server:
        letter.to(server)
        words = ("--segment", "language = 'sv'", "--exclude", "email = 'reader3@example.org'")
        assert letter("send", SLUG, "--yes", *words)[0] == 0
    assert sorted(server.recipients()) == [f"reader{n}@example.org" for n in (1, 5, 7, 9)]


def test_killed_again_and_again_nobody_is_doubled_and_nobody_lost(letter):
    letter.people(900)
    letter.settings("connections = 10", "connections = 4")
    crashes = 0
    with Server(delay=0.002) as server:
        letter.to(server)
        for target in (1, 60, 250, 450, 650):
            process = letter.start("send", SLUG, "--yes")
            while len(server.accepted) < target and process.poll() is None:
                time.sleep(random.random() / 200)
            process.kill()
            process.communicate()
            crashes += process.returncode == -signal.SIGKILL
        code, found = letter.json("send", SLUG, "--yes")
        assert letter.agrees(server, 900) <= {"accepted", "uncertain"}
    states = found["sends"][0]["states"]
    assert crashes >= 4
    assert states["accepted"] + states["uncertain"] == 900
    assert states["uncertain"] <= 4 * crashes
    assert code == (6 if states["uncertain"] else 0)
    if states["uncertain"]:
        assert letter("resolve", "--as", "sent")[0] == 0
        assert letter.counts()[DeliveryState.ACCEPTED] == 900


def test_a_kill_while_it_freezes_leaves_nothing_or_all(letter):
    letter.people(500)
    lock = letter.workspace.people.with_name("sender.lock")
    with Server(delay=0.05) as server:
        letter.to(server)
        for number in range(5):
            process = letter.start("send", SLUG, "--yes")
            while process.poll() is None and not (lock.exists() and lock.read_text()):
                time.sleep(0.001)
            time.sleep(0.02 * number)
            process.kill()
            process.communicate()
            lock.write_text("")
            with closing(wiring.people(letter.workspace)) as connection:
                (made,) = connection.execute("SELECT count(*) FROM sends").fetchone()
                (rows,) = connection.execute("SELECT count(*) FROM deliveries").fetchone()
            assert (made, rows) in ((0, 0), (1, 500))
        server.delay = 0
        assert letter("send", SLUG, "--yes")[0] in (0, 6)
    assert letter.agrees(server, 500) <= {"accepted", "uncertain"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_polite_stop_leaves_no_doubt(letter, number, code):
    letter.people(400)
    with Server(delay=0.01) as server:
        letter.to(server)
        process = letter.start("send", SLUG, "--yes")
        while len(server.accepted) < 20 and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        assert process.returncode == code, err
        assert "Traceback" not in err
        assert "run `newsletter send" in err
        assert letter.agrees(server, 400) == {"accepted", "queued"}
        server.delay = 0
        assert letter("send", SLUG)[0] == 0
    assert len(server.accepted) == 400


def test_who_stops_listening_stops_no_send(letter):
    """`newsletter send 2>&1 | head -1`, or a terminal that was closed."""
    letter.people(200)
    with Server(delay=0.01) as server:
        letter.to(server)
        process = letter.start("send", SLUG, "--yes")
        while len(server.accepted) < 10 and process.poll() is None:
            time.sleep(0.005)
        process.stderr.close()
        process.stdout.close()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        assert letter.agrees(server, 200) == {"accepted", "queued"}, "what was under way came to its end"
        server.delay = 0
        assert letter("send", SLUG)[0] == 0
    assert len(server.accepted) == 200


def test_two_senders_at_once_make_one_send(letter):
    letter.people(300)
    with Server(delay=0.01) as server:
        letter.to(server)
        processes = [letter.start("send", SLUG, "--yes") for _ in range(3)]
        results = [process.communicate(timeout=60) for process in processes]
    codes = sorted(process.returncode for process in processes)
    assert codes[0] == 0
    assert set(codes[1:]) <= {75, 5}, results
    assert letter.agrees(server, 300) == {"accepted"}


def test_the_second_sender_says_who_holds_the_lock(letter):
    letter.people(3)
    with Server() as server:
        letter.to(server)
        with hold(letter.workspace.lock, "newsletter serve", readers.NOW):
            code, found = letter.json("send", SLUG, "--yes")
        assert (code, found["error"]["code"]) == (75, "try-again")
        assert f"newsletter serve (process {os.getpid()})" in found["error"]["message"]
    assert letter.json("status")[1]["sends"] == []


def test_the_status_says_who_is_at_work_and_after_a_kill_what_to_do(letter):
    letter.people(400)
    with Server(delay=0.02) as server:
        letter.to(server)
        process = letter.start("send", SLUG, "--yes")
        while len(server.accepted) < 20 and process.poll() is None:
            time.sleep(0.005)
        assert f"to go: newsletter send {SLUG} (process {process.pid}) is at work." in letter("status", SLUG)[2]
        process.kill()
        process.communicate()
        assert f"to go: run `newsletter send {SLUG}` again" in letter("status", SLUG)[2]


def test_a_pause_from_another_terminal_stops_it_and_resume_goes_on(letter):
    letter.people(1500)
    with Server(delay=0.02) as server:
        letter.to(server)
        process = letter.start("send", SLUG, "--yes")
        while len(server.accepted) < 20 and process.poll() is None:
            time.sleep(0.005)
        assert letter("pause")[0] == 0
        began = time.monotonic()
        _, err = process.communicate(timeout=20)
        assert time.monotonic() - began < 3
        assert process.returncode == 6, err
        assert letter.json("status")[1]["sends"][0]["state"] == "paused"
        server.delay = 0
        assert letter("resume")[0] == 0
        assert letter.agrees(server, 1500) == {"accepted"}


def test_what_is_cancelled_is_never_sent(letter):
    letter.people(3)
    letter.settings("connections = 10", "connections = 1")
    with Server(faults=[Fault("rcpt", "571", times=99)]) as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert code == 1
        assert "5.7.1 we do not like you" in err
        assert "newsletter resume 1" in err
        assert letter.json("status", "1")[1]["sends"][0]["state"] == "paused"
        assert letter("cancel", "--yes")[0] == 0
        assert letter("resume")[0] == 5
    assert letter.counts()[DeliveryState.CANCELLED] == 3
    assert server.accepted == []


def test_refused_readers_are_listed_and_tried_again(letter):
    letter.people(4)
    with Server(faults=[Fault("rcpt", "554", times=2)]) as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert code == 6
        assert "newsletter retry 1" in err
        shown = letter("status", "1", "--show", "refused")[1].splitlines()
        assert len(shown) == 2
        assert all("554 5.3.0 not just now, nor later" in line for line in shown)
        assert letter("retry")[0] == 0
        assert letter.counts()[DeliveryState.QUEUED] == 2
        assert letter("send", SLUG)[0] == 0
        assert letter("send", SLUG, "--to-failed", "--yes")[0] == 5
    assert letter.agrees(server, 4) == {"accepted"}


def test_who_can_never_be_reached_is_not_tried_again(letter):
    letter.people(4)
    with Server(faults=[Fault("rcpt", "550", times=1)]) as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes")[0] == 6
        assert letter("retry")[0] == 0
        assert letter("send", SLUG)[0] == 0
    assert letter.counts()[DeliveryState.SUPPRESSED] == 1
    assert len(server.accepted) == 3


def test_what_is_uncertain_can_be_looked_up_in_the_servers_log_and_settled(letter):
    letter.people(5)
    with Server(faults=[Fault("dot", "vanish", times=2)]) as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert code == 6
        assert "--show uncertain" in err
        _, found = letter.json("status", "1", "--show", "uncertain")
        doubtful = found["sends"][0]["deliveries"]
        assert {one["message_id"] for one in doubtful} <= set(server.ids())
        assert len(doubtful) == 2
        assert letter("resolve", "1", "--as", "sent")[0] == 0
        assert letter("resolve", "1", "--as", "resend")[0] == 5
    assert letter.counts()[DeliveryState.ACCEPTED] == 5
    assert len(server.accepted) == 5


def test_a_mail_log_settles_what_it_proves_and_nothing_else(letter, tmp_path):
    letter.people(6)
    with Server(faults=[Fault("dot", "vanish", times=2), Fault("dot", "drop", times=1)]) as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes")[0] == 6
        _, found = letter.json("status", "1", "--show", "uncertain")
        doubtful = [one["message_id"] for one in found["sends"][0]["deliveries"]]
        log = tmp_path / "mail.log"
        log.write_text(
            "".join(
                f"Jun 12 09:00:01 mx postfix/cleanup[1]: ABCD{number}: message-id={one}\n"
                f"Jun 12 09:00:01 mx postfix/qmgr[2]: ABCD{number}: from=<b@example.org>, nrcpt=1 (queue active)\n"
                for number, one in enumerate(server.ids())
            )
        )
        arrived = set(doubtful) & set(server.ids())
        assert letter("resolve", "1")[0] == 2
        code, _, err = letter("resolve", "1", "--from-log", str(log))
        assert (code, f"took {len(arrived)} messages." in err) == (0, True)
        assert letter.counts()[DeliveryState.UNCERTAIN] == len(doubtful) - len(arrived) == 1
        assert letter("resolve", "1", "--from-log", str(log), "--as", "resend")[0] == 0
        assert letter("send", SLUG)[0] == 0
    assert letter.agrees(server, 6) == {"accepted"}


def test_what_the_log_says_came_back_is_a_bounce_and_ends_the_address(letter, tmp_path):
    letter.people(3)
    with Server(faults=[Fault("dot", "vanish", times=1)]) as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes")[0] == 6
    _, found = letter.json("status", "1", "--show", "uncertain")
    (doubtful,) = found["sends"][0]["deliveries"]
    log = tmp_path / "mail.log.gz"
    head, queue_id = "2025-06-12T09:00:01+02:00 mx postfix", "4C5wXk3Nz9zJpQ"
    said = "host mx[::1] said: 550 5.1.1 no such user (in reply to RCPT TO command)"
    with gzip.open(log, "wt") as file:
        file.write(f"{head}/cleanup[1]: {queue_id}: message-id={doubtful['message_id']}\n")
        file.write(f"{head}/smtp[2]: {queue_id}: to=<{doubtful['email']}>, dsn=5.1.1, status=bounced ({said})\n")
    code, out, err = letter("resolve", "1", "--from-log", str(log))
    assert (code, "took 1 message, and gave back 1 of them since." in err) == (0, True), err
    assert "Nothing is uncertain any more" in err
    assert letter.counts()[DeliveryState.ACCEPTED] == 3
    _, out, _ = letter("explain", doubtful["email"])
    assert "5.1.1" in out
    assert "suppressed" in out
    _, document = letter.json("report", SLUG)
    assert (document["outcome"]["accepted"], document["outcome"]["bounced"]) == (2, 1)


def test_a_send_can_be_watched_and_its_state_read_by_programs(letter):
    letter.people(60)
    with Server(delay=0.02) as server:
        letter.to(server)
        letter.settings("connections = 10", "connections = 2")
        sender = letter.start("send", SLUG, "--yes")
        try:
            while letter.counts()[DeliveryState.ACCEPTED] < 10:
                time.sleep(0.05)
            _, found = letter.json("status", "1")
            watched = letter("status", "--watch")
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
    assert letter("status", "--watch", "--json")[0] == 2


def test_escapes_in_a_reply_do_not_reach_the_terminal(letter):
    letter.people(1)
    with Server(faults=[Fault("rcpt", "escape")]) as server:
        letter.to(server)
        code, out, err = letter("send", SLUG, "--yes")
        shown = letter("status", "1", "--show", "refused")[1]
    assert code == 6
    assert "[31mred" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err + shown)


def test_a_wrong_password_is_told_and_the_send_can_go_on(letter, monkeypatch):
    letter.people(3)
    letter.settings(r"# username = .*", 'username = "news"')
    letter.settings(r"# password_env = .*", 'password_env = "LETTER_PASSWORD"')
    with Server(users={"news": "right"}) as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert (code, "export LETTER_PASSWORD" in err) == (1, True)
        monkeypatch.setenv("LETTER_PASSWORD", "wrong")
        code, _, err = letter("send", SLUG, "--yes")
        assert (code, "LETTER_PASSWORD" in err, "535" in err) == (1, True, True)
        assert letter.counts()[DeliveryState.QUEUED] == 3
        monkeypatch.setenv("LETTER_PASSWORD", "right")
        assert letter("send", SLUG, "--yes")[0] == 0
    assert letter.agrees(server, 3) == {"accepted"}


def test_a_full_disk_is_told_and_nothing_is_lost(letter):
    letter.people(800)
    with Server() as server:
        letter.to(server)
        letter.json("send", SLUG, "--dry-run")
        size = letter.workspace.people.stat().st_size + 400_000

        def full():
            # A file that may not grow is a disk without room, as far as SQLite can tell.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        process = letter.start("send", SLUG, "--yes", preexec_fn=full)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert "Traceback" not in err
        assert "Error: " in err
        assert letter("send", SLUG, "--yes")[0] in (0, 6)
        assert letter.agrees(server, 800) <= {"accepted", "uncertain"}
    assert len(server.accepted) == 800


@pytest.mark.parametrize("command", [("pause",), ("subscribers", "unsubscribe", "reader1@example.org")])
def test_every_command_tells_what_is_wrong_with_the_disk(letter, command):
    letter.people(3)
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--at", "+2h", "--yes")[0] == 0

        def full():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))

        process = letter.start(*command, preexec_fn=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "Traceback" not in err
    assert "nothing is lost" in err


def keep_sending(letter, until, seconds=15, said=None):
    """Do what `serve` does, until *until* holds. Return what it said, which is in *said* meanwhile."""
    said = [] if said is None else said

    async def work():
        stop = asyncio.Event()
        task = asyncio.create_task(sending.keep_sending(letter.workspace, stop, said.append))
        async with asyncio.timeout(seconds):
            while not until():  # noqa: ASYNC110 - the ledger wakes nobody
                await asyncio.sleep(0.05)
        stop.set()
        await task
        return said

    return asyncio.run(work())


def test_a_scheduled_send_starts_when_it_is_due_and_survives_a_restart(letter):
    letter.people(4)
    due = datetime.now(UTC) + timedelta(seconds=2)
    with Server() as server:
        letter.to(server)
        code, found = letter.json("send", SLUG, "--at", due.isoformat(), "--yes")
        assert (code, found["sends"][0]["state"], found["sends"][0]["audience"]) == (0, "scheduled", 0)
        assert letter("send", SLUG, "--yes")[0] == 5
        path = letter.root / "issues" / SLUG / "issue.md"
        path.write_text(path.read_text().replace("first letter", "LATER EDIT"))
        letter.people(2, first=5)
        keep_sending(letter, lambda: True)
        assert server.accepted == []
        said = keep_sending(letter, lambda: letter.json("status")[1]["sends"][0]["state"] == "done")
    assert datetime.now(UTC) >= due
    assert "0001-hello starts" in said[0]
    assert letter.agrees(server, 6) == {"accepted"}
    assert not any(b"LATER EDIT" in received.data for received in server.accepted)


def test_serve_goes_on_with_what_a_killed_sender_left(letter):
    letter.people(300)
    with Server(delay=0.01) as server:
        letter.to(server)
        process = letter.start("send", SLUG, "--yes")
        while len(server.accepted) < 50 and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.communicate()
        server.delay = 0
        said = keep_sending(letter, lambda: letter.json("status")[1]["sends"][0]["state"] == "done")
        letter.agrees(server, 300)
    assert "was interrupted" in said[0]
    assert letter.counts()[DeliveryState.UNCERTAIN] <= 10


def test_serve_waits_for_a_server_that_is_down_and_says_so_once(letter):
    letter.people(2)
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--at", "+5d", "--yes")[0] == 0
    connection = wiring.people(letter.workspace)
    connection.execute("UPDATE sends SET due = '2025-01-01T00:00:00.000Z'")
    said = []
    keep_sending(letter, lambda: len(said) >= 2, said=said)
    assert sends.get(connection, 1).state is SendState.SENDING
    connection.close()
    assert len(said) == 2, said
    assert letter.counts()[DeliveryState.QUEUED] == 2


def test_a_test_mail_is_the_real_message_and_its_links_change_nothing(letter):
    letter.people(1)
    with Server() as server:
        letter.to(server)
        code, found = letter.json("test", SLUG, "reader1@example.org", "me@example.net", "--language", "sv")
    assert code == 0
    assert [one["accepted"] for one in found["tests"]] == [True, True]
    first, second = map(parsed, server.accepted)
    assert first["Subject"].startswith("[test] ")
    assert first["To"] == "Reader 1 <reader1@example.org>"
    assert first["Message-ID"] != second["Message-ID"]
    link = re.search(r"/unsubscribe/([\w-]+)>", second["List-Unsubscribe"])[1]
    claim = token.read(wiring.ring(letter.workspace), token.Purpose.UNSUBSCRIBE, link, datetime.now(UTC))
    assert (claim.subscriber, claim.list) == (0, 0)
    assert letter.json("status")[1]["sends"] == []


def test_a_test_mail_comes_with_each_of_two_subjects(letter):
    path = letter.workspace.issue(SLUG) / "issue.md"
    text = path.read_text(encoding="utf-8")
    assert letter("test", SLUG, "me@example.net", "--subject", "b")[0] == 2
    path.write_text(text.replace("subject:", "subject_b: The other one\nsubject:", 1), encoding="utf-8")
    with Server() as server:
        letter.to(server)
        assert len(letter.json("test", SLUG, "me@example.net")[1]["tests"]) == 2
        assert letter("test", SLUG, "me@example.net", "--subject", "b")[0] == 0
    first, *others = (parsed(one)["Subject"] for one in server.accepted)
    assert first.startswith("[test a] ")
    assert others == ["[test b] The other one"] * 2


def test_a_paused_or_cancelled_schedule_is_never_started(letter):
    letter.people(3)
    with Server() as server:
        letter.to(server)
        for at in ("+1h", "+2h"):
            assert letter("send", SLUG, "--at", at, "--yes")[0] == 0
            assert letter("pause")[0] == 0
            assert letter("send", SLUG, "--yes")[0] == 5, "a paused schedule is not due yet"
            keep_sending(letter, lambda: True)
            assert letter("cancel", "--yes")[0] == 0
    assert server.accepted == []


def test_what_is_wrong_with_one_send_does_not_hold_up_the_others(letter):
    letter.people(2)
    with Server() as server:
        letter.to(server)
        connection = wiring.people(letter.workspace)
        readers.freeze(connection, issue="broken")
        connection.execute("DELETE FROM variants")
        connection.close()
        assert letter("send", SLUG, "--at", "+1h", "--yes")[0] == 0
        connection = wiring.people(letter.workspace)
        connection.execute("UPDATE sends SET due = '2025-07-01T00:00:00.000Z' WHERE id = 2")
        said = keep_sending(letter, lambda: sends.get(connection, 2).state is SendState.DONE)
        connection.close()
    assert len(server.accepted) == 2
    assert any("2 accepted" in line for line in said), said


def test_a_backup_that_was_put_back_sends_to_nobody_before_somebody_looked(letter, tmp_path):
    letter.people(4)
    with Server() as server:
        letter.to(server)
        copy = tmp_path / "copy.db"
        assert letter("backup", str(copy))[0] == 0
        assert letter("send", SLUG, "--yes")[0] == 0
        people = letter.workspace.people
        for path in people.parent.glob("subscribers.db*"):
            path.unlink()
        shutil.copy(copy, people)
        code, _, err = letter("send", SLUG, "--yes")
        assert code == 5
        assert "older than what was sent" in err
        assert "resolve" in err
        assert len(server.accepted) == 4
        letter.workspace.watermark.unlink()
        assert letter("send", SLUG, "--yes")[0] == 0


def test_an_unfinished_send_is_not_taken_for_one_to_another_list(letter):
    letter.people(2)
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--at", "+1h", "--yes")[0] == 0
        code, _, err = letter("send", SLUG, "--list", "weekly", "--yes")
    assert (code, "to the list monthly is not finished" in err) == (5, True)


def test_an_issue_may_be_called_by_a_number(letter):
    connection = wiring.people(letter.workspace)
    readers.add(connection, 1)
    readers.freeze(connection, issue="2025")
    connection.close()
    assert letter.json("status", "2025")[1]["sends"][0]["send"] == 1
    assert letter.json("status", "1")[1]["sends"][0]["issue"] == "2025"
    assert letter("status", "7")[0] == 4
