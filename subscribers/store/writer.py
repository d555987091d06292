"""One thread that writes to the people's file, and gives what waits together one durable commit.

An fsync costs the same for one row as for fifty, so many tasks that each must wait for the disk wait for the
same one. Knows nothing of what the jobs do.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from subscribers.errors import StoreError
from subscribers.store.open import connect

T = TypeVar("T")

#: Jobs in one transaction at most, so that the first of them need not wait long for the last.
GROUP = 500

#: What can be wrong with the disk, by the start of SQLite's name for it, and what to do.
_REMEDIES = {
    "SQLITE_FULL": "make room on the disk, then run the same command again: nothing is lost",
    "SQLITE_BUSY": "another program holds the file; end it, then run the same command again",
    "SQLITE_IOERR": "look at the disk, then run the same command again: nothing is lost",
    "SQLITE_READONLY": "make the file and its folder writable",
    "SQLITE_CANTOPEN": "make the folder writable",
    "SQLITE_CORRUPT": "restore it from your backup",
    "SQLITE_NOTADB": "restore it from your backup",
}

#: Hears what came of a job: its result, or what kept it from one.
Heard = Callable[[Any, BaseException | None], None]

_Job = tuple[Callable[[sqlite3.Connection], Any], "Future[Any] | None", Heard]


class Writer:
    """A connection in a thread of its own. Jobs run in the order in which they were submitted."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._connection = connect(path, durable=durable)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Queue *job*; the future has its result once that is committed. A job must not end the transaction.

        A job that raises is undone alone: its neighbours in the transaction stand. Raise StoreError after close.
        """
        future: Future[T] = Future()
        self._put((job, future, partial(_answer, future)))
        return future

    def post(self, job: Callable[[sqlite3.Connection], Any], heard: Heard) -> None:
        """Queue *job* as `submit` does; *heard* is called in the writer's thread, and must raise nothing."""
        self._put((job, None, heard))

    def _put(self, job: _Job) -> None:
        with self._closing:
            if self._closed:
                raise StoreError("this writer is closed", where=str(self.path))
            self._jobs.put(job)

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run *job*, and return its result once it is committed."""
        return await asyncio.wrap_future(self.submit(job))

    def close(self) -> None:
        """Finish what was submitted, and close the file."""
        with self._closing:
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
                self._commit(group)
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

    def _commit(self, group: Sequence[_Job]) -> None:
        """Run *group* in one transaction, and answer only when it stands."""
        answers: list[tuple[Heard, Any, BaseException | None]] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job, future, heard in group:
                if future is None or future.set_running_or_notify_cancel():
                    answers.append((heard, *self._one(job)))
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._fail(group, error)
            return
        for heard, result, fault in answers:
            heard(result, fault)

    def _one(self, job: Callable[[sqlite3.Connection], Any]) -> tuple[Any, BaseException | None]:
        """Run one job in a savepoint; return its result, or the error that undid it."""
        self._connection.execute("SAVEPOINT job")
        try:
            result = job(self._connection)
        except Exception as error:
            # A full disk can end the whole transaction: then the neighbours failed with this one.
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO job")
            self._connection.execute("RELEASE job")
            return None, self._told(error)
        self._connection.execute("RELEASE job")
        return result, None

    def _fail(self, group: Sequence[_Job], error: BaseException) -> None:
        """Undo the whole transaction and tell everybody who waits."""
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        told = self._told(error)
        for _, _, heard in group:
            heard(None, told)

    def _told(self, error: BaseException) -> BaseException:
        """Return *error* in words, if it is the disk's or another program's and not a bug of the job."""
        for name, remedy in _REMEDIES.items():
            if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "").startswith(name):
                return StoreError(str(error), where=str(self.path), remedy=remedy)
        return error


def _answer(future: "Future[Any]", result: Any, error: BaseException | None) -> None:
    # A future that nobody waits for any more was cancelled; the job stands all the same.
    with suppress(InvalidStateError):
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
