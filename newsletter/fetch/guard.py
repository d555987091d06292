"""Decide which address a fetch may connect to, so that a feed cannot make us knock on doors of this network.

The name is resolved once and the connection goes to that very address: what was checked is what is used, even if
the name says something else a moment later. Called again for every redirect.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from newsletter.errors import SourceError, cited

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Returns the addresses of a host; raises OSError if there is no such host.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS = {"http": 80, "https": 443}
#: How long a name may take to resolve, in seconds: resolvers give up after 10 to 15 themselves.
RESOLVING = 15.0
#: IPv6 networks that only wrap an IPv4 address (RFC 6052 sections 2.1 and 3.1).
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
#: Where Amazon, Google, Oracle and Azure keep a machine's secrets, too: no link-local addresses, but as private.
SECRETS = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254", "192.0.0.192", "168.63.129.16")))


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of *host*."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def pin(url: str, *, allow_private: bool = False, resolver: Resolver = resolve) -> str:
    """Return the one address that a fetch of *url* may connect to. Raise SourceError if there is none.

    *allow_private* lets it be on a private network or on this machine, as an intranet needs; never a link-local
    one, where clouds keep their secrets.
    """
    host, port = _target(url)
    try:
        async with asyncio.timeout(RESOLVING):
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in await resolver(host, port)]
    except (OSError, UnicodeError, TimeoutError):
        raise SourceError(
            f"there is no host {cited(host)}", where=url, remedy="check the address and the network"
        ) from None
    if not addresses:
        raise SourceError(f"there is no host {cited(host)}", where=url, remedy="check the address and the network")
    for address in addresses:
        if not _allowed(address, allow_private):
            raise _refused(url, host, address)
    return str(addresses[0])


def _target(url: str) -> tuple[str, int]:
    """Return host and port of *url*, or raise SourceError for an address that is none of the web."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SourceError("this is no web address", where=url, remedy="write it as https://…") from None
    if parts.scheme not in PORTS:
        what = f"{parts.scheme or 'this'}: is no web address"
        raise SourceError(what, where=url, remedy="only http:// and https:// are read")
    if not host or "\0" in host:
        raise SourceError("this address names no host", where=url, remedy="write it as https://host/…")
    return host, PORTS[parts.scheme] if port is None else port


def _allowed(address: IPAddress, allow_private: bool) -> bool:
    inner = _inside(address)
    if inner is not None:
        # An IPv4 address in IPv6 clothes is what it wraps.
        return _allowed(inner, allow_private)
    if address.is_multicast or address.is_unspecified or address.is_link_local or address in SECRETS:
        return False
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if address.is_loopback or address.is_private or site_local:
        return allow_private and not (address.is_reserved and not address.is_loopback)
    return address.is_global and not address.is_reserved


def _inside(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refused(url: str, host: str, address: IPAddress) -> SourceError:
    who = host if host == str(address) else f"{host} ({address})"
    remedy = "no source may be there, of an intranet neither; check the address in a browser"
    if _allowed(address, allow_private=True):
        remedy = "if it is your intranet, set allow_private = true for its source, or add it with --allow-private"
    return SourceError(f"{who} is not on the public internet", where=url, remedy=remedy)
