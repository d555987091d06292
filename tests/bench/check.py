"""Measure the gate: ``python -m tests.bench.check [ROUNDS]``.

An issue of twelve stories in two languages for three segments, from the command's start to its end: with every
variant rendered, read and judged. "CPU" is all that the command's process used; SpamAssassin, which is another
program, stands apart. The last row counts the audience, every reader of it, for two fields without a fallback.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from newsletter.cli import wiring
from newsletter.cli.look import gating
from newsletter.files import keyring
from newsletter.files.workspace import Workspace
from tests.bench.compile import issues
from tests.samples import SETTINGS

LISTS = '\n[[list]]\nslug = "monthly"\n\n[[smtp]]\nname = "catcher"\nhost = "127.0.0.1"\ntls = "none"\n'
SEGMENTS = "research = \"'research' in topics\"\nbusiness = \"'business' in topics\"\n"
READERS = 200_000


def workspace(folder: Path) -> Workspace:
    """Write the issue and its twin."""
    (folder / "newsletter.toml").write_text(SETTINGS + LISTS, encoding="utf-8")
    target = folder / "issues" / "2025-11"
    (target / "assets").mkdir(parents=True)
    for name in (*range(12), "research", "business"):
        (target / "assets" / f"greenhouse-{name}.jpg").write_bytes(b"\xff\xd8\xff")
    for one in issues():
        name = "issue.md" if one.language == "en" else f"issue.{one.language}.md"
        (target / name).write_text(one.source, encoding="utf-8")
    (folder / "subscribers").mkdir()
    (folder / "subscribers" / "segments.toml").write_text(SEGMENTS, encoding="utf-8")
    keyring.make(folder / "subscribers" / "secret.key")
    return Workspace(folder)


def cpu(folder: Path, *more: str) -> float:
    """Return the seconds of CPU that one run of the command used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "newsletter", "--workspace", str(folder), "check", "2025-11", "--offline"]
    subprocess.run([*command, *more], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def readers(letter: Workspace) -> None:
    """Fill the people's file with readers, of whom one has no city."""
    connection = wiring.opened(letter)
    now = datetime(2025, 6, 1, tzinfo=UTC).isoformat()
    connection.execute("BEGIN")
    connection.execute("INSERT INTO attributes (name) VALUES ('city') ON CONFLICT DO NOTHING")
    connection.executemany(
        """INSERT INTO subscribers (email, canonical, name, language, attributes, status, joined)
           VALUES (:mail, :mail, 'Reader', 'en', :attributes, 'active', :now)""",
        (
            {"mail": f"r{n}@example.org", "attributes": '{"city": "Harbour"}' if n else "{}", "now": now}
            for n in range(READERS)
        ),
    )
    connection.execute(
        """INSERT INTO subscriptions (list_id, subscriber_id, status, since)
           SELECT 1, id, 'confirmed', :now FROM subscribers""",
        {"now": now},
    )
    connection.execute("COMMIT")
    connection.close()


def main() -> None:
    """Measure, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as made:
        letter = workspace(Path(made))
        alone = statistics.median(cpu(letter.root, "--no-spam") for _ in range(rounds))
        with_spam = statistics.median(cpu(letter.root) for _ in range(rounds))
        print(f"{'check --offline --no-spam, 6 letters':<44} {alone:>7.2f} s of CPU")
        print(f"{'SpamAssassin, where it is installed, besides':<44} {with_spam - alone:>7.2f} s of CPU")
        path = letter.root / "issues" / "2025-11" / "issue.md"
        path.write_text(path.read_text(encoding="utf-8") + "\nGood day to {{ city }}.\n", encoding="utf-8")
        readers(letter)
        counted = statistics.median(cpu(letter.root, "--no-spam") for _ in range(rounds))
        print(f"{f'the same, with {READERS:,} readers counted':<44} {counted:>7.2f} s of CPU")
        told = [one.message for one in gating.findings(letter, "2025-11") if one.id == "field-empty"]
        assert told == [f"the field city is empty for 1 of {READERS:,} readers, and has no fallback"], told


if __name__ == "__main__":
    main()
