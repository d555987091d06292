"""Guess which address somebody meant whose fingers slipped. Changes nothing: whoever typed it decides."""

from functools import cache

from subscribers.model import Address

#: Where many readers have their mailboxes, by the name before the first dot, the commonest first.
_NAMES = (
    "gmail", "hotmail", "outlook", "icloud", "yahoo", "telia", "comhem", "bredband", "protonmail", "googlemail",
    "t-online",
)  # fmt: skip

#: Names of others that are one slip away from those.
_OTHERS = frozenset({"email", "fmail", "jmail", "mail", "rmail", "ymail"})

#: Of these there is one domain only.
_COM = frozenset({"gmail", "googlemail", "icloud"})

#: Ends that no domain has, and the one that was meant.
_ENDS = {"con": "com", "cpm": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com",
    "coom": "com", "ogr": "org", "orgg": "org", "nett": "net"}  # fmt: skip

#: Ends that a domain can have, though hardly one of `_NAMES`.
_CUT = frozenset({"co", "cm", "om"})

_LETTERS = "abcdefghijklmnopqrstuvwxyz-"


def meant(address: Address) -> str:
    """Return the address that was meant if *address* looks like a slip of it: ``anna@gmial.com``; else ""."""
    local, _, _ = address.typed.rpartition("@")
    domain = address.canonical.rpartition("@")[2]
    name, _, end = domain.partition(".")
    if name not in _NAMES:
        name = _by_slip().get(name, name)
    before, dot, last = end.rpartition(".")
    end = f"{before}{dot}{_ENDS.get(last, last)}"
    if name in _COM or (name in _NAMES and end in _CUT):
        end = "com"
    right = f"{name}.{end}"
    return "" if right == domain else f"{local}@{right}"


@cache
def _by_slip() -> dict[str, str]:
    """Return what is meant by each slip. Of two names that are as near it is the commoner one."""
    found = {slip: name for name in reversed(_NAMES) for slip in _slips(name)}
    return {slip: name for slip, name in found.items() if slip not in _OTHERS}


def _slips(name: str) -> set[str]:
    """Return what one slip makes of *name*: a letter left out, put in, taken for another, or two turned round."""
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    left_out = {head + tail[1:] for head, tail in cuts if tail}
    turned = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    taken = {head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS}
    put_in = {head + letter + tail for head, tail in cuts for letter in _LETTERS}
    return left_out | turned | taken | put_in
