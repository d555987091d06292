"""Our sender in a process of its own: the real engine with its durable ledger, from the first claim to the last.

``python -m tests.bench.sender WORKSPACE`` prints JSON: seconds, processor seconds without and with the start of
the program, the highest memory in MB.
What comes once for each issue (the gate, rendering, freezing) is done before the clock starts; nodemailer's clock
starts after its own set-up, too.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from newsletter.cli import wiring
from newsletter.cli.look import freezing
from newsletter.cli.main import main
from newsletter.cli.send import foreground
from newsletter.files import new
from newsletter.files.workspace import Workspace
from subscribers.store.file.open import transaction
from subscribers.store.ledger import sends
from tests import readers

SLUG = "0001-hello"

#: Lengthens the sample issue until its message has about 40 kB, which is what an issue with ten stories has.
MORE = "A paragraph about the harbour, its boats, and who looks after them while the others are away for winter. "


@dataclass
class Wanted:
    """What to send. *rows* stand in the ledger, *count* of them are sent; *authority* is a file for TLS."""

    port: int
    count: int
    connections: int
    rows: int = 0
    in_flight: int = 1
    authority: str = ""
    dkim: bool = False
    folder: str = ""


def workspace(wanted: Wanted, folder: Path) -> Workspace:
    made = new.make(folder / "letter", "Bench")
    settings = made.root / "newsletter.toml"
    text = settings.read_text()
    route = f'\nhost = "localhost"\nport = {wanted.port}\ntls = "{"tls" if wanted.authority else "none"}"\n'
    route += f"in_flight = {wanted.in_flight}\nmessages = 100000\n"
    if wanted.authority:
        route += f'authority = "{wanted.authority}"\n'
    text = re.sub(r'\nhost = "[^"]*"\nport = \d+\ntls = "\w+"[^\n]*\n', route, text, count=1)
    text = text.replace("connections = 10", f"connections = {wanted.connections}")
    settings.write_text(text)
    issue = made.root / "issues" / SLUG / "issue.md"
    issue.write_text(issue.read_text() + f"\n{MORE * 5}\n" * 12)
    if wanted.dkim:
        quiet("--workspace", str(made.root), "dkim", "init", "--domain", "example.org")
        settings.write_text(
            f'{text}\n[dkim]\ndomain = "example.org"\nselector = "news"\nkey_file = "{key(made.root)}"\n'
        )
    return Workspace(made.root)


def key(root: Path) -> str:
    return str(next((root / "subscribers").glob("dkim*")).relative_to(root))


def quiet(*words: str) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        try:
            main(list(words))
        except SystemExit as left:
            if left.code:
                raise RuntimeError(f"newsletter {' '.join(words)} ended with {left.code}") from None


def frozen(wanted: Wanted, space: Workspace) -> None:
    """Make the send, and leave *count* rows of it open."""
    people = wiring.opened(space)
    rows = wanted.rows or wanted.count
    readers.add(people, rows)
    quiet("--workspace", str(space.root), "send", SLUG, "--at", "+1d", "--yes", "--force", "bench")
    with transaction(people):
        begun = freezing.start(people, sends.get(people, 1), datetime.now(UTC))
        readers.tried(people, begun.id, rows - wanted.count)
    assert begun.id == 1
    people.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    people.close()


def send(root: str) -> dict[str, float]:
    space = Workspace(Path(root))
    people = wiring.opened(space)
    began, cpu = time.monotonic(), time.process_time()
    ended = foreground.run(space, people, sends.get(people, 1))
    took, used = time.monotonic() - began, time.process_time() - cpu
    assert ended.send.state == "done", ended
    return {"seconds": took, "cpu": used, "whole": time.process_time(), "memory": peak()}


def peak() -> int:
    """Return the highest resident memory in MB. getrusage would count what the parent had, too."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def measure(wanted: Wanted) -> dict[str, float]:
    """Send in a process of its own; return what it printed."""
    with tempfile.TemporaryDirectory(dir=wanted.folder or None) as folder:
        space = workspace(wanted, Path(folder))
        frozen(wanted, space)
        command = [sys.executable, "-m", "tests.bench.sender", str(space.root)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(send(sys.argv[1])))
