"""A courier over several routes: shares messages out by weight, keeps each route's rates, leaves out what fails.

A route whose server asks for patience is used half as fast from then on, and that is remembered.

A message goes to another route only while it surely was not accepted: when the first one could not be reached,
or asks for patience before it heard for whom it is.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from newsletter import delivery
from newsletter.config import Route
from newsletter.errors import RouteError
from newsletter.model import Envelope, Message, Reply, Stage
from newsletter.send.courier import Courier
from newsletter.send.parcel import STOPPED, Parcel, Tasks
from newsletter.send.silence import Silence, lasts, least
from newsletter.timing.pace import Allowance, Learned, Pace, Quota, Ration, allowance
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import paces

#: Messages that are made ahead, at least two for each connection: one whose envelope leaves with the dot before
#: it, and one that is ready when that dot is. When replies come in a bunch, the next ones leave at once.
AHEAD = 100

#: How long to leave a route alone that does not answer, while others do, in seconds.
REST = 30.0

#: How often what is used of a ration is written down, in seconds, and what others used of it is learned.
KEEP = 1.0

#: A longer wait for a route's ration is told to the operator, in seconds.
TOLD = 10.0

#: A word with a figure in it.
_FIGURE = re.compile(r"\S*\d\S*")

#: How often whoever waits for a route looks whether letters may still leave, in seconds.
LOOK = 1.0

#: A route of which nothing was heard for so many seconds, though it has letters, keeps no share of them waiting.
STILL = 10.0


@dataclass(slots=True, eq=False)
class Lane:
    """A route with its courier. *room* is how many messages it may have at once.

    *rations* are the quotas among its *limits*, by the name that they are kept by. *heard* is when its server last
    answered for a message, or it began to have some.
    """

    route: Route
    courier: Courier
    limits: tuple[Allowance, ...] = ()
    pace: Pace = field(default_factory=Pace)
    rations: Mapping[str, Ration] = field(default_factory=dict)
    busy: int = 0
    heard: float = 0.0
    credit: float = 0.0
    rests_until: float = 0.0

    @property
    def room(self) -> int:
        """How many messages keep its connections busy: those on their way, and those that are made ahead."""
        away = self.route.connections * self.route.in_flight
        return away + max(2 * self.route.connections, min(away, AHEAD))

    def wait(self, clock: float, now: datetime) -> float:
        """Return how long its rates and its pace make the next message wait."""
        seconds = now.timestamp()
        waits = (each.wait(seconds if isinstance(each, Quota) else clock) for each in self.limits)
        return max(self.pace.wait(clock, now), *waits, 0.0)

    def take(self, clock: float, now: datetime) -> None:
        """Count a message."""
        seconds = now.timestamp()
        if not self.busy:
            self.heard = clock
        self.busy += 1
        self.pace.take(clock)
        for each in self.limits:
            each.take(seconds if isinstance(each, Quota) else clock)
        for kept in self.rations.values():
            kept.note(seconds)

    def may(self, now: datetime) -> bool:
        """Whether a message may go or wait before its rations are written down."""
        return all(kept.may(now.timestamp()) for kept in self.rations.values())


@dataclass(slots=True, eq=False)
class Errand:
    """A parcel that may go to several routes: as it came, and the lanes that were *tried*.

    *reply* is what it ends with if no other takes it: who may come back counts more than who is wrong.
    """

    parcel: Parcel[Any]
    message: Message
    ended: Callable[[Reply | Exception], None]
    tried: list[Lane] = field(default_factory=list)
    reply: Reply | Exception = STOPPED


def lane(route: Route, courier: Courier, learned: Learned | None = None) -> Lane:
    """Return the lane of a route; *courier* must not keep the route's rates too. *learned* is its pace so far."""
    limits = tuple(allowance(rate) for rate in route.rates)
    rations = {route.ration(each.rate): Ration(each) for each in limits if isinstance(each, Quota)}
    return Lane(route, courier, limits, Pace(learned), rations)


