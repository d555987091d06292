"""All that `newsletter serve` is: pages, mails about subscriptions, sender. A SIGHUP brings the next shift."""

import asyncio
import random
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from newsletter.cli import wiring
from newsletter.cli.back import hooking, returning
from newsletter.cli.compose import recurring
from newsletter.cli.run import systemd
from newsletter.cli.run.hangup import attended
from newsletter.cli.run.keeping import keep_forgetting, rules
from newsletter.cli.send import background, sending
from newsletter.cli.send.alerting import alert
from newsletter.cli.send.alone import serving
from newsletter.cli.send.foreground import GRACE, loop, on_signals
from newsletter.cli.send.mailing import Mailer
from newsletter.cli.terminal import now, say
from newsletter.errors import NewsletterError, ToldError
from newsletter.files.looks import themes
from newsletter.files.workspace import Workspace
from newsletter.send.outbox import Outbox
from newsletter.web import app
from newsletter.web.guard import Guard
from newsletter.web.listen import Server, open_socket
from newsletter.web.network import Proxies, networks
from newsletter.web.pages.click import Counter
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Writer
from subscribers.store.register.suppressions import PURPOSE

#: Mails about subscriptions are few: they leave the route's connections to the letters.
CONNECTIONS = 2


def serve(workspace: Workspace, host: str | None, port: int | None, early: Sequence[int]) -> None:
    """Serve at *host* and *port*, None for those of the settings, until a signal ends it.

    *early* holds the hangups that came before. Raise ToldError for what it cannot begin with.
    """
    web = workspace.settings.web
    # Before the lock is there, by which it is known that there were people.
    wiring.opened(workspace).close()
    with ExitStack() as stack:
        stack.enter_context(serving(workspace))
        listener = systemd.listener() or open_socket(host or web.host, web.port if port is None else port)
        stack.callback(listener.close)
        reader = wiring.opened(workspace)
        stack.callback(reader.close)
        writer = stack.enter_context(Writer(workspace.people))
        loop(_run(workspace, listener, reader, writer, early))


async def _run(
    workspace: Workspace, listener: socket.socket, reader: Connection, writer: Writer, early: Sequence[int]
) -> None:
    """Serve until a signal ends it; after each SIGHUP, those heard *early* too, as the settings say then."""
    stop, again, at_first = asyncio.Event(), asyncio.Event(), attended()

    def heard(number: int) -> None:
        # A terminal that is closed says the same as whoever changed the settings.
        (again if number == signal.SIGHUP and at_first == attended() else stop).set()

    on_signals(heard)
    if early:
        again.set()
    first = _shift(workspace, reader, writer)
    server = Server(first.pages)
    pages = asyncio.create_task(server.serve([listener]), name="pages")
    ready = asyncio.create_task(server.ready.wait(), name="ready")
    await asyncio.wait([ready, pages], return_when=asyncio.FIRST_COMPLETED)
    systemd.ready()
    shift: Shift | None = first
    while shift:
        _greet(shift.workspace, listener)
        shift = await _serve(shift, server, pages, stop, again)


@dataclass(frozen=True)
class Shift:
    """All that serves by one reading of settings, keys and templates."""

    workspace: Workspace
    mailer: Mailer
    outbox: Outbox | None
    counter: Counter
    pages: Guard
    reader: Connection
    writer: Writer


def _shift(workspace: Workspace, reader: Connection, writer: Writer) -> Shift:
    """Make what serves. Raise ToldError for what it cannot serve by."""
    mailer = Mailer(workspace, reader)
    outbox = _outbox(workspace, writer, mailer)
    site = _site(workspace, reader, writer, mailer, outbox.wake if outbox else None)
    counter = Counter(site)
    return Shift(workspace, mailer, outbox, counter, app.make(site, counter), reader, writer)


