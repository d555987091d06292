"""The chain of the consent ledger. Stores nothing.

Each line keeps two SHA-256 hashes: one of its own content, and one of that and the link before. So no line can be
changed, put in or taken out without a break, and still the content of an erased person can go while the chain
holds. Lines cut off at the very end show no break: compare with a backup.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC

from subscribers.model import Consent

_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii

#: Where a chain begins.
START = "0" * 64


def sealed(network: str, salt: str) -> str:
    """Return what stands for a shortened network address in the chain, in hexadecimal.

    The address is kept for some months only; the chain must hold without it, and must not give it away.
    """
    return hashlib.sha256(f"{salt}\n{network}".encode()).hexdigest()


def digests(consent: Consent, seal: str = "") -> Callable[[int], str]:
    """Return what gives the hash of what a line says, in hexadecimal, for any subscriber.

    An import has one line for a million. *seal* stands for the network address; lines of the first version have
    none, and the address itself is in their hash.
    """
    at = consent.at.astimezone(UTC).isoformat(timespec="milliseconds")
    content = (
        consent.list,
        consent.what,
        at,
        consent.source,
        consent.wording,
        consent.language,
        seal or consent.network,
        consent.message_id,
    )
    # As json.dumps writes a list, at half the cost.
    rest = ", ".join(map(_quoted, content))
    return lambda subscriber: hashlib.sha256(f"[{subscriber}, {rest}]".encode("ascii")).hexdigest()


def link(before: str, content: str) -> str:
    """Return the next link of the chain: the hash of the link *before* it and of the line's own hash."""
    return hashlib.sha256(f"{before}\n{content}".encode("ascii")).hexdigest()
