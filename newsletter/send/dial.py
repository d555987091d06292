"""Open a connection to whichever address of a host answers first.

Source: RFC 8305 (Happy Eyeballs). Many a host has an address that nothing answers from here, such as one of IPv6
where the network only seems to have that: who waits for the first one never comes to the others.
"""

import asyncio
import os
import socket
from collections.abc import Sequence
from typing import Any, TypeAlias

from aiohappyeyeballs import start_connection

#: How long an address is waited for before the next one is tried beside it, in seconds (RFC 8305 section 8).
STAGGER = 0.25

#: As `socket.getaddrinfo` gives it: family, kind and protocol of the socket, the host's own name, and where to.
Address: TypeAlias = tuple[int, int, int, str, Any]


async def dial(host: str, port: int) -> socket.socket:
    """Return a connection to *host*. Raise OSError if none of its addresses answers. It waits for ever."""
    return await first(await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))


async def first(addresses: Sequence[Address]) -> socket.socket:
    """Return a connection to whichever of *addresses* answers.

    Raise OSError if none does: with the errno on which they agree, or with 0. Its `strerror` names no address.
    """
    try:
        return await start_connection(addresses, happy_eyeballs_delay=STAGGER)
    except RuntimeError as error:
        # uvloop's, where the system gives a number to a new connection that it still has for an old one.
        raise OSError(0, str(error)) from None
    except OSError as error:
        if error.errno is None:
            raise OSError(0, f"none of its {len(addresses)} addresses can be reached") from None
        raise OSError(error.errno, os.strerror(error.errno)) from None
