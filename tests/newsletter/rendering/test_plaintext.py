"""Laws of the text part: all the words, at most 78 columns, links whole."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering import plaintext, prose

LETTERS = st.text("abcdefgåäö", min_size=1, max_size=20)
SENTENCES = st.lists(LETTERS, min_size=1, max_size=60).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(["", "## ", "- ", "1. ", "> ", "> - "]), SENTENCES), max_size=8))
def test_no_line_is_longer_than_78_and_no_word_is_lost(parts: list[tuple[str, str]]) -> None:
    text = plaintext.text("\n\n".join(start + words for start, words in parts))
    assert all(len(line) <= plaintext.COLUMNS for line in text.splitlines())
    letters = re.findall("[abcdefgåäö]+", " ".join(words for _, words in parts))
    assert re.findall("[abcdefgåäö]+", text) == letters


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*so* **much** `code` ~~gone~~", "so much code gone"),
        ("[words](https://e.example/x)", "words <https://e.example/x>"),
        ("<https://e.example/x>", "<https://e.example/x>"),
        ("[a@b.example](mailto:a@b.example)", "<a@b.example>"),
        ("<a@b.example>", "<a@b.example>"),
        ("[write](MAILTO:a@b.example?subject=Hej%20hopp)", "write <a@b.example>"),
        ("[tell a friend](mailto:?subject=Hej)", "tell a friend <mailto:?subject=Hej>"),
        ("[call](tel:+46-8-12)", "call <+46-8-12>"),
        ("[08-123 45 67](tel:+4681234567)", "08-123 45 67"),
        ("[08-123 45 67](tel:+4687654321)", "08-123 45 67 <+4687654321>"),
        ("[room 12345](tel:+4612345)", "room 12345 <+4612345>"),
        ("one\\\ntwo", "one\ntwo"),
        ("| A | Long |\n|---|---|\n| one | *b* |", "A     Long\n---   ----\none   b"),
        (f"| A | B |\n|---|---|\n| {'a ' * 40} | b |\n| c | |", f"A: {('a ' * 38).strip()}\na a\nB: b\n\nA: c"),
        (f"| | B |\n|---|---|\n| {'ab' * 40} | b |\n| | |\n| c | d |", f"{'ab' * 40}\nB: b\n\nc\nB: d"),
        (f"| {'ab' * 40} | B |\n|---|---|", f"{'ab' * 40}\nB"),
        ("| 日本 | B |\n|---|---|\n| e\u0301 | f |", "日本   B\n----   -\ne\u0301      f"),
        ("one\ntwo", "one two"),
        ("![A dog](dog.jpg)", "[A dog]"),
        ("![](dog.jpg)", ""),
        ("## Head\n\nbody", "Head\n----\n\nbody"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("1. a\n2. b", "1. a\n2. b"),
        ("- a\n\n- b", "- a\n\n- b"),
        ("1. a\n\n   more\n2. b", "1. a\n\n   more\n\n2. b"),
        ("a\n\n![](dog.jpg)\n\nb", "a\n\nb"),
        (f"| {'a' * 40} | {'b' * 35} |\n|---|---|", f"{'a' * 40}   {'b' * 35}\n{'-' * 40}   {'-' * 35}"),
        (f"| {'a' * 40} | {'b' * 36} |\n|---|---|", f"{'a' * 40}\n{'b' * 36}"),
        ("> said\n>\n> twice", "> said\n>\n> twice"),
        ("    code  here", "    code  here"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("&amp; &lt;b&gt; \\{\\{ x }}", "& <b> {{ x }}"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("co\xado\x00peration", "cooperation"),
    ],
)
def test_markdown_reads_well_without_its_signs(markdown: str, text: str) -> None:
    assert plaintext.text(markdown) == text


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        ("abc", 3),
        ("日本語", 6),
        ("한국어", 6),
        ("cafe\u0301", 4),
        ("שָׁלוֹם", 4),
        ("क्\u200dष", 2),
        ("👍🏽", 2),
        ("👩\u200d👩\u200d👧", 2),
        ("🇫🇮", 2),
        ("Hi NLabcdX12XNL", 11),
        ("Hi NLabcdC12XNL", 4),
    ],
)
def test_a_heading_is_underlined_as_wide_as_it_is_seen(words: str, columns: int) -> None:
    assert plaintext.underline(words) == f"{words}\n{'-' * columns}"


def test_an_address_is_never_broken() -> None:
    url = "https://e.example/" + "a-b/" * 40
    assert f"<{url}>" in plaintext.text(f"See [this]({url}) for more.")


def test_a_title_is_one_line_without_addresses() -> None:
    assert plaintext.line("A *new* [house](https://e.example) &amp; more") == "A new house & more"


def test_a_picture_is_no_word_of_a_title() -> None:
    assert plaintext.line("![A dog](dog.jpg) Dogs welcome") == "Dogs welcome"


@pytest.mark.parametrize("words", ["one two", "日本 日本"])
def test_what_begins_the_first_line_begins_no_other(words: str) -> None:
    one, two = words.split()
    assert plaintext.wrap(words, 8, "    ", "- ") == f"- {one}\n    {two}"
    assert plaintext.wrap(words, 8, "   ") == f"   {one}\n   {two}"


def test_no_line_begins_with_a_space_and_none_is_empty_before_a_long_address() -> None:
    assert plaintext.wrap("日本 日本", 4) == "日本\n日本"
    assert plaintext.wrap("https://e.example/ 日本", 8) == "https://e.example/\n日本"


def test_each_address_is_whole() -> None:
    text = plaintext.text("[See](/x) and **[more](y)**", address=lambda url: f"https://e.example/{url.strip('/')}")
    assert text == "See <https://e.example/x> and more <https://e.example/y>"


@pytest.mark.parametrize(("words", "quoted"), [("", True), ("“Yes”", True), ("«Ja»", True), ("Yes", False)])
def test_words_that_begin_with_a_quotation_mark_get_no_other(words: str, quoted: bool) -> None:
    assert plaintext.opens_with_quote(words) is quoted


def test_words_without_spaces_between_them_are_wrapped_where_they_may() -> None:
    said = "港の水を浄化したところ、誰も予想していないうちに「ウナギ」が戻ってきました。" * 4
    lines = plaintext.text(f"- {said} Kelp [link](https://kelp.example/)").split("\n")
    assert all(plaintext.wide(line) <= 78 for line in lines)
    assert len(lines) > 3
    assert not any(line.lstrip(" -")[:1] in "、。」" or line[-1] in "「" for line in lines)
    assert "".join(line.strip(" -") for line in lines).replace(" ", "").startswith(said)


@pytest.mark.parametrize(
    "words",
    [
        "한국어 문단은 띄어쓰기가 있으므로",
        "हिन्दी में एक लंबा अनुच्छेद जिसमें",
        "🎉 Ein Fest auf der Brücke 👍🏽",
        "日本 est à 9\u00a0000 km",
    ],
)
def test_lines_are_as_long_as_they_are_seen(words: str) -> None:
    lines = plaintext.wrap(" ".join([words] * 12)).split("\n")
    assert " ".join(lines) == " ".join([words] * 12)
    longest = max(map(plaintext.wide, re.split(r"[ \n]", words)))
    assert all(78 - longest <= plaintext.wide(line) <= 78 for line in lines[:-1])


def test_words_are_read_once_for_all_who_show_them_and_none_changes_them_for_another() -> None:
    words = "# Tide\n\n![The quay](quay.jpg) and [the bridge](bridge)\n\n| Day | |\n|---|---|\n| Monday | 9 |\n"
    prose.parse.cache_clear()
    made = [
        [prose.html.__wrapped__(words, highest=level, address=f"{base}{{}}".format), plaintext.text(words)]
        for base, level in (("https://one.example/", 4), ("https://two.example/", 2), ("https://one.example/", 4))
    ]
    assert prose.parse.cache_info().misses == 1
    assert made[0] == made[2]
    assert "<h2>" in made[1][0]
    assert "https://two.example/quay.jpg" in made[1][0]
    assert prose.addresses(words) == ("quay.jpg", "bridge")
