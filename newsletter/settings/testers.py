"""The table [test]: who gets an issue before it goes to everybody."""

from dataclasses import dataclass

from newsletter.errors import cited
from newsletter.toml import Table
from subscribers.address import parse as parse_address
from subscribers.errors import AddressError


@dataclass(frozen=True, slots=True)
class Testers:
    """The addresses that `newsletter test` writes to where none is named."""

    to: tuple[str, ...] = ()


def read(table: Table) -> Testers:
    """Return what the table says. Raise SettingsError."""
    return Testers(to=tuple(dict.fromkeys(_address(table, each) for each in table.texts("to", ()))))


def _address(table: Table, text: str) -> str:
    try:
        return parse_address(text).typed
    except AddressError as error:
        what = f"{cited(text)} is no e-mail address: {error.what}"
        raise table.fail("to", what, 'write it as to = ["eva@example.org"]') from None
