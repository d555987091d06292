"""The connections to one route: lends them, replaces the stale, keeps the route's pace. Knows no ledger."""

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from newsletter.config import Route
from newsletter.model import Message, Reply, Stage
from newsletter.pace import Bucket
from newsletter.send.limits import Limits
from newsletter.send.login import UnreachableError, log_in, own_name
from newsletter.send.parcel import Parcel
from newsletter.send.smtp import Session

#: How long to be content with the connections that there are, when a server takes no more of them, in seconds.
CONTENT = 60.0


class Pool:
    """A courier with up to ``route.connections`` sessions. Opens each when it is first needed.

    A server that turns one away while others are open is asked for no more than those for a while.

    Called by more tasks than it has connections, it sends the envelope of a message that waits along with the end
    of the one before it. Once *halt* is set nobody waits any longer for the turn that the route's rate gives them.
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
        self._count = 0
        self._most = route.connections
        self._content_until = 0.0
        self._sessions: set[Session] = set()
        self._idle: list[Session] = []
        self._waiting: deque[Parcel[Session]] = deque()
        self._name = ""

    async def deliver(self, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Hand *message* over, as `newsletter.send.courier.Courier` says."""
        if not await self._turn():
            return Reply(Stage.CONNECT, 0, text="the send was stopped")
        parcel: Parcel[Session] = Parcel(message, commit)
        try:
            while True:
                session = await self._seat(parcel)
                if session is None:
                    assert parcel.refusal
                    return parcel.refusal
                stale = session.used
                reply = await self._hand_over(session, parcel)
                if not (stale and reply.stage is Stage.MAIL and reply.code in (0, 421)):
                    return reply
                # The server ended an old session. It never saw this message, so a new one may take it.
                parcel.session = parcel.opening = None
        except UnreachableError as error:
            return error.reply

    async def close(self) -> None:
        """Say goodbye on every connection."""
        sessions, self._sessions = self._sessions, set()
        await asyncio.gather(*(session.close() for session in sessions))

    async def _turn(self) -> bool:
        """Wait as the route's rate asks for. Return False if the wait was ended."""
        if self._bucket.rate is None:
            return True
        wait = self._bucket.take(asyncio.get_running_loop().time())
        if wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._halt.wait(), wait)
                return False
        return True

    async def _seat(self, parcel: Parcel[Session]) -> Session | None:
        """Return a session to hand *parcel* over by, counted as used; None if it was refused while it waited."""
        while True:
            session = self._free()
            if session:
                session.users += 1
                return session
            if self._more():
                try:
                    return await self._open()
                except UnreachableError:
                    if not self._sessions:
                        raise
                    self._most = len(self._sessions)
                    self._content_until = asyncio.get_running_loop().time() + CONTENT
                continue
            await self._wait(parcel)
            if parcel.session or parcel.refusal:
                return parcel.session

    def _more(self) -> bool:
        """Whether another connection may be opened."""
        if self._content_until and asyncio.get_running_loop().time() >= self._content_until:
            self._most, self._content_until = self.route.connections, 0.0
        return self._count < self._most

    def _free(self) -> Session | None:
        """Return a session with room: an idle one, or a busy one if no more may be opened."""
        while self._idle:
            session = self._idle.pop()
            if session.room > 0:
                return session
            self._drop(session)
        if self.route.in_flight == 1 or self._more():
            return None
        best = max(self._sessions, key=lambda session: session.room, default=None)
        return best if best and best.room > 0 else None

    async def _wait(self, parcel: Parcel[Session]) -> None:
        parcel.waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(parcel)
        try:
            await parcel.waiter
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._waiting.remove(parcel)
            if parcel.session:
                # Its envelope lies on a connection already.
                parcel.session.abort()
                self._leave(parcel.session)
            raise

    def _follow(self) -> Parcel[Session] | None:
        """Take the parcel that waits longest."""
        while self._waiting:
            parcel = self._waiting.popleft()
            if parcel.waiter and not parcel.waiter.done():
                return parcel
        return None

    async def _open(self) -> Session:
        self._count += 1
        try:
            self._name = self._name or await own_name(self.route)
            session = await log_in(self.route, self._password, self._limits, self._context, self._name)
        except BaseException:
            self._count -= 1
            self._wake()
            raise
        session.users = 1
        self._sessions.add(session)
        return session

    async def _hand_over(self, session: Session, parcel: Parcel[Session]) -> Reply:
        try:
            return await session.deliver(parcel, self._follow)
        except BaseException:
            # Half a message lies in the server: nobody may use this session again.
            session.abort()
            raise
        finally:
            self._leave(session)

    def _leave(self, session: Session) -> None:
        """Take a session back: lend it on, or let it go if it can be used no more."""
        session.users -= 1
        if session.idle:
            if session.usable:
                self._idle.append(session)
            else:
                self._drop(session)
        if session.room > 0 or self._count < self._most:
            self._wake()

    def _drop(self, session: Session) -> None:
        session.part()
        if session in self._sessions:
            self._sessions.remove(session)
            self._count -= 1

    def _wake(self) -> None:
        """Let the one that waits longest look for a session."""
        if parcel := self._follow():
            parcel.wake()
