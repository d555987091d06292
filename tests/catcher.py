"""The built-in catcher beside a test that has no event loop."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from newsletter.catch.server import Catcher


@contextlib.contextmanager
def running(folder: Path, *, smtp_port: int = 0, web_port: int = 0) -> Iterator[Catcher]:
    """Run a catcher in a thread of its own, for a caller that has no event loop."""
    catcher = Catcher(folder, smtp_port=smtp_port, web_port=web_port)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="catcher", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(catcher.start(), loop).result(10)
        try:
            yield catcher
        finally:
            asyncio.run_coroutine_threadsafe(catcher.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
