"""Which of two subjects wins: pure figures, one answer, and never more certain than they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.report import compare
from newsletter.results import decision
from newsletter.results.decision import arms, better, least, words


def sides(a, b):
    return compare("A", "First", *a), compare("B", "Other", *b)


@pytest.mark.parametrize(
    ("a", "b", "won", "said"),
    [
        (
            (200, 10),
            (200, 40),
            "B",
            "B won beyond chance: 40 clicks of 200 letters, against 10 clicks of 200 letters.",
        ),
        (
            (200, 40),
            (200, 10),
            "A",
            "A won beyond chance: 40 clicks of 200 letters, against 10 clicks of 200 letters.",
        ),
        ((20, 1), (20, 2), "B", "It is no clear win."),
        (
            (20, 2),
            (20, 1),
            "A",
            "A was ahead, but that may be chance: 2 clicks of 20 letters, against 1 click of 20",
        ),
        ((20, 2), (40, 4), "A", "Both came to the same (2 clicks of 20 letters, against 4 clicks of 40 letters)"),
        ((20, 0), (20, 0), "A", "Nobody clicked"),
        ((0, 0), (20, 1), "B", "It is no clear win."),
        ((0, 0), (0, 0), "A", "Nobody clicked"),
    ],
)
def test_one_is_taken_and_it_is_said_how_sure_that_is(a, b, won, said):
    first, other = sides(a, b)
    winner = better(first, other)
    assert winner.name == won
    assert said in words(first, other, winner)


def test_what_an_editor_chose_is_no_win():
    first, other = sides((200, 10), (200, 40))
    assert words(first, other, first, chosen=True).startswith("A was chosen by hand: 10 clicks")


@given(*(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)) for _ in "ab"))
def test_the_one_that_is_ahead_wins_and_the_first_of_equals(a, b):
    first, other = sides(a, b)
    assert (better(first, other) is other) == (other.rate > first.rate)
    assert words(first, other, better(first, other))


def test_only_the_part_counts_and_only_where_there_are_two_subjects():
    rows = [
        ("sv", 10, 1),
        ("sv+board", 5, 1),
        ("sv@b", 12, 4),
        ("sv@rest", 900, 0),
        ("en", 50, 30),
        ("en+board", 2, 2),
    ]
    first, other = arms(rows, ("First", "Other"))
    assert (first.arrived, first.clicks, first.subject) == (15, 2, "First")
    assert (other.arrived, other.clicks, other.subject) == (12, 4, "Other")


@pytest.mark.parametrize("letters", [20, 100, 450, 5_000])
def test_it_is_said_what_a_part_of_a_size_can_find_out(letters):
    clicks = letters * decision.USUAL
    enough, short = (round(clicks * least(letters) * factor) for factor in (1.1, 0.85))
    first = compare("A", "", letters, round(clicks))
    assert "beyond chance" in words(first, other := compare("B", "", letters, enough), other)
    assert "no clear win" in words(first, other := compare("B", "", letters, max(short, round(clicks) + 1)), other)


def test_a_larger_part_finds_out_more():
    assert least(20) > least(200) > least(2_000) > 1
    assert least(0) > 1
