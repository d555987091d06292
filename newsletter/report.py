"""What came of an issue: figures that add up to the audience, and what they mean. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

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

#: The worst thing that came back about an accepted letter decides.
_CAME_BACK = {"complaint": "complained", "hard": "bounced", "block": "blocked", "soft": "soft"}
_WAITING = frozenset(("queued", "claimed", "committing", "deferred"))

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
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Readers who have something in common, by outcome."""

    name: str
    outcome: Mapping[str, int]

    @property
    def readers(self) -> int:
        """How many they are."""
        return sum(self.outcome.values())


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
class Sent:
    """One send of the issue."""

    id: int
    state: str
    readers: int
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one issue. *timeline* counts what servers took, by the time of the first in each bar."""

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

    @property
    def audience(self) -> int:
        """How many ledger rows there are: one for every reader of every send."""
        return sum(self.outcome.values())

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


def language_of(variant: str) -> str:
    """Return the language that a variant's name begins with."""
    return variant.partition("@")[0].partition("+")[0]


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


def document(report: Report) -> dict[str, object]:
    """Return the report as programs read it. The outcomes add up to the audience, and so do the states."""
    return {
        "issue": report.issue,
        "subject": report.subject,
        "list": report.list,
        "at": report.at.isoformat(),
        "audience": report.audience,
        "outcome": dict(report.outcome),
        "states": dict(report.states),
        "sends": [
            {
                "send": one.id,
                "state": one.state,
                "readers": one.readers,
                "started": one.started.isoformat() if one.started else None,
                "ended": one.ended.isoformat() if one.ended else None,
            }
            for one in report.sends
        ],
        "timeline": [{"at": at.isoformat(), "accepted": count} for at, count in report.timeline],
        "domains": [_group(each, "domain") for each in report.domains],
        "languages": [_group(each, "language") for each in report.languages],
        "segments": [_group(each, "segment") for each in report.segments],
        "reasons": [{"kind": kind, "reason": why, "count": count} for kind, why, count in report.reasons],
        "unsubscribed": {"count": report.left, "reasons": dict(report.unsubscribed)},
        "growth": [
            {"month": each.name, "joined": each.joined, "left": each.left, "readers": each.readers}
            for each in report.growth
        ],
        "clicks": report.clicks if report.tracked else None,
        "links": [
            {
                "url": each.url,
                "label": each.label,
                "place": each.place,
                "clicks": each.clicks,
                "scans": each.scans,
            }
            for each in report.links
        ],
        "pictures": report.pictures,
        "arms": [
            {
                "arm": arm.name,
                "subject": arm.subject,
                "arrived": arm.arrived,
                "clicks": arm.clicks,
                "rate": arm.rate,
                "low": arm.low,
                "high": arm.high,
            }
            for arm in report.arms
        ],
    }


def rows(report: Report) -> list[tuple[str, str, str, int]]:
    """Return the report as a table of (issue, about, figure, value), for spreadsheets."""
    found = [("issue", name, count) for name, count in report.outcome.items()]
    found.append(("issue", "audience", report.audience))
    for about, groups in (
        ("domain", report.domains),
        ("language", report.languages),
        ("segment", report.segments),
    ):
        found += [(f"{about} {each.name}", name, count) for each in groups for name, count in each.outcome.items()]
    found += [(f"{kind} {why}", "count", count) for kind, why, count in report.reasons]
    found += [("unsubscribed", name or "no reason", count) for name, count in report.unsubscribed.items()]
    for link in report.links:
        found += [(link.url, "clicks", link.clicks), (link.url, "scans", link.scans)]
    return [(report.issue, about, name, count) for about, name, count in found]


def _group(group: Group, kind: str) -> dict[str, object]:
    return {kind: group.name, "readers": group.readers, **group.outcome}
