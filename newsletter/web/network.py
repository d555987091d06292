"""Who asks: the network address behind a request, and its short form for limits and evidence. Opens no socket."""

import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from newsletter.errors import SettingsError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class Proxies:
    """The proxies whose X-Forwarded-For counts, as addresses or networks. Raise SettingsError for other texts."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = networks("trusted_proxies", trusted)

    def client(self, peer: str, forwarded: str) -> Address | None:
        """Return who asks: *peer*, or the last address of *forwarded* (X-Forwarded-For) that is no proxy of ours.

        Everything further left in that header is what a stranger wrote. None if it is not known.
        """
        client = _read(peer)
        for text in reversed(forwarded.split(",")):
            if client is None or not self._trusts(client):
                break
            found = _read(text)
            if found is None:
                break
            client = found
        return client

    def mistrusted(self, peer: str) -> Address | None:
        """Return *peer* if it is as near as a proxy of ours would be (RFC 1918 and the like), and not trusted."""
        address = _read(peer)
        return address if address and address.is_private and not self._trusts(address) else None

    def _trusts(self, address: Address) -> bool:
        # A network holds no address of the other version.
        return any(address in network for network in self._networks)


def networks(key: str, texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the addresses or networks that the setting *key* names. Raise SettingsError for other texts."""
    try:
        return tuple(ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        remedy = f'write addresses or networks: {key} = ["127.0.0.1", "10.0.0.0/8"]'
        raise SettingsError(f"{key}: {error}", where="newsletter.toml", remedy=remedy) from None


def shorten(address: Address | None) -> str:
    """Return the network that *address* is in: /24, for IPv6 /48, which is what one customer gets. "" if None."""
    if address is None:
        return ""
    if isinstance(address, IPv4Address):
        first, second, third, _ = address.packed
        return f"{first}.{second}.{third}.0/24"
    return f"{IPv6Address(int(address) >> 80 << 80)}/48"


@lru_cache(maxsize=4096)
def _read(text: str) -> Address | None:
    text = text.strip()
    # Some proxies write the port too, as RFC 7239 section 6 has it.
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        # What nearly all are, at a quarter of the cost.
        return IPv4Address(socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        pass
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
