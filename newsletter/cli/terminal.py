"""How commands speak: data to stdout, talk to stderr, control characters never to a terminal."""

import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import wraps
from itertools import zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
from rich.cells import cell_len

from newsletter.errors import RefusedError, UsageError
from newsletter.files import workspace

if TYPE_CHECKING:
    from rich.console import Console

P = ParamSpec("P")
Command = TypeVar("Command", bound=Callable[..., Any])

#: Ends a command that found something wrong in what it looked at.
FINDINGS = 3

#: What stands between two columns of a table, and the width below which no column is pressed.
GAP = "  "
#: How wide a table of rich is in a file.
WIDE = 160
#: How tall rich is told that a terminal is: only if it is told both does it believe how wide a dumb one is.
TALL = 25
NARROW = 12


def json_option(command: Command) -> Command:
    """Add ``--json`` as the parameter *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")(command)


def reporting(command: Callable[Concatenate[workspace.Workspace, P], None]) -> Callable[P, None]:
    """Add ``--json`` as the parameter *as_json*, and give the workspace as the first. It raises as `here`."""

    @wraps(command)
    def called(*args: P.args, **asked: P.kwargs) -> None:
        command(here(click.get_current_context()), *args, **asked)

    return json_option(called)


def here(context: click.Context) -> workspace.Workspace:
    """Return the workspace that the command is about. Raise NotFoundError."""
    return workspace.find(Path(context.find_root().obj or "."))


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def day(moment: datetime, zone: tzinfo) -> str:
    """Return the day of *moment* where the letter lives."""
    return f"{moment.astimezone(zone):%Y-%m-%d}"


def clock(moment: datetime, zone: tzinfo) -> str:
    """Return *moment* on the letter's clock."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def emit(document: object) -> None:
    """Print *document* as JSON; times as ISO 8601, and signs that the terminal's encoding may lack as escapes."""
    click.echo(_spelt(document))


def _spelt(document: object) -> str:
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(document, ensure_ascii=plain, indent=2, default=_text)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def emit_each(name: str, documents: Iterable[object], last: Callable[[int], Mapping[str, object]]) -> None:
    """Print the *documents* under *name* as `emit` does, one by one, and what is *last* after so many of them."""
    shown = 0
    click.echo(f"{{\n  {_spelt(name)}: [", nl=False)
    for document in documents:
        click.echo(("," if shown else "") + "\n" + textwrap.indent(_spelt(document), "    "), nl=False)
        shown += 1
    click.echo("\n  ]" if shown else "]", nl=False)
    click.echo("," + _spelt(last(shown)).removeprefix("{"))


def say(text: str, hang: int | None = None) -> None:
    """Tell the person at the terminal, not the program that reads our output. *hang* as in `fold`.

    That nobody can hear it, as where a log has no room, is no reason to stop in the middle of anything.
    """
    with suppress(OSError):
        click.echo(fold(plain(text), columns(sys.stderr), hang), err=True)


def show(text: str, hang: int | None = None) -> None:
    """Print data for people. *hang* as in `fold`."""
    click.echo(fold(plain(text), columns(sys.stdout), hang))


def console(wide: int | None = None) -> "Console":
    """Return what rich draws data on: as wide as the terminal, *wide* in a file (None: as rich has it, 80)."""
    from rich.console import Console

    no_color = bool(os.environ.get("NO_COLOR"))
    width = columns(sys.stdout) or wide
    return Console(width=width, height=TALL if width else None, no_color=no_color, highlight=False)


def what_next(*steps: tuple[str, str]) -> None:
    """Name the commands that may follow, each with its purpose."""
    widest = max(len(command) for command, _ in steps)
    say("\nWhat next:")
    for command, purpose in steps:
        say(f"  {command:<{widest}}  {purpose}".rstrip(), hang=widest + 4)


def counted(number: int, noun: str) -> str:
    """Return ``1 reader`` or ``1,000 readers``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def speed(rate: float) -> str:
    """Return *rate*, in messages a second, in words: by the minute, or the hour, where it is less than one."""
    for seconds, period in ((1, "a second"), (60, "a minute")):
        if rate * seconds >= 1 or not rate:
            return f"{rate * seconds:,.0f} {period}"
    return f"{rate * 3600:,.0f} an hour"


def columns(stream: IO[str]) -> int:
    """Return how wide the terminal behind *stream* is, 0 if it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0


def fold(text: str, width: int, hang: int | None = None) -> str:
    """Break lines that are wider than *width* (0: none is) between words, never within a `command`.

    What is broken off begins under the line's first word, or *hang* columns from the left.
    """
    return "\n".join(
        line if not 0 < width < len(line) else _broken(line, width, hang) for line in text.split("\n")
    )


def _broken(line: str, width: int, hang: int | None) -> str:
    indent = " " * (len(line) - len(line.lstrip()) if hang is None else hang)
    # A command that is broken cannot be copied.
    whole = re.sub(r"`[^`]*`", lambda command: command[0].replace(" ", "\0"), line)
    parts = textwrap.wrap(whole, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(parts).replace("\0", " ")


def plain(text: str) -> str:
    """Return *text* with control and direction characters shown as escapes: it may come from a stranger."""
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def confirm(question: str, nothing: str, yes: bool) -> None:
    """Ask, unless *yes*. *nothing* says what then did not happen, such as "nothing was sent".

    Raise UsageError where nobody can answer, RefusedError for a no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{nothing}: nobody is here to ask", remedy="add --yes")
    if not click.confirm(plain(question), default=False, err=True):
        raise RefusedError(f"{nothing}, as you said")


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under their heads; numbers to the right, long texts folded to the room there is.

    Where the terminal is too narrow for that, each row is told by lines of its own.
    """
    lines = [[plain(str(value)) for value in row] for row in rows]
    numbers = [_figures(column) for column in zip(*lines, strict=True)]
    room = columns(sys.stdout)
    widths = _widths([head, *lines], room)
    if any(head) and room and sum(widths) + len(GAP) * (len(widths) - 1) > room:
        for number, line in enumerate(lines):
            if number:
                click.echo()
            table(("", ""), zip(head, line, strict=True))
        return
    if any(head):
        click.echo(click.style(_row(head, widths, numbers or [False] * len(head)), bold=True))
    for line in lines:
        folded = [_folded(cell, width) for cell, width in zip(line, widths, strict=True)]
        for parts in zip_longest(*folded, fillvalue=""):
            click.echo(_row(parts, widths, numbers))


def _folded(cell: str, width: int) -> list[str]:
    """Return the lines of a cell. Most fit, which is seen sooner than it is tried."""
    return [cell] if len(cell) <= width and cell.isprintable() else textwrap.wrap(cell, width) or [""]


def _figures(column: Sequence[str]) -> bool:
    """Return whether a column has figures, and nothing else but gaps."""
    filled = [cell for cell in column if cell not in {"", "-"}]
    return bool(filled) and all(re.fullmatch(r"\d[\d,]*(?:\.\d+)?(?: %)?", cell) for cell in filled)


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide each column may be; the widest gives way until all fit into *room* (0: no limit)."""
    widths = [max(1, *map(cell_len, column)) for column in zip(*lines, strict=True)]
    while room and sum(widths) + len(GAP) * (len(widths) - 1) > room and max(widths) > NARROW:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(cells: Iterable[str], widths: Iterable[int], numbers: Iterable[bool]) -> str:
    padded = []
    for cell, width, number in zip(cells, widths, numbers, strict=True):
        room = " " * (width - cell_len(cell))
        padded.append(room + cell if number else cell + room)
    return GAP.join(padded).rstrip()
