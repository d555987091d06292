"""Decide whether an e-mail address can be mailed, and what makes two of them the same.

Source: RFC 5321 section 4.1.2, RFC 6531 (internationalized addresses), as email-validator reads them. Looks
nothing up in DNS.
"""

import re
import unicodedata
from functools import lru_cache

from subscribers.errors import AddressError, cited
from subscribers.model import Address

#: RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
LONGEST = 254

#: What comes along with an address that is copied from a page, a chat or a card, and nobody sees: spaces of
#: any width or none, soft hyphens, signs of the direction of writing (Unicode's categories Zs and Cf).
_AROUND = " \t\u00a0\u00ad\u061c\u180e\u3000\ufeff" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x2030), *range(0x205F, 0x2070)))
)

#: What nearly every address looks like. It needs no closer look: a fraction of email-validator's time, which
#: counts for a million of them. Tested to accept nothing that email-validator refuses, and to find the same in it.
#: Hyphens in pairs (A-labels) and anything that is not a letter, digit, hyphen or dot go the long way.
_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+){0,9}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:-?[A-Za-z0-9]){0,30}\.){1,8}(?P<top>[A-Za-z]{2,24})")
#: A name, in quotes or not, and an address behind it.
_NAMED = re.compile(r'("(?:[^"\\]|\\.)*"|[^<>"]*?)\s*<([^<>]*)>')
#: Top-level domains that the long way looks at: reserved for other things than mail (RFC 6761 and others).
_SPECIAL = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})

#: Mailboxes of a role, which are the same in capitals (RFC 2142); a person's own may not be.
ROLES = frozenset({
    "abuse", "ftp", "hostmaster", "info", "marketing", "news", "noc", "postmaster", "sales", "security", "support",
    "usenet", "uucp", "webmaster", "www",
})  # fmt: skip

#: Faults that people really make, and what to tell them.
_FAULTS = (
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"), "there is a control character in it"),
    (re.compile("\N{REPLACEMENT CHARACTER}"), "a character in it was lost on its way; write it anew"),
    (re.compile(r"[<>]"), "there is more than an address; write it alone, without a name or angle brackets"),
    (re.compile(r'^"'), "addresses in quotes are not supported"),
    (re.compile(r"[;,]"), "there is a comma or semicolon in it; write one address only"),
    (re.compile(r"^mailto:", re.IGNORECASE), "there is mailto: in front of it"),
    (re.compile(r"\s"), "there is a space in it"),
    (re.compile(r"^[^@]*$"), "there is no @ in it"),
    (re.compile(r"@.*@"), "there is more than one @ in it"),
)


def parse(text: str) -> Address:
    """Return the address in *text*; what nobody sees around it is left out. Raise AddressError if it is none."""
    text = text.strip(_AROUND)
    local, _, typed = text.partition("@")
    domain = _plain_domain(typed)
    if domain and len(local) <= 64 and len(text) <= LONGEST and _LOCAL.fullmatch(local):
        lower = local.lower()
        return Address(f"{lower if lower in ROLES else local}@{domain}", f"{lower}@{domain}")
    return closely(text)


def named(text: str) -> tuple[str, Address]:
    """Return the name in *text*, "" if there is none, and the address: ``"Anna" <anna@example.org>``.

    A name may hold commas and colons without quotes, as names of letters do. Raise AddressError.
    """
    found = _NAMED.fullmatch(text.strip())
    name, address = found.groups() if found else ("", text)
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, parse(address)


@lru_cache(10_000)
def _plain_domain(typed: str) -> str:
    """Return the domain in lower case if it needs no closer look, else ""."""
    plain = _DOMAIN.fullmatch(typed)
    return typed.lower() if plain and plain["top"].lower() not in _SPECIAL else ""


def asked(text: str) -> Address:
    """Do what `parse` does for an address that somebody typed: the error repeats it and shows how one looks."""
    try:
        return parse(text)
    except AddressError as error:
        raise AddressError(error.what, where=cited(text[:80]), remedy="write it as name@example.org") from None


def closely(text: str) -> Address:
    """Do what `parse` does by asking email-validator. Raise AddressError."""
    if not text:
        raise AddressError("there is no address")
    # Before anything that takes longer for a longer text.
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise AddressError(f"it is too long for an address; at most {LONGEST} bytes are")
    for fault, words in _FAULTS:
        if fault.search(text):
            raise AddressError(words)
    # Most addresses need it not, and it takes longer to load than all of us.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        words = str(error).rstrip(".")
        raise AddressError(words[:1].lower() + words[1:]) from None
    local = unicodedata.normalize("NFC", found.local_part.lower())
    return Address(typed=found.normalized, canonical=f"{local}@{found.ascii_domain.lower()}")


def naming(found: Address) -> str:
    """Return a pattern of what names an address in a text in small letters.

    Ann is not Joann, and example.org not example.org.uk.
    """
    words = "|".join(re.escape(word.lower()) for word in sorted({found.typed, found.canonical}))
    return rf"(?<![\w.+-])(?:{words})(?![\w-]|\.\w)"
