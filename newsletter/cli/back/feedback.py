"""`newsletter feedback`: what comes back, understood and, where it is proved to be ours, acted upon."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import click

from newsletter.bounce import mbox
from newsletter.cli import offering, terminal
from newsletter.cli.back import returning
from newsletter.cli.group import Group
from newsletter.cli.send import foreground
from newsletter.cli.send.alerting import alert
from newsletter.errors import MailboxError, NotFoundError
from newsletter.feedback import classify
from newsletter.files.workspace import Workspace
from newsletter.model import Feedback
from newsletter.receive import refusals
from newsletter.receive.box import LARGEST
from subscribers.store.file.writer import Writer


@click.group(cls=Group)
def feedback() -> None:
    """Read bounces, complaints and answers; show what one message says.

    \b
    Examples:
      newsletter feedback read
      newsletter feedback classify bounce.eml
    """


@feedback.command("read")
@click.argument("source", required=False, default="", metavar="[-]")
@terminal.reporting
def read(workspace: Workspace, source: str, as_json: bool) -> None:
    """Read what came back, and do what follows from it, once for each message.

    From the mailbox of the settings, or with - from standard input: a message, as from the pipe of a mail server,
    or a mailbox file of many (mbox). An address is suppressed at the first hard bounce that is proved to be about
    a letter of ours, after several soft ones, or at once after a complaint. What proves nothing changes nothing.

    \b
    Examples:
      newsletter feedback read
      newsletter feedback read - < bounces.mbox
    """
    if source not in ("", "-"):
        raise click.UsageError("give no argument for the mailbox, or - for standard input")
    tally = returning.Tally()
    with Writer(workspace.people) as writer:
        _read(workspace, writer, source, tally)
        ended = writer.submit(partial(refusals.learn, rule=workspace.settings.feedback.rule)).result()
        alarms = writer.submit(returning.alarms).result()
    for words, told in alarms:
        terminal.say(f"Warning: {words}.")
        foreground.loop(alert(workspace, terminal.say, words, told))
    if as_json:
        terminal.emit(asdict(tally) | {"suppressed": tally.suppressed + ended})
        return
    terminal.show(f"Read {returning.summary(tally)}.")
    if ended:
        terminal.show(
            f"{terminal.counted(ended, 'reader')} more can never be reached, by what servers said when we sent."
        )


def _read(workspace: Workspace, writer: Writer, source: str, tally: returning.Tally) -> None:
    """Take in what comes on standard input, or all that the mailbox has."""
    if source == "-":
        settle = returning.take(workspace, writer, "pipe")
        for _, raw in _parts(source, sys.stdin.buffer):
            if raw.strip():
                tally.add(settle(raw).result())
        return
    with closing(returning.box(workspace)) as opened:
        try:
            for taken in returning.empty(opened, returning.take(workspace, writer, "mailbox")):
                tally.add(taken)
        except MailboxError:
            # The others were read all the same.
            if tally.read:
                terminal.say(f"Read {returning.summary(tally)}.")
            raise


@feedback.command("classify")
@click.argument("files", shell_complete=offering.files, nargs=-1, required=True, metavar="FILE...")
@terminal.json_option
def classify_files(files: tuple[str, ...], as_json: bool) -> None:
    """Say what messages that came back mean: of which kind, about whom, and why. Changes nothing.

    FILE is a message, a mailbox file of many (mbox), a folder of them, or - for standard input. The kind is hard
    (the address is bad for good), soft (full, or only for now), block (it is us whom they refuse), complaint,
    unsubscribe, auto-reply or none. Messages in a mailbox file are named by the line where each begins.

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
            yield from _parts(name, sys.stdin.buffer)
            continue
        path = Path(name)
        if not path.exists():
            raise NotFoundError("there is no such file", where=name, remedy="look at its path")
        for each in sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]:
            with each.open("rb") as file:
                yield from _parts(str(each), file)


def _parts(name: str, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the messages in a file, with their names."""
    found = mbox.messages(iter(partial(file.readline, LARGEST), b""), LARGEST)
    first, *second = islice(found, 2)
    for line, raw in chain((first, *second), found):
        yield f"{name}:{line}" if second else name, raw


def _document(found: tuple[Feedback, ...]) -> dict[str, object]:
    """Return the first, which asks for the most, and the others beside it where there are any."""
    first = _row(found[0])
    return first if len(found) == 1 else {**first, "recipients": [_row(each) for each in found]}


def _row(one: Feedback) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("kind", "recipient", "status", "reason", "text")}
