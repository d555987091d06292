"""The whole job on the real page, with the very commands of an editor: from a scraped text to an inbox.

The SMTP server is real, the database is real, and the sender is killed in the middle.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import ports
from tests.shell import Shell

READERS = 400
NAMES = ("Åsa Öberg", "Zoë O'Neil", "李小龙", "", 'Bo "Bosse" Ek', "Émile Ærø")


def newsletter(folder: Path, *words: str, expect: int = 0) -> str:
    """Run a command as a person does, without a terminal; return what it prints."""
    command = [sys.executable, "-m", "newsletter", *words]
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


class Letter:
    """A workspace with a catcher that listens where its route sends to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        smtp, self.web = ports.free(2)
        settings = self.folder / "newsletter.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("port = 2525", f"port = {smtp}"), "utf-8")
        command = [sys.executable, "-m", "newsletter", "catch", "--web-port", str(self.web), "--quiet"]
        self.catcher = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL)

    def run(self, *words: str, expect: int = 0) -> str:
        return newsletter(self.folder, *words, expect=expect)

    def report(self, *words: str, expect: int = 0) -> dict:
        return json.loads(self.run(*words, "--json", expect=expect))

    def caught(self) -> list[dict]:
        """Return what is in the catcher."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.web}/messages.json?limit=10000", timeout=20
        ) as answer:
            return json.load(answer)["messages"]

    def mail(self, number: str) -> tuple[bytes, EmailMessage]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/messages/{number}/raw", timeout=20) as answer:
            raw = answer.read()
        return raw, message_from_bytes(raw, policy=policy.default)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, seed_page: Path) -> Path:
    """The folder of a workspace with an issue of the real page, as it was composed; each test has a copy."""
    folder = tmp_path_factory.mktemp("written")
    newsletter(folder, "init", "my-letter")
    added = json.loads(newsletter(folder / "my-letter", "articles", "add", str(seed_page), "--json"))["articles"]
    assert len(added) == 4
    newsletter(folder / "my-letter", "compose", "2025-06")
    return folder / "my-letter"


@pytest.fixture
def folder(tmp_path: Path, written: Path) -> Path:
    """The folder of a workspace with that issue."""
    return shutil.copytree(written, tmp_path / "my-letter")


@pytest.fixture
def letter(folder: Path) -> Iterator[Letter]:
    letter = Letter(folder)
    yield letter
    letter.catcher.terminate()
    assert letter.catcher.wait(20) == 0


def with_readers(letter: Letter) -> None:
    rows = ["email,name,language,topics"]
    for number in range(READERS):
        name = NAMES[number % len(NAMES)].replace('"', '""')
        rows.append(f'reader{number}@example.org,"{name}",{"sv" if number % 3 else "en"},business')
    rows.append("not an address,,,")
    (letter.folder / "readers.csv").write_text("\n".join(rows), encoding="utf-8")
    consent = "paper form, spring fair 2025"
    done = letter.report("subscribers", "import", "readers.csv", "--list", "monthly", "--consent", consent)
    assert (done["read"], done["added"]) == (READERS + 1, READERS)
    assert [row["line"] for row in done["rejected"]] == [READERS + 2]


def with_issue(letter: Letter) -> None:
    issue = letter.folder / "issues" / "2025-06" / "issue.md"
    text = issue.read_text(encoding="utf-8")
    assert Counter(re.findall(r"^::: (\w+)", text, re.MULTILINE)) == {
        "lead": 1,
        "quote": 2,
        "prose": 1,
        "cta": 1,
        "story": 3,
    }
    findings = letter.report("check", "2025-06", "--no-spam", expect=3)["findings"]
    [error] = [finding for finding in findings if finding["level"] == "error"]
    line = text.splitlines().index(next(row for row in text.splitlines() if row.startswith("::: cta"))) + 1
    assert error["place"] == f"issues/2025-06/issue.md:{line}"
    assert letter.report("send", "2025-06", "--yes", expect=5)["error"]["code"] == "refused"
    issue.write_text(text.replace('href=""', 'href="https://station.example.org/"'), encoding="utf-8")
    findings = letter.report("check", "2025-06")["findings"]
    assert {finding["level"] for finding in findings} == {"warning"}


def test_the_real_page_reaches_every_inbox_once_even_when_the_sender_is_killed(
    letter: Letter, seed_page: Path
) -> None:
    with_issue(letter)
    with_readers(letter)

    command = [sys.executable, "-m", "newsletter", "send", "2025-06", "--list", "monthly", "--yes", "--json"]
    for some in (1, 150):
        sender = subprocess.Popen(command, cwd=letter.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while sender.poll() is None and len(letter.caught()) < some and time.monotonic() < until:
            time.sleep(0.005)
        sender.send_signal(signal.SIGKILL)
        sender.wait()
    done = subprocess.run(command, cwd=letter.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    [send] = json.loads(done.stdout)["sends"]
    states = {state: count for state, count in send["states"].items() if count}
    assert send["audience"] == READERS
    assert sum(states.values()) == READERS
    assert set(states) <= {"accepted", "uncertain"}
    # Two kills, ten connections, one message under way on each.
    assert states.get("uncertain", 0) <= 20
    assert done.returncode == (6 if "uncertain" in states else 0)

    caught = letter.caught()
    once = Counter(message["to"] for message in caught)
    assert set(once.values()) == {1}
    assert states["accepted"] <= len(once) <= READERS
    mails = [letter.mail(message["id"]) for message in caught]
    assert len({mail["Message-ID"] for _, mail in mails}) == len(mails)
    for raw, mail in mails[:: len(mails) // 20]:
        look_at(raw, mail, seed_page)


def look_at(raw: bytes, mail: EmailMessage, page: Path) -> None:
    """Look at one message as its reader's mail program does."""
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    words = " ".join(text.split())
    source = page.read_text(encoding="utf-8")
    for sentence in re.findall(r"(?<=\n-)[^\n]+?(?=, says)", source):
        assert sentence in words, "a quote is missing"
        assert sentence in html
    for name in ("Johan Bornebusch", "Högberg", "Luleå", "Touchdown Novum Labs for Hydromars!", "they´re"):
        assert name in words
        assert name in html
    assert "ATMP Sweden – now also in Flemingsberg!" in words
    assert "Go to Top" not in words + html
    # A token in a link may well hold the last letters of a mark, but never all of one.
    assert not re.search(r"\{\{|\}\}|NL[0-9a-z]+[XC]\d+XNL", html + text)
    unsubscribe = re.search(rb"^List-Unsubscribe: (.*)\r?$", raw, re.MULTILINE)
    assert unsubscribe is not None
    assert re.fullmatch(
        rb"<http://127\.0\.0\.1:8000/unsubscribe/[\w~.-]+>, <mailto:[^>@]+@example\.org[^>]*>\r?", unsubscribe[1]
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert unsubscribe[1].split(b">")[0].removeprefix(b"<").decode() in text
    assert max(len(line) for line in raw.split(b"\n")) <= 998


def test_a_rewritten_block_survives_a_pull_and_one_field_is_one_line(folder: Path, seed_page: Path) -> None:
    issue = folder / "issues" / "2025-06" / "issue.md"
    before = issue.read_text(encoding="utf-8")
    mine = before.replace("Touchdown Novum Labs", "Hello to Novum Labs", 2)
    issue.write_text(mine, encoding="utf-8")
    assert mine != before
    newsletter(folder, "articles", "add", str(seed_page))
    newsletter(folder, "pull", "2025-06")
    assert issue.read_text(encoding="utf-8") == mine


MISTAKES = (
    ("newsletter.toml", r"^theme = .*", "theme = 5", ("check", "2025-06"), 1, r"toml:\d+: theme must be a text"),
    ("issues/2025-06/issue.md", r"^subject: .*", "subject: a: b: c", ("check", "2025-06"), 3, r"issue\.md:2: "),
    ("newsletter.toml", r"^theme = .*", 'theme = "lettre"', ("check", "2025-06"), 1, r"lettre.*letter"),
    ("", "", "", ("subscribers", "count", "--list", "weekly"), 4, r"weekly.*monthly"),
    ("", "", "", ("check", "2031-01"), 4, r"2031-01.*compose"),
    ("", "", "", ("subscribers", "add", "nobody", "--list", "monthly"), 2, r"nobody.: there is no @"),
    ("", "", "", ("subscribers", "count", "--segment", "language ~ 'sv'"), 2, r"\^"),
    ("", "", "", ("articles", "add", "nowhere.txt"), 4, r"nowhere\.txt"),
    ("", "", "", ("compose", "../out"), 2, r"cannot name an issue"),
)


def test_what_goes_wrong_is_told_with_place_and_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    run = Shell(folder, capsys)
    for name, old, new, words, code, message in MISTAKES:
        right = (folder / name).read_text(encoding="utf-8") if name else ""
        if name:
            (folder / name).write_text(re.sub(old, new, right, count=1, flags=re.MULTILINE), encoding="utf-8")
        assert run(*words) == code, (words, run.err)
        assert re.search(message, run.err or run.out), (words, run.err)
        if name:
            (folder / name).write_text(right, encoding="utf-8")
