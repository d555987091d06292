"""Envelope senders that say which delivery a bounce is about, and that nobody else can make (VERP).

Each delivery has its own: ``bounce+7-1f0c…@example.org``. A bounce counts only if the address that it came to
reads back as a delivery; a forged one does not, because it would need the key. Letters of one case only:
some servers write local parts in small letters (RFC 5321 section 2.4 lets nobody rely on that).
"""

import hmac
import re

#: The key is derived for this: ``ring.derive(PURPOSE)``, and ``ring.derived(PURPOSE)`` to read.
PURPOSE = "bounce"

#: The local part before the delivery: mail to ``bounce+…`` lands in the mailbox ``bounce`` where subaddresses work
#: (RFC 5233), and one alias or catch-all of the domain is enough elsewhere.
MAILBOX = "bounce"

#: Hexadecimal digits of the signature: 80 bits, which is what RFC 2104 section 5 lets one cut HMAC-SHA256 to.
_DIGITS = 20
_LOCAL = re.compile(rf"{MAILBOX}\+(0|[1-9][0-9]{{0,17}})-([0-9a-f]{{{_DIGITS}}})", re.ASCII)

_ANYWHERE = re.compile(rf"{MAILBOX}\+(?:0|[1-9][0-9]{{0,17}})-[0-9a-f]{{{_DIGITS}}}(?=@|=40)", re.ASCII | re.I)


def build(domain: str, delivery: int, key: bytes) -> str:
    """Return the envelope sender of *delivery* in *domain* (as DNS writes it); *key* is at least 32 bytes."""
    return f"{MAILBOX}+{delivery}-{_signature(delivery, key)}@{domain}"


def read(local: str, key: bytes) -> int | None:
    """Return the delivery that the local part of an address is about, or None if *key* did not make it.

    Whoever has several keys (rotation) asks with each.
    """
    found = _LOCAL.fullmatch(local.lower())
    if not found:
        return None
    delivery = int(found[1])
    return delivery if hmac.compare_digest(_signature(delivery, key), found[2]) else None


def _signature(delivery: int, key: bytes) -> str:
    return hmac.digest(key, f"bounce {delivery}".encode("ascii"), "sha256")[: _DIGITS // 2].hex()


def find(text: str) -> tuple[str, ...]:
    """Return the local parts in *text* that look like a delivery's, each once; `read` tells which are."""
    return tuple(dict.fromkeys(found[0].lower() for found in _ANYWHERE.finditer(text)))
