"""The table [dkim]: who signs the mail, and with which keys."""

import re
from dataclasses import dataclass

from newsletter.errors import cited
from newsletter.settings import value
from newsletter.toml import Table

#: RFC 6376 section 3.1: labels of a domain name, joined by dots.
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class Pair:
    """One key: *selector* names its record in DNS, *file* is its path, from the workspace."""

    selector: str
    file: str


@dataclass(frozen=True, slots=True)
class Dkim:
    """Who signs. *pairs* is empty where nothing is signed; *domain* as DNS writes it; *body* simple or relaxed."""

    domain: str = ""
    pairs: tuple[Pair, ...] = ()
    body: str = "simple"


def read(table: Table) -> Dkim:
    """Return what the table says. Raise SettingsError."""
    pairs = [Pair(_selector(table, "selector"), table.text("key_file"))]
    if "second_selector" in table.values or "second_key_file" in table.values:
        pairs.append(Pair(_selector(table, "second_selector"), table.text("second_key_file")))
    if len({pair.selector for pair in pairs}) < len(pairs):
        raise table.fail("second_selector", "two keys have the same selector", "give each its own record in DNS")
    return Dkim(
        domain=value.domain(table, "domain", table.text("domain")),
        pairs=tuple(pairs),
        body=table.text("body", "simple", ("simple", "relaxed")),
    )


def selector(text: str) -> bool:
    """Whether *text* can be a selector."""
    return bool(_SELECTOR.fullmatch(text))


def _selector(table: Table, key: str) -> str:
    text = table.text(key)
    if not selector(text):
        raise table.fail(
            key, f"{cited(text)} is no selector", f'use small letters, digits and hyphens: {key} = "news"'
        )
    return text
