"""Read from the pool what the picker looks at: everything of an article but its text."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from newsletter.model import Candidate

#: What marks an article that tells of events, in the dialect of the issue file.
EVENTS = "::: events"


def candidates(connection: sqlite3.Connection) -> list[Candidate]:
    """Return every article, the newest first and the hidden ones last; its text stays on the disk."""
    twins = _twins(connection)
    rows = connection.cursor()
    rows.row_factory = None  # plain tuples: there may be a hundred thousand
    rows.execute(
        """SELECT key, title, source, language, published, tags, image != '', length(text), summary, url != '',
            instr(text, :events) > 0, pinned, held, hidden
        FROM articles ORDER BY hidden, published DESC, added DESC, place""",
        {"events": EVENTS},
    )
    read = datetime.fromisoformat
    return [
        Candidate(
            key,
            title,
            source,
            language,
            read(published) if published else None,
            _tags(tags),
            pictured == 1,
            size,
            summary,
            linked == 1,
            eventful == 1,
            twins.get(key, ()),
            pinned == 1,
            held == 1,
            hidden == 1,
        )
        for (
            key,
            title,
            source,
            language,
            published,
            tags,
            pictured,
            size,
            summary,
            linked,
            eventful,
            pinned,
            held,
            hidden,
        ) in rows
    ]


def names(connection: sqlite3.Connection, known: Iterable[str]) -> Mapping[str, str]:
    """Return under which key the pool has each article that went by a name of *known* once."""
    rows = connection.execute(
        "SELECT name, key FROM names WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(known)),)
    )
    return dict(tuple(row) for row in rows)


def _twins(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, translation in connection.execute(
        "SELECT key, translation FROM articles WHERE translation != '' ORDER BY key"
    ):
        groups[translation].append(key)
    return {key: tuple(one for one in group if one != key) for group in groups.values() for key in group}


@lru_cache(4096)
def _tags(text: str) -> tuple[str, ...]:
    """Return the tags that the pool keeps as *text*: many articles have the same."""
    return tuple(json.loads(text))
