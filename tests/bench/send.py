"""How fast `newsletter send` is, and how much memory it takes, by the number of readers.

Run it with ``python -m tests.bench.send [READERS...]``. The sink is a process of its own that accepts everything
and keeps nothing; the sender is the real command, with a durable ledger in a temporary folder.
"""

import asyncio
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files import new
from newsletter.files.workspace import Workspace
from tests import readers

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


def measure(count: int, connections: int) -> tuple[float, float, int]:
    """Return seconds, processor seconds, and the highest resident memory in MB of one send."""
    port = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=sink, args=(port,), daemon=True)
    process.start()
    while not port.value:
        time.sleep(0.01)
    with tempfile.TemporaryDirectory() as folder:
        workspace = new.make(Path(folder) / "letter", "Bench")
        settings = workspace.root / "newsletter.toml"
        text = re.sub(r"port = \d+\ntls", f"port = {port.value}\ntls", settings.read_text())
        settings.write_text(text.replace("connections = 10", f"connections = {connections}"))
        people = wiring.people(Workspace(workspace.root))
        readers.add(people, count)
        people.close()
        command = [sys.executable, "-m", "newsletter", "--workspace", workspace.root, "send", SLUG, "--yes"]
        began = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    process.terminate()
    assert child.returncode == 0, child.returncode
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def main() -> None:
    """Measure and print a table."""
    counts = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 50_000]
    print(f"{'readers':>10} {'conns':>6} {'seconds':>8} {'messages/s':>11} {'CPU s/1000':>11} {'MB':>5}")
    for count in counts:
        for connections in (10, 50):
            took, cpu, memory = measure(count, connections)
            print(
                f"{count:>10,} {connections:>6} {took:>8.2f} {count / took:>11,.0f}"
                f" {cpu / count * 1000:>11.3f} {memory:>5}",
                flush=True,
            )


if __name__ == "__main__":
    main()
