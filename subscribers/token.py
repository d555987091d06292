"""Make and read the signed texts in links: confirm, preferences, unsubscribe, answer, and the stamp of a form.

A token says what for, whose and which list (of an answer: which send), and carries no address. It is 33 bytes:
version and purpose (1), key (1), subscriber (6), list (4), expiry (5), signature (16); that is 44 characters of
base64url with no bit to spare, so that a token has one spelling only. The signature is HMAC-SHA256 (RFC 2104), cut
to half as its section 5 allows.
"""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from subscribers.errors import TokenError

VERSION = 1
#: How long the link in a confirm mail works, which is as long as a subscription may stay pending.
CONFIRM_FOR = timedelta(days=14)

_TEXT = re.compile(r"[A-Za-z0-9_-]{44}")
_SIGNED = 17
_SIGNATURE = 16
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    """What a token is for. It is worth nothing for anything else."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    FORM = "form"
    ANSWER = "answer"


#: The purposes as they stand in a token; numbers are never used again.
_NUMBERS = {Purpose.CONFIRM: 1, Purpose.PREFERENCES: 2, Purpose.UNSUBSCRIBE: 3, Purpose.FORM: 4, Purpose.ANSWER: 5}


@dataclass(frozen=True, slots=True)
class Ring:
    """The secrets, newest first: the first signs, all verify. Each is at least 32 random bytes."""

    secrets: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.secrets or min(map(len, self.secrets)) < 32:
            raise ValueError("a ring needs secrets of at least 32 bytes")

    def derive(self, purpose: str) -> bytes:
        """Return the key for another keyed hash (``suppression``, ``message-id``), made from the newest secret."""
        return _derive(self.secrets[0], purpose)

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys for *purpose*, newest first: what an old key hashed can still be recognized."""
        return tuple(_derive(secret, purpose) for secret in self.secrets)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says; of an answer *list* is the number of its send. *expires* None means never."""

    subscriber: int
    list: int
    expires: datetime | None = None


def make(ring: Ring, purpose: Purpose, subscriber: int, list_id: int, expires: datetime | None = None) -> str:
    """Return a token of 44 characters that are safe in a URL.

    *subscriber* is below 2**48, *list_id* below 2**32; 0 means nobody and no list. *expires* is cut to the second.
    A confirm token must expire and an unsubscribe token must not (RFC 8058: the link in an old mail still works);
    the wrong combination is a ValueError.
    """
    if (purpose is Purpose.CONFIRM and expires is None) or (
        purpose is Purpose.UNSUBSCRIBE and expires is not None
    ):
        raise ValueError(f"a {purpose} token {'must' if expires is None else 'must not'} expire")
    return Maker(ring, purpose, list_id, expires)(subscriber)


class Maker:
    """Makes tokens as `make` does, for many people: what is the same in all of them is written once."""

    def __init__(self, ring: Ring, purpose: Purpose, list_id: int, expires: datetime | None = None) -> None:
        secret = ring.secrets[0]
        self._key = _derive(secret, "token")
        self._start = bytes((VERSION << 4 | _NUMBERS[purpose], _key_id(secret)))
        seconds = 0 if expires is None else int(expires.timestamp())
        self._end = list_id.to_bytes(4, "big") + seconds.to_bytes(5, "big")

    def __call__(self, subscriber: int) -> str:
        """Return the token of *subscriber*, who is below 2**48; 0 means nobody."""
        signed = self._start + subscriber.to_bytes(6, "big") + self._end
        token = binascii.b2a_base64(signed + hmac.digest(self._key, signed, "sha256")[:_SIGNATURE], newline=False)
        return token.translate(_URL_SAFE).decode("ascii")


def read(ring: Ring, purpose: Purpose, text: str, now: datetime) -> Claim:
    """Return what the token *text* says. Raise TokenError unless it is ours, for *purpose*, and not expired."""
    if not _TEXT.fullmatch(text):
        raise TokenError("this link is not complete", remedy="copy the whole of it from the mail")
    octets = base64.urlsafe_b64decode(text)
    signed, signature = octets[:_SIGNED], octets[_SIGNED:]
    # Every key is tried, always: how long it takes says nothing about which one was right.
    ours = [hmac.compare_digest(_sign(secret, signed), signature) for secret in ring.secrets]
    keys = [_key_id(secret) == signed[1] for secret in ring.secrets]
    right = signed[0] == VERSION << 4 | _NUMBERS[purpose]
    if not (right and any(own and key for own, key in zip(ours, keys, strict=True))):
        raise TokenError("this link was not made here, or not for this", remedy="use the link in your newest mail")
    seconds = int.from_bytes(signed[12:17], "big")
    if seconds and now.timestamp() >= seconds:
        raise TokenError("this link has expired", remedy="sign up once more to get a new one")
    expires = datetime.fromtimestamp(seconds, UTC) if seconds else None
    return Claim(int.from_bytes(signed[2:8], "big"), int.from_bytes(signed[8:12], "big"), expires)


# A send makes two tokens for each reader, all with the same few keys.
@lru_cache(maxsize=64)
def _derive(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, b"key for " + purpose.encode(), "sha256")


def key_id(secret: bytes) -> str:
    """Return a name for a key, two hexadecimal digits, that says nothing about it."""
    return f"{_key_id(secret):02x}"


def _key_id(secret: bytes) -> int:
    """Return which key this is, in one byte that says nothing about it."""
    return _derive(secret, "key id")[0]


def _sign(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(_derive(secret, "token"), signed, "sha256")[:_SIGNATURE]
