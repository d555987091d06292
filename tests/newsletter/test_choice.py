"""Words for some readers: who gets which, in every part, and what is no choice is told with its line."""

import email
import email.policy
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import choice, config, issue, message, personal, preflight, render
from newsletter.errors import IssueError
from newsletter.gate import proof
from newsletter.issuefile import dialect
from newsletter.model import Cta, Issue, Prose, Story, Token
from tests.newsletter.test_message import HEAD, recipient
from tests.samples import SETTINGS, VALUES, rendered

SETTINGS_READ = config.parse(SETTINGS)
WORDS = "See you {% if city %}in {{ city }}{% else %}soon{% endif %}."


def an_issue(*blocks: object, **more: object) -> Issue:
    return Issue(**{"slug": "2025-06", "language": "en", "subject": "June", "blocks": blocks, **more})


def filled(words: str, **values: str) -> render.Filled:
    return render.fill(rendered(an_issue(Prose(text=words))), {**VALUES, **values})


@pytest.mark.parametrize(
    ("test", "city", "holds"),
    [
        ("if city", "Norrvik", True),
        ("if city", " ", False),
        ("if not city", "", True),
        ("if not city", "Norrvik", False),
        ('if city == "norrvik"', "Norrvik", True),
        ('if city == "norrvik"', "Norr", False),
        ("if city != 'Norrvik'", "Norrvik", False),
        ("if city != 'Norrvik'", "", True),
        ("if not city == “Norrvik”", "Norrvik", False),
    ],
)
def test_a_reader_gets_the_words_that_are_for_them(test: str, city: str, holds: bool) -> None:
    letter = filled(f"A {{% {test} %}}yes{{% else %}}no{{% endif %}} B", city=city)
    assert f"A {'yes' if holds else 'no'} B" in letter.text
    assert f"A {'yes' if holds else 'no'} B" in letter.html


def test_a_choice_stands_in_subject_title_and_button_too() -> None:
    one = rendered(
        an_issue(
            Story(title=WORDS, text=WORDS), Cta(text=WORDS, label=WORDS, href="https://e.example"), subject=WORDS
        )
    )
    for values, said in (({"city": "Å & B"}, "See you in Å & B."), ({}, "See you soon.")):
        letter = render.fill(one, {**VALUES, **values})
        assert letter.subject == said
        assert letter.text.count(said) == 4
        assert letter.html.count(said.replace("&", "&amp;")) >= 5
        assert "NLgolden" not in letter.html + letter.text


def test_the_message_says_what_the_letter_says() -> None:
    one = rendered(an_issue(Prose(text=WORDS + "\n\n{% if city %}\nOne.\n\nTwo.\n{% endif %}"), subject=WORDS))
    plan = message.compile(one, HEAD, datetime(2025, 6, 12, tzinfo=UTC))
    for city in ("Åre", ""):
        values = {**VALUES, "name": "Åsa", "city": city}
        to = recipient(**personal.ends(values))
        sent = email.message_from_bytes(plan.fill(to).data, policy=email.policy.default)
        letter = render.fill(one, values)
        assert sent["Subject"] == letter.subject
        for kind, part in (("plain", letter.text), ("html", letter.html)):
            got = sent.get_body((kind,)).get_content().replace("\r\n", "\n")
            assert got.rstrip("\n") == part.rstrip("\n")


def test_whole_paragraphs_leave_no_hole() -> None:
    words = "First.\n\n{% if city %}\nYours.\n\n- a\n- b\n{% else %}\nTheirs.\n{% endif %}\n\nLast."
    here, there = filled(words, city="Norrvik"), filled(words, city="")
    assert "First.\n\nYours.\n\n- a\n- b\n\nLast." in here.text
    assert "First.\n\nTheirs.\n\nLast." in there.text
    for letter in (here, there):
        assert "<p></p>" not in letter.html
    assert "<li" not in there.html.partition("Last.")[0].partition("First.")[2]


