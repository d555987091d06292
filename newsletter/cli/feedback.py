"""`newsletter feedback`: what comes back, understood and, where it is proved to be ours, acted upon."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.cli import terminal
from newsletter.errors import NotFoundError
from newsletter.feedback import classify
from newsletter.model import Feedback

#: The largest message that is read, in bytes; what comes back is a page, with a letter below it at most.
LARGEST = 16_000_000


@click.group()
def feedback() -> None:
    """Read bounces, complaints and answers; show what one message says.

    \b
    Examples:
      newsletter feedback classify bounce.eml
    """


@feedback.command("classify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@terminal.json_option
def classify_files(files: tuple[str, ...], as_json: bool) -> None:
    """Say what messages that came back mean: of which kind, about whom, and why. Changes nothing.

    FILE is a message, a folder of messages, or - for one on standard input. The kind is hard (the address is bad
    for good), soft (full, or only for now), block (it is us whom they refuse), complaint, unsubscribe, auto-reply
    or none.

    \b
    Examples:
      newsletter feedback classify bounce.eml
      newsletter feedback classify ~/Maildir/new --json
    """
    found = [(name, classify(raw)) for name, raw in _messages(files)]
    if as_json:
        terminal.emit({"messages": [{"file": name, **_document(each)} for name, each in found]})
        return
    rows = ((name, one.kind, one.recipient, one.status, one.reason) for name, each in found for one in each)
    terminal.table(("file", "kind", "recipient", "status", "reason"), rows)


def _messages(files: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        if name == "-":
            yield name, sys.stdin.buffer.read(LARGEST)
            continue
        path = Path(name)
        if not path.exists():
            raise NotFoundError("there is no such file", where=name, remedy="look at its path")
        for each in sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]:
            with each.open("rb") as file:
                yield str(each), file.read(LARGEST)


def _document(found: tuple[Feedback, ...]) -> dict[str, object]:
    """Return the first, which asks for the most, and the others beside it where there are any."""
    first = _row(found[0])
    return first if len(found) == 1 else {**first, "recipients": [_row(each) for each in found]}


def _row(one: Feedback) -> dict[str, object]:
    return {
        "kind": one.kind,
        "recipient": one.recipient,
        "status": one.status,
        "reason": one.reason,
        "text": one.text,
    }
