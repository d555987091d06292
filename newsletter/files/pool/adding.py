"""Put articles into the pool: new ones, and ones that come again. The caller holds the transaction.

Identity: one article goes by many names, its addresses and guids (`kinship`); its key stays the first one, as
issues refer to it. What its own source says anew corrects it, another source only adds what is missing.
"""

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.files.pool import entry, kinship
from newsletter.model import Article

#: What an article's row says; a change in one of CONTENT counts as an update.
CONTENT = ("title", "url", "text", "summary", "language", "author", "image", "tags", "updated", "published")
WORDING = ("title", "summary", "text")
#: What came of an article that says something else now.
REWORDED = "reworded"
#: So many earlier wordings of an article are kept.
REVISIONS = 20
#: A feed that has only the start of a text ends it with a few words of its own, of so many characters.
BEGUN = 20


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding articles: how many were new, changed, or as they had been.

    *reworded* are those that were changed in their words, as they came, by their keys in the pool. *translated*
    are new ones with the key of an older one, of which they are translations.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    reworded: tuple[Article, ...] = ()
    translated: tuple[tuple[Article, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unlisted:
    """An article that its source lists no more; *guid* is what that called it."""

    key: str
    url: str
    title: str
    guid: str


def add(
    connection: sqlite3.Connection,
    articles: Iterable[Article],
    now: datetime,
    *,
    by_hand: bool,
    settled: Container[str] = (),
    sources: Container[str] = (),
) -> Added:
    """Put *articles* in, as `Pool.add` does."""
    counts = {"new": 0, "updated": 0, "unchanged": 0}
    reworded: list[Article] = []
    fresh: dict[str, Article] = {}
    # Counted here, as asking for it each time reads the whole table.
    place = connection.execute("SELECT coalesce(max(place), 0) FROM articles").fetchone()[0]
    for one in articles:
        key = kinship.same(connection, one, by_key=one.key in settled)
        done = _put(connection, key, one, now, place + counts["new"] + 1, by_hand, sources)
        counts["updated" if done == REWORDED else done] += 1
        reworded += [replace(one, key=key)] if done == REWORDED else []
        fresh |= {one.key: one} if done == "new" else {}
    return Added(**counts, reworded=tuple(reworded), translated=tuple(_translated(connection, fresh)))


def _translated(connection: sqlite3.Connection, fresh: Mapping[str, Article]) -> Iterator[tuple[Article, str]]:
    """Yield those of *fresh* articles that are translations of others, each with the key of one of those."""
    rows = connection.execute(
        """SELECT one.key, min(other.key) FROM articles AS one JOIN articles AS other
        ON other.translation = one.translation AND other.key NOT IN (SELECT value FROM json_each(:fresh))
        WHERE one.translation != '' AND one.key IN (SELECT value FROM json_each(:fresh))
        GROUP BY one.key ORDER BY one.place""",
        {"fresh": json.dumps([*fresh])},
    )
    yield from ((fresh[key], other) for key, other in rows)


def clear(connection: sqlite3.Connection, source: str, said: Iterable[Article]) -> None:
    """Take out what nobody but *source* ever told of, and what is not among what it *said* now.

    What an editor pinned, held or hid stays.
    """
    names = json.dumps([name for one in said for name in kinship.names_of(one)])
    rows = connection.execute(
        """SELECT key FROM articles WHERE source = :source AND NOT (pinned OR held OR hidden)
        AND NOT EXISTS (SELECT 1 FROM said WHERE said.key = articles.key AND said.source != :source)
        AND key NOT IN (SELECT key FROM names WHERE name IN (SELECT value FROM json_each(:names)))""",
        {"source": source, "names": names},
    ).fetchall()
    for row in rows:
        kinship.forget(connection, str(row[0]))


def unlisted(
    connection: sqlite3.Connection, source: str, names: Iterable[str], since: datetime | None
) -> list[Unlisted]:
    """Return what nobody but *source* tells of, published from *since* on, that goes by none of *names*.

    The newest stand first. What an editor pinned, held or hid is left out.
    """
    rows = connection.execute(
        """SELECT key, url, title, guid FROM articles WHERE source = :source AND NOT (pinned OR held OR hidden)
        AND published >= :since
        AND NOT EXISTS (SELECT 1 FROM said WHERE said.key = articles.key AND said.source != :source)
        AND key NOT IN (SELECT key FROM names WHERE name IN (SELECT value FROM json_each(:names)))
        ORDER BY published DESC""",
        {"source": source, "names": json.dumps(list(names)), "since": entry.stamp(since)},
    )
    return [Unlisted(*row) for row in rows]


def _put(
    connection: sqlite3.Connection,
    key: str,
    one: Article,
    now: datetime,
    place: int,
    by_hand: bool,
    sources: Container[str],
) -> str:
    """Write the article *key*, or at *place* a new one if that is ""; return ``new``, or as `_update` does."""
    row = entry.row(one)
    digest = entry.digest(one, row, now)
    said = connection.execute("SELECT digest FROM said WHERE key = ? AND source = ?", (key, one.source)).fetchone()
    if said and said[0] == digest:
        return "unchanged"
    if not key:
        key, done = one.key, "new"
        row |= {"added": entry.stamp(now), "place": place}
        fields = ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({fields})", row)  # noqa: S608
        kinship.returned(connection, one)
    else:
        done = _update(connection, key, one, now, by_hand, sources)
    connection.execute("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", (key, one.source, digest))
    kinship.remember(connection, key, one)
    kinship.pair(connection, key, one)
    return done


def _update(
    connection: sqlite3.Connection,
    key: str,
    one: Article,
    now: datetime,
    by_hand: bool,
    sources: Container[str],
) -> str:
    """Bring the article *key* up to what *one* says; return ``updated``, ``reworded`` or ``unchanged``."""
    before = connection.execute("SELECT * FROM articles WHERE key = ?", (key,)).fetchone()
    known = entry.article(before)
    others = connection.execute(
        "SELECT count(*) FROM said WHERE key = ? AND source != ?", (key, one.source)
    ).fetchone()[0]
    own = by_hand or one.source == known.source
    if by_hand and one.source != known.source and known.source in sources:
        # A source told of it, which goes on doing so: it knows tags and pictures that the page may not show.
        one = replace(kinship.filled(one, known), source=known.source)
    shared = bool(others) and not by_hand
    row = entry.row(_corrected(known, one, shared=shared) if own else kinship.filled(known, one))
    row["key"] = key
    if row["published"] == entry.stamp(now):
        # It has no date of its own: it stays as old as when it was first seen.
        row["published"] = before["published"]
    if not one.updated:
        row["updated"] = before["updated"]
    if all(row[name] == before[name] for name in CONTENT):
        return "unchanged"
    reworded = any(row[name] != before[name] for name in WORDING)
    if own and reworded:
        row["updated"] = row["updated"] if one.updated else entry.stamp(now)
        _keep_revision(connection, key, known, now)
    changes = ", ".join(f"{name} = :{name}" for name in row)
    connection.execute(f"UPDATE articles SET {changes} WHERE key = :key", row)  # noqa: S608
    return REWORDED if reworded else "updated"


def _keep_revision(connection: sqlite3.Connection, key: str, known: Article, now: datetime) -> None:
    connection.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?)",
        (key, entry.stamp(now), known.title, known.summary, known.text),
    )
    connection.execute(
        """DELETE FROM revisions WHERE key = :key AND rowid NOT IN
        (SELECT rowid FROM revisions WHERE key = :key ORDER BY at DESC, rowid DESC LIMIT :most)""",
        {"key": key, "most": REVISIONS},
    )


def _corrected(known: Article, one: Article, *, shared: bool) -> Article:
    """Return what its own source says of an article now, with what another had to add where it is *shared*."""
    image = known.image if known.image and one.image and known.image.src == one.image.src else one.image
    fresh = replace(one, image=image)
    begun = len(one.text) > BEGUN and known.text.startswith(one.text[:-BEGUN])
    return kinship.filled(fresh, known) if shared and begun else fresh
