"""The real command, ended again and again: with SIGKILL at any time, politely, by a full disk, and ten at once."""

import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.catch.faulty import Server
from newsletter.cli import wiring
from newsletter.cli.run.proof.audit import Verdict, judge
from newsletter.cli.run.proof.ground import add, ledger
from newsletter.cli.send import messages
from newsletter.files import new
from newsletter.files.workspace import SETTINGS, Workspace
from subscribers.store.ledger import sends

#: Readers of a send that is ended, and kills of one send at most: a sender reaches some twenty of them.
CROWD = 400
KILLS = 12

#: So many sends at once are killed.
LETTERS = 2

SLUG = "0001-hello"

#: Connections of the sample workspace's route.
SAMPLE = 10

#: So many senders begin at once.
AT_ONCE = 10

#: Another sender is at work (sysexits.h, EX_TEMPFAIL).
TRY_AGAIN = 75


@dataclass(frozen=True)
class Letter:
    """A workspace whose mail goes to *server*."""

    workspace: Workspace
    server: Server

    def start(self, before: Callable[[], None] | None = None) -> "subprocess.Popen[bytes]":
        """Start the command. *before* is called in its process."""
        place = ("--workspace", str(self.workspace.root))
        return subprocess.Popen(
            [sys.executable, "-m", "newsletter", *place, "send", SLUG, "--yes"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=before,
        )

    def some(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the server has taken something of *process*, and a moment more."""
        before, until = len(self.server.accepted), time.monotonic() + 30
        while len(self.server.accepted) == before and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        with suppress(subprocess.TimeoutExpired):
            process.wait(random.random() * 0.15)  # noqa: S311 - any time will do

    def verdict(self, allowed: int) -> Verdict:
        """Let it come to its end, and return the verdict."""
        while self.start().wait() == TRY_AGAIN:
            time.sleep(0.2)
        with wiring.people(self.workspace) as connection:
            send = sends.get(connection, 1)
            names = messages.names(self.workspace, connection, send)
        states = ledger(self.workspace.people, lambda row: names.message_id(row, send.created))
        return judge(states, self.server.ids(), allowed=allowed)


def kills(count: int, listen: Callable[[int, Verdict], None]) -> None:
    """End senders with SIGKILL *count* times in all. *listen* hears of each send."""
    most = [min(KILLS, count - begun) for begun in range(0, count, KILLS)]
    with ThreadPoolExecutor(LETTERS) as letters:
        for done, verdict in letters.map(_ended, most):
            listen(done, verdict)


def _ended(most: int) -> tuple[int, Verdict]:
    """Kill a send so often at most, and let it come to its end. Return how often, and the verdict."""
    with _letter() as letter:
        done = _killed(letter, most)
        return done, letter.verdict(allowed=done * SAMPLE)


def _killed(letter: Letter, most: int) -> int:
    """Kill one send up to *most* times. Return how often."""
    for done in range(most):
        process = letter.start()
        letter.some(process)
        if process.poll() is not None:
            return done
        process.kill()
        process.wait()
    return most


def drained() -> Verdict:
    """End a sender with SIGTERM: what is under way is finished, and nothing is uncertain."""
    with _letter() as letter:
        process = letter.start()
        letter.some(process)
        process.send_signal(signal.SIGTERM)
        process.wait()
        return letter.verdict(allowed=0)


def crowded() -> Verdict:
    """Start ten senders at once: one sends, the others leave."""
    with _letter() as letter:
        for process in [letter.start() for _ in range(AT_ONCE)]:
            process.wait()
        return letter.verdict(allowed=0)


def full() -> Verdict:
    """Let the disk be full in the middle: no file of the sender may grow beyond a size."""

    def before() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    with _letter() as letter:
        # SQLite writes into a second file first, which grows to less than this in the middle of the send.
        size = letter.workspace.people.stat().st_size
        letter.start(before).wait()
        return letter.verdict(allowed=SAMPLE)


@contextmanager
def _letter() -> Iterator[Letter]:
    with tempfile.TemporaryDirectory(prefix="newsletter-proof-") as folder, Server(delay=0.01) as server:
        made = new.make(Path(folder) / "letter", "Proof")
        path = made.root / SETTINGS
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("port = 2525", f"port = {server.port}"), encoding="utf-8")
        space = Workspace(made.root)
        with wiring.people(space) as connection:
            add(connection, CROWD)
        yield Letter(space, server)
