"""A message on its way through a courier: who it is for, what it waits for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsletter.model import Message, Reply, Stage
from newsletter.send.wire import Ask

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Opening:
    """An envelope that was written: the stages that its replies are about (None is RSET)."""

    stages: Sequence[Stage | None]
    ask: Ask


@dataclass(slots=True, eq=False)
class Parcel(Generic[S]):
    """A message to hand over. *session* and *opening* are set once its envelope is on a connection.

    *refusal* is set if that connection cannot take it. *waiter* is who waits for either.
    """

    message: Message
    commit: Callable[[], Awaitable[None]]
    session: S | None = None
    opening: Opening | None = None
    refusal: Reply | None = None
    waiter: "asyncio.Future[None] | None" = None
    _marked: bool = False

    async def committed(self) -> None:
        """Return once the message may be accepted. Asks once, whatever connections the message is tried on."""
        if not self._marked:
            await self.commit()
            self._marked = True

    def wake(self) -> None:
        """Let whoever waits look again."""
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)
