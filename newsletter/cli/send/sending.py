"""Wire the sender: the route from the settings, the password from the environment, messages from the ledger.

`send` uses it in the foreground, `serve` in the background, `doctor` to knock at the server.
"""

import asyncio
import os
import random
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from newsletter import message, personal
from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing
from newsletter.cli.plan import planning
from newsletter.cli.send import following, signing, standing
from newsletter.cli.send.alone import alone, noted
from newsletter.cli.terminal import now
from newsletter.config import Route
from newsletter.errors import NewsletterError, RouteError, TryAgainError
from newsletter.files.workspace import Workspace
from newsletter.mail import verp
from newsletter.mail.letterhead import NAMES, Names, unpack
from newsletter.model import Message
from newsletter.results import clicks
from newsletter.send import standing as recovering
from newsletter.send.limits import Limits
from newsletter.send.login import UnreachableError, log_in, own_name
from newsletter.send.pool import LATER, Pool
from newsletter.send.routes import Routes, lane, pace_of
from newsletter.send.run import BUSY, Run
from newsletter.send.seal import THREADS
from newsletter.timing.pace import Learned
from subscribers import token
from subscribers.errors import LockedError, PeopleError
from subscribers.model import Delivery, DeliveryState, Send, SendState
from subscribers.store.back import links as openings
from subscribers.store.file.open import Connection, spare
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, sends
from subscribers.store.register import lists

#: How often to look whether a send is due or somebody wants one, in seconds.
LOOK = 1.0

#: How long to leave a route or a disk alone that does not work, in seconds.
REST = 30.0


def routes(workspace: Workspace) -> Sequence[Route]:
    """Return the routes that mail goes by. Raise RouteError if there is none."""
    found = workspace.settings.routes
    if not found:
        raise RouteError(
            "there is no [[smtp]]", where="newsletter.toml", remedy="add one; see `newsletter docs settings`"
        )
    return [_beside(workspace, each) for each in found]


def _beside(workspace: Workspace, by: Route) -> Route:
    """Return the route with its files found from the workspace."""
    certificate, key, authority = (
        str(workspace.root / file) if file else "" for file in (by.certificate, by.key, by.authority)
    )
    return replace(by, certificate=certificate, key=key, authority=authority)


def courier(
    workspace: Workspace,
    *,
    halt: asyncio.Event | None = None,
    say: Callable[[str], None] = terminal.say,
    writer: Writer | None = None,
    connections: int | None = None,
    learned: Mapping[str, Learned] | None = None,
    closed: Callable[[], bool] = lambda: False,
) -> Routes:
    """Return a courier over the routes, which signs if the settings say so. *writer* keeps rations and paces.

    *connections* is how many there may be for each route, at most; *learned* are the paces so far; *closed* as for
    `Routes`. Raise RouteError if a password is not set,
    NotFoundError or RefusedError for a key that cannot be used.
    """
    stop, signers = halt or asyncio.Event(), signing.signers(workspace)
    lanes = []
    for by in routes(workspace):
        most = replace(by, connections=min(by.connections, connections or by.connections))
        # The rates are kept before a route is chosen, and not once more by its pool.
        pool = Pool(replace(most, rate=None), _password(by), halt=stop)
        lanes.append(lane(most, signing.sealed(pool, signers), (learned or {}).get(pace_of(by))))
    return Routes(lanes, halt=stop, now=now, say=say, writer=writer, closed=closed)


async def knock(by: Route) -> None:
    """Connect, log in and leave. Raise RouteError or TryAgainError."""
    try:
        session = await log_in(by, _password(by), Limits(connect=10), name=await own_name(by))
    except UnreachableError as error:
        raise TryAgainError(str(error), remedy=BUSY if error.reply.code else _remedy(by)) from None
    await session.close()


