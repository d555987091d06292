"""The tables of the pool, `articles.db`, and how an older file gets them. A released step is never edited."""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial

from newsletter.kin import likeness

ARTICLES = """CREATE TABLE articles (
    key TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    text TEXT NOT NULL,
    summary TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    published TEXT NOT NULL,
    updated TEXT NOT NULL,
    image TEXT NOT NULL,
    tags TEXT NOT NULL CHECK (json_valid(tags)),
    guid TEXT NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    added TEXT NOT NULL,
    place INTEGER NOT NULL
) STRICT"""
#: What a server told about a source's address, to ask for changes only.
VISITS = """CREATE TABLE visits (
    source TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    url TEXT NOT NULL
) STRICT"""

SECOND = (
    "ALTER TABLE articles ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE articles ADD COLUMN held INTEGER NOT NULL DEFAULT 0",
    # What the twins of one piece share: the key of one of them, "" for a piece without a twin.
    "ALTER TABLE articles ADD COLUMN translation TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX articles_by_translation ON articles (translation) WHERE translation != ''",
    "DROP INDEX IF EXISTS articles_by_guid",
    # Every address and guid that an article goes by.
    "CREATE TABLE names (name TEXT PRIMARY KEY, key TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX names_by_key ON names (key)",
    # What nearly equal titles and equal pictures are looked up by.
    "CREATE TABLE marks (mark TEXT, key TEXT, PRIMARY KEY (mark, key)) STRICT, WITHOUT ROWID",
    "CREATE INDEX marks_by_key ON marks (key)",
    # Which address a source calls the same piece in another language.
    "CREATE TABLE hints (name TEXT, key TEXT, PRIMARY KEY (name, key)) STRICT, WITHOUT ROWID",
    "CREATE INDEX hints_by_key ON hints (key)",
    # What each source said of an article, as a digest: the same again changes nothing.
    """CREATE TABLE said (
        key TEXT, source TEXT, digest TEXT NOT NULL, PRIMARY KEY (key, source)
    ) STRICT, WITHOUT ROWID""",
    # What an article said before it was corrected.
    """CREATE TABLE revisions (
        key TEXT NOT NULL, at TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX revisions_by_key ON revisions (key, at)",
    "ALTER TABLE visits ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE visits ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE visits ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE visits ADD COLUMN fault TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE visits ADD COLUMN again TEXT NOT NULL DEFAULT ''",
    # The pages of a sitemap that were read, and as of when.
    """CREATE TABLE pages (
        source TEXT, url TEXT, stamp TEXT NOT NULL, PRIMARY KEY (source, url)
    ) STRICT, WITHOUT ROWID""",
)
THIRD = (
    # What `offer` finds the articles by that an issue may be made of, without reading all the others.
    "CREATE INDEX articles_by_source ON articles (source, published)",
    "CREATE INDEX articles_pinned ON articles (pinned) WHERE pinned",
    "CREATE INDEX articles_telling ON articles (published) WHERE instr(text, '::: events')",
    # What `kinship` looks for twins by.
    "CREATE INDEX articles_by_language ON articles (language, published)",
)
FOURTH = (
    # The names of articles that their sites took back, so that an issue that has one can be told of it.
    """CREATE TABLE withdrawn (
        name TEXT PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX withdrawn_by_key ON withdrawn (key)",
)
FIFTH = (
    # A calendar that is written on for long is found by when it was changed.
    "CREATE INDEX articles_retelling ON articles (updated) WHERE instr(text, '::: events')",
)
SIXTH = (
    # Whether an editor held it for a later issue, once: then it does not grow too old to be picked.
    "ALTER TABLE articles ADD COLUMN later INTEGER NOT NULL DEFAULT 0",
    "UPDATE articles SET later = held",
    "CREATE INDEX articles_later ON articles (later) WHERE later",
)


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring those of an older version up to date, within the caller's transaction."""
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, step in enumerate(STEPS[done:], done + 1):
        step(connection)
        connection.execute(f"PRAGMA user_version = {number}")


def is_ready(connection: sqlite3.Connection) -> bool:
    """Whether `prepare` has nothing to do."""
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] >= len(STEPS))


def _first(connection: sqlite3.Connection) -> None:
    # Needed once in a pool's life, and slow to load.
    from sqlite_utils import Database

    connection.execute(ARTICLES)
    connection.execute(VISITS)
    connection.execute("CREATE INDEX articles_by_date ON articles (published)")
    connection.execute("CREATE INDEX articles_by_guid ON articles (source, guid)")
    Database(connection).table("articles").enable_fts(
        ["title", "text"], tokenize="unicode61 remove_diacritics 2", create_triggers=True
    )


def _second(connection: sqlite3.Connection) -> None:
    _all(SECOND, connection)
    known = connection.execute("SELECT key, source, guid, title FROM articles").fetchall()
    for key, source, guid, title in known:
        names(connection, key, (key, *((guid_name(source, guid),) if guid else ())))
        for mark in likeness.marks(title):
            connection.execute("INSERT OR IGNORE INTO marks VALUES (?, ?)", (f"title:{mark}", key))


def _all(statements: Iterable[str], connection: sqlite3.Connection) -> None:
    for statement in statements:
        connection.execute(statement)


#: What brings a pool from each version to the next.
STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _first,
    _second,
    *(partial(_all, statements) for statements in (THIRD, FOURTH, FIFTH, SIXTH)),
)


def names(connection: sqlite3.Connection, key: str, wanted: tuple[str, ...]) -> None:
    """Let the article *key* go by the names *wanted* too."""
    connection.executemany("INSERT OR REPLACE INTO names VALUES (?, ?)", [(name, key) for name in wanted])


def guid_name(source: str, guid: str) -> str:
    """Return the name that a guid is: one that is an address or a URN is the same everywhere."""
    everywhere = guid.startswith(("http://", "https://", "tag:", "urn:"))
    return f"guid:{guid}" if everywhere else f"guid:{source}:{guid}"
