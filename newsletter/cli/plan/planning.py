"""When a send leaves and arrives: what its editor asks for, what the settings allow, and the forecast of both."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.cli import terminal
from newsletter.cli.look import freezing
from newsletter.config import Route
from newsletter.errors import UsageError
from newsletter.files.workspace import Workspace
from newsletter.model import Issue
from newsletter.send.standing import RATION
from newsletter.timing import schedule
from newsletter.timing.forecast import Forecast, Group, Means, Step, Way, forecast
from newsletter.timing.hours import Permit
from newsletter.timing.pace import Learned, Quota, allowance
from subscribers.model import Send, Where
from subscribers.store.file.open import Connection
from subscribers.store.ledger import audiences, census, decisions, paces, sends

#: Messages a second that a server is thought to take where no earlier send tells: as a modest relay does.
ASSUMED = 20.0

#: So many domains are told apart, and what the others are called.
NAMED, OTHERS = 100, "other domains"

#: So many rows are drawn at most; of a longer plan each row is a day.
ROWS = 48

#: How wide the longest bar is, and how many domains stand beside it.
BAR, BESIDE = 30, 3

#: The heads of the drawing. A terminal narrower than this is spared the year.
HEADS, NARROW = ("readers", "most of them at"), 60


@dataclass(frozen=True, slots=True)
class Planned:
    """A forecast, from when on, and what it rests on: messages a second, measured in a *send* or assumed (0).

    *decides* is when the subject is chosen that the rest gets, where a part tries two.
    """

    starts: datetime
    forecast: Forecast
    speed: float
    send: int
    deadline: datetime | None
    decides: datetime | None = None


def timed(
    workspace: Workspace, rule: freezing.Rule, issue: Issue, at: str, deadline: str, now: datetime
) -> freezing.Rule:
    """Return *rule* with the times that the issue and the editor ask for. Raise UsageError."""
    zone = workspace.settings.letter.timezone
    if deadline:
        rule = replace(rule, deadline=schedule.at(deadline, now, zone).isoformat())
    if at or not (issue.send_at and issue.local):
        return rule
    local = issue.send_at.astimezone(zone).replace(tzinfo=None)
    return replace(rule, local=local.isoformat(), zone=zone.key)


def due(
    workspace: Workspace, connection: Connection, rule: freezing.Rule, issue: Issue, at: str, now: datetime
) -> datetime | None:
    """Return when the send is to start, or None for now. Raise UsageError if it would start after its deadline."""
    if at:
        found: datetime | None = schedule.at(at, now, workspace.settings.letter.timezone)
    elif rule.local:
        zones = audiences.zones(connection, rule.audience(connection, now))
        found = min(rule.times(zones).values())
    else:
        found = issue.send_at
    found = found if found and found > now else None
    if rule.ends and (found or now) >= rule.ends:
        raise UsageError("it would start after its deadline", remedy="name a later --deadline, or an earlier time")
    return found


def permit(connection: Connection, workspace: Workspace, deadline: str = "") -> Permit:
    """Return what lets letters leave as the settings say, with what left on each day so far."""
    limit = datetime.fromisoformat(deadline) if deadline else None
    return Permit(workspace.settings.hours, Counter(paces.used(connection, RATION)), limit)


def plan(
    workspace: Workspace, connection: Connection, rule: freezing.Rule, starts: datetime, now: datetime
) -> Planned:
    """Return when everybody in the audience would be sent it, if it began at *starts*."""
    whole = rule.audience(connection, now)
    part, rest = rule.tried(connection, now) if rule.trying else (whole, None)
    slow = learned(connection)
    groups = _groups(connection, rule, part, starts, slow)
    send, speed = sends.speed(connection) or (0, ASSUMED)
    decides = None
    if rest:
        out = forecast(groups, starts, _means(workspace, connection, slow, speed)).ends
        decides = (out or starts) + timedelta(seconds=rule.wait)
        groups += _groups(connection, rule, rest, decides, slow)
    seen = forecast(groups, starts, _means(workspace, connection, slow, speed), rule.ends)
    return Planned(starts, seen, speed, send, rule.ends, decides)


def _groups(
    connection: Connection, rule: freezing.Rule, where: Where, starts: datetime, slow: Mapping[str, Learned]
) -> list[Group]:
    """Return the people whom *where* finds, and from when on they may be sent to, *starts* at the earliest."""
    found = audiences.groups(connection, where)
    times = rule.times({zone for _, zone, _ in found}) if rule.local else {}
    return [
        Group(domain, count, max(starts, times.get(zone, starts)))
        for (domain, zone), count in _folded(found, slow).items()
    ]


def arrival(
    workspace: Workspace, connection: Connection, send: Send, rate: float, now: datetime
) -> datetime | None:
    """Return when the last reader of a send will have it, if servers go on taking *rate* a second; None for never.

    The hours, what is left of rations and the paces of slow domains are counted in, and nobody who is deferred has
    it before it is tried again. Where a subject is still to be chosen, nearly all wait for that.
    """
    made = decisions.of(connection, send.id)
    if made and not made.taken:
        now = max(now, made.due or now + made.wait)
    slow = learned(connection)
    left: Counter[str] = Counter()
    for one in census.domains(connection, send.id, None):
        left[one.name if one.name in slow else OTHERS] += one.open
    groups = [Group(domain, count, now) for domain, count in left.items()]
    if not rate or not left.total():
        return None
    ends = forecast(groups, now, _means(workspace, connection, slow, rate)).ends
    last = census.wakes(connection, send.id, last=True)
    return max(ends, last or ends) if ends else None


def _means(workspace: Workspace, connection: Connection, slow: Mapping[str, Learned], speed: float) -> Means:
    return Means(
        hours=workspace.settings.hours,
        routes=[way(connection, route, slow) for route in workspace.settings.routes if route.weight],
        speed=speed,
        learned=slow,
        sent=paces.used(connection, RATION),
    )


def learned(connection: Connection) -> dict[str, Learned]:
    """Return every pace that was learned: of domains, and of routes by `Route.paced`."""
    return {name: Learned(*pace) for name, pace in paces.learned(connection).items()}


def way(connection: Connection, route: Route, slow: Mapping[str, Learned]) -> Way:
    """Return how fast *route* may be used, with what is used of its rations already."""
    limits = [allowance(rate) for rate in route.rates]
    for limit in limits:
        if isinstance(limit, Quota):
            limit.used = paces.used(connection, route.ration(limit.rate))
    return Way(limits, slow.get(route.paced))


def _folded(found: Sequence[tuple[str, str, int]], slow: Mapping[str, Learned]) -> Counter[tuple[str, str]]:
    """Return how many are at each domain in each zone; the smallest domains together, unless they are slow."""
    sizes: Counter[str] = Counter()
    for domain, _, count in found:
        sizes[domain] += count
    named = {domain for domain, _ in sizes.most_common(NAMED)} | set(slow)
    counts: Counter[tuple[str, str]] = Counter()
    for domain, zone, count in found:
        counts[domain if domain in named else OTHERS, zone] += count
    return counts


def document(planned: Planned) -> dict[str, object]:
    """Return a plan for programs."""
    seen = planned.forecast
    return {
        "starts": planned.starts.isoformat(),
        "ends": seen.ends.isoformat() if seen.ends else None,
        "deadline": planned.deadline.isoformat() if planned.deadline else None,
        **({"decides": planned.decides.isoformat()} if planned.decides else {}),
        "late": seen.late,
        "left": seen.left,
        "speed": {"messages_per_second": round(planned.speed, 2), "measured_in_send": planned.send or None},
        "hours": [
            {"start": step.start.isoformat(), "count": step.total, "domains": dict(step.counts)}
            for step in seen.steps
        ],
    }


def draw(planned: Planned, workspace: Workspace) -> None:
    """Show a plan: a bar for each hour (or day, if there are many) with its largest domains."""
    seen, zone = planned.forecast, workspace.settings.letter.timezone
    daily = len(seen.steps) > ROWS
    rows = _days(seen.steps, workspace) if daily else seen.steps
    most = max((step.total for step in rows), default=0)
    width = terminal.columns(sys.stdout)
    day = "%a %m-%d" if 0 < width < NARROW else "%a %Y-%m-%d"
    times = [f"{step.start.astimezone(zone):{day if daily else f'{day} %H:%M'}}" for step in rows]
    bar, beside = _room(width, max(map(len, times), default=0))
    terminal.show("")
    terminal.table(
        ("day" if daily else "hour", "", *HEADS),
        [
            (time, _bar(step.total, most, bar), f"{step.total:,}", _beside(step.counts, beside))
            for time, step in zip(times, rows, strict=True)
        ],
    )
    terminal.show("")
    terminal.show(_words(planned, workspace))


def _words(planned: Planned, workspace: Workspace) -> str:
    """Say when it arrives, and how sure that is."""
    seen, zone = planned.forecast, workspace.settings.letter.timezone
    known = f"as in send {planned.send}" if planned.send else "a guess: no earlier send tells"
    how = f"if the servers take {terminal.speed(planned.speed)} ({known})"
    if seen.ends is None:
        late = terminal.counted(seen.left, "reader")
        arrival = f"{late} would not get it within 90 days, as [hours] and the rates stand."
    else:
        arrival = f"The last one leaves about {terminal.clock(seen.ends, zone)}, {how}."
    if planned.decides:
        arrival = f"The subject of the rest is chosen about {terminal.clock(planned.decides, zone)}. {arrival}"
    if planned.deadline and seen.late:
        until = terminal.clock(planned.deadline, zone)
        arrival += f" {seen.late:,} would be after the deadline, {until}: it pauses then."
    return arrival


def _days(steps: Sequence[Step], workspace: Workspace) -> list[Step]:
    days: dict[str, Step] = {}
    for step in steps:
        day = f"{workspace.settings.hours.day(step.start)}"
        before = days.get(day)
        counts = Counter(before.counts if before else {}) + Counter(step.counts)
        days[day] = Step(before.start if before else step.start, counts)
    return list(days.values())


def _room(width: int, time: int) -> tuple[int, int]:
    """Return how wide bars and domains may be in a terminal of *width* (0: no limit), so that no bar is broken."""
    if not width:
        return BAR, sys.maxsize
    readers, domains = map(len, HEADS)
    left = width - time - readers - 3 * len(terminal.GAP)
    bar = max(1, min(BAR, left // 3, left - domains))
    return bar, max(domains, left - bar)


def _bar(count: int, most: int, width: int) -> str:
    """Return a bar, exact to an eighth of a character."""
    eighths = round(count / max(most, 1) * width * 8)
    rest = " ▏▎▍▌▋▊▉"[eighths % 8].strip()
    return ("█" * (eighths // 8) + rest) or ("▏" if count else "")


def _beside(counts: Mapping[str, int], width: int) -> str:
    """Return the largest domains, as many as fit into *width*; the first is cut if it does not."""
    named = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:BESIDE]
    words = ""
    for domain, count in named:
        more = f"{words}, {domain} {count:,}" if words else f"{domain} {count:,}"
        if len(more) > width:
            figure = f"… {count:,}"
            return words or f"{domain[: width - len(figure)]}{figure}"
        words = more
    return words
