"""Wire the sender: the route from the settings, the password from the environment, messages from the ledger.

`send` uses it in the foreground, `serve` in the background, `doctor` to knock at the server.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing
from newsletter.cli.plan import planning
from newsletter.cli.send import deciding, following, signing, standing
from newsletter.cli.send.messages import Composer
from newsletter.cli.terminal import now
from newsletter.config import Route
from newsletter.errors import NewsletterError, RouteError, TryAgainError
from newsletter.files import watermark
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import NAMES
from newsletter.send import standing as recovering
from newsletter.send.limits import Limits
from newsletter.send.login import Access, UnreachableError, log_in, own_name
from newsletter.send.pool import Pool
from newsletter.send.routes import Routes, lane
from newsletter.send.run import BUSY, Run
from newsletter.send.seal import THREADS
from newsletter.timing.pace import Learned
from subscribers.model import DeliveryState, Send
from subscribers.store.file.open import Connection, spare
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import sends

#: How often to note how far sending has come while it goes on, in seconds: if the sender is killed, a copy of the
#: database from before that is known to be older.
NOTED = 1.0


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
    `Routes`. Raise RouteError if a password is not set, NotFoundError or RefusedError for an unusable key.
    """
    stop, signers = halt or asyncio.Event(), signing.signers(workspace)
    lanes = []
    for by in routes(workspace):
        most = replace(by, connections=min(by.connections, connections or by.connections))
        # The rates are kept before a route is chosen, and not once more by its pool.
        pool = Pool(replace(most, rate=None), _login(workspace, by), halt=stop)
        lanes.append(lane(most, signing.sealed(pool, signers), (learned or {}).get(by.paced)))
    return Routes(lanes, halt=stop, now=now, say=say, writer=writer, closed=closed)


async def knock(workspace: Workspace, by: Route) -> None:
    """Connect, log in and leave. Raise RouteError or TryAgainError."""
    try:
        session = await log_in(by, _login(workspace, by), Limits(connect=10), name=await own_name(by))
    except UnreachableError as error:
        raise TryAgainError(str(error), remedy=BUSY if error.reply.code else _remedy(by)) from None
    await session.close()


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
    """Go on with a send, while holding the lock. Return it as it then stands; raise as `Run.go` does.

    What is to be decided of it by now is decided first.
    """
    if decided := await writer.run(partial(deciding.decide, send=send.id, now=now())):
        say(decided)
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


async def recover(workspace: Workspace, writer: Writer, say: Callable[[str], None]) -> None:
    """Settle what a sender that was killed left behind, and say so. Call it while holding the lock."""
    left = await writer.run(partial(recovering.recover, now=now(), day=workspace.settings.hours.day))
    if words := standing.interrupted(left):
        say(words)


def _login(workspace: Workspace, by: Route) -> str | Access:
    """Return the password of a route, or what lets us log in without one."""
    if by.oauth:
        return wiring.access(workspace, by.oauth, by.username, RouteError)
    return wiring.secret(by.password_env, f"[[smtp]] {by.name}", RouteError) if by.username else ""


def _remedy(by: Route) -> str:
    if by.loopback:
        return "start the server (`newsletter catch` starts the built-in catcher), or look into its log if it runs"
    return "look whether the server and the network are up"


@asynccontextmanager
async def noted(workspace: Workspace, connection: Connection) -> AsyncIterator[None]:
    """Note during the block, again and again, how far sending has come. To be used while the lock is held.

    Raise NewsletterError at the beginning if that cannot be written. Later on it is only tried: `alone` will tell.
    """
    watermark.write(workspace.watermark, sends.progress(connection))
    over = asyncio.Event()
    noting = asyncio.create_task(_keep_noting(workspace, connection, over))
    try:
        yield
    finally:
        over.set()
        await noting


async def _keep_noting(workspace: Workspace, connection: Connection, over: asyncio.Event) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), NOTED)
        come = sends.progress(connection)
        with suppress(NewsletterError):
            # In a thread: a slow disk holds nobody up.
            await asyncio.to_thread(watermark.write, workspace.watermark, come)
