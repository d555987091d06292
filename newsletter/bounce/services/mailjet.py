"""What Mailjet's event webhook reports ("Event API: real-time notifications"), one event or several at once."""

from collections.abc import Iterator

from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import each_of, named, text
from newsletter.bounce.verdict import HARD, kind
from newsletter.model import Feedback

#: What Mailjet calls things ("Possible values for errors").
_ERRORS = {
    "user unknown": "userunknown",
    "mailbox inactive": "suspended",
    "quota exceeded": "mailboxfull",
    "invalid domain": "hostunknown",
    "no mail host": "hostunknown",
    "typofix": "userunknown",
    "relay/access denied": "relay",
    "greylisted": "greylisted",
    "sender blocked": "reputation",
    "content blocked": "content",
    "policy issue": "policy",
    "system issue": "systemerror",
    "protocol issue": "syntax",
    "connection issue": "networkerror",
    # It sent nothing, for it keeps lists of its own.
    "blacklisted": "policy",
    "preblocked": "policy",
    "mailjet": "policy",
}


def read(document: object) -> Iterator[Feedback]:
    """Yield what the events say."""
    for told in each_of(document):
        event, email, said = text(told, "event"), text(told, "email"), text(told, "comment")
        identity, at = named(text(told, "CustomID")), text(told, "time")
        # Mailjet gives events no name: one of a kind, about one letter, at one time, is one.
        name = f"{event} {email} {text(told, 'MessageID')} {at}" if at else ""
        error = text(told, "error").lower().strip()
        if event == "spam" or error == "spam reporter":
            yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
        elif event == "unsub":
            yield Feedback("unsubscribe", email, reason="unsubscribe", message_id=identity, event=name)
        elif event in ("bounce", "blocked") and error != "duplicate in campaign":
            lasting = told.get("hard_bounce") is True
            verdict = opinion.hard(said, otherwise="undefined") if lasting else opinion.soft(said)
            reason = _ERRORS.get(error, "")
            if not reason or (reason in HARD and not lasting):
                reason = verdict.reason
            yield Feedback(kind(reason), email, verdict.status, reason, said[:500], identity, event=name)
