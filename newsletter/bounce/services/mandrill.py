"""What Mandrill (Mailchimp Transactional) reports ("Webhooks"): a form, one field of which has events in JSON."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from newsletter.bounce.services import opinion
from newsletter.bounce.services.fields import table, tables, text
from newsletter.model import Feedback

#: The field of the form.
FIELD = "mandrill_events"


def form(body: bytes) -> dict[str, str]:
    """Return the fields of the form in *body*. Raise ValueError for none, or for one with many fields."""
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20))


def read(document: object) -> Iterator[Feedback]:
    """Yield what the events say."""
    for told in tables(document):
        if found := _event(text(told, "event"), table(told.get("msg")), text(told, "_id"), text(told, "ts")):
            yield found


def _event(event: str, told: Mapping[str, object], identity: str, at: str) -> Feedback | None:
    email, said = text(told, "email"), text(told, "diag")
    # What is told of one letter twice at one time is told once.
    name = f"{event} {identity} {at}" if identity else ""
    match event:
        case "spam":
            return Feedback("complaint", email, reason="abuse", event=name)
        case "unsub":
            return Feedback("unsubscribe", email, reason="unsubscribe", event=name)
        case "reject":
            # It sent nothing, for it keeps a list of its own.
            return Feedback("block", email, reason="policy", event=name)
        case "hard_bounce":
            verdict = opinion.hard(said)
        case "soft_bounce" | "deferral":
            verdict = opinion.soft(
                said or " ".join(text(each, "diag") for each in tables(told.get("smtp_events")))
            )
        case _:
            return None
    final = event != "deferral"
    return Feedback(verdict.kind, email, verdict.status, verdict.reason, said[:500], final=final, event=name)
