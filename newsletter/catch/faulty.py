"""An SMTP server that misbehaves where it is told to, and remembers every message that it accepted.

It runs in a thread, so that senders of one process and of several can be tried on it. `accepted` is the oracle:
what stands there has arrived, whatever the sender believes. The proof and the tests use it; no real letter does.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from weakref import WeakSet

from newsletter.catch.door import shut
from newsletter.catch.faultysession import Session, StopError
from newsletter.catch.script import EXTENSIONS, Fault, Received, Script

__all__ = ["EXTENSIONS", "Fault", "Received", "Server"]


@dataclass
class Server(Script):
    """Listens on loopback, on a port of its own choice unless *port* names one."""

    def __enter__(self) -> "Server":
        """Start to listen."""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        if not self._ready.wait(30):
            raise OSError("the server did not start")
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        context = self.tls if self.implicit else None
        server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, limit=2**20, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()
        self._ready.set()
        await self._stop.wait()
        await shut(server)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # One that was cancelled before it began closed nothing, and a polite end of TLS waits for the client's.
        for writer in list(self._writers):
            writer.transport.abort()

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._session(reader, writer))
        self._writers.add(writer)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            await Session(self, reader, writer).run()
        except (StopError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass
        finally:
            self.open -= 1
            with contextlib.suppress(Exception):
                writer.transport.abort() if self.faults else writer.close()
