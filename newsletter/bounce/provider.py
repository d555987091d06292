"""What mail services report in JSON, in the terms of `newsletter.feedback`. Trusts nothing in it.

Amazon SES, Postmark, Mailgun, SendGrid, and a form of our own for everything else. Each takes a document as JSON
gives it and returns one value for each recipient that it says something about; what it does not know is left out.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from newsletter.bounce.verdict import Evidence, judge, kind
from newsletter.model import Feedback

#: More things than this are in no report that the web takes, which is a megabyte at most.
MOST = 20_000

#: What Postmark calls things (its Bounce API, "Bounce types").
_POSTMARK = {
    "HardBounce": "userunknown",
    "BadEmailAddress": "userunknown",
    "AddressChange": "hasmoved",
    "SpamNotification": "spam",
    "VirusNotification": "virus",
    "Blocked": "blocklist",
    "ISPBlock": "blocklist",
    "DMARCPolicy": "authentication",
    "DnsError": "networkerror",
    "SoftBounce": "undefined",
    "Transient": "expired",
    "Undeliverable": "expired",
    "Unknown": "undefined",
}
#: Why services that keep lists of their own sent nothing at all: kind and reason.
_KEPT_BACK = {
    # Mailgun, "reason".
    "suppress-bounce": ("hard", "userunknown"),
    "suppress-complaint": ("complaint", "abuse"),
    "suppress-unsubscribe": ("unsubscribe", "unsubscribe"),
    # SendGrid, "reason" of what it dropped.
    "bounced address": ("hard", "userunknown"),
    "invalid": ("hard", "userunknown"),
    "spam reporting address": ("complaint", "abuse"),
    "unsubscribed address": ("unsubscribe", "unsubscribe"),
    "recipient list over package quota": ("block", "policy"),
    # Amazon, "bounceSubType".
    "noemail": ("hard", "userunknown"),
    "suppressed": ("hard", "userunknown"),
    "onaccountsuppressionlist": ("hard", "userunknown"),
    "unsubscribedrecipient": ("unsubscribe", "unsubscribe"),
}
#: What Amazon calls what failed for now, where it says no more.
_TRANSIENT = {
    "MailboxFull": "mailboxfull",
    "MessageTooLarge": "toobig",
    "ContentRejected": "content",
    "AttachmentRejected": "content",
}
#: The kinds that our own form may name.
_KINDS = frozenset(("hard", "soft", "block", "complaint", "unsubscribe", "auto-reply", "none"))


def ses(document: object) -> Iterator[Feedback]:
    """Yield what an Amazon SES notification says (its "Notification contents")."""
    told = _table(document)
    what = (_text(told, "notificationType") or _text(told, "eventType")).lower()
    mail = _table(told.get("mail"))
    identity = _text(_table(mail.get("commonHeaders")), "messageId")
    about = _table(told.get(what))
    if what == "complaint":
        for one in _tables(about.get("complainedRecipients")):
            reason = _text(about, "complaintFeedbackType") or "abuse"
            outcome = "none" if reason == "not-spam" else "complaint"
            yield Feedback(outcome, _text(one, "emailAddress"), reason=reason, message_id=identity)
    elif what == "bounce":
        for one in _tables(about.get("bouncedRecipients")):
            verdict = judge(
                Evidence(_text(one, "diagnosticCode"), status=_text(one, "status"), action=_text(one, "action"))
            )
            reason, outcome, sort = verdict.reason, verdict.kind, _text(about, "bounceSubType")
            if known := _KEPT_BACK.get(sort.lower()):
                outcome, reason = known
            elif reason == "undefined" and _text(about, "bounceType") == "Permanent":
                outcome, reason = "hard", "userunknown"
            elif reason == "undefined":
                reason = _TRANSIENT.get(sort, reason)
                outcome = kind(reason)
            said = _text(one, "diagnosticCode")[:500]
            yield Feedback(outcome, _text(one, "emailAddress"), verdict.status, reason, said, message_id=identity)
    elif what == "delivery":
        for recipient in _list(about.get("recipients")):
            yield Feedback("none", recipient if isinstance(recipient, str) else "", reason="delivered")


def postmark(document: object) -> Iterator[Feedback]:
    """Yield what a Postmark webhook says (RecordType Bounce, SpamComplaint, SubscriptionChange)."""
    told = _table(document)
    record, type_, number = _text(told, "RecordType"), _text(told, "Type"), told.get("ID")
    name = f"{record} {number}" if isinstance(number, int) and number else ""
    email, identity = _text(told, "Email") or _text(told, "Recipient"), _metadata(told)
    if record == "SpamComplaint" or type_ == "SpamComplaint":
        yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
    elif record == "SubscriptionChange" and told.get("SuppressSending") is True:
        reason = _text(told, "SuppressionReason")
        found = {"SpamComplaint": "complaint", "HardBounce": "hard"}.get(reason, "unsubscribe")
        yield Feedback(found, email, reason=reason or "unsubscribe", message_id=identity)
    elif type_ in ("AutoResponder", "Unsubscribe", "Subscribe", "ChallengeVerification"):
        yield Feedback("unsubscribe" if type_ == "Unsubscribe" else "auto-reply", email, reason=type_.lower())
    elif record == "Bounce" and type_:
        said = f"{_text(told, 'Details')} {_text(told, 'Description')}".strip()
        verdict = judge(Evidence(_text(told, "Details"), lambda: _text(told, "Description")))
        reason = _POSTMARK.get(type_, "undefined")
        if type_ in ("SoftBounce", "Transient", "Undeliverable", "Unknown"):
            reason = verdict.reason if verdict.kind != "hard" else reason
        # "Transient" is a delay, of which Postmark tells again if it fails for good.
        last = type_ != "Transient"
        yield Feedback(kind(reason), email, verdict.status, reason, said[:500], identity, last, event=name)


def mailgun(document: object) -> Iterator[Feedback]:
    """Yield what a Mailgun webhook says (event-data of version 3)."""
    told = _table(_table(document).get("event-data"))
    event, recipient = _text(told, "event"), _text(told, "recipient")
    identity = _text(_table(_table(told.get("message")).get("headers")), "message-id")
    identity = f"<{identity.strip('<>')}>" if identity else ""
    name = _text(told, "id")
    if event in ("complained", "unsubscribed"):
        found = "complaint" if event == "complained" else "unsubscribe"
        reason = "abuse" if event == "complained" else event
        yield Feedback(found, recipient, reason=reason, message_id=identity, event=name)
    elif event == "failed":
        status = _table(told.get("delivery-status"))
        code = status.get("code")
        said = (
            f"{code if isinstance(code, int) else ''} {_text(status, 'message') or _text(status, 'description')}"
        )
        last = _text(told, "severity") != "temporary"
        action = "failed" if last else "delayed"
        verdict = judge(Evidence(said.strip(), status=_text(status, "enhanced-code"), action=action))
        outcome, reason = _KEPT_BACK.get(_text(told, "reason"), (verdict.kind, verdict.reason))
        yield Feedback(outcome, recipient, verdict.status, reason, said.strip()[:500], identity, last, event=name)


def sendgrid(document: object) -> Iterator[Feedback]:
    """Yield what SendGrid's event webhook says: a list of events."""
    for told in _tables(document):
        event, email = _text(told, "event"), _text(told, "email")
        identity, name = _text(told, "smtp-id"), _text(told, "sg_event_id")
        if event == "spamreport":
            yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
        elif event in ("unsubscribe", "group_unsubscribe"):
            yield Feedback("unsubscribe", email, reason="unsubscribe", message_id=identity, event=name)
        elif event in ("bounce", "blocked", "dropped", "deferred"):
            said = _text(told, "reason") or _text(told, "response")
            last = event != "deferred"
            action = "failed" if last else "delayed"
            verdict = judge(Evidence(said, status=_text(told, "status"), action=action))
            reason = verdict.reason
            if _text(told, "type") == "blocked":
                # Refused for the letter's sake, and not for the address.
                reason = "filtered" if verdict.kind == "hard" else "policy" if reason == "undefined" else reason
            outcome = kind(reason)
            if event == "dropped":
                outcome, reason = _KEPT_BACK.get(said.lower().strip(), (outcome, reason))
            yield Feedback(outcome, email, verdict.status, reason, said[:500], identity, last, event=name)


def generic(document: object) -> Iterator[Feedback]:
    """Yield what our own form says: objects with kind, recipient, status, reason, text, message_id, event."""
    for told in _tables(document if isinstance(document, list) else [document]):
        found = _text(told, "kind")
        if found in _KINDS:
            yield Feedback(
                found,
                _text(told, "recipient"),
                _text(told, "status"),
                _text(told, "reason") or found,
                _text(told, "text")[:500],
                message_id=_text(told, "message_id"),
                event=_text(told, "event"),
            )


def _metadata(told: Mapping[str, object]) -> str:
    """Return our Message-ID from Postmark's metadata: the MessageID of its own is another."""
    return _text(_table(told.get("Metadata")), "message_id")


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value[:MOST] if isinstance(value, list) else []


def _tables(value: object) -> list[Mapping[str, object]]:
    return [_table(each) for each in _list(value) if isinstance(each, dict)]


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    # JSON may hold half of a character, which nothing can be written with.
    return value[:2000].encode("utf-8", "replace").decode() if isinstance(value, str) else ""
