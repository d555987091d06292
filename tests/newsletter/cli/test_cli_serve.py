"""`newsletter serve` as an operator runs it: where it listens, who else may, how it ends."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from email import message_from_bytes
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from newsletter.cli import wiring
from newsletter.files.workspace import find
from subscribers.model import DeliveryState
from subscribers.store.back import links
from subscribers.store.file.open import transaction
from subscribers.store.ledger import census
from subscribers.store.register import people, subscriptions
from tests import blank, disk, ports, readers
from tests.catcher import running
from tests.smtpserver import Server

PROGRAM = [sys.executable, "-m", "newsletter"]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return blank.letter(tmp_path / "letter").root


def send_to(letter: Path, port: int) -> None:
    settings = letter / "newsletter.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("port = 2525", f"port = {port}"), encoding="utf-8"
    )


@contextmanager
def serving(letter: Path, room: int = 1024) -> Iterator[tuple[str, Path, "subprocess.Popen[bytes]"]]:
    """Run it, with *room* for so many open files."""
    log = letter / "serve.log"
    with log.open("wb") as out:
        command = ["sh", "-c", f'ulimit -n {room} && exec "$@"', "sh", *PROGRAM, "serve", "--port", "0"]
        process = subprocess.Popen(command, cwd=letter, stdout=out, stderr=out)
        try:
            until = time.monotonic() + 90
            while not (found := re.search(r"http://127.0.0.1:\d+", log.read_text())) and time.monotonic() < until:
                assert process.poll() is None, log.read_text()
                time.sleep(0.02)
            assert found
            yield found[0], log, process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def wait_for(condition) -> None:
    until = time.monotonic() + 90
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    assert condition()


def test_it_survives_a_silent_route_and_a_kill_and_loses_no_signup(letter: Path) -> None:
    (port,) = ports.free(1)
    send_to(letter, port)
    post = {"email": "anna@example.org", "lists": ["monthly"]}
    with serving(letter) as (url, log, process):
        assert httpx.post(f"{url}/subscribe", json=post).status_code == 202
        wait_for(lambda: "nothing is lost" in log.read_text())
        assert httpx.get(f"{url}/health").json() == {"status": "ok"}
        assert "anna" not in log.read_text()
        process.kill()
    with running(letter / ".catch", smtp_port=port) as catcher, serving(letter) as (_, log, process):
        wait_for(lambda: catcher.count == 1)
        (mail,) = catcher.mailbox
        assert mail.recipients == ("anna@example.org",)
        source = catcher.mailbox.data(mail.id)
        for header in (b"\r\nAuto-Submitted: auto-generated\r\n", b"\r\nReply-To: editor@example.org\r\n"):
            assert header in source
        assert b"/confirm/" in source
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(15) == 0
        assert "Traceback" not in log.read_text()
        assert log.read_text().endswith("nothing was left half done.\n")


def test_a_mail_program_offers_to_leave_who_is_welcomed_and_not_who_is_asked(letter: Path) -> None:
    """RFC 8058: the address stands in the header, is signed with it, and a POST of the program's own leaves."""
    (port,) = ports.free(1)
    send_to(letter, port)
    key = subprocess.run([*PROGRAM, "dkim", "init"], cwd=letter, check=True, capture_output=True, text=True).stdout
    settings = letter / "newsletter.toml"
    more = f'\n[[list]]\nslug = "quick"\ntitle = "Quick"\nopt_in = "single"\n{key[key.index("[dkim]") :]}'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    with running(letter / ".catch", smtp_port=port) as catcher, serving(letter) as (url, _, _process):
        for name, slug in (("anna", "monthly"), ("bo", "quick")):
            post = {"email": f"{name}@example.org", "lists": [slug]}
            assert httpx.post(f"{url}/subscribe", json=post).status_code == 202
        wait_for(lambda: catcher.count == 2)
        sources = {mail.recipients[0]: catcher.mailbox.data(mail.id) for mail in catcher.mailbox}
        asking, welcome = (message_from_bytes(sources[f"{name}@example.org"]) for name in ("anna", "bo"))
        assert asking["List-Unsubscribe"] is asking["List-Unsubscribe-Post"] is None
        assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        signed = re.search(r"\bh=([^;]*)", welcome["DKIM-Signature"])[1].lower()
        assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(re.split(r"[:\s]+", signed))
        (path,) = re.findall(r"^<http://[^/]+(/unsubscribe/[\w-]+)>$", welcome["List-Unsubscribe"])
        assert httpx.post(f"{url}{path}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with wiring.people(find(letter)) as connection:
        person = people.by_address(connection, "bo@example.org")
        assert [one.status for one in subscriptions.of(connection, person.id)] == ["unsubscribed"]


def test_who_may_open_few_files_lets_the_last_who_comes_in(letter: Path) -> None:
    with serving(letter, room=64) as (url, log, _), ExitStack() as open_ones:
        _, _, place = url.rpartition("/")
        host, port = place.split(":")
        for _ in range(100):
            open_ones.enter_context(socket.create_connection((host, int(port)), 10))
        assert httpx.get(f"{url}/health", timeout=10).status_code == 200
        assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("room", [12, 17, 18, 22])
def test_who_may_open_too_few_files_to_begin_is_told_how_many_it_takes(letter: Path, room: int) -> None:
    command = ["sh", "-c", f'ulimit -n {room} && exec "$@"', "sh", *PROGRAM, "serve", "--port", "0"]
    done = subprocess.run(command, cwd=letter, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: only {room} files may be open at once, and 64 are needed; allow more")
    assert "Warning" not in done.stderr


def test_a_port_in_use_or_another_serve_is_said_clearly(letter: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*PROGRAM, "serve", "--port", port], cwd=letter, capture_output=True, text=True, timeout=30
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: 127.0.0.1:{port}: another program listens on this port; ")
    with serving(letter):
        done = subprocess.run(
            [*PROGRAM, "serve", "--port", "0"], cwd=letter, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 75
        assert "serve.lock: newsletter serve (process " in done.stderr
        assert ") runs already here; end it first\n" in done.stderr


def test_a_log_that_takes_no_more_ends_no_pages(letter: Path) -> None:
    command = [*PROGRAM, "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=letter, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        (url,) = re.findall(r"http://127.0.0.1:\d+", process.stderr.readline())
        process.stderr.close()
        assert httpx.get(f"{url}/subscribe").status_code == 200
        # Its last words, which nobody hears either.
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.parametrize("words", [["serve", "--port", "1"], ["catch", "--port", "1"]])
def test_a_port_that_is_roots_is_said_clearly(letter: Path, words: list[str]) -> None:
    # Root of a view of the system is nobody to its network.
    done = disk.on_a_disk(disk.BARE, "/mnt", *PROGRAM, "--workspace", str(letter), *words)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: 127.0.0.1:1: only root may listen on a port below 1024; choose another")


def test_a_hangup_has_it_read_its_settings_anew_and_wrong_ones_change_nothing(letter: Path) -> None:
    settings = letter / "newsletter.toml"
    before = settings.read_text(encoding="utf-8")
    with serving(letter) as (url, log, process):
        settings.write_text(before + '\n[[list]]\nslug = "fair"\ntitle = "The fair"\n', encoding="utf-8")
        # A web server in front holds a connection for the next who asks, and sends no POST twice.
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=20)) as held:
            held.request("GET", "/health")
            assert held.getresponse().read()
            os.kill(process.pid, signal.SIGHUP)
            wait_for(lambda: "The fair" in httpx.get(f"{url}/subscribe").text)
            post = json.dumps({"email": "anna@example.org", "lists": ["fair"]})
            held.request("POST", "/subscribe", post, {"Content-Type": "application/json"})
            assert held.getresponse().status == 202
        settings.write_text(before + "\nwrong = 1\n", encoding="utf-8")
        os.kill(process.pid, signal.SIGHUP)
        wait_for(lambda: "All goes on as it was read before: newsletter.toml:" in log.read_text())
        assert "The fair" in httpx.get(f"{url}/subscribe").text
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(15) == 0


@pytest.mark.parametrize("place", ["notify", "@newsletter-test-{}"])
def test_it_tells_systemd_that_readers_can_be_served(
    letter: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place.format(os.getpid()) if place.startswith("@") else str(letter / place)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(place.replace("@", "\0", 1) if place.startswith("@") else place)
        systemd.settimeout(90)
        monkeypatch.setenv("NOTIFY_SOCKET", place)
        with serving(letter):
            assert systemd.recv(100) == b"READY=1"


@contextmanager
def held_by_systemd(letter: Path, held: socket.socket) -> Iterator["subprocess.Popen[str]"]:
    """Run it as a systemd that holds its port does (sd_listen_fds(3))."""
    started = f'exec 3<&{held.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
    process = subprocess.Popen(
        ["bash", "-c", started, "bash", *PROGRAM, "serve"], cwd=letter, stderr=subprocess.PIPE, text=True,
        pass_fds=[held.fileno()],
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_who_comes_while_it_is_started_anew_waits_where_systemd_holds_the_port(letter: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        url = "http://{}:{}/health".format(*held.getsockname())
        for _ in range(2):
            with closing(socket.create_connection(held.getsockname(), 60)) as early:
                early.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                with held_by_systemd(letter, held) as process:
                    assert early.recv(100).startswith(b"HTTP/1.1 200")
                    assert httpx.get(url).status_code == 200
                    process.terminate()
                    assert process.wait(30) == 0


def test_a_socket_that_is_no_port_is_refused_in_words(letter: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as held:
        held.bind(str(letter / "held"))
        held.listen()
        with held_by_systemd(letter, held) as process:
            said, code = process.communicate(timeout=60)[1], process.returncode
    assert (said.split(";")[0], code) == ("Error: systemd hands over what is no port", 1)


@pytest.mark.parametrize("when", ["newsletter.web.app", "newsletter.cli.run.shift", "uvicorn"])
def test_a_hangup_before_it_serves_ends_nothing_and_is_heard(letter: Path, when: str) -> None:
    # What takes longest is to load all that serves.
    script = f"""
import os, signal, sys
class Hangup:
    def find_spec(self, name, path, target=None):
        if name == "{when}":
            os.kill(os.getpid(), signal.SIGHUP)
sys.meta_path.insert(0, Hangup())
from newsletter.cli.main import main
sys.argv = ["newsletter", "serve", "--port", "0"]
main()
"""
    # A session of its own has no terminal.
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=letter, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr
    try:
        assert any("are read anew" in line for line in iter(process.stderr.readline, ""))
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_hangup_turns_nobody_away_and_sends_nothing_twice(letter: Path) -> None:
    with Server(delay=0.02) as server:
        send_to(letter, server.port)
        with wiring.people(find(letter)) as connection:
            readers.add(connection, 200)
            assert (
                subprocess.run([*PROGRAM, "send", "0001-hello", "--at", "+1h", "--yes"], cwd=letter).returncode
                == 0
            )
            connection.execute("UPDATE sends SET due = '2026-01-01T00:00:00.000Z'")
            with serving(letter) as (url, log, process):
                for share in (20, 60, 100, 140):
                    wait_for(lambda share=share: len(server.accepted) > share)
                    os.kill(process.pid, signal.SIGHUP)
                    assert [httpx.get(f"{url}/subscribe").status_code for _ in range(5)] == [200] * 5
                wait_for(lambda: "is done" in log.read_text())
            assert census.counts(connection)[DeliveryState.ACCEPTED] == 200
        assert sorted(server.recipients()) == sorted(set(server.recipients()))


def test_it_ends_with_the_terminal_that_it_was_started_from(letter: Path) -> None:
    child, terminal = pty.fork()
    if not child:
        os.chdir(letter)
        os.execv(sys.executable, [*PROGRAM, "serve", "--port", "0"])
    try:
        said = b""
        while b"Ctrl-C ends this." not in said:
            said += os.read(terminal, 1000)
        os.close(terminal)
        wait_for(lambda: os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT))
    finally:
        os.kill(child, signal.SIGKILL)
        assert os.waitpid(child, 0) == (child, 0)


def test_a_broken_style_sheet_is_told_with_its_file(letter: Path) -> None:
    pages = letter / "templates" / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    (pages / "style.css").write_text("{% if %}")
    done = subprocess.run(
        [*PROGRAM, "serve", "--port", "0"], cwd=letter, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert "templates/pages/style.css" in done.stderr
    assert "Traceback" not in done.stderr


def test_clicks_of_the_last_seconds_are_counted_when_it_ends(letter: Path) -> None:
    with wiring.people(find(letter)) as connection:
        readers.add(connection, 1)
        sent = readers.freeze(connection, issue="2025-06")
        with transaction(connection):
            links.keep(connection, sent.id, "en", [links.Kept("a0", 1, "https://harbour.example/a", "")])
        with serving(letter) as (url, _, process):
            agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}
            assert httpx.get(f"{url}/go/a0", headers=agent).status_code == 302
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(15) == 0
        assert [(one.clicks, one.scans) for one in links.totals(connection, "2025-06")] == [(1, 0)]
