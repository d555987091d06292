"""The run of a send: claims rows in groups, hands each message to the courier, writes down what came of it.

The order of the writes is the promise of docs/delivery.md. A row is claimed on the disk before anything is said
about it, and ``committing`` on the disk before its dot can leave. A result need not be waited for: the writer
works in order, so it is on the disk before the next dot of the same worker leaves.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from newsletter import delivery as decide
from newsletter.errors import CROWDED, MORE_FILES, TryAgainError
from newsletter.model import Message, Outcome, Reply, Stage
from newsletter.send import standing
from newsletter.send.answer import unnamed
from newsletter.send.courier import Courier
from newsletter.send.line import Line, domain
from newsletter.send.notes import Notes, UnwantedError
from newsletter.send.parcel import Parcel
from newsletter.send.silence import notice, waits
from newsletter.timing.breaker import Breaker
from newsletter.timing.hours import Permit
from newsletter.timing.pace import Learned
from subscribers.errors import AddressError, PeopleError
from subscribers.model import Delivery, DeliveryState, Send, SendState
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, deliveries, paces, sends
from subscribers.store.ledger.deliveries import Result

T = TypeVar("T")

#: Rows in a claim: large enough that a claim costs a reader almost nothing, small enough to be given back quickly.
GROUP = 100

#: Messages that are made before the servers and the disk are listened to again.
STEP = 8

#: How often to look whether somebody paused or cancelled the send, in seconds.
LOOK = 0.5

#: How long to wait before connecting again, in seconds.
RECONNECT = 1.0

#: A longer wait for what is deferred is told to the operator, in seconds; later only one that is twice as long.
TOLD = 10.0

#: What helps while a server answers, and takes no mail.
BUSY = "it answers, so wait, or ask who runs it"


@dataclass(slots=True)
class Run:
    """One send on its way. *build* makes the message of a row, or raises ValueError or PeopleError for a bad one.

    *halt* ends it politely when set, by anybody: what is under way is finished first. *tell* hears the state of
    each row that is settled; *say* hears words for a person. *patience* is how many seconds to wait for rows that
    are deferred; *endurance* for a server that does not answer, *outage* for one that did before; *remedy* says
    what may help then, and *again* what to do after that.
    """

    writer: Writer
    courier: Courier
    send: Send
    build: Callable[[Delivery], Message]
    halt: asyncio.Event
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    tell: Callable[[DeliveryState, int], None]
    say: Callable[[str], None]
    connections: int = 10
    patience: float = 0.0
    endurance: float = 10.0
    outage: float = 120.0
    reconnect: float = RECONNECT
    remedy: str = "look at the server"
    again: str = ""
    permit: Permit | None = None
    outcome: Callable[[Reply, int, datetime, float], Outcome] = decide.outcome
    _line: Line = field(init=False)
    _breaker: Breaker = field(init=False)
    _notes: Notes = field(init=False)
    _group: asyncio.TaskGroup = field(init=False)
    _busy: int = 0
    _away: int = 0
    _woken: bool = False
    _timer: asyncio.TimerHandle | None = None
    _landed: asyncio.Event = field(default_factory=asyncio.Event)
    _fault: Exception | None = None
    _unreachable_since: float | None = None
    _met: bool = False
    _told: float = TOLD
    _stood: float = TOLD
    _put_off: str = ""

    async def go(self) -> Send:
        """Send until nothing is left that can be sent now, or *halt*. Return the send as it stands then.

        Raise TryAgainError if the server stopped answering, RouteError if the route cannot be used, StoreError
        if the ledger cannot be written. Whatever is raised: the ledger is true, and a run can go on from there.
        """
        self._notes = Notes(self.writer, self.now, self._fail)
        known, counts = await self.writer.run(partial(standing.found, send=self.send.id, now=self.now()))
        self._line = Line({domain: Learned(*pace) for domain, pace in known.items()}, self.now)
        self._breaker = standing.breaker(counts, self.connections)
        async with asyncio.TaskGroup() as self._group:
            silences = (self.courier.silence, self._notes.silence)
            watched = (self._watch(), *(notice(each, self.say) for each in silences))
            beside = [self._group.create_task(work) for work in watched]
            await self._feed()
            while self._away:
                self._landed.clear()
                await self._landed.wait()
            await self._notes.written()
            for each in beside:
                each.cancel()
        # This waits for everything that was submitted before it, too.
        ended = await self._store(partial(sends.settle, send=self.send.id, now=self.now()))
        if self._fault:
            raise self._fault
        return ended or self.send

    async def _watch(self) -> None:
        """Notice what another program did to the send."""
        while not self.halt.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.halt.wait(), LOOK)
            found = await self._store(partial(sends.get, send=self.send.id))
            if found and found.state is not SendState.SENDING:
                self.halt.set()
        self._line.shut()

    async def _feed(self) -> None:
        """Claim rows while there are any, and send them."""
        while not self.halt.is_set():
            allowed = self._allowed()
            if not isinstance(allowed, int):
                if not await self._closed(allowed):
                    break
                continue
            claimed = await self._claim(allowed)
            for _ in range(claimed.suppressed):
                self.tell(DeliveryState.SUPPRESSED, 1)
            self._queue(claimed.taken)
            self._start()
            await self._line.room()
            if not claimed.taken and not claimed.suppressed and not await self._more():
                break
        left = self._line.close()
        self._busy -= len(left)
        self._release(left)

    def _allowed(self) -> int | datetime | None:
        """Return how many rows may be claimed now, or from when on some may; None for never."""
        return self.permit.ask(GROUP, self.now()) if self.permit else GROUP

    async def _closed(self, until: datetime | None) -> bool:
        """Finish what is under way, and wait until letters may leave. Return False if that takes too long."""
        if self._busy or not self._notes.idle:
            await self._sleep(0.05)
            return True
        if until is None:
            self._stop(self._never())
            return False
        wait = (until - self.now()).total_seconds()
        if wait > self.patience:
            zone = self.permit.hours.zone if self.permit else UTC
            self.say(f"The next letters may leave at {until.astimezone(zone):%Y-%m-%d %H:%M %Z}, as [hours] says.")
            return False
        await self._sleep(max(wait, 0) + 0.01)
        return True

    def _never(self) -> str:
        """Return why no letter may ever leave."""
        if self.permit and self.permit.over(self.now()):
            return standing.DEADLINE
        return "no letter may ever leave: [hours] has no day for it"

    async def _claim(self, most: int) -> deliveries.Claimed:
        """Claim up to *most* rows, which count for the ration of the day."""
        now = self.now()
        day = self.permit.hours.day(now) if self.permit else None
        claim = partial(standing.claim, send=self.send.id, limit=most, now=now, day=day)
        claimed = await self._store(claim) or deliveries.Claimed()
        if self.permit:
            self.permit.note(len(claimed.taken), now)
        return claimed

    def _uncount(self, count: int) -> None:
        """Take rows that come back from the ration of the day."""
        if self.permit:
            now = self.now()
            day = self.permit.hours.day(now)
            self.permit.note(-count, now)
            self.writer.submit(partial(standing.count, more={day.toordinal(): -count}, day=day))

    def _queue(self, rows: Sequence[Delivery]) -> None:
        """Put rows into line; those whose domain would keep them long go back into the ledger until then."""
        late = self._line.add(rows)
        self._busy += len(rows) - len(late)
        for row, wait in late:
            self._release([row], self.now() + timedelta(seconds=wait))

    async def _more(self) -> bool:
        """Wait until there may be something to claim. Return False if that would take too long."""
        if self._busy:
            self._landed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), 0.05)
            return True
        if not self._notes.idle:
            await self._notes.written()
            return True
        due = await self._store(partial(census.wakes, send=self.send.id))
        wait = (due - self.now()).total_seconds() if due else None
        if wait is None or wait > self.patience:
            return False
        if wait > self._told:
            self._told = 2 * wait
            self.say(waits(wait, self._put_off))
        await self._sleep(max(wait, 0) + 0.01)
        return True

    def _start(self) -> None:
        """Hand over as many rows as keep the connections busy."""
        self._woken = False
        try:
            wanted = self.connections - self._away
            rows, wait = self._line.take(min(wanted, STEP))
            self._hand_over(rows)
            if wait:
                self._start_in(wait)
                self._tell_of_patience(wait)
            elif len(rows) == STEP < wanted:
                self._start_later()
        except Exception as error:
            self._fail(error)

    def _tell_of_patience(self, wait: float) -> None:
        """Say whom a send waits for, if for slow domains only; later only a wait that is twice as long."""
        if wait > self._stood and not self._away:
            self._stood = 2 * wait
            domains = self._line.waiting()
            others = len(domains) - 1
            more = f" and {others} other{'s' * (others > 1)}" if others else ""
            self.say(f"{domains[0]}{more} asked for patience: the next one goes there in {wait:.0f} s.")

    def _start_later(self) -> None:
        """Hand over more rows once what is heard now is written down, and its marks are on their way.

        To make messages takes longest, and the servers and the disk work meanwhile.
        """
        self._woken = True
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self._start)

    def _start_in(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._start)

    def _hand_over(self, rows: Sequence[Delivery]) -> None:
        """Hand rows over, or give them back."""
        self._away += len(rows)
        over = self._over()
        for row in rows:
            if over:
                self._back(row, None)
            else:
                self._post(row)

    def _post(self, row: Delivery) -> None:
        try:
            try:
                message = self.build(row)
            except (ValueError, AddressError) as error:
                # A row that no message can be made for harms only itself.
                self._back(row, unnamed(Reply(Stage.RCPT, 553, "5.1.3", str(error)), row.email))
            else:
                commit, heard = partial(self._notes.commit, row), partial(self._heard, row)
                self.courier.post(Parcel(message, commit, heard, halt=self.halt))
        except Exception as error:
            self._back(row, error)

    def _heard(self, row: Delivery, reply: Reply | Exception) -> None:
        """Hear what came of a message that was handed over."""
        if not isinstance(reply, Reply) or reply.stage is not Stage.CONNECT:
            self._unreachable_since, self._met = None, True
            self._back(row, reply)
        elif self._over():
            self._back(row, None)
        else:
            self._group.create_task(self._again(row, reply))

    def _over(self) -> bool:
        """Whether no message may be begun any more: at a halt, or once its window has closed."""
        return self.halt.is_set() or (self.permit is not None and self.permit.closed(self.now()))

    async def _again(self, row: Delivery, reply: Reply) -> None:
        """Hand a row over once more, patiently: it was not even begun."""
        await self._wait_for_server(reply)
        self._away -= 1
        self._hand_over([row])

    def _back(self, row: Delivery, reply: Reply | Exception | None) -> None:
        """Bring a row to its result, or give it back if it has none."""
        self._away -= 1
        self._busy -= 1
        try:
            if isinstance(reply, Reply):
                self._settle(row, reply)
            else:
                # Of an unwanted row the next claim finds the reason, and leaves the reader out.
                if reply and not isinstance(reply, UnwantedError):
                    self._fail(reply)
                self._release([row])
        except Exception as error:
            self._fail(error)
        if not self._woken:
            self._start_later()
        if not self._away:
            self._landed.set()

    def _release(self, rows: Sequence[Delivery], due: datetime | None = None) -> None:
        # A row that cannot be given back now is recovered at the next start.
        if rows:
            ids = [row.id for row in rows]
            self.writer.submit(partial(deliveries.release, deliveries=ids, now=self.now(), due=due))
            self._uncount(len(rows))

    async def _wait_for_server(self, reply: Reply) -> None:
        clock = asyncio.get_running_loop().time()
        limit = self.outage if self._met else self.endurance
        remedy = BUSY if reply.code else MORE_FILES if CROWDED in reply.text else self.remedy
        told = f"{reply.text}; trying again for {limit:.0f} s. {remedy[:1].upper()}{remedy[1:]}."
        if self._unreachable_since is None:
            self._unreachable_since = clock
            if not reply.code:
                self.say(told)
            await self._sleep(self.reconnect)
            # A busy server may have let in others of our connections, which are heard of only now.
            if reply.code and self._unreachable_since == clock and not self.halt.is_set():
                self.say(told)
            return
        if clock - self._unreachable_since >= limit:
            what = f"{reply.text}; nothing is lost"
            self._fail(TryAgainError(what, remedy=", ".join(filter(None, (remedy, self.again)))))
        await self._sleep(self.reconnect)

    def _settle(self, row: Delivery, reply: Reply) -> None:
        """Write down what came of an attempt."""
        outcome = self.outcome(reply, row.attempts, self.now(), self.jitter())
        state = outcome.state
        self._notes.settle(Result(row.id, state, outcome.due, reply.code, reply.enhanced, reply.text))
        self.tell(state, row.attempts)
        if state is DeliveryState.DEFERRED:
            self._put_off = reply.words
            self._uncount(1)
        if reply.code >= 400 and decide.slows_domain(reply):
            self._slow(row, reply)
        if (reason := self._breaker.note(outcome)) and not self.halt.is_set():
            self._stop(reason)

    def _stop(self, reason: str) -> None:
        """Pause the send."""
        self.writer.submit(partial(standing.pause, send=self.send.id, now=self.now(), reason=reason))
        self.halt.set()

    def _slow(self, row: Delivery, reply: Reply) -> None:
        """Send to the row's domain half as fast from now on if it asks for that, and remember it."""
        if pace := self._line.put_off(row, decide.names_pace(reply)):
            self.writer.submit(partial(paces.learn, name=domain(row), rate=pace.rate, since=pace.since))

    def _fail(self, error: Exception) -> None:
        """Note the first thing that goes wrong with all of it, and let what is under way come to its end."""
        self._fault = self._fault or error
        self.halt.set()

    async def _store(self, job: Callable[[Connection], T]) -> T | None:
        try:
            return await self.writer.run(job)
        except PeopleError as error:
            self._fail(error)
            return None

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.halt.wait(), seconds)
