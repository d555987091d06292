"""What Brevo's transactional webhooks report ("Transactional webhooks"), one event or several at once."""

from collections.abc import Iterator

from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import each_of, named, text
from newsletter.model import Feedback


def read(document: object) -> Iterator[Feedback]:
    """Yield what the events say."""
    for told in each_of(document):
        event, email, said = text(told, "event"), text(told, "email"), text(told, "reason")
        # The Message-ID is Brevo's own; ours stands in the header that it sends back.
        identity = named(text(told, "X-Mailin-custom") or text(told, "message-id"))
        at = text(told, "ts_epoch") or text(told, "ts_event")
        # Brevo gives events no name: one of a kind, about one letter, at one time, is one.
        name = f"{event} {email} {text(told, 'message-id')} {at}" if at else ""
        if event in ("spam", "complaint"):
            yield Feedback("complaint", email, reason="abuse", message_id=identity, event=name)
        elif event in ("unsubscribed", "unsubscribe"):
            yield Feedback("unsubscribe", email, reason="unsubscribe", message_id=identity, event=name)
        elif event == "blocked":
            # It sent nothing, for it keeps a list of its own, and does not say why the address is on it.
            yield Feedback("block", email, reason="policy", text=said[:500], message_id=identity, event=name)
        elif event in ("hard_bounce", "invalid_email", "soft_bounce", "deferred"):
            lasting = event in ("hard_bounce", "invalid_email")
            verdict = opinion.hard(said) if lasting else opinion.soft(said)
            last = event != "deferred"
            yield Feedback(
                verdict.kind, email, verdict.status, verdict.reason, said[:500], identity, last, event=name
            )
