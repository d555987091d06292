"""The connections to one route: lends them, replaces the stale, keeps the route's pace. Knows no ledger."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

from newsletter.config import Route
from newsletter.model import Message, Reply, Stage
from newsletter.pace import Bucket
from newsletter.send.login import UnreachableError, log_in, own_name
from newsletter.send.smtp import Limits, Session


class Pool:
    """A courier with up to ``route.connections`` sessions. Opens each when it is first needed.

    Once *halt* is set nobody waits any longer for the turn that the route's rate gives them.
    """

    def __init__(
        self,
        route: Route,
        password: str = "",
        *,
        limits: Limits | None = None,
        context: ssl.SSLContext | None = None,
        halt: asyncio.Event | None = None,
    ) -> None:
        self.route = route
        self._password = password
        self._limits = limits or Limits()
        self._context = context
        self._halt = halt or asyncio.Event()
        self._bucket = Bucket(route.rate)
        self._room = asyncio.Semaphore(route.connections)
        self._idle: list[Session] = []
        self._name = ""

    async def deliver(self, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Hand *message* over, as `newsletter.send.courier.Courier` says."""
        async with self._room:
            if not await self._turn():
                return Reply(Stage.CONNECT, 0, text="the send was stopped")
            try:
                while True:
                    session = self._idle.pop() if self._idle else await self._open()
                    stale = session.used
                    reply = await self._hand_over(session, message, commit)
                    if not (stale and reply.stage is Stage.MAIL and reply.code in (0, 421)):
                        return reply
                    # The server ended an old session. It never saw this message, so a new one may take it.
            except UnreachableError as error:
                return error.reply

    async def close(self) -> None:
        """Say goodbye on every connection."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(session.close() for session in idle))

    async def _turn(self) -> bool:
        """Wait as the route's rate asks for. Return False if the wait was ended."""
        wait = self._bucket.take(asyncio.get_running_loop().time())
        if wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._halt.wait(), wait)
                return False
        return True

    async def _open(self) -> Session:
        self._name = self._name or await own_name(self.route)
        return await log_in(self.route, self._password, self._limits, self._context, self._name)

    async def _hand_over(self, session: Session, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        try:
            reply = await session.deliver(message, commit)
        except BaseException:
            # Half a message lies in the server: nobody may use this session again.
            session.abort()
            raise
        if session.usable:
            self._idle.append(session)
        else:
            session.abort()
        return reply
