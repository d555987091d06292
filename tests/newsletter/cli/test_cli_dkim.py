"""Signing as an operator sets it up: keys made, lines added, and what arrives verifies."""

import asyncio
import re
from pathlib import Path

import dkim as peer
import pytest

from newsletter import message
from newsletter.cli import wiring
from newsletter.cli.send import signing
from newsletter.config import Route
from newsletter.mail import dkim, verp
from newsletter.send.pool import Pool
from tests.editor import SLUG, head
from tests.newsletter.test_message import DATE, HEAD, recipient, rendered
from tests.smtpserver import Server

#: What hid one message in another (CVE-2023-51764 and its relatives): ends of a body that some servers believe.
ENDINGS = (
    *("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n"),
    *("\r\n.\r\n", "\r\n\0.\r\n", "\r\n..\r\n", "\r\n.\r\n.\r\n"),
)
SECOND = "MAIL FROM:<x@bad.example>\r\nRCPT TO:<y@example.org>\r\nDATA\r\nFrom: x@bad.example\r\n\r\nhid\r\n.\r\n"


def verified(data, record):
    return peer.DKIM(data).verify(dnsfunc=lambda name, timeout=5: record.encode())


def add(editor, lines):
    path = editor.root / "newsletter.toml"
    path.write_text(f"{path.read_text()}\n{lines}")


def test_what_a_fresh_key_signs_verifies_at_its_end(editor):
    editor.people(12)
    code, out, err = editor("dkim", "init", "--selector", "news2027")
    assert code == 0
    record, lines = out.split("\n\n", 1)
    assert record.startswith("news2027._domainkey.example.org. IN TXT ")
    assert "Once it answers" in err
    text = "".join(re.findall(r'"([^"]*)"', record))
    add(editor, lines)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        assert editor("test", SLUG, "me@example.org")[0] == 0
    assert len(server.accepted) == 13
    for received in server.accepted:
        assert verified(received.data, text)
        assert "\td=example.org;" in head(received)["DKIM-Signature"]
        assert received.data.count(b"\nList-Unsubscribe:") == 1
    _, shown = editor.json("dkim", "show")
    assert shown["records"][0]["value"] == text


def test_a_key_that_many_receivers_do_not_know_is_not_enough(editor):
    _, out, _ = editor("dkim", "init", "--ed25519")
    lines = out[out.index("[dkim]") :]
    beside, alone = lines, re.sub(r"(?m)^(selector|key_file) .*\n", "", lines).replace("second_", "")
    path = editor.root / "newsletter.toml"
    before = path.read_text()
    for settings, state in ((beside, "ok"), (alone, "warning")):
        path.write_text(f"{before}\n{settings}")
        _, found = editor.json("doctor")
        [check] = [each for each in found["checks"] if each["name"] == "dkim"]
        assert check["state"] == state, check
    assert "Ed25519 key that many receivers do not know" in check["message"]


def test_where_there_is_no_room_no_half_of_a_key_is_left(editor):
    ring = editor.workspace.keys.read_bytes()
    for command in (("dkim", "init"), ("keys", "rotate", "--yes")):
        process = editor.start(*command, room=10)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, "Traceback" in err) == (1, False), err
    assert editor.workspace.keys.read_bytes() == ring
    assert sorted(path.name for path in editor.workspace.keys.parent.glob("*.key*")) == ["secret.key"]
    assert editor("dkim", "init")[0] == editor("keys", "rotate", "--yes")[0] == 0


def test_two_keys_sign_beside_each_other(editor):
    editor.people(1)
    _, out, _ = editor("dkim", "init", "--ed25519")
    add(editor, out[out.index("[dkim]") :])
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    found = re.findall(rb"a=(rsa|ed25519)-sha256;.*?s=([a-z0-9-]+);", server.accepted[0].data, re.DOTALL)
    assert found == [(b"rsa", b"news"), (b"ed25519", b"news-ed25519")]


