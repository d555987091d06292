"""Laws of the pool: an article stands in it once, nothing typed into the search breaks it, hidden stays hidden."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError, NotFoundError, TryAgainError, UsageError
from newsletter.files.pool import Added, Pool, Visit
from newsletter.model import Article, Picture

NOW = datetime(2025, 6, 12, 9, tzinfo=UTC)
ARTICLE = Article(
    key="https://s.example/a",
    title="Högskolan öppnar",
    url="https://s.example/a",
    text="Åtta båtar låg vid kajen.",
    summary="Åtta båtar.",
    source="site",
    language="sv",
    published=NOW - timedelta(days=3),
    image=Picture("https://s.example/a.jpg", "A", 600, 400),
    tags=("Hav", "utbildning"),
    guid="7",
)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    with Pool(tmp_path / "articles.db") as opened:
        yield opened


def titles(found: Iterator[Article]) -> list[str]:
    return [one.title for one in found]


def test_an_article_comes_out_as_it_went_in(pool: Pool) -> None:
    assert pool.add([ARTICLE], NOW) == Added(new=1)
    assert pool.get(ARTICLE.key) == ARTICLE


def test_the_same_article_stands_once(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    assert pool.add([ARTICLE], NOW + timedelta(hours=1)) == Added(unchanged=1)
    assert pool.add([replace(ARTICLE, text="Nio båtar.")], NOW) == Added(updated=1)
    assert pool.add([replace(ARTICLE, source="other", guid="")], NOW) == Added(updated=1)
    assert len(list(pool.articles())) == 1


def test_an_article_that_moved_is_the_same_by_its_guid(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    moved = replace(ARTICLE, key="https://s.example/b", url="https://s.example/b")
    assert pool.add([moved], NOW) == Added(updated=1)
    assert [one.key for one in pool.articles()] == ["https://s.example/b"]
    assert pool.add([replace(moved, key="https://s.example/c", source="other")], NOW) == Added(new=1)


def test_an_article_that_moved_onto_another_leaves_one(pool: Pool) -> None:
    other = replace(ARTICLE, key="https://s.example/b", guid="8")
    pool.add([ARTICLE, other], NOW)
    pool.add([replace(ARTICLE, key="https://s.example/b")], NOW)
    assert [one.key for one in pool.articles()] == ["https://s.example/b"]
    assert list(pool.search("båtar"))


def test_an_article_without_date_stays_as_old_as_when_it_was_first_seen(pool: Pool) -> None:
    pool.add([replace(ARTICLE, published=NOW)], NOW)
    later = NOW + timedelta(days=9)
    assert pool.add([replace(ARTICLE, published=later)], later) == Added(unchanged=1)
    assert pool.get(ARTICLE.key).published == NOW


def test_all_or_none_are_added(pool: Pool) -> None:
    def broken() -> Iterator[Article]:
        yield ARTICLE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        pool.add(broken(), NOW)
    assert not list(pool.articles())


def test_the_pool_filters(pool: Pool) -> None:
    english = replace(
        ARTICLE, key="b", title="B", language="en", tags=("sea",), source="feed", guid="", published=NOW
    )
    pool.add([ARTICLE, english], NOW)
    assert titles(pool.articles()) == ["B", ARTICLE.title]
    assert titles(pool.articles(since=NOW - timedelta(days=1))) == ["B"]
    assert titles(pool.articles(tag="HAV")) == [ARTICLE.title]
    assert titles(pool.articles(language="en")) == ["B"]
    assert titles(pool.articles(source="site")) == [ARTICLE.title]
    assert titles(pool.articles(limit=1)) == ["B"]
    assert titles(pool.articles(tag="' OR 1=1 --")) == []


@pytest.mark.parametrize("text", ["hogskolan", "HÖGSKOLAN", "bat", "åtta båtar", "oppnar kajen", '"högskolan"'])
def test_searching_knows_neither_case_nor_accents(pool: Pool, text: str) -> None:
    pool.add([ARTICLE], NOW)
    assert titles(pool.search(text)) == [ARTICLE.title]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=40), st.text(alphabet="\"'*^-+:(){}. ANDORTNEyxö", max_size=40)))
def test_nothing_typed_breaks_the_search(pool: Pool, text: str) -> None:
    pool.add([ARTICLE], NOW)
    list(pool.search(text))
    list(pool.articles(tag=text, language=text, source=text))


def test_hidden_stays_hidden_when_it_is_fetched_again(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    assert pool.hide(ARTICLE.key).hidden
    pool.add([replace(ARTICLE, text="New words.")], NOW)
    assert not list(pool.articles())
    assert not list(pool.search("words"))
    assert titles(pool.articles(hidden=True)) == [ARTICLE.title]
    assert not pool.hide(ARTICLE.key, hidden=False).hidden
    assert titles(pool.articles()) == [ARTICLE.title]


def test_an_article_is_found_by_any_part_that_no_other_has(pool: Pool) -> None:
    pool.add([ARTICLE, replace(ARTICLE, key="https://s.example/ab", title="Öppet hus", guid="")], NOW)
    for text in ("https://s.example/a", "HÖGSKOLAN", "högskolan öp"):
        assert pool.find(text).key == ARTICLE.key
    with pytest.raises(UsageError, match=r"several articles: .*write more"):
        pool.find("s.example")
    for text in ("nothing", "", "%"):
        with pytest.raises(NotFoundError, match="articles list"):
            pool.find(text)


def test_a_visit_is_remembered_until_the_source_is_read_another_way(pool: Pool) -> None:
    visit = Visit('"abc"', "Thu, 12 Jun 2025 09:00:00 GMT", "https://s.example/feed")
    pool.visited("site", "rule 1", visit)
    assert pool.visit("site", "rule 1") == visit
    assert pool.visit("site", "rule 2") == Visit()


def test_a_file_that_is_no_pool_is_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    path.write_bytes(b"this is no database, whatever its name says. " * 50)
    with pytest.raises(NewsletterError, match="no pool of articles; delete it"), Pool(path):
        pass


def test_a_pool_that_another_holds_is_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    with Pool(path, busy=0.05) as pool:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryAgainError, match="another newsletter is writing"):
            pool.add([ARTICLE], NOW)
        other.close()


def test_the_tables_are_strict(tmp_path: Path) -> None:
    with Pool(tmp_path / "articles.db") as pool, pytest.raises(sqlite3.IntegrityError):
        pool.connection.execute("INSERT INTO visits VALUES ('a', 'b', 'c', 'd', NULL)")


@pytest.mark.parametrize("change", ["published = 'soon'", "image = '{'", "tags = '{}', image = '[]'"])
def test_a_row_that_no_pool_writes_is_told(tmp_path: Path, change: str) -> None:
    path = tmp_path / "articles.db"
    with Pool(path) as pool:
        pool.add([ARTICLE], NOW)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE articles SET {change}")
    connection.close()
    with Pool(path) as pool, pytest.raises(NewsletterError, match="delete it; `newsletter fetch`"):
        list(pool.articles())


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (a)")
    connection.close()
    with pytest.raises(NewsletterError, match="delete it; `newsletter fetch`"), Pool(path) as pool:
        list(pool.articles())


def test_a_large_pool_fills_in_time_that_grows_with_it(tmp_path: Path) -> None:
    many = [replace(ARTICLE, key=f"https://s.example/{n}", guid=str(n)) for n in range(20_000)]
    with Pool(tmp_path / "articles.db") as pool:
        began = time.monotonic()
        pool.add(many[:2_000], NOW)
        small = time.monotonic() - began
        began = time.monotonic()
        pool.add(many[2_000:], NOW)
        # Nine times as many: a few times nine for a busy machine, but never nine times nine.
        assert time.monotonic() - began < 45 * small + 1
        assert pool.get(many[-1].key).guid == "19999"
