"""An editor who runs commands, and looks afterwards whether ledger and server agree."""

import asyncio
import email
import email.policy
import json
import re
import resource
import signal
import subprocess
import sys
import time
from email.parser import BytesHeaderParser

from newsletter.cli import wiring
from newsletter.cli.send import background
from subscribers.store.ledger import census
from tests import blank, readers
from tests.shell import ended

SLUG = "0001-hello"


class Editor:
    """An editor at a terminal, in a workspace with readers whose route leads to a server of ours."""

    def __init__(self, folder, capfd):
        self.workspace = blank.letter(folder / "letter", "Letter")
        self.root = self.workspace.root
        self.capfd = capfd

    def settings(self, old, new):
        path = self.root / "newsletter.toml"
        path.write_text(re.sub(old, new, path.read_text()))
        self.workspace = type(self.workspace)(self.root)

    def to(self, server):
        self.settings(r"port = \d+\ntls", f"port = {server.port}\ntls")

    def people(self, count, first=1):
        with wiring.people(self.workspace) as connection:
            readers.add(connection, count, first)

    def __call__(self, *words):
        """Run a command. Return its exit code, its data and its talk."""
        self.capfd.readouterr()
        code = ended("--workspace", str(self.root), *words)
        shown = self.capfd.readouterr()
        assert "Traceback" not in shown.err
        return code, shown.out, shown.err

    def json(self, *words):
        code, out, _ = self(*words, "--json")
        return code, json.loads(out)

    def start(self, *words, room=None):
        """Start a command in a process of its own, in which no file grows beyond *room* bytes."""

        def set_up():
            # Tests that run in the background were told to ignore these, and so would the command be.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            if room:
                # A file that may not grow is a disk without room, as far as SQLite can tell.
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        return subprocess.Popen(
            [sys.executable, "-m", "newsletter", "--workspace", str(self.root), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=set_up,
        )

    def sending(self, server, count):
        """Start a send; return its process once *server* took *count* messages, or it ended."""
        process = self.start("send", SLUG, "--yes")
        while len(server.accepted) < count and process.poll() is None:
            time.sleep(0.005)
        return process

    def counts(self, send=1):
        with wiring.people(self.workspace) as connection:
            return census.counts(connection, send)

    def agrees(self, server, count):
        with wiring.people(self.workspace) as connection:
            rows = connection.execute(
                "SELECT s.email, d.state FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
            ).fetchall()
        taken = server.recipients()
        assert len(taken) == len(set(taken)), "somebody got it twice"
        assert len(rows) == count
        state = {row["email"]: row["state"] for row in rows}
        assert all(state[one] in ("accepted", "uncertain") for one in taken)
        assert {one for one, how in state.items() if how == "accepted"} <= set(taken)
        return set(state.values())

    def serve(self, until, seconds=15, said=None):
        """Do what `serve` does, until *until* holds. Return what it said, which is in *said* meanwhile."""
        said = [] if said is None else said

        async def work():
            stop = asyncio.Event()
            task = asyncio.create_task(background.keep_sending(self.workspace, stop, said.append))
            async with asyncio.timeout(seconds):
                while not until():  # noqa: ASYNC110 - the ledger wakes nobody
                    await asyncio.sleep(0.05)
            stop.set()
            await task
            return said

        return asyncio.run(work())


def parsed(received):
    """Return a message that arrived, as another program reads it."""
    return email.message_from_bytes(received.data, policy=email.policy.default)


def head(received):
    """Return the headers of a message that arrived, which are read much sooner than the whole."""
    text, _, _ = received.data.partition(b"\r\n\r\n")
    return BytesHeaderParser(policy=email.policy.default).parsebytes(text)
