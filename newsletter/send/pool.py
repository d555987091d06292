"""The connections to one route: lends them, replaces the stale, keeps the route's pace. Knows no ledger."""

import asyncio
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import replace
from math import inf
from time import monotonic

from newsletter.config import Route
from newsletter.errors import RouteError
from newsletter.model import Reply, Stage
from newsletter.send.answer import unnamed
from newsletter.send.courier import Courier
from newsletter.send.judge import apart, unknown
from newsletter.send.limits import Limits
from newsletter.send.login import Access, UnreachableError, log_in, may_want, own_name
from newsletter.send.parcel import STOPPED, Parcel, Tasks
from newsletter.send.silence import Silence
from newsletter.send.smtp import Session
from newsletter.timing.pace import Bucket

#: How long to be content with the connections that there are, when a server takes no more of them, in seconds:
#: a moment at first, for it may only just be back, and twice as long each time that it says so again.
CONTENT, LONGEST = 1.0, 60.0

#: How long a server that refused us for what is wrong with the route is not asked again, in seconds: at first, and
#: after that. Who is refused again and again is soon locked out, often for five log-ins in ten minutes.
SOON, LATER = 30.0, 600.0

#: How long what is under way may take to its end when the send is stopped, in seconds: more than a server that
#: works well needs. After that nobody waits for a message whose end is not written; those are looked for so often.
GRACE, LOOK = 5.0, 0.5


