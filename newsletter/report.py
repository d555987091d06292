"""What came of an issue: figures that add up to the audience, and what they mean. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

from subscribers.variant import language_of

#: What became of a reader's letter, in the order in which it is told. Each reader is in exactly one.
OUTCOMES = (
    "accepted", "complained", "bounced", "soft", "blocked", "refused", "uncertain", "waiting", "suppressed",
    "cancelled",
)  # fmt: skip

#: What each says, for people.
WORDS = {
    "accepted": "taken by their server, and nothing came back",
    "complained": "pressed the spam button",
    "bounced": "came back: the address is gone",
    "soft": "came back: full, or only for now",
    "blocked": "came back: it is us whom they refuse",
    "refused": "refused at once",
    "uncertain": "taken or not, nobody can know",
    "waiting": "not sent yet",
    "suppressed": "left or was given up before their turn",
    "cancelled": "not sent; the send was ended",
}

#: What the one-word reasons of `newsletter.bounce` mean, for people.
WHY = {
    "abuse": "pressed the spam button",
    "authentication": "SPF, DKIM or DMARC did not hold",
    "blocklist": "our server is on a block list",
    "content": "something in the letter is not as they want it",
    "expired": "tried for days, nobody answered",
    "filtered": "refused by the reader's own rules, or unclear",
    "forwarded": "another address, where its mail goes on to, fails",
    "greylisted": "asked us to come again",
    "hasmoved": "the reader has moved",
    "hostunknown": "the domain is not there",
    "limit": "we had sent all that our mail service lets us",
    "mailboxfull": "the mailbox is full",
    "mailererror": "their program that delivers failed",
    "networkerror": "their network or name server failed",
    "notaccept": "the domain takes no mail",
    "notaccepting": "their server takes no mail now",
    "onhold": "held back",
    "policy": "against a policy of theirs",
    "rejected": "they do not take mail from us",
    "relay": "their server is not for this address",
    "reputation": "our reputation is poor",
    "reversedns": "our server has no name for its address (PTR)",
    "security": "they want encryption or a log-in",
    "spam": "taken for spam",
    "suspended": "the mailbox is switched off",
    "syntax": "the servers did not understand each other",
    "systemerror": "their server failed",
    "systemfull": "their server is full",
    "toobig": "the letter is too large for them",
    "toofast": "we were too fast for them",
    "undefined": "no reason given",
    "userunknown": "nobody has this address",
    "virus": "taken for a virus",
}

#: The worst thing that came back about an accepted letter decides.
_CAME_BACK = {"complaint": "complained", "hard": "bounced", "block": "blocked", "soft": "soft"}
_WAITING = frozenset(("queued", "claimed", "committing", "deferred"))

#: Of fewer answers no count is told: in a small list it would name somebody.
FEWEST = 3

#: Bars in a plot over time, at most.
BINS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """So many deliveries (*count*) of one variant, domain and state, about which at worst *event* came back."""

    variant: str
    domain: str
    state: str
    event: str
    count: int


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the letter: *clicks* by people, *scans* by machines that look at every link."""

    url: str
    label: str
    place: int
    clicks: int
    scans: int


@dataclass(frozen=True, slots=True)
class Group:
    """Readers who have something in common, by outcome."""

    name: str
    outcome: Mapping[str, int]

    @property
    def readers(self) -> int:
        """How many they are."""
        return sum(self.outcome.values())

    @property
    def arrived(self) -> int:
        """How many got the letter, as far as one can know."""
        return arrived(self.outcome)


@dataclass(frozen=True, slots=True)
class Month:
    """How a list went in one month; *readers* at its end."""

    name: str
    joined: int
    left: int
    readers: int


@dataclass(frozen=True, slots=True)
class Arm:
    """One of two subjects that were compared. *rate* is clicks per letter, surely between *low* and *high*."""

    name: str
    subject: str
    arrived: int
    clicks: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What readers got who did not try the two subjects. *words* say why, *at* is when it was chosen.

    As long as it is open there is no *winner* and no *at*, and *due* is when it will be chosen, if that is known.
    """

    words: str = ""
    winner: str = ""
    at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the letter asked: its *answers* in order, each with how many gave it. So many *arrived* with it."""

    name: str
    words: str
    answers: tuple[tuple[str, int], ...]
    arrived: int

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(count for _, count in self.answers)

    @property
    def told(self) -> bool:
        """Whether there are so many that a count names nobody."""
        return self.answered >= FEWEST


