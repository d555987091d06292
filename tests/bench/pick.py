"""Measure picking from a pool: reading what the picker looks at, choosing, and saying why, in CPU seconds.

``python -m tests.bench.pick [ARTICLES...]``. In the rows "all" every article fits the window, in the rows "month"
those of a month of ten years. Each figure is the best of three runs in a process of its own, for the noise; the
reference is what a loop of ten million steps takes in the same process, to compare machines by.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter import pick
from newsletter.files.pool import entry
from newsletter.files.pool.offer import Window
from newsletter.files.pool.pool import Pool
from newsletter.model import Article, Picture, Section
from newsletter.picking.wish import LATE, Last, Wish

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = tuple("bay kelp orbit sleep choir bridge pump house lab harbour quay ferry school music cell tide".split())  # noqa: SIM905
SECTIONS = (
    Section("", "lead", max=1),
    Section("Life science", "story", tags=("kelp", "lab"), max=3),
    Section("In brief", "brief", max=6),
)
YEARS = timedelta(days=3650)
RUNS = 3


def fill(path: Path, count: int) -> None:
    """Make a pool of *count* articles of ten years and fifty sources, 2,000 characters each."""
    luck = random.Random(1)
    with Pool(path) as pool:
        connection = pool.connection
        connection.execute("DROP TRIGGER IF EXISTS articles_ai")  # searching is not measured here
        connection.execute("BEGIN")
        for number in range(count):
            row = entry.row(_article(luck, number, count)) | {"added": "", "place": number}
            fields = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({fields})", row)
        connection.execute("COMMIT")


def _article(luck: random.Random, number: int, count: int) -> Article:
    url = f"https://park.example.org/{number}"
    return Article(
        key=url,
        url=url,
        title=f"{' '.join(luck.choices(WORDS, k=7))} {number}".capitalize(),
        text=" ".join(luck.choices(WORDS, k=380)),
        summary=" ".join(luck.choices(WORDS, k=25)),
        source=f"source {number % 50}",
        language=("en", "sv")[number % 2],
        published=NOW - YEARS * number / count,
        image=Picture(f"{url}.jpg") if number % 3 == 0 else None,
        tags=(WORDS[number % len(WORDS)],),
    )


def measure(path: str, window: str) -> None:
    """Pick from the pool at *path*, and print CPU seconds for reading and picking, MB added, and the reference."""
    last = Last("2026-10", NOW - timedelta(days=30)) if window == "month" else None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = []
    for _ in range(RUNS):
        began = time.process_time()
        sources = {f"source {number}": 1.0 for number in range(50)}
        with Pool(Path(path)) as pool:
            candidates = pool.candidates(Window(NOW, last.at - LATE if last else None, tuple(sources)))
        read = time.process_time()
        used = {one.key: "2026-10" for one in candidates[100:2000:50]}
        wish = Wish(now=NOW, languages=("en", "sv"), sections=SECTIONS, used=used, last=last, sources=sources)
        picks, left = pick.pick(candidates, wish)
        done = time.process_time()
        assert len(picks) == 10
        assert len(picks) + len(left) == len(candidates)
        figures.append((done - began, read - began, done - read))
        del candidates, picks, left
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    began = time.process_time()
    sum(number * number for number in range(10_000_000))
    print(*min(figures), memory, time.process_time() - began)


def main(counts: list[int]) -> None:
    """Measure, and print a table."""
    print(
        f"{'articles':>9} {'window':>8} {'CPU s':>7} {'reading':>8} {'picking':>8} {'MB':>5} {'reference s':>12}"
    )
    for count in counts:
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "articles.db"
            fill(path, count)
            for window in ("all", "month"):
                command = [sys.executable, "-m", "tests.bench.pick", "--measure", str(path), window]
                done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
                whole, read, picked, memory, reference = map(float, done.stdout.split())
                print(
                    f"{count:>9,} {window:>8} {whole:>7.2f} {read:>8.2f} {picked:>8.2f} {memory:>5.0f}"
                    f" {reference:>12.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        main([int(text) for text in sys.argv[1:]] or [10_000, 100_000])
