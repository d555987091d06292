"""Gather what many connections have to write down, so that each turn of the disk serves all of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from time import monotonic

from newsletter.send.parcel import Heard
from newsletter.send.silence import Silence
from subscribers.model import Delivery
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import deliveries
from subscribers.store.ledger.deliveries import Result

#: How long a turn that follows one for several waits for more of them, in seconds. Where servers answer quickly,
#: each turn would find two or three, and a turn costs as much of the processor as two messages.
GATHER = 0.001


class UnwantedError(Exception):
    """The reader left since the row was claimed: the dot must not leave."""


class Notes:
    """Writes marks and results into the ledger, one transaction at a time; what comes meanwhile is for the next.

    Results are written before the marks that came later, so that a connection never has two rows in doubt.
    *fail* hears if the disk does not take them. From then on nothing is marked, though the disk may take it again:
    the result of the message before may be lost, and one connection would have two rows in doubt. Results that
    the disk did not take are tried once more at the end, when it may have room.
    """

    def __init__(self, writer: Writer, now: Callable[[], datetime], fail: Callable[[Exception], None]) -> None:
        self._writer = writer
        self._now = now
        self._fail = fail
        self._loop = asyncio.get_running_loop()
        self._marks: list[tuple[Delivery, Heard]] = []
        self._results: list[Result] = []
        self._lost: list[Result] = []
        self._turning = False
        self._since = 0.0
        self._next = 0.0
        self._fault: Exception | None = None
        self._written: asyncio.Future[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether everything is written."""
        return not self._turning

    def silence(self) -> Silence:
        """Return for how long the disk has not taken what it should."""
        if self.idle:
            return Silence()
        who = f"`fuser` names who has {self._writer.path.name} open"
        return Silence(monotonic() - self._since, "the database (another program may be writing to it)", who)

    def commit(self, row: Delivery, heard: Heard) -> None:
        """Call *heard* once the disk has it that the final dot of *row* may leave.

        It hears UnwantedError, or what kept the disk from it.
        """
        if self._fault:
            self._loop.call_soon(heard, self._fault)
            return
        self._marks.append((row, heard))
        self._turn()

    def settle(self, result: Result) -> None:
        """Write a result down with the next turn."""
        self._results.append(result)
        self._turn()

    async def written(self) -> None:
        """Return once everything is written, or the disk did not take it twice."""
        await self._turned()
        if self._lost:
            self._results, self._lost = self._lost, []
            self._turn()
            await self._turned()

    async def _turned(self) -> None:
        while self._turning:
            self._written = self._loop.create_future()
            await self._written

    def _turn(self) -> None:
        """Write after what else came at this moment; while a turn is on its way, what comes is for the next."""
        if self._turning:
            return
        self._turning = True
        self._since = monotonic()
        wait = self._next - self._since
        if wait > 0:
            self._loop.call_later(wait, self._write)
        else:
            self._loop.call_soon(self._write)

    def _write(self) -> None:
        self._since = monotonic()
        marks, self._marks = self._marks, []
        results, self._results = self._results, []
        # Who is alone waits for nobody: a single connection would only lose time.
        self._next = monotonic() + GATHER if len(marks) > 1 else 0.0
        job = partial(
            deliveries.note,
            now=self._now(),
            committing=[row.id for row, _ in marks],
            seen=[row.seen for row, _ in marks],
            results=results,
        )
        if written := self._writer.at_once(job):
            self._done(marks, results, *written)
            return
        try:
            self._writer.post(job, partial(self._heard, marks, results))
        except Exception as error:
            self._done(marks, results, frozenset(), error)

    def _heard(
        self,
        marks: list[tuple[Delivery, Heard]],
        results: list[Result],
        unwanted: frozenset[int] | None,
        error: BaseException | None,
    ) -> None:
        # The writer's thread calls; the loop may have ended with an error of its own.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._done, marks, results, unwanted, error)

    def _done(
        self,
        marks: list[tuple[Delivery, Heard]],
        results: list[Result],
        unwanted: frozenset[int] | None,
        error: BaseException | None,
    ) -> None:
        fault = error if isinstance(error, Exception) or error is None else RuntimeError(str(error))
        late: list[tuple[Delivery, Heard]] = []
        if fault:
            self._fault = fault
            self._lost += results
            late, self._marks = self._marks, []
            self._fail(fault)
        # What waits is written meanwhile.
        self._turning = bool(self._marks or self._results)
        if self._turning:
            self._write()
        elif self._written and not self._written.done():
            self._written.set_result(None)
        for row, heard in marks:
            heard(UnwantedError() if unwanted and row.id in unwanted else fault)
        for _, heard in late:
            heard(fault)
