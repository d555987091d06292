"""The proof of `newsletter demo --faults`: what docs/delivery.md promises, tried on a server that misbehaves.

Every fault at every stage, with the engine in this process and short time limits; then the real command, killed
again and again. The oracle is the server's own log, by Message-ID.
"""

import asyncio
import random
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from newsletter import delivery
from newsletter.catch.faulty import EXTENSIONS, Fault, Server
from newsletter.catch.selfsigned import NAME, contexts
from newsletter.cli import sending, wiring
from newsletter.cli.terminal import now
from newsletter.errors import NewsletterError
from newsletter.files import new
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.model import Envelope, Message, Outcome, Reply
from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from newsletter.send.run import Run
from newsletter.settings.route import Route
from newsletter.verdict import Verdict, judge
from subscribers import address
from subscribers.model import (
    Consent,
    Delivery,
    DeliveryState,
    MailingList,
    Send,
    SendState,
    SubscriptionStatus,
    Where,
)
from subscribers.store import deliveries, lists, sends, subscriptions
from subscribers.store import people as persons
from subscribers.store.open import Connection, connect, transaction
from subscribers.store.writer import Writer

STAGES = ("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "quit")
ACTIONS = ("drop", "hang", "421", "451", "550", "garbage", "354", "huge", "endless", "vanish")

#: How messages travel: step by step, pipelined, in chunks, with several in flight.
WAYS = (
    ("step by step", ("8BITMIME",), 1),
    ("pipelined", EXTENSIONS, 1),
    ("in chunks", (*EXTENSIONS, "CHUNKING"), 1),
    ("four in flight", (*EXTENSIONS, "CHUNKING"), 4),
)

#: So often a fault happens in one try.
TIMES = 2

#: Readers and connections of one try; so often a send that stopped is begun again.
READERS = 10
CONNECTIONS = 2
ROUNDS = 8

#: What hangs is waited for so long, in seconds.
LIMITS = Limits(connect=0.6, mail=0.4, rcpt=0.4, data=0.4, body=0.4, dot=0.4, quit=0.2)

#: Tries at once. They wait most of the time.
THREADS = 6

#: Readers of a send that is killed, and kills of one send; a few more sends make many kills.
CROWD = 150
KILLS = 6
SLUG = "0001-hello"

#: Connections of the sample workspace's route.
SAMPLE = 10


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
        and (action != "vanish" or stage == "dot")
    ]


def faults(listen: Callable[[Trial, Verdict], None], wanted: Iterable[Trial] | None = None) -> Verdict:
    """Try *wanted*, or everything; *listen* hears each verdict. Return all of them together."""
    chosen = list(trials() if wanted is None else wanted)
    total = Verdict()
    with ThreadPoolExecutor(THREADS) as threads:
        for trial, verdict in zip(chosen, threads.map(_try, chosen), strict=True):
            listen(trial, verdict)
            total += verdict
    return total


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
        route = Route(
            name="proof",
            host=NAME if shown else "127.0.0.1",
            port=server.port,
            tls="starttls" if shown else "none",
            username="news" if users else "",
            password_env="",
            connections=CONNECTIONS,
            rate=None,
            in_flight=trial.in_flight,
            # A short life each, so that stages of the log-in come again and again.
            messages=2 if trial.stage in ("banner", "ehlo", "starttls", "auth", "quit") else 1000,
        )
        path = Path(folder) / "people.db"
        send = _freeze(path, READERS)
        for _ in range(ROUNDS):
            if asyncio.run(_run(path, send, route, trusted)).state is SendState.DONE:
                break
        # Body and dot leave in one write, so what breaks in between leaves doubt; with several in flight, whatever
        # breaks a connection leaves it to those behind.
        doubtful = trial.stage in ("body", "dot") or trial.in_flight > 1
        return judge(_ledger(path, _named), server.ids(), allowed=TIMES * trial.in_flight * doubtful)


def _freeze(path: Path, readers: int) -> Send:
    """Make a people's file with so many readers, and a send to all of them."""
    connection = connect(path, durable=False)
    lists.ensure(connection, [MailingList("monthly", "The monthly letter")])
    _add(connection, readers)
    with transaction(connection):
        made = sends.create(
            connection,
            issue="proof",
            list="monthly",
            rule="{}",
            content="",
            variants={"en": b""},
            now=now(),
            due=now(),
        )
        begun = sends.start(connection, made.id, Where("s.status = 'active'"), Where("'en'"), now())
    connection.close()
    return begun


