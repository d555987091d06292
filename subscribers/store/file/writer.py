"""One thread that writes to the people's file, and gives what waits together one durable commit.

An fsync costs the same for one row as for fifty, so many tasks that each must wait for the disk wait for the
same one. Where the disk is quick, to hand a job to the thread and to hear of it takes longer than the disk does:
whoever gathers jobs may then have them written at once. Knows nothing of what the jobs do.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

from subscribers.errors import BusyError, StoreError
from subscribers.store.file.open import BUSY_MS, connect
from subscribers.store.file.trouble import place, refuse_moved, told

S = TypeVar("S")
T = TypeVar("T")

#: Jobs in one transaction at most, so that the first of them need not wait long for the last.
GROUP = 500

#: A disk that is quicker than this, in seconds, may be waited for by who has other things to do: two threads that
#: take turns lose more.
QUICK = 0.0005

#: So many of the latest commits tell how quick it is, by the middle one: a checkpoint takes long now and then.
LATEST = 5

#: How long to wait for another program that was waited for in vain, in milliseconds, until it lets us write.
AGAIN_MS = 1_000

#: Statements to begin, undo and end a part of a transaction, and to undo all of it and go on.
_SAVED = (("SAVEPOINT job",), ("ROLLBACK TO job", "RELEASE job"), ("RELEASE job",))
_ANEW = ("ROLLBACK", "BEGIN IMMEDIATE")

#: Works on things that waited for the same; gives a result for each, in their order.
Work = Callable[[sqlite3.Connection, Sequence[Any]], Sequence[Any]]


#: Hears what came of a job: its result, or what kept it from one.
Heard = Callable[[Any, BaseException | None], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """One *thing* to *work* on, alone or with its neighbours if it is *shared*. *loop* is where its task waits."""

    work: Work
    thing: Any
    answer: "Future[Any] | asyncio.Future[Any] | Heard"
    shared: bool = False
    loop: asyncio.AbstractEventLoop | None = None


_Answer = tuple[_Job, Any, BaseException | None]


class Writer:
    """A connection in a thread of its own. Jobs run in the order in which they were submitted.

    A disk that is quicker than *quick* seconds may be waited for in `at_once`. Another program that is writing is
    waited for *patience* milliseconds; who waited so long in vain waits a second each time, until it may write.
    """

    def __init__(self, path: Path, *, durable: bool = True, quick: float = QUICK, patience: int = BUSY_MS) -> None:
        self.path = path
        self._connection = connect(path, durable=durable)
        self._place = place(path)
        self._longest = patience
        self._patience = BUSY_MS
        self._in_vain = False
        self._quick = quick
        self._took = deque([quick] * LATEST, LATEST)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # Who holds it knows that no job comes; while none waits either, the connection is free.
        self._door = threading.Lock()
        self._waiting = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Queue *job*; the future has its result once that is committed. A job must not end the transaction.

        A job that raises is undone alone: its neighbours in the transaction stand. Raise StoreError after close.
        """
        future: Future[T] = Future()
        self._put(_Job(_call, job, future))
        return future

    def post(self, job: Callable[[sqlite3.Connection], Any], heard: Heard) -> None:
        """Queue *job* as `submit` does; *heard* is called in the writer's thread, and must raise nothing."""
        self._put(_Job(_call, job, heard))

    def at_once(self, job: Callable[[sqlite3.Connection], Any]) -> tuple[Any, BaseException | None] | None:
        """Run *job* in the caller's thread if that waits for hardly anything; return what came of it.

        That is its result once it is committed, or what kept it from one. Return None, with nothing done, if the
        disk is slow, other jobs come first or another program is writing: then it is to be posted.
        """
        with self._door:
            if self._closed or self._waiting or sorted(self._took)[LATEST // 2] >= self._quick:
                return None
            try:
                self._begin(0)
            except (sqlite3.Error, StoreError):
                return None
            ((_, result, error),) = self._commit([_Job(_call, job, _unheard)])
            return result, error

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run *job*, and return its result once it is committed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Job(_call, job, future, loop=loop))
        return await future

    async def share(self, work: Callable[[sqlite3.Connection, Sequence[S]], Sequence[T]], thing: S) -> T:
        """Run *work* on *thing* and on what else waits for the same *work*, and return what came of it.

        If it raises, it is undone and run again on each thing alone, so that one does not spoil the others.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Job(work, thing, future, shared=True, loop=loop))
        return await future

    def _put(self, job: _Job) -> None:
        with self._door:
            if self._closed:
                raise StoreError("this writer is closed", where=str(self.path))
            self._waiting += 1
            self._jobs.put(job)

    def close(self) -> None:
        """Finish what was submitted, and close the file."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._gather()
            if group:
                answers = self._commit(group)
                with self._door:
                    self._waiting -= len(group)
                _tell(answers)
        self._connection.close()

    def _gather(self) -> tuple[list[_Job], bool]:
        """Wait for a job; return it with all that wait behind it, and whether more may come."""
        first = self._jobs.get()
        if first is None:
            return [], False
        group = [first]
        with suppress(queue.Empty):
            while len(group) < GROUP:
                job = self._jobs.get_nowait()
                if job is None:
                    return group, False
                group.append(job)
        return group, True

    def _commit(self, group: Sequence[_Job]) -> list[_Answer]:
        """Run *group* in one transaction; return what came of each job once it stands."""
        answers: list[_Answer] = []
        try:
            if not self._connection.in_transaction:
                self._begin(AGAIN_MS if self._in_vain else self._longest)
                self._in_vain = False
            parts = [[job for job in jobs if _begun(job.answer)] for jobs in _together(group)]
            for jobs in parts:
                answers += self._do(jobs, only=len(parts) == 1)
            began = monotonic()
            self._connection.execute("COMMIT")
            self._took.append(monotonic() - began)
        except BaseException as error:
            # Undo the whole transaction and tell everybody who waits.
            if self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            told = self._told(error)
            # Who has waited so long must not wait as long for each job that is still to come.
            self._in_vain = isinstance(told, BusyError)
            if not self._in_vain:
                # Once the log is in the file it is written anew, which needs no more room on a full disk.
                with suppress(sqlite3.Error):
                    self._connection.execute("PRAGMA wal_checkpoint")
            return [(job, None, told) for job in group]
        return answers

    def _begin(self, patience: int) -> None:
        """Begin a transaction; wait for other programs up to *patience* milliseconds."""
        refuse_moved(self.path, self._place)
        if patience != self._patience:
            self._connection.execute(f"PRAGMA busy_timeout = {patience:d}")
            self._patience = patience
        self._connection.execute("BEGIN IMMEDIATE")

    def _do(self, jobs: list[_Job], *, only: bool = False) -> list[_Answer]:
        """Run jobs of the same work at once, or one by one if that fails; *only* if nothing else is to be done."""
        if not jobs:
            return []
        results, fault = self._try(jobs[0].work, [job.thing for job in jobs], only=only)
        if fault is None:
            return [(job, result, None) for job, result in zip(jobs, results, strict=True)]
        return [(jobs[0], None, fault)] if len(jobs) == 1 else [each for job in jobs for each in self._do([job])]

    def _try(self, work: Work, things: Sequence[Any], *, only: bool) -> tuple[Sequence[Any], BaseException | None]:
        """Run *work*; return its results, or the error that undid it and nothing else."""
        # What a savepoint could bring back is written down twice; a transaction can be taken back as it is.
        begin, undo, end = ((), _ANEW, ()) if only else _SAVED
        self._execute(*begin)
        try:
            results = work(self._connection, things)
        except Exception as error:
            # A full disk can end the whole transaction: then the neighbours failed with this one.
            if not self._connection.in_transaction:
                raise
            self._execute(*undo)
            return (), self._told(error)
        self._execute(*end)
        return results, None

    def _execute(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(statement)

    def _told(self, error: BaseException) -> BaseException:
        """Return *error* in words, if it is the disk's or another program's and not a bug of the job."""
        return told(error, str(self.path)) or error


def _call(connection: sqlite3.Connection, jobs: Sequence[Callable[[sqlite3.Connection], Any]]) -> list[Any]:
    return [job(connection) for job in jobs]


def _unheard(result: Any, error: BaseException | None) -> None:
    """Let whoever ran the job tell what came of it."""


def _together(group: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Yield the jobs in their order, those together that share their work."""
    for _, jobs in groupby(enumerate(group), lambda pair: pair[1].work if pair[1].shared else pair[0]):
        yield [job for _, job in jobs]


def _begun(answer: "Future[Any] | asyncio.Future[Any] | Heard") -> bool:
    """Whether somebody still waits for the job that is to run now."""
    if isinstance(answer, asyncio.Future):
        return not answer.cancelled()
    return answer.set_running_or_notify_cancel() if isinstance(answer, Future) else True


def _tell(answers: Sequence[_Answer]) -> None:
    """Answer everybody who waits; a loop is woken once for all of its tasks."""
    waiting: dict[asyncio.AbstractEventLoop | None, list[_Answer]] = {}
    for answer in answers:
        waiting.setdefault(answer[0].loop, []).append(answer)
    for loop, some in waiting.items():
        if loop is None:
            _answer(some)
        else:
            # A loop that is closed has nobody who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_answer, some)


def _answer(answers: Sequence[_Answer]) -> None:
    for job, result, error in answers:
        if not isinstance(job.answer, Future | asyncio.Future):
            job.answer(result, error)
            continue
        # A future that nobody waits for any more was cancelled; the job stands all the same.
        with suppress(InvalidStateError, asyncio.InvalidStateError):
            if error is None:
                job.answer.set_result(result)
            else:
                job.answer.set_exception(error)
