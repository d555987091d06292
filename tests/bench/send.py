"""How fast `newsletter send` is, how much of the processor and of the memory it takes.

The sink is a process of its own that accepts everything and keeps nothing; the sender is the real command, with a
durable ledger in a temporary folder, from its start to its end.
"""

import asyncio
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files import new
from newsletter.files.workspace import Workspace
from tests import ports, readers

SLUG = "0001-hello"


class Sink(asyncio.Protocol):
    """Accepts everything, as fast as Python can."""

    def connection_made(self, transport):
        self.transport = transport
        self.rest = b""
        self.body = False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data):
        self.rest += data
        answers = []
        while self.rest:
            if self.body:
                end = self.rest.find(b"\r\n.\r\n")
                if end < 0:
                    break
                self.rest, self.body = self.rest[end + 5 :], False
                answers.append(b"250 2.0.0 queued\r\n")
                continue
            line, found, rest = self.rest.partition(b"\r\n")
            if not found:
                break
            self.rest = rest
            verb = line[:4].upper()
            if verb == b"DATA":
                self.body = True
                answers.append(b"354 go on\r\n")
            elif verb == b"EHLO":
                answers.append(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif verb == b"QUIT":
                answers.append(b"221 bye\r\n")
            else:
                answers.append(b"250 ok\r\n")
        self.transport.write(b"".join(answers))


def sink(port):
    async def serve():
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    try:
        import uvloop

        uvloop.run(serve())
    except ImportError:
        asyncio.run(serve())


@contextmanager
def listening(*options: str) -> Iterator[int]:
    """Run Postfix's smtp-sink with *options* where it is installed, else the sink above; give its port."""
    program = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin")
    if not program:
        port = multiprocessing.Value("i", 0)
        process = multiprocessing.Process(target=sink, args=(port,), daemon=True)
        process.start()
        while not port.value:
            time.sleep(0.01)
        yield port.value
        process.terminate()
        process.join()
        return
    (number,) = ports.free(1)
    privileges = ["-u", "nobody"] if os.getuid() == 0 else []
    with subprocess.Popen([program, *privileges, *options, f"127.0.0.1:{number}", "256"]) as server:
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until:
                with suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                    break
                time.sleep(0.02)
            yield number
        finally:
            server.terminate()


def run(*command: str | Path) -> tuple[float, float, int]:
    """Return seconds, processor seconds, and the highest resident memory in MB of a program that ends well."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, (command, child.returncode)
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def measure(port: int, count: int, connections: int) -> tuple[float, float, int]:
    """Send to *count* readers with the real command, and return what `run` does."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = new.make(Path(folder) / "letter", "Bench")
        settings = workspace.root / "newsletter.toml"
        text = re.sub(r"port = \d+\ntls", f"port = {port}\ntls", settings.read_text())
        settings.write_text(text.replace("connections = 10", f"connections = {connections}"))
        people = wiring.people(Workspace(workspace.root))
        readers.add(people, count)
        people.close()
        return run(sys.executable, "-m", "newsletter", "--workspace", workspace.root, "send", SLUG, "--yes")
