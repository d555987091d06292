"""One story is told once: what a reader would take for the same is found, and what is new to them is not lost."""

from datetime import timedelta

import pytest

from newsletter.kin import doubles
from tests.newsletter.test_pick import NOW, an

SAID = "Forty benches, two clean rooms and a kitchen that smells of cardamom stand open until ten at night."
FIRST = an("The pump house opens", key="first", summary=SAID)
AGAIN = an("Laboratory for everybody", key="again", source="wire", summary=SAID)


def is_told(first, second):
    told = doubles.Told()
    told.add(first)
    return told.find(second) is not None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Summer party 2024 at the quay", "Summer party 2025 at the quay", False),
        ("Öppet hus i parken", "Oppet hus i parken!", True),
        ("Sweden joins the choir", "Norway joins the choir", False),
        ("!!!", "???", False),
    ],
)
def test_titles_are_one_story_by_their_words(first, second, same):
    assert is_told(an(first, key="first"), an(second, key="second")) is same


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"at": None}, True),
        ({"language": "en-GB"}, True),
        ({"summary": SAID + " Tonight."}, True),
        ({"language": "sv"}, False),
        ({"key": FIRST.key}, False),
        ({"at": NOW - timedelta(days=30)}, False),
        ({"title": "Pier 2 opens"}, False),
        (
            {"summary": "Forty benches and a choir: cardamom buns, songs until ten, and a clean start in May."},
            False,
        ),
    ],
)
def test_the_same_summary_of_the_same_days_in_the_same_language_is_one_story(changed, same):
    other = AGAIN._replace(**changed)
    assert is_told(FIRST, other) is same
    assert is_told(other, FIRST) is same


def test_the_same_title_in_another_language_or_another_month_is_another_story():
    title = "Kelp 2025"
    assert is_told(an(title, key="first"), an(title, key="second"))
    assert is_told(an(title, key="first", at=None), an(title, key="second"))
    assert not is_told(an(title, key="first"), an(title, key="second", language="sv"))
    assert not is_told(an(title, key="first"), an(title, key="second", days=30))


def test_a_short_summary_says_too_little():
    few = " ".join(SAID.split()[:11])
    assert not is_told(FIRST._replace(summary=few), AGAIN._replace(summary=few))
    enough = " ".join(SAID.split()[:12])
    assert is_told(FIRST._replace(summary=enough), AGAIN._replace(summary=enough))


@pytest.mark.parametrize(
    ("key", "same"), [("text:notes-2", False), ("text:notes", False), ("https://a.example/notes", True)]
)
def test_what_was_told_apart_under_one_title_is_not_one_story(key, same):
    assert is_told(an("Notes", key="text:notes-3"), an("Notes", key=key)) is same
