"""What mail services report in JSON, in the terms of `newsletter.feedback`. Trusts nothing in it.

Amazon SES, Postmark, Mailgun, SendGrid, and a form of our own for everything else; other services have files of
their own beside this one. Each takes a document as JSON gives it and returns one value for each recipient that it
says something about; what it does not know is left out.
"""

from collections.abc import Iterator

from newsletter.bounce import letter
from newsletter.bounce.meant import meant
from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import each_of, items, named, table, tables, text
from newsletter.bounce.verdict import Evidence, Verdict, judge, kind
from newsletter.model import Feedback

#: What Postmark calls things (its Bounce API, "Bounce types").
_POSTMARK = {
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
    # Postmark, "SuppressionReason": else somebody left.
    "hardbounce": ("hard", "userunknown"),
    "spamcomplaint": ("complaint", "abuse"),
    # Amazon, "bounceSubType".
    "noemail": ("hard", "userunknown"),
    "suppressed": ("hard", "userunknown"),
    "onaccountsuppressionlist": ("hard", "userunknown"),
    "unsubscribedrecipient": ("unsubscribe", "unsubscribe"),
}
#: What Amazon calls what failed for now, where it says no more ("bounceSubType", in small letters).
TRANSIENT = {
    "mailboxfull": "mailboxfull",
    "messagetoolarge": "toobig",
    "contentrejected": "content",
    "attachmentrejected": "content",
}
#: The kinds that our own form may name.
_KINDS = frozenset(("hard", "soft", "block", "complaint", "unsubscribe", "auto-reply", "none"))


def ses(document: object) -> Iterator[Feedback]:
    """Yield what an Amazon SES notification says (its "Notification contents")."""
    told = table(document)
    what = (text(told, "notificationType") or text(told, "eventType")).lower()
    mail = table(told.get("mail"))
    identity = text(table(mail.get("commonHeaders")), "messageId")
    about = table(told.get(what))
    sort = text(about, "bounceSubType").lower()
    if what == "complaint":
        outcome, reason = meant(text(about, "complaintFeedbackType"))
        for one in tables(about.get("complainedRecipients")):
            yield Feedback(outcome, text(one, "emailAddress"), reason=reason, message_id=identity)
    elif what == "bounce":
        for one in tables(about.get("bouncedRecipients")):
            said, status = text(one, "diagnosticCode"), text(one, "status")
            if text(about, "bounceType") == "Permanent":
                verdict = opinion.hard(said, status)
            else:
                verdict = judge(Evidence(said, status=status, action=text(one, "action")))
            reason = TRANSIENT.get(sort, "undefined") if verdict.reason == "undefined" else verdict.reason
            outcome, reason = _KEPT_BACK.get(sort, (kind(reason), reason))
            yield Feedback(
                outcome, text(one, "emailAddress"), verdict.status, reason, said[:500], message_id=identity
            )
    elif what == "subscription" and table(about.get("newTopicPreferences")).get("unsubscribeAll") is True:
        # A letter has one recipient; the preferences are theirs.
        for recipient in items(mail.get("destination"))[:1]:
            email = letter.first(recipient) if isinstance(recipient, str) else ""
            yield Feedback("unsubscribe", email, reason="unsubscribe", message_id=identity)
    elif what == "delivery":
        for recipient in items(about.get("recipients")):
            yield Feedback("none", recipient if isinstance(recipient, str) else "", reason="delivered")


