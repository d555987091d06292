"""A message on its way through couriers: what it waits for, and who hears what came of it.

A send hands over a thousand messages a second, so this way has no task and no future for each message: each step
calls the next. `carried` is the same for whoever has one message, and awaits it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from newsletter.model import Message, Reply, Stage
from newsletter.send.envelope import Opening

S = TypeVar("S")

#: What opens a message that was given to nobody yet.
NONE: Opening = ((), (), b"")

#: What comes of a message that is given to no connection any more.
STOPPED = Reply(Stage.CONNECT, 0, text="the send was stopped")

#: Hears what came of it: nothing, if all is well.
Heard = Callable[[Exception | None], None]


@dataclass(slots=True, eq=False)
class Parcel(Generic[S]):
    """A message to hand over.

    *mark* is called once, whatever connections the message is tried on, before the byte that lets a server accept
    it can leave; that byte leaves once the mark is heard of, unless with an error. *ended* is called once, with
    the reply or with the error that kept it from one; *refused* hears a reply from 400 on before that. *session*
    and *opening*, its envelope as that writes it, are set once it is given to a connection; *fresh* tells that
    nothing went by that connection before, *behind* that it left before the one before it was answered, *told*
    that the byte after which it may be accepted was written there. No connection is given it any more once it is
    *withdrawn*, as nobody waits for it, or *halt* is set.
    """

    message: Message
    mark: Callable[[Heard], None]
    ended: Callable[[Reply | Exception], None]
    refused: Callable[[Reply], None] | None = None
    session: S | None = None
    opening: Opening = NONE
    fresh: bool = False
    behind: bool = False
    told: bool = False
    marked: bool = False
    withdrawn: bool = False
    halt: asyncio.Event | None = None

    @property
    def late(self) -> bool:
        """Whether it may be given to no connection any more."""
        return self.withdrawn or (self.halt is not None and self.halt.is_set())

    async def committed(self) -> None:
        """Return once the message may be accepted. Raise what keeps it from that."""
        if self.marked:
            return
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.mark(lambda error: _answer(heard, error))
        await heard
        self.marked = True


class Post(Protocol):
    """A courier that takes parcels, as many as are posted. It calls nobody back before `post` returned."""

    def post(self, parcel: "Parcel[Any]") -> None:
        """Hand the message of *parcel* over, as `newsletter.send.courier.Courier` says."""
        ...


class Tasks:
    """Work beside the way of callbacks: a slow server, a refusal to be sure of. Holds it until it is done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Start *work*, which must raise nothing unless somebody looks."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def cancel(self) -> None:
        """Stop all of it."""
        for task in self._tasks:
            task.cancel()


async def carried(by: Post, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
    """Post *message* and wait for the reply, as `newsletter.send.courier.Courier.deliver` says."""
    tasks, ended = Tasks(), asyncio.get_running_loop().create_future()

    def mark(heard: Heard) -> None:
        tasks.begin(_done(commit)).add_done_callback(lambda task: heard(_error(task)))

    parcel: Parcel[Any] = Parcel(message, mark, _telling(ended))
    by.post(parcel)
    try:
        reply: Reply = await ended
    except asyncio.CancelledError:
        parcel.withdrawn = True
        if parcel.session:
            # Half of it may lie in the server: nobody may use this session again.
            parcel.session.abort()
        tasks.cancel()
        raise
    return reply


def _telling(future: "asyncio.Future[Reply]") -> Callable[[Reply | Exception], None]:
    """Return what gives *future* the end of a parcel."""

    def end(reply: Reply | Exception) -> None:
        if isinstance(reply, Exception):
            _answer(future, reply)
        elif not future.done():
            future.set_result(reply)

    return end


async def _done(commit: Callable[[], Awaitable[None]]) -> None:
    await commit()


def _error(task: "asyncio.Task[None]") -> Exception | None:
    error = RuntimeError("nobody waits for this message any more") if task.cancelled() else task.exception()
    return error if isinstance(error, Exception) or error is None else RuntimeError(str(error))


def _answer(future: "asyncio.Future[Any]", error: Exception | None) -> None:
    with suppress(asyncio.InvalidStateError):
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
