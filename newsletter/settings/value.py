"""Values that several tables hold: mail addresses, domains, languages, web addresses."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from newsletter.errors import cited
from newsletter.toml import Table
from subscribers import tongue
from subscribers.address import named
from subscribers.address import parse as parse_address
from subscribers.errors import AddressError


def mailbox(table: Table, key: str, text: str) -> tuple[str, str]:
    """Return the name in *text*, "" if there is none, and the address as typed. Raise SettingsError for *key*."""
    try:
        name, address = named(text)
        return name, address.typed
    except AddressError as error:
        remedy = f'write it as {key} = "Name <news@example.org>"'
        raise table.fail(key, f"{key} is no e-mail address: {error.what}", remedy) from None


def address(table: Table, key: str, value: str) -> str:
    """Return *value*, a mail address without a name. Raise SettingsError, naming *key*."""
    try:
        return parse_address(value).typed
    except AddressError as error:
        remedy = f'write it as {key} = "news@example.org"'
        raise table.fail(key, f"{key} is no e-mail address: {error.what}", remedy) from None


def domain(table: Table, key: str, value: str) -> str:
    """Return the name *value* as DNS writes it, in small letters (RFC 5891). Raise SettingsError, naming *key*."""
    try:
        return parse_address(f"postmaster@{value}").canonical.rpartition("@")[2]
    except AddressError:
        remedy = f'write it as {key} = "bounces.example.org"'
        raise table.fail(key, f"{cited(value)} is no domain", remedy) from None


def host(table: Table, default: str | None = None) -> str:
    """Return the server that `host` names; IPv6 may be in brackets, as in a web address. Raise SettingsError."""
    said = table.text("host", default)
    found = re.sub(r"^\[(.*)\]$", r"\1", said)
    if re.search(r"[][/]", found) or found.count(":") == 1:
        raise table.fail("host", f"{cited(said)} is no host", "write the name alone, and its port as port = …")
    return found


def loopback(host: str) -> bool:
    """Whether a server is on this machine."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def day(table: Table, key: str) -> datetime | None:
    """Return the start, in UTC, of the day that *key* names, None if it is not there. Raise SettingsError."""
    said = table.values.get(key)
    if type(said) is date:
        table.take(key, date)
        return datetime.combine(said, time(), UTC)
    text = table.text(key, "")
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC) if text else None
    except ValueError:
        raise table.fail(key, f"{key} cannot be {cited(text)}", f"write it as {key} = 2025-06-01") from None


def language(table: Table, key: str, code: str) -> str:
    """Return *code*, a language code of BCP 47 or nothing. Raise SettingsError."""
    if code and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        known = tongue.named(code)
        remedy = f'write "{known}"' if known else 'use codes such as "en", "sv" or "pt-BR" (BCP 47)'
        raise table.fail(key, f"{cited(code)} is no language code", remedy)
    return code


def maybe(read: Callable[[Table, str, str], str], table: Table, key: str) -> str:
    """Return what *read* makes of the text of *key*, "" where that is left out or says nothing."""
    text = table.text(key, "")
    return read(table, key, text) if text else ""


def web(url: str) -> str:
    """Return where *url* is read: what one subscribes to as a calendar (``webcal:``) lies on the web."""
    return re.sub(r"^webcals?:", "https:", url, flags=re.IGNORECASE)


def url(table: Table, key: str, value: str) -> str:
    """Return *value*, an absolute web address. Raise SettingsError."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or re.search(r"[\s\"<>\\]", value):
        raise table.fail(key, f"{key} is no web address: {cited(value)}", f'write it as {key} = "https://…"')
    if "@" in parts.netloc:
        # Not cited: what is said of an address stands in logs.
        raise table.fail(key, f"a user or a password stands in {key}", "take it out; no server is told it")
    return value
