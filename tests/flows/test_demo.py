"""`newsletter demo`: the whole job on sample content; its counts are true, and nothing of it is left running."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from functools import partial
from itertools import takewhile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from newsletter.cli.main import main
from newsletter.cli.run import demo
from newsletter.cli.run.demo import Stage
from newsletter.cli.send.mailing import Mailer
from newsletter.files.workspace import find
from newsletter.web.pages.archive import Shelf
from subscribers.model import Mail
from subscribers.store.file.open import connect
from subscribers.store.register import people
from tests.effort import ends


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_its_servers_end_with_it(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "letter"
    command = [sys.executable, "-m", "newsletter", "demo", "--keep", str(folder), "--json"]
    # Tests that run in the background may have been told to ignore it, and so would the demo be.
    heard = partial(signal.signal, number, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=heard) as process, ended(process):
        places = up(folder)
        process.send_signal(number)
        assert process.wait(60) == 130
    assert_closed(*places)


def assert_closed(*places: str) -> None:
    for place in places:
        with pytest.raises(URLError, match="refused"):
            urlopen(place)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Wait for no *process* that goes on though the test of it failed."""
    try:
        yield
    finally:
        process.terminate()


def up(folder: Path) -> tuple[str, str]:
    """Wait until both servers of the demo in *folder* answer; return where they are."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError, TypeError):
            inbox = re.search(r"http://\S+(?=/)", (folder / "catch.log").read_text(encoding="utf-8"))[0]
            pages = find(folder).settings.letter.base_url
            for place in (f"{inbox}/messages.json", f"{pages}/health"):
                urlopen(place).close()
            return inbox, pages
        time.sleep(0.05)
    raise AssertionError("its servers did not answer")


def test_the_demo_does_the_whole_job_and_counts_it_and_its_inbox_stays_open(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newsletter", "demo", "--json", "--keep", "park"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, text=True, **pipes) as process, ended(process):
        assert process.stdout
        summary = json.loads("".join(takewhile(lambda line: line != "}\n", process.stdout)) + "}")
        # Somebody reads what came, and then presses Ctrl-C.
        time.sleep(0.5)
        urlopen(summary["inbox"]).close()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert_closed(summary["inbox"], summary["pages"])
    [send] = summary["sends"]
    assert send["audience"] == send["states"]["accepted"] == 1_000
    assert sum(send["states"].values()) == 1_000
    assert summary["caught"] == 1_002
    assert "Traceback" not in said
    assert_the_welcome_mail_leads_to_the_letter(tmp_path / "park", summary["issue"])
    assert "error" not in said.lower().replace("0 errors", "")


def test_once_leaves_no_inbox_open(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The job itself is done above."""
    # Its servers end at the system's signals, and here are none.
    monkeypatch.setattr(demo.signal, "getsignal", lambda number: None)
    monkeypatch.setattr(demo, "build", lambda *where, quiet: Stage(Path(), "", "", quiet))
    monkeypatch.setattr(demo, "play", lambda stage: {"caught": 0})
    with ends(20), pytest.raises(SystemExit) as left:
        main(["demo", "--once", "--json"])
    assert left.value.code == 0
    assert json.loads(capsys.readouterr().out) == {"caught": 0}


def assert_the_welcome_mail_leads_to_the_letter(folder: Path, issue: str) -> None:
    workspace = find(folder)
    with closing(connect(workspace.people)) as connection:
        reader = people.by_address(connection, "newcomer@example.net")
        # A welcome to one list, and one to several.
        mails = [
            Mail(99, "welcome", reader.id, slug, reader.address.typed, "Ny", "sv", 0, reader.joined)
            for slug in ("monthly", "")
        ]
        made = [Mailer(workspace, connection)(mail).data for mail in mails]
        twins = Shelf(workspace.settings, connection).twins(issue)
    link = f"{workspace.settings.letter.base_url}/archive/{issue}?lang=sv"
    for message in (message_from_bytes(each, policy=policy.default) for each in made):
        text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert f"{twins['sv'].subject}\n{link}" in text
        assert link in message.get_body(("html",)).get_content()
