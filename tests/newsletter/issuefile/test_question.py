"""A question to readers: as it is written, as a letter shows it, and as twins and copies have it."""

import json
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import archive, issue, message, personal, render
from newsletter.errors import IssueError
from newsletter.gate import twins
from newsletter.issuefile import frame
from newsletter.issuefile.blocks import block
from newsletter.mail.letterhead import Letterhead, pack, unpack
from newsletter.model import Asked, Credits, Divider, Prose, Question
from newsletter.rendering import pieces
from newsletter.results import clicks, overlay
from tests.samples import VALUES, an_issue, filled, rendered
from tests.webserver import NOW

ASKED = """::: question {name="worth"}
Was this letter worth your time, {{ name or "reader" }}?

- Yes, *all* of it
- Some of it,
  I must say
- No
:::
"""
HEAD = Letterhead(
    "The bay", "news@example.org", "news@example.org", "https://news.example.org", "monthly", "Monthly"
)
OWN = {**VALUES, "answer_url": "https://news.example.org/answer/TOKEN"}
HREF = re.compile(r'href="(https://news\.example\.org/answer/[^"]*)"')


def read(text: str) -> tuple:
    return block.parse(text.split("\n"), "issue.md")


def asked(text: str = ASKED) -> render.Rendered:
    one = issue.parse(f"---\nsubject: June\n---\n{text}", slug="2025-06", language="en")
    return rendered(one)


def test_the_words_before_the_list_are_the_question_and_its_points_the_answers():
    assert read(ASKED) == (
        Question(
            name="worth",
            text='Was this letter worth your time, {{ name or "reader" }}?',
            answers=("Yes, *all* of it", "Some of it, I must say", "No"),
        ),
    )


@pytest.mark.parametrize("marks", [("-", "-"), ("*", "+"), ("1.", "2."), ("7)", "8)")])
def test_any_list_of_markdown_is_one_of_answers(marks):
    first, second = marks
    (one,) = read(f"::: question\nWhere?\n{first} Here\n\n{second}  There\n:::")
    assert (one.name, one.answers) == ("", ("Here", "There"))


def test_a_question_takes_what_every_block_takes():
    (one,) = read('::: question {name="q-2" segment="students" lang="sv" pin}\nVar?\n- Här\n- Där\n:::')
    assert (one.name, one.segment, one.lang, one.pin) == ("q-2", "students", "sv", True)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=40)
LINES = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: text and "<!--" not in text)


@given(st.lists(LINES, min_size=2, max_size=7), st.sampled_from(["", "worth", "2b-or-not"]))
def test_whatever_is_answered_is_written_so_that_it_reads_the_same(answers, name):
    one = Question(text="Which?", answers=tuple(answers), name=name)
    text = issue.blocks_text((one,))
    assert read(text) == (one,)


def points(count: int) -> str:
    return "\n".join(f"- {number}" for number in range(count))


@pytest.mark.parametrize(
    ("kind", "inside", "told"),
    [
        ("question", "Which?", "this question has no answers; write 2 to 7 below it, each on a line of its own"),
        ("question", f"Which?\n\n{points(1)}", "this question has 1 answer; write 2 to 7"),
        ("question", f"Which?\n\n{points(8)}", "this question has 8 answers; write 2 to 7"),
        ("question", "Which?\n- a\n-\n- c", "an answer of this question has no words; write 2 to 7"),
        ("question", f"\n{points(2)}", "this question has no words; write what you ask above its answers"),
        (
            "question",
            "Which?\n- a\n- b\n\nThanks",
            "words stand below the answers of this question; write them above",
        ),
        ('question {name="Vad?"}', f"Which?\n{points(2)}", "a question cannot be called “Vad?”; use a-z, 0-9"),
        ('question {name=""}', f"Which?\n{points(2)}", "a question cannot be called “”; use a-z"),
        (f'question {{name="{"a" * 41}"}}', f"Which?\n{points(2)}", "a question cannot be called “a"),
        ('question {href="x"}', f"Which?\n{points(2)}", "a question has no attribute “href”"),
        *(
            (word, "", "did you mean question?")
            for word in ["poll", "survey", "vote", "omröstning", "fråga", "Enkät"]
        ),
    ],
)
def test_what_is_no_question_is_told_with_its_line_and_what_helps(kind, inside, told):
    with pytest.raises(IssueError) as error:
        read(f"Hello\n\n::: {kind}\n{inside}\n:::\n")
    assert str(error.value).startswith("issue.md:3: ")
    assert told in str(error.value)


