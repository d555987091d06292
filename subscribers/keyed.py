"""HMAC-SHA256 for many texts under few keys: what depends on the key alone is computed once.

Source: RFC 2104. The same bytes as ``hmac.digest(key, text, "sha256")``, at a quarter of its cost: a send makes
four of them for each reader.
"""

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def digest(key: bytes, text: bytes) -> bytes:
    """Return the 32 bytes that only who has *key* can make of *text*."""
    started, finishing = _pads(key)
    inner, outer = started.copy(), finishing.copy()
    inner.update(text)
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=64)
def _pads(key: bytes) -> "tuple[_Hash, _Hash]":
    whole = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return hashlib.sha256(whole.translate(_INNER)), hashlib.sha256(whole.translate(_OUTER))
