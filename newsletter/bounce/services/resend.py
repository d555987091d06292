"""What Resend's webhooks report ("Webhooks, event types"), one event a request."""

from collections.abc import Iterator, Mapping

from newsletter.bounce import letter
from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import items, lines, named, table, tables, text
from newsletter.bounce.services.provider import TRANSIENT
from newsletter.bounce.verdict import kind
from newsletter.model import Feedback

#: Why it sent nothing: its "subType", in small letters. They are Amazon's.
_KEPT_BACK = frozenset(("noemail", "suppressed", "onaccountsuppressionlist"))


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
    lasting, sort = text(bounce, "type") == "Permanent", text(bounce, "subType").lower()
    # The server's words, where they are passed on. The message is Resend's sentence, of several reasons at once.
    said = lines(bounce, "diagnosticCode")
    otherwise = TRANSIENT.get(sort, "userunknown" if lasting else "undefined")
    if sort in _KEPT_BACK:
        return Feedback("hard", email, "", "userunknown", text(bounce, "message")[:500], identity)
    verdict = opinion.hard(said, otherwise=otherwise) if lasting else opinion.soft(said)
    reason = otherwise if verdict.reason == "undefined" else verdict.reason
    return Feedback(kind(reason), email, verdict.status, reason, (said or text(bounce, "message"))[:500], identity)


def _identity(about: Mapping[str, object]) -> str:
    """Return our Message-ID, from the header of the letter if it tells it."""
    header = {text(each, "name").lower(): text(each, "value") for each in tables(about.get("headers"))}
    return named(header.get("x-message-key", "") or header.get("message-id", "") or text(about, "message_id"))
