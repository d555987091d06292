"""What people want to read about."""

import sqlite3
from collections.abc import Iterable, Sequence

from subscribers.attribute import slug
from subscribers.store.file.rows import insert


def of(connection: sqlite3.Connection, subscriber: int) -> frozenset[str]:
    """Return one person's topics."""
    rows = connection.execute("SELECT topic FROM topics WHERE subscriber_id = :id", {"id": subscriber})
    return frozenset(row["topic"] for row in rows)


def add_all(connection: sqlite3.Connection, rows: Sequence[tuple[str, int]]) -> None:
    """Add topics to people: pairs of a cleaned topic and a person's number, none of which is there yet."""
    insert(connection, "INSERT INTO topics (topic, subscriber_id) VALUES {(?, ?)}", rows)


def choose(connection: sqlite3.Connection, subscriber: int, topics: Iterable[str]) -> None:
    """Make *topics* the person's topics, whatever they were. Raise PeopleError for what is no topic."""
    wanted = {topic for topic in map(slug, topics) if topic}
    have = of(connection, subscriber)
    if wanted == have:
        return
    connection.executemany(
        "DELETE FROM topics WHERE topic = :topic AND subscriber_id = :id",
        [{"topic": topic, "id": subscriber} for topic in have - wanted],
    )
    add_all(connection, [(topic, subscriber) for topic in sorted(wanted - have)])


def chosen(connection: sqlite3.Connection, topic: str) -> bool:
    """Whether anybody chose *topic*."""
    asked = "SELECT EXISTS (SELECT 1 FROM topics WHERE topic = :topic)"
    return bool(connection.execute(asked, {"topic": topic}).fetchone()[0])
