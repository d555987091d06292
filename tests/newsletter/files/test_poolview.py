"""What the picker reads from the pool says what the articles say, but for what it need not look into."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.files.pool.offer import Window
from newsletter.files.pool.pool import Pool
from newsletter.model import Article, Picture

NOW = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)
EVENTS = "Come.\n\n::: events\n- 2025-07-01 | Fair\n:::"


def an(name: str, *, days: float = 1, **more: object) -> Article:
    url = f"https://park.example.org/{name}"
    values = {
        "key": url,
        "title": name,
        "url": url,
        "text": f"About {name}.",
        "summary": "Short.",
        "source": "site",
        "language": "en",
        "published": NOW - timedelta(days=days),
    }
    return Article(**{**values, **more})


@pytest.fixture
def pool(tmp_path):
    with Pool(tmp_path / "articles.db") as opened:
        opened.add(
            [
                an("plain"),
                an("full", tags=("a", "ö"), image=Picture("p.jpg"), text=EVENTS, language="sv"),
                an("whole", key="text:whole", url="", source="page.txt", days=90),
                an("old", days=90, text=EVENTS),
                an("ancient", days=900, text=EVENTS),
                an("kept", days=90),
                an("gone", days=0),
            ],
            NOW,
        )
        opened.mark("https://park.example.org/kept", "pinned")
        opened.mark("https://park.example.org/gone", "hidden")
        yield opened


def test_a_candidate_says_what_its_article_says(pool):
    found = pool.candidates(Window(NOW))
    assert [one.title for one in found] == ["plain", "full", "whole", "old", "kept", "ancient", "gone"]
    for one in found:
        article = pool.get(one.key)
        assert (one.title, one.source, one.language, one.at) == (
            article.title, article.source, article.language, article.published
        )  # fmt: skip
        assert (one.tags, one.summary, one.size) == (article.tags, article.summary, len(article.text))
        assert (one.linked, one.pictured) == (bool(article.url), article.image is not None)
        assert (one.pinned, one.held, one.hidden) == (article.pinned, article.held, article.hidden)
        assert one.twins == article.twins
    assert {one.title for one in found if one.eventful} == {"full", "old"}


def test_what_cannot_be_picked_is_not_looked_into(pool):
    window = Window(NOW, NOW - timedelta(days=30), ("site",))
    found = {one.title: one for one in pool.candidates(window)}
    assert {title for title, one in found.items() if one.size} == {"plain", "full", "whole", "kept", "gone"}
    # It may tell of what is still to come.
    assert found["old"].summary == ""
    assert found["old"].eventful


def test_what_is_too_old_stays_on_the_disk_until_it_is_asked_for(pool):
    window = Window(NOW, NOW - timedelta(days=30), ("site",))
    assert "ancient" not in {one.title for one in pool.candidates(window)}
    assert [one.title for one in pool.older(window)] == ["ancient"]
    assert list(pool.older(Window(NOW))) == []
    wanted = Window(NOW, window.since, window.sources, ("https://park.example.org/ancient",))
    assert "ancient" in {one.title for one in pool.candidates(wanted)}
    assert list(pool.older(wanted)) == []
    assert pool.count() == 7


def test_the_newest_of_some_articles_is_known(pool):
    keys = ["https://park.example.org/old", "https://park.example.org/full", "https://nowhere.example.org"]
    assert pool.latest(keys, ["site"]) == (NOW - timedelta(days=1), keys[1])
    assert pool.latest(keys, ["site"], NOW - timedelta(days=2)) == (NOW - timedelta(days=90), keys[0])
    assert pool.latest([], ["site"]) is None
    assert pool.latest(keys, ["blog"]) is None
    assert pool.names(keys) == {key: key for key in keys[:2]}
