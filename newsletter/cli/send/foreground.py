"""Send in the foreground: with a view of how it goes, and a Ctrl-C that loses nothing."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from newsletter.cli.send import deciding, progress, sending, standing
from newsletter.cli.terminal import counted, emit, now, say
from newsletter.errors import RouteError
from newsletter.files.workspace import Workspace
from newsletter.send.standing import DEADLINE
from subscribers.model import DeliveryState, Send, SendState
from subscribers.status import OPEN
from subscribers.store.file.open import Connection, spare
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, sends

T = TypeVar("T")

#: Ends a command when some readers did not get it, or not yet (product.md, "Exit codes").
PARTLY = 6

#: So many new objects before Python looks for circles among them: its own 700 are what two signups make.
SELDOM = 5_000

#: How long what is under way may take to end once the system asks us to, in seconds: systemd kills after 90, and
#: some after less.
GRACE = 30.0

#: How long to wait in the foreground for deferred readers, in seconds: the first two tries, not the later ones.
PATIENCE = 150.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run in the foreground ended. *signal* is 0, or what stopped it."""

    send: Send
    signal: int = 0


def run(workspace: Workspace, connection: Connection, send: Send) -> Ended:
    """Go on with *send*, while holding the lock. Raise as `newsletter.send.run.Run.go` does."""
    spare(connection)
    counts = census.counts(connection, send.id)
    left = sum(counts[state] for state in OPEN) - deciding.later(connection, send, now())
    with closing(progress.view(left, counts[DeliveryState.DEFERRED])) as view, Writer(workspace.people) as writer:
        return loop(_run(workspace, connection, writer, send, view))


async def _run(
    workspace: Workspace, connection: Connection, writer: Writer, send: Send, view: progress.View
) -> Ended:
    halt = asyncio.Event()
    stopped: list[int] = []
    patience = asyncio.timeout(None)

    def stop(number: int) -> None:
        if stopped:
            # The ledger is true at every moment: leaving at once costs at most a doubt per connection.
            view.close()
            os._exit(128 + number)
        stopped.append(number)
        view.say("Finishing what is under way. Press Ctrl-C again to leave at once.")
        halt.set()
        if number == signal.SIGTERM:
            patience.reschedule(asyncio.get_running_loop().time() + GRACE)

    on_signals(stop)
    await sending.recover(workspace, writer, view.say)
    try:
        async with patience:
            ended = await sending.deliver(
                workspace, connection, writer, send, halt, tell=view.tell, say=view.say, patience=PATIENCE
            )
    except TimeoutError:
        if not patience.expired():
            raise
        # Whose final dot is out without an answer is in doubt, as after a kill; the report tells of it.
        await sending.recover(workspace, writer, lambda words: None)
        ended = sends.get(connection, send.id)
    return Ended(ended, stopped[0] if stopped and ended.state is SendState.SENDING else 0)


def on_signals(stop: Callable[[int], None]) -> None:
    """Call *stop* with the number of the signal for Ctrl-C, SIGTERM, and a terminal that is gone (SIGHUP)."""
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whoever began with `nohup` wants it to go on.
        if signal.getsignal(number) is not signal.SIG_IGN:
            running.add_signal_handler(number, stop, number)


def loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run *coroutine* on uvloop where it is installed: it is worth about a sixth of the speed."""
    # What was made so far stays: to look through it again for each thousand readers made the slowest of a crowd
    # of signups wait a third longer. What a request makes goes by itself, nearly all of it.
    gc.freeze()
    gc.set_threshold(SELDOM)
    try:
        import uvloop
    except ImportError:
        return asyncio.run(coroutine)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)


def report(workspace: Workspace, connection: Connection, ended: Ended, as_json: bool) -> None:
    """Say what came of it, and end the command with the code that fits. Raise RouteError if we were refused."""
    send, counts = ended.send, census.counts(connection, ended.send.id)
    if send.state is SendState.PAUSED and send.reason not in ("", DEADLINE) and not ended.signal:
        what = f"send {send.id} of {send.issue} is paused: {send.reason}"
        raise RouteError(what, remedy=standing.remedy(send))
    if as_json:
        emit({"sends": [standing.describe(connection, send)]})
    else:
        click.echo(f"{send.issue}: {standing.summary(counts)} of {counted(sum(counts.values()), 'reader')}.")
        zone = workspace.settings.letter.timezone
        for line in standing.advice(send, counts, waiting=deciding.waiting(connection, send, zone)):
            say(line)
        if send.state is SendState.SENDING and (words := standing.next_one(connection, send, counts, zone)):
            say(f"{words[0].upper()}{words[1:]}.")
    if ended.signal:
        raise click.exceptions.Exit(128 + ended.signal)
    if send.state is not SendState.DONE or counts[DeliveryState.REFUSED] or counts[DeliveryState.UNCERTAIN]:
        raise click.exceptions.Exit(PARTLY)
