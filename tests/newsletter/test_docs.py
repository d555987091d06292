"""Laws of the documentation at the terminal: what a text of the program names can be opened."""

import ast
import re
from pathlib import Path

import pytest

from newsletter.cli.docs import drawn
from newsletter.files.shipped import pages
from tests.newsletter.cli.test_terminal import shown

ROOT = Path(__file__).parents[2]


def told():
    """Yield what users can meet: the texts of the program but its docstrings, and all of the templates."""
    for path in [*(ROOT / "newsletter").rglob("*.py"), *(ROOT / "subscribers").rglob("*.py")]:
        tree = ast.parse(path.read_text())
        silent = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
            # What a command says of itself is its help.
            and not any("command" in ast.dump(one) for one in getattr(node, "decorator_list", ()))
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
                yield path, node.value
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".toml", ".md", ".html", ".txt", ".mjml", ".po", ".j2"}:
            yield path, path.read_text()


def test_each_page_that_a_text_names_can_be_opened():
    texts = list(told())
    named = [(path, name) for path, text in texts for name in re.findall(r"`newsletter docs (\w+)`", text)]
    assert len(named) > 4
    assert [(path, name) for path, name in named if name not in pages()] == []
    assert [path for path, text in texts if re.search(r"\bdocs/\w+\.md|\bREADME", text)] == []


def test_the_pages_are_listed_with_what_they_tell(editor):
    code, out, _ = editor("docs")
    assert (code, len(out.splitlines())) == (0, len(pages()) + 1)
    assert re.search(r"^findings +Findings: what newsletter check looks for$", out, re.MULTILINE)


@pytest.mark.parametrize("word", ["settings", "docs/settings.md", "Settings"])
def test_a_file_or_a_pipe_gets_a_page_as_it_was_written(editor, word):
    assert editor("docs", word) == (0, pages()["settings"].read_text(), "")


def test_help_opens_the_pages_that_are_no_commands(editor):
    assert editor("help", "settings") == editor("docs", "settings")
    assert editor("help", "send") == editor("send", "--help")


def test_a_mistyped_page_is_told_what_it_may_mean(editor):
    assert editor("docs", "setings") == (1 + 3, "", "Error: there is no page “setings”; did you mean settings?\n")
    assert "the pages are archive, " in editor("docs", "zzz")[2]


@pytest.mark.parametrize("name", pages())
def test_a_terminal_shows_words_and_no_marks_and_what_to_type_for_each_link(name):
    page = pages()[name].read_text()
    narrow, wide = (re.sub(r"\x1b\[[0-9;]*m", "", drawn(page, width)) for width in (60, 1000))
    assert max(map(len, narrow.splitlines())) <= 60
    marks = re.search(r"\]\(\w+\.md|\]\(#|\]\(pictures|^#{2,3} |^\|", narrow + wide, re.MULTILINE)
    assert marks is None, marks
    assert [f"newsletter docs {other})" in wide for other in re.findall(r"\]\((\w+)\.md[)#]", page)].count(
        False
    ) == 0


def test_a_page_is_shown_where_no_pager_can_run(editor, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    lines = shown(editor, 60, "docs archive")
    assert max(map(len, lines)) <= 60
    assert "The archive: what was sent, for everybody" in " ".join(lines)
