"""How commands speak: data to stdout, talk to stderr, control characters never to a terminal."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from newsletter.files import workspace

Command = TypeVar("Command", bound=Callable[..., Any])

#: Ends a command that found something wrong in what it looked at.
FINDINGS = 3


def json_option(command: Command) -> Command:
    """Add ``--json`` as the parameter *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")(command)


def here(context: click.Context) -> workspace.Workspace:
    """Return the workspace that the command is about. Raise NotFoundError."""
    return workspace.find(Path(context.find_root().obj or "."))


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def emit(document: object) -> None:
    """Print *document* as JSON; times as ISO 8601."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def say(text: str) -> None:
    """Tell the person at the terminal, not the program that reads our output."""
    click.echo(plain(text), err=True)


def show(text: str) -> None:
    """Print data for people."""
    click.echo(plain(text))


def plain(text: str) -> str:
    """Return *text* with control and direction characters shown as escapes: it may come from a stranger."""
    return "".join(c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def sure(question: str, yes: bool) -> bool:
    """Ask, unless *yes*. Without a terminal nobody can answer, so the answer is no."""
    if yes:
        return True
    return sys.stdin.isatty() and click.confirm(question, default=False, err=True)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under their heads, as wide as the terminal allows."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    view = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        view.add_column(name, overflow="fold")
    for row in rows:
        view.add_row(*(Text(plain(str(value))) for value in row))
    Console().print(view)


def rows(document: Mapping[str, object], key: str) -> list[dict[str, Any]]:
    """Return the list of rows under *key* in a JSON document of ours."""
    value = document[key]
    return value if isinstance(value, list) else []
