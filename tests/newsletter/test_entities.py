"""Laws of characters by name and number: what browsers read, and nothing that stops a program."""

import html

from hypothesis import given
from hypothesis import strategies as st

from newsletter.entities import unescape


@given(st.text(alphabet="&#x019afAFamplt; å", max_size=30))
def test_a_text_is_read_as_python_reads_it(text: str) -> None:
    assert unescape(text) == html.unescape(text)


def test_a_number_is_read_however_long_it_is() -> None:
    assert unescape("&#" + "0" * 9_000 + "65;") == "A"
    assert unescape("a&#" + "9" * 9_000 + ";b") == "a\ufffdb"
    assert unescape("&#x" + "9" * 9_000 + ";") == "\ufffd"