def _add(connection: Connection, readers: int) -> None:
    """Add invented readers of the list monthly."""
    with transaction(connection):
        for number in range(1, readers + 1):
            typed = address.parse(f"reader{number}@example.org")
            person = persons.add(connection, typed, now(), name=f"Reader {number}", language="en")
            consent = Consent(person.id, "monthly", "import", now(), "proof", "Invented people")
            subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)


async def _run(path: Path, send: Send, route: Route, context: ssl.SSLContext | None) -> Send:
    """Go on with the send once, whatever stopped it. Return it as it then stands."""
    halt = asyncio.Event()
    pool = Pool(route, "secret", limits=LIMITS, context=context, halt=halt)
    with Writer(path, durable=False) as writer:
        await writer.run(partial(deliveries.recover, now=now()))
        send = await writer.run(partial(_reopen, send=send.id))
        run = Run(
            writer=writer,
            courier=pool,
            send=send,
            build=_message,
            halt=halt,
            now=now,
            jitter=random.random,
            tell=lambda state: None,
            say=lambda text: None,
            connections=CONNECTIONS * (route.in_flight + 1),
            patience=3.0,
            endurance=3.0,
            reconnect=0.05,
            outcome=_soon,
        )
        # A route that cannot be used now is one of the faults: the next round finds it mended.
        with suppress(NewsletterError):
            await run.go()
        await pool.close()
        return await writer.run(partial(sends.get, send=send.id))


def _reopen(connection: Connection, send: int) -> Send:
    """Resume what was paused, because it was us who were refused."""
    found = sends.get(connection, send)
    if found.state is SendState.PAUSED:
        return sends.move(connection, send, SendState.SENDING, now())
    return found


def _named(row: int) -> str:
    return f"<{row}@example.org>"


def _message(row: Delivery) -> Message:
    message_id = _named(row.id)
    data = f"Message-ID: {message_id}\r\nSubject: proof\r\n\r\nDear {row.name}\r\n" + "One line of many.\r\n" * 40
    return Message(Envelope("bounce@example.org", row.email), data.encode("ascii"), message_id, plain=True)


def _soon(reply: Reply, attempt: int, moment: datetime, jitter: float) -> Outcome:
    """Decide as always, and try again at once instead of in a minute."""
    outcome = delivery.outcome(reply, attempt, moment, jitter)
    return replace(outcome, due=moment + timedelta(milliseconds=50)) if outcome.due else outcome


def _ledger(
    path: Path, name: Callable[[int], str] = lambda row: f"<{row}@example.org>"
) -> dict[str, DeliveryState]:
    """Return the state of every row by its Message-ID."""
    connection = connect(path, durable=False)
    try:
        return {name(line.id): state for state in DeliveryState for line in deliveries.lines(connection, 1, state)}
    finally:
        connection.close()


def kills(count: int, listen: Callable[[int, Verdict], None]) -> Verdict:
    """Send with the real command, and end it with SIGKILL *count* times in all. *listen* hears of each send."""
    total = Verdict()
    while count > 0:
        done, verdict = _killed(min(count, KILLS))
        count -= done
        total += verdict
        listen(done, verdict)
    return total


def _killed(most: int) -> tuple[int, Verdict]:
    """Kill one send up to *most* times, then let it come to its end. Return how often, and the verdict."""
    with tempfile.TemporaryDirectory(prefix="newsletter-proof-") as folder, Server(delay=0.01) as server:
        workspace = _workspace(Path(folder), server.port)
        done = 0
        while done < most:
            process = _start(workspace)
            before, until = len(server.accepted), time.monotonic() + 30
            while len(server.accepted) == before and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            # From the first message on, at any time; sometimes while the next sender has not begun yet.
            with suppress(subprocess.TimeoutExpired):
                process.wait(random.random() * 0.15)  # noqa: S311 - any time will do
            if process.poll() is not None:
                break
            process.kill()
            process.wait()
            done += 1
        while _start(workspace).wait() == 75:
            time.sleep(0.2)
        connection = wiring.people(workspace)
        send = sends.get(connection, 1)
        names = sending.names(workspace, connection, send)
        connection.close()
        ledger = _ledger(workspace.people, lambda row: names.message_id(row, send.created))
        return max(done, 1), judge(ledger, server.ids(), allowed=done * SAMPLE)


def _workspace(folder: Path, port: int) -> Workspace:
    made = new.make(folder / "letter", "Proof")
    path = made.root / SETTINGS
    path.write_text(path.read_text(encoding="utf-8").replace("port = 2525", f"port = {port}"), encoding="utf-8")
    space = Workspace(made.root)
    connection = wiring.people(space)
    _add(connection, CROWD)
    connection.close()
    return space


def _start(workspace: Workspace) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "newsletter", "--workspace", str(workspace.root), "send", SLUG, "--yes"]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
