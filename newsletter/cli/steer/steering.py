"""Steer sends: `pause`, `resume`, `cancel`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.send import standing
from newsletter.cli.send.alone import alone, recover
from newsletter.errors import RefusedError
from newsletter.files.workspace import Workspace
from subscribers.errors import LockedError, TransitionError
from subscribers.model import Send, SendState
from subscribers.status import OPEN
from subscribers.store.file.open import Connection, transaction
from subscribers.store.ledger import census, sends


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@terminal.reporting
def pause(workspace: Workspace, which: str, as_json: bool) -> None:
    """Stop a send where it is, within a second, wherever it runs. SEND is the latest one unless named.

    \b
    Examples:
      newsletter pause
      newsletter pause 3
    """
    with steered(workspace, "newsletter pause") as connection:
        found = _move(connection, which, SendState.PAUSED)
        tell(connection, found, as_json, f"Paused. `newsletter resume {found.id}` goes on.")


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@click.option(
    "--subject",
    type=click.Choice(["a", "b"]),
    help="Where a part of the readers tries two: the rest gets this one, now.",
)
@terminal.reporting
def resume(workspace: Workspace, which: str, subject: str | None, as_json: bool) -> None:
    """Go on with a paused send, or one that waits for a subject to win. SEND is the latest one unless named.

    Readers get the words that it was begun with, whatever the issue says by now.

    \b
    Examples:
      newsletter resume
      newsletter resume 3
      newsletter resume 3 --subject b
    """
    from newsletter.cli.look import freezing
    from newsletter.cli.send import deciding, foreground

    with wiring.people(workspace) as connection:
        found = standing.find(connection, which)
        if subject:
            with transaction(connection):
                found = standing.find(connection, which)
                words = deciding.choose(connection, found, subject, terminal.now())
            terminal.say(words)
        elif found.state is not SendState.PAUSED:
            raise RefusedError(f"send {found.id} of {found.issue} is {found.state}, not paused")
        if freezing.has_changed(workspace, connection, found):
            terminal.say(f"{found.issue} has changed since; readers get the words that it had.")
        if not found.started:
            found = _move(connection, str(found.id), SendState.SCHEDULED)
            tell(connection, found, as_json, "Scheduled again; `newsletter serve` starts it.")
            return
        if found.state is SendState.PAUSED:
            found = _move(connection, str(found.id), SendState.SENDING)
        try:
            with alone(workspace, connection, f"newsletter resume {found.id}"):
                ended = foreground.run(workspace, connection, found)
        except LockedError as error:
            tell(connection, found, as_json, f"It goes on: {error.what}.")
            return
        foreground.report(workspace, connection, ended, as_json)


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def cancel(workspace: Workspace, which: str, yes: bool, as_json: bool) -> None:
    """End a send for good: who was not sent it yet never is. SEND is the latest one unless named.

    \b
    Examples:
      newsletter cancel
      newsletter cancel 3 --yes
    """
    with steered(workspace, "newsletter cancel") as connection:
        found = standing.find(connection, which)
        counts = census.counts(connection, found.id)
        left = sum(counts[state] for state in OPEN)
        readers = terminal.counted(left, "reader")
        question = f"End send {found.id} of {found.issue} for good? {readers} would never get it."
        terminal.confirm(question, "nothing was cancelled", yes or not left)
        found = _move(connection, str(found.id), SendState.CANCELLED)
        tell(connection, found, as_json, "Nobody is sent any more of it.")


@contextmanager
def steered(workspace: Workspace, who: str) -> Iterator[Connection]:
    """Open the people's file for the command *who*, once what a sender that was killed left behind is settled."""
    with wiring.people(workspace) as connection:
        recover(workspace, connection, who)
        yield connection


def _move(connection: Connection, which: str, to: SendState) -> Send:
    """Change a send's state. Raise RefusedError if that cannot be."""
    with transaction(connection):
        found = standing.find(connection, which)
        try:
            return sends.move(connection, found.id, to, terminal.now())
        except TransitionError:
            why = "already" if found.state is to else "and not under way"
            raise RefusedError(f"send {found.id} of {found.issue} is {found.state} {why}") from None


def tell(connection: Connection, found: Send, as_json: bool, words: str) -> None:
    """Say where a send stands now, and *words*."""
    found = sends.get(connection, found.id)
    if as_json:
        terminal.emit({"sends": [standing.describe(connection, found)]})
    else:
        terminal.show(f"Send {found.id} of {found.issue} is {found.state}.")
        terminal.say(words)
