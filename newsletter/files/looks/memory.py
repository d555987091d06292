"""Keep a piece of work from taking the machine's memory. On Linux only: elsewhere nothing holds it back."""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The first number in it is how many pages this process has (proc_pid_statm(5)).
STATM = Path("/proc/self/statm")

_lock = threading.Lock()
_before: list[tuple[int, int]] = []


@contextmanager
def room(most: int) -> Iterator[None]:
    """Let this process take *most* more bytes within; what needs more is a MemoryError."""
    if not STATM.exists():
        yield
        return
    with _lock:
        limits = resource.getrlimit(resource.RLIMIT_AS)
        _before.append(limits)
        size = int(STATM.read_text().split()[0]) * resource.getpagesize() + most
        if len(_before) == 1 and (limits[0] == resource.RLIM_INFINITY or size < limits[0]):
            resource.setrlimit(resource.RLIMIT_AS, (size, limits[1]))
    try:
        yield
    finally:
        with _lock:
            resource.setrlimit(resource.RLIMIT_AS, _before[0])
            del _before[-1]
