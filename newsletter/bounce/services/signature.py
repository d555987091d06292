"""Tell whether a mail service said something, by its signature. Opens no connection.

Sources: Amazon SNS "Verifying the signatures of Amazon SNS messages"; Mailgun "Securing webhooks"; SendGrid "Event
webhook security features"; Svix "Verifying webhooks manually", by which Resend signs; MailerSend "Webhooks";
Mailchimp Transactional "Authenticating webhook requests".
Postmark, Brevo, Mailjet and SparkPost sign nothing and send a user name and password. Our own form is signed as
``X-Newsletter-Signature: t=SECONDS,v1=HEX``, HMAC-SHA256 over ``SECONDS.BODY``.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

#: How old a signature may be, in seconds: a service that could not reach us tries again for hours, Mailgun for
#: eight. What it tells twice counts once.
OLDEST = 86_400
#: The fields that SNS signs, by the type of its message.
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_CERTIFICATE = re.compile(r"https://[^/?#]+/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")
_AMAZON = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?")


def amazon_url(url: str) -> bool:
    """Return whether an address is SNS's own: a confirmation from elsewhere is forged."""
    try:
        parts = urlsplit(url)
        plain = url.isascii() and parts.scheme == "https" and parts.port is None and not parts.username
    except ValueError:
        return False
    return plain and bool(_AMAZON.fullmatch(parts.hostname or ""))


def certificate_url(url: str) -> bool:
    """Return whether an address is that of a certificate of SNS: others there answer with words of the asker."""
    return amazon_url(url) and bool(_CERTIFICATE.fullmatch(url))


def sns(message: Mapping[str, str], certificate: bytes) -> bool:
    """Return whether SNS signed *message*, by the PEM *certificate* from its SigningCertURL."""
    fields = _SIGNED.get(message.get("Type", ""), ())
    signed = "".join(f"{name}\n{message[name]}\n" for name in fields if name in message)
    algorithm = SHA256() if message.get("SignatureVersion") == "2" else SHA1()  # noqa: S303 - Amazon's version 1
    try:
        key = x509.load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey) or not fields:
            return False
        signature = base64.b64decode(message.get("Signature", ""), validate=True)
        key.verify(signature, signed.encode(), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def mailgun(table: object, secret: bytes, now: datetime) -> bool:
    """Return whether the table ``signature`` of a Mailgun webhook is theirs, and fresh."""
    if not isinstance(table, dict):
        return False
    stamp, token, signature = (str(table.get(name, "")) for name in ("timestamp", "token", "signature"))
    # JSON can hold half a character, which no signature of theirs does.
    made = hmac.digest(secret, f"{stamp}{token}".encode("utf-8", "replace"), "sha256").hex()
    return hmac.compare_digest(made.encode(), signature.encode("utf-8", "replace")) and _fresh(stamp, now)


def sendgrid(body: bytes, stamp: str, signature: str, key: str, now: datetime) -> bool:
    """Return whether SendGrid signed *stamp* and *body*, by its verification key in base64."""
    try:
        public = load_der_public_key(base64.b64decode(key))
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        public.verify(base64.b64decode(signature), stamp.encode() + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return _fresh(stamp, now)


def svix(body: bytes, name: str, stamp: str, signatures: str, secret: str, now: datetime) -> bool:
    """Return whether one of the *signatures* (``v1,BASE64``, blanks between) is of *name*, *stamp* and *body*.

    *secret* is as `svix_key` takes it.
    """
    key = svix_key(secret)
    made = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    wanted = b"v1," + base64.b64encode(made)
    # While a key is changed, Svix signs with the old one and the new one.
    signed = any(hmac.compare_digest(wanted, each.encode()) for each in signatures.split()[:10])
    return bool(key) and signed and _fresh(stamp, now)


def svix_key(secret: str) -> bytes:
    """Return the key in a secret of Svix's, base64 behind ``whsec_``; nothing if it holds none."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (ValueError, binascii.Error):
        return b""


def mailersend(body: bytes, signature: str, secret: bytes) -> bool:
    """Return whether MailerSend signed *body*, with HMAC-SHA256 in hexadecimal and no time."""
    return hmac.compare_digest(hmac.digest(secret, body, "sha256").hex().encode(), signature.encode())


def mandrill(form: Mapping[str, str], url: str, signature: str, secret: bytes) -> bool:
    """Return whether Mandrill signed the fields of *form*, which it sent to *url*: HMAC-SHA1, without a time."""
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    made = base64.b64encode(hmac.digest(secret, said.encode("utf-8", "replace"), "sha1"))
    return hmac.compare_digest(made, signature.encode("utf-8", "replace"))


def password(authorization: str, secret: str) -> bool:
    """Return whether the request carries the user name and password (``user:password``) of the settings."""
    made = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return hmac.compare_digest(made.encode(), authorization.encode())


def generic(body: bytes, header: str, secret: bytes, now: datetime) -> bool:
    """Return whether *header* signs *body* as our own form has it."""
    found = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-f]{64})", header)
    if not found:
        return False
    made = hmac.digest(secret, found[1].encode() + b"." + body, "sha256").hex()
    return hmac.compare_digest(made, found[2]) and _fresh(found[1], now)


def _fresh(stamp: str, now: datetime) -> bool:
    return stamp.isascii() and stamp.isdigit() and abs(now.timestamp() - int(stamp[:12])) <= OLDEST
