"""`newsletter check`, from the files of a workspace to the exit code."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.look.gating import findings
from newsletter.cli.main import cli
from newsletter.files.shipped import shipped
from newsletter.files.workspace import Workspace
from newsletter.model import Level
from tests.letters import SETTINGS
from tests.shell import ended

ISSUE = """---
subject: June by the harbour
preheader: A new pier, forty boats, and a summer party on the quay
list: monthly
---
Dear {{ name or "reader" }},

::: lead {src="https://tidvatten.se/pier"}
## The new pier is open
Forty boats came on the first day, and more have asked for a berth.

[All about the pier](https://tidvatten.se/pier)
:::

::: cta {href="" label="Book a berth"}
We have three left.
:::
"""
HREF = 'href="https://tidvatten.se/berths"'
MENDED = ISSUE.replace('href=""', HREF)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return the file of an issue, in a workspace."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    path = tmp_path / "issues" / "2025-06" / "issue.md"
    path.parent.mkdir(parents=True)
    path.write_text(MENDED, encoding="utf-8")
    return path


def run(path: Path, *arguments: str) -> int:
    """Run the command on the workspace of *path* and return its exit code."""
    return ended(
        "--workspace", str(path.parents[2]), "check", "--offline", "--no-spam", *(arguments or ("2025-06",))
    )


def check(path: Path) -> list[tuple[str, str]]:
    """Return the findings as pairs of id and place."""
    return [(found.id, found.place) for found in findings(Workspace(path.parents[2]), "2025-06")]


def test_a_mended_issue_ends_with_0(letter, capsys):
    assert run(letter) == 0
    assert "0 errors, 0 warnings: ready to send." in capsys.readouterr().out


def test_without_a_name_the_issue_saved_last_is_checked(letter, capsys):
    newer = letter.parent.parent / "2025-05" / "issue.md"
    newer.parent.mkdir()
    newer.write_text(ISSUE, encoding="utf-8")
    os.utime(letter, (1, 1))
    code = run(letter, "--offline")
    out, err = capsys.readouterr()
    assert (code, err) == (3, "Checking 2025-05, the issue saved last.\n")
    assert "issues/2025-05/issue.md:15: error cta-without-link" in out
    for path in (letter, newer):
        path.unlink()
    assert run(letter, "--offline") == 4
    assert "there is no issue yet" in capsys.readouterr().err


def test_a_call_to_action_without_link_ends_with_3_and_says_where(letter, capsys):
    letter.write_text(ISSUE, encoding="utf-8")
    assert run(letter) == 3
    shown = capsys.readouterr().out
    assert "issues/2025-06/issue.md:15" in shown
    assert '::: cta {href="https://..."}' in shown
    assert "\x1b[" not in shown


@pytest.mark.parametrize(("setting", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_a_terminal_that_wants_them(letter, setting, coloured):
    arguments = ["--workspace", str(letter.parents[2]), "check", "--offline", "--no-spam", "2025-06"]
    shown = CliRunner(env={"NO_COLOR": setting}).invoke(cli, arguments, color=True)
    assert ("\x1b[" in shown.output) is coloured


def test_programs_read_the_findings_as_json(letter, capsys):
    letter.write_text(ISSUE, encoding="utf-8")
    assert run(letter, "2025-06", "--json") == 3
    document = json.loads(capsys.readouterr().out)
    assert document["issue"] == "2025-06"
    (found,) = document["findings"]
    assert set(found) == {"id", "level", "place", "message", "remedy", "source"}
    assert (found["id"], found["level"]) == ("cta-without-link", "error")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('{{ name or "reader" }}', "{{ first name }}", ("leftover-template", "issues/2025-06/issue.md:6")),
        ("](https://tidvatten.se/pier)", "](javascript:alert(1))", ("link-scheme", "issues/2025-06/issue.md:12")),
        ("Forty boats", "Lorem ipsum", ("leftover-lorem", "issues/2025-06/issue.md:10")),
        ("list: monthly", "list: weekly", ("list-unknown", "issues/2025-06/issue.md:4")),
        ("list: monthly", "audience: topics is", ("audience-unreadable", "issues/2025-06/issue.md:4")),
        ("list: monthly", "audience: students", ("segment-unknown", "issues/2025-06/issue.md:4")),
        (HREF, f'{HREF} segment="nobody"', ("segment-unknown", "issues/2025-06/issue.md:15")),
        ("## The new pier", "![Boats](assets/a.jpg)\n## The pier", ("image-missing", "issues/2025-06/issue.md:9")),
        ("Forty boats", "![](https://tidvatten.se/b.jpg) ", ("alt-missing", "issues/2025-06/issue.md:10")),
    ],
)
def test_what_an_editor_can_do_wrong_is_found_on_its_line(letter, old, new, found):
    assert old in MENDED
    letter.write_text(MENDED.replace(old, new), encoding="utf-8")
    assert found in check(letter)


@pytest.mark.parametrize(("name", "missing"), [("assets/a.jpg", 0), ("a.jpg", 1), ("assets/2025/a.jpg", 1)])
def test_a_picture_counts_only_where_readers_can_get_it(letter, name, missing):
    file = letter.parent / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"jpeg")
    text = MENDED.replace("## The new pier", f"![Boats]({name})\n## The pier")
    letter.write_text(text, encoding="utf-8")
    assert [code for code, _ in check(letter)].count("image-missing") == missing


def test_every_twin_is_checked(letter):
    letter.parents[2].joinpath("newsletter.toml").write_text(
        SETTINGS.replace('base_url = "', 'languages = ["en", "sv"]\nbase_url = "'), encoding="utf-8"
    )
    letter.with_name("issue.sv.md").write_text(ISSUE, encoding="utf-8")
    assert check(letter) == [("cta-without-link", "issues/2025-06/issue.sv.md:15")]


def test_an_issue_that_does_not_exist_ends_with_4(letter, capsys):
    assert run(letter, "2031-01") == 4
    assert "Error:" in capsys.readouterr().err


def test_a_file_that_cannot_be_understood_is_a_finding_with_its_line_and_its_twin_is_looked_at(letter):
    letter.parents[2].joinpath("newsletter.toml").write_text(
        SETTINGS.replace('base_url = "', 'languages = ["en", "sv"]\nbase_url = "'), encoding="utf-8"
    )
    letter.write_text(MENDED.replace("subject: June", 'subject: "June'), encoding="utf-8")
    letter.with_name("issue.sv.md").write_text(ISSUE, encoding="utf-8")
    assert check(letter) == [
        ("issue-unreadable", "issues/2025-06/issue.md:2"),
        ("cta-without-link", "issues/2025-06/issue.sv.md:15"),
    ]
    assert run(letter) == 3


@pytest.mark.parametrize("name", ["issue_sv.md", "issue (1).md", "issue.SV.md", "Issue-sv.md", "issue.sv.md.txt"])
def test_a_file_that_is_nearly_a_twin_is_told(letter, name):
    letter.with_name(name).write_text(MENDED, encoding="utf-8")
    letter.with_name("issue.md~").write_text(MENDED, encoding="utf-8")
    assert check(letter) == [("twin-unread", f"issues/2025-06/{name}")]


def test_a_fault_in_the_settings_of_a_theme_is_a_finding_with_its_line(letter):
    own = letter.parents[2] / "templates" / "letter" / "theme.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[colours]\naccnt = "#ff0000"\n', encoding="utf-8")
    assert check(letter) == [("theme-unusable", "templates/letter/theme.toml:2")]
    assert run(letter) == 3


def test_a_fault_in_a_template_is_a_finding_with_its_line(letter):
    own = letter.parents[2] / "templates" / "letter" / "blocks" / "cta.mjml"
    own.parent.mkdir(parents=True)
    own.write_text("<mj-section>\n  <mj-column>\n</mj-section>\n", encoding="utf-8")
    assert check(letter) == [("theme-unusable", "templates/letter/blocks/cta.mjml:3")]
    assert run(letter) == 3


CHOICES = """
{% if city == "Norrvik" %}
We saw [the pier](ftp://tidvatten.se/norrvik).
{% else %}
We were elsewhere. TODO more
{% endif %}

{% if not city %}Where do you live, {{ naem }}? Lorem ipsum dolor{% else %}Good day to {{ city }}.{% endif %}

{% if name == "Anna Åkerlund" %}Hello{% else %}INSERT NAME HERE{% endif %}
"""


def test_words_without_a_translation_are_told_whole_as_a_list_of_words_has_them(letter):
    settings = letter.parents[2] / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace("[letter]", '[letter]\nlanguages = ["is"]'), "utf-8")
    [told] = [one for one in findings(Workspace(letter.parents[2]), "2025-06") if one.id == "words-untranslated"]
    assert told.place == "templates/words/is.po"
    assert 'msgid "You get “%(letter)s” because you subscribe to it." ' in told.remedy
    for words in re.findall(r'msgid "(.*?)"(?: msgid|$)', told.remedy):
        assert f'msgid "{words}"' in (shipped("templates") / "words" / "sv.po").read_text("utf-8")


def test_each_side_of_each_choice_is_looked_at(letter):
    letter.write_text(MENDED + CHOICES, encoding="utf-8")
    start = MENDED.count("\n")
    placed = {(code, int(place.rpartition(":")[2]) - start) for code, place in check(letter) if ":" in place}
    assert placed >= {
        ("link-scheme", 3),
        ("leftover-todo", 5),
        ("leftover-lorem", 8),
        ("leftover-placeholder", 10),
    }


def test_a_missing_theme_is_an_error_and_no_finding(letter, capsys):
    letter.parents[2].joinpath("newsletter.toml").write_text(
        SETTINGS.replace('base_url = "', 'theme = "leter"\nbase_url = "'), encoding="utf-8"
    )
    assert run(letter) == 1
    assert "leter" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["0001-hello", "0002-everything"])
def test_the_sample_issues_are_clean(letter, name):
    root = letter.parents[2]
    shutil.copytree(shipped("issues") / name, root / "issues" / name)
    settings = SETTINGS.replace('base_url = "', 'languages = ["en", "sv"]\nbase_url = "')
    (root / "newsletter.toml").write_text(settings, encoding="utf-8")
    (root / "subscribers").mkdir()
    shutil.copy(shipped("templates") / "workspace" / "segments.toml", root / "subscribers")
    assert findings(Workspace(root), name) == ()


def test_of_the_first_issue_of_a_new_workspace_only_what_is_a_sample_is_told(tmp_path):
    root = tmp_path / "my-letter"
    for arguments in (["init", str(root)], ["--workspace", str(root), "fetch"]):
        assert ended(*arguments) == 0
    ended("--workspace", str(root), "compose", "2025-06")
    assert [found.id for found in findings(Workspace(root), "2025-06")] == ["leftover-sample", "base-url"]


def test_the_real_page_needs_one_link_and_nothing_else(letter, seed_page, capsys):
    root = letter.parents[2]
    (root / "newsletter.toml").write_text(SETTINGS.replace("https://news.tidvatten.se", "http://127.0.0.1:8000"))
    for arguments in (["articles", "add", str(seed_page)], ["compose", "2025-07"]):
        assert ended("--workspace", str(root), *arguments) == 0
    errors = [found for found in findings(Workspace(root), "2025-07") if found.level == Level.ERROR]
    assert [found.id for found in errors] == ["cta-without-link"]
    issue = root / "issues" / "2025-07" / "issue.md"
    text = issue.read_text(encoding="utf-8")
    assert text.splitlines()[int(errors[0].place.rpartition(":")[2]) - 1].startswith("::: cta")
    issue.write_text(text.replace('href=""', 'href="https://flemingsberg.example/station"'), encoding="utf-8")
    capsys.readouterr()
    assert run(letter, "2025-07") == 0
    shown = capsys.readouterr().out
    assert "0 errors" in shown
    assert {"glued-sentence", "accent-apostrophe"} <= set(re.findall(r"[a-z-]+", shown))


def test_a_check_offline_loads_nothing_for_the_web_or_for_new_databases(letter: Path) -> None:
    program = (
        "import sys\nfrom newsletter.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('requests.api', 'urllib3', 'sqlite_utils', 'httpx') if name in sys.modules])\n"
    )
    arguments = ["--workspace", str(letter.parents[2]), "check", "2025-06", "--offline", "--no-spam"]
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "warnings: ready to send." in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_library_that_waits_is_whole_for_who_uses_it() -> None:
    program = (
        "import sys\nfrom newsletter.cli import later\nlater.load('requests')\nimport requests\n"
        "before = 'requests.api' in sys.modules\n"
        "from requests.exceptions import ConnectionError\n"
        "print(before, issubclass(ConnectionError, requests.RequestException))\n"
        "print(sys.modules['requests'].get is requests.get)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_findings_fit_the_terminal_that_they_are_shown_on(letter: Path) -> None:
    letter.write_text(ISSUE.replace("June by the harbour", "June by the harbour " * 4), encoding="utf-8")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    command = [sys.executable, "-m", "newsletter", "--workspace", str(letter.parents[2]), "check", "2025-06"]
    with subprocess.Popen([*command, "--offline", "--no-spam"], stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                # Linux says so when nobody writes any more.
                break
    os.close(ours)
    rows = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert any(row.startswith("issues/2025-06/issue.md:2: warning subject-long: ") for row in rows)
    assert max(map(len, rows)) <= 60
