"""Whether two domains count as one for DMARC, and which record says so (RFC 7489, section 3.1 and 6.6.3)."""

import itertools

from newsletter.trust import dmarc
from newsletter.trust.spf import Lookup


def aligned(one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC: the same, or one below the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def akin(lookup: Lookup, one: str, other: str) -> bool:
    """Whether two domains count as one for DMARC, also because both are below one that has a policy."""
    if aligned(one, other):
        return True
    labels = zip(reversed(one.split(".")), reversed(other.split(".")), strict=False)
    shared = [left for left, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], labels)]
    return len(shared) > 1 and bool(policy(lookup, ".".join(reversed(shared)))[1])


def policy(lookup: Lookup, domain: str) -> tuple[str, list[str]]:
    """Return the name of the DMARC record that counts for *domain*, and its texts: the nearest above it."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in lookup(name, "TXT") if dmarc.begins(text)]
        if found:
            return name, found
    return f"_dmarc.{domain}", []
