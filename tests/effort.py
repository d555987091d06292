"""How much something costs, told by counts that no busy machine changes, and a limit that ends what never ends."""

import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def calls(work: Callable[[], object]) -> int:
    """Return how many functions *work* calls, of Python and of C."""
    count = 0

    def counted(frame, event: str, value) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many hundreds of steps SQLite takes for *work*."""
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    connection.set_progress_handler(counted, 100)
    try:
        work()
    finally:
        connection.set_progress_handler(None, 0)
    return count


def _limited(clock: int, number: int, seconds: float) -> Iterator[None]:
    def over(*_) -> None:
        raise AssertionError(f"it went on for {seconds} seconds")

    before = signal.signal(number, over)
    signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(number, before)


@contextmanager
def ends(seconds: float = 60) -> Iterator[None]:
    """Fail, instead of waiting for ever, where what is inside does not end. Says nothing of how fast it is."""
    yield from _limited(signal.ITIMER_REAL, signal.SIGALRM, seconds)


@contextmanager
def computes(seconds: float = 30) -> Iterator[None]:
    """Fail where what is inside computes without end. Counts our own processor time: others may be busy, too."""
    yield from _limited(signal.ITIMER_PROF, signal.SIGPROF, seconds)


def assert_grows_alone(work: Callable[[int], object], size: int) -> None:
    """Fail where *work* of *size* takes over twice as long as eight times *work* of an eighth of it.

    What grows by the square takes eight times as long. It counts our own processor time, and once more before it
    fails: others who are busy slow it down, too. The first time, which loads modules, does not count.
    """
    work(size // 64)
    for _ in range(3):
        eighth, whole = (_seconds(work, part) for part in (size // 8, size))
        if whole <= 16 * eighth:
            return
    raise AssertionError(f"{whole:.2f} s for {size}, and {eighth:.2f} s for an eighth of it")


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    with computes(60):
        work(size)
    return time.process_time() - began
