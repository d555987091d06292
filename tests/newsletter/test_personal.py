"""Laws of personal fields: a reader's value or the fallback, and nothing else in double braces."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import issue, personal, render
from newsletter.errors import IssueError
from newsletter.model import (
    Prose,
)
from tests.samples import VALUES, an_issue, filled, rendered, sample


def test_fields_take_the_readers_value_or_the_fallback() -> None:
    one = rendered(
        an_issue(Prose(text="{{ name or \"reader\" }} {{city}} {{ town or 'here' }}"), subject="Hi {{ name }}")
    )
    known = render.fill(one, {"name": 'Å "<b>" & co', "city": "Huddinge"})
    assert known.subject == 'Hi Å "<b>" & co'
    assert 'Å "<b>" & co Huddinge here' in known.text
    assert "Å &quot;&lt;b&gt;&quot; &amp; co Huddinge here" in known.html
    nobody = render.fill(one, {"name": "  "})
    assert nobody.subject == "Hi "
    assert "reader  here" in nobody.text
    assert not re.search("NLgoldenX", nobody.html + nobody.text + nobody.subject)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12345.67, "12345.67"),
        (1234567.5, "1234567.5"),
        (3.0, "3"),
        (-0.5, "-0.5"),
        (0.00001, "0.00001"),
        (2e14, "2" + "0" * 14),
        (7, "7"),
    ],
)
def test_a_number_stands_in_a_letter_with_all_its_digits(number: float, text: str) -> None:
    assert personal.values("", "", "", {"amount": number})["amount"] == text


@given(st.text(max_size=40))
@settings(max_examples=50)
def test_no_value_breaks_a_header_or_the_page(value: str) -> None:
    one = rendered(an_issue(subject="Hi {{ name }}"))
    known = render.fill(one, {**VALUES, "name": value})
    assert len(known.subject.splitlines()) == 1
    assert "\r" not in known.subject
    assert len(re.findall("<(?!!)", known.html)) == len(re.findall("<(?!!)", one.html))


def test_escaped_braces_are_text() -> None:
    letter = filled(an_issue(Prose(text="Write \\{\\{ name }} there"), subject="On \\{\\{ x }}"))
    assert "Write {{ name }} there" in letter.html
    assert "Write {{ name }} there" in letter.text
    assert letter.subject == "On {{ x }}"


SOURCE = """---
subject: June
---
Hello.

::: prose
One line.
Dear {{ name | upper }},
:::
"""


@pytest.mark.parametrize("field", ["{{ name | upper }}", "{{ 1 + 1 }}", "{{}}", "{{ name or reader }}", "{{ name"])
def test_anything_else_in_braces_is_told_with_its_line(field: str) -> None:
    source = SOURCE.replace("{{ name | upper }}", field)
    with pytest.raises(IssueError) as caught:
        rendered(issue.parse(source, slug="2025-06", language="en", path="issues/2025-06/issue.md"))
    assert caught.value.where == "issues/2025-06/issue.md:8"
    assert "no personal field" in caught.value.what
    assert '{{ name or "reader" }}' in caught.value.remedy


def test_a_field_is_no_part_of_a_link() -> None:
    source = SOURCE.replace("{{ name | upper }}", "[x](https://e.example/?n={{name}})")
    with pytest.raises(IssueError, match=r"issue.md:8: the field name cannot be a part of a link"):
        rendered(issue.parse(source, slug="2025-06", language="en"))


def test_a_readers_own_link_can_stand_in_the_text() -> None:
    letter = filled(an_issue(Prose(text="[Leave]({{unsubscribe_url}}) any time")))
    assert letter.html.count(f'href="{VALUES["unsubscribe_url"]}"') == 2
    assert f"Leave <{VALUES['unsubscribe_url']}>" in letter.text


def test_every_mark_of_the_source_stands_in_the_html() -> None:
    one = rendered(sample("0002-everything", "en"))
    assert {token.name for token in one.tokens} == {"name", "city", *personal.LINKS}
    for token in one.tokens:
        assert token.mark in one.html
        assert token.mark in one.text
