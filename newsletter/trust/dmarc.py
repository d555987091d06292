"""Which DMARC record counts for a domain, whether two domains are one by it, what it says in vain (RFC 7489).

Whether a domain has a record at all, and what it asks for, is told by `policy`, beside it.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsletter.errors import cited
from newsletter.trust.spf import Lookup

#: What a record may ask of receivers.
POLICIES = ("none", "quarantine", "reject")

#: What may stand in a tag that is not needed; any other value counts as if the tag were left out (section 6.3, RFC
#: 9091 section 3.2 for np=). psd= and t= are of the draft that is to follow.
_VALUES = {
    "np": "|".join(POLICIES),
    "psd": "[nuy]",
    "t": "[ny]",
    "adkim": "[rs]",
    "aspf": "[rs]",
    "pct": r"\d{1,2}|100",
    "fo": "[01ds](?::[01ds]){0,9}",
}

#: An address that reports go to (section 6.2); receivers know no other kind than mailto:.
_REPORT = re.compile(r"mailto:([^\s@:<>!,;]{1,64}@([^\s@:<>!,;]{1,253}))(?:!\d{1,20}[kmgt]?)?", re.IGNORECASE)

#: An address that only lacks its kind.
_BARE = re.compile(r"[^\s@:<>!,;]{1,64}@[^\s@:<>!,;]{1,253}")


class Report(NamedTuple):
    """Where reports go by the tag *name*: the *address* as it stands there, and its *host*, "" if it is none."""

    name: str
    address: str
    host: str


def begins(text: str) -> bool:
    """Whether a text is a DMARC record: only what begins with the version is."""
    return re.match(r"v\s{0,9}=\s{0,9}DMARC1\s{0,9}(?:;|$)", text) is not None


def undecided(tags: Mapping[str, str]) -> str:
    """Return what is wrong with the policy of a record, or "".

    Receivers then take none, if it says where reports go, and else pass the record over (section 6.6.3).
    """
    if "p" not in tags:
        return "no policy (p=)"
    return next((f"{tag}={tags[tag]}" for tag in ("p", "sp") if tags.get(tag, "none") not in POLICIES), "")


def ignored(tags: Mapping[str, str]) -> str:
    """Return a tag with a value that nobody knows, such as ``sp=rejcet``, or ""."""
    for name, value in tags.items():
        if name in _VALUES and not re.fullmatch(_VALUES[name], value):
            return f"{name}={value}"
    return ""


def reports(tags: Mapping[str, str]) -> Iterator[Report]:
    """Yield where reports go, also where that is no address that they can be sent to."""
    for name in ("rua", "ruf"):
        for address in tags[name].split(",") if name in tags else ():
            found = _REPORT.fullmatch(address)
            yield Report(name, address, found[2] if found else "")


def unread(found: Sequence[Report]) -> str:
    """Return why reports go nowhere because of how an address is written, or ""."""
    lost = next((each for each in found if not each.host), None)
    if lost is None:
        return ""
    bare = _BARE.fullmatch(lost.address)
    remedy = f"write mailto:{lost.address}" if bare else "write it as mailto: and an address, with commas between"
    return f"sends reports to {cited(lost.address)} ({lost.name}=), which is no address to receivers; {remedy}"


def asked(domain: str, host: str) -> str:
    """Return the name at which *host* says that it wants reports about *domain* (section 7.1)."""
    return f"{domain}._report._dmarc.{host}"


def aligned(one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC: the same, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def akin(lookup: Lookup, one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC, also because both are below one that has a record."""
    if aligned(one, other):
        return True
    labels = zip(reversed(one.split(".")), reversed(other.split(".")), strict=False)
    shared = [left for left, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], labels)]
    return len(shared) > 1 and bool(record(lookup, ".".join(reversed(shared)))[1])


def record(lookup: Lookup, domain: str) -> tuple[str, list[str]]:
    """Return the name of the DMARC record that counts for *domain*, and its texts: the nearest above it."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in lookup(name, "TXT") if begins(text)]
        if found:
            return name, found
    return f"_dmarc.{domain}", []
