"""The proof, as it ships and beyond: Debian's smtp-sink with its faults, a real Postfix, many senders at once."""

import email
import email.policy
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress

import pytest

from newsletter.cli.run.proof.audit import Verdict, judge
from subscribers.status import DeliveryState, SendState
from tests import postfix, smtpsink
from tests.editor import SLUG

UNCERTAIN = DeliveryState.UNCERTAIN


def test_the_shipped_proof_finds_nobody_lost_and_nobody_doubled():
    command = [sys.executable, "-m", "newsletter", "demo", "--faults", "--kills", "4", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    found = json.loads(done.stdout)
    assert found["broken"] == []
    assert (done.returncode, found["sound"]) == (0, True)
    total = found["total"]
    assert (total["lost"], total["doubled"], total["denied"]) == (0, 0, 0)
    assert total["uncertain"] <= total["allowed"]
    tried = {one["what"]: one for one in found["faults"]}
    assert set(tried) >= {"at starttls", "at auth", "at dot", "at quit", "the disk is full", "kill -9"}
    assert set(tried) >= {f"the database is held for {seconds} s" for seconds in ("0.1", "5", "60")}
    assert set(tried) >= {f"the clock jumps by {hours} h" for hours in ("+1", "-1", "+24", "-24")}
    assert tried["readers leave while it is sent"]["left"] > 0
    assert tried["no message can be made for a reader"]["refused"] == 8
    assert tried["ten senders at once"]["accepted"] == tried["ten senders at once"]["readers"]


def test_the_verdict_sees_what_is_wrong():
    """A proof that cannot fail proves nothing."""
    accepted, refused = DeliveryState.ACCEPTED, DeliveryState.REFUSED
    assert judge({"a": accepted}, [], 0).lost == 1
    assert judge({"a": DeliveryState.DEFERRED}, [], 0).lost == 1
    assert judge({"a": accepted}, ["a", "a"], 0).doubled == 1
    assert judge({"a": refused}, ["a"], 0).denied == 1
    assert not judge({"a": UNCERTAIN}, ["a"], 0).sound
    assert judge({"a": UNCERTAIN, "b": accepted, "c": refused}, ["b"], 1) == Verdict(3, 1, 1, 1, 0, 0, 0, 1, 0)


@pytest.fixture
def box():
    with smtpsink.box() as folder:
        yield folder


ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Language",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "Feedback-ID",
)  # fmt: skip


@pytest.mark.sink
def test_each_reader_has_one_sound_message_in_postfixs_sink(editor, box):
    editor.people(300)
    with smtpsink.listening("-d", f"{box}/%M.") as port:
        editor.settings(r"port = \d+\ntls", f"port = {port}\ntls")
        assert editor("send", SLUG, "--yes")[0] == 0
        until = time.monotonic() + 10
        while len(os.listdir(box)) < 300 and time.monotonic() < until:
            time.sleep(0.02)
    seen = Counter()
    for path in box.iterdir():
        data = path.read_bytes()
        message = email.message_from_bytes(data, policy=email.policy.default)
        seen[message["To"].addresses[0].addr_spec] += 1
        assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert not any(part.defects for part in message.walk())
        assert max(map(len, data.splitlines())) <= 998
    assert seen == {f"reader{number}@example.org": 1 for number in range(1, 301)}


@pytest.mark.sink
@pytest.mark.parametrize(
    "options",
    [
        *(("-q", verb) for verb in ("ehlo", "rcpt", ".")),
        ("-f", "rcpt"),
        ("-A", "0"),
    ],
    ids=" ".join,
)
def test_smtp_sinks_faults_lose_and_double_nobody(ledger_of, box, options):
    ledger = ledger_of(12)

    class At:
        """What a route asks for."""

    for more in (options, ()):
        with smtpsink.listening("-d", f"{box}/{len(more)}%M.", *more) as At.port:
            with suppress(Exception):
                ledger.run(At, connections=2, patience=0.3, endurance=0.5, outage=0.5)
            with suppress(Exception):
                state = ledger.run(At, connections=2, patience=0.3, endurance=0.5, outage=0.5).state
        if ledger.send_state() is SendState.PAUSED:
            ledger.resume()
    with smtpsink.listening("-d", f"{box}/9%M.") as At.port:
        state = ledger.run(At, connections=2).state
    assert state is SendState.DONE
    arrived = [re.search(rb"(?m)^Message-ID: (\S+)", path.read_bytes())[1].decode() for path in box.iterdir()]
    verdict = judge(ledger.states(), arrived, allowed=12 if "." in options else 0)
    assert verdict.sound, verdict


@pytest.mark.postfix
def test_a_real_postfix_takes_everything_once_though_the_sender_is_killed(editor):
    editor.people(80)
    with postfix.running() as server:
        editor.settings(r"port = \d+\ntls", f"port = {server.port}\ntls")
        for _ in range(2):
            before = len(server.taken())
            sender = editor.start("send", SLUG, "--yes")
            until = time.monotonic() + 30
            while len(server.taken()) == before and sender.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(random.random() * 0.05)
            sender.kill()
            sender.communicate()
        code, _, _ = editor("send", SLUG)
        assert code in (0, 5, 6)
        time.sleep(0.5)
        doubtful = editor.counts()[UNCERTAIN]
        assert doubtful <= 2 * 10
        if doubtful:
            assert editor("resolve", "1", "--from-log", str(server.log), "--as", "resend")[0] == 0
            assert editor("send", SLUG)[0] in (0, 5)
        time.sleep(0.5)
        taken = server.taken()
    assert len(taken) == len(set(taken)) == 80, "the log proved who had it, and the rest was sent again"
    assert editor.counts()[DeliveryState.ACCEPTED] == 80