class Routes(Courier):
    """The courier. *halt* ends every wait; *say* tells the operator; *writer* keeps rations and paces, if any.

    *closed* says whether no letter may leave now, whoever waited for his turn.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        *,
        halt: asyncio.Event,
        now: Callable[[], datetime],
        say: Callable[[str], None],
        writer: Writer | None = None,
        closed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._lanes = lanes
        self._closed = closed
        self._halt = halt
        self._now = now
        self._say = say
        self._writer = writer
        # Most letters have one route without a rate: there is nothing to choose.
        self._only = lanes[0] if len(lanes) == 1 and not lanes[0].limits and not lanes[0].pace.learned else None
        self._refused = partial(self._heard, lanes[0])
        self._waiting: deque[Errand] = deque()
        self._freed = asyncio.Event()
        self._kept = 0.0
        self._keeping = asyncio.Lock()
        self._told: set[str] = set()
        self._tasks = Tasks()

    @property
    def room(self) -> int:
        """How many messages keep all connections busy."""
        return sum(lane.room for lane in self._lanes)

    def post(self, parcel: Parcel[Any]) -> None:
        """Hand the message of *parcel* over, as `newsletter.send.courier.Courier` says."""
        if only := self._only:
            only.pace.take(asyncio.get_running_loop().time())
            parcel.message = dressed(parcel.message, only.route)
            parcel.refused = self._refused
            only.courier.post(parcel)
            return
        errand = Errand(parcel, parcel.message, parcel.ended)
        if self._waiting or not self._begin(errand):
            self._waiting.append(errand)
            if len(self._waiting) == 1:
                self._tasks.begin(self._serve())

    async def _serve(self) -> None:
        """Find routes for those that wait, in their order."""
        while self._waiting:
            await self._place(self._waiting[0])
            self._waiting.popleft()

    async def _place(self, errand: Errand) -> None:
        """Wait for a route that takes *errand*, and hand it over there."""
        try:
            lane = await self._choose(errand.tried)
        except Exception as error:
            errand.ended(error)
            return
        if lane:
            self._hand(errand, lane)
        else:
            errand.ended(errand.reply)

    def _begin(self, errand: Errand) -> bool:
        """Hand *errand* over at once, if a route is free that was not tried yet and that answers."""
        clock = asyncio.get_running_loop().time()
        lanes = [lane for lane in self._usable(errand.tried) if lane.rests_until <= clock]
        # Nobody stands in for a route that only has its ration to be written down first.
        ready = bool(lanes) and all(map(self._may, lanes))
        lane, _ = self._pick(lanes, clock, self._now()) if ready else (None, None)
        if lane is None:
            return False
        self._hand(errand, lane)
        if lane.rations and clock - self._kept > KEEP:
            self._kept = clock
            self._tasks.begin(self._keep())
        return True

    def _hand(self, errand: Errand, lane: Lane) -> None:
        parcel = errand.parcel
        parcel.message = dressed(errand.message, lane.route)
        parcel.ended = partial(self._ended, errand, lane)
        lane.courier.post(parcel)

    def _ended(self, errand: Errand, lane: Lane, reply: Reply | Exception) -> None:
        """Hear what came of *errand* on *lane*; another one may take what this one surely did not."""
        lane.busy -= 1
        clock = asyncio.get_running_loop().time()
        if _answered(reply):
            lane.heard = clock
        self._freed.set()
        stopped = errand.parcel.late and reply == STOPPED
        wrong = isinstance(reply, RouteError) and not errand.parcel.marked
        if stopped or errand.parcel.withdrawn or (isinstance(reply, Exception) and not wrong):
            errand.ended(reply)
        elif isinstance(reply, Exception) or reply.stage is Stage.CONNECT:
            lane.rests_until = clock + REST
            errand.tried.append(lane)
            if self._usable(errand.tried):
                name = lane.route.name
                said = f"{name}: {reply.words}" if isinstance(reply, Reply) else str(reply)
                self._once(f"{said}. The other routes go on.", f"{name}: left out")
            if errand.reply is STOPPED or (isinstance(reply, Reply) and not _answered(errand.reply)):
                errand.reply = reply
            self._tasks.begin(self._place(errand))
        else:
            lane.rests_until = 0.0
            self._heard(lane, reply)
            errand.tried.append(lane)
            errand.reply = reply
            # What is marked counts as in flight: it must not wait in line once more.
            free = not errand.parcel.marked and not self._halt.is_set()
            busy = reply.stage is Stage.MAIL and 400 <= reply.code < 500
            if not (busy and free and self._begin(errand)):
                errand.ended(reply)

    def silence(self) -> Silence:
        """Return what is waited for, as `newsletter.send.courier.Courier` says."""
        return least([lane.courier.silence() for lane in self._lanes])

    async def close(self) -> None:
        """Leave politely."""
        await self._keep(last=True)
        for lane in self._lanes:
            await lane.courier.close()

    def _heard(self, lane: Lane, reply: Reply) -> None:
        """Use a route half as fast from now on, and remember it, if its server asks for that."""
        if not delivery.slows_route(reply) or reply.stage is Stage.CONNECT:
            return
        clock = asyncio.get_running_loop().time()
        learned = lane.pace.put_off(clock, self._now(), delivery.names_pace(reply))
        if learned is None:
            return
        self._only = None
        if self._writer:
            name = lane.route.paced
            self._writer.submit(partial(paces.learn, name=name, rate=learned.rate, since=learned.since))
        said = reply.words
        what = f"{lane.route.name} asks for patience: {said}"
        # Some count in what they say, or name the message: that is no other reason.
        about = f"{lane.route.name}: {_FIGURE.sub('', said)}"
        self._once(f"{what}; it is used more slowly for a while. `newsletter status` shows how fast.", about)

    def _usable(self, tried: Sequence[Lane]) -> list[Lane]:
        return [lane for lane in self._lanes if lane not in tried]

    async def _choose(self, tried: Sequence[Lane]) -> Lane | None:
        """Wait for a route that may take a message now, and count it there. None if there is none or at a halt."""
        while True:
            usable = self._usable(tried)
            if not usable:
                return None
            if not all(map(self._may, usable)):
                await self._keep()
                continue
            clock, now = asyncio.get_running_loop().time(), self._now()
            chosen, wait = self._pick(usable, clock, now)
            if chosen:
                if chosen.rations and clock - self._kept > KEEP:
                    await self._keep()
                return chosen
            if self._halt.is_set() or self._closed():
                return None
            if wait and wait > TOLD and not any(lane.pace.learned for lane in usable):
                spent = " and ".join(lane.route.name for lane in usable if lane.wait(clock, now) > TOLD)
                words = f"{spent}: the rate is used up for {lasts(wait)}; waiting loses nothing."
                self._once(words, f"{spent}: used up")
            await self._wait(LOOK if wait is None else min(wait, LOOK))

    def _pick(self, usable: Sequence[Lane], clock: float, now: datetime) -> tuple[Lane | None, float | None]:
        """Count a message on the lane whose turn it is by weight, and return that lane.

        If it is nobody's turn, return how long to wait at most (None: until one is free).
        """
        awake = [lane for lane in usable if lane.rests_until <= clock] or list(usable)
        # What has no weight stands in for the others.
        awake = [lane for lane in awake if lane.route.weight] or awake
        moving = [lane for lane in awake if lane.busy < lane.room or clock - lane.heard < STILL]
        waits = [(lane, lane.wait(clock, now)) for lane in moving]
        ready = [lane for lane, wait in waits if wait <= 0]
        if not ready:
            return None, min((wait for _, wait in waits), default=None)
        turn = max(ready, key=lambda lane: lane.credit + lane.route.weight)
        # Whose turn it is may be full: those of the same weight go on, others would get more than their share.
        free = [lane for lane in ready if lane.busy < lane.room and lane.route.weight == turn.route.weight]
        if not free:
            return None, None
        for lane in ready:
            lane.credit += lane.route.weight
        chosen = max(free, key=lambda lane: lane.credit)
        chosen.credit -= sum(lane.route.weight for lane in ready)
        chosen.take(clock, now)
        return chosen, None

    async def _wait(self, seconds: float) -> None:
        """Wait so long at most; less if a connection is free, or at a halt."""
        self._freed.clear()
        waits = [asyncio.ensure_future(event.wait()) for event in (self._freed, self._halt)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _may(self, lane: Lane) -> bool:
        """Whether a message may go by *lane*, or wait for it, before its rations are written down."""
        return self._writer is None or lane.may(self._now())

    async def _keep(self, *, last: bool = False) -> None:
        """Write down what was used of rations, some of it ahead unless it is the *last* time.

        Learn what others used of them.
        """
        if self._writer is None:
            return
        async with self._keeping:
            self._kept = asyncio.get_running_loop().time()
            for lane in self._lanes:
                for name, kept in lane.rations.items():
                    now = self._now().timestamp()
                    ahead = 0 if last else kept.wanted(now)
                    oldest = int((now - kept.quota.rate.seconds) // kept.quota.part) - 1
                    use = partial(paces.use, name=name, more=kept.news(now, ahead), oldest=oldest)
                    kept.learn(await self._writer.run(use), ahead)

    def _once(self, text: str, about: str = "") -> None:
        """Say *text* unless it was said, or something else *about* the same."""
        if (about or text) not in self._told:
            self._told.add(about or text)
            self._say(text)


def _answered(reply: Reply | Exception) -> bool:
    return isinstance(reply, Reply) and reply.code > 0


def dressed(message: Message, route: Route) -> Message:
    """Return *message* as *route* wants it: its envelope sender, and its header for the Message-ID."""
    if route.sender or route.sender_domain:
        local = message.envelope.sender.rpartition("@")[0]
        sender = route.sender or f"{local}@{route.sender_domain}"
        message = message._replace(envelope=Envelope(sender, message.envelope.recipient))
    if route.id_header:
        line = f"{route.id_header}: {message.message_id.strip('<>')}\r\n".encode("ascii")
        message = message._replace(data=line + message.data)
    return message
