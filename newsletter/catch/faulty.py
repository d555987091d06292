"""An SMTP server that misbehaves where it is told to, and remembers every message that it accepted.

It runs in a thread, so that senders of one process and of several can be tried on it. `accepted` is the oracle:
what stands there has arrived, whatever the sender believes. The proof and the tests use it; no real letter does.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass

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
        server = await asyncio.start_server(self._session, "127.0.0.1", self.port, limit=2**20, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None] | None] = set()
        self._ready.set()
        await self._stop.wait()
        server.close()
        tasks = [task for task in self._tasks if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        self.open += 1
        try:
            await Session(self, reader, writer).run()
        except (StopError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass
        finally:
            self.open -= 1
            self._tasks.discard(asyncio.current_task())
            with contextlib.suppress(Exception):
                writer.transport.abort() if self.faults else writer.close()
