"""When a send ends, its editor hears of it as the settings say, and nothing of that harms the send."""

import http.server
import json
import sys
import threading
from collections.abc import Sequence

import pytest

from newsletter.cli import wiring
from tests import blank, readers
from tests.roll import caller
from tests.shell import ended
from tests.smtpserver import Fault, Server


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def room():
    """A web address that keeps what it is given."""
    heard = []

    class Room(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204 if "closed" not in self.path else 500)
            self.end_headers()

        def log_message(self, *words):
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Room)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made, heard
    made.shutdown()
    made.server_close()


@pytest.fixture
def send(tmp_path, server, capfd):
    """Send the sample issue to two readers, with these settings in [feedback]."""

    def call(*settings: str, code: int = 0, flags: Sequence[str] = ()) -> str:
        made = blank.letter(tmp_path / "letter")
        path = made.root / "newsletter.toml"
        text = path.read_text(encoding="utf-8").replace("port = 2525", f"port = {server.port}")
        path.write_text("\n".join([text, "[feedback]", *settings, ""]), encoding="utf-8")
        with wiring.people(made) as connection:
            readers.add(connection, 2, language=lambda number: "en")
        return caller(made.root, capfd)("send", "0001-hello", "--yes", "--force", "a test", *flags, code=code)

    return call


def test_an_editor_hears_by_mail_web_and_program_that_a_send_is_done(send, server, room, tmp_path) -> None:
    made, heard = room
    program = tmp_path / "hear.py"
    program.write_text(
        "import os, sys\nopen(sys.argv[1], 'w').write(sys.stdin.read() + str('NEWSLETTER_X' in os.environ))\n"
    )
    send(
        'notify = "editor@example.org"',
        f'webhook = "http://127.0.0.1:{made.server_port}/room"',
        f'exec = "{sys.executable} {program} {tmp_path / "heard"}"',
    )
    mail = next(one for one in server.accepted if one.recipient == "editor@example.org")
    assert b"Subject: 0001-hello is done" in mail.data
    assert b"Auto-Submitted: auto-generated" in mail.data
    assert [one["event"] for one in heard] == ["done"]
    assert heard[0]["states"]["accepted"] == 2
    said = (tmp_path / "heard").read_text()
    assert json.loads(said.removesuffix("False"))["issue"] == "0001-hello"
    assert sum("@example.org" in one.recipient for one in server.accepted) == 3


def test_whoever_sends_may_name_a_program_for_this_send(send, tmp_path) -> None:
    program = tmp_path / "hear.py"
    program.write_text("import sys\nopen(sys.argv[1], 'w').write(sys.stdin.read())\n")
    send("soft = 3", flags=["--exec", f"{sys.executable} {program} {tmp_path / 'heard'}"])
    heard = json.loads((tmp_path / "heard").read_text())
    assert (heard["event"], heard["states"]["accepted"]) == ("done", 2)


def test_a_program_that_fails_is_told_of_and_the_send_stands(send) -> None:
    told = send("soft = 3", flags=["--exec", "/nowhere/at-all"])
    assert "2 accepted of 2 readers" in told
    assert told.count("The editor was not told: [Errno 2]") == 1


def test_a_program_is_not_named_for_a_send_that_another_process_begins(send, server) -> None:
    told = send("soft = 3", flags=["--at", "+2h", "--exec", "true"], code=2)
    assert "set exec in [feedback]" in told
    assert server.accepted == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/closed", "http://127.0.0.1:1/closed", "http://ö..example/closed"]
)
def test_what_cannot_be_told_harms_nothing_and_gives_no_secret_away(send, server, room, url) -> None:
    made, _ = room
    told = send(f'webhook = "{url.format(made.server_port)}"', 'exec = "/nowhere/at-all"')
    assert "2 accepted of 2 readers" in told
    assert told.count("The editor was not told") == 2
    assert "[feedback] webhook" in told
    assert "closed" not in told
    assert "Traceback" not in told


def test_an_editor_hears_that_a_send_is_paused(send, server) -> None:
    server.faults.append(Fault("rcpt", "571", times=1))
    send('notify = "editor@example.org"', code=1)
    mail = next(one for one in server.accepted if one.recipient == "editor@example.org")
    assert b"needs you: it is paused" in mail.data


def test_who_was_refused_for_good_is_not_written_to_again(send, server, tmp_path) -> None:
    server.faults.append(Fault("rcpt", "550", times=1))
    send("soft = 3", code=6)
    with wiring.people(make_again(tmp_path)) as connection:
        rows = connection.execute("SELECT reason, evidence FROM suppressions").fetchall()
    assert [(row["reason"], "by smtp" in row["evidence"]) for row in rows] == [("bounce", True)]


def test_whom_a_server_refused_for_other_causes_is_tried_once_more(send, server, tmp_path) -> None:
    server.faults.append(Fault("rcpt", "554", times=1))
    send("soft = 3", code=6)
    assert ended("--workspace", str(tmp_path / "letter"), "send", "0001-hello", "--to-failed", "--yes") == 0
    assert sorted(one.recipient for one in server.accepted) == ["reader1@example.org", "reader2@example.org"]


def make_again(tmp_path):
    from newsletter.files.workspace import find

    return find(tmp_path / "letter")
