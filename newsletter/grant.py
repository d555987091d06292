"""What is asked of who grants access to a mail server for an hour, and what its answer says.

Source: RFC 6749 (OAuth 2.0) sections 4.4 and 6 (what is asked), 5 (the answer); RFC 7523 section 2.1 and RFC 7519
(what a service account signs). Asks nobody: `newsletter.fetch.access` does.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from math import isnan, nan

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from newsletter.errors import shortened
from newsletter.mail.header import clean
from newsletter.settings.oauth import Oauth

#: For how long what a service account signs is good, in seconds; Google takes no longer.
SIGNED = 3600

#: For how long access is good of which nobody says it, in seconds: short, as nobody knows.
UNSAID = 300

#: Nobody's access is taken to last longer, in seconds, whatever is said of it.
LONGEST = 86_400

#: So much of what a server says is told, in characters.
TOLD = 300


class GrantError(Exception):
    """Access was not granted, and the words say why. *error* is the code of RFC 6749 section 5.2, "" for none.

    *passing* is whether it may be granted later on.
    """

    def __init__(self, what: str, error: str = "", *, passing: bool = False) -> None:
        super().__init__(what)
        self.error = error
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Held:
    """The secrets that prove who asks: an application's, what somebody who agreed got, a service account's key."""

    secret: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)

    def hide(self, text: str) -> str:
        """Return *text* without the secrets: whoever is asked may repeat what he was told."""
        for each in filter(None, (self.secret, self.refresh)):
            text = text.replace(each, "…")
        return text


@dataclass(frozen=True, slots=True)
class Granted:
    """Access for so many *seconds* by a *token* (RFC 6750)."""

    token: str = field(repr=False)
    seconds: float


def request(by: Oauth, held: Held, username: str, now: datetime) -> dict[str, str]:
    """Return the form that asks for access to the mail of *username*. Raise ValueError for a key that is none."""
    match by.kind:
        case "microsoft":
            form = {"grant_type": "client_credentials", "client_id": by.client, "client_secret": held.secret}
        case "google":
            assertion = _signed(held.key, by, username, now)
            return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        case _:
            form = {"grant_type": "refresh_token", "client_id": by.client, "refresh_token": held.refresh}
            if held.secret:
                form["client_secret"] = held.secret
    return {**form, "scope": by.scope} if by.scope else form


def answer(status: int, content: bytes) -> Granted:
    """Return what was granted by an answer with the HTTP *status*. Raise GrantError."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        what = f"it answers {status}, and not as RFC 6749 says"
        raise GrantError(what, passing=status == 429 or status >= 500)
    token, kind = said.get("access_token"), said.get("token_type", "Bearer")
    if status == 200 and isinstance(token, str):
        if not token or not token.isascii() or not token.isprintable() or str(kind).lower() != "bearer":
            raise GrantError("it grants access of a kind that no mail server takes")
        return Granted(token, _seconds(said.get("expires_in")))
    error = said.get("error")
    error = error if isinstance(error, str) else ""
    # Microsoft tells what to give its support in the lines below.
    words = str(said.get("error_description") or error or status).strip().partition("\n")[0]
    passing = status == 429 or status >= 500 or error in ("temporarily_unavailable", "server_error")
    raise GrantError(shortened(clean(words), TOLD).rstrip("."), error, passing=passing)


def _seconds(said: object) -> float:
    """Return for how long access is good, `LONGEST` at most; some write the number as a text."""
    try:
        seconds = float(said) if isinstance(said, int | float | str) else nan
    except (ValueError, OverflowError):
        seconds = nan
    return UNSAID if isnan(seconds) else min(max(seconds, 0.0), LONGEST)


def _signed(content: bytes, by: Oauth, username: str, now: datetime) -> str:
    """Return what a service account asks for, signed with the key of its file (RFC 7519, RS256 of RFC 7518)."""
    try:
        file = json.loads(content)
        account, number = str(file["client_email"]), str(file.get("private_key_id", ""))
        key = load_pem_private_key(file["private_key"].encode(), None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UnsupportedAlgorithm):
        raise ValueError("this is no key of a service account") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the key of this service account is no RSA key")
    begun = int(now.timestamp())
    head = {"alg": "RS256", "typ": "JWT"} | ({"kid": number} if number else {})
    claims = {
        "iss": account,
        "sub": username,
        "scope": by.scope,
        "aud": by.url,
        "iat": begun,
        "exp": begun + SIGNED,
    }
    text = b".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    return (text + b"." + _coded(key.sign(text, PKCS1v15(), SHA256()))).decode()


def _coded(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")
