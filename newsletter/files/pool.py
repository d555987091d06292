"""The pool: every article that was fetched or added, in `articles.db`. A cache; `newsletter fetch` fills it again.

Identity: the same key, or the same guid of the same source, is the same article. Searching knows no difference
between ö and o, or between upper and lower case.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from newsletter.errors import NewsletterError, NotFoundError, TryAgainError, UsageError
from newsletter.files import poolrow
from newsletter.model import Article

#: How long to wait for another `newsletter` that writes, in seconds.
BUSY = 30.0
#: What an article's row says; a change in one of CONTENT counts as an update.
CONTENT = ("key", "title", "url", "text", "summary", "language", "author", "image", "tags", "updated", "published")
#: What SQLite says of a file that is damaged, or of another program's.
BROKEN = re.compile(r"not a database|malformed|vtable constructor|no such (?:table|column)|has no column")
#: At most this many words of a search count.
WORDS = 20

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


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding articles: how many were new, changed, or as they had been."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """What the last answer of a source told: the validators of RFC 9110 section 8.8, and *url*, where it was."""

    etag: str = ""
    modified: str = ""
    url: str = ""


class Pool:
    """The pool at *path*, as a context manager. Makes the file where there is none.

    *busy* is how long to wait for another program that writes, in seconds.
    """

    def __init__(self, path: Path, busy: float = BUSY) -> None:
        self.path = path
        self.busy = busy
        # The place of the article that came last: counted here, as asking for it each time reads the whole table.
        self._last = 0

    def __enter__(self) -> Self:
        with self._words():
            self.connection = sqlite3.connect(self.path, timeout=self.busy, isolation_level=None)
            self.connection.row_factory = sqlite3.Row
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
                self._prepare()
            except BaseException:
                self.connection.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def add(self, articles: Iterable[Article], now: datetime) -> Added:
        """Put *articles* in, all or none; *now* is the time that normalizing gave to those without a date."""
        counts = {"new": 0, "updated": 0, "unchanged": 0}
        with self._words(), self._transaction():
            self._last = self.connection.execute("SELECT coalesce(max(place), 0) FROM articles").fetchone()[0]
            for article in articles:
                counts[self._put(article, poolrow.stamp(now))] += 1
        return Added(**counts)

    def articles(
        self,
        *,
        since: datetime | None = None,
        tag: str = "",
        language: str = "",
        source: str = "",
        limit: int = -1,
        hidden: bool = False,
    ) -> Iterator[Article]:
        """Yield articles, the newest first; *limit* negative means all, *hidden* True those that were hidden."""
        with self._words():
            rows = self.connection.execute(
                """SELECT * FROM articles
                WHERE hidden = :hidden AND published >= :since
                AND (:language = '' OR language = :language) AND (:source = '' OR source = :source)
                AND (:tag = '' OR EXISTS (SELECT 1 FROM json_each(tags) WHERE fold(value) = fold(:tag)))
                ORDER BY published DESC, added DESC, place LIMIT :limit""",
                {
                    "hidden": int(hidden),
                    "since": poolrow.stamp(since),
                    "tag": tag,
                    "language": language,
                    "source": source,
                    "limit": limit,
                },
            ).fetchall()
        yield from self._read(rows)

    def get(self, key: str) -> Article:
        """Return the article with *key*. Raise NotFoundError."""
        with self._words():
            row = self.connection.execute("SELECT * FROM articles WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise NotFoundError(f"no article {key!r}", remedy="`newsletter articles list` shows what there is")
        return self._read([row])[0]

    def find(self, text: str) -> Article:
        """Return the article that *text* means: its key, its address, or a part of either or of its title.

        Raise NotFoundError if it means none, UsageError if it means several.
        """
        wanted = text.strip()
        with self._words():
            rows = self.connection.execute(
                """SELECT *, key = :text OR url = :text AS exact FROM articles
                WHERE exact OR instr(fold(key), fold(:text)) OR instr(fold(url), fold(:text))
                OR instr(fold(title), fold(:text)) ORDER BY exact DESC, published DESC LIMIT 6""",
                {"text": wanted},
            ).fetchall()
        if not rows or not wanted:
            raise NotFoundError(f"no article {text!r}", remedy="`newsletter articles list` shows what there is")
        if len(rows) > 1 and not rows[0]["exact"]:
            names = ", ".join(repr(row["title"]) for row in rows[:5])
            raise UsageError(
                f"{text!r} can mean several articles: {names}", remedy="write more of the title or key"
            )
        return self._read(rows)[0]

    def search(self, text: str, limit: int = 50) -> Iterator[Article]:
        """Yield the articles that hold every word of *text* (the last one may be begun), the best first."""
        words = re.findall(r"\w+", text)[:WORDS]
        if not words:
            return
        # Each word is quoted, so nothing of the text is an operator of the query language (FTS5 section 3).
        query = " ".join(f'"{word}"' for word in words) + "*"
        with self._words():
            rows = self.connection.execute(
                """SELECT articles.* FROM articles JOIN articles_fts ON articles.rowid = articles_fts.rowid
                WHERE articles_fts MATCH :query AND hidden = 0
                ORDER BY bm25(articles_fts, 5.0, 1.0), published DESC LIMIT :limit""",
                {"query": query, "limit": limit},
            ).fetchall()
        yield from self._read(rows)

    def hide(self, key: str, hidden: bool = True) -> Article:
        """Keep an article out of lists and issues, or bring it back. Raise NotFoundError."""
        self.get(key)
        with self._words():
            self.connection.execute("UPDATE articles SET hidden = ? WHERE key = ?", (int(hidden), key))
        return self.get(key)

    def visit(self, source: str, rule: str) -> Visit:
        """Return what *source* told last time; nothing if it was then read by another *rule*."""
        with self._words():
            row = self.connection.execute(
                "SELECT etag, modified, url FROM visits WHERE source = ? AND rule = ?", (source, rule)
            ).fetchone()
        return Visit(*row) if row else Visit()

    def visited(self, source: str, rule: str, visit: Visit) -> None:
        """Remember what *source* told, for next time."""
        with self._words():
            self.connection.execute(
                "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?)",
                (source, rule, visit.etag, visit.modified, visit.url),
            )

    def _prepare(self) -> None:
        self.connection.create_function("fold", 1, lambda text: str(text or "").casefold(), deterministic=True)
        if self.connection.execute("PRAGMA user_version").fetchone()[0]:
            return
        database = Database(self.connection)
        with self._transaction():
            if database["articles"].exists():
                return
            self.connection.execute(ARTICLES)
            self.connection.execute(VISITS)
            self.connection.execute("CREATE INDEX articles_by_date ON articles (published)")
            self.connection.execute("CREATE INDEX articles_by_guid ON articles (source, guid)")
            database.table("articles").enable_fts(
                ["title", "text"], tokenize="unicode61 remove_diacritics 2", create_triggers=True
            )
            self.connection.execute("PRAGMA user_version = 1")

    def _read(self, rows: Sequence[sqlite3.Row]) -> list[Article]:
        try:
            return [poolrow.article(row) for row in rows]
        except (ValueError, TypeError, LookupError):
            raise _no_pool(self.path) from None

    def _put(self, article: Article, now: str) -> str:
        """Write one article; return ``new``, ``updated`` or ``unchanged``."""
        row = poolrow.row(article)
        before = self._same(article)
        if before is None:
            row |= {"hidden": 0, "added": now, "place": self._last + 1}
            names = ", ".join(f":{name}" for name in row)
            self.connection.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({names})", row)  # noqa: S608
            self._last += 1
            return "new"
        if row["published"] == now:
            # It has no date of its own: it stays as old as when it was first seen.
            row["published"] = before["published"]
        if all(row[name] == before[name] for name in CONTENT):
            return "unchanged"
        changes = ", ".join(f"{name} = :{name}" for name in row)
        self.connection.execute(
            f"UPDATE articles SET {changes} WHERE rowid = :rowid",  # noqa: S608 - the names are ours
            {**row, "rowid": before["rowid"]},
        )
        return "updated"

    def _same(self, article: Article) -> sqlite3.Row | None:
        """Return the row of the same article. Where its address moved onto another one's, that one goes."""
        by_key = self._row("key = ?", article.key)
        by_guid = self._row("source = ? AND guid = ?", article.source, article.guid) if article.guid else None
        if by_key and by_guid and by_key["rowid"] != by_guid["rowid"]:
            self.connection.execute("DELETE FROM articles WHERE rowid = ?", (by_guid["rowid"],))
        return by_key or by_guid

    def _row(self, condition: str, *values: str) -> sqlite3.Row | None:
        found = self.connection.execute(f"SELECT rowid, * FROM articles WHERE {condition}", values)  # noqa: S608
        row = found.fetchone()
        return row if isinstance(row, sqlite3.Row) else None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    @contextmanager
    def _words(self) -> Iterator[None]:
        """Say what is wrong with the file in words."""
        try:
            yield
        except sqlite3.Error as error:
            where, what = str(self.path), str(error)
            if "locked" in what or "busy" in what:
                raise TryAgainError("another newsletter is writing", where=where, remedy="try again") from None
            if "full" in what:
                raise NewsletterError(
                    "the disk is full", where=where, remedy="make room; nothing was lost"
                ) from None
            if "I/O error" in what:
                remedy = "make room on the disk, and the folder writable; nothing was lost"
                raise NewsletterError("the disk takes no more", where=where, remedy=remedy) from None
            if BROKEN.search(what):
                raise _no_pool(self.path) from None
            raise NewsletterError(what, where=where, remedy="make the folder and the file writable") from None


def _no_pool(path: Path) -> NewsletterError:
    remedy = "delete it; `newsletter fetch` makes it again"
    return NewsletterError("this is no pool of articles", where=str(path), remedy=remedy)
