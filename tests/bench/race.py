"""Send the same letter beside its peers, on the same machine, in the same run, against the same servers.

``python -m tests.bench.race [--runs N] [--scale X] [--only WORD] [--write]``. A message has about 40 kB in two
parts, with personal fields; our ledger is on, and durable. The senders of a case take turns; the middle run
counts, with the slowest and the fastest beside it. Ratios in one run tell about senders, absolute figures about
the machine. nodemailer takes part where npm can install it, smtp-source and Postfix where
they are installed, and a sink of ours where smtp-sink is not. ``--write`` puts the table into docs/speed.md.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import postfix, smtpsink
from tests.bench import sender, sinks, spent
from tests.bench.sender import Wanted

HERE = Path(__file__).parent

#: Where the table stands in the documentation, and between what.
PAGE = HERE.parent.parent / "docs" / "speed.md"
PLACE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.DOTALL)
HEAD = """
| case | connections | sender | messages/s (range) | CPU s/1,000, with start | MB | ours faster / less CPU |
|---|--:|---|--:|--:|--:|--:|
"""

#: Messages in a run, by the sender's speed: a run takes some seconds, whoever runs.
OURS, PEER, SOURCE = 6000, 800, 4000

#: Messages for each of nodemailer's connections, at least.
EACH = 20


@dataclass
class Case:
    """One race: a name, where to, and how."""

    name: str
    target: str
    connections: int
    delay: int = 0
    in_flight: int = 1
    tls: bool = False
    dkim: bool = False
    source: bool = True


CASES = (
    Case("smtp-sink, 0 ms", "smtp-sink", 10),
    Case("smtp-sink, 0 ms", "smtp-sink", 50),
    Case("fast sink with CHUNKING, 0 ms", "sink", 50),
    Case("fast sink with CHUNKING and TLS, 0 ms", "sink", 50, tls=True, source=False),
    Case("TLS and DKIM (RSA-2048), 0 ms", "sink", 10, tls=True, dkim=True, source=False),
    Case("PIPELINING, 20 ms", "smtp-sink", 10, delay=20),
    Case("CHUNKING, 4 in flight, 20 ms", "sink", 10, delay=20, in_flight=4),
    Case("PIPELINING, 80 ms", "smtp-sink", 10, delay=80),
    Case("Postfix, 0 ms", "postfix", 10),
)


@dataclass
class Bench:
    """What every case needs: the letter in *folder*, the certificate, and how much of everything."""

    folder: Path
    certificate: tuple[Path, Path]
    scale: float
    peers: bool
    figures: dict[tuple[int, str], list[dict[str, float]]] = field(default_factory=dict)

    def senders(self, case: Case, port: int) -> Iterator[tuple[str, int, Callable[[int], dict[str, float]]]]:
        slow = 0.5 if case.delay else 1.0
        # Several in flight are slow no more, and a run must be long beside the opening of connections.
        ours = 1.0 if case.in_flight > 1 else slow
        authority = str(self.certificate[0]) if case.tls else ""
        yield (
            "newsletter",
            int(OURS * self.scale * ours),
            lambda count: sender.measure(
                Wanted(port, count, case.connections, 0, case.in_flight, authority, case.dkim)
            ),
        )
        # Many for each connection, so that the opening of connections counts for little.
        peers = max(int(PEER * self.scale), EACH * case.connections)
        if self.peers:
            yield "nodemailer", peers, lambda count: self.node(case, port, count, raw=False)
        if self.peers and not (case.dkim or case.delay):
            yield "nodemailer, raw", peers, lambda count: self.node(case, port, count, raw=True)
        if not case.tls:
            yield "aiosmtplib, EmailMessage", peers, lambda count: self.python(case, port, count)
        if case.source and shutil.which("smtp-source", path=postfix.SBIN):
            yield "smtp-source", int(SOURCE * self.scale * slow), lambda count: self.source(case, port, count)

    def node(self, case: Case, port: int, count: int, *, raw: bool) -> dict[str, float]:
        wanted = {
            "port": port,
            "count": count,
            "connections": case.connections,
            "raw": raw,
            "folder": str(self.folder),
            "authority": str(self.certificate[0]) if case.tls else "",
            "key": str(self.certificate[1]) if case.dkim else "",
        }
        done = subprocess.run(
            ["node", self.folder / "race.js", json.dumps(wanted)], check=True, stdout=subprocess.PIPE, text=True
        )
        return dict(json.loads(done.stdout))

    def python(self, case: Case, port: int, count: int) -> dict[str, float]:
        words = (str(port), str(count), str(case.connections), self.folder)
        return whole(sys.executable, "-m", "tests.bench.peer", *words)

    def source(self, case: Case, port: int, count: int) -> dict[str, float]:
        program = shutil.which("smtp-source", path=postfix.SBIN) or "smtp-source"
        # The same letter, and each to another reader: a server looks up what is new only (smtp-source(1), -N).
        command = [program, "-d", "-N", "-s", str(case.connections), "-m", str(count)]
        command += ["-F", str(self.folder / "letter.lf"), "-f", "a@example.org", "-t", "b@example.org"]
        return whole(*command, f"127.0.0.1:{port}") | {"memory": 0.0}


def whole(*command: str | Path) -> dict[str, float]:
    """Return what a program costs of which only the whole can be measured, its start as well."""
    took, used, memory = spent.run(*command)
    return {"seconds": took, "cpu": used, "whole": used, "memory": memory}


@contextmanager
def target(bench: Bench, case: Case) -> Iterator[int]:
    """Start what a case sends to, with the line in front of it; give its port."""
    if case.target == "postfix":
        with postfix.running() as server:
            yield server.port
        return
    words = ("sink", *bench.certificate) if case.tls else ("sink",)
    theirs = case.target == "smtp-sink" and smtpsink.PROGRAM
    with smtpsink.listening() if theirs else sinks.started(*words) as port:
        if not case.delay:
            yield port
            return
        with sinks.started("line", case.delay, port) as delayed:
            yield delayed


def letter(folder: Path) -> int:
    """Write the letter that the peers send, as ours is made: its parts, and the whole. Return its size."""
    from email import message_from_bytes, policy

    from newsletter.cli import wiring
    from newsletter.cli.send import messages
    from newsletter.model import Message
    from subscribers.store.file.open import transaction
    from subscribers.store.ledger import deliveries, sends

    with tempfile.TemporaryDirectory() as made:
        space = sender.workspace(Wanted(25, 1, 1), Path(made))
        sender.frozen(Wanted(25, 1, 1), space)
        people = wiring.opened(space)
        send = sends.get(people, 1)
        with transaction(people):
            (row,) = deliveries.claim(people, 1, 1, send.created.replace(year=2100)).taken
        whole: Message = messages.Composer(space, people, send)(row)
        people.close()
    message = message_from_bytes(whole.data, policy=policy.default)
    for kind, name in (("plain", "letter.txt"), ("html", "letter.html")):
        body = message.get_body((kind,))
        assert body
        (folder / name).write_text(body.get_content().replace("Reader 1", "READER"), encoding="utf-8")
    (folder / "letter.eml").write_bytes(whole.data)
    (folder / "letter.lf").write_bytes(whole.data.replace(b"\r\n", b"\n"))
    shutil.copy(HERE / "race.js", folder)
    return len(whole.data)


def nodemailer(folder: Path) -> bool:
    """Install nodemailer into *folder*. Return False if that cannot be."""
    npm = shutil.which("npm")
    if not npm:
        return False
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "nodemailer"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120).returncode == 0


def flush(folder: Path) -> float:
    """Return how many milliseconds the disk takes to make four kilobytes stay."""
    path = folder / "flush"
    with path.open("wb", buffering=0) as file:
        times = []
        for _ in range(50):
            file.write(b"x" * 4096)
            began = time.monotonic()
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - began)
    return statistics.median(times) * 1000


def race(bench: Bench, case: Case, runs: int) -> Iterator[str]:
    """Run a case. Yield the rows of its senders."""
    results: dict[str, list[tuple[float, ...]]] = {}
    with target(bench, case) as port:
        for _ in range(runs):
            for name, count, run in bench.senders(case, port):
                done = run(count)
                cpu, whole = (done[kind] / count * 1000 for kind in ("cpu", "whole"))
                results.setdefault(name, []).append((count / done["seconds"], cpu, whole, done["memory"]))
    middle = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in results.items()
    }
    ours = middle["newsletter"]
    for name, (rate, cpu, whole, memory) in middle.items():
        rates = [row[0] for row in results[name]]
        ratio = "" if name == "newsletter" else f"{ours[0] / rate:.2f} × / {cpu / ours[1]:.1f} ×"
        yield (
            f"| {case.name} | {case.connections} | {name} | {rate:,.0f} ({min(rates):,.0f}–{max(rates):,.0f}) "
            f"| {cpu:.3f}, {whole:.3f} | {round(memory) or ''} | {ratio} |\n"
        )


def memory(runs: int) -> Iterator[str]:
    """Yield how much memory we take with few and with many rows in the ledger."""
    with sinks.started("sink") as port:
        for rows in (10_000, 1_000_000):
            found = [sender.measure(Wanted(port, 5_000, 10, rows))["memory"] for _ in range(max(1, runs // 3))]
            yield f"- {rows:,} rows in the ledger, 5,000 of them to go: {statistics.median(found):.0f} MB\n"


def lines(bench: Bench, words: argparse.Namespace, size: int) -> Iterator[str]:
    """Yield the text with its table, as it is measured."""
    yield f"A message of {size:,} bytes; a flush of the disk takes {flush(bench.folder):.2f} ms; "
    yield f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; Python {platform.python_version()} "
    yield f"({platform.python_compiler()}); middle of {words.runs} runs, slowest and fastest in brackets.\n"
    yield HEAD
    for case in CASES:
        if words.only in case.name and (case.target != "postfix" or postfix.found()):
            yield from race(bench, case, words.runs)
    if not words.only:
        yield "\n"
        yield from memory(words.runs)


def main() -> None:
    """Run every case, and print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.race", description=main.__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each sender")
    parser.add_argument("--scale", type=float, default=1.0, help="how many messages, 1 is some thousands")
    parser.add_argument("--only", default="", help="only cases with this word in their name")
    parser.add_argument("--write", action="store_true", help="put what is printed into docs/speed.md")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        size = letter(folder)
        bench = Bench(folder, sinks.certificate(folder), words.scale, nodemailer(folder))
        printed = ""
        for text in lines(bench, words, size):
            print(text, end="", flush=True)
            printed += text
    if words.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(PLACE.sub(lambda _: f"\n{printed}\n", page), encoding="utf-8")


if __name__ == "__main__":
    main()