def test_a_field_of_a_reader_who_surely_has_it_needs_no_fallback() -> None:
    marks = personal.Marks("abcd")
    marks.replace("{% if city %}{{ city }} {{ town }}{% else %}{{ city }}{% endif %}")
    marks.replace("{% if not town %}{{ name }}{% else %}{{ town }}{% endif %}")
    fields = [token for token in marks.tokens.values() if not token.choice]
    wanted = [("city", ""), ("town", None), ("city", None), ("name", None), ("town", "")]
    assert [(token.name, token.fallback) for token in fields] == wanted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{% if city %}x", "never ends"),
        ("x{% endif %}", "is no choice"),
        ("{% else %}", "is no choice"),
        ("{% for x in y %}", "is no choice"),
        ("{% if city > 3 %}x{% endif %}", "is no choice"),
        ("{% if a and b %}x{% endif %}", "is no choice"),
        ("{% if a %}{% if b %}x{% endif %}{% endif %}", "stands inside"),
        ("{% if a %}x{% else %}y{% else %}z{% endif %}", "is no choice"),
        ("**{% if a %}x** y{% endif %}", "begin in one paragraph or list and end in another"),
        ("{% if a", "is no choice"),
    ],
)
def test_what_is_no_choice_is_told_with_its_line(words: str, said: str) -> None:
    source = f"---\nsubject: June\n---\nHello.\n\n::: prose\n{words}\n:::\n"
    with pytest.raises(IssueError, match=said) as caught:
        rendered(issue.parse(source, slug="2025-06", language="en"))
    assert caught.value.where.startswith("issue.md:")
    assert int(caught.value.where.rpartition(":")[2]) in {6, 7, 8}
    assert caught.value.remedy


@given(st.text(st.sampled_from("{%} ifelsndcty=\"!'"), max_size=40))
def test_an_article_opens_no_choice(words: str) -> None:
    marks = personal.Marks("abcd")
    marks.replace(dialect.escape(words))
    assert not marks.tokens


def test_parts_are_the_whole_text() -> None:
    tokens = (Token("A", "city", "", "if"), Token("B", "", "", "else"), Token("C", "", "", "end"))
    assert list(choice.parts("1A2B3C4A5C6", tokens)) == [
        "1",
        choice.Choice(tokens[0], "2", "3"),
        "4",
        choice.Choice(tokens[0], "5", ""),
        "6",
    ]
    assert list(choice.parts("none", ())) == ["none"]


def test_the_gate_looks_at_each_text_of_a_choice_beside_each_of_the_next_one() -> None:
    words = "".join(f"{{% if {name} %}}\n{name}\n{{% endif %}}\n\n" for name in ("city", "company", "role"))
    made = rendered(an_issue(Prose(text=words)))
    settings = SETTINGS_READ
    readers = [proof.sample(made, settings), *proof.others(made, settings)]
    for one, next_ in (("city", "company"), ("company", "role")):
        assert {(bool(each[one]), bool(each[next_])) for each in readers} == set(product([True, False], repeat=2))
    assert len(readers) < 2**3


def test_a_heading_that_some_readers_lack_is_missed_where_the_next_one_needs_it() -> None:
    words = "{% if city %}\n## In town\n{% endif %}\n\n{% if company %}\n### At work\n{% endif %}\n\nAll.\n"
    one = an_issue(Prose(text=words))
    found = preflight.check(rendered(one), one, SETTINGS_READ)
    assert "heading-skipped" in {each.id for each in found}


def test_choices_without_end_cost_the_gate_no_more_than_so_many_readers() -> None:
    words = "".join(f"{{% if field{number} %}}\n{number}\n{{% endif %}}\n\n" for number in range(40))
    made = rendered(an_issue(Prose(text=words)))
    assert len(list(proof.others(made, SETTINGS_READ))) == proof.READERS
