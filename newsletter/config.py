"""Read the text of `newsletter.toml` into typed settings. Reads no file and no environment.

An error names the line: ``newsletter.toml:12: ...; what to do``. No secret stands in the file: a route names the
environment variable that holds its password.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter import toml
from newsletter.errors import SettingsError
from newsletter.model import Section, Source
from newsletter.toml import Lines, Table
from subscribers.address import parse as parse_address
from subscribers.errors import AddressError

T = TypeVar("T")

#: Units of a route's rate, in seconds.
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter itself. *sender* is From: a name and an address; *address* the postal one in the footer."""

    name: str
    sender_name: str
    sender: str
    reply_to: str
    address: str
    languages: tuple[str, ...]
    timezone: ZoneInfo
    base_url: str
    theme: str

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    @property
    def domain(self) -> str:
        """The domain of the From address."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Titled:
    """A list or a topic: its slug and its title by language ("" holds the one for every other language)."""

    slug: str
    titles: Mapping[str, str]
    opt_in: str = "double"

    def title(self, language: str = "") -> str:
        """Return the title in *language*, or the general one."""
        return self.titles.get(language) or self.titles[""]


@dataclass(frozen=True, slots=True)
class Route:
    """An SMTP server to send through. *rate* is messages per second, None for as fast as it takes them."""

    name: str
    host: str
    port: int
    tls: str
    username: str
    password_env: str
    connections: int
    rate: float | None

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Web:
    """Where `serve` listens. *trusted_proxies* are the addresses whose X-Forwarded-For counts."""

    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `newsletter.toml` says."""

    letter: Letter
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    lists: tuple[Titled, ...]
    topics: tuple[Titled, ...]
    routes: tuple[Route, ...]
    web: Web

    @property
    def public(self) -> bool:
        """Whether any route leaves this machine."""
        return not all(route.loopback for route in self.routes)


def parse(text: str, path: str = "newsletter.toml") -> Settings:
    """Return the settings that *text* says; *path* is its name in messages. Raise SettingsError."""
    document = toml.document(text, path)
    at = Lines(text, path)
    root = Table(document, "", at)
    letter = _letter(_one(root, "letter", at))
    settings = Settings(
        letter=letter,
        sources=_many(root, "source", at, _source, "name"),
        sections=_many(root, "section", at, _section),
        lists=_many(root, "list", at, _titled, "slug"),
        topics=_many(root, "topic", at, _titled, "slug"),
        routes=_many(root, "smtp", at, _route, "name"),
        web=_web(_one(root, "web", at)) if "web" in document else Web(),
    )
    for key in root.values:
        known = ("letter", "source", "section", "list", "topic", "smtp", "web")
        close = get_close_matches(key, known, 1)
        hint = f"did you mean [{close[0]}]?" if close else f"known here: {', '.join(known)}"
        raise root.fail(key, f"there is no setting [{key}]", hint)
    return settings


def _one(root: Table, name: str, at: Lines) -> Table:
    value = root.values.pop(name, None)
    if value is None:
        raise SettingsError(f"there is no [{name}]", where=at.path, remedy=f"add a table [{name}]")
    if not isinstance(value, dict):
        raise root.fail(name, f"{name} must be a table", f"write [{name}] on a line of its own")
    return Table(value, name, at)


def _many(root: Table, name: str, at: Lines, read: Callable[[Table], T], unique: str = "") -> tuple[T, ...]:
    values = root.values.pop(name, [])
    if not isinstance(values, list):
        raise root.fail(name, f"{name} can stand several times", f"write [[{name}]] with two brackets")
    return tuple(_each(values, name, at, read, unique))


def _each(
    values: list[Mapping[str, object]], name: str, at: Lines, read: Callable[[Table], T], unique: str
) -> Iterator[T]:
    seen: set[str] = set()
    for number, value in enumerate(values):
        table = Table(value, name, at, number)
        result = read(table)
        table.end()
        if unique:
            own = str(getattr(result, unique))
            if own in seen:
                raise table.fail(unique, f"two [[{name}]] are called {own!r}", "give one of them another name")
            seen.add(own)
        yield result


