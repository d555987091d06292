"""What the proof is tried on: a people's file with invented readers, and the engine in a hurry."""

import asyncio
import random
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

from newsletter import delivery
from newsletter.catch.faulty import Server
from newsletter.cli.terminal import now
from newsletter.errors import ToldError
from newsletter.model import Envelope, Message, Outcome, Reply
from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from newsletter.send.run import Run
from newsletter.settings.route import Route
from subscribers import address
from subscribers.model import (
    Consent,
    Delivery,
    DeliveryState,
    MailingList,
    Send,
    SendState,
    SubscriptionStatus,
    Where,
)
from subscribers.store.file.open import Connection, connect, transaction
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, deliveries, sends
from subscribers.store.register import lists, subscriptions
from subscribers.store.register import people as persons

#: Readers and connections of one try; so often a send that stopped is begun again.
READERS = 10
CONNECTIONS = 2
ROUNDS = 8


@dataclass(frozen=True)
class Ground:
    """A people's file at *path* with one send to *readers* people."""

    path: Path
    readers: int = READERS

    def __post_init__(self) -> None:
        self.path.write_bytes(_laid_out(self.readers))

    def send(
        self,
        route: Route,
        *,
        rounds: int = ROUNDS,
        context: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        build: Callable[[Delivery], Message] | None = None,
        clock: Callable[[], datetime] = now,
        during: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Send until it is done, beginning anew whatever stopped it; *during* happens beside the first time.

        Without *limits* it is as patient as RFC 5321 (section 4.5.3.2) asks for: a busy machine breaks no promise.
        """
        for number in range(rounds):
            beside = during if number == 0 else None
            done = asyncio.run(_once(self.path, route, context, limits, build or message, clock, beside))
            if done.state is SendState.DONE:
                return

    def ledger(self) -> dict[str, DeliveryState]:
        """Return the state of every row by its Message-ID."""
        return ledger(self.path, named)


@cache
def _laid_out(readers: int) -> bytes:
    """Return the file as each try begins with it: to make it takes longer than most tries do."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.db"
        with closing(connect(path, durable=False)) as connection:
            lists.ensure(connection, [MailingList("monthly", "The monthly letter")])
            add(connection, readers)
            with transaction(connection):
                made = sends.create(
                    connection,
                    issue="proof",
                    list="monthly",
                    rule="{}",
                    content="",
                    variants={"en": b""},
                    now=now(),
                    due=now(),
                )
                sends.start(connection, made.id, Where("s.status = 'active'"), Where("'en'"), now())
        return path.read_bytes()


def route_to(server: Server) -> Route:
    """Return a route to *server*, without TLS and a password."""
    return Route("proof", "127.0.0.1", server.port, "none", "", "", CONNECTIONS, None)


def add(connection: Connection, readers: int) -> None:
    """Add invented readers of the list monthly."""
    with transaction(connection):
        for number in range(1, readers + 1):
            typed = address.parse(f"reader{number}@example.org")
            person = persons.add(connection, typed, now(), name=f"Reader {number}", language="en")
            consent = Consent(person.id, "monthly", "import", now(), "proof", "Invented people")
            subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)


def ledger(path: Path, name: Callable[[int], str]) -> dict[str, DeliveryState]:
    """Return the state of every row of the first send, by what *name* makes of its number."""
    with closing(connect(path, durable=False)) as connection:
        return {name(line.id): state for state in DeliveryState for line in census.lines(connection, 1, state)}


def named(row: int) -> str:
    """Return the Message-ID of a row."""
    return f"<{row}@example.org>"


def message(row: Delivery, body: str = "One line of many.\r\n" * 40) -> Message:
    """Return a short letter."""
    message_id = named(row.id)
    data = f"Message-ID: {message_id}\r\nSubject: proof\r\n\r\nDear {row.name}\r\n{body}"
    return Message(Envelope("bounce@example.org", row.email), data.encode("ascii"), message_id, plain=True)


async def _once(
    path: Path,
    route: Route,
    context: ssl.SSLContext | None,
    limits: Limits | None,
    build: Callable[[Delivery], Message],
    clock: Callable[[], datetime],
    during: Callable[[], Awaitable[None]] | None,
) -> Send:
    """Go on with the send once, whatever stopped it. Return it as it then stands."""
    halt = asyncio.Event()
    pool = Pool(route, "secret", limits=limits, context=context, halt=halt)
    beside = asyncio.ensure_future(during()) if during else None
    with Writer(path, durable=False) as writer:
        await writer.run(partial(deliveries.recover, now=now()))
        send = await writer.run(_reopen)
        run = Run(
            writer=writer,
            courier=pool,
            send=send,
            build=build,
            halt=halt,
            now=clock,
            jitter=random.random,
            tell=lambda state, attempt: None,
            say=lambda text: None,
            connections=route.connections * (route.in_flight + 1),
            patience=3.0,
            endurance=3.0,
            reconnect=0.05,
            outcome=_soon,
        )
        # A route or a disk that cannot be used now is one of the faults: the next round finds it mended.
        with suppress(ToldError):
            await run.go()
        await pool.close()
        if beside:
            await beside
        return await writer.run(partial(sends.get, send=send.id))


def _reopen(connection: Connection) -> Send:
    """Resume what was paused, because it was us who were refused."""
    found = sends.get(connection, 1)
    if found.state is SendState.PAUSED:
        return sends.move(connection, found.id, SendState.SENDING, now())
    return found


def _soon(reply: Reply, attempt: int, moment: datetime, jitter: float) -> Outcome:
    """Decide as always, and try again at once instead of in a minute."""
    outcome = delivery.outcome(reply, attempt, moment, jitter)
    return outcome._replace(due=moment + timedelta(milliseconds=50)) if outcome.due else outcome
