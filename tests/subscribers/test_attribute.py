"""Laws of what is kept about a person: it is clean, small, and the same wherever it is written."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import attribute
from subscribers.errors import PeopleError


@pytest.mark.parametrize(
    ("value", "spelt"),
    [(True, "true"), (False, "false"), (None, ""), (12, "12"), (12.5, "12.5"), ("Å", "Å"), ("", "")],
)
def test_a_value_stands_in_a_table_as_it_is_meant(value, spelt) -> None:
    assert attribute.spell(value) == spelt


def test_what_says_nothing_goes_and_a_no_stays() -> None:
    said = {"City": " Huddinge ", "phone": "", "age": None, "vip": False, "visits": 0}
    assert attribute.clean(said) == {"city": "Huddinge", "vip": False, "visits": 0}


def test_a_number_has_the_digits_that_compare_alike_in_sql_and_python() -> None:
    assert attribute.clean({"sum": 0.1 + 0.2}) == {"sum": 0.3}
    assert attribute.clean({"sum": 10**15 - 1}) == {"sum": 10**15 - 1}
    for large in (10**15, -(10**15), 1e15, math.inf, -math.inf, math.nan):
        with pytest.raises(PeopleError, match="sum is too large a number"):
            attribute.clean({"sum": large})


def test_so_many_are_kept_and_no_more() -> None:
    full = {f"column {number}": number for number in range(attribute.MOST)}
    assert len(attribute.clean(full)) == attribute.MOST
    with pytest.raises(PeopleError, match="101 attributes are too many; use at most 100"):
        attribute.clean({**full, "one more": 1})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Antal anställda", "antal_anställda"),
        ("  E-post!  ", "e_post"),
        ("A" * 60, "a" * 60),
        ("ʼstreet", "ʼstreet"),
    ],
)
def test_the_name_of_a_column_becomes_a_word(typed, kept) -> None:
    assert attribute.name(typed) == kept


@pytest.mark.parametrize("typed", ["", "?!", "2025", "A" * 61, "Topics", "and", "Received", "language"])
def test_what_cannot_be_asked_for_names_no_attribute(typed) -> None:
    with pytest.raises(PeopleError, match="cannot name an attribute"):
        attribute.name(typed)


def test_a_text_is_one_line_of_whole_characters_and_turns_nothing() -> None:
    assert attribute.text("  A\u030a  \t b\u202e c\n") == "Å b c"
    assert attribute.tidy("Å b") == "Å b"
    assert attribute.tidy("a\x00b\u2028\ud800 c") == "a b c"
    assert attribute.text("x" * attribute.LONGEST) == "x" * attribute.LONGEST
    with pytest.raises(PeopleError, match="this text has 1,001 characters; use at most 1,000"):
        attribute.text("x" * 1001)
    for control in ("\x00", "\x7f", "\x9f", "\u2028", "\ud800"):
        with pytest.raises(PeopleError, match=rf"holds a control character \(U\+{ord(control):04X}\)"):
            attribute.text(f"a{control}b")


PLAIN = st.text(st.characters(exclude_categories=("Cs",))) | st.integers() | st.booleans()


@given(st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), PLAIN))
def test_the_short_way_to_write_them_writes_the_same(attributes) -> None:
    assert attribute.dump(attributes) == json.dumps(attributes, ensure_ascii=False, sort_keys=True)
