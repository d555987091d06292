"""The table [web]: where `serve` listens."""

from dataclasses import dataclass

from newsletter.settings import value
from newsletter.toml import Table


@dataclass(frozen=True, slots=True)
class Web:
    """Where `serve` listens. *trusted_proxies* are the addresses whose X-Forwarded-For counts.

    *metrics* are the networks that may read ``/metrics``, besides this machine.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


def read(table: Table) -> Web:
    """Return what the table says. Raise SettingsError."""
    return Web(
        host=value.host(table, "127.0.0.1"),
        port=table.whole("port", 8000, 1, 65535),
        trusted_proxies=table.texts("trusted_proxies", ()),
        metrics=table.texts("metrics", ()),
    )