def _letter(table: Table) -> Letter:
    sender_name, sender = parseaddr(table.text("from"))
    letter = Letter(
        name=table.text("name"),
        sender_name=sender_name,
        sender=_mailbox(table, "from", sender),
        reply_to=_mailbox(table, "reply_to", table.text("reply_to", sender)),
        address=table.text("address", ""),
        languages=tuple(_language(table, "languages", code) for code in table.texts("languages", ("en",))),
        timezone=_zone(table),
        base_url=_base_url(table),
        theme=table.text("theme", "letter"),
    )
    if not letter.languages:
        raise table.fail("languages", "languages is empty", 'name at least one: languages = ["en"]')
    table.end()
    return letter


def _mailbox(table: Table, key: str, value: str) -> str:
    try:
        return parse_address(value).typed
    except AddressError as error:
        remedy = f'write it as {key} = "Name <news@example.org>"'
        raise table.fail(key, f"{key} is no e-mail address: {error.what}", remedy) from None


def _language(table: Table, key: str, code: str) -> str:
    if code and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        raise table.fail(key, f"{code!r} is no language code", 'use codes such as "en", "sv" or "pt-BR" (BCP 47)')
    return code


def _zone(table: Table) -> ZoneInfo:
    name = table.text("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise table.fail(
            "timezone", f"no time zone is called {name!r}", 'use a name such as "Europe/Stockholm"'
        ) from None


def _url(table: Table, key: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or re.search(r"[\s\"<>\\]", value):
        raise table.fail(key, f"{key} is no web address: {value!r}", f'write it as {key} = "https://…"')
    return value


def _base_url(table: Table) -> str:
    value = _url(table, "base_url", table.text("base_url", "http://127.0.0.1:8000"))
    if urlsplit(value).query or urlsplit(value).fragment:
        raise table.fail("base_url", "base_url has a query or fragment", "leave out everything from ? or # on")
    return value.rstrip("/")


def _source(table: Table) -> Source:
    kind = table.text("kind", "auto", ("auto", "feed", "page", "folder"))
    url = table.text("url")
    return Source(
        name=table.text("name"),
        kind=kind,
        url=url if kind == "folder" or "://" not in url else _url(table, "url", url),
        language=_language(table, "language", table.text("language", "")),
        allow_private=table.take("allow_private", bool, False),
        weight=table.take("weight", float, 1.0),
        tags=table.texts("tags", ()),
    )


def _section(table: Table) -> Section:
    return Section(
        name=table.text("name", ""),
        block=table.text("block", "story", ("lead", "story", "brief")),
        tags=table.texts("tags", ()),
        sources=table.texts("sources", ()),
        max=table.whole("max", 4, 1, 100),
    )


def _titled(table: Table) -> Titled:
    slug = table.text("slug")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", slug):
        raise table.fail("slug", f"{slug!r} is no slug", "use lower-case letters, digits and hyphens")
    opt_in = table.text("opt_in", "double", ("double", "single")) if table.name == "list" else "double"
    return Titled(slug=slug, titles=table.titles(slug), opt_in=opt_in)


def _route(table: Table) -> Route:
    route = Route(
        name=table.text("name"),
        host=table.text("host"),
        port=table.whole("port", 587, 1, 65535),
        tls=table.text("tls", "starttls", ("none", "starttls", "tls")),
        username=table.text("username", ""),
        password_env=table.text("password_env", ""),
        connections=table.whole("connections", 10, 1, 200),
        rate=_rate(table),
    )
    if route.tls == "none" and not route.loopback:
        remedy = 'use tls = "starttls" or "tls"; "none" is for a server on this machine'
        raise table.fail("tls", f"mail to {route.host} would travel readable by everybody", remedy)
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


def _web(table: Table) -> Web:
    web = Web(
        host=table.text("host", "127.0.0.1"),
        port=table.whole("port", 8000, 1, 65535),
        trusted_proxies=table.texts("trusted_proxies", ()),
    )
    table.end()
    return web
