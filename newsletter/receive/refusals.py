"""Learn bad addresses from what servers said when we sent. Reads no message that came back, as `intake` does."""

from datetime import datetime

from newsletter.bounce.report import ADDRESS
from newsletter.bounce.verdict import Evidence, judge
from subscribers.event import Event, EventKind, Rule
from subscribers.store.back import events
from subscribers.store.file.open import Connection


def learn(connection: Connection, rule: Rule) -> int:
    """Learn from the refusals of which nothing was learnt yet. Return how many addresses are suppressed now."""
    suppressed = 0
    while told := list(events.refused(connection)):
        for delivery, said, at in told:
            suppressed += bool(note(connection, delivery, said, at, "smtp", rule))
    return suppressed


def note(
    connection: Connection, delivery: int, said: str, at: datetime, source: str, rule: Rule, status: str = ""
) -> str:
    """Write down that a server *said* why a delivery failed. Return why its reader is suppressed now, or ""."""
    # What a server refuses at the end is its answer to RCPT, unless its status says other.
    verdict = judge(Evidence(said, lambda: "RCPT TO:<", status))
    text = ADDRESS.sub("(address)", said)[:300]
    event = Event(delivery, EventKind(verdict.kind), at, source, verdict.reason, verdict.status, text)
    return events.record(connection, event, rule)
