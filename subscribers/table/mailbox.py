"""Read whom a cell names: an address, alone or with a name, as mail programs and lists of members write it."""

import re

from subscribers import address, attribute
from subscribers.errors import AddressError, cited
from subscribers.model import Address
from subscribers.table import cell, saying, stray
from subscribers.table.heading import words

#: How mail programs write somebody down (RFC 5322 section 3.4), without its comments.
_NAMED = re.compile(r"""\s*"?(?P<name>[^"<>]{0,200}?)"?\s*<(?P<address>[^<>\s]{3,254})>\s*""")
#: As lists of members have it, with the name behind: ``anna@example.org Anna Berg``.
_BEHIND = re.compile(r"(?P<address>[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{3,253})\s{1,8}(?P<name>[^@,;<>()\d]{2,100})")
#: What stands around an address that somebody struck out, or put among those who left.
STRUCK = "~~"
#: What people write before a line that shall not count. An address may begin so, and none does.
_LEFT_OUT = frozenset("#*!~/-%")
#: Two addresses, whatever stands between them.
_SEVERAL = re.compile(r"\w@[^\s@,;/|]{1,253}[\s,;/|][^@]{0,200}\w@\w")


def read(typed: str) -> tuple[Address, str]:
    """Return the address in a cell, and the name beside it (``Anna <anna@example.org>``). Raise AddressError."""
    if typed.startswith(STRUCK):
        raise AddressError(
            f"{cited(typed.strip(STRUCK)[:80])} is struck out, or stands in a sheet of those who left"
        )
    if typed.lstrip()[:1] in _LEFT_OUT:
        what = f"{cited(typed[:80])} begins with a sign by which people leave a line out"
        raise AddressError(f"{what}; take the sign away if it shall count")
    try:
        return address.parse(typed), ""
    except AddressError as error:
        if (bare := cell.bare(typed)) and bare != typed:
            return read(bare)
        named = _NAMED.fullmatch(typed) or _behind(typed)
        if not named:
            why = "there are several; write a line for each" if _SEVERAL.search(typed[:600]) else error.what
            raise AddressError(f"{cited(typed[:80])} is no address: {why}" if typed else why) from None
    found, _ = read(named["address"])
    return found, attribute.text(greeted(named["name"].strip(" '"), named["address"]), "the name", 200)


def _behind(typed: str) -> re.Match[str] | None:
    """Return an address and the name behind it; None where that may be a word for how somebody stands."""
    found = _BEHIND.fullmatch(typed)
    return found if found and not (saying.meaning(words(found["name"])) or stray.chosen(found["name"])) else None


def greeted(name: str, typed: str) -> str:
    """Return a name as its bearer is greeted, "" for what is none, such as *typed*, or another address."""
    return (
        ""
        if name.casefold() == typed.casefold() or ("@" in name and cell.bare(name))
        else cell.turned(cell.part(name))
    )
