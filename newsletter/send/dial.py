"""Open a connection to whichever address of a host answers first.

Source: RFC 8305 (Happy Eyeballs). Many a host has an address that nothing answers from here, such as one of IPv6
where the network only seems to have that: who waits for the first one never comes to the others.
"""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any, TypeAlias

#: How long an address is waited for before the next one is tried beside it, in seconds (RFC 8305 section 8).
STAGGER = 0.25

#: As `socket.getaddrinfo` gives it: family, kind and protocol of the socket, the host's own name, and where to.
Address: TypeAlias = tuple[int, int, int, str, Any]


async def dial(host: str, port: int) -> socket.socket:
    """Return a connection to *host*. Raise OSError, of its first address if none answers. It waits for ever."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return await first(found)


async def first(addresses: Sequence[Address]) -> socket.socket:
    """Return a connection to whichever of *addresses* answers. Raise the OSError of the first if none does."""
    left, errors = list(addresses), list[BaseException]()
    under_way: set[asyncio.Task[socket.socket]] = set()
    try:
        while left or under_way:
            if left:
                under_way.add(asyncio.ensure_future(_connect(left.pop(0))))
            done, under_way = await asyncio.wait(
                under_way, timeout=STAGGER if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            errors += [error for each in done if (error := each.exception())]
            answered = [each.result() for each in done if not each.exception()]
            for late in answered[1:]:
                late.close()
            if answered:
                return answered[0]
        raise errors[0]
    finally:
        for each in under_way:
            each.cancel()
            each.add_done_callback(_drop)


def _drop(connecting: "asyncio.Task[socket.socket]") -> None:
    """Close what was reached after all, when nobody wanted it any more."""
    if not connecting.cancelled() and not connecting.exception():
        connecting.result().close()


async def _connect(address: Address) -> socket.socket:
    family, kind, protocol, _, place = address
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection
