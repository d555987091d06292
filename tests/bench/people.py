"""How fast people are taken in, counted by a segment and frozen for a send, beside plain sqlite3.

``python -m tests.bench.people [PEOPLE]``, a million if nothing is said. Import and plain loop take turns, and what
is compared is their processor time: a busy machine slows both.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files import new
from newsletter.files.workspace import Workspace
from subscribers import segment
from subscribers.store.register import attributes, people
from tests.bench.spent import run

#: The memory of so few people is what an import needs whatever their number is.
FEW = 10_000

SEGMENTS = (
    "confirmed in 'monthly' and language = 'sv' and city = 'Town 7'",
    "language = 'sv' and 'business' in topics and city = 'Town 7'",
    "language = 'sv' and ('business' in topics or city in ('Town 7', 'Town 8'))",
)


def write(path: Path, count: int) -> None:
    """Write so many invented people: 290 towns, two languages, up to three topics each."""
    luck = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,language,topics,city,company\n")
        for number in range(count):
            topics = ";".join(luck.sample(["business", "research", "culture"], luck.randint(0, 3)))
            file.write(
                f"reader{number}.{luck.randrange(10**6)}@town{luck.randrange(1000)}.example,"
                f"Åsa Öberg {number % 977},{luck.choice(['sv', 'en'])},{topics},"
                f"Town {luck.randrange(290)},Company {luck.randrange(10_000)}\n"
            )


def take_in(folder: Path, table: Path) -> tuple[Workspace, tuple[float, float, int]]:
    """Import *table* with the real command. Return the workspace, and seconds, processor seconds and MB."""
    workspace = new.make(folder, "Bench")
    command = (sys.executable, "-m", "newsletter", "--workspace", folder, "subscribers", "import", table)
    return workspace, run(*command, "--list", "monthly", "--consent", "fair")


def show(what: str, figure: str, beside: str = "") -> None:
    """Print a line of the table."""
    print(f"{what:<78} {figure:>22} {beside:>12}", flush=True)


def importing(folder: Path, count: int) -> tuple[Workspace, Workspace]:
    """Measure imports."""
    write(folder / "few.csv", min(FEW, count))
    write(folder / "people.csv", count)
    few, (_, _, little) = take_in(folder / "few", folder / "few.csv")
    workspace, ours = take_in(folder / "letter", folder / "people.csv")
    bare = run(sys.executable, "-m", "tests.bench.bare", folder / "people.csv", folder / "bare.db")
    show(f"plain executemany of {count:,} people into the same tables", f"{bare[1]:.1f} s CPU {bare[2]} MB")
    show(f"newsletter subscribers import of {count:,} people", f"{ours[1]:.1f} s CPU {ours[2]} MB")
    show("  of the plain loop's time", f"{ours[1] / bare[1]:.1f}x", "wanted <= 5x")
    show(f"  memory more than for {min(FEW, count):,}", f"{ours[2] - little} MB", "<= 150 MB")
    return few, workspace


def counting(workspace: Workspace) -> None:
    """Measure segments."""
    now = datetime.now(UTC)
    connection = wiring.opened(workspace)
    for text in SEGMENTS:
        began = time.process_time()
        where = segment.where(attributes.index(connection, segment.parse(text)), now)
        made = time.process_time() - began
        sql = f"SELECT s.id FROM subscribers s WHERE {where.sql}"
        count, counted = timed(lambda where=where: people.count(connection, where))
        _, streamed = timed(lambda where=where, sql=sql: connection.execute(sql, dict(where.values)).fetchall())
        show(f"{text}: {count:,} people", f"{counted * 1000:.1f} ms count", "<= 5 ms")
        show(f"  (its index was made in {made * 1000:,.0f} ms)", f"{streamed * 1000:.1f} ms ids", "<= 150 ms")
    connection.close()


def timed(job):
    """Return what *job* gives, and the least processor seconds of five times."""
    times = []
    for _ in range(5):
        began = time.process_time()
        result = job()
        times.append(time.process_time() - began)
    return result, min(times)


def freezing(few: Workspace, many: Workspace, count: int) -> None:
    """Measure the freezing of an audience, each in a process of its own to see what memory it takes."""
    little, much = (frozen(workspace) for workspace in (few, many))
    show("everybody copied into the ledger by plain SQL", f"{much['plain']:.2f} s CPU")
    show(f"the audience frozen ({much['lasted']:.1f} s with the disk)", f"{much['took']:.2f} s CPU", "<= 2 s")
    show("  of the plain SQL's time", f"{much['took'] / much['plain']:.1f}x")
    show(f"  memory more than for {min(FEW, count):,}", f"{much['mb'] - little['mb']:.0f} MB", "<= 150 MB")


def frozen(workspace: Workspace) -> dict[str, float]:
    """Return what `tests.bench.freeze` says."""
    command = [sys.executable, "-m", "tests.bench.freeze", str(workspace.root)]
    return dict(
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=900).stdout)
    )


def main() -> None:
    """Measure, and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as made:
        few, many = importing(Path(made), count)
        counting(many)
        freezing(few, many, count)


if __name__ == "__main__":
    main()