class Composer:
    """Makes the message of a ledger row, from what was frozen. Compiles each variant once."""

    def __init__(self, workspace: Workspace, connection: Connection, send: Send) -> None:
        self._connection = connection
        self._send = send
        self._ring = wiring.ring(workspace)
        self._bounces = workspace.settings.letter.bounce_domain
        self._bounce_key = self._ring.derive(verp.PURPOSE)
        self._list = lists.number(connection, send.list)
        self._plans: dict[tuple[str, bool], tuple[message.Plan, Links, Names]] = {}
        self._tracking = workspace.settings.tracking
        self._watched = openings.watched(connection) if self._tracking.people else frozenset()
        self._click_key = self._ring.derive(clicks.PURPOSE)

    def __call__(self, row: Delivery) -> Message:
        """Return the message. Raise ValueError or AddressError for an address that no mail can be sent to."""
        watched = row.subscriber in self._watched
        plan, links, names = self._plans.get((row.variant, watched)) or self._load(row.variant, watched)
        known = personal.values(row.name, row.email, row.language, row.attributes)
        known.update(links.of(row.subscriber))
        if watched:
            known[clicks.FIELD] = clicks.mark(row.id, self._click_key)
        message_id = names.message_id(row.id, self._send.created)
        return_path = verp.build(self._bounces, row.id, self._bounce_key)
        return plan.fill(message.Recipient(row.email, row.name, message_id, return_path, known))

    def _load(self, variant: str, watched: bool) -> tuple[message.Plan, "Links", Names]:
        rendered, letterhead = unpack(sends.variant(self._connection, self._send.id, variant))
        if places := openings.of(self._connection, self._send.id, variant):
            seen = watched and self._tracking.pictures
            rendered = clicks.counted(rendered, letterhead.base_url, places, watched=watched, picture=seen)
        plan = message.compile(rendered, letterhead, self._send.started or self._send.created)
        names = Names(self._ring.derive(NAMES), letterhead.domain)
        links = Links(self._ring, self._list, self._send.id if rendered.questions else None)
        self._plans[variant, watched] = plan, links, names
        return self._plans[variant, watched]


def names(workspace: Workspace, connection: Connection, send: Send) -> Names:
    """Return what names the deliveries of a send: their Message-IDs stand in the server's log."""
    first = sends.variants(connection, send.id)[0]
    _, letterhead = unpack(sends.variant(connection, send.id, first))
    return Names(wiring.ring(workspace).derive(NAMES), letterhead.domain)


class Links:
    """Makes what ends the links that are one reader's own; those of answers for a *send* that asks something."""

    def __init__(self, ring: token.Ring, list_id: int, send: int | None = None) -> None:
        self._leave = token.Maker(ring, token.Purpose.UNSUBSCRIBE, list_id)
        self._prefer = token.Maker(ring, token.Purpose.PREFERENCES, list_id)
        self._answer = None if send is None else token.Maker(ring, token.Purpose.ANSWER, send)

    def of(self, subscriber: int) -> dict[str, str]:
        """Return the tokens by the name of their field; 0 is nobody, whose links change nothing."""
        made = {"unsubscribe_url": self._leave(subscriber), "preferences_url": self._prefer(subscriber)}
        if self._answer:
            # It stands in a comment for Outlook too, in which no two hyphens may stand side by side.
            made[personal.ANSWER] = self._answer(subscriber).replace("--", "-%2D")
        return made


