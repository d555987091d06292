"""The catcher keeps what it accepts, byte for byte, and shows a stranger's mail without obeying it."""

import asyncio
import gc
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from newsletter.catch.mailbox import Mailbox, field
from newsletter.catch.reading import framed, read
from newsletter.catch.server import LARGEST, Catcher
from newsletter.errors import NewsletterError
from tests.catcher import running
from tests.smtpserver import Server

PLAIN = b"From: Ed <ed@example.org>\r\nSubject: =?utf-8?q?H=C3=A4lsning?=\r\n\r\nHej\r\n"
HTML = (
    b'From: ed@example.org\r\nSubject: Two\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nL\xc3\xa4nk\r\n"
    b"--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html><head></head><p>"
    b"L\xe4nk<script>1</script>\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def one_catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    with running(tmp_path_factory.mktemp("catch")) as started:
        yield started


@pytest.fixture
def catcher(one_catcher: Catcher) -> Catcher:
    one_catcher.mailbox.clear()
    return one_catcher


def deliver(catcher: Catcher, data: bytes = PLAIN, to: str = "anna@example.org", sender: str = "b@example.org"):
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as client:
        return client.sendmail(sender, [to], data, mail_options=["BODY=8BITMIME"])


class Talk:
    """A client that writes exactly what the test says."""

    def __init__(self, catcher: Catcher) -> None:
        self.socket = socket.create_connection(("127.0.0.1", catcher.smtp_port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.reply()

    def reply(self) -> str:
        while (line := self.file.readline()).startswith(b"250-"):
            pass
        return line.decode().strip()

    def say(self, data: bytes) -> str:
        self.socket.sendall(data)
        return self.reply()

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()


def begin(talk: Talk) -> None:
    for line in (b"EHLO x\r\n", b"MAIL FROM:<a@example.org>\r\n", b"RCPT TO:<b@example.org>\r\n"):
        assert talk.say(line).startswith("250")
    assert talk.say(b"DATA\r\n").startswith("354")


def test_a_message_is_on_disk_before_it_is_accepted(catcher: Catcher) -> None:
    with Talk(catcher) as talk:
        begin(talk)
        reply = talk.say(PLAIN + b".\r\n")
        assert reply.startswith("250 2.0.0 caught as ")
        # Another reader of the folder, as after a kill, finds it now.
        again = Mailbox(catcher.mailbox.folder)
        assert [one.id for one in again] == [reply.rpartition(" ")[2]]
        assert again.data(next(iter(again)).id) == PLAIN


BODIES = {
    "empty": b"",
    "a lone dot in the text": b"a\r\n..\r\nb\r\n",
    "dots at line starts": b"..x\r\n...\r\n",
    "bare line feeds": b"a\n.\nb\r\n",
    "bare carriage returns": b"a\r.\rb\r\n",
    "mixed line ends": b"a\r\n.\nb\n.\r\nc\r\n",
    "an empty line, then a dot": b"\r\n..\r\n",
    "a line of 5,000": b"x" * 5000 + b"\r\n",
    "every byte": bytes(set(range(256)) - {10, 13}) + b"\r\n",
}


@pytest.mark.parametrize("size", [1, 3, 4096])
def test_bytes_arrive_as_they_were_sent_in_any_split(catcher: Catcher, size: int) -> None:
    with Talk(catcher) as talk:
        for name, body in BODIES.items():
            begin(talk)
            wire = body + b".\r\n"
            for start in range(0, len(wire), size):
                talk.socket.sendall(wire[start : start + size])
            assert talk.reply().startswith("250"), name
            assert talk.say(b"NOOP\r\n").startswith("250"), name
    # A dot that begins a line is transparency's (RFC 5321 section 4.5.2), and only CRLF makes lines.
    sent = [b"\r\n".join(line.removeprefix(b".") for line in body.split(b"\r\n")) for body in BODIES.values()]
    assert [catcher.mailbox.data(one.id) for one in catcher.mailbox] == sent[::-1]


def test_body_and_next_envelope_may_come_in_one_write(catcher: Catcher) -> None:
    envelope = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
    with Talk(catcher) as talk:
        talk.socket.sendall(b"EHLO x\r\n" + envelope)
        codes = [talk.reply()[:3] for _ in range(4)]
        talk.socket.sendall(PLAIN + b".\r\n" + envelope)
        codes += [talk.reply()[:3] for _ in range(4)]
        talk.socket.sendall(b".\r\nQUIT\r\n")
        codes += [talk.reply()[:3] for _ in range(2)]
    assert codes == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert sorted(one.size for one in catcher.mailbox) == [0, len(PLAIN)]


def test_it_offers_what_a_fast_sender_asks_for(catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as client:
        client.ehlo()
        offered = set(client.esmtp_features)
    assert {"pipelining", "8bitmime", "smtputf8", "size", "enhancedstatuscodes"} <= offered


def test_a_message_over_the_limit_is_refused_and_the_next_one_taken(catcher: Catcher) -> None:
    with Talk(catcher) as talk:
        begin(talk)
        assert talk.say(b"x" * (LARGEST + 10) + b"\r\n.\r\n").startswith("552 5.3.4")
        begin(talk)
        assert talk.say(PLAIN + b".\r\n").startswith("250")
    assert catcher.count == 1


def test_a_message_that_stops_halfway_is_not_kept(catcher: Catcher) -> None:
    with Talk(catcher) as talk:
        begin(talk)
        talk.socket.sendall(PLAIN)
    deliver(catcher, to="after@example.org")
    assert [one.recipients for one in catcher.mailbox] == [("after@example.org",)]


def test_when_the_disk_refuses_the_sender_is_told_to_come_again(catcher: Catcher) -> None:
    tmp = catcher.mailbox.folder / "tmp"
    tmp.rmdir()
    with Talk(catcher) as talk:
        begin(talk)
        assert talk.say(PLAIN + b".\r\n").startswith("452 4.3.1")
    tmp.mkdir()
    assert catcher.count == 0


def test_international_addresses_are_kept(catcher: Catcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as client:
        client.ehlo()
        client.sendmail("b@example.org", ["åsa@exempel.example"], PLAIN, mail_options=["SMTPUTF8"])
    assert next(iter(catcher.mailbox)).recipients == ("åsa@exempel.example",)


def test_what_was_caught_is_there_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        deliver(first)
        kept = list(first.mailbox)
    with running(tmp_path) as second:
        deliver(second, to="later@example.org")
        assert [one.recipients[0] for one in second.mailbox] == ["later@example.org", "anna@example.org"]
        assert list(second.mailbox)[1:] == kept


def test_clearing_removes_our_files_and_no_others(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.keep("a@example.org", ["b@example.org"], PLAIN)
    foreign = tmp_path / "new" / "1700000000.M1P2.host"
    foreign.write_bytes(b"mine")
    assert box.clear() == 1
    assert len(box) == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == [foreign.name]


def test_an_address_cannot_forge_a_line_of_ours(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.keep("a@example.org", ["b@example.org\r\nX-Envelope-To: c@example.org"], PLAIN)
    (one,) = Mailbox(tmp_path)
    assert len(one.recipients) == 1


def test_json_counts_filters_and_pages(catcher: Catcher) -> None:
    for number in range(5):
        deliver(catcher, to=f"r{number}@example.org")
    everything = httpx.get(catcher.url + "messages.json").json()
    assert everything["count"] == 5
    assert [one["to"] for one in everything["messages"]] == [
        f"r{number}@example.org" for number in (4, 3, 2, 1, 0)
    ]
    first = everything["messages"][0]
    assert (first["subject"], first["from"], first["size"]) == ("Hälsning", "Ed <ed@example.org>", len(PLAIN))
    assert httpx.get(catcher.url + f"messages/{first['id']}/raw").content == PLAIN
    page = httpx.get(catcher.url + "messages.json?limit=2&offset=1").json()
    assert [one["to"] for one in page["messages"]] == ["r3@example.org", "r2@example.org"]
    assert httpx.get(catcher.url + "messages.json?to=R2@example.org").json()["count"] == 1
    assert httpx.get(catcher.url + "messages.json?limit=0").json() == {"count": 5, "messages": []}
    assert httpx.get(catcher.url + "messages.json?limit=-1&offset=9999999999999").status_code == 200


def test_the_list_is_paged_and_searched(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    for number in range(401):
        box.keep("a@example.org", [f"r{number}@example.org"], PLAIN)
    with running(tmp_path) as catcher:
        first, last = httpx.get(catcher.url).text, httpx.get(catcher.url + "?page=99").text
        assert first.count("<li>") == 200
        assert last.count("<li>") == 1
        assert "Page 3 of 3" in last
        found = httpx.get(catcher.url, params={"q": "R400@"}).text
        assert found.count("<li>") == 1
        hostile = httpx.get(catcher.url, params={"q": '"><script>1</script>'}).text
        assert "<script>1" not in hostile


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", ""])
def test_a_page_under_another_name_sees_nothing(catcher: Catcher, host: str) -> None:
    deliver(catcher)
    answer = httpx.get(catcher.url + "messages.json", headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert "anna" not in answer.text
    assert httpx.get(f"http://localhost:{catcher.web_port}/").status_code == 200


def test_a_message_is_framed_without_rights(catcher: Catcher) -> None:
    deliver(catcher, HTML)
    id_ = next(iter(catcher.mailbox)).id
    page = httpx.get(catcher.url + f"messages/{id_}")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    frame = httpx.get(catcher.url + f"messages/{id_}/html")
    rules = frame.headers["content-security-policy"]
    assert rules.startswith("sandbox ")
    assert "allow-scripts" not in rules
    assert "default-src 'none'" in rules
    assert "script-src" not in rules
    assert '<head><base target="_blank">' in frame.text
    assert "<p>Länk" in frame.text
    for view, wanted in (
        ("text", "Länk"),
        ("headers", "Subject: Two"),
        ("raw", "boundary="),
        ("phone", "<iframe"),
    ):
        assert wanted in httpx.get(catcher.url + f"messages/{id_}?view={view}").text


def test_an_unknown_message_is_a_page_not_a_fault(catcher: Catcher) -> None:
    for path in (
        "messages/none",
        "messages/none/html",
        "messages/none/raw",
        "messages/..%2f..%2fetc%2fpasswd/raw",
    ):
        assert httpx.get(catcher.url + path).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"Content-Type: text/html; charset=none-such\r\n\r\n\xe5",
        b"Subject",
        HTML[:150],
        b"\r\n" * 50,
        b"Content-Type: text/html; charset=idna\r\n\r\n\xe5",
        b"Content-Type: text/html; charset=punycode\r\n\r\nabc-" + b"99999a" * 300_000,
        b'Content-Type: text/html; charset="x\0y"\r\n\r\n<p>x',
        b"Content-Type: text/html; charset*=undefined''x; charset*0*=y\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n" * 1200,
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1200)),
        b"Content-Type: text/html\r\n\r\n" + b"<head " * 500_000,
    ],
)
def test_broken_messages_are_shown_too(catcher: Catcher, data: bytes) -> None:
    deliver(catcher, data)
    id_ = next(iter(catcher.mailbox)).id
    for view in ("/html", "?view=desktop", "?view=text", "?view=headers", "?view=raw"):
        assert httpx.get(catcher.url + f"messages/{id_}{view}", timeout=60).status_code == 200
    assert httpx.get(catcher.url, timeout=60).status_code == 200


def test_headers_read_folded_and_encoded() -> None:
    head = b"X: 1\r\nSubject: =?utf-8?b?w6U=?=\r\n =?utf-8?b?w6Q=?= end\r\nFrom: =?x-none?q?a?= <a@example.org>"
    assert field(head, b"subject") == "åä end"
    assert field(head, b"from") == "=?x-none?q?a?= <a@example.org>"
    assert field(head, b"to") == ""


def test_parts_are_found_in_any_nesting() -> None:
    mail = b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n' + HTML + b"\r\n--o\r\n"
    mail += (
        b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\nx\r\n--o--\r\n'
    )
    reading = read(mail)
    assert reading.html.startswith("<html>")
    assert reading.text.strip() == "Länk"
    assert reading.files == ("a.pdf",)
    assert framed("<p>no head</p>").startswith("<base ")


def test_a_port_in_use_is_said_clearly(tmp_path: Path) -> None:
    with running(tmp_path / "a") as first, pytest.raises(NewsletterError, match="another program") as caught:
        asyncio.run(Catcher(tmp_path / "b", smtp_port=first.smtp_port).start())
    assert caught.value.where == f"127.0.0.1:{first.smtp_port}"
    assert "--port" in caught.value.remedy


@contextmanager
def catching(folder: Path, *words: str) -> Iterator[dict[str, object]]:
    """Run the command in *folder* and give what it tells of itself; it must end at once, and without a word."""
    command = [sys.executable, "-m", "newsletter", "catch", "--port", "0", "--web-port", "0", "--json", *words]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        told = b""
        while not told.endswith(b"}\n"):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            told += line
        yield json.loads(told)
        os.kill(process.pid, signal.SIGTERM)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_the_command_tells_where_it_is_and_ends_quietly(tmp_path: Path) -> None:
    with catching(tmp_path) as place:
        host, _, port = place["smtp"].partition(":")
        with smtplib.SMTP(host, int(port)) as client:
            client.sendmail("a@example.org", ["b@example.org"], PLAIN)
        assert httpx.get(place["inbox"] + "messages.json").json()["count"] == 1
    assert len(Mailbox(tmp_path / ".catch")) == 1


def test_the_command_keeps_mail_where_it_is_told_until_it_is_to_begin_anew(tmp_path: Path) -> None:
    there = tmp_path / "kept"
    Mailbox(there).keep("a@example.org", ["b@example.org"], PLAIN)
    (there / "new" / "of somebody else").touch()
    with catching(tmp_path, "--dir", str(there)) as place:
        assert (place["folder"], place["count"]) == (str(there), 1)
    with catching(tmp_path, "--dir", str(there), "--clear") as place:
        assert place["count"] == 0
    assert [path.name for path in (there / "new").iterdir()] == ["of somebody else"]
    assert not (tmp_path / ".catch").exists()


@pytest.mark.parametrize("kind", ["catcher", "faulty server"])
def test_who_knocks_while_it_ends_is_sent_away_and_no_connection_is_left_open(tmp_path: Path, kind: str) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(5):
            with ExitStack() as clients:
                with running(tmp_path) if kind == "catcher" else Server() as server:
                    ports = (server.smtp_port, server.web_port) if isinstance(server, Catcher) else (server.port,)
                    knocking = [
                        clients.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                        for port in ports * 5
                    ]
                for client in knocking:
                    assert client.recv(1000) == b"" or client.recv(1) == b""
        gc.collect()
    assert not [str(each.message) for each in told if each.category is ResourceWarning]
