"""Laws of our Markdown: an address reads the same the short way as the long one, and plain words stay words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issuefile import dialect
from tests.effort import computes

PIECES = st.lists(
    st.sampled_from(
        ["http", "https", "://", ":", "/", "//", ".", "..", "a", "B-1", "ex.example", "%C3%B6", "ö", "?", "=", "&",
         "#", "80", "0", "65000", "99999", "@", "[", "(", ")", "'", " ", "\n", "~", "_", ";", "+", "\\"]
    ),
    max_size=9,
).map("".join)  # fmt: skip
BASES = st.one_of(
    st.just(""), st.just("https://ex.example/a/b?c=1"), PIECES, PIECES.map("http://h.example:8000/{}".format)
)


@given(st.one_of(PIECES, PIECES.map("https://ex.example{}".format), PIECES.map("/{}".format)), BASES)
def test_an_ordinary_address_is_what_looking_at_all_of_it_would_make_of_it(url: str, base: str) -> None:
    for schemes in (dialect.SCHEMES, frozenset({"https"})):
        assert dialect.address(url, base, schemes) == dialect.any_address(url, base, schemes)


@pytest.mark.parametrize("mark", ["[", "![", "[a](", "![a](", "[a]", "]("])
def test_a_text_of_brackets_is_read_in_a_moment(mark: str) -> None:
    with computes():
        assert dialect.inline(f"{mark * 200_000}[x](https://ex.example/[1]) y").endswith("x y")


def test_the_plain_words_end_with_a_paragraph() -> None:
    text = "## Head\n\nOne *bold* thing.\n\n- a point\n\nTwo_of them.\n\nThree."
    assert dialect.plain(text) == "One bold thing.\nTwo_of them.\nThree."
    assert dialect.plain(text, 5) == "One bold thing."
    assert dialect.plain("- a point", 5) == "a point"


def test_no_text_of_empty_lines_takes_long():
    with computes(5):
        assert dialect.inline("- a" + "\n" * 100_000 + "x") == "a x"
