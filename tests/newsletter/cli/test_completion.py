"""Laws of Tab: what can be named is offered, in each shell, and nothing disturbs the line that is typed."""

import os
import shutil
import subprocess
import sys

import pytest

from newsletter.cli.completion import SHELLS
from tests.editor import SLUG
from tests.smtpserver import Server


def tab(folder, *words, shell="zsh"):
    """Return what a shell is told after *words*, the last of which is being typed."""
    line = " ".join(["newsletter", *words])
    place = words[-1] if shell == "fish" else str(len(words))
    asked = {"_NEWSLETTER_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": place}
    command = [sys.executable, "-c", "from newsletter.cli.main import main; main()"]
    done = subprocess.run(command, cwd=folder, env=os.environ | asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    if shell == "zsh":
        return done.stdout.splitlines()[1::3]
    return [one.partition(",")[2].partition("\t")[0] for one in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["sus"], []),
        (["supp"], ["suppressions"]),
        (["check", "00"], [SLUG]),
        (["send", SLUG, "--list", "mon"], ["monthly"]),
        (["send", SLUG, "--exclude", "sw"], ["swedish"]),
        (["subscribers", "list", "--segment", "bus"], ["business"]),
        (["fetch", "no"], ["notes"]),
        (["help", "comp"], ["compose", "completion"]),
        (["help", "subscribers", "imp"], ["import"]),
        (["themes", "show", "pl"], ["plain"]),
        (["edit", SLUG, "--language", "s"], ["sv"]),
        (["send", SLUG, "--list=mon"], ["--list=monthly"]),
    ],
)
def test_tab_offers_what_the_workspace_has(editor, words, offered):
    assert tab(editor.root, *words) == offered


def test_an_article_is_offered_by_a_word_that_means_it_and_no_other(editor):
    for name in ("one", "two"):
        (editor.root / "articles" / f"{name}.md").write_text(f"# Dates\n\nOf {name} there is much to say here.\n")
    editor("fetch")
    words = tab(editor.root, "articles", "pin", "da")
    assert words == ["dates", "dates-2"]
    assert [editor("articles", "pin", word)[0] for word in words] == [0, 0]


def test_a_send_is_offered_by_its_number_and_its_issue(editor):
    assert tab(editor.root, "status", "") == []
    editor.people(1)
    with Server() as server:
        editor.to(server)
        editor("send", SLUG, "--yes")
    assert tab(editor.root, "status", "") == ["1", SLUG]
    assert tab(editor.root, "report", "") == [SLUG]


def test_tab_is_silent_and_makes_nothing_where_no_workspace_can_be_read(editor, tmp_path):
    editor.workspace.people.unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    for words in (["check", ""], ["status", ""], ["send", "x", "--list", ""]):
        assert tab(empty, *words) == []
    assert list(empty.iterdir()) == []
    assert tab(empty, "--workspace", str(editor.root), "check", "") == [SLUG]
    assert tab(editor.root, "status", "") == []
    assert not editor.workspace.people.exists()
    (editor.root / "newsletter.toml").write_text("[letter")
    assert tab(editor.root, "fetch", "") == []


def test_a_shell_that_splits_at_the_sign_is_told_the_value_alone(editor):
    assert tab(editor.root, "send", SLUG, "--list", "=", "mon", shell="bash") == ["monthly"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_takes_its_script_as_it_starts(editor, tmp_path, shell):
    program = shutil.which(shell)
    if not program and os.environ.get("CI") != "true":
        pytest.skip(f"needs Debian's {shell}")
    script = editor("completion", shell)[1]
    (tmp_path / "script").write_text(script)
    start = {"bash": ["--norc", "-e"], "zsh": ["-f", "-e"], "fish": ["--no-config"]}[shell]
    home = os.environ | {"HOME": str(tmp_path)}
    command = [program, *start, str(tmp_path / "script")]
    done = subprocess.run(command, env=home, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def loads(command: str, *heavy: str) -> set[str]:
    """Return which of the modules *heavy* the command loads before it begins."""
    program = (
        "import sys, click\nfrom newsletter.cli.main import cli\n"
        f"assert cli.get_command(click.Context(cli), {command!r})\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(heavy) & set(done.stdout.split())


@pytest.mark.parametrize("command", ["send", "compose", "pull", "edit", "fetch", "check", "preview"])
def test_tab_loads_no_renderer_no_picker_and_no_mail_client(command):
    assert not loads(command, "jinja2", "asyncio", "sqlite3", "newsletter.render", "newsletter.pick")


@pytest.mark.parametrize("command", ["status", "issues", "articles", "pause", "resolve", "backup", "subscribers"])
def test_a_command_that_looks_or_steers_loads_neither_network_nor_renderer(command):
    assert not loads(command, "asyncio", "ssl", "jinja2", "markdown_it", "babel")
