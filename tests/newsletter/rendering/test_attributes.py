"""Laws of safe attributes: the compiler prints what was meant, and a tag left open is found."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mjml import mjml2html

from newsletter.rendering import attributes
from newsletter.rendering.attributes import BrokenError

#: What is no character, and never will be (Unicode, 23.7): no browser shows it.
NONE = [chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)]
NONE += map(chr, range(0xFDD0, 0xFDF0))
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=NONE), max_size=60)


def safe(source: str) -> str:
    return attributes.joined([attributes.part(source)], source)


def document(body: str) -> str:
    return f"<mjml><mj-body><mj-section><mj-column>{body}</mj-column></mj-section></mj-body></mjml>"


@given(WORDS)
def test_every_attribute_comes_out_as_it_was_meant(words: str) -> None:
    source = document(f'<mj-image src="a.png" alt="{html.escape(words)}" />')
    printed = mjml2html(safe(source), fonts={})
    found = re.search(r'<img alt="([^"]*)"', printed)
    assert found
    assert html.unescape(found[1]) == " ".join(words.split())


@pytest.mark.parametrize("value", ["a\nb", "a\\b", "a\xa0b", 'say "hi"', "\u2028", "{{ x }}", "a=b&amp;c", "ö´"])
def test_what_rust_would_escape_does_not_reach_it(value: str) -> None:
    made = safe(f"<mj-text title='{value}'>words</mj-text>")
    assert not re.search(r"[\\\n\xa0\u2028\xb4]|&(?!amp;|#)", made)
    assert not re.search(r"[\\\n\xa0]", made)


def test_text_between_tags_is_left_alone() -> None:
    source = "<mj-text>a \\ b\n\xa0c <a href=\"x\">d</a><br></mj-text><!-- <x y='z'> -->"
    assert safe(source) == source


def test_the_title_is_safe_too_for_it_becomes_an_attribute() -> None:
    assert safe("<mj-title>a &#34;b&#34; \\</mj-title>") == ("<mj-title>a &#34;b&#34; &#92;</mj-title>")


@pytest.mark.parametrize(
    ("source", "what", "position"),
    [
        ("<a><b></a>", "</a> stands where </b> belongs", 6),
        ("<a><b></b>", "<a> is never closed", 0),
        ("x</a>", "</a> closes nothing", 1),
        ('<a href="x></a>', "a tag is not finished", 0),
        ("<a>" * 300, "tags are nested more than 200 deep", 600),
    ],
)
def test_a_tag_that_does_not_fit_is_an_error_with_its_place(source: str, what: str, position: int) -> None:
    with pytest.raises(BrokenError) as caught:
        safe(source)
    assert (caught.value.what, caught.value.position) == (what, position)


def test_ten_thousand_nested_tags_do_not_end_the_process() -> None:
    with pytest.raises(BrokenError, match="nested"):
        safe(document("<div>" * 10_000 + "</div>" * 10_000))


def test_letters_that_stand_as_they_are_are_printed_as_they_are() -> None:
    letters = "".join(map(chr, range(0x20, 0x2100)))
    plain = "".join(letter for letter in letters if not attributes.SPECIAL.match(letter))
    assert {"Å", "ß", "ω", "я", "’", "–"} <= set(plain)
    source = document(f'<mj-text css-class="{plain.strip()}">words</mj-text>')
    assert plain.strip() in mjml2html(safe(source), fonts={})


@pytest.mark.parametrize("words", ["<a " + "x" * 50_000, "<a " + "x=" * 20_000, '<a b="' * 10_000, "</" * 20_000])
def test_a_long_tag_that_never_ends_is_found_at_once(words: str) -> None:
    with pytest.raises(BrokenError):
        attributes.check(words)