@dataclass(frozen=True, slots=True)
class Sent:
    """One send of the issue."""

    id: int
    state: str
    readers: int
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one issue. *timeline* counts what servers took, by the time of the first in each bar.

    *variant* is the one that the most readers got, *subject* its subject. Where a part of the readers tried two
    subjects, *arms* are that part alone, as it was when the *choice* was made.
    """

    issue: str
    subject: str
    list: str
    at: datetime
    sends: tuple[Sent, ...]
    outcome: Mapping[str, int]
    states: Mapping[str, int]
    timeline: tuple[tuple[datetime, int], ...] = ()
    step: timedelta = timedelta(minutes=1)
    domains: tuple[Group, ...] = ()
    languages: tuple[Group, ...] = ()
    segments: tuple[Group, ...] = ()
    reasons: tuple[tuple[str, str, int], ...] = ()
    unsubscribed: Mapping[str, int] = field(default_factory=dict)
    growth: tuple[Month, ...] = ()
    links: tuple[Link, ...] = ()
    tracked: bool = False
    pictures: int | None = None
    arms: tuple[Arm, ...] = ()
    choice: Choice | None = None
    variant: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def audience(self) -> int:
        """How many ledger rows there are: one for every reader of every send."""
        return sum(self.outcome.values())

    @property
    def arrived(self) -> int:
        """How many got the letter, as far as one can know."""
        return arrived(self.outcome)

    @property
    def clicks(self) -> int:
        """All clicks by people."""
        return sum(link.clicks for link in self.links)

    @property
    def left(self) -> int:
        """How many unsubscribed."""
        return sum(self.unsubscribed.values())


def outcome(state: str, event: str) -> str:
    """Return what became of a delivery in *state* about which at worst *event* ("" for nothing) came back."""
    if state in _WAITING:
        return "waiting"
    return _CAME_BACK.get(event, "accepted") if state == "accepted" else state


def outcomes(cells: Iterable[Cell]) -> dict[str, int]:
    """Return how many deliveries came to each outcome; they add up to all of them."""
    found = dict.fromkeys(OUTCOMES, 0)
    for cell in cells:
        found[outcome(cell.state, cell.event)] += cell.count
    return found


def arrived(outcome: Mapping[str, int]) -> int:
    """Return how many got the letter, as far as one can know: whoever pressed the spam button has it, too."""
    return outcome["accepted"] + outcome["complained"]


def states(cells: Iterable[Cell]) -> dict[str, int]:
    """Return how many deliveries are in each state of the ledger."""
    found: dict[str, int] = {}
    for cell in cells:
        found[cell.state] = found.get(cell.state, 0) + cell.count
    return found


def domains(cells: Sequence[Cell], most: int = 12) -> tuple[Group, ...]:
    """Return the domains with the most readers, and the others together: they add up to the audience."""
    sizes: dict[str, int] = {}
    for cell in cells:
        sizes[cell.domain] = sizes.get(cell.domain, 0) + cell.count
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    shown = [name for name in largest if name][:most]
    groups = [Group(name, outcomes(cell for cell in cells if cell.domain == name)) for name in shown]
    others = [cell for cell in cells if cell.domain not in shown]
    if others:
        groups.append(Group("others", outcomes(others)))
    return tuple(groups)


def languages(cells: Sequence[Cell]) -> tuple[Group, ...]:
    """Return the readers by the language of their letter, the largest group first."""
    names = {language_of(cell.variant) for cell in cells}
    groups = [Group(name, outcomes(cell for cell in cells if language_of(cell.variant) == name)) for name in names]
    return tuple(sorted(groups, key=lambda group: (-group.readers, group.name)))


def timeline(minutes: Mapping[datetime, int]) -> tuple[tuple[tuple[datetime, int], ...], timedelta]:
    """Return bars over time, at most `BINS`, and how long each is. *minutes* counts what was taken, by minute."""
    if not minutes:
        return (), timedelta(minutes=1)
    first, last = min(minutes), max(minutes)
    span = last - first
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200)
    step = next((timedelta(minutes=each) for each in steps if span / timedelta(minutes=each) < BINS), span / BINS)
    bars: dict[int, int] = {}
    for minute, count in minutes.items():
        number = int((minute - first) / step)
        bars[number] = bars.get(number, 0) + count
    return tuple((first + step * number, bars.get(number, 0)) for number in range(max(bars) + 1)), step


def months(
    readers: int, changes: Mapping[str, tuple[int, int]], last: datetime, most: int = 12
) -> tuple[Month, ...]:
    """Return how a list went, month by month up to *last*, at whose end it has *readers*.

    *changes* are who joined and who left, by month (``2025-06``). Counted backwards, so that the end is true
    whatever came before the ledger began.
    """
    found: list[Month] = []
    year, month = last.year, last.month
    for _ in range(most):
        name = f"{year:04d}-{month:02d}"
        joined, left = changes.get(name, (0, 0))
        found.append(Month(name, joined, left, readers))
        readers = max(0, readers - joined + left)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        if readers == 0:
            break
    return tuple(reversed(found))


def compare(name: str, subject: str, arrived: int, clicks: int) -> Arm:
    """Return one side of a comparison with its 95 % interval.

    Clicks are counted and not people, so they are taken as rare events (Poisson): the interval is that of the
    square root, which stays above zero and holds for small counts too.
    """
    if not arrived:
        return Arm(name, subject, 0, clicks, 0.0, 0.0, 0.0)
    low = max(0.0, sqrt(clicks + 3 / 8) - 0.98) ** 2 - 3 / 8 if clicks else 0.0
    high = (sqrt(clicks + 3 / 8) + 0.98) ** 2 - 3 / 8
    return Arm(name, subject, arrived, clicks, clicks / arrived, max(0.0, low) / arrived, high / arrived)


def named(link: Link, among: Iterable[Link]) -> str:
    """Return what a link is called: its words, with where it leads if others say the same ("Read on")."""
    if not link.label:
        return link.url
    same = sum(each.label == link.label for each in among)
    return link.label if same < 2 else f"{link.label}: {link.url.partition('://')[2]}"


def winner(arms: Sequence[Arm]) -> Arm | None:
    """Return the side that is better beyond chance: whose whole interval is above the other's; else None."""
    if len(arms) != 2:
        return None
    better, worse = sorted(arms, key=lambda arm: -arm.rate)
    return better if better.low > worse.high else None


def share(part: int, whole: int) -> str:
    """Return a part in per cent, never 0 or 100 for what is some or not all."""
    if not whole:
        return "–"
    if 0 < part / whole < 0.001:
        return "<0.1 %"
    if 0.999 < part / whole < 1:
        return ">99.9 %"
    return f"{100 * part / whole:.1f} %"
