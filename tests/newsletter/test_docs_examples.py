"""Laws of the examples in the pages: what stands below a command is what the command prints."""

import re
import shlex
import shutil

import pytest

from newsletter.files.shipped import pages
from tests.newsletter.test_docs import ROOT

BOUNCE = """\
From: mailer-daemon@harbour.example
To: bounce@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

<anna@harbour.example>: 550 5.1.1 user unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; harbour.example

Final-Recipient: rfc822; anna@harbour.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b--
"""


def printed(page, command):
    """Return each output that *page* shows below *command*, as an expression: … stands for what is left out."""
    text = pages()[page].read_text(encoding="utf-8")
    found = re.findall(
        rf"^ {{4}}\$ {re.escape(command)}\n((?: {{4}}(?!\$ ).*\n|\n(?= {{4}}))+)", text, re.MULTILINE
    )
    assert found, f"{page} has no example of {command}"
    return [_expression(block) for block in found]


def _expression(block):
    lines = [line.strip() and line[4:] for line in block.splitlines()]
    made = "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in lines)
    return made.replace(r"\n\n", r"\n+")


def assert_same(editor, page, command, which=0):
    """Assert that *command* prints the example of number *which* in *page*."""
    _, out, err = editor(*shlex.split(command)[1:])
    real = "\n".join(line.rstrip() for line in f"{out}\n{err}".splitlines())
    assert re.search(printed(page, command)[which], f"{real}\n"), f"{page}: {command} prints:\n{real}"


@pytest.fixture
def park(editor):
    """The editor of the demo's letter."""
    settings = (ROOT / "templates" / "demo" / "newsletter.toml").read_text(encoding="utf-8")
    (editor.root / "newsletter.toml").write_text(settings.replace("@WEB@", "8000").replace("@SMTP@", "2525"))
    shutil.rmtree(editor.root / "articles")
    shutil.copytree(ROOT / "templates" / "demo" / "articles", editor.root / "articles")
    assert editor("fetch")[0] == 0
    assert editor("articles", "hold", "choir")[0] == 0
    return editor


def test_what_compose_and_pull_say(park):
    orbit = park.root / "articles" / "03-orbit.en.md"
    orbit.write_text(orbit.read_text().replace("The students", "It goes up in June.\n\nThe students"))
    park("fetch")
    assert_same(park, "compose", "newsletter compose 2025-06")
    orbit.write_text(orbit.read_text().replace("in June", "on Thursday at nine"))
    house = park.root / "articles" / "01-harbour-lab.en.md"
    house.write_text(house.read_text().replace("For eleven years", "For twelve years"))
    written = park.root / "issues" / "2025-06" / "issue.md"
    text = written.read_text().replace("in June", "at last")
    written.write_text(re.sub(r'(::: story \{src="\S+kelp\S*")', r"\1 pin", text))
    park("fetch")
    assert_same(park, "compose", "newsletter pull 2025-06")


def test_what_a_look_of_ones_own_says(park):
    park("compose", "2025-06")
    assert_same(park, "look", "newsletter themes copy plain --as ours")
    assert_same(park, "look", "newsletter themes copy letter footer.mjml footer.txt")
    settings, theme = park.root / "newsletter.toml", park.root / "templates" / "ours" / "theme.toml"
    settings.write_text(settings.read_text().replace('theme = "letter"', 'theme = "ours"'))
    shipped = theme.read_text()
    for number, accent in enumerate(('accent = "#ffb000"', 'acent = "#ffb000"'), 1):
        theme.write_text(re.sub(r'# (\[colours\]\n)# accent = "[^"]*"', rf"\1{accent}", shipped))
        assert_same(park, "look", "newsletter check 2025-06", number)


def test_what_a_bounce_is_said_to_be(editor, tmp_path, monkeypatch):
    (tmp_path / "bounce.eml").write_text(BOUNCE)
    monkeypatch.chdir(tmp_path)
    assert_same(editor, "feedback", "newsletter feedback classify bounce.eml")
