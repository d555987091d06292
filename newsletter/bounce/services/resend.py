"""What Resend's webhooks report ("Webhooks, event types"), one event a request."""

from collections.abc import Iterator, Mapping

from newsletter.bounce import letter
from newsletter.bounce.services.fields import items, named, table, tables, text
from newsletter.bounce.services.provider import TRANSIENT
from newsletter.bounce.verdict import kind
from newsletter.model import Feedback

#: Why it sent nothing, or what failed for now: its "subType", in small letters. They are Amazon's.
_REASONS = TRANSIENT | dict.fromkeys(("noemail", "suppressed", "onaccountsuppressionlist"), "userunknown")


def read(document: object) -> Iterator[Feedback]:
    """Yield what the event says."""
    told = table(document)
    what, about = text(told, "type"), table(told.get("data"))
    identity = _identity(about)
    for to in items(about.get("to")) or [about.get("to")]:
        email = letter.first(to) if isinstance(to, str) else ""
        if what == "email.complained":
            yield Feedback("complaint", email, reason="abuse", message_id=identity)
        elif what == "email.bounced":
            yield _bounced(table(about.get("bounce")), email, identity)
        elif what == "email.suppressed":
            yield Feedback("hard", email, reason="userunknown", message_id=identity)
        elif what == "email.failed":
            reason = text(table(about.get("failed")), "reason")
            yield Feedback("block", email, reason="policy", text=reason[:500], message_id=identity)
        elif what == "email.delivery_delayed":
            yield Feedback("soft", email, reason="expired", message_id=identity, final=False)


def _bounced(bounce: Mapping[str, object], email: str, identity: str) -> Feedback:
    said, sort = text(bounce, "message"), text(bounce, "type")
    # Its message is Resend's own sentence, which names several reasons at once.
    otherwise = "userunknown" if sort == "Permanent" else "undefined"
    reason = _REASONS.get(text(bounce, "subType").lower(), otherwise)
    return Feedback(kind(reason), email, "", reason, said[:500], identity)


def _identity(about: Mapping[str, object]) -> str:
    """Return our Message-ID, from the header of the letter if it tells it."""
    header = {text(each, "name").lower(): text(each, "value") for each in tables(about.get("headers"))}
    return named(header.get("x-message-key", "") or header.get("message-id", "") or text(about, "message_id"))
