"""Laws of the documentation: every command is in it, every command shows examples, every file it names exists."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsletter.cli import otherwise
from newsletter.cli.main import COMMANDS, cli
from tests import reference
from tests.shell import ended

ROOT = Path(__file__).parents[3]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None, name
        yield name, command
        if isinstance(command, click.Group):
            for sub in command.list_commands(context):
                inner = command.get_command(context, sub)
                assert inner is not None
                yield f"{name} {sub}", inner


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_says_what_it_does_and_shows_examples(name: str, command: click.Command) -> None:
    assert command.help
    if not isinstance(command, click.Group):
        assert f"newsletter {name}" in command.help.partition("Examples:")[2], "no example of its own"
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{option.name} says nothing"


def test_the_reference_says_what_the_commands_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run `make docs`"


@pytest.mark.parametrize(
    ("typed", "wrong", "meant"),
    [
        (["sned"], "sned", "send"),
        (["compse", "2025-06"], "compse", "compose"),
        (["subscribers", "imprt"], "imprt", "import"),
    ],
)
def test_a_mistyped_command_is_told_what_it_may_mean(
    typed: list[str], wrong: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*typed) == 2
    assert f"Error: no such command “{wrong}”; did you mean “" in capsys.readouterr().err
    ended(*typed, "--json")
    hint = json.loads(capsys.readouterr().out)["error"]["hint"]
    assert re.fullmatch(r"did you mean (“\w+”(, )?)+\?", hint)
    assert f"“{meant}”" in hint


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (["fecth"], "did you mean “fetch”, “catch”?"),
        (["stauts"], "did you mean “status”?"),
        (["aprove"], "did you mean “approve”, “resolve”, “archive”?"),
        (["compose", "--lang"], "did you mean “--blank”, “--explain”?"),
    ],
)
def test_what_is_nearest_to_a_mistyped_name_is_told_first(
    typed: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(*typed, "--json")
    assert json.loads(capsys.readouterr().out)["error"]["hint"] == hint


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (["import", "readers.csv"], "did you mean “subscribers import”?"),
        (["publish", "2025-06"], "did you mean “send”?"),
        (["Stats"], "did you mean “report”?"),
        (["subscribers", "delete", "a@b.se"], "did you mean “unsubscribe”, “erase”?"),
        (["send", "2025-06", "--test"], "did you mean “newsletter test”?"),
        (["preview", "2025-06", "--export", "june.html"], "did you mean “--html”?"),
        (["sned"], "did you mean “send”?"),
    ],
)
def test_who_knows_other_programs_is_told_what_is_meant_here(
    typed: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(*typed, "--json")
    assert json.loads(capsys.readouterr().out)["error"]["hint"] == hint


def test_what_is_meant_here_is_there_and_what_is_there_is_not_told_as_something_else() -> None:
    there = {*COMMANDS, *(name for name, _ in commands()), "--version", "docs settings"}
    for group, words in otherwise.COMMANDS.items():
        for typed, meant in words.items():
            assert f"{group} {typed}".strip() not in there
            # What another group has is told with all of its words.
            whole = (one if one.startswith("newsletter ") else f"newsletter {group} {one}" for one in meant)
            assert {" ".join(one.split()[1:]) for one in whole} <= there
    options = {name: {text for one in command.params for text in one.opts} for name, command in commands()}
    for (name, typed), meant in otherwise.OPTIONS.items():
        assert typed not in options[name]
        word = meant.removeprefix("newsletter ").split()[0]
        assert word in COMMANDS or word in options[name]


def test_a_group_alone_shows_what_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("dkim") == 2
    told = capsys.readouterr().err
    assert told.startswith("Usage: newsletter dkim ")
    assert "Commands:\n  init " in told
    assert "Error" not in told


def test_help_answers_without_loading_a_command() -> None:
    program = (
        "import sys\nfrom newsletter.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "ours = [name for name in sys.modules if name.startswith(('newsletter', 'subscribers'))]\n"
        "theirs = {'jinja2', 'mjml', 'premailer', 'sqlite3', 'sqlite_utils', 'rich', 'asyncio', 'httpx'}\n"
        "print(sorted(ours), sorted(theirs & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert "compose" in done.stdout
    assert (
        done.stderr.strip()
        == "['newsletter', 'newsletter.cli', 'newsletter.cli.failing', 'newsletter.cli.main'] []"
    )


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_every_file_that_the_documentation_links_to_exists(page: Path) -> None:
    # What is indented or fenced is an example, not a link of the page.
    fenced = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ {4}.*$", "", fenced.sub("", page.read_text(encoding="utf-8")), flags=re.MULTILINE)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze, of Debian's systemd")
def test_the_service_that_the_documentation_proposes_is_closed_to_what_it_does_not_need(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    [unit] = re.findall(r"^    # /etc/systemd/system/newsletter.service\n((?:(?:    .*)?\n)+)", page, re.MULTILINE)
    file = tmp_path / "newsletter.service"
    file.write_text(re.sub(r"^    ", "", unit, flags=re.MULTILINE))
    # In tenths: what systemd calls OK ends at 4.9, and a service without any such line has 9.2.
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert judged.returncode == 0, judged.stdout[-300:] + judged.stderr
    assert "Unknown" not in judged.stderr


def test_the_changelog_names_the_version() -> None:
    import newsletter

    assert f"## {newsletter.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["subscribers", "themes", "keys"])
def test_a_group_says_whole_what_its_commands_do(name: str) -> None:
    told = CliRunner().invoke(cli, [name, "--help"], terminal_width=60).output
    assert "Commands:" in told
    assert "..." not in told.partition("Commands:")[2]