def test_a_key_that_is_not_in_the_settings_yet_is_shown_with_the_lines_for_them(editor):
    for made in (("--selector", "old"), ("--selector", "news2027", "--ed25519")):
        code, printed, told = editor("dkim", "init", *made)
        assert code == 0
    assert editor("dkim", "show") == (0, printed, told)
    add(editor, printed[printed.index("[dkim]") :])
    shown = editor("dkim", "show")[1]
    assert shown == printed[: printed.index("[dkim]")]


def test_a_key_that_others_can_read_signs_nothing(editor):
    editor.people(1)
    _, out, _ = editor("dkim", "init")
    add(editor, out[out.index("[dkim]") :])
    key = editor.root / "subscribers" / "dkim-news.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o640)
    with Server() as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
    assert (code, server.accepted) == (5, [])
    assert "others can read this key; run: chmod 600" in err
    key.chmod(0o600)
    key.write_text("no key\n")
    assert "no private key in PEM" in editor("dkim", "show")[2]
    key.unlink()
    code, _, err = editor("dkim", "show")
    assert code == 4
    assert "there is no key" in err


def test_no_key_is_ever_replaced(editor):
    assert editor("dkim", "init")[0] == 0
    key = editor.root / "subscribers" / "dkim-news.key"
    before = key.read_bytes()
    code, _, err = editor("dkim", "init", "--ed25519")
    assert code == 5
    assert "there is a key already" in err
    assert key.read_bytes() == before
    assert [path.name for path in Path(key.parent).glob("dkim-*")] == ["dkim-news.key"]
    assert editor("dkim", "init", "--selector", "Ünder")[0] == 2


@pytest.mark.parametrize("ending", ENDINGS, ids=repr)
def test_a_message_that_hides_another_arrives_as_one_and_verifies(ending):
    hidden = f"one{ending}{SECOND}two"
    variant = rendered(subject=hidden, text=hidden, html=f"<p>{hidden}</p>")
    sent = message.compile(variant, HEAD, DATE).fill(recipient(hidden))
    signer = dkim.Signer("example.org", "news", dkim.load(dkim.generate("rsa")))

    async def deliver(port):
        route = Route("r", "127.0.0.1", port, "none", "", "", 1, None)
        courier = signing.sealed(Pool(route), [signer])
        replies = [await courier.deliver(sent, nothing), await courier.deliver(sent, nothing)]
        await courier.close()
        return replies

    async def nothing():
        pass

    with Server() as server:
        replies = asyncio.run(deliver(server.port))
    assert [reply.code for reply in replies] == [250, 250]
    assert server.recipients() == ["asa@example.org"] * 2
    assert all(verified(received.data, dkim.record(signer.key)) for received in server.accepted)
    assert not any(command.upper().endswith("BAD.EXAMPLE>") for command in server.commands)


def test_every_bounce_address_is_in_the_domain_for_bounces_and_says_its_delivery(editor):
    editor.people(3)
    editor.settings(r'theme = "letter"', 'theme = "letter"\nbounce_domain = "Bounces.Example.org"')
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    ring = wiring.ring(editor.workspace)
    parts = [received.sender.split("@") for received in server.accepted]
    assert {domain for _, domain in parts} == {"bounces.example.org"}
    read = {verp.read(local, ring.derive(verp.PURPOSE)) for local, _ in parts}
    with wiring.people(editor.workspace) as connection:
        assert read == {row[0] for row in connection.execute("SELECT id FROM deliveries")}


@pytest.mark.parametrize(
    ("typed", "named"),
    [("räksmörgås.example", "xn--rksmrgs-5wao1o.example"), ("Mail.Example.COM.", "mail.example.com")],
)
def test_a_domain_is_named_as_dns_writes_it(editor, typed, named):
    code, out, _ = editor("dkim", "init", "--domain", typed)
    assert code == 0
    assert out.startswith(f"news._domainkey.{named}. IN TXT")
    assert f'domain = "{named}"' in out


@pytest.mark.parametrize(
    "typed", ["-bad..example", "example", "a b.example", "x@example.org", "https://example.org"]
)
def test_what_is_no_domain_gets_no_key(editor, typed):
    code, _, said = editor("dkim", "init", "--domain", typed)
    assert code == 2
    assert "is no domain; write it as --domain example.org" in said
    assert not list(editor.root.glob("subscribers/dkim*"))
