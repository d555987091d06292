"""What a SIGHUP means to `newsletter serve`: a terminal is closed, or the settings are to be read anew."""

import os
import signal
from collections.abc import Sequence


def attended() -> bool:
    """Whether there is a terminal that this was started from."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def early() -> Sequence[int]:
    """Return what takes down the hangups that come before anything serves: they would end us.

    In a terminal, which is being closed then, and after `nohup`, all stays as it is.
    """
    heard: list[int] = []
    if not attended() and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda number, frame: heard.append(number))
    return heard
