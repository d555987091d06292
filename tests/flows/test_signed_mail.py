"""A letter goes through a real Postfix into a mailbox: what lies there still verifies, and is what was meant."""

import email
import email.policy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dkim as peer
import pytest

from newsletter.cli import wiring
from newsletter.mail import verp
from tests import postfix
from tests.dnsserver import quoted
from tests.editor import SLUG, Editor

pytestmark = [pytest.mark.postfix, pytest.mark.opendkim]

ROOT = Path(__file__).parents[2]
READERS = [f"reader{number}@example.org" for number in range(1, 6)]
ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Language",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Archive", "Feedback-ID",
    "Return-Path",
)  # fmt: skip


@pytest.fixture
def arrived(tmp_path, capfd):
    """Send to five readers with a key of our own. Yield the letter, what lies in the mailboxes, and the record."""
    with postfix.delivering(READERS, {}) as mail:
        editor = Editor(tmp_path, capfd)
        editor.people(len(READERS))
        _, out, _ = editor("dkim", "init")
        path = editor.root / "newsletter.toml"
        text = path.read_text().replace("port = 2525", f"port = {mail.port}")
        path.write_text(f"{text}\n{out[out.index('[dkim]') :]}")
        editor.workspace = type(editor.workspace)(editor.root)
        assert editor("send", SLUG, "--yes")[0] == 0
        mail.idle()
        files = [mail.letters(address) for address in READERS]
        assert [len(each) for each in files] == [1] * len(READERS)
        yield (
            editor,
            [each[0].read_bytes() for each in files],
            "".join(re.findall(r'"([^"]*)"', out.split("\n\n")[0])),
        )


def test_what_arrives_is_in_order_and_verifies_in_two_programs(arrived, tmp_path):
    editor, messages, record = arrived
    ring = wiring.ring(editor.workspace)
    for data in messages:
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert not any(part.defects for part in message.walk())
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert data.isascii()
        assert verp.read(message["Return-Path"].strip("<>").partition("@")[0], ring.derive(verp.PURPOSE))
        assert peer.DKIM(data).verify(dnsfunc=lambda name, timeout=5: record.encode())
    assert len({re.search(rb"\nMessage-ID: (\S+)", data)[1] for data in messages}) == len(messages)
    assert judged(tmp_path, messages, record) == ["0"] * len(messages)
    forged = [b"List-Unsubscribe: <https://evil.example/>\n" + messages[0]]
    assert judged(tmp_path, forged, record) != ["0"]


def judged(folder, messages, record):
    """Return the exit code of opendkim-testmsg for each message, in a network where our DNS server is asked."""
    (folder / "records.json").write_text(
        json.dumps([["news._domainkey.example.org", "TXT", [quoted(record)]]]), encoding="utf-8"
    )
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    for number, data in enumerate(messages):
        (folder / f"{number}.eml").write_bytes(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    testmsg = shutil.which("opendkim-testmsg") or "/usr/sbin/opendkim-testmsg"
    each = "\n".join(f"{testmsg} -C < {folder}/{number}.eml; echo $?" for number in range(len(messages)))
    script = f"""
        ip link set lo up
        mount --bind {folder}/resolv.conf /etc/resolv.conf
        {sys.executable} -m tests.dnsserver {folder}/records.json > {folder}/dns &
        until grep -q ready {folder}/dns; do sleep 0.05; done
        {each}
        kill $!
    """
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if re.fullmatch(r"\d+", line)]
