"""Read from the pool what the picker looks at: of what an issue may be made of, everything but the text.

What is too old for the issue stays on the disk, so that picking from a pool of years costs what a month's does.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from newsletter.files.pool import entry
from newsletter.model import Candidate

#: What was published, or changed, longer ago than this tells of past events.
TELLING = timedelta(days=200)
#: The articles of a `Window`. Each part is found by an index of its own.
INSIDE = """SELECT rowid FROM articles WHERE published >= :since
    UNION SELECT rowid FROM articles WHERE pinned
    UNION SELECT rowid FROM articles WHERE later
    UNION SELECT rowid FROM articles WHERE published >= :telling AND instr(text, '::: events')
    UNION SELECT rowid FROM articles WHERE updated >= :telling AND instr(text, '::: events')
    UNION SELECT rowid FROM articles WHERE translation != '' AND translation IN (
        SELECT translation FROM articles WHERE published >= :telling AND instr(text, '::: events'))
    UNION SELECT rowid FROM articles WHERE key IN (SELECT value FROM json_each(:keys))
    UNION SELECT rowid FROM articles WHERE published = '' OR source IN (
        SELECT source FROM (SELECT DISTINCT source FROM articles)
        WHERE source NOT IN (SELECT value FROM json_each(:sources)))"""
#: Everything of an article but its text. Looking into a text costs the most, so old ones are not looked into.
FIELDS = """SELECT key, title, source, language, published, tags, image != '', url != '',
    pinned, held, hidden, later,
    CASE WHEN near THEN length(CAST(text AS BLOB)) ELSE 0 END, CASE WHEN near THEN summary ELSE '' END,
    (published >= :telling OR updated >= :telling) AND instr(text, '::: events') > 0,
    CASE WHEN translation = '' THEN '' ELSE (
        SELECT json_group_array(twin.key) FROM articles AS twin
        WHERE twin.translation != '' AND twin.translation = found.translation AND twin.key != found.key) END
FROM (SELECT *, {near} AS near FROM articles WHERE {which}) AS found"""
NEAR = "published >= :since OR pinned OR later OR source NOT IN (SELECT value FROM json_each(:sources))"
ORDER = " ORDER BY hidden, published DESC, added DESC, place"
EVERYTHING = FIELDS.format(near="1", which="1") + ORDER
CANDIDATES = FIELDS.format(near=NEAR, which=f"rowid IN ({INSIDE})") + ORDER
OLDER = FIELDS.format(near="0", which=f"rowid NOT IN ({INSIDE})") + " ORDER BY published DESC"


@dataclass(frozen=True, slots=True)
class Window:
    """Which articles an issue may be made of: published from *since* on (None for all), not by one of *sources*,
    pinned, held once, telling of events shortly before *now* in any language, or called for by their *keys*.
    """

    now: datetime
    since: datetime | None = None
    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def values(self) -> dict[str, str]:
        """Return what the queries put in."""
        return {
            "since": entry.stamp(self.since),
            "telling": entry.stamp(self.now - TELLING),
            "sources": json.dumps(self.sources),
            "keys": json.dumps(self.keys),
        }


def candidates(connection: sqlite3.Connection, window: Window) -> Iterator[Candidate]:
    """Yield every article in *window*, the newest first and the hidden ones last; its text stays on the disk.

    What one of the window's sources published earlier comes without its size and summary: it cannot be picked.
    """
    return _read(connection, CANDIDATES if window.since else EVERYTHING, window)


def older(connection: sqlite3.Connection, window: Window) -> Iterator[Candidate]:
    """Yield every article that is not in *window*, the newest first, without size and summary."""
    return _read(connection, OLDER, window) if window.since else iter(())


def _read(connection: sqlite3.Connection, query: str, window: Window) -> Iterator[Candidate]:
    rows = connection.cursor()
    rows.row_factory = None  # plain tuples: there may be a hundred thousand
    read, make, said = datetime.fromisoformat, Candidate, _Said()
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
        later,
        size,
        summary,
        eventful,
        twins,
    ) in rows.execute(query, window.values()):
        yield make(
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
            tuple(sorted(json.loads(twins))) if twins else (),
            pinned == 1,
            held == 1,
            hidden == 1,
            later == 1,
        )


def pairs(connection: sqlite3.Connection) -> bool:
    """Whether any two articles are twins."""
    found = connection.execute(
        "SELECT 1 FROM articles WHERE translation != '' GROUP BY translation HAVING count(*) > 1 LIMIT 1"
    )
    return found.fetchone() is not None


def latest(
    connection: sqlite3.Connection, keys: Iterable[str], sources: Iterable[str], before: datetime | None
) -> tuple[datetime, str] | None:
    """Return when the newest of the articles *keys* that *sources* tell of was published, and its key.

    None if there is none *before*.
    """
    row = connection.execute(
        """SELECT published, key FROM articles WHERE published != '' AND (:before = '' OR published < :before)
        AND key IN (SELECT value FROM json_each(:keys)) AND source IN (SELECT value FROM json_each(:sources))
        ORDER BY published DESC, key LIMIT 1""",
        {"keys": json.dumps(list(keys)), "sources": json.dumps(list(sources)), "before": entry.stamp(before)},
    ).fetchone()
    return (datetime.fromisoformat(row[0]), str(row[1])) if row else None


def names(connection: sqlite3.Connection, known: Iterable[str]) -> Mapping[str, str]:
    """Return under which key the pool has each article that went by a name of *known* once."""
    rows = connection.execute(
        "SELECT name, key FROM names WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(known)),)
    )
    return dict(tuple(row) for row in rows)


class _Said(dict[str, str]):
    """Keeps each of the few names of sources and languages once, however many rows say it."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


@lru_cache(4096)
def _tags(text: str) -> tuple[str, ...]:
    """Return the tags that the pool keeps as *text*: many articles have the same."""
    return tuple(json.loads(text))
