"""Laws of the pool: an article stands in it once, nothing typed into the search breaks it, hidden stays hidden."""

import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError, NotFoundError, TryAgainError, UsageError
from newsletter.files.pool import entry, schema
from newsletter.files.pool.pool import Added, Pool, Visit
from newsletter.model import Article, Picture
from tests import disk
from tests.effort import steps

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
    changed = replace(ARTICLE, text="Nio båtar.")
    assert pool.add([changed], NOW) == Added(updated=1, reworded=(changed,))
    assert pool.add([replace(ARTICLE, text="Elva.", source="other")], NOW) == Added(unchanged=1)
    assert len(list(pool.articles())) == 1


def test_an_article_that_moved_is_the_same_by_its_guid(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    moved = replace(ARTICLE, key="https://s.example/b", url="https://s.example/b")
    assert pool.add([moved], NOW) == Added(updated=1)
    # Its key stays, as issues refer to it; the new address leads to it too.
    assert [(one.key, one.url) for one in pool.articles()] == [(ARTICLE.key, "https://s.example/b")]
    assert pool.get("https://s.example/b").key == ARTICLE.key
    other = replace(moved, key="https://s.example/c", source="other", text="Another text of another site.")
    assert pool.add([other], NOW) == Added(new=1)


def test_an_article_that_moved_onto_another_leaves_one(pool: Pool) -> None:
    other = replace(ARTICLE, key="https://s.example/b", guid="8")
    pool.add([ARTICLE, other], NOW)
    pool.add([replace(ARTICLE, key="https://s.example/b")], NOW)
    assert [one.key for one in pool.articles()] == ["https://s.example/b"]
    assert list(pool.search("båtar"))


OTHER = "Något helt annat, som handlar om en bro och en kör och ett tåg som går till havet."
LONG = "Tången växer i viken, och varje sommar skördar tolv elever den med båtar som de byggde själva i skolan."


def test_an_article_that_comes_by_three_sources_is_one_and_stays_as_its_own_source_said(pool: Pool) -> None:
    own = replace(ARTICLE, text=LONG, image=None, guid="https://s.example/?p=7")
    shared = replace(own, source="news", key="https://n.example/x", url="https://n.example/x", guid="n1",
                     text=LONG[:95] + "…", image=ARTICLE.image, tags=("nytt",), published=NOW)  # fmt: skip
    feed = replace(own, source="feed", key="https://s.example/?p=7", title="Other words of an editor")
    assert pool.add([own], NOW) == Added(new=1)
    assert pool.add([shared, feed], NOW) == Added(updated=1, unchanged=1)
    [one] = pool.articles()
    assert (one.key, one.source, one.text, one.url) == (own.key, "site", LONG, own.url)
    assert (one.image, one.tags) == (ARTICLE.image, ("Hav", "utbildning", "nytt"))
    assert pool.sources(one.key) == ("feed", "news", "site")
    assert titles(pool.articles(source="news")) == [own.title]
    for _ in range(2):
        assert pool.add([own, shared, feed], NOW) == Added(unchanged=3)
    assert pool.revisions(one.key) == ()


@pytest.mark.parametrize(
    ("title", "text", "days"),
    [
        ("Programmet för maj månad 2026 är här", LONG, 0),
        ("Programmet för juni månad 2025 är här", LONG, 0),
        (
            "Programmet för juni månad 2026 är här",
            OTHER,
            0,
        ),
        ("Programmet för juni månad 2026 är här", LONG, 9),
        ("Programmet", LONG, 0),
    ],
)
def test_what_only_looks_the_same_is_two(pool: Pool, title: str, text: str, days: int) -> None:
    own = replace(ARTICLE, title="Programmet för juni månad 2026 är här", text=LONG)
    other = replace(own, key="https://n.example/1", url="", source="news", guid="", title=title, text=text,
                    published=NOW - timedelta(days=3 + days))  # fmt: skip
    assert pool.add([own, other], NOW) == Added(new=2)


def test_two_pieces_of_one_source_are_two_however_alike(pool: Pool) -> None:
    assert pool.add([ARTICLE, replace(ARTICLE, key="https://s.example/b", guid="8")], NOW) == Added(new=2)


def test_a_corrected_article_remembers_what_it_said(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    for number in range(25):
        pool.add([replace(ARTICLE, text=f"{number} båtar.")], NOW + timedelta(hours=number))
    said = pool.revisions(ARTICLE.key)
    assert [one.text for one in said][:2] == ["23 båtar.", "22 båtar."]
    assert len(said) == 20
    assert pool.get(ARTICLE.key).text == "24 båtar."


def test_what_an_editor_adds_counts_whoever_said_something_before(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    assert pool.add([replace(ARTICLE, source="page.txt", text="Short.")], NOW, by_hand=True).updated == 1
    assert pool.get(ARTICLE.key).text == "Short."


ENGLISH = replace(ARTICLE, key="https://s.example/en/a", url="https://s.example/en/a", title="The college opens",
                  language="en", guid="8", published=NOW - timedelta(days=2), image=None)  # fmt: skip


@pytest.mark.parametrize("one_says", [0, 1])
@pytest.mark.parametrize("at_once", [True, False])
def test_twins_that_one_of_them_names_are_paired(pool: Pool, one_says: int, at_once: bool) -> None:
    both = [ARTICLE, ENGLISH]
    both[one_says] = replace(both[one_says], twins=(both[1 - one_says].key, "https://s.example/elsewhere"))
    for batch in [both] if at_once else [[one] for one in both]:
        pool.add(batch, NOW)
    assert pool.get(ARTICLE.key).twins == (ENGLISH.key,)
    assert {one.key: one.twins for one in pool.articles()}[ENGLISH.key] == (ARTICLE.key,)


@pytest.mark.parametrize("flag", ["pinned", "held", "hidden"])
def test_what_an_editor_says_of_a_piece_goes_for_its_twin_too_even_one_that_comes_later(
    pool: Pool, flag: str
) -> None:
    twin = replace(ENGLISH, twins=(ARTICLE.key,))
    pool.add([ARTICLE], NOW)
    pool.mark(ARTICLE.key, flag)
    pool.add([twin], NOW)
    assert getattr(pool.get(twin.key), flag)
    pool.mark(twin.key, "")
    pool.add([replace(twin, text="Anew.")], NOW)
    assert not getattr(pool.get(ARTICLE.key), flag)
    pool.mark(twin.key, flag)
    assert getattr(pool.get(ARTICLE.key), flag)


def test_twins_whose_titles_share_a_word_are_one_piece_to_find(pool: Pool) -> None:
    robot, svensk = replace(ARTICLE, title="En robot"), replace(ENGLISH, title="A robot", twins=(ARTICLE.key,))
    pool.add([robot, svensk], NOW)
    assert pool.find("robot").key in {robot.key, svensk.key}
    pool.add([replace(ARTICLE, key="https://s.example/b", url="", guid="9", title="Robot 2", image=None)], NOW)
    with pytest.raises(UsageError, match="several"):
        pool.find("robot")


def test_twins_are_paired_by_picture_and_day_if_nothing_else_could_be_meant(pool: Pool) -> None:
    twin = replace(ENGLISH, image=ARTICLE.image)
    pool.add([ARTICLE, twin], NOW)
    assert pool.get(twin.key).twins == (ARTICLE.key,)


@pytest.mark.parametrize(
    "other",
    [
        replace(ENGLISH, image=Picture("https://s.example/b.jpg")),
        replace(ENGLISH, image=ARTICLE.image, published=NOW - timedelta(days=20)),
        replace(ENGLISH, image=ARTICLE.image, language="sv"),
        replace(
            ENGLISH, image=ARTICLE.image, source="other", url="https://o.example/a", key="https://o.example/a"
        ),
    ],
)
def test_what_could_be_no_twin_is_none(pool: Pool, other: Article) -> None:
    pool.add([ARTICLE, other], NOW)
    assert pool.get(ARTICLE.key).twins == ()


def test_a_picture_that_two_others_have_too_pairs_nobody(pool: Pool) -> None:
    second = replace(ARTICLE, key="https://s.example/c", guid="9", title="En annan")
    pool.add([ARTICLE, second, replace(ENGLISH, image=ARTICLE.image)], NOW)
    assert pool.get(ENGLISH.key).twins == ()


def test_no_piece_has_two_twins_in_one_language(pool: Pool) -> None:
    third = replace(ENGLISH, key="https://s.example/us/a", url="", guid="9", twins=(ARTICLE.key,))
    pool.add([ARTICLE, replace(ENGLISH, twins=(ARTICLE.key,)), third], NOW)
    assert pool.get(ARTICLE.key).twins == (ENGLISH.key,)
    assert pool.get(third.key).twins == ()


def test_the_editors_word_is_one_and_stays_through_fetches(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    for flag in ("pinned", "held", "hidden", ""):
        one = pool.mark(ARTICLE.key, flag)
        assert [name for name in ("pinned", "held", "hidden") if getattr(one, name)] == ([flag] if flag else [])
        pool.add([replace(ARTICLE, text=f"New {flag}")], NOW)
        assert pool.get(ARTICLE.key) == replace(one, text=f"New {flag}", updated=NOW)
    with pytest.raises(NotFoundError):
        pool.mark("nothing", "held")


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
    assert titles(pool.articles(until=NOW)) == [ARTICLE.title]
    assert titles(pool.articles(tag="HAV")) == [ARTICLE.title]
    assert titles(pool.articles(language="en")) == ["B"]
    assert titles(pool.articles(source="site")) == [ARTICLE.title]
    assert titles(pool.articles(limit=1)) == ["B"]
    assert titles(pool.articles(tag="' OR 1=1 --")) == []


@pytest.mark.parametrize("text", ["hogskolan", "HÖGSKOLAN", "bat", "åtta båtar", "oppnar kajen", '"högskolan"'])
def test_searching_knows_neither_case_nor_accents(pool: Pool, text: str) -> None:
    pool.add([ARTICLE], NOW)
    assert titles(pool.search(text)) == [ARTICLE.title]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=40), st.text(alphabet="\"'*^-+:(){}. ANDORTNEyxö", max_size=40)))
def test_nothing_typed_breaks_the_search(pool: Pool, text: str) -> None:
    pool.add([ARTICLE], NOW)
    assert set(titles(pool.search(text))) <= {ARTICLE.title}
    found = titles(pool.articles(tag=text, language=text, source=text))
    assert found == ([] if text else [ARTICLE.title])


def test_hidden_stays_hidden_when_it_is_fetched_again(pool: Pool) -> None:
    pool.add([ARTICLE], NOW)
    assert pool.mark(ARTICLE.key, "hidden").hidden
    pool.add([replace(ARTICLE, text="New words.")], NOW)
    assert not list(pool.articles())
    assert not list(pool.search("words"))
    assert titles(pool.articles(hidden=True)) == [ARTICLE.title]
    assert not pool.mark(ARTICLE.key, "").hidden
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
    visit = Visit('"abc"', "Thu, 12 Jun 2025 09:00:00 GMT", "https://s.example/feed", "feed", "7", 2, "gone", NOW)
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


#: Prints what the pool named has, and what comes of writing to it.
LOOK = """
import sys
from pathlib import Path
from newsletter.errors import NewsletterError
from newsletter.files.pool.pool import Pool
try:
    with Pool(Path(sys.argv[1])) as pool:
        print(*(one.title for one in pool.articles()))
        pool.mark(sys.argv[2], "pinned")
except NewsletterError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("kind", "told"),
    [(disk.CLOSED, "the disk can only be read; make it"), (disk.FULL, "database or disk is full")],
)
def test_a_pool_on_a_disk_that_takes_nothing_can_be_read(tmp_path: Path, kind: str, told: str) -> None:
    path = tmp_path / "shut" / "articles.db"
    path.parent.mkdir()
    with Pool(path) as pool:
        pool.add([ARTICLE], NOW)
    done = disk.on_a_disk(kind, path.parent, sys.executable, "-c", LOOK, str(path), ARTICLE.key)
    had, failed = done.stdout.splitlines()
    assert had == ARTICLE.title
    assert failed.startswith(f"{path}: {told}")


def test_a_pool_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    done = disk.on_a_disk(disk.CLOSED, tmp_path, sys.executable, "-c", LOOK, str(path), ARTICLE.key)
    assert done.stdout.startswith(f"{path}: the disk can only be read; make it")


def test_the_tables_are_strict(tmp_path: Path) -> None:
    with Pool(tmp_path / "articles.db") as pool, pytest.raises(sqlite3.IntegrityError):
        pool.connection.execute("INSERT INTO visits (source, rule) VALUES ('a', 'b')")


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
    many = [replace(ARTICLE, key=f"https://s.example/{n}", guid=str(n)) for n in range(2_500)]
    with Pool(tmp_path / "articles.db") as pool:
        some = steps(pool.connection, lambda: pool.add(many[:500], NOW))
        # Four times as many.
        assert steps(pool.connection, lambda: pool.add(many[500:], NOW)) < 6 * some
        assert pool.get(many[-1].key).guid == "2499"


def test_what_was_withdrawn_is_known_by_all_its_names_until_it_comes_again(tmp_path: Path) -> None:
    one = replace(ARTICLE, guid="urn:one")
    with Pool(tmp_path / "articles.db") as pool:
        pool.add(
            [one, replace(ARTICLE, key="https://s.example/b", url="https://s.example/b", guid="urn:b", title="B")],
            NOW,
        )
        pool.withdraw([one.key], NOW)
        assert pool.withdrawn([one.key, "https://s.example/b", "https://s.example/never"]) == {one.key: NOW}
        assert pool.withdrawn(["guid:urn:one"]) == {"guid:urn:one": NOW}
        with pytest.raises(NotFoundError):
            pool.get(one.key)
        # At another address it is the same article.
        pool.add([replace(one, key="https://s.example/moved", url="https://s.example/moved")], NOW)
        assert pool.withdrawn([one.key, "guid:urn:one"]) == {}


def test_a_pool_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    with sqlite3.connect(path) as connection:
        schema._first(connection)
        row = entry.row(ARTICLE) | {"hidden": 1, "added": entry.stamp(NOW), "place": 1}
        names = ", ".join(f":{name}" for name in row)
        connection.execute(f"INSERT INTO articles ({', '.join(row)}) VALUES ({names})", row)
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    for _ in range(2):
        with Pool(path) as pool:
            assert pool.get(ARTICLE.key) == replace(ARTICLE, hidden=True)
            assert pool.add([replace(ARTICLE, key="https://s.example/new")], NOW) == Added(unchanged=1)
            assert titles(pool.search("båtar")) == []
            pool.mark(ARTICLE.key, "")
            assert titles(pool.search("båtar")) == [ARTICLE.title]
            pool.mark(ARTICLE.key, "hidden")
