"""What MailerSend's webhooks report ("Webhooks"), one activity a request, in both versions of its form."""

from collections.abc import Iterator

from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import table, text
from newsletter.model import Feedback

#: Where the words of a failure stand.
_WORDS = ("bounce_reason", "suppression_reason", "reject_reason", "reason", "readable_reason")


def read(document: object) -> Iterator[Feedback]:
    """Yield what the activity says."""
    told = table(document)
    about = table(told.get("data"))
    letter = table(about.get("email"))
    what, name = text(told, "type").removeprefix("activity."), text(about, "id")
    email = text(about, "recipient") or text(table(letter.get("recipient")), "email")
    more = table(about.get("meta")) or table(about.get("morph"))
    said = next(filter(None, (text(more, key) for key in _WORDS)), "")
    if what in ("spam_complaint", "spam_complaints"):
        yield Feedback("complaint", email, reason="abuse", event=name)
    elif what == "unsubscribed":
        yield Feedback("unsubscribe", email, reason="unsubscribe", event=name)
    elif what in ("suppressed", "rejected"):
        # It sent nothing, for it keeps lists of its own.
        yield Feedback("block", email, reason="policy", text=said[:500], event=name)
    elif what in ("hard_bounced", "soft_bounced", "deferred"):
        told_code = f"{text(more, 'bounce_code')} {said}".strip()
        verdict = opinion.hard(told_code) if what == "hard_bounced" else opinion.soft(told_code)
        last = what != "deferred"
        yield Feedback(
            verdict.kind, email, verdict.status, verdict.reason, told_code[:500], final=last, event=name
        )
