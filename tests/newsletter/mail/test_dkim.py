"""Signatures: two other programs verify them, and nothing that readers see can be changed or added."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dkim as peer
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import message
from newsletter.mail import dkim
from tests.dnsserver import quoted
from tests.newsletter.mail.test_header import HOSTILE
from tests.newsletter.test_message import DATE, HEAD, fill, recipient, rendered

KEYS = {kind: dkim.load(dkim.generate(kind)) for kind in ("rsa", "ed25519")}
NOW = 1_750_000_000
ROOT = Path(__file__).parents[3]


def published(name, timeout=5):
    """Look a record up as dkimpy wants it."""
    return dkim.record(KEYS[name.decode().partition(".")[0]]).encode()


def verdicts(data, count=2):
    def one(number):
        try:
            return peer.DKIM(data).verify(idx=number, dnsfunc=published)
        except peer.DKIMException:
            return False

    return [one(number) for number in range(count)]


def signed(data=None, body="simple"):
    signers = [dkim.Signer("example.org", kind, key, body) for kind, key in KEYS.items()]
    return dkim.sign(data or fill().data, signers, NOW)


@pytest.mark.parametrize("body", ["simple", "relaxed"])
def test_both_kinds_of_key_verify_elsewhere(body):
    data = signed(body=body)
    assert verdicts(data) == [True, True]
    assert data.endswith(fill().data)
    assert data.count(b"DKIM-Signature:") == 2
    assert b"l=" not in data.partition(b"From:")[0].replace(b"tml=", b"")


@settings(max_examples=60)
@given(HOSTILE, HOSTILE, st.sampled_from(["simple", "relaxed"]))
def test_whatever_a_message_says_its_signature_verifies(text, name, body):
    whole = message.compile(rendered(subject=text, text=text, html=text + "\n \t\n\n"), HEAD, DATE)
    data = dkim.sign(whole.fill(recipient(name)).data, [dkim.Signer("example.org", "rsa", KEYS["rsa"], body)], NOW)
    assert verdicts(data, 1) == [True]


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\r\n\r\n\r\n", b" \r\n", b"\t \r\n \r\n"])
@pytest.mark.parametrize("body", ["simple", "relaxed"])
def test_the_end_of_a_body_is_read_as_others_read_it(ending, body):
    data = b"From: a@example.org\r\nSubject:  two\r\n   lines \r\n\r\nHello  there" + ending
    assert verdicts(signed(data, body)) == [True, True]


@pytest.mark.parametrize("body", ["simple", "relaxed"])
def test_an_empty_body_verifies(body):
    assert verdicts(signed(b"From: a@example.org\r\n\r\n", body)) == [True, True]


@pytest.mark.parametrize("name", dkim.SIGNED)
def test_a_second_field_in_front_breaks_it(name):
    added = f"{name}: <https://evil.example/>\r\n".encode()
    assert verdicts(added + signed()) == [False, False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"asa@example.org", b"eva@example.org"),
        (b"/unsubscribe/t", b"/unsubscribe/u"),
        (b"Avsluta", b"Avbryt!"),
        (b"List-Unsubscribe-Post: ", b"X-Nothing-At-All-Here: "),
        (b"--\r\n", b"--\r\nmore\r\n"),
    ],
)
def test_what_is_changed_breaks_it(old, new):
    data = signed()
    assert old in data
    assert verdicts(data.replace(old, new, 1)) == [False, False]


def test_every_field_of_a_letter_is_signed():
    head, _, _ = fill().data.partition(b"\r\n\r\n")
    names = {name.decode() for name in re.findall(rb"(?m)^([\w-]+):", head)}
    assert names - set(dkim.SIGNED) == set()
    assert {"Feedback-ID", "List-Unsubscribe-Post", "Message-ID", "Date"} <= names


def test_no_line_of_a_signature_is_long_and_none_is_folded_away():
    head = signed().partition(b"From:")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", head)


def test_the_records_fit_into_the_strings_of_dns():
    text = dkim.record(KEYS["rsa"])
    assert text.startswith("v=DKIM1; k=rsa; p=MII")
    parts = dkim.strings(text)
    assert "".join(parts) == text
    assert [len(part) <= 255 for part in parts] == [True, True]
    assert len(base64.b64decode(dkim.record(KEYS["ed25519"]).rpartition("p=")[2])) == 32


def test_weak_and_strange_keys_are_refused():
    weak = rsa.generate_private_key(65537, 1024).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    with pytest.raises(ValueError, match="1024 bits"):
        dkim.load(weak)
    for text in (b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(ValueError, match="no private key"):
            dkim.load(text)
    own = rsa.generate_private_key(65537, 2048)
    sealed = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    with pytest.raises(ValueError, match="the key is encrypted"):
        dkim.load(sealed)
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(ValueError, match="DKIM knows RSA and Ed25519 keys only"):
        dkim.load(other)


@pytest.mark.opendkim
def test_debians_opendkim_verifies_what_we_sign(tmp_path):
    """In a network of its own, where a DNS server of ours may have the port that the resolver asks."""
    record = dkim.record(KEYS["rsa"])
    records = [["rsa._domainkey.example.org", "TXT", [quoted(record)]]]
    (tmp_path / "records.json").write_text(json.dumps(records))
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    data = signed()[: signed().rfind(b"DKIM-Signature")] + fill().data
    (tmp_path / "good.eml").write_bytes(data)
    (tmp_path / "forged.eml").write_bytes(b"List-Unsubscribe: <https://evil.example/>\r\n" + data)
    testmsg = shutil.which("opendkim-testmsg") or "/usr/sbin/opendkim-testmsg"
    script = f"""
        ip link set lo up
        mount --bind {tmp_path}/resolv.conf /etc/resolv.conf
        {sys.executable} -m tests.dnsserver {tmp_path}/records.json > {tmp_path}/dns &
        until grep -q ready {tmp_path}/dns; do sleep 0.05; done
        {testmsg} -C < {tmp_path}/good.eml && echo good verifies
        {testmsg} -C < {tmp_path}/forged.eml || echo forged is refused
        kill $!
    """
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["good verifies", "forged is refused"], done.stderr
