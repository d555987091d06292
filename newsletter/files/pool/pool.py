"""The pool: every article that was fetched or added, in `articles.db`. A cache; `newsletter fetch` fills it again.

What becomes of an article that comes again is in `adding`, what the picker looks at in `offer`. Searching
knows no difference between ö and o, or between upper and lower case.
"""

import json
import re
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from newsletter.errors import NewsletterError, NotFoundError, TryAgainError, UsageError, cited
from newsletter.files.pool import adding, entry, kinship, offer, schema, visits
from newsletter.files.pool.adding import Added, Unlisted
from newsletter.files.pool.offer import Window
from newsletter.files.pool.visits import Visit
from newsletter.model import Article, Candidate, Picture
from subscribers.errors import BusyError
from subscribers.store.file.open import transaction
from subscribers.store.file.reach import reach
from subscribers.store.file.trouble import told

__all__ = ["Added", "Pool", "Revision", "Unlisted", "Visit"]

#: How long to wait for another `newsletter` that writes, in seconds.
BUSY = 30.0
#: The keys of an article's twins, as a JSON list.
TWINS = """(SELECT json_group_array(twin.key) FROM articles AS twin WHERE articles.translation != ''
    AND twin.translation = articles.translation AND twin.key != articles.key) AS twins"""
#: Under this name the pool remembers which pictures' sizes were looked up.
LOOKED = "(pictures)"
#: What SQLite says of a file that is damaged, or of another program's.
BROKEN = re.compile(
    r"not a database|malformed|vtable constructor|no such (?:table|column)|has no column|already exists"
)
#: At most this many words of a search count.
WORDS = 20


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article said until *at*, when it was corrected."""

    at: datetime
    title: str
    summary: str
    text: str


class Pool:
    """The pool at *path*, as a context manager. Makes the file where there is none.

    *busy* is how long to wait for another program that writes, in seconds.
    """

    def __init__(self, path: Path, busy: float = BUSY) -> None:
        self.path = path
        self.busy = busy

    def __enter__(self) -> Self:
        with self._words():
            self.connection, _ = reach(self.path, self._prepare)
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def add(
        self,
        articles: Sequence[Article],
        now: datetime,
        *,
        by_hand: bool = False,
        all_of: str = "",
        settled: Container[str] = (),
        sources: Container[str] = (),
    ) -> Added:
        """Put *articles* in, all or none; *now* is the time that normalizing gave to those without a date.

        *by_hand* means that an editor brought them: what they say counts, whoever said something else before.
        *all_of* names a source that has no others: what it had before and has no more is taken out. *settled*
        are keys that say by themselves which piece theirs is, whatever its guid says. What one of *sources* told
        of stays that one's, with all that an editor's page lacks.
        """
        with self._words(), transaction(self.connection):
            added = adding.add(self.connection, articles, now, by_hand=by_hand, settled=settled, sources=sources)
            if all_of:
                adding.clear(self.connection, all_of, articles)
            return added

    def namesakes(self, one: Article) -> list[tuple[str, Article]]:
        """Return which articles *one* may be by its key or guid, as `kinship.namesakes` does."""
        with self._words():
            return kinship.namesakes(self.connection, one)

    def unlisted(self, source: str, names: Iterable[str], since: datetime | None) -> list[Unlisted]:
        """Return what *source* had before and has no more, as `adding.unlisted` does."""
        with self._words():
            return adding.unlisted(self.connection, source, names, since)

    def withdraw(self, keys: Iterable[str], now: datetime) -> None:
        """Take out the articles *keys*, which their site took back, and remember that until they come again."""
        with self._words(), transaction(self.connection):
            for key in keys:
                kinship.withdraw(self.connection, key, entry.stamp(now))

    def withdrawn(self, keys: Iterable[str]) -> Mapping[str, datetime]:
        """Return which articles of *keys* their site took back, and when that was seen."""
        with self._words():
            rows = self.connection.execute(
                "SELECT name, at FROM withdrawn WHERE name IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(keys)),),
            ).fetchall()
        return {row["name"]: datetime.fromisoformat(row["at"]) for row in rows}

    def articles(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        tag: str = "",
        language: str = "",
        source: str = "",
        search: str = "",
        limit: int = -1,
        hidden: bool = False,
    ) -> Iterator[Article]:
        """Yield articles, the newest first: dated from *since* to before *until*, "" and None for any.

        *limit* negative means all, *hidden* True those that were hidden.
        """
        with self._words():
            rows = self.connection.execute(
                f"""SELECT *, {TWINS} FROM articles
                WHERE hidden = :hidden AND published >= :since AND (:until = '' OR published < :until)
                AND (:language = '' OR language = :language)
                AND (:source = '' OR source = :source
                    OR EXISTS (SELECT 1 FROM said WHERE said.key = articles.key AND said.source = :source))
                AND (:search = '' OR rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :search))
                AND (:tag = '' OR EXISTS (SELECT 1 FROM json_each(tags) WHERE fold(value) = fold(:tag)))
                ORDER BY published DESC, added DESC, place LIMIT :limit""",  # noqa: S608 - TWINS is ours
                {
                    "hidden": int(hidden),
                    "since": entry.stamp(since),
                    "until": entry.stamp(until),
                    "tag": tag,
                    "language": language,
                    "source": source,
                    "search": _query(search),
                    "limit": limit,
                },
            ).fetchall()
        yield from self._read(rows)

    def candidates(self, window: Window) -> list[Candidate]:
        """Return all that the picker looks at, as `offer.candidates` does."""
        return list(self._viewed(offer.candidates(self.connection, window)))

    def older(self, window: Window) -> Iterator[Candidate]:
        """Yield what `candidates` leaves out, as `offer.older` does."""
        yield from self._viewed(offer.older(self.connection, window))

    def count(self) -> int:
        """Return how many articles there are, the hidden ones too."""
        with self._words():
            return int(self.connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def pairs(self) -> bool:
        """Whether any two articles are known to be the same piece in two languages."""
        with self._words():
            return offer.pairs(self.connection)

    def latest(
        self, keys: Iterable[str], sources: Iterable[str], before: datetime | None = None
    ) -> tuple[datetime, str] | None:
        """Return when the newest of the articles *keys* of *sources*, *before*, was published, and its key."""
        with self._words():
            return offer.latest(self.connection, keys, sources, before)

    def names(self, known: Iterable[str]) -> Mapping[str, str]:
        """Return under which key the pool has each article that went by a name of *known* once."""
        with self._words():
            return offer.names(self.connection, known)

    def get(self, key: str) -> Article:
        """Return the article that goes by the key *key*, or went by it once. Raise NotFoundError."""
        with self._words():
            row = self.connection.execute(
                f"SELECT *, {TWINS} FROM articles WHERE key = (SELECT key FROM names WHERE name = ?)",  # noqa: S608
                (key,),
            ).fetchone()
        if row is None:
            raise NotFoundError(
                f"no article {cited(key)}", remedy="`newsletter articles list` shows what there is"
            )
        return self._read([row])[0]

    def find(self, text: str) -> Article:
        """Return the article that *text* means: its key, its address, or a part of either or of its title.

        Twins are one piece, and any of them will do. Raise NotFoundError if it means none, UsageError if it means
        several.
        """
        wanted = text.strip()
        with self._words():
            rows = self.connection.execute(
                f"""SELECT *, {TWINS}, key IN (:text, 'text:' || :text) OR url = :text AS exact FROM articles
                WHERE exact OR instr(fold(key), fold(:text)) OR instr(fold(url), fold(:text))
                OR instr(fold(title), fold(:text)) ORDER BY exact DESC, published DESC LIMIT 6""",  # noqa: S608
                {"text": wanted},
            ).fetchall()
        if not rows or not wanted:
            raise NotFoundError(
                f"no article {cited(text)}", remedy="`newsletter articles list` shows what there is"
            )
        pieces = {row["translation"] or row["key"] for row in rows}
        if len(pieces) > 1 and not rows[0]["exact"]:
            names = ", ".join(cited(row["title"]) for row in rows[:5])
            raise UsageError(
                f"{cited(text)} can mean several articles: {names}", remedy="write more of the title or key"
            )
        return self._read(rows)[0]

    def search(self, text: str, limit: int = 50) -> Iterator[Article]:
        """Yield the articles that hold every word of *text* (the last one may be begun), the best first."""
        query = _query(text)
        if not query:
            return
        with self._words():
            rows = self.connection.execute(
                f"""SELECT articles.*, {TWINS} FROM articles_fts
                JOIN articles ON articles.rowid = articles_fts.rowid
                WHERE articles_fts MATCH :query AND hidden = 0
                ORDER BY bm25(articles_fts, 5.0, 1.0), published DESC LIMIT :limit""",  # noqa: S608
                {"query": query, "limit": limit},
            ).fetchall()
        yield from self._read(rows)

    def mark(self, key: str, flag: str) -> Article:
        """Give an article the editor's word *flag*: pinned, held or hidden in place of any other, "" for none.

        Its twins are the same piece, and get it too. Raise NotFoundError.
        """
        one = self.get(key)
        with self._words():
            self.connection.execute(
                "UPDATE articles SET pinned = :flag = 'pinned', held = :flag = 'held', hidden = :flag = 'hidden',"
                " later = later OR :flag = 'held' WHERE key IN (SELECT value FROM json_each(:keys))",
                {"flag": flag, "keys": json.dumps((one.key, *one.twins))},
            )
        return self.get(one.key)

    def revisions(self, key: str) -> tuple[Revision, ...]:
        """Return what the article *key* said before, the latest first."""
        with self._words():
            rows = self.connection.execute(
                "SELECT at, title, summary, text FROM revisions WHERE key = ? ORDER BY at DESC, rowid DESC", (key,)
            ).fetchall()
        return tuple(Revision(datetime.fromisoformat(row["at"]), *row[1:]) for row in rows)

    def unmeasured(self, source: str, limit: int) -> tuple[Picture, ...]:
        """Return pictures of *source*, the newest articles' first, of unknown size, not looked up yet."""
        with self._words():
            rows = self.connection.execute(
                """SELECT image FROM articles WHERE source = :source AND image != '' AND image ->> 'width' = 0
                AND image ->> 'src' LIKE 'http%' AND NOT EXISTS (SELECT 1 FROM pages WHERE pages.source = :looked
                    AND url = image ->> 'src') ORDER BY published DESC LIMIT :limit""",
                {"source": source, "looked": LOOKED, "limit": limit},
            ).fetchall()
        return tuple(Picture(**json.loads(row["image"])) for row in rows)

    def measured(self, pictures: Iterable[Picture], now: datetime) -> None:
        """Put the sizes of *pictures* in; those with none are not looked up again."""
        with self._words(), transaction(self.connection):
            for one in pictures:
                visits.put_pages(self.connection, LOOKED, [(one.src, entry.stamp(now))])
                self.connection.execute(
                    """UPDATE articles SET image = json_set(image, '$.width', :width, '$.height', :height)
                    WHERE image != '' AND image ->> 'src' = :src AND :width > 0
                    AND key IN (SELECT key FROM marks WHERE mark = :mark)""",
                    {"width": one.width, "height": one.height, "src": one.src, "mark": f"image:{one.src}"},
                )

    def sources(self, key: str) -> tuple[str, ...]:
        """Return the sources that the article *key* came by."""
        with self._words():
            rows = self.connection.execute("SELECT source FROM said WHERE key = ? ORDER BY source", (key,))
            return tuple(row[0] for row in rows)

    def visit(self, source: str, rule: str) -> Visit:
        """Return what *source* told last time; nothing if it was then read by another *rule*."""
        with self._words():
            return visits.get(self.connection, source, rule)

    def visited(self, source: str, rule: str, visit: Visit) -> None:
        """Remember what *source* told, for next time."""
        with self._words():
            visits.put(self.connection, source, rule, visit)

    def pages(self, source: str) -> Mapping[str, str]:
        """Return the pages of *source* that were read: address and stamp."""
        with self._words():
            return visits.pages(self.connection, source)

    def put_pages(self, source: str, seen: Iterable[tuple[str, str]]) -> None:
        """Remember pages of *source* that were read: address and stamp."""
        with self._words(), transaction(self.connection):
            visits.put_pages(self.connection, source, seen)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        connection.create_function("fold", 1, lambda text: str(text or "").casefold(), deterministic=True)
        connection.execute(f"PRAGMA busy_timeout = {self.busy * 1000:.0f}")
        connection.execute("PRAGMA journal_mode = WAL")
        if not schema.is_ready(connection):
            with transaction(connection):
                schema.prepare(connection)

    def _viewed(self, found: Iterator[Candidate]) -> Iterator[Candidate]:
        with self._words():
            try:
                yield from found
            except (ValueError, TypeError):
                raise _no_pool(self.path) from None

    def _read(self, rows: Sequence[sqlite3.Row]) -> list[Article]:
        try:
            return [entry.article(row) for row in rows]
        except (ValueError, TypeError, LookupError):
            raise _no_pool(self.path) from None

    @contextmanager
    def _words(self) -> Iterator[None]:
        """Say what is wrong with the file in words."""
        try:
            yield
        except sqlite3.Error as error:
            what, where = str(error), str(self.path)
            if BROKEN.search(what):
                raise _no_pool(self.path) from None
            fault = told(error, where)
            if isinstance(fault, BusyError):
                raise TryAgainError("another newsletter is writing", where=where, remedy="try again") from None
            if fault:
                raise NewsletterError(fault.what, where=where, remedy=fault.remedy) from None
            raise NewsletterError(what, where=where, remedy="make the folder and the file writable") from None


def _query(text: str) -> str:
    """Return the search for every word of *text*, "" for none.

    Each word is quoted, so nothing of the text is an operator of the query language (FTS5 section 3).
    """
    words = re.findall(r"\w+", text)[:WORDS]
    return " ".join(f'"{word}"' for word in words) + "*" if words else ""


def _no_pool(path: Path) -> NewsletterError:
    remedy = "delete it; `newsletter fetch` makes it again"
    return NewsletterError("this is no pool of articles", where=str(path), remedy=remedy)
