"""How fast mail goes: what is left of each route's rates, and who asked for patience. It only looks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, tzinfo

from newsletter.cli import terminal
from newsletter.cli.plan import planning
from newsletter.config import Route
from newsletter.files.workspace import Workspace
from newsletter.timing.pace import Quota, Rate
from subscribers.store.file.open import Connection

#: How the period of a rate is called.
PERIODS = {1: "a second", 60: "a minute", 3600: "an hour", 86400: "a day"}


@dataclass(frozen=True, slots=True)
class Slowed:
    """Who asked for patience *since* then, and is sent to at *rate* messages a second now."""

    name: str
    rate: float
    since: datetime

    def words(self, zone: tzinfo) -> str:
        """Return it in one line; times on the clock of *zone*."""
        since, rate = terminal.clock(self.since, zone), terminal.speed(self.rate)
        return f"{self.name} asked for patience at {since}: {rate} now"


@dataclass(frozen=True, slots=True)
class Ration:
    """*used* of a *rate* by an hour or a day."""

    rate: Rate
    used: int


@dataclass(frozen=True, slots=True)
class By:
    """A route, with its rations and how it was *slowed*."""

    route: Route
    rations: Sequence[Ration]
    slowed: Slowed | None


@dataclass(frozen=True, slots=True)
class Speeds:
    """The routes, and the domains that are sent to slowly, the slowest first."""

    routes: Sequence[By]
    domains: Sequence[Slowed]


def speeds(workspace: Workspace, connection: Connection, now: datetime) -> Speeds:
    """Return how fast mail goes at *now*."""
    slow = {
        name: Slowed(name, rate, learned.since)
        for name, learned in planning.learned(connection).items()
        if (rate := learned.at(now)) is not None
    }
    routes = []
    for route in workspace.settings.routes:
        limits = planning.way(connection, route, {}).limits
        used = [
            Ration(one.rate, one.rate.count - one.left(now.timestamp()))
            for one in limits
            if isinstance(one, Quota)
        ]
        slowed = slow.pop(route.paced, None)
        routes.append(By(route, used, slowed and replace(slowed, name=f"route {route.name}")))
    # A route that is not in the settings any more has a slash in its name, as no domain has.
    domains = sorted((one for name, one in slow.items() if "/" not in name), key=lambda one: (one.rate, one.name))
    return Speeds(routes, domains)


def words(seen: Speeds, zone: tzinfo, most: int) -> list[str]:
    """Return what holds mail up, a line each: at most so many domains. Nothing if nothing does."""
    lines = []
    for by in seen.routes:
        for one in by.rations:
            lines.append(
                f"route {by.route.name}: {one.used:,} of {one.rate.count:,} {PERIODS[one.rate.seconds]} used"
            )
        lines += [by.slowed.words(zone)] if by.slowed else []
    lines += [one.words(zone) for one in seen.domains[:most]]
    more = len(seen.domains) - most
    return [*lines, f"and {terminal.counted(more, 'domain')} more"] if more > 0 else lines


def document(seen: Speeds) -> dict[str, object]:
    """Return it for programs; rates are messages a second."""
    return {
        "routes": [
            {
                **{name: getattr(by.route, name) for name in ("name", "host", "port", "connections", "weight")},
                "rates": [asdict(rate) for rate in by.route.rates],
                "used": [
                    {"count": one.used, "of": one.rate.count, "seconds": one.rate.seconds} for one in by.rations
                ],
                "slowed": _slowed(by.slowed) if by.slowed else None,
            }
            for by in seen.routes
        ],
        "slowed": [{"domain": one.name, **_slowed(one)} for one in seen.domains],
    }


def _slowed(one: Slowed) -> dict[str, object]:
    return {"rate": round(one.rate, 3), "since": one.since.isoformat(timespec="seconds")}
