"""Laws of what the pages and the program tell to type: each command and option of it is there."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from newsletter.cli.main import cli
from tests.newsletter.test_docs import ROOT

#: Pages for people; docs/commands.md is made from the commands themselves.
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "commands.md"),
]
#: A line of an example, or code within a sentence.
TYPED = re.compile(r"^ {4}(?:\$ )?(newsletter .*)|`(newsletter [^`]+)`", re.MULTILINE)
#: In a text of the program: code, or all that stands there.
PROPOSED = re.compile(r"`(newsletter [^`,]+)`|\A(newsletter [a-z].*)\Z")


def words(line: str) -> list[str]:
    """Return what a shell gives to the program: no comment, and nothing of a command that follows."""
    lexer = shlex.shlex(re.sub(r"\$\([^)]*\)", "x", line), posix=True, punctuation_chars="&|>")
    lexer.commenters, lexer.whitespace_split = "#", True
    found = list(lexer)
    ends = [number for number, word in enumerate(found) if set(word) <= set("&|>")]
    return found[1 : ends[0] if ends else None]


def parsed(given: list[str]) -> click.Command:
    """Return the command that *given* asks for. Raise UsageError for a command or option that is not there."""
    command, context = cli, click.Context(cli, info_name="newsletter", **cli.context_settings)
    while isinstance(command, click.Group) and given:
        name, found, given = command.resolve_command(context, given)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    values, _, _ = command.make_parser(context).parse_args(list(given))
    for option in command.params:
        value = values.get(option.name)
        if isinstance(option, click.Option) and isinstance(option.type, click.Choice) and value is not None:
            option.type_cast_value(context, value)
    return command


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module, with an X for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.JoinedStr(values=parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in parts)
            case ast.Constant(value=str(text)):
                yield text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_tells_to_type_is_there(page: Path) -> None:
    text, wrong = page.read_text(encoding="utf-8"), []
    for found in TYPED.finditer(text):
        line = (found[1] or found[2]).replace("COMMAND", "send")
        try:
            parsed(words(line))
        except click.UsageError as error:
            wrong.append(f"{page.name}:{text.count(chr(10), 0, found.start()) + 1}: {line}: {error.message}")
    assert wrong == []


def test_what_the_program_proposes_to_type_is_there() -> None:
    seen = 0
    for path in sorted((ROOT / "newsletter").rglob("*.py")):
        for text in texts(path):
            for found in PROPOSED.finditer(text):
                line = found[1] or found[2]
                seen += 1
                try:
                    parsed(words(line))
                except (click.UsageError, ValueError) as error:
                    pytest.fail(f"{path.relative_to(ROOT)}: {line}: {error}")
    assert seen > 100


@pytest.mark.parametrize(
    "line", ["newsletter sned 2025-06", "newsletter send 2025-06 --to-nwe", "newsletter resolve 1 --as lost"]
)
def test_a_word_that_is_not_there_is_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parsed(words(line))
