"""Freeze the audience of a workspace, and say as JSON what it took beside plain SQL.

``python -m tests.bench.freeze FOLDER``: processor seconds *plain* and *took*, seconds *lasted*, peak memory *mb*.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files.workspace import Workspace
from subscribers import roster
from subscribers.store.file.open import transaction
from subscribers.store.ledger import sends
from subscribers.variant import variant


def copying(connection) -> float:
    """Return the processor seconds of the statement that one would write without asking who may be written to."""
    connection.execute("BEGIN")
    send = "INSERT INTO sends (issue, list, rule, state, content, created) VALUES ('', '', '', 'done', '', '')"
    connection.execute(send)
    began = time.process_time()
    connection.execute(
        """INSERT INTO deliveries (send_id, subscriber_id, variant, updated)
           SELECT (SELECT max(id) FROM sends), id, language, '' FROM subscribers"""
    )
    took = time.process_time() - began
    connection.execute("ROLLBACK")
    return took


def main(folder: Path) -> None:
    """Measure, with the durable commit."""
    now = datetime.now(UTC)
    connection = wiring.opened(Workspace(folder))
    audience = roster.meant(now=now)
    chosen = variant(("en", "sv"), {}, now)
    plain = copying(connection)
    began, wall = time.process_time(), time.monotonic()
    with transaction(connection):
        send = sends.create(
            connection,
            issue="bench",
            list="monthly",
            rule="{}",
            content="",
            variants={"en": b"", "sv": b""},
            now=now,
            due=now,
        )
        sends.start(connection, send.id, audience, chosen, now)
    took, lasted = time.process_time() - began, time.monotonic() - wall
    connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"plain": plain, "took": took, "lasted": lasted, "mb": peak}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
