"""What a server can do wrong: every fault at every stage, in every way of sending."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.catch.faulty import EXTENSIONS, Fault, Server
from newsletter.catch.selfsigned import NAME, contexts
from newsletter.cli.run.proof.audit import Verdict, judge
from newsletter.cli.run.proof.ground import Ground, route_to
from newsletter.cli.terminal import now
from newsletter.send.limits import Limits

STAGES = ("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "quit")
ACTIONS = ("drop", "hang", "421", "451", "550", "garbage", "354", "huge", "endless", "slow", "vanish")

#: What can go wrong at one stage only: reading too slowly, and saying nothing of what was taken.
ONLY = {"slow": "body", "vanish": "dot"}

#: How messages travel: step by step, pipelined, in chunks, with several in flight.
WAYS = (
    ("step by step", ("8BITMIME",), 1),
    ("pipelined", EXTENSIONS, 1),
    ("in chunks", (*EXTENSIONS, "CHUNKING"), 1),
    ("four in flight", (*EXTENSIONS, "CHUNKING"), 4),
)

#: What is waited for, and for how long, in seconds. All else is over once it has happened.
SILENT = frozenset({"hang", "endless", "slow", "vanish"})
LIMITS = Limits(connect=0.6, mail=0.4, rcpt=0.4, data=0.4, body=0.4, dot=0.4, quit=0.2)

#: So often a fault happens in one try.
TIMES = 2

#: Tries at once. They wait most of the time.
THREADS = 6


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault, twice, in one way of sending."""

    way: str
    extensions: tuple[str, ...]
    in_flight: int
    stage: str
    action: str


def trials() -> Sequence[Trial]:
    """Return every fault at every stage, in every way. A 354 to DATA is none."""
    return [
        Trial(way, extensions, in_flight, stage, action)
        for way, extensions, in_flight in WAYS
        for stage in STAGES
        for action in ACTIONS
        if not (stage == "data" and ("CHUNKING" in extensions or action == "354"))
        and ONLY.get(action, stage) == stage
    ]


def tried(listen: Callable[[Trial, Verdict], None], wanted: Iterable[Trial]) -> None:
    """Try *wanted*; *listen* hears each verdict."""
    chosen = list(wanted)
    with ThreadPoolExecutor(THREADS) as threads:
        for trial, verdict in zip(chosen, threads.map(_try, chosen), strict=True):
            listen(trial, verdict)


def _try(trial: Trial) -> Verdict:
    shown, trusted = contexts(now()) if trial.stage == "starttls" else (None, None)
    wrong = [Fault(trial.stage, trial.action, times=TIMES, skip=1)]
    if trial.stage == "rset":
        wrong.append(Fault("rcpt", "550", times=3))
    users = {"news": "secret"} if trial.stage == "auth" else {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(
            faults=wrong, extensions=trial.extensions, tls=shown, starttls=shown is not None, users=users
        ) as server,
    ):
        route = replace(
            route_to(server),
            host=NAME if shown else "127.0.0.1",
            tls="starttls" if shown else "none",
            username="news" if users else "",
            in_flight=trial.in_flight,
            # A short life each, so that stages of the log-in come again and again.
            messages=2 if trial.stage in ("banner", "ehlo", "starttls", "auth", "quit") else 1000,
        )
        ground = Ground(Path(folder) / "people.db")
        ground.send(route, context=trusted, limits=LIMITS if trial.action in SILENT else None)
        # Body and dot leave in one write, so what breaks in between leaves doubt; with several in flight, whatever
        # breaks a connection leaves it to those behind.
        doubtful = trial.stage in ("body", "dot") or trial.in_flight > 1
        return judge(ground.ledger(), server.ids(), allowed=TIMES * trial.in_flight * doubtful)