async def deliver(
    workspace: Workspace,
    connection: Connection,
    writer: Writer,
    send: Send,
    halt: asyncio.Event,
    *,
    tell: Callable[[DeliveryState, int], None],
    say: Callable[[str], None],
    patience: float = 0.0,
) -> Send:
    """Go on with a send, while holding the lock. Return it as it then stands; raise as `Run.go` does."""
    spare(connection)
    await writer.run(spare)
    permit = planning.permit(connection, workspace, freezing.deadline(send.rule))
    by = courier(
        workspace,
        halt=halt,
        say=say,
        writer=writer,
        learned=planning.learned(connection),
        closed=lambda: permit.closed(now()),
    )
    run = Run(
        writer=writer,
        courier=by,
        send=send,
        build=Composer(workspace, connection, send),
        halt=halt,
        now=now,
        jitter=random.random,
        tell=tell,
        say=say,
        # Those that are signed meanwhile come on top.
        connections=by.room + (2 * THREADS if workspace.settings.dkim.pairs else 0),
        patience=patience,
        permit=permit,
        remedy=_remedy(workspace.settings.routes[0]),
        # In the background it is tried again without anybody's doing.
        again="then run the same command again" if patience else "",
    )
    try:
        async with noted(workspace, connection):
            ended = await run.go()
        await following.after(workspace, writer, ended, by, wiring.ring(workspace).derive(NAMES), say)
        return ended
    finally:
        await by.close()


async def keep_sending(workspace: Workspace, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Start what is due and go on with what is unfinished, until *stop*. *say* tells the operator, once each."""
    connection = wiring.people(workspace)
    told: set[str] = set()
    wrong = False

    def once(text: str) -> None:
        if text not in told:
            told.add(text)
            say(text)

    try:
        while not stop.is_set():
            pause = LOOK
            try:
                if await _round(workspace, connection, stop, once):
                    wrong = False
                    told.clear()
            except LockedError:
                pass  # `newsletter send` is at work; what it leaves is ours.
            except (NewsletterError, PeopleError, OSError) as error:
                # What is wrong with a route seldom passes, and who is refused again and again is locked out.
                pause = LATER if wrong and isinstance(error, RouteError) else REST
                wrong = isinstance(error, RouteError)
                again = f"in {REST:.0f} s, then every {LATER / 60:.0f} minutes" if wrong else f"every {REST:.0f} s"
                once(f"Sending stopped: {error}. Trying again {again}.")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
    finally:
        connection.close()


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
        fault: NewsletterError | PeopleError | None = None
        tried: set[int] = set()
        # Asked anew each time: a send takes long, and the next one may have been paused or cancelled meanwhile.
        while not stop.is_set() and (send := _next(connection, tried)):
            tried.add(send.id)
            try:
                await _serve(workspace, connection, writer, send, stop, say)
            except (NewsletterError, PeopleError) as error:
                # What is wrong with one send is no reason to leave the others.
                fault = fault or error
    if fault:
        raise fault
    return True


def _next(connection: Connection, tried: Container[int]) -> Send | None:
    return next((send for send in sends.under_way(connection, now()) if send.id not in tried), None)


async def recover(workspace: Workspace, writer: Writer, say: Callable[[str], None]) -> None:
    """Settle what a sender that was killed left behind, and say so. Call it while holding the lock."""
    left = await writer.run(partial(recovering.recover, now=now(), day=workspace.settings.hours.day))
    if words := standing.interrupted(left):
        say(words)


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
        say(f"Send {send.id}: {send.issue} is {ended.state}: {standing.summary(counts)}.{_why(ended)}")


def _start(connection: Connection, send: int) -> Send:
    """Begin a scheduled send, unless somebody paused or cancelled it a moment ago."""
    found = sends.get(connection, send)
    return freezing.start(connection, found, now()) if found.state is SendState.SCHEDULED else found


async def _link(stop: asyncio.Event, halt: asyncio.Event) -> None:
    await stop.wait()
    halt.set()


def _why(send: Send) -> str:
    return f" {send.reason}; mend it, then run `newsletter resume {send.id}`." if send.reason else ""


def _password(by: Route) -> str:
    if not by.username:
        return ""
    password = os.environ.get(by.password_env, "")
    if not password:
        what = f"the variable {by.password_env} with the password is not set"
        raise RouteError(what, where=f"[[smtp]] {by.name}", remedy=f"run: export {by.password_env}=…")
    return password


def _remedy(by: Route) -> str:
    if by.loopback:
        return "start the server, or look into its log if it runs; `newsletter catch` starts the built-in catcher"
    return "look whether the server and the network are up"
