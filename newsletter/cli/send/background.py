"""Send in the background: what is due, and what was left unfinished, until `serve` ends."""

import asyncio
from collections.abc import Callable, Container
from contextlib import suppress
from datetime import datetime
from functools import partial

from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing
from newsletter.cli.plan import planning
from newsletter.cli.send import deciding, standing
from newsletter.cli.send.alone import alone
from newsletter.cli.send.sending import deliver, recover
from newsletter.cli.terminal import now
from newsletter.errors import RouteError, ToldError, said
from newsletter.files.workspace import Workspace
from newsletter.send.pool import LATER
from subscribers.errors import LockedError
from subscribers.model import Send, SendState
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, sends

#: How often to look whether a send is due or somebody wants one, in seconds.
LOOK = 1.0

#: How long to leave a route or a disk alone that does not work, in seconds.
REST = 30.0


async def keep_sending(workspace: Workspace, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Start what is due and go on with what is unfinished, until *stop*. *say* tells the operator, once each."""
    told: set[str] = set()
    wrong = False

    def once(text: str) -> None:
        if text not in told:
            told.add(text)
            say(text)

    with wiring.people(workspace) as connection:
        while not stop.is_set():
            pause = LOOK
            try:
                if await _round(workspace, connection, stop, once):
                    wrong = False
                    told.clear()
            except LockedError:
                pass  # `newsletter send` is at work; what it leaves is ours.
            except (ToldError, OSError) as error:
                # What is wrong with a route seldom passes, and who is refused again and again is locked out.
                pause = LATER if wrong and isinstance(error, RouteError) else REST
                wrong = isinstance(error, RouteError)
                again = f"in {REST:.0f} s, then every {LATER / 60:.0f} minutes" if wrong else f"every {REST:.0f} s"
                once(f"Sending stopped, and is tried again {again}: {said(error)}")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _round(
    workspace: Workspace, connection: Connection, stop: asyncio.Event, say: Callable[[str], None]
) -> bool:
    """Do what there is to do now. Return whether there is nothing that waits for its hour."""
    if not sends.under_way(connection, now()):
        return True
    opens = planning.permit(connection, workspace).ask(1, now())
    if isinstance(opens, datetime):
        say(f"Letters wait until {terminal.clock(opens, workspace.settings.letter.timezone)}, as [hours] says.")
        return False
    with alone(workspace, connection, "newsletter serve"), Writer(workspace.people) as writer:
        await recover(workspace, writer, say)
        fault: ToldError | None = None
        tried: set[int] = set()
        # Asked anew each time: a send takes long, and the next one may have been paused or cancelled meanwhile.
        while not stop.is_set() and (send := _next(connection, tried)):
            tried.add(send.id)
            try:
                await _serve(workspace, connection, writer, send, stop, say)
            except ToldError as error:
                # What is wrong with one send is no reason to leave the others.
                fault = fault or error
    if fault:
        raise fault
    return True


def _next(connection: Connection, tried: Container[int]) -> Send | None:
    return next((send for send in sends.under_way(connection, now()) if send.id not in tried), None)


async def _serve(
    workspace: Workspace,
    connection: Connection,
    writer: Writer,
    send: Send,
    stop: asyncio.Event,
    say: Callable[[str], None],
) -> None:
    """Begin or go on with one send in the background."""
    if send.state is SendState.SCHEDULED:
        send = await writer.run(partial(_start, send=send.id))
        if send.state is not SendState.SENDING:
            return
        say(f"Send {send.id}: {send.issue} starts, as scheduled.")
    halt = asyncio.Event()
    link = asyncio.ensure_future(_link(stop, halt))
    try:
        ended = await deliver(workspace, connection, writer, send, halt, tell=lambda state, attempt: None, say=say)
    finally:
        link.cancel()
    # One that ended in the moment of the stop is told too; one that was stopped goes on later.
    if ended.state is not SendState.SENDING or not stop.is_set():
        counts = census.counts(connection, send.id)
        why = f" It stopped because: {ended.reason}; {standing.remedy(ended)}." if ended.reason else ""
        say(f"Send {send.id}: {send.issue} is {ended.state}: {standing.summary(counts)}.{why}")
        _, words = deciding.waiting(connection, ended, workspace.settings.letter.timezone)
        if words and ended.state is SendState.SENDING:
            say(words)


def _start(connection: Connection, send: int) -> Send:
    """Begin a scheduled send, unless somebody paused or cancelled it a moment ago."""
    found = sends.get(connection, send)
    return freezing.start(connection, found, now()) if found.state is SendState.SCHEDULED else found


async def _link(stop: asyncio.Event, halt: asyncio.Event) -> None:
    await stop.wait()
    halt.set()
