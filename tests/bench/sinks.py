"""What the race is run against: a sink that knows CHUNKING and TLS, and a line that takes its time.

``python -m tests.bench.sinks sink [CERTIFICATE KEY]`` and ``python -m tests.bench.sinks line MILLISECONDS PORT``;
both print their port. smtp-sink is faster than most, but knows neither CHUNKING nor TLS.
"""

import asyncio
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OFFERS = b"250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": OFFERS, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Sink(asyncio.Protocol):
    """Accepts everything and keeps nothing."""

    def connection_made(self, transport):
        self.transport = transport
        self.rest = b""
        self.body = False
        self.chunk = 0
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data):
        answers = []
        while data or self.rest:
            if self.chunk:
                taken = min(self.chunk, len(data))
                self.chunk -= taken
                data = data[taken:]
                if self.chunk:
                    break
                answers.append(b"250 2.0.0 queued\r\n")
                continue
            data, self.rest = self.rest + data, b""
            if self.body:
                end = data.find(b"\r\n.\r\n")
                if end < 0:
                    self.rest = data[-4:]
                    break
                data, self.body = data[end + 5 :], False
                answers.append(b"250 2.0.0 queued\r\n")
                continue
            line, found, rest = data.partition(b"\r\n")
            if not found:
                self.rest = data
                break
            data = rest
            verb = line[:4].upper()
            if verb == b"BDAT":
                self.chunk = int(line.split()[1])
                continue
            self.body = verb == b"DATA"
            answers.append(ANSWERS.get(verb, b"250 ok\r\n"))
        if answers:
            self.transport.write(b"".join(answers))


class Line(asyncio.Protocol):
    """One direction of a line on which everything arrives after *seconds*, in order and as fast as it came."""

    def __init__(self, seconds, port=0):
        self.seconds = seconds
        self.port = port
        self.other = None
        self.early = []

    def connection_made(self, transport):
        self.transport = transport
        if self.port:
            self.task = asyncio.ensure_future(self.connect())

    async def connect(self):
        loop = asyncio.get_running_loop()
        _, other = await loop.create_connection(lambda: Line(self.seconds), "127.0.0.1", self.port)
        self.other, other.other = other, self
        for data in self.early:
            other.transport.write(data)
        for data in other.early:
            self.transport.write(data)

    def data_received(self, data):
        asyncio.get_running_loop().call_later(self.seconds, self.arrive, data)

    def arrive(self, data):
        if self.other is None:
            self.early.append(data)
        elif not self.other.transport.is_closing():
            self.other.transport.write(data)

    def connection_lost(self, exc):
        if self.other and not self.other.transport.is_closing():
            asyncio.get_running_loop().call_later(self.seconds, self.other.transport.close)


async def serve(words):
    loop = asyncio.get_running_loop()
    if words[0] == "line":
        seconds, port = float(words[1]) / 2000, int(words[2])
        server = await loop.create_server(lambda: Line(seconds, port), "127.0.0.1", 0)
    else:
        context = None
        if len(words) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*words[1:])
        server = await loop.create_server(Sink, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def started(*words: object) -> Iterator[int]:
    """Start one in a process of its own; give its port."""
    command = [sys.executable, "-m", "tests.bench.sinks", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost, signed by itself. Return it and its key."""
    made = folder / "sink.pem", folder / "sink.key"
    subprocess.run(
        [
            shutil.which("openssl") or "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-out", made[0], "-keyout", made[1],
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(serve(sys.argv[1:]))
    except ImportError:
        asyncio.run(serve(sys.argv[1:]))
