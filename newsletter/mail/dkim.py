"""Sign messages, so that receivers know who they are from and that nobody changed them (RFC 6376, RFC 8463).

Every header that a reader or a mail program acts upon is signed once more often than it is there (oversigned), so
that a second one put in front breaks the signature; there is no ``l=``, so that nothing can be added below. A
message must be as it will travel: CRLF line ends, and no line that a server would write anew.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

Key: TypeAlias = RSAPrivateKey | Ed25519PrivateKey

#: RFC 8301 section 3.2: below 1024 bits nobody believes a signature; 2048 is what all ask for now.
FEWEST_BITS = 2048

#: RFC 1035 section 3.3: a string in a TXT record has at most 255 octets.
STRING = 255

#: What is signed, whether it is there or not: what readers see, what programs act upon, who may complain to whom.
SIGNED = (
    *("From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Language"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Subscribe", "List-Archive"),
    *("Feedback-ID", "Auto-Submitted"),
)

#: How RSA signs (RFC 6376 section 3.3.1).
PADDING, SHA256 = PKCS1v15(), hashes.SHA256()

_SIGNED = {name.lower().encode(): name for name in SIGNED}
_SPACES = bytes.maketrans(b"\t\r\n", b"   ")
_TRAILING = re.compile(rb"[ \t]+(?=\r\n)")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: *key* belongs to the record ``selector._domainkey.domain``.

    *body* is how the body is canonicalized: "simple" (as it is) or "relaxed" (spaces at line ends do not count).
    """

    domain: str
    selector: str
    key: Key
    body: str = "simple"

    @property
    def algorithm(self) -> str:
        """The tag ``a=``."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"


def sign(message: bytes, signers: Sequence[Signer], seconds: int) -> bytes:
    """Return *message* with one signature by each of *signers* in front; *seconds* is the time, as Unix counts it.

    Takes a fraction of a millisecond for each RSA signature, in which OpenSSL lets other threads work.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    fields = [field for field in _fields(head) if field[0] in _SIGNED]
    names = _listed(tuple(name for name, _ in fields))
    signed = b"".join(field for _, field in fields)
    hashed = {how: _hash(body, how) for how in {signer.body for signer in signers}}
    made = (_signature(signer, names, signed, hashed[signer.body], seconds) for signer in signers)
    return b"".join((*made, message))


def load(pem: bytes) -> Key:
    """Return the private key of a PEM file. Raise ValueError, which says what is wrong with it."""
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError:
        raise ValueError("the key is encrypted") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("this is no private key in PEM") from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("DKIM knows RSA and Ed25519 keys only")
    if key.key_size < FEWEST_BITS:
        raise ValueError(f"the key has {key.key_size} bits; {FEWEST_BITS} are the fewest that are believed")
    return key


def generate(kind: str) -> bytes:
    """Return a new private key, "rsa" (2048 bits) or "ed25519", as PEM."""
    key: Key = generate_private_key(65537, FEWEST_BITS) if kind == "rsa" else Ed25519PrivateKey.generate()
    form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, bare)


def record(key: Key) -> str:
    """Return the text of the TXT record that publishes *key* (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        octets = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={_base64(octets)}"
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return f"v=DKIM1; k=rsa; p={_base64(public.public_bytes(serialization.Encoding.DER, form))}"


def strings(text: str) -> tuple[str, ...]:
    """Cut the text of a TXT record into strings of at most 255 octets."""
    return tuple(text[start : start + STRING] for start in range(0, len(text), STRING))


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return name and canonical form of each field, the last one first (RFC 6376 section 5.4.2)."""
    unfolded = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b"\t")
    return map(_relaxed, reversed(unfolded.split(b"\r\n")))


# Most fields are the same in every message of a send.
@lru_cache(maxsize=256)
def _relaxed(field: bytes) -> tuple[bytes, bytes]:
    """Return name and relaxed form of a field (RFC 6376 section 3.4.2)."""
    name, _, value = field.partition(b":")
    name = name.strip(b" \t").lower()
    words = filter(None, value.translate(_SPACES).split(b" "))
    return name, b"%b:%b\r\n" % (name, b" ".join(words))


@lru_cache(maxsize=64)
def _listed(names: tuple[bytes, ...]) -> bytes:
    """Return the tag ``h=``: each name for each of its fields, and each name once more."""
    listed = [*(_SIGNED[name] for name in names), *SIGNED]
    lines, line = [], "h="
    for name in listed:
        if len(line) + len(name) > 74:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n\t".join([*lines, line.removesuffix(":")]).encode("ascii")


def _hash(body: bytes, how: str) -> bytes:
    """Return the hash of a canonical body (RFC 6376 sections 3.4.3 and 3.4.4), in base64."""
    if how == "relaxed":
        body = _TRAILING.sub(b"", re.sub(rb"[ \t]+", b" ", body if body.endswith(b"\r\n") else body + b"\r\n"))
    while body.endswith(b"\r\n\r\n"):
        body = body[:-2]
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    if how == "relaxed" and body == b"\r\n":
        body = b""
    return _base64(hashlib.sha256(body).digest()).encode("ascii")


def _signature(signer: Signer, names: bytes, signed: bytes, hashed: bytes, seconds: int) -> bytes:
    start, canonical = _opening(signer.domain, signer.selector, signer.algorithm, signer.body, names, seconds)
    data = b"%b%b%b; b=" % (signed, canonical, hashed)
    if isinstance(signer.key, RSAPrivateKey):
        signature = signer.key.sign(data, PADDING, SHA256)
    else:
        # RFC 8463 section 3: the hash is what is signed.
        signature = signer.key.sign(hashlib.sha256(data).digest())
    text = base64.b64encode(signature)
    lines = b"\r\n\t".join([text[cut : cut + 72] for cut in range(0, len(text), 72)])
    return b"%b%b;\r\n\tb=%b\r\n" % (start, hashed, lines)


# All that are signed within a second have the same.
@lru_cache(maxsize=16)
def _opening(
    domain: str, selector: str, algorithm: str, body: str, names: bytes, seconds: int
) -> tuple[bytes, bytes]:
    """Return a signature's field up to the hash of the body, as it is written and as it is signed."""
    field = (
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/{body};\r\n"
        f"\td={domain};\r\n\ts={selector}; t={seconds};\r\n\t"
    ).encode("ascii") + b"%b;\r\n\tbh=" % names
    return field, _relaxed.__wrapped__(field)[1].removesuffix(b"\r\n")


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