class Pool(Courier):
    """A courier with up to ``route.connections`` sessions. Opens each when it is first needed.

    A message goes to the session that is free first, not to the one that was opened for it. A server that turns
    one away while others are open is asked for no more than those for a while, and then for one more. The first
    who logs in does so alone, and what is refused for good is not asked for again soon.

    Called by more tasks than it has connections, it sends the envelope of a message that waits along with the end
    of the one before it. Once *halt* is set nobody waits any longer for the turn that the route's rate gives them,
    or for a connection that is being opened, and soon only for what may be accepted; what is posted later, such as
    a word to the editor, may open one.
    """

    def __init__(
        self,
        route: Route,
        password: str | Access = "",
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
        self._opening: dict[asyncio.Task[None] | None, float] = {}
        self._watched = self._halt.is_set()
        self._most = route.connections
        self._content = CONTENT
        self._content_until = 0.0
        self._wrong: RouteError | None = None
        self._wrong_until = 0.0
        self._broke = inf
        self._apart = False
        self._whole = self._closed = self._met = False
        self._sessions: set[Session] = set()
        self._idle: list[Session] = []
        self._waiting: deque[Parcel[Session]] = deque()
        self._tasks = Tasks()
        self._name = ""

    def post(self, parcel: Parcel[Session]) -> None:
        """Hand the message of *parcel* over, as `newsletter.send.parcel.Post` says."""
        if self._bucket.rate is not None:
            self._tasks.begin(self._wait(parcel))
        elif self._waiting and self._count >= self._most and not self._content_until:
            # While anybody waits there is no room.
            self._waiting.append(parcel)
        else:
            self._place(parcel)

    def silence(self) -> Silence:
        """Return what is waited for, as `newsletter.send.courier.Courier` says."""
        clock = asyncio.get_running_loop().time()
        outside = [clock - since for since in self._opening.values()]
        inside = [waited for each in self._sessions if (waited := each.waited) is not None]
        if len(inside) < len(self._sessions):
            # By one that is free mail goes on; some servers let nobody else in meanwhile.
            outside = []
        if not outside + inside:
            return Silence()
        what = [f"{len(outside)} not let in yet"] if outside else []
        hint = may_want(self.route) if outside and not self._met else ""
        what += [f"{len(inside)} without a reply"] if inside else []
        words = "; ".join(filter(None, (", ".join(what), hint)))
        return Silence(min(outside + inside), f"{self.route.name} (connections: {words})")

    async def close(self) -> None:
        """Say goodbye on every connection, and wait for none that is being opened."""
        self._closed = True
        self._tasks.cancel()
        sessions, self._sessions = self._sessions, set()
        await asyncio.gather(*(session.close() for session in sessions))

    async def _wait(self, parcel: Parcel[Session]) -> None:
        """Place *parcel* when it is its turn, as the route's rate asks for, unless the wait is ended."""
        wait = self._bucket.take(asyncio.get_running_loop().time())
        if wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._halt.wait(), wait)
                parcel.ended(STOPPED)
                return
        self._place(parcel)

    def _place(self, parcel: Parcel[Session], *, first: bool = False) -> None:
        """Give *parcel* to a session, or let it wait for one, before all others if it is to be *first*."""
        if first:
            self._waiting.appendleft(parcel)
        else:
            self._waiting.append(parcel)
        self._fill()

    def _fill(self) -> None:
        """Give those that wait to sessions with room, and open sessions for the rest."""
        while parcel := self.follow():
            if session := self._free():
                self._start(session, parcel)
                continue
            self._waiting.appendleft(parcel)
            if len(self._opening) >= len(self._waiting) or not self._more():
                break
            self._count += 1
            self._opening[self._tasks.begin(self._open())] = asyncio.get_running_loop().time()
            if not self._watched:
                self._watched = True
                self._tasks.begin(self._watch())

    def _start(self, session: Session, parcel: Parcel[Session]) -> None:
        session.users += 1
        parcel.fresh = not session.used
        session.start(parcel)

    def _more(self) -> bool:
        """Whether another connection may be opened: a password that is wrong is wrong for all of them."""
        if self._opening and not self._met and self.route.username:
            return False
        if self._content_until and asyncio.get_running_loop().time() >= self._content_until:
            self._most, self._content_until = min(self._count + 1, self.route.connections), 0.0
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

    def follow(self) -> Parcel[Session] | None:
        """Take the parcel that waits longest."""
        while self._waiting:
            parcel = self._waiting.popleft()
            if not parcel.late:
                parcel.fresh = False
                return parcel
            self._end(parcel)
        return None

    def _end(self, parcel: Parcel[Session]) -> None:
        """End a parcel that is late. One that is marked was tried, and surely not accepted."""
        reply = STOPPED._replace(stage=Stage.MAIL) if parcel.marked else STOPPED
        asyncio.get_running_loop().call_soon(parcel.ended, reply)

    async def _watch(self) -> None:
        """Once the send is stopped, open no connection any further: no message is under way there.

        After a while leave those, too, on which none may be accepted.
        """
        await self._halt.wait()
        opening, self._opening = self._opening, {}
        self._count -= len(opening)
        for each in opening:
            if each:
                each.cancel()
        self._fill()
        await asyncio.sleep(GRACE)
        while True:
            for session in list(self._sessions):
                session.stop()
            await asyncio.sleep(LOOK)

    async def _open(self) -> None:
        """Connect, and let whoever waits have the session."""
        opening = asyncio.current_task()
        try:
            if self._wrong and asyncio.get_running_loop().time() < self._wrong_until:
                raise self._wrong
            self._name = self._name or await own_name(self.route)
            session = await log_in(self.route, self._password, self._limits, self._context, self._name)
        except Exception as error:
            if self._opening.pop(opening, None) is not None:
                self._count -= 1
                self._shut(error)
            return
        if self._opening.pop(opening, None) is None or self._closed:
            # Python 3.11's `asyncio.wait_for` may end a log-in well though it was cancelled.
            session.part()
            return
        session.keeper, self._met, self._wrong = self, True, None
        if self._apart:
            session.apart()
        if self._whole:
            session.whole()
        self._sessions.add(session)
        self._idle.append(session)
        if not self._content_until:
            self._most, self._content = self.route.connections, CONTENT
        self._fill()

    def _shut(self, error: Exception) -> None:
        """Hear why there is no connection: with others open, whoever waits gets one of them, else nobody does.

        What the last one heard that was being opened is the answer to all: they do not each ask for it.
        """
        if isinstance(error, UnreachableError):
            self._be_content()
            if self._sessions:
                self._fill()
                return
        elif isinstance(error, RouteError) and error is not self._wrong:
            self._wrong_until = asyncio.get_running_loop().time() + (LATER if self._wrong else SOON)
            self._wrong = error
        for _ in range(1 if self._opening else len(self._waiting)):
            if parcel := self.follow():
                self._turn_away(parcel, error)

    def _be_content(self) -> None:
        """Open no more connections than there are, or one, for a while; for longer where some are let in."""
        if not self._content_until:
            self._content_until = asyncio.get_running_loop().time() + self._content
            if self._sessions:
                self._content = min(2 * self._content, LONGEST)
        self._most = max(1, self._count)

    def _turn_away(self, parcel: Parcel[Session], error: Exception) -> None:
        """End a parcel that no connection can be had for, because of *error*."""
        if parcel.marked and isinstance(error, UnreachableError | RouteError):
            # It surely was not accepted; but nobody may post it as if nothing had begun, for a mark is made once.
            parcel.ended(Reply(Stage.MAIL, 0, text=str(error)))
            return
        parcel.ended(error.reply if isinstance(error, UnreachableError) else error)

    def over(self, session: Session, parcel: Parcel[Session], reply: Reply | Exception) -> None:
        """Take a session back: lend it on, or let it go if it can be used no more. Tell what came of *parcel*."""
        session.users -= 1
        if self._waiting and session.users < session.window:
            while session.room and (following := self.follow()):
                self._start(session, following)
        if not session.users:
            if session.usable:
                self._idle.append(session)
            else:
                self._drop(session)
        if self._waiting and self._count < self._most:
            self._fill()
        if isinstance(reply, Reply) and not 200 <= reply.code < 300:
            self._failed(parcel, reply)
        else:
            parcel.ended(reply)

    def _failed(self, parcel: Parcel[Session], reply: Reply) -> None:
        """Hear that a server did not take a message."""
        reply = unnamed(reply, parcel.message.envelope.recipient)
        if parcel.late and not (parcel.marked or reply.code):
            # It was surely not accepted, and nobody wants it to be any more: as if it had not been begun.
            parcel.ended(STOPPED)
            return
        if parcel.session and parcel.session.chunking and unknown(reply):
            # It may take it as it took mail before there were chunks: from now on nothing else is sent to it.
            self._whole = True
            for each in [each for each in self._sessions if not each.users]:
                self._idle.remove(each)
                self._drop(each)
            parcel.session = None
            self._place(parcel, first=True)
            return
        if parcel.behind and apart(reply):
            # It may be taken by itself: from now on one waits for the other.
            self._apart = True
            for each in self._sessions:
                each.apart()
            parcel.session = None
            self._place(parcel, first=True)
            return
        if reply.stage is Stage.MAIL and reply.code in (0, 421) and not parcel.fresh:
            # The server ended an old session. It never saw this message, so a new one may take it.
            parcel.session = None
            self._place(parcel, first=True)
            return
        if reply.code >= 400 and parcel.refused:
            parcel.refused(reply)
        if reply.stage is Stage.DOT and not reply.code and parcel.session:
            self._doubt(parcel.session)
        parcel.ended(reply)

    def _doubt(self, session: Session) -> None:
        """Note that a message is in doubt, as its connection broke.

        Where one breaks that was opened after another did, it is the server's way to end them: the next ones have
        one message on its way at a time.
        """
        if session.born > self._broke:
            self.route = replace(self.route, in_flight=1)
        self._broke = min(self._broke, monotonic())

    def _drop(self, session: Session) -> None:
        session.part()
        if session in self._sessions:
            self._sessions.remove(session)
            self._count -= 1
