"""Which articles of the pool are one, and which are twins in two languages. The caller holds the transaction."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from newsletter.files.pool import entry
from newsletter.files.pool.schema import guid_name, names
from newsletter.kin import likeness, twinship
from newsletter.model import Article

#: Twins come out on the same day, or the translation a day or two later.
APART = timedelta(days=2)
#: A picture that stands at more articles than this is the site's own.
COMMON = 6
#: So many articles of the same days in other languages are looked at for a twin.
BESIDE = 60
#: What else the pool knows of articles, by their keys.
KEYED = ("names", "marks", "hints", "said", "revisions")
#: More titles than this that begin or end alike are a series; looking through all of them would take too long.
SERIES = 20


def names_of(one: Article) -> tuple[str, ...]:
    """Return every name that an article goes by: its key, and its guid where it has one."""
    return (one.key, guid_name(one.source, one.guid)) if one.guid else (one.key,)


def namesakes(connection: sqlite3.Connection, one: Article) -> list[tuple[str, Article]]:
    """Return what goes by the guid of *one*, by its key, or by that key with a number: name and article."""
    name, *guid = names_of(one)
    rows = connection.execute(
        """SELECT name, articles.* FROM names JOIN articles ON articles.key = names.key
        WHERE name IN (:guid, :name) OR (name > :name || '-' AND name < :name || '.')
        ORDER BY name != :guid, length(name), name""",
        {"name": name, "guid": guid[0] if guid else None},
    )
    own = re.compile(rf"{re.escape(name)}-\d+")
    found = ((row["name"], row) for row in rows)
    return [(each, entry.article(row)) for each, row in found if each in {name, *guid} or own.fullmatch(each)]


def same(connection: sqlite3.Connection, one: Article, *, by_key: bool = False) -> str:
    """Return the key of the article that *one* is, or "" for a new one. *by_key*: its guid says nothing of that.

    Where *one* shows that two in the pool are the same, the one of that address stays and takes over the names.
    """
    name, *guid = names_of(one)
    # The address goes before the guid.
    known = connection.execute(
        "SELECT DISTINCT key FROM names WHERE name IN (:name, :guid) ORDER BY name != :name",
        {"name": name, "guid": guid[0] if guid and not by_key else None},
    ).fetchall()
    if not known:
        return _alike(connection, one)
    key, *doubles = (str(row[0]) for row in known)
    for double in doubles:
        _merge(connection, key, double)
    return key


def remember(connection: sqlite3.Connection, key: str, one: Article) -> None:
    """Note how the article *key*, which just came as *one*, can be found again."""
    names(connection, key, names_of(one))
    marks = [f"title:{mark}" for mark in likeness.marks(one.title)]
    marks += [f"image:{one.image.src}"] if one.image else []
    marks += [f"place:{place}" for place in twinship.places(one.url)]
    connection.executemany("INSERT OR IGNORE INTO marks VALUES (?, ?)", [(mark, key) for mark in marks])
    connection.executemany("INSERT OR IGNORE INTO hints VALUES (?, ?)", [(name, key) for name in one.twins])


def pair(connection: sqlite3.Connection, key: str, one: Article) -> None:
    """Find the twins of the article *key*, which just came as *one*.

    They are what a source calls so, else what has the same picture, place or names.
    """
    named = connection.execute(
        """SELECT names.key FROM hints JOIN names ON names.name = hints.name WHERE hints.key = :key
        UNION SELECT hints.key FROM names JOIN hints ON hints.name = names.name WHERE names.key = :key""",
        {"key": key},
    )
    found = [row[0] for row in named if row[0] != key]
    for other in found or (_by_picture(connection, key) if one.image else ()):
        _join(connection, key, other)
    if not found and one.language and _is_alone(connection, key):
        for other in _by_place(connection, key, one) or _by_names(connection, key, one):
            _join(connection, key, other)


def _is_alone(connection: sqlite3.Connection, key: str) -> bool:
    """Whether the pool has articles in another language, and *key* has no twin yet."""
    row = connection.execute(
        """SELECT translation = '' AND EXISTS (SELECT 1 FROM articles AS other
            WHERE other.language > articles.language
            OR (other.language < articles.language AND other.language != '')) FROM articles WHERE key = ?""",
        (key,),
    ).fetchone()
    return bool(row and row[0])


def _by_place(connection: sqlite3.Connection, key: str, one: Article) -> list[str]:
    """Return the one article in each other language whose address differs in the language only."""
    rows = connection.execute(
        """SELECT DISTINCT articles.* FROM marks AS own JOIN marks AS other ON other.mark = own.mark
        JOIN articles ON articles.key = other.key
        WHERE own.key = :key AND own.mark LIKE 'place:%' AND other.key != :key LIMIT :most""",
        {"key": key, "most": COMMON},
    )
    return _only(other for row in rows if twinship.same_place(other := entry.article(row), one))


def _by_names(connection: sqlite3.Connection, key: str, one: Article) -> list[str]:
    """Return the one article of the site in each other language that tells of the same names on the same days."""
    if not one.published or not one.url:
        return []
    rows = connection.execute(
        """SELECT * FROM articles WHERE language != '' AND language != :language AND translation = ''
        AND language IN (SELECT DISTINCT language FROM articles) AND published BETWEEN :from AND :to
        AND key != :key LIMIT :most""",
        {
            "key": key,
            "language": one.language,
            "from": entry.stamp(one.published - twinship.APART),
            "to": entry.stamp(one.published + twinship.APART),
            "most": BESIDE,
        },
    )
    others = (other for row in rows if _near(other := entry.article(row), one))
    return _only(other for other in others if twinship.same_names(other, one))


def _only(found: Iterable[Article]) -> list[str]:
    """Return the keys of what was found, but nothing of a language in which there are several."""
    by_language: dict[str, list[str]] = {}
    for one in found:
        by_language.setdefault(one.language, []).append(one.key)
    return [keys[0] for keys in by_language.values() if len(keys) == 1]


def _alike(connection: sqlite3.Connection, one: Article) -> str:
    """Return the key of an article of another source that says the same, or ""."""
    if not one.published:
        return ""
    near = {
        "source": one.source,
        "from": entry.stamp(one.published - likeness.APART),
        "to": entry.stamp(one.published + likeness.APART),
        "series": SERIES,
    }
    for mark in likeness.marks(one.title):
        rows = connection.execute(
            """SELECT articles.key, title FROM (SELECT key FROM marks WHERE mark = :mark LIMIT :series) AS near
            JOIN articles ON articles.key = near.key WHERE articles.source != :source
            AND published BETWEEN :from AND :to""",
            near | {"mark": f"title:{mark}"},
        )
        for key, title in rows:
            if likeness.same_title(title, one.title) and _is_same(connection, key, one):
                return str(key)
    return ""


def _is_same(connection: sqlite3.Connection, key: str, one: Article) -> bool:
    """Whether the article *key* is *one*; no source has the same piece twice."""
    row = connection.execute(
        """SELECT * FROM articles WHERE key = :key
        AND NOT EXISTS (SELECT 1 FROM said WHERE said.key = :key AND said.source = :source)""",
        {"key": key, "source": one.source},
    ).fetchone()
    return row is not None and likeness.same(entry.article(row), one)


def forget(connection: sqlite3.Connection, key: str) -> None:
    """Take an article out, with all that is known of it."""
    for table in (*KEYED, "articles"):
        connection.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608


def withdraw(connection: sqlite3.Connection, key: str, at: str) -> None:
    """Take out an article that its site took back at the time *at*, and remember its names."""
    connection.execute(
        "INSERT OR REPLACE INTO withdrawn SELECT name, key, :at FROM names WHERE key = :key",
        {"key": key, "at": at},
    )
    forget(connection, key)


def returned(connection: sqlite3.Connection, one: Article) -> None:
    """Forget that *one*, which just came, was withdrawn."""
    name, *guid = names_of(one)
    connection.execute(
        "DELETE FROM withdrawn WHERE key IN (SELECT key FROM withdrawn WHERE name IN (:name, :guid))",
        {"name": name, "guid": guid[0] if guid else None},
    )


def _merge(connection: sqlite3.Connection, key: str, double: str) -> None:
    """Let the article *double* be the article *key*; what the editor said of it stays said."""
    both = {"key": key, "double": double}
    connection.execute(
        """UPDATE articles SET (pinned, held, hidden, later) = (
            SELECT max(pinned), max(held), max(hidden), max(later) FROM articles WHERE key IN (:key, :double)
        ) WHERE key = :key""",
        both,
    )
    for table in KEYED:
        connection.execute(f"UPDATE OR IGNORE {table} SET key = :key WHERE key = :double", both)  # noqa: S608
    forget(connection, double)


def _by_picture(connection: sqlite3.Connection, key: str) -> Iterable[str]:
    """Return the one article of the same site in another language with the same picture and day."""
    rows = connection.execute(
        """SELECT articles.* FROM (
            SELECT DISTINCT other.key FROM marks AS own JOIN marks AS other ON other.mark = own.mark
            WHERE own.key = :key AND own.mark LIKE 'image:%' LIMIT :most) AS shown
        JOIN articles ON articles.key = shown.key""",
        {"key": key, "most": COMMON + 1},
    ).fetchall()
    one = next((row for row in rows if row["key"] == key), None)
    if not 1 < len(rows) <= COMMON or one is None or one["translation"]:
        return
    own = entry.article(one)
    near = [other for row in rows if _near(other := entry.article(row), own)]
    others = [other for other in near if other.language and other.language != own.language]
    if len(others) == 1 and len(near) == 2:  # itself and its twin
        yield others[0].key


def _near(other: Article, one: Article) -> bool:
    at, own = other.published, one.published
    beside = other.source == one.source or (
        bool(one.url) and urlsplit(other.url).hostname == urlsplit(one.url).hostname
    )
    return bool(beside and at and own and abs(at - own) <= APART)


def _join(connection: sqlite3.Connection, key: str, other: str) -> None:
    """Let two articles share a translation, and what the editor said of either, unless it would hold two in one
    language.
    """
    rows = connection.execute(
        """SELECT key, language, translation, pinned, held, hidden, later FROM articles
        WHERE key IN (:key, :other) OR (translation != ''
        AND translation IN (SELECT translation FROM articles WHERE key IN (:key, :other)))""",
        {"key": key, "other": other},
    ).fetchall()
    languages = [row["language"] for row in rows]
    if not all(languages) or len(set(languages)) < len(languages):
        return
    shared = next((row["translation"] for row in rows if row["translation"]), key)
    said = [max(row[flag] for row in rows) for flag in ("pinned", "held", "hidden", "later")]
    connection.executemany(
        "UPDATE articles SET translation = ?, pinned = ?, held = ?, hidden = ?, later = ? WHERE key = ?",
        [(shared, *said, row["key"]) for row in rows],
    )


def filled(before: Article, one: Article) -> Article:
    """Return the article *before* with what *one*, the same from another source, has and it lacks."""
    whole = one.text if len(one.text) > 2 * len(before.text) else before.text
    tags = {tag.casefold(): tag for tag in (*one.tags, *before.tags)}
    mine = {tag.casefold() for tag in before.tags}
    return replace(
        before,
        text=whole,
        summary=before.summary or one.summary,
        author=before.author or one.author,
        language=before.language or one.language,
        image=before.image or one.image,
        tags=(*before.tags, *(tag for folded, tag in tags.items() if folded not in mine)),
    )
