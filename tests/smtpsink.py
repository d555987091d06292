"""Postfix's smtp-sink on loopback: it takes everything, and does wrong what it is told to."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import ports

PROGRAM = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def listening(*options: str) -> Iterator[int]:
    """Run it with *options*; give its port."""
    (number,) = ports.free(1)
    privileges = ["-u", "nobody"] if os.getuid() == 0 else []
    with subprocess.Popen([PROGRAM or "smtp-sink", *privileges, *options, f"127.0.0.1:{number}", "256"]) as server:
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until:
                with suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                    break
                time.sleep(0.02)
            yield number
        finally:
            server.terminate()


@contextmanager
def box() -> Iterator[Path]:
    """Make a folder that whoever it runs as may write to."""
    folder = Path(tempfile.mkdtemp(prefix="sink"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)
