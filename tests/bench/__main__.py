"""Measure sending beside its peers, on the same machine, in the same run, to the same sink.

``python -m tests.bench [READERS...]``, or ``make bench``. Absolute figures tell more about the machine; the last
column, how many times faster we are, is what to look at. nodemailer takes part where npm can install it.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import samples
from tests.bench import send

HERE = Path(__file__).parent

#: Peers get fewer readers, or one would wait for minutes: their rate does not depend on the number.
PEERS = 2_000


def letter(folder: Path) -> None:
    """Write the letter that every sender sends: the sample issue as it is rendered."""
    rendered = samples.rendered(samples.sample(send.SLUG, "en"))
    (folder / "letter.html").write_text(rendered.html, encoding="utf-8")
    (folder / "letter.txt").write_text(rendered.text, encoding="utf-8")


def nodemailer(folder: Path) -> bool:
    """Install nodemailer into *folder*. Return False if that cannot be."""
    npm = shutil.which("npm")
    if not npm:
        return False
    shutil.copy(HERE / "peer.js", folder)
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "nodemailer"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120).returncode == 0


def row(name: str, count: int, connections: int, figures: tuple[float, float, int], ours: float = 0) -> float:
    """Print a line of the table. Return the rate."""
    took, cpu, memory = figures
    rate = count / took
    ratio = f"{ours / rate:.1f}x" if ours else ""
    print(
        f"{name:<24} {count:>8,} {connections:>6} {took:>8.2f} {rate:>10,.0f} {cpu / count * 1000:>10.2f}"
        f" {memory:>5} {ratio:>7}",
        flush=True,
    )
    return rate


def main() -> None:
    """Measure, and print a table."""
    counts = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 50_000]
    print(f"{'':<24} {'readers':>8} {'conns':>6} {'seconds':>8} {'messages/s':>10} {'CPU s/1000':>10}", end="")
    print(f" {'MB':>5} {'ours is':>7}")
    with send.listening() as port, tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        letter(folder)
        for count in counts:
            for connections in (10, 50):
                row("newsletter send", count, connections, send.measure(port, count, connections))
        ours = row("newsletter send", PEERS, 10, send.measure(port, PEERS, 10))
        about = (str(port), str(PEERS), "10", folder)
        row(
            "aiosmtplib, EmailMessage", PEERS, 10, send.run(sys.executable, "-m", "tests.bench.peer", *about), ours
        )
        if nodemailer(folder):
            row("nodemailer, pooled", PEERS, 10, send.run("node", folder / "peer.js", *about), ours)


if __name__ == "__main__":
    main()
