"""A table [[smtp]]: a server to send through."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from newsletter.errors import cited
from newsletter.settings import oauth, value
from newsletter.timing.pace import Rate
from newsletter.toml import Table
from subscribers.address import parse

#: Units of a rate, in seconds.
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Route:
    """An SMTP server to send through. *rate* is messages per second, None for as fast as it takes them.

    *in_flight* messages wait for the server's word on one connection, where it offers CHUNKING; *messages* go by
    one connection at most. *certificate* and *key* are files that show who we are, *authority* one whose signature
    the server's certificate must bear; "" is none, and what the system trusts.

    *oauth* names the [[oauth]] to log in by in place of a password, "" for none.

    *weight* is its share of the messages, 0 for one that stands in when the others fail; *rates* is what it may be
    used for in all, of which *rate* is the even part. *sender* is the envelope sender of all that goes by it,
    *sender_domain* replaces its domain alone; *id_header* is a header that gets the Message-ID, by which a server
    knows what it took already. "" is none.
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
    weight: int = 1
    rates: tuple[Rate, ...] = ()
    sender_domain: str = ""
    id_header: str = ""
    oauth: str = ""
    sender: str = ""

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return value.loopback(self.host)

    @property
    def bounces(self) -> str:
        """The domain, as DNS writes it, that bounces of its messages go to; "" is the letter's."""
        return parse(self.sender).canonical.rpartition("@")[2] if self.sender else self.sender_domain

    @property
    def paced(self) -> str:
        """The name by which its pace is kept. No domain has a slash."""
        return f"route/{self.name}"

    def ration(self, rate: Rate) -> str:
        """Return the name by which it is kept what is used of a *rate*."""
        return f"{self.name}/{rate.seconds}"


def read(table: Table, oauths: Collection[str] = ()) -> Route:
    """Return what the table says. *oauths* are the names of every [[oauth]]. Raise SettingsError."""
    rates = _rates(table)
    route = Route(
        name=table.text("name"),
        host=value.host(table),
        port=table.whole("port", 587, 1, 65535),
        tls=table.text("tls", "starttls", ("none", "starttls", "tls")),
        username=table.text("username", ""),
        password_env=table.variable("password_env"),
        connections=table.whole("connections", 10, 1, 200),
        rate=min((rate.each for rate in rates if rate.seconds <= 60), default=None),
        in_flight=table.whole("in_flight", 1, 1, 32),
        messages=table.whole("messages", 1000, 1, 1_000_000),
        certificate=table.text("certificate", ""),
        key=table.text("key", ""),
        authority=table.text("authority", ""),
        weight=table.whole("weight", 1, 0, 1000),
        rates=rates,
        sender_domain=value.maybe(value.domain, table, "sender_domain"),
        id_header=_id_header(table),
        oauth=oauth.named(table, oauths),
        sender=value.maybe(value.address, table, "sender"),
    )
    if route.sender and route.sender_domain:
        raise table.fail("sender_domain", "sender names the whole address", "take sender_domain out")
    if route.tls == "none" and not route.loopback:
        remedy = 'use tls = "starttls" or "tls"; "none" is for a server on this machine'
        raise table.fail("tls", f"mail to {route.host} would travel readable by everybody", remedy)
    if bool(route.certificate) != bool(route.key):
        given, other = ("certificate", "key") if route.certificate else ("key", "certificate")
        raise table.fail(given, f"there is no {other} to it", f'add {other} = "subscribers/client.pem"')
    if route.oauth and (route.password_env or not route.username):
        remedy = "take password_env out" if route.password_env else "add username, the address of its mailbox"
        raise table.fail("oauth", "who logs in by [[oauth]] has a username and no password", remedy)
    if route.username and not (route.oauth or route.password_env) and "password" not in table.values:
        remedy = 'name the environment variable that holds it: password_env = "NEWSLETTER_SMTP_PASSWORD"'
        raise table.fail("username", "there is a username and no password", remedy)
    return route


def _rates(table: Table) -> tuple[Rate, ...]:
    """Read ``rate``: one, or a list of those that all hold."""
    texts = table.texts("rate", ()) if isinstance(table.values.get("rate"), list) else (table.text("rate", ""),)
    return tuple(_rate(table, text) for text in texts if text)


def _rate(table: Table, text: str) -> Rate:
    found = re.fullmatch(r"(\d{1,9})\s*/\s*(second|minute|hour|day)", text.strip())
    if not found or int(found[1]) == 0:
        raise table.fail("rate", f"{cited(text)} is no rate", 'write it as rate = "600/minute"')
    return Rate(int(found[1]), PERIODS[found[2]])


def _id_header(table: Table) -> str:
    text = table.text("id_header", "")
    if text and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", text):
        raise table.fail("id_header", f"{cited(text)} names no header", 'write it as id_header = "X-Message-Key"')
    return text
