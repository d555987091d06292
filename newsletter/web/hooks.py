"""Take what mail services report: bounces and complaints, signed as each service does. Others are refused.

A report that was taken is answered with 200, once it is on the disk: Mailgun ("Automatic Retries"), Postmark and
others take no other code for a yes, and send it again for hours. The same report again changes nothing.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.bounce.services import (
    brevo,
    fields,
    mailersend,
    mailjet,
    mandrill,
    provider,
    resend,
    signature,
    sparkpost,
)
from newsletter.errors import NewsletterError
from newsletter.model import Feedback
from newsletter.settings.hook import PASSWORD, Hook

#: What reads each kind.
_READ = {
    "ses": provider.ses,
    "postmark": provider.postmark,
    "mailgun": provider.mailgun,
    "sendgrid": provider.sendgrid,
    "brevo": brevo.read,
    "mailersend": mailersend.read,
    "mailjet": mailjet.read,
    "mandrill": mandrill.read,
    "resend": resend.read,
    "sparkpost": sparkpost.read,
    "generic": provider.generic,
}


@dataclass(slots=True)
class Hooks:
    """The services that may report. *secrets* are by kind; *base* is the address that they report below.

    *take* keeps what they say, by its bytes, and by what may be said only once with it, "" where that is nothing.
    *fetch* gets a certificate of Amazon's, or confirms a subscription there.
    """

    known: Mapping[str, Hook]
    secrets: Mapping[str, str]
    take: Callable[[str, bytes, tuple[Feedback, ...], str], Awaitable[None]]
    fetch: Callable[[str], Awaitable[bytes]]
    now: Callable[[], datetime]
    say: Callable[[str], None]
    base: str = ""
    _certificates: dict[str, bytes] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    async def receive(self, request: Request) -> Response:
        """Take one report."""
        kind = request.path_params["kind"]
        hook = self.known.get(kind)
        if hook is None:
            raise HTTPException(404)
        if request.method == "HEAD":
            # So Mandrill looks whether somebody is there.
            return Response()
        body = await request.body()
        if kind == "ses" and request.headers.get("x-amz-sns-rawdelivery", "").lower() == "true":
            self._refused(kind, "it is not signed: turn raw message delivery off in the subscription at Amazon")
        try:
            document = json.loads(mandrill.form(body)[mandrill.FIELD] if kind == "mandrill" else body)
        except (ValueError, LookupError, RecursionError):
            raise HTTPException(400) from None
        if kind == "ses":
            return await self._amazon(hook, body, document)
        if not self._signed(hook, request, body, document):
            whose = f"what the variable {hook.secret_env} holds" if hook.secret_env else "key"
            self._refused(
                kind,
                f"it is not signed with {whose}, or is older than a day; if it was no stranger's, "
                "look whether that is what the service has",
            )
        await self.take(kind, body, tuple(_READ[kind](document)), _token(document) if kind == "mailgun" else "")
        return Response()

    def _signed(self, hook: Hook, request: Request, body: bytes, document: object) -> bool:
        secret, headers = self.secrets.get(hook.kind, ""), request.headers
        if not secret and hook.kind != "sendgrid":
            return False
        match hook.kind:
            case kind if kind in PASSWORD:
                return signature.password(headers.get("authorization", ""), secret)
            case "mailersend":
                return signature.mailersend(body, headers.get("signature", ""), secret.encode())
            case "mandrill":
                signed = headers.get("x-mandrill-signature", "")
                url = f"{self.base}/hooks/mandrill"
                return signature.mandrill(mandrill.form(body), url, signed, secret.encode())
            case "resend":
                name, stamp, signed = (
                    headers.get(f"svix-{part}", "") for part in ("id", "timestamp", "signature")
                )
                return signature.svix(body, name, stamp, signed, secret, self.now())
            case "mailgun":
                table = document.get("signature") if isinstance(document, dict) else None
                return signature.mailgun(table, secret.encode(), self.now())
            case "sendgrid":
                stamp = headers.get("x-twilio-email-event-webhook-timestamp", "")
                signed = headers.get("x-twilio-email-event-webhook-signature", "")
                return signature.sendgrid(body, stamp, signed, hook.key, self.now())
            case _:
                header = headers.get("x-newsletter-signature", "")
                return signature.generic(body, header, secret.encode(), self.now())

    def _refused(self, kind: str, why: str) -> NoReturn:
        """Refuse a report, and say so once: strangers may send as many as they like."""
        if kind not in self._told:
            self._told.add(kind)
            self.say(f"A report to /hooks/{kind} was refused: {why}. Others like it are refused without a word.")
        raise HTTPException(403)

    async def _get(self, url: str) -> bytes:
        try:
            return await self.fetch(url)
        except NewsletterError as error:
            # Amazon tries again.
            self.say(f"Amazon's report waits: {error}")
            raise HTTPException(503) from None

    async def _amazon(self, hook: Hook, body: bytes, document: object) -> Response:
        """Take a message of SNS; confirm the subscription of the topic in the settings, and of no other."""
        if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
            raise HTTPException(400)
        address = document.get("SigningCertURL", "")
        if document.get("TopicArn") != hook.topic or not signature.certificate_url(address):
            self._refused(hook.kind, "it is not of the topic in [[hook]], or not Amazon's")
        if address not in self._certificates:
            # One certificate serves for months; more than a few are somebody's game.
            if len(self._certificates) >= 8:
                self._certificates.clear()
            self._certificates[address] = await self._get(address)
        if not signature.sns(document, self._certificates[address]):
            self._refused(hook.kind, "it is not signed by Amazon")
        if document["Type"] == "SubscriptionConfirmation":
            confirm = document.get("SubscribeURL", "")
            if not signature.amazon_url(confirm):
                raise HTTPException(403)
            await self._get(confirm)
            self.say("Amazon reports bounces and complaints from now on.")
        elif document["Type"] == "Notification":
            try:
                told = json.loads(document.get("Message", ""))
            except (ValueError, RecursionError):
                raise HTTPException(400) from None
            await self.take("ses", body, tuple(provider.ses(told)), "")
        return Response()


def _token(document: object) -> str:
    """Return the token of a Mailgun report.

    Mailgun signs it and the time, and not what it says: who has seen a signature could say anything.
    """
    return fields.text(fields.table(fields.table(document).get("signature")), "token")
