"""What one would write without a newsletter program: csv.reader and executemany, into tables like ours.

``python -m tests.bench.bare CSV DATABASE``. It validates nothing, forgives nothing, knows nobody who is there
already, and its evidence is no chain.
"""

import csv
import sqlite3
import sys
from itertools import islice

from subscribers.store.file.migrate import MIGRATIONS

BATCH = 10_000
AT = "2026-06-01T09:00:00.000Z"


def schema(path):
    """Make our tables, so that both write the same rows into the same indexes."""
    from sqlite_utils import Database

    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    MIGRATIONS.apply(Database(connection))
    connection.execute("INSERT INTO lists (slug, title, opt_in) VALUES ('monthly', 'Monthly', 'double')")
    return connection


def main(source, path):
    connection = schema(path)
    connection.execute("PRAGMA cache_size = -65536")
    with open(source, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        number = 0
        while chunk := list(islice(rows, BATCH)):
            topics: list[tuple[str, int]] = []
            people, subscriptions, consents = [], [], []
            for email, name, language, chosen, city, company in chunk:
                number += 1
                attributes = f'{{"city": "{city}", "company": "{company}"}}'
                people.append((number, email, email.lower(), name, language, attributes, "active", AT))
                subscriptions.append((1, number, "confirmed", AT))
                topics.extend((topic, number) for topic in chosen.split(";") if topic)
                consents.append((number, "monthly", "import", AT, "people.csv", "fair", "", "", "", "0" * 129))
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO subscribers (id, email, canonical, name, language, attributes, status, joined)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                people,
            )
            connection.executemany("INSERT INTO subscriptions VALUES (?, ?, ?, ?)", subscriptions)
            connection.executemany("INSERT INTO topics VALUES (?, ?)", topics)
            connection.executemany(
                "INSERT INTO consents (subscriber_id, list, what, at, source, wording, language, network,"
                " message_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                consents,
            )
            connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
