"""Gather what many connections have to write down, so that each turn of the disk serves all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from subscribers.store import deliveries
from subscribers.store.deliveries import Result
from subscribers.store.writer import Writer


class UnwantedError(Exception):
    """The reader left since the row was claimed: the dot must not leave."""


class Notes:
    """Writes marks and results into the ledger, one transaction at a time; what comes meanwhile is for the next.

    Results are written before the marks that came later, so that a worker never has two rows in doubt.
    """

    def __init__(self, writer: Writer, now: Callable[[], datetime], fail: Callable[[Exception], None]) -> None:
        self._writer = writer
        self._now = now
        self._fail = fail
        self._marks: dict[int, asyncio.Future[None]] = {}
        self._results: list[Result] = []
        self._woken = asyncio.Event()
        self._writing = False
        self._ending = False

    @property
    def idle(self) -> bool:
        """Whether everything is written."""
        return not (self._writing or self._marks or self._results)

    def commit(self, delivery: int) -> Awaitable[None]:
        """Return what is done once the disk has it that the final dot of *delivery* may leave.

        Awaiting it raises UnwantedError, or what kept the disk from it.
        """
        mark = self._marks[delivery] = asyncio.get_running_loop().create_future()
        self._woken.set()
        return mark

    def settle(self, result: Result) -> None:
        """Write a result down with the next turn; *fail* hears if that cannot be."""
        self._results.append(result)
        self._woken.set()

    def end(self) -> None:
        """Let `run` return once everything is written."""
        self._ending = True
        self._woken.set()

    async def run(self) -> None:
        """Write until `end`."""
        while self._marks or self._results or not self._ending:
            await self._woken.wait()
            self._woken.clear()
            marks, self._marks = self._marks, {}
            results, self._results = self._results, []
            if not marks and not results:
                continue
            self._writing = True
            job = partial(deliveries.note, now=self._now(), committing=tuple(marks), results=tuple(results))
            try:
                unwanted = await self._writer.run(job)
            except Exception as error:
                self._fail(error)
                _answer(marks, dict.fromkeys(marks, error))
            else:
                _answer(marks, {delivery: UnwantedError() for delivery in unwanted})
            self._writing = False


def _answer(marks: Mapping[int, "asyncio.Future[None]"], errors: Mapping[int, Exception]) -> None:
    for delivery, mark in marks.items():
        if mark.done():
            continue
        if delivery in errors:
            mark.set_exception(errors[delivery])
        else:
            mark.set_result(None)
