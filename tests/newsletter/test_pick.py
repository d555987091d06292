"""What is picked, what is left, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import pick, score
from newsletter.model import Article, Picture, Section

NOW = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)
SECTIONS = (
    Section("", "lead", max=1),
    Section("Life science", "story", tags=("Life science",), max=2),
    Section("In brief", "brief", max=3),
)


def an(title: str, *, days: float = 1, text: str = "A few words. " * 30, **more: object) -> Article:
    values = {
        "key": f"https://park.example.org/{title.replace(' ', '-')}",
        "url": f"https://park.example.org/{title.replace(' ', '-')}",
        "title": title,
        "text": text,
        "summary": "A few words.",
        "source": "site",
        "language": "en",
        "published": NOW - timedelta(days=days),
    }
    return Article(**{**values, **more})


def choose(articles, sections=SECTIONS, **more):
    return pick.pick(articles, sections, **{"used": {}, "now": NOW, "languages": ("en",), **more})


def titles(found):
    return [one.article.title for one in found]


def reasons(found):
    return {one.article.title: one.reason for one in found}


def test_a_reason_adds_up():
    [one], _ = choose([an("Kelp", days=30, image=Picture("k.jpg"))])
    assert one.reason == "picked: lead, 0.70 = length 0.30 + picture 0.20 + recency 0.15 + source 0.05"
    assert one.score == 0.70


def test_sections_take_what_their_tags_ask_for_and_no_more_than_their_share():
    many = [an(f"Cells {n}", days=n, tags=("life SCIENCE",)) for n in range(1, 5)] + [an("Choir", days=9)]
    picks, lefts = choose([an("The long one", text="word " * 2000), *many])
    assert titles(picks) == ["The long one", "Cells 1", "Cells 2", "Cells 3", "Cells 4", "Choir"]
    assert [one.section.block for one in picks] == ["lead", "story", "story", "brief", "brief", "brief"]
    assert not lefts


def test_a_section_without_wishes_does_not_take_what_another_asks_for():
    sections = (Section("News", "story", max=5), Section("Cells", "brief", tags=("cells",), max=5))
    picks, _ = choose([an("A"), an("B", tags=("Cells",))], sections)
    assert [(one.article.title, one.section.name) for one in picks] == [("A", "News"), ("B", "Cells")]


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (an("Hidden", hidden=True), "left: hidden"),
        (an("Used"), "left: in issue 2025-05"),
        (an("På svenska", language="sv"), "left: in Swedish, the letter is in English"),
        (an("Old", days=40), "left: older than 2025-05-15"),
        (an("Late", days=0), "left: newer than 2025-06-14"),
        (an("Used!", url="", key="text:used"), "left: the same story as “Used” in issue 2025-05"),
    ],
)
def test_what_cannot_be_picked_is_left_with_its_reason(article, reason):
    used = {"https://park.example.org/Used": "2025-05"}
    since, until = NOW - timedelta(days=31), datetime(2025, 6, 15, tzinfo=UTC)
    _, lefts = choose([an("Fits"), an("Used"), article], used=used, since=since, until=until)
    assert lefts[-1].reason == reason


def test_a_full_section_says_which_place_was_missed():
    picks, lefts = choose([an(f"Story number {n}", days=n) for n in range(1, 7)])
    assert len(picks) == 4
    assert [one.reason for one in lefts] == [
        "left: section full (In brief), 4th of 3",
        "left: section full (In brief), 5th of 3",
    ]


def test_what_stands_in_an_issue_already_takes_its_room():
    picks, lefts = choose([an("New")], [SECTIONS[0]], present={SECTIONS[0]: 1})
    assert not picks
    assert lefts[0].reason == "left: section full (lead), 2nd of 1"


def test_what_no_section_takes_is_told():
    _, lefts = choose([an("Choir", tags=("music",))], [Section("Cells", "brief", tags=("cells",))])
    assert lefts[0].reason == "left: no section takes it (tags: music)"


def test_one_story_from_two_sources_is_picked_once():
    again = an("kelpwise opens its PRESS", key="https://news.example.com/k", source="wire", days=2)
    picks, lefts = choose([an("Kelpwise opens its press"), again])
    assert titles(picks) == ["Kelpwise opens its press"]
    assert lefts[0].reason == "left: the same story as “Kelpwise opens its press”"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Summer party 2024 at the quay", "Summer party 2025 at the quay", False),
        ("Öppet hus på lördag", "Oppet hus pa lordag!", True),
        ("Sweden joins the choir", "Norway joins the choir", False),
        ("!!!", "???", False),
    ],
)
def test_titles_are_one_story_by_their_words(first, second, same):
    assert pick.same_story(pick.words(first), pick.words(second)) is same


def test_a_column_keeps_its_title_from_month_to_month():
    before = an("From the harbour master", days=30)
    now = an("From the harbour master", key="https://park.example.org/june", days=1)
    picks, _ = choose([before, now], used={before.key: "2025-05"})
    assert titles(picks) == ["From the harbour master"]


def test_the_lead_has_something_to_show_and_to_tell():
    short = an("Short and fresh", days=0, text="Few words.")
    long = an("Long", days=3, text="Many words. " * 400)
    pictured = an("Pictured", days=3, text="Many words. " * 300, image=Picture("p.jpg"))
    assert titles(choose([short, long])[0])[0] == "Long"
    assert titles(choose([short, long, pictured])[0])[0] == "Pictured"


def test_pieces_of_one_page_keep_its_order_under_the_longest():
    pieces = [
        an(title, url="", key=f"text:{title}", text="word " * size, days=0)
        for title, size in (("Z teaser", 60), ("Lead", 600), ("A teaser", 90), ("M teaser", 70))
    ]
    assert titles(choose(pieces, ())[0]) == ["Lead", "Z teaser", "A teaser", "M teaser"]


def test_an_article_without_a_date_counts_as_new():
    picks, _ = choose([an("Undated", published=None), an("Yesterday")], ())
    assert titles(picks)[0] == "Undated"


def test_a_heavier_source_goes_first():
    picks, _ = choose([an("A"), an("B", source="own")], [SECTIONS[2]], weights={"own": 2.0})
    assert titles(picks) == ["B", "A"]


def test_the_language_of_a_region_is_the_language():
    picks, _ = choose([an("Kerb", language="en-GB"), an("Sidewalk", language="en-US")], languages=("en",))
    assert len(picks) == 2


ARTICLES = st.builds(
    lambda title, days, size, tags, source, language, hidden, url: an(
        title,
        days=days,
        text="x" * size,
        tags=tags,
        source=source,
        language=language,
        hidden=hidden,
        url=url and f"https://park.example.org/{title}",
    ),
    st.text(min_size=1, max_size=12),
    st.floats(-400, 4000),
    st.integers(0, 3000),
    st.lists(st.sampled_from(["life science", "music", "Ö"]), max_size=2).map(tuple),
    st.sampled_from(["site", "wire"]),
    st.sampled_from(["en", "sv", "", "xx"]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(ARTICLES, max_size=12, unique_by=lambda one: one.key))
def test_every_article_is_picked_or_left_once_and_no_section_overflows(articles):
    picks, lefts = choose(articles, used={one.key: "2025-05" for one in articles[:2]})
    assert sorted(one.article.key for one in (*picks, *lefts)) == sorted(one.key for one in articles)
    for section in SECTIONS:
        assert sum(one.section is section for one in picks) <= section.max
    for one in picks:
        assert 0 <= one.score <= 1
        assert not one.article.hidden
    assert choose(articles, used={one.key: "2025-05" for one in articles[:2]}) == (picks, lefts)


@given(ARTICLES, st.booleans())
def test_parts_add_up_to_the_score(article, lead):
    parts = score.parts(article, score.scale([article], SECTIONS, NOW, {}), lead=lead)
    told, _, rest = score.told(parts).partition(" = ")
    shown = [float(part.split()[-1]) for part in rest.split(" + ") if part != "nothing"]
    assert float(told) == pytest.approx(sum(shown), abs=1e-9)