async def _serve(
    shift: Shift, server: Server, pages: asyncio.Task[None], stop: asyncio.Event, again: asyncio.Event
) -> Shift | None:
    """Serve until *stop*, or until *again* brings another shift. Return that once all of this one has ended."""
    leave = asyncio.Event()
    beside = [asyncio.create_task(each, name=name) for name, each in _beside(shift, leave).items()]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    relief = asyncio.create_task(_relief(shift, again), name="relief")
    await asyncio.wait([stopping, relief, pages, *beside], return_when=asyncio.FIRST_COMPLETED)
    leave.set()
    if relief.done():
        # Nothing presses: what is under way comes to its own end, and the pages go on meanwhile.
        waits: list[asyncio.Future[Any]] = [stopping, asyncio.gather(*beside, return_exceptions=True)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    following = relief.result() if relief.done() and not stop.is_set() else None
    if following:
        # The server stays, with its connections: a web server in front may be asking by any of them.
        await server.hand_over(following.pages)
    else:
        server.should_exit = True
    tasks = beside if following else [pages, *beside]
    _, late = await asyncio.wait(tasks, timeout=GRACE)
    for task in (*late, stopping, relief):
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
    await shift.counter.flush()
    if shift.outbox:
        await shift.outbox.courier.close()
    if following:
        return following
    say(
        "Ended; nothing was left half done."
        if not late
        else "Ended; what was under way goes on at the next start."
    )
    return None


async def _relief(shift: Shift, again: asyncio.Event) -> Shift:
    """Return who goes on when *again* asks for that; say why nobody can where what is read is wrong."""
    while True:
        await again.wait()
        again.clear()
        workspace = Workspace(shift.workspace.root)
        try:
            wiring.opened(workspace).close()
            following = _shift(workspace, shift.reader, shift.writer)
        except ToldError as error:
            say(f"All goes on as it was read before: {error}")
        else:
            say("Settings, keys and templates are read anew; host and port stay. What is under way ends first.")
            return following


def _beside(shift: Shift, stop: asyncio.Event) -> dict[str, Coroutine[Any, Any, None]]:
    """Return what runs beside the pages until *stop*, by its name."""
    workspace, writer, settings = shift.workspace, shift.writer, shift.workspace.settings
    work = {
        "sends": background.keep_sending(workspace, stop, say),
        "forgetting": keep_forgetting(
            writer, rules(settings.retention, settings.tracking), shift.mailer.ring.derived(PURPOSE), stop, say
        ),
        "schedule": recurring.keep_composing(workspace, stop, say),
    }
    if shift.outbox:
        work["outbox"] = shift.outbox.run(stop)
    if settings.mailbox:
        work["returns"] = returning.keep_reading(workspace, writer, stop, say, partial(alert, workspace, say))
    return work


def _greet(workspace: Workspace, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"Pages:  http://{shown}:{port}/subscribe")
    say(f"Links:  mails lead readers to {workspace.settings.letter.base_url}")
    route = next(iter(workspace.settings.routes), None)
    if route:
        say(f"Mail:   goes out by {route.name} ({route.host}:{route.port}); sends start when their time comes")
    if box := workspace.settings.mailbox:
        say(f"Returns: read from the {box.kind} mailbox {box.path or box.host}")
    say("Ctrl-C ends this.")


def _site(
    workspace: Workspace, reader: Connection, writer: Writer, mailer: Mailer, wake: Callable[[], None] | None
) -> app.Site:
    settings = workspace.settings
    letter = settings.letter
    return app.Site(
        settings=settings,
        ring=mailer.ring,
        writer=writer,
        reader=reader,
        pages=cache(lambda language: themes.pages(workspace.templates, language)),
        theme=themes.load(workspace.templates, letter.theme, letter.language).settings,
        issues=workspace.issues,
        now=now,
        message_id=mailer.message_id,
        wake=wake or (lambda: None),
        say=say,
        proxies=Proxies(settings.web.trusted_proxies),
        hooks=hooking.hooks(workspace, writer, say),
        metrics=networks("metrics", settings.web.metrics),
    )


def _outbox(workspace: Workspace, writer: Writer, mailer: Mailer) -> Outbox | None:
    """Return the loop that sends mails about subscriptions; None, and say why, if there is no way to send."""
    try:
        courier = sending.courier(workspace, say=say, writer=writer, connections=CONNECTIONS)
    except NewsletterError as error:
        say(f"Mails about subscriptions wait until `serve` reads the settings anew: {error}")
        return None
    return Outbox(writer, courier, mailer, say, now, random.random)
