"""A command that is killed at a moment of one's choosing: right before it touches a file."""

import signal
import subprocess
import sys
from pathlib import Path

_RUN = """
import os, signal, sys
event, end, *words = sys.argv[1:]
def heard(what, about):
    if what == event and any(str(one).endswith(end) for one in about):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(heard)
from newsletter.cli.main import main
main(words)
"""


def before(event: str, end: str, *words: str, folder: Path) -> None:
    """Run `newsletter` with *words* in *folder* until *event* (a name of Python's audit table) is about *end*."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, event, end, *words], cwd=folder, capture_output=True, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
