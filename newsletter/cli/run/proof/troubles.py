"""What can go wrong on this side while a send runs: the database, the clock, a reader who leaves, a bad row."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from newsletter.catch.faulty import Fault, Server
from newsletter.cli.run.proof.audit import Verdict, judge
from newsletter.cli.run.proof.ground import Ground, message, route_to
from newsletter.cli.terminal import now
from newsletter.model import Message
from newsletter.send.limits import Limits
from subscribers.model import Delivery
from subscribers.store.file.open import connect

#: Readers of one try: enough that it lasts until the trouble comes.
READERS = 60

#: For how long another program holds the database, in seconds: no reader may pay for it. The longest is about as
#: long as a write waits.
HELD = (0.1, 5.0, 60.0)

#: How far a clock is set wrong in the middle.
SHIFTS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1))

#: A letter so long that a server which reads slowly must be waited for: the system keeps a few megabytes for it.
LONG = ("x" * 900 + "\r\n") * 20_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, in words, and what tries it."""

    name: str
    try_: Callable[[], Verdict]


def troubles() -> Sequence[Trouble]:
    """Return all of them, those that take long first."""
    return [
        *(Trouble(f"the database is held for {held:g} s", partial(_held, held)) for held in reversed(HELD)),
        Trouble("a byte a second is read", _slow),
        *(Trouble(f"the clock jumps by {_hours(shift)}", partial(_clock, shift)) for shift in SHIFTS),
        Trouble("readers leave while it is sent", _left),
        Trouble("no message can be made for a reader", _poison),
    ]


def _hours(shift: timedelta) -> str:
    return f"{shift / timedelta(hours=1):+g} h"


def _tried(try_: Callable[[Ground, Server], int], server: Server, readers: int = READERS) -> Verdict:
    """Return the verdict on what *try_* sends; it returns how many may be uncertain."""
    with tempfile.TemporaryDirectory() as folder, server:
        ground = Ground(Path(folder) / "people.db", readers)
        allowed = try_(ground, server)
        return judge(ground.ledger(), server.ids(), allowed=allowed)


def _some(server: Server, then: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return what does *then* once a few have it."""

    async def work() -> None:
        while len(server.accepted) < READERS // 4:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.005)
        await then()

    return work


def _held(seconds: float) -> Verdict:
    """Hold the write lock, as another program that forgot to commit."""

    def try_(ground: Ground, server: Server) -> int:
        async def hold() -> None:
            with closing(connect(ground.path, durable=False)) as other:
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(seconds)
                other.execute("ROLLBACK")

        ground.send(route_to(server), during=_some(server, hold))
        return 0

    return _tried(try_, Server(delay=0.002))


def _clock(shift: timedelta) -> Verdict:
    def try_(ground: Ground, server: Server) -> int:
        def wrong() -> datetime:
            return now() + (shift if len(server.accepted) > READERS // 3 else timedelta())

        ground.send(route_to(server), rounds=1, clock=wrong)
        ground.send(route_to(server))
        return 0

    return _tried(try_, Server(faults=[Fault("rcpt", "451", times=3)]))


def _left() -> Verdict:
    """Let half of the readers leave while their letters are on the way: who has left is sent no dot."""

    def try_(ground: Ground, server: Server) -> int:
        async def leave() -> None:
            with closing(connect(ground.path, durable=False)) as other:
                other.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id % 2 = 0")

        ground.send(route_to(server), during=_some(server, leave))
        return 0

    return _tried(try_, Server(delay=0.002))


def _poison() -> Verdict:
    def build(row: Delivery) -> Message:
        if row.subscriber % 7 == 0:
            raise ValueError("no header can hold this")
        return message(row)

    def try_(ground: Ground, server: Server) -> int:
        ground.send(route_to(server), build=build)
        return 0

    return _tried(try_, Server())


def _slow() -> Verdict:
    """A long letter is on its way before its dot, so a server that reads too slowly leaves no doubt."""

    def build(row: Delivery) -> Message:
        return message(row, LONG)

    def try_(ground: Ground, server: Server) -> int:
        # Only the reading is slow: a machine that is busy may take its time over the rest.
        ground.send(route_to(server), build=build, limits=Limits(body=1.0))
        return 0

    return _tried(try_, Server(faults=[Fault("body", "slow", times=3)]), readers=6)
