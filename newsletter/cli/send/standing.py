"""Which send a command is about, and how it stands: in words for its editor, as a document for programs."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, tzinfo

from newsletter.cli import terminal
from newsletter.cli.send import deciding
from newsletter.errors import NotFoundError
from newsletter.send.standing import DEADLINE
from subscribers.model import DeliveryState, Send, SendState
from subscribers.status import OPEN
from subscribers.store.file.open import Connection
from subscribers.store.ledger import census, sends
from subscribers.store.ledger.deliveries import Recovered

#: So many domains are shown, those with the most readers.
DOMAINS = 12


def find(connection: Connection, which: str) -> Send:
    """Return the send with this number, the latest of this issue, or the latest of all. Raise NotFoundError."""
    found = sends.all(connection, which)
    # An issue may be called 2025, too.
    if which.isdecimal() and len(which) < 10 and not (found and int(which) > sends.all(connection)[0].id):
        return sends.get(connection, int(which))
    if not found:
        what = f"nothing of {which} was sent" if which else "nothing was sent yet"
        raise NotFoundError(what, remedy="`newsletter send SLUG` sends an issue")
    return found[0]


def summary(counts: Mapping[DeliveryState, int]) -> str:
    """Return the states that somebody is in, in words."""
    return ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or "nobody"


def interrupted(left: Recovered) -> str:
    """Return what to tell of what a sender that was killed left behind; "" of nothing."""
    if not (left.queued or left.uncertain):
        return ""
    queued = "1 delivery is" if left.queued == 1 else f"{left.queued:,} deliveries are"
    doubt = "none is in doubt"
    if left.uncertain:
        uncertain = "is uncertain" if left.uncertain == 1 else "are uncertain"
        doubt = f"{left.uncertain:,} may have gone out and {uncertain} (`newsletter resolve` settles that)"
    return f"An earlier sender was interrupted: {queued} queued again, {doubt}."


def advice(
    send: Send, counts: Mapping[DeliveryState, int], sender: str = "", waiting: tuple[int, str] = (0, "")
) -> list[str]:
    """Return what somebody may do next, a line each. *sender* is the process that is sending now, if one is.

    *waiting* is how many wait until a subject is chosen, and words about that.
    """
    _, words = waiting
    lines = [words] if words else []
    lines += onward(send, counts, sender, waiting)
    if refused := counts[DeliveryState.REFUSED]:
        show = f"`newsletter status {send.id} --show refused`"
        lines.append(f"{refused:,} refused: {show} says why, `newsletter retry {send.id}` tries them again.")
    return lines + in_doubt(send, counts)


def stopped(send: Send) -> list[str]:
    """Return why a send paused by itself, in a line, if it did; `onward` tells of a deadline."""
    return [] if send.reason in ("", DEADLINE) else [f"It stopped because: {send.reason}."]


def onward(
    send: Send, counts: Mapping[DeliveryState, int], sender: str = "", waiting: tuple[int, str] = (0, "")
) -> list[str]:
    """Return how a send that is under way goes on, in a line. The arguments are those of `advice`."""
    rest, _ = waiting
    left = sum(counts[state] for state in OPEN) - rest
    if send.state is SendState.SENDING and left:
        again = f"run `newsletter send {send.issue}` again, or leave it to `newsletter serve`"
        hold = f"`newsletter pause {send.id}` holds it"
        return [f"{left:,} to go: {f'{sender} is at work' if sender else again}; {hold}."]
    if send.state is not SendState.PAUSED:
        return []
    return [f"It is paused{f', as {DEADLINE}:' if send.reason == DEADLINE else ';'} {remedy(send)}."]


def in_doubt(send: Send, counts: Mapping[DeliveryState, int]) -> list[str]:
    """Return how to settle those of whom nobody knows, in a line, if there are any."""
    uncertain = counts[DeliveryState.UNCERTAIN]
    if not uncertain:
        return []
    return [
        f"{uncertain:,} uncertain: the server may or may not have them. "
        f"`newsletter resolve {send.id} --from-log FILE` asks its log; what that does not tell you settle by "
        f"`newsletter resolve {send.id} --as sent` or `--as resend`."
    ]


def remedy(send: Send) -> str:
    """Return what to do about a send that is paused."""
    if send.reason == DEADLINE:
        go = f"`newsletter resume {send.id}` sends it to the others all the same"
        return f"{go}, `newsletter cancel {send.id}` ends it"
    resume = f"`newsletter resume {send.id}`"
    return f"mend it, then run {resume}" if send.reason else f"{resume} goes on"


def next_one(connection: Connection, send: Send, counts: Mapping[DeliveryState, int], zone: tzinfo) -> str:
    """Return when the first of those is due who wait for a time, "" if nobody does."""
    wakes = census.wakes(connection, send.id)
    whose = "deferred reader is tried" if counts[DeliveryState.DEFERRED] else "reader's time comes"
    return f"the next {whose} at {terminal.clock(wakes, zone)}" if wakes else ""


def domains(connection: Connection, send: Send) -> list[dict[str, object]]:
    """Return how the largest domains stand, as a document for programs."""
    return [asdict(one) for one in census.domains(connection, send.id, DOMAINS)]


def describe(
    connection: Connection, send: Send, rate: float = 0.0, arrival: datetime | None = None
) -> dict[str, object]:
    """Return a send as a document for programs; *rate* and *arrival* of one that is under way."""
    counts = census.counts(connection, send.id)
    return {
        "send": send.id,
        "issue": send.issue,
        "list": send.list,
        "state": send.state.value,
        "audience": sum(counts.values()),
        "states": {state.value: count for state, count in counts.items()},
        "due": send.due.isoformat() if send.due else None,
        "started": send.started.isoformat() if send.started else None,
        "forced": send.forced,
        "reason": send.reason,
        "content": send.content,
        "rate": round(rate, 1),
        "arrival": arrival.isoformat(timespec="seconds") if arrival else None,
        "decision": deciding.document(connection, send),
    }
