"""Decide which of two subjects the rest of a send gets, and tell how that stands."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, tzinfo

from newsletter import personal
from newsletter.cli import terminal
from newsletter.cli.look import freezing
from newsletter.errors import RefusedError
from newsletter.issuefile import moment
from newsletter.mail.letterhead import unpack
from newsletter.report import Arm, compare, winner
from newsletter.results import decision as results
from subscribers.model import Send, SendState
from subscribers.store.back import figures
from subscribers.store.file.open import Connection
from subscribers.store.ledger import decisions, sends
from subscribers.store.ledger.decisions import Decision, Side
from subscribers.variant import OTHER, language_of


@dataclass(frozen=True, slots=True)
class Trial:
    """Two subjects that a part of the readers tries: what is decided of them, and both sides.

    *arms* are as counted when it was decided, or now if it is not. So many are the *rest* that still waits.
    """

    decision: Decision
    arms: tuple[Arm, Arm]
    rest: int

    @property
    def won(self) -> Arm | None:
        """The side that the rest gets, None as long as that is open."""
        return self.arms["ab".index(self.decision.winner)] if self.decision.taken else None

    @property
    def words(self) -> str:
        """Why the rest gets what it gets; "" as long as that is open."""
        return results.words(*self.arms, self.won, chosen=self.decision.chosen) if self.won else ""


def trial(connection: Connection, send: Send) -> Trial | None:
    """Return how the trial of a send stands, None if it has none."""
    found = decisions.of(connection, send.id)
    if found is None:
        return None
    subjects = _subject(connection, send, ""), _subject(connection, send, OTHER)
    if found.taken:
        a, b = (
            compare(name, subject, side.arrived, side.clicks)
            for name, subject, side in zip("AB", subjects, (found.a, found.b), strict=True)
        )
        return Trial(found, (a, b), 0)
    arms = results.arms(figures.arrivals(connection, send.id), subjects)
    return Trial(found, arms, decisions.held(connection, send.id))


def decide(connection: Connection, send: int, now: datetime) -> str:
    """Decide of a send that is sending, if the time has come, and say what; "" if there was nothing to decide.

    Must be inside a write transaction: what is counted, what is decided and whom it lets go stand together.
    """
    found = sends.get(connection, send)
    tried = trial(connection, found)
    if found.state is not SendState.SENDING or not tried or tried.decision.taken:
        return ""
    if not tried.decision.due or tried.decision.due > now:
        return ""
    return _take(connection, found, tried, results.better(*tried.arms), now, chosen=False)


def choose(connection: Connection, send: Send, subject: str, now: datetime) -> str:
    """Decide of a send as its editor says, *subject* a or b, and say what. Raise RefusedError.

    Must be inside a write transaction.
    """
    tried = trial(connection, send)
    if not tried:
        what = f"nothing is to be decided of send {send.id} of {send.issue}"
        raise RefusedError(what, remedy="`try` in an issue lets a part of the readers try two subjects")
    if tried.won or send.state not in (SendState.SENDING, SendState.PAUSED):
        what = f"the subject of send {send.id} of {send.issue} is decided"
        if not tried.won:
            what = f"send {send.id} of {send.issue} is {send.state}"
        raise RefusedError(what, remedy=f"`newsletter status {send.id}` shows it")
    return _take(connection, send, tried, tried.arms["ab".index(subject)], now, chosen=True)


def _take(connection: Connection, send: Send, tried: Trial, won: Arm, now: datetime, *, chosen: bool) -> str:
    a, b = (Side(arm.arrived, arm.clicks) for arm in tried.arms)
    made = replace(tried.decision, winner=won.name.lower(), chosen=chosen, a=a, b=b)
    if not decisions.take(connection, made, freezing.waits(connection, freezing.load(send.rule), now), now):
        return ""
    why = results.words(*tried.arms, won, chosen=chosen)
    readers = terminal.counted(tried.rest, "other reader")
    return f"Send {send.id} of {send.issue}: {why} “{won.subject}” goes to {readers}."


def later(connection: Connection, send: Send, now: datetime) -> int:
    """Return how many readers of a send wait for a decision whose time has not come."""
    made = decisions.of(connection, send.id)
    if not made or made.taken or (made.due and made.due <= now):
        return 0
    return decisions.held(connection, send.id)


def waiting(connection: Connection, send: Send, zone: tzinfo) -> tuple[int, str]:
    """Return how many readers of a send wait for a decision, and words about it; (0, "") if none do."""
    tried = trial(connection, send)
    if not tried or tried.won or not tried.rest or send.state not in (SendState.SENDING, SendState.PAUSED):
        return 0, ""
    rest, due = f"the other {tried.rest:,} get the better one", tried.decision.due
    if not due:
        wait = moment.spelt(tried.decision.wait)
        return tried.rest, f"A part of the readers tries two subjects; {wait} after they were sent it, {rest}."
    far = ", ".join(f"{arm.name} {terminal.counted(arm.clicks, 'click')} of {arm.arrived:,}" for arm in tried.arms)
    over = due <= terminal.now()
    until = f"{'were' if over else 'are'} tried until {terminal.clock(due, zone)}"
    words = f"Two subjects {until}{'; ' if over else ', then '}{rest} (so far {far}). "
    if send.state is SendState.SENDING:
        then = "" if over else " then"
        words += (
            f"`newsletter serve` decides{then} and goes on, or run `newsletter send {send.issue}` again{then}; "
        )
    words += f"`newsletter resume {send.id} --subject a` (or b) decides now."
    return tried.rest, words


def document(connection: Connection, send: Send) -> dict[str, object] | None:
    """Return how the trial of a send stands, for programs; None if it has none."""
    tried = trial(connection, send)
    return described(tried) if tried else None


def described(tried: Trial) -> dict[str, object]:
    """Return a trial for programs."""
    made = tried.decision
    return {
        "wait": int(made.wait.total_seconds()),
        "due": made.due.isoformat() if made.due else None,
        "taken": made.taken.isoformat() if made.taken else None,
        "rest": tried.rest,
        "winner": tried.won.name if tried.won else None,
        "chosen": made.chosen,
        "sure": winner(tried.arms) is not None,
        "arms": [{"arm": arm.name, **{k: v for k, v in asdict(arm).items() if k != "name"}} for arm in tried.arms],
    }


def _subject(connection: Connection, send: Send, ending: str) -> str:
    """Return the subject of one side as the issue says it, in its first language."""
    languages = freezing.load(send.rule).languages
    others = [name for name in sends.variants(connection, send.id) if name.endswith(OTHER)]
    other = min(others, key=lambda name: languages.index(language_of(name)))
    # Of the first subject, what readers in no segment get is always there.
    rendered = unpack(sends.variant(connection, send.id, other if ending else language_of(other)))[0]
    return personal.named(rendered.subject, rendered.tokens)