def postmark(document: object) -> Iterator[Feedback]:
    """Yield what a Postmark webhook says (RecordType Bounce, SpamComplaint, SubscriptionChange)."""
    told = table(document)
    record, type_, number = text(told, "RecordType"), text(told, "Type"), told.get("ID")
    name = f"{record} {number}" if isinstance(number, int) and number else ""
    # Ours stands in the metadata: the MessageID is Postmark's own.
    email = text(told, "Email") or text(told, "Recipient")
    identity = named(text(table(told.get("Metadata")), "message_id"))
    if record == "SpamComplaint" or type_ == "SpamComplaint":
        yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
    elif record == "SubscriptionChange" and told.get("SuppressSending") is True:
        found, reason = _KEPT_BACK.get(text(told, "SuppressionReason").lower(), ("unsubscribe", "unsubscribe"))
        yield Feedback(found, email, reason=reason, message_id=identity)
    elif type_ in ("AutoResponder", "Unsubscribe", "Subscribe", "ChallengeVerification"):
        yield Feedback("unsubscribe" if type_ == "Unsubscribe" else "auto-reply", email, reason=type_.lower())
    elif record == "Bounce" and type_:
        said = f"{text(told, 'Details')} {text(told, 'Description')}".strip()
        verdict = judge(Evidence(text(told, "Details"), lambda: text(told, "Description")))
        reason = _POSTMARK.get(type_, "undefined")
        if type_ == "HardBounce":
            verdict = opinion.hard(text(told, "Details"))
            reason = verdict.reason
        elif type_ in ("SoftBounce", "Transient", "Undeliverable", "Unknown"):
            reason = verdict.reason if verdict.kind != "hard" else reason
        # "Transient" is a delay, of which Postmark tells again if it fails for good.
        last = type_ != "Transient"
        yield Feedback(kind(reason), email, verdict.status, reason, said[:500], identity, last, event=name)


def mailgun(document: object) -> Iterator[Feedback]:
    """Yield what a Mailgun webhook says (event-data of version 3)."""
    told = table(table(document).get("event-data"))
    event, recipient = text(told, "event"), text(told, "recipient")
    identity = text(table(table(told.get("message")).get("headers")), "message-id")
    identity, name = named(identity), text(told, "id")
    if event in ("complained", "unsubscribed"):
        found = "complaint" if event == "complained" else "unsubscribe"
        reason = "abuse" if event == "complained" else event
        yield Feedback(found, recipient, reason=reason, message_id=identity, event=name)
    elif event == "failed":
        status = table(told.get("delivery-status"))
        code = status.get("code")
        said = f"{code if isinstance(code, int) else ''} {text(status, 'message') or text(status, 'description')}"
        last = text(told, "severity") != "temporary"
        verdict = _server(said.strip(), text(status, "enhanced-code"), last)
        outcome, reason = _KEPT_BACK.get(text(told, "reason"), (verdict.kind, verdict.reason))
        yield Feedback(outcome, recipient, verdict.status, reason, said.strip()[:500], identity, last, event=name)


def sendgrid(document: object) -> Iterator[Feedback]:
    """Yield what SendGrid's event webhook says: a list of events."""
    for told in tables(document):
        event, email = text(told, "event"), text(told, "email")
        identity, name = text(told, "smtp-id"), text(told, "sg_event_id")
        if event == "spamreport":
            yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
        elif event in ("unsubscribe", "group_unsubscribe"):
            yield Feedback("unsubscribe", email, reason="unsubscribe", message_id=identity, event=name)
        elif event in ("bounce", "blocked", "dropped", "deferred"):
            said = text(told, "reason") or text(told, "response")
            last = event != "deferred"
            verdict = _server(said, text(told, "status"), last)
            reason = verdict.reason
            if text(told, "type") == "blocked":
                # Refused for the letter's sake, and not for the address.
                reason = "filtered" if verdict.kind == "hard" else "policy" if reason == "undefined" else reason
            outcome = kind(reason)
            if event == "dropped":
                outcome, reason = _KEPT_BACK.get(said.lower().strip(), (outcome, reason))
            yield Feedback(outcome, email, verdict.status, reason, said[:500], identity, last, event=name)


def _server(said: str, status: str, last: bool) -> Verdict:
    """Return what a service passes on of a server's words; *last* says that it tries no more."""
    if last:
        return opinion.hard(said, status, otherwise="undefined")
    return judge(Evidence(said, status=status, action="delayed"))


def generic(document: object) -> Iterator[Feedback]:
    """Yield what our own form says: objects with kind, recipient, status, reason, text, message_id, event."""
    for told in each_of(document):
        found = text(told, "kind")
        if found in _KINDS:
            yield Feedback(
                found,
                text(told, "recipient"),
                text(told, "status"),
                text(told, "reason") or found,
                text(told, "text")[:500],
                message_id=text(told, "message_id"),
                event=text(told, "event"),
            )
