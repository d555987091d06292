"""How long a report takes over a large list, as an editor waits for it.

``python -m tests.bench.report [READERS]``, a million if nothing is said. The first reader gets the letter
for good; the others are written beside them, with what came back about some, of three issues.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files.new import make
from newsletter.files.workspace import Workspace, find
from subscribers.store.file.open import Connection, transaction
from tests import readers
from tests.bench.spent import run
from tests.smtpserver import Server

ISSUES = ("0001-hello", "0002-second", "0003-third")
SEGMENTS = """swedish = "language = 'sv'"
business = "'business' in topics"
town = "city = 'Town 7'"
"""


def sent(folder: Path) -> Workspace:
    """Make a letter with clicks counted, and send three issues to one reader."""
    made = make(folder, "The quay")
    settings = made.root / "newsletter.toml"
    with Server() as server, wiring.people(made) as connection:
        text = settings.read_text(encoding="utf-8").replace("port = 2525", f"port = {server.port}")
        settings.write_text(f"{text}\n[tracking]\nclicks = true\n", encoding="utf-8")
        (made.root / "subscribers" / "segments.toml").write_text(SEGMENTS, encoding="utf-8")
        readers.add(connection, 1)
        command = [sys.executable, "-m", "newsletter", "--workspace", str(made.root), "send"]
        for slug in ISSUES:
            if slug != ISSUES[0]:
                (made.issues / slug).mkdir()
                text = (made.issues / ISSUES[0] / "issue.md").read_text(encoding="utf-8")
                (made.issues / slug / "issue.md").write_text(text, encoding="utf-8")
            subprocess.run([*command, slug, "--yes", "--force", "bench"], check=True, capture_output=True)
    return find(made.root)


def grow(connection: Connection, count: int) -> None:
    """Write the other readers, their deliveries, what came back, who left, and clicks."""
    with transaction(connection):
        connection.execute(
            """WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
               INSERT INTO subscribers (id, email, canonical, name, language, attributes, status, joined)
               SELECT i, 'r' || i || '@town' || (i * i % 997) || '.example', 'r' || i || '@town' || (i * i % 997)
                   || '.example', '', iif(i % 3, 'sv', 'en'), json_object('city', 'Town ' || i % 290), 'active',
                   '2025-01-01T00:00:00.000Z' FROM n""",
            {"count": count},
        )
        connection.execute("INSERT INTO topics SELECT 'business', id FROM subscribers WHERE id % 4 = 0")
        connection.execute(
            """INSERT INTO subscriptions (list_id, subscriber_id, status, since)
               SELECT 1, id, iif(id % 200, 'confirmed', 'unsubscribed'), joined FROM subscribers WHERE id > 1"""
        )
        connection.execute(
            """INSERT INTO consents (subscriber_id, list, what, at, source, wording, language, network, message_id,
                   hash) SELECT s.id, 'monthly', w.what, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', w.ago), 'bench', '',
                   '', '', '', '' FROM subscribers s JOIN (SELECT 'confirm' AS what, '-60 days' AS ago, 1 AS nth
                   UNION SELECT 'withdraw', '+1 hour', 200) w ON s.id % w.nth = 0 WHERE s.id > 1"""
        )
        connection.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, attempts, code, enhanced, reply,
                   updated) SELECT e.id, s.id, d.variant, iif(s.id % 97, 'accepted', iif(s.id % 5, 'refused',
                   'suppressed')), 1, 250, '2.0.0', '2.0.0 Ok: queued as 4F' || s.id,
                   strftime('%Y-%m-%dT%H:%M:%fZ', e.started, '+' || (s.id / 200) || ' seconds')
               FROM sends e JOIN deliveries d ON d.send_id = e.id JOIN subscribers s ON s.id > 1"""
        )
        connection.execute(
            """INSERT INTO events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
               SELECT id, subscriber_id, k.kind, k.reason, k.status, 'said', 'mailbox', updated FROM deliveries d
               JOIN (SELECT 'hard' AS kind, 'userunknown' AS reason, '5.1.1' AS status, 53 AS nth
                   UNION SELECT 'soft', 'mailboxfull', '4.2.2', 61 UNION SELECT 'block', 'spam', '5.7.1', 401
                   UNION SELECT 'complaint', 'abuse', '', 1009) k ON d.subscriber_id % k.nth = 0
               WHERE d.state = 'accepted' AND d.subscriber_id > 1"""
        )
        connection.execute(
            """INSERT INTO clicks (link_id, hour, scanner, count)
               SELECT l.id, '2025-06-12T' || h.value, s.value, 100 + l.place FROM links l
               JOIN json_each('["08","09","10","11"]') h JOIN json_each('[0,1]') s"""
        )
    connection.execute("ANALYZE")


def measure(workspace: Workspace, count: int) -> None:
    """Print seconds, processor seconds and memory of each way to look."""
    print(f"\nreport over {count:,} readers, three issues: seconds, processor seconds, MB")
    for name, words in {
        "report SLUG": ("report", ISSUES[1]),
        "report SLUG --json": ("report", ISSUES[1], "--json"),
        "report SLUG --html": ("report", ISSUES[1], "--html", workspace.root / "report.html"),
        "report --all": ("report", "--all"),
    }.items():
        took, busy, memory = run(sys.executable, "-m", "newsletter", "--workspace", workspace.root, *words)
        print(f"  {name:<22} {took:>6.1f} s {busy:>6.1f} s CPU {memory:>6} MB", flush=True)


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        letter = sent(Path(place) / "letter")
        with wiring.people(letter) as opened:
            began = time.monotonic()
            grow(opened, total)
            print(f"written in {time.monotonic() - began:.0f} s")
        measure(letter, total)
