"""Read from the pool what the picker looks at: everything of an article but its text."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from newsletter.files import poolrow
from newsletter.model import Candidate

#: The dialect of the issue file marks events so; what was published longer ago than this tells of past ones.
EVENTS, TELLING = "%::: events%", timedelta(days=200)
#: Everything of an article but its text. Looking into a text costs the most, so old ones are not looked into.
QUERY = """SELECT key, title, source, language, published, tags, image != '', url != '', pinned, held, hidden,
    CASE WHEN near THEN length(CAST(text AS BLOB)) ELSE 0 END, CASE WHEN near THEN summary ELSE '' END,
    published >= :telling AND text LIKE :events
FROM (SELECT *, published >= :since OR pinned OR source NOT IN (SELECT value FROM json_each(:sources)) AS near
    FROM articles)
ORDER BY hidden, published DESC, added DESC, place"""


def candidates(
    connection: sqlite3.Connection, now: datetime, since: datetime | None, sources: Iterable[str]
) -> list[Candidate]:
    """Return every article, the newest first and the hidden ones last; its text stays on the disk.

    What one of *sources* published before *since* comes without its size and summary: it cannot be picked.
    """
    values = {
        "since": poolrow.stamp(since),
        "telling": poolrow.stamp(now - TELLING),
        "events": EVENTS,
        "sources": json.dumps(list(sources)),
    }
    rows = connection.cursor()
    rows.row_factory = None  # plain tuples: there may be a hundred thousand
    twins, read, make, said = _twins(connection), datetime.fromisoformat, Candidate, _Said()
    return [
        make(
            key,
            title,
            said[source],
            said[language],
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
            linked,
            pinned,
            held,
            hidden,
            size,
            summary,
            eventful,
        ) in rows.execute(QUERY, values)
    ]


def latest(
    connection: sqlite3.Connection, keys: Iterable[str], before: datetime | None
) -> tuple[datetime, str] | None:
    """Return when the newest of the articles *keys* was published, and its key; None if there is none *before*."""
    row = connection.execute(
        """SELECT published, key FROM articles WHERE published != '' AND (:before = '' OR published < :before)
        AND key IN (SELECT value FROM json_each(:keys)) ORDER BY published DESC, key LIMIT 1""",
        {"keys": json.dumps(list(keys)), "before": poolrow.stamp(before)},
    ).fetchone()
    return (datetime.fromisoformat(row[0]), str(row[1])) if row else None


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


class _Said(dict[str, str]):
    """Keeps each of the few names of sources and languages once, however many rows say it."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


@lru_cache(4096)
def _tags(text: str) -> tuple[str, ...]:
    """Return the tags that the pool keeps as *text*: many articles have the same."""
    return tuple(json.loads(text))
