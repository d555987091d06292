"""What SparkPost's event webhooks report ("Webhook events", "Bounce classification codes"), in batches."""

from collections.abc import Iterator, Mapping

from newsletter.bounce.meant import meant
from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import table, tables, text
from newsletter.bounce.verdict import kind
from newsletter.model import Feedback

#: The classes of bounces that say why. The others are judged by what the server said.
_CLASSES = {
    "22": "mailboxfull",
    "23": "toobig",
    "24": "expired",
    "25": "policy",
    "26": "policy",
    "50": "policy",
    "51": "spam",
    "52": "spam",
    "53": "content",
    "54": "relay",
}
#: Classes of what is no bounce: an answer of somebody who is away, a challenge, a wish to join or to leave.
_AUTO, _LEAVE = ("60", "80", "100"), "90"


def read(document: object) -> Iterator[Feedback]:
    """Yield what the events say."""
    for one in tables(document):
        for told in map(table, table(one.get("msys")).values()):
            if found := _event(told):
                yield found


def _event(told: Mapping[str, object]) -> Feedback | None:
    sort, name = text(told, "type"), text(told, "event_id")
    # The address as it was given; the other one is in small letters.
    email = text(told, "raw_rcpt_to") or text(told, "rcpt_to")
    match sort:
        case "spam_complaint":
            outcome, reason = meant(text(told, "fbtype"))
            return Feedback(outcome, email, reason=reason, event=name)
        case "list_unsubscribe" | "link_unsubscribe":
            return Feedback("unsubscribe", email, reason="unsubscribe", event=name)
        case "bounce" | "out_of_band" | "policy_rejection" | "generation_failure" | "generation_rejection":
            return _bounce(told, sort, email, name)
        case "delay":
            verdict = opinion.soft(text(told, "raw_reason") or text(told, "reason"))
            return Feedback(verdict.kind, email, verdict.status, verdict.reason, final=False, event=name)
    return None


def _bounce(told: Mapping[str, object], sort: str, email: str, name: str) -> Feedback:
    said, number = text(told, "raw_reason") or text(told, "reason"), text(told, "bounce_class")
    if number in _AUTO:
        return Feedback("auto-reply", email, reason="away", event=name)
    if number == _LEAVE:
        return Feedback("unsubscribe", email, reason="unsubscribe", event=name)
    if number == "10":
        verdict = opinion.hard(said)
    else:
        # Of class 30 SparkPost says only that nobody could be found whom the report is about.
        verdict = opinion.hard(said, otherwise="undefined") if number == "30" else opinion.soft(said)
    # What is neither of the two was refused by SparkPost itself.
    reason = _CLASSES.get(number, verdict.reason) if sort in ("bounce", "out_of_band") else "policy"
    return Feedback(kind(reason), email, verdict.status, reason, said[:500], event=name)