def test_seven_answers_are_no_mistake():
    (one,) = read(f"::: question\nWhich?\n\n{points(7)}\n:::")
    assert len(one.answers) == 7


@pytest.mark.parametrize(
    ("first", "second"), [('{name="a"}', '{name="a"}'), ("", '{name="1"}'), ('{name="2"}', "")]
)
def test_two_questions_of_one_name_are_refused(first, second):
    text = f"::: question {first}\nA?\n{points(2)}\n:::\n\n::: question {second}\nB?\n{points(2)}\n:::\n"
    with pytest.raises(IssueError, match=r"issue\.md:7: two questions are called .* give this one another name"):
        read(text)


def test_a_question_without_a_name_is_called_by_its_number_whoever_gets_it():
    one = an_issue(
        Question(text="A?", answers=("x", "y"), name="first", segment="research"),
        Question(text="B?", answers=("x", "y")),
    )
    assert [each.name for each in rendered(one).questions] == ["2"]
    both = rendered(one, segments=frozenset({"research"}))
    assert [each.name for each in both.questions] == ["first", "2"]


def test_a_frame_may_ask_and_every_issue_does():
    made = frame.parse(f"Hello\n\n<!-- articles -->\n\n{ASKED}", "frame.md")
    assert read(made.around("Something."))[-1].name == "worth"


def test_no_two_hairlines_follow_each_other_in_the_plain_theme():
    """A question has one at either end, as a call to action has; what comes behind it draws no other.

    At the end of a letter the footer's is the second.
    """

    def lines(*blocks):
        return rendered(an_issue(*blocks), look="plain").html.count('class="rule"')

    asked, made = read(ASKED)[0], Credits(text="Ellen")
    plain = lines(Prose(text="Hello."))
    assert lines(Prose(text="Hello."), made) == plain + 1
    assert lines(asked) == plain + 1
    assert lines(asked, made) == lines(asked, Divider(), made) == plain + 2


@pytest.mark.parametrize("look", ["letter", "plain"])
def test_each_answer_leads_to_its_place_on_the_readers_own_page(look):
    one = issue.parse(f"---\nsubject: June\n---\n{ASKED}", slug="2025-06", language="en")
    letter = render.fill(rendered(one, look=look), OWN)
    wanted = [f"https://news.example.org/answer/TOKEN/worth/{number}" for number in (1, 2, 3)]
    shown, for_outlook = HREF.findall(letter.html)[1::2], HREF.findall(letter.html)[::2]
    assert shown == for_outlook == wanted
    assert re.findall(r"(?m)^  (https://\S+/answer/\S+)$", letter.text) == wanted
    assert "- Yes, all of it\n  https" in letter.text
    assert "worth your time, Åsa Öberg?" in letter.text
    assert "worth your time, Åsa Öberg?" in letter.html


def test_a_text_part_that_was_made_before_letters_could_ask_has_the_answers():
    made = asked()
    (piece,) = pieces.Press(an_issue(*read(ASKED)), personal.Marks("golden"), "", UTC, "en").pieces(frozenset())
    assert piece.text in made.text
    assert piece.text.endswith(f"- No\n  {piece.answers[2].link}")


