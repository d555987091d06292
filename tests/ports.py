"""Ports for servers that cannot choose their own."""

import secrets
import socket
from contextlib import suppress

#: Linux gives connections theirs from 32768 on: a port from there may be taken before a server has begun.
LOWEST, HIGHEST = 12_000, 32_000


def free(count: int) -> list[int]:
    """Return *count* ports of loopback that nobody listens on, and that no connection gets by chance."""
    found: set[int] = set()
    while len(found) < count:
        # Not by the seed of the tests: they run beside each other.
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.add(port)
    return list(found)
