"""A table [[smtp]]: a server to send through."""

import re
from dataclasses import dataclass

from newsletter.toml import Table

#: Units of a rate, in seconds.
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Route:
    """An SMTP server to send through. *rate* is messages per second, None for as fast as it takes them.

    *in_flight* messages wait for the server's word on one connection, where it offers CHUNKING; *messages* go by
    one connection at most. *certificate* and *key* are files that show who we are, *authority* one whose signature
    the server's certificate must bear; "" is none, and what the system trusts.
    """

    name: str
    host: str
    port: int
    tls: str
    username: str
    password_env: str
    connections: int
    rate: float | None
    in_flight: int = 1
    messages: int = 1000
    certificate: str = ""
    key: str = ""
    authority: str = ""

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


def read(table: Table) -> Route:
    """Return what the table says. Raise SettingsError."""
    route = Route(
        name=table.text("name"),
        host=table.text("host"),
        port=table.whole("port", 587, 1, 65535),
        tls=table.text("tls", "starttls", ("none", "starttls", "tls")),
        username=table.text("username", ""),
        password_env=table.text("password_env", ""),
        connections=table.whole("connections", 10, 1, 200),
        rate=_rate(table),
        in_flight=table.whole("in_flight", 1, 1, 32),
        messages=table.whole("messages", 1000, 1, 1_000_000),
        certificate=table.text("certificate", ""),
        key=table.text("key", ""),
        authority=table.text("authority", ""),
    )
    if route.tls == "none" and not route.loopback:
        remedy = 'use tls = "starttls" or "tls"; "none" is for a server on this machine'
        raise table.fail("tls", f"mail to {route.host} would travel readable by everybody", remedy)
    if bool(route.certificate) != bool(route.key):
        given, other = ("certificate", "key") if route.certificate else ("key", "certificate")
        raise table.fail(given, f"there is no {other} to it", f'add {other} = "subscribers/client.pem"')
    if route.username and not route.password_env:
        remedy = 'name the environment variable that holds it: password_env = "NEWSLETTER_SMTP_PASSWORD"'
        raise table.fail("username", "there is a username and no password", remedy)
    return route


def _rate(table: Table) -> float | None:
    value = table.text("rate", "")
    if not value:
        return None
    found = re.fullmatch(r"(\d{1,9})\s*/\s*(second|minute|hour|day)", value.strip())
    if not found or int(found[1]) == 0:
        raise table.fail("rate", f"{value!r} is no rate", 'write it as rate = "600/minute"')
    return int(found[1]) / PERIODS[found[2]]