def test_what_is_asked_is_kept_for_the_page_and_the_report():
    made = asked()
    (one,) = made.questions
    name = next(token.mark for token in made.tokens if token.name == "name")
    words = f"Was this letter worth your time, {name}?"
    assert one == Asked("worth", words, ("Yes, all of it", "Some of it, I must say", "No"))
    assert unpack(pack(made, HEAD))[0] == made


def test_a_letter_that_asks_nothing_is_what_it_was_before_letters_could_ask():
    made = rendered(an_issue(Prose(text="Hello")))
    assert "questions" not in json.loads(pack(made, HEAD))["rendered"]
    assert personal.ANSWER not in {token.name for token in made.tokens}
    assert ".answer" not in made.html
    plan = message.compile(made, HEAD, NOW)
    assert not any(b"/answer/" in piece for piece in plan.pieces)


def test_a_message_with_three_answers_makes_their_token_once():
    made = asked()
    plan, without = (message.compile(each, HEAD, NOW) for each in (made, rendered(an_issue(Prose(text="Hello")))))
    # The reader's name in both parts, and the token of the answers.
    assert len(plan.slots) == len(without.slots) + 3
    tokens = {"unsubscribe_url": "LEAVE", "preferences_url": "PREFER", "answer_url": "ANSWER"}
    to = message.Recipient(
        "a@example.org", "Åsa", "<1@example.org>", "bounce@example.org", {**tokens, "name": "Åsa"}
    )
    data = plan.fill(to).data.replace(b"=\r\n", b"")
    assert data.count(b"https://news.example.org/answer/ANSWER/worth/2") == 3


@pytest.mark.parametrize("field", ["{{ answer_url }}", '{{ answer_url or "x" }}'])
def test_no_editor_writes_the_address_of_answers(field):
    with pytest.raises(IssueError, match=r"answer_url.* is no personal field"):
        asked(f"[Here]({field})\n" if " or " not in field else field)


def test_answers_are_no_links_that_are_counted():
    made = asked(f"{ASKED}\n[Elsewhere](https://e.example/)\n")
    marks = [token.mark for token in made.tokens]
    assert [one.url for one in clicks.find(made.html, HEAD.base_url, marks)] == ["https://e.example/"]


def test_who_is_no_reader_sees_the_answers_and_can_give_none():
    made = asked()
    one = archive.bygone(made, HEAD.base_url, NOW)
    page = overlay.letter(made, HEAD.base_url, {}, lambda src: "")
    for text in (one.html, one.text, page):
        assert "/answer" not in text
        assert "/worth/" not in text
        assert "I must say" in text
    assert "- Yes, all of it\n- Some of it, I must say\n- No\n" in one.text
    assert f"{HEAD.base_url}/preferences" in one.html


def test_dark_rules_for_answers_stand_only_where_somebody_asks():
    assert (
        "[data-ogsc] .paper .answer span" in filled(an_issue(Question(text="A?", answers=("x", "y"))), **OWN).html
    )


@pytest.mark.parametrize(
    ("swedish", "wanted"),
    [
        (ASKED, []),
        (ASKED.replace("- No\n", ""), ["this question has 2 answers, and 3 in issue.en.md"]),
        (
            ASKED.replace("worth", "varde", 1),
            [
                "no question is called “varde” in issue.en.md",
                "the question “worth” of issue.en.md is missing here",
            ],
        ),
        ("Hej.\n", ["the question “worth” of issue.en.md is missing here"]),
    ],
)
def test_twins_that_ask_otherwise_are_told_of(swedish, wanted):
    both = [
        issue.parse(f"---\nsubject: June\n---\n{text}", slug="x", language=code, path=f"issue.{code}.md")
        for code, text in (("en", ASKED), ("sv", swedish))
    ]
    found = [(one.place, one.message) for _, one in twins.findings(both, {})]
    assert [place for place, _ in found] == ["issue.sv.md:4"] * len(wanted)
    for (_, what), start in zip(found, wanted, strict=True):
        assert what.startswith(start)
