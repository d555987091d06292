"""The issue file: what an editor typed is understood or explained, and stays as it was typed."""

import codecs
import io
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter import issue
from newsletter.errors import IssueError
from newsletter.issuefile import frontmatter
from newsletter.issuefile.blocks import blocktext
from newsletter.model import (
    Brief,
    Credits,
    Cta,
    Divider,
    Event,
    Events,
    Gallery,
    Image,
    Issue,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Span,
    Story,
    Toc,
)
from tests.effort import computes

FULL = """\
---
subject: "What's new at the quay? June 2025"
preheader: A pump house for everybody, and a press that runs on warmth
list: monthly
audience: "'business' in topics"
send_at: 2025-06-12T09:00          # the reader's own clock
x-desk: [Maja, Jonas]
---
Dear {{ name or "reader" }},

A short introduction in **Markdown**.

::: lead {src="https://park.example.org/pump-house" pin}
## A *house* for everybody
![The hall](assets/hall.jpg)
Text of the story. [Here](https://park.example.org/x) it goes on.

[Read on](https://park.example.org/pump-house)
:::

::: quote {by="Samira Lindqvist, head of \\"the house\\""}
Half of them had never held a pipette.
:::

::: events {title="Coming up"}
- 2025-06-10 18:00 | Summer party | The quay | https://park.example.org/party
- 2025-06-21 | Open day
- Every Friday | Fika \\| talk | https://park.example.org/fika
:::

::: cta {href=""}
The first hours are free.

Book a bench
:::
::: divider
::: image {href="https://park.example.org" sponsor="The \\"Park\\""}
![Boats](<assets/two boats.jpg>)

At the *quay*.
:::
::: gallery
![Boats](<assets/two boats.jpg>)
![A \\[sail\\]](https://park.example.org/sail.jpg)

From the **summer**.
:::

## In brief

::: prose {segment="students"}
Only for students.
:::
::: question {name="worth"}
Was it **worth** it?

- Yes
- No
:::
::: toc {title="Here is"}
::: credits {lang="sv"}
- Words: Maja
:::
"""


def parse(text: str, **more: object) -> Issue:
    return issue.parse(text, **{"slug": "2025-06", "language": "en", "path": "issues/2025-06/issue.md", **more})


def mistake(text: str) -> IssueError | None:
    try:
        parse(text)
    except IssueError as error:
        return error
    return None


def body(text: str) -> tuple:
    return parse(f"---\n---\n{text}").blocks


@pytest.mark.parametrize("hour", ["09:30", "9:30", "09.30", "9.30", "kl. 9.30"])
def test_the_hour_of_send_at_may_be_written_as_in_swedish(hour):
    one = parse(f"---\nsend_at: 2025-06-12 {hour}\n---\n", zone=ZoneInfo("Europe/Stockholm"))
    assert (one.send_at, one.local) == (datetime(2025, 6, 12, 7, 30, tzinfo=UTC), True)


def test_every_part_of_an_issue_is_understood():
    zone = ZoneInfo("Europe/Stockholm")
    one = parse(FULL, zone=zone)
    assert one.subject == "What's new at the quay? June 2025"
    assert one.audience == "'business' in topics"
    assert one.send_at == datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
    assert one.fields == {"x-desk": ("Maja", "Jonas")}
    assert one.lines["send_at"] == 6
    assert one.blocks == (
        Prose(text='Dear {{ name or "reader" }},\n\nA short introduction in **Markdown**.'),
        Lead(
            src="https://park.example.org/pump-house",
            pin=True,
            title="A *house* for everybody",
            image=Picture("assets/hall.jpg", "The hall"),
            text="Text of the story. [Here](https://park.example.org/x) it goes on.",
            link="https://park.example.org/pump-house",
            label="Read on",
        ),
        Quote(by='Samira Lindqvist, head of "the house"', text="Half of them had never held a pipette."),
        Events(
            title="Coming up",
            items=(
                Event(
                    "2025-06-10 18:00",
                    "Summer party",
                    "The quay",
                    "https://park.example.org/party",
                    datetime(2025, 6, 10, 18, 0, tzinfo=zone),
                ),
                Event("2025-06-21", "Open day", at=datetime(2025, 6, 21, tzinfo=zone)),
                Event("Every Friday", "Fika | talk", url="https://park.example.org/fika"),
            ),
        ),
        Cta(text="The first hours are free.", label="Book a bench"),
        Divider(),
        Image(
            picture=Picture("assets/two boats.jpg", "Boats"),
            caption="At the *quay*.",
            href="https://park.example.org",
            sponsor='The "Park"',
        ),
        Gallery(
            pictures=(
                Picture("assets/two boats.jpg", "Boats"),
                Picture("https://park.example.org/sail.jpg", "A [sail]"),
            ),
            caption="From the **summer**.",
        ),
        Prose(text="## In brief"),
        Prose(text="Only for students.", segment="students"),
        Question(name="worth", text="Was it **worth** it?", answers=("Yes", "No")),
        Toc(title="Here is"),
        Credits(text="- Words: Maja", lang="sv"),
    )


@pytest.mark.parametrize(
    ("text", "sources", "caption"),
    [
        ("![A](a.jpg)![B](b.jpg)", ["a.jpg", "b.jpg"], ""),
        ("From 2026.\n\n![A](a.jpg) ![B](b.jpg)\n\n![C](c.jpg)", ["a.jpg", "b.jpg", "c.jpg"], "From 2026."),
        ("![A](a.jpg)\n![B](b.jpg)\nand ![C](c.jpg)", ["a.jpg", "b.jpg"], "and ![C](c.jpg)"),
        ("- ![A](a.jpg)\n- ![B](b.jpg)\n\n- May", ["a.jpg", "b.jpg"], "- May"),
        ("1. ![A](a.jpg)\n2. ![B](b.jpg)", ["a.jpg", "b.jpg"], ""),
    ],
)
def test_a_gallery_is_the_pictures_that_stand_on_lines_of_their_own(text, sources, caption):
    (found,) = body(f"::: gallery\n{text}\n:::\n")
    assert [each.src for each in found.pictures] == sources
    assert found.caption == caption


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "this gallery has no pictures"),
        ("![A](a.jpg)", "this gallery has one picture on a line of its own"),
        ("[![A](a.jpg)](https://a.example.org)\n![B](b.jpg)", "the pictures of a gallery have no links; take"),
    ],
)
def test_a_gallery_of_less_than_two_pictures_is_none(text, told):
    error = mistake(f"---\n---\n::: gallery\n{text}\n:::\n")
    assert told in str(error)


def test_every_block_knows_its_lines():
    rows = FULL.split("\n")
    for one in parse(FULL).blocks:
        assert rows[one.span.start].startswith(":::") or isinstance(one, Prose)
        assert rows[one.span.end - 1].strip()
    assert parse(FULL).blocks[0].span == Span(8, 11)


def test_what_was_written_reads_the_same():
    one = parse(FULL)
    assert parse(issue.write(one)) == one


def test_a_part_of_the_readers_can_try_two_subjects_for_a_while():
    head = "---\nsubject: A\nsubject_b: B\ntry: 20 %\n"
    assert (parse(f"{head}---\n").trying, parse(f"{head}---\n").wait) == (20, timedelta(hours=4))
    for said, wait in (("30 m", timedelta(minutes=30)), ("2h", timedelta(hours=2)), ("7 days", timedelta(days=7))):
        one = parse(f"{head}wait: {said}\n---\nHi\n")
        assert one.wait == wait
        assert parse(issue.write(one)) == one
    for line in ("try: 0", "try: 100", "try: all", "wait: 4", "wait: 0 h", "wait: 8 d", "wait: -1 h", "wait: 1 w"):
        kept = head.replace("try: 20 %\n", "") if line.startswith("try") else head
        with pytest.raises(IssueError, match=r"issue.md:[45]: (try|wait) cannot be"):
            parse(f"{kept}{line}\n---\n")
    for text, what in (
        ("---\nsubject: A\ntry: 20\n---\n", "there is one subject"),
        (f"{head}share: 20\n---\n", "try and share do not go together"),
        ("---\nsubject: A\nsubject_b: B\nwait: 4 h\n---\n", "nobody tries a subject"),
    ):
        with pytest.raises(IssueError, match=what):
            parse(text)


def test_an_issue_can_compare_two_subjects_and_enclose_its_pictures():
    one = parse("---\nsubject: A\nsubject_b: B\nshare: 20\nimages: inline\n---\nHi\n")
    assert (one.subject_b, one.share, one.images) == ("B", 20, "inline")
    assert parse(issue.write(one)) == one
    assert parse("---\nsubject: A\nshare: 7%\n---\n").share == 7
    for line in ("share: 0", "share: 100", "share: half", "share: -3", "images: embed"):
        with pytest.raises(IssueError, match=r"issue.md:3: (share|images) cannot be"):
            parse(f"---\nsubject: A\n{line}\n---\n")


def test_an_issue_can_be_the_letter_of_the_year():
    one = parse("---\nsubject: A\nfrequency: yearly\n---\nHi\n")
    assert one.yearly
    assert parse(issue.write(one)) == one
    for line in ("frequency: every", "x-frequency: yearly"):
        assert not parse(f"---\nsubject: A\n{line}\n---\n").yearly
    with pytest.raises(IssueError, match=r"issue.md:3: frequency cannot be “monthly”; write frequency: yearly"):
        parse("---\nsubject: A\nfrequency: monthly\n---\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(end):
    assert parse(FULL.replace("\n", end)) == parse(FULL)


def test_a_value_on_several_lines_becomes_one():
    text = "---\npreheader: >\n  One\n  two\nlist: a\n---\nHi\n"
    assert parse(text).preheader == "One two"


VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=60)


@given(VALUES, st.sampled_from(["subject", "preheader", "list", "audience"]))
def test_any_text_can_be_a_field_and_reads_back(value, name):
    plain = " ".join(value.split())
    one = parse(f"---\n{name}: {frontmatter.written(name, plain)}\n---\n")
    assert getattr(one, name) == plain


PIECES = [
    "Hello\n",
    "\n",
    "## Title\n",
    "### Sub\n",
    "![alt \\[x\\]](assets/a.jpg)\n",
    "![](<a b.png>)\n",
    "[Read on](https://a.example/?a=1&amp;b=2)\n",
    "[`x` [y]](<https://a.example/(x)>)\n",
    ":::\n",
    "::: lead\n",
    '::: story {src="text:x" pin}\n',
    "::: brief\n",
    '::: quote {by="A \\"B\\""}\n',
    '::: cta {href="https://a.example" segment="s"}\n',
    '::: cta {href="" label="Go"}\n',
    "::: divider\n",
    "::: events\n",
    "- 2025-06-10 | T | https://a.example\n",
    "- Some day | T \\| U | Place | mailto:a@example.org\n",
    "::: prose\n",
    "::: question\n",
    '::: question {name="a"}\n',
    "- Yes\n",
    "2) No\n",
    "```\n",
    "<!-- note -->\n",
    "a <!-- note --> `b <!-- c -->`\n",
    "<!-- a\n",
    "b --> c\n",
    "\\::: story\n",
    "    ::: code\n",
    "---\n",
    "{{ name }}\n",
    "Text  \n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_can_be_read_is_written_so_that_it_reads_the_same(pieces):
    try:
        one = parse("---\n---\n" + "".join(pieces))
    except IssueError:
        assume(False)
    assert parse(issue.write(one)) == one


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_an_issue_or_an_error_with_its_line(text):
    for whole in (text, f"---\n{text}\n---\n", f"---\n---\n{text}"):
        error = mistake(whole)
        assert not error or error.where.startswith("issues/2025-06/issue.md:")
        assert not error or error.remedy


def test_a_comment_is_no_text_and_hides_a_block():
    assert body("<!-- later:\n::: story\nx\n:::\n-->\nHello\n") == (Prose(text="Hello"),)


def test_a_comment_within_a_line_is_no_text_but_in_code():
    assert body("Hi <!-- who? --> there `<!-- x -->`\n") == (Prose(text="Hi  there `<!-- x -->`"),)
    assert body("Arrows \\<!-- x -->\n") == (Prose(text="Arrows \\<!-- x -->"),)
    assert body("``a ` <!-- x -->`` b <!-- ` -->c `<!-- d -->\n") == (Prose(text="``a ` <!-- x -->`` b c `"),)
    assert body("<!-- a -->\n`<!-- b -->`\n") == (Prose(text="`<!-- b -->`"),)
    assert body("a<!---->b\n") == (Prose(text="ab"),)
    assert body("a <!--> b --> c <!-- d\n") == (Prose(text="a  c <!-- d"),)
    assert body("```a`` <!-- x --> b``\n") == (Prose(text="```a`` <!-- x --> b``"),)


def test_a_row_of_any_length_and_any_marks_is_read_at_once():
    runs = " ".join("`" * count for count in range(1, 500))
    with computes(5):
        assert body(f"a <!-- b --> {runs}\n") == (Prose(text=f"a  {runs}"),)
        assert body(f"a {'<!-- ' * 50_000}\n")
        assert body(f"a {'` <!-- x --> `` ' * 20_000}\n")


def test_colons_in_code_are_code():
    text = "````\n::: story\n```\n:::\n````"
    assert body(text) == (Prose(text=text),)
    assert body(f"::: story\n{text}\n:::\n") == (Story(text=text),)


def test_an_escaped_fence_is_text():
    assert body("\\::: story\n") == (Prose(text="\\::: story"),)
    assert body(r"\{\{ name }}") == (Prose(text=r"\{\{ name }}"),)


def test_a_link_within_a_paragraph_is_no_button():
    assert body("::: brief\nSee\n[here](https://a.example)\n:::\n") == (
        Brief(text="See\n[here](https://a.example)"),
    )


def test_a_call_to_action_may_end_with_its_link():
    [one] = body("::: cta\nCome.\n\n[Sign up](https://a.example)\n:::\n")
    assert one == Cta(text="Come.", label="Sign up", href="https://a.example")


@pytest.mark.parametrize(
    ("words", "text", "label"),
    [
        ("Do you want to join? [Sign up](https://a.example)", "Do you want to join?", "Sign up"),
        (
            "Come.\n\nDo you\nwant to join? [Sign up](https://a.example).",
            "Come.\n\nDo you\nwant to join?",
            "Sign up",
        ),
        ("Join in\n[here](https://a.example)", "Join in", "here"),
    ],
)
def test_the_words_of_the_link_that_ends_a_call_to_action_are_its_button(words, text, label):
    assert body(f"::: cta\n{words}\n:::\n") == (Cta(text=text, label=label, href="https://a.example"),)


@pytest.mark.parametrize(
    "words", ["See ![a house](https://a.example/b.png)", "See \\[here](https://a.example)", "See `[a](b)` now"]
)
def test_what_is_no_link_is_no_button(words):
    assert body(f"::: cta\n{words}\n:::\n") == (Cta(text="", label=words, href=""),)


@pytest.mark.parametrize(
    "url",
    ["a b.jpg", "https://a.example/(x", "https://a.example/?a&lt;b", "a\\b", "https://a.example/x?a=1&b=2", "<x>"],
)
def test_any_address_stands_in_markdown(url):
    one = Image(picture=Picture(url, "a [b] c"))
    assert body(blocktext.write(one)) == (one,)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no front matter"),
        ("\n---\nsubject: a\n---\n", 1, "let the file begin with its line ---"),
        ("—\nsubject: a\n—\n", 1, "write three hyphens"),
        ("---\nsubject: a\n", 1, "never ends"),
        ("---\nlist: [monthly\nsubject: a\n---\n", 2, 'put it in quotes: list: "[monthly"'),
        ("---\nsubject: June: news\n---\n", 2, 'put it in quotes: subject: "June: news"'),
        ("---\nlist: a\nsubject: 'What's up'\n---\n", 3, 'write it as subject: "What\'s up"'),
        ("---\nsubject: “Hej: hopp”\n---\n", 2, 'put it in quotes: subject: "Hej: hopp"'),
        ('---\nsubject: "June\n---\n', 2, "a quote is never closed"),
        ('---\nsubject: "A "big" day"\n---\n', 2, 'write it as subject: "A \\"big\\" day"'),
        ("---\naudience: 'a' in topics\n---\n", 2, """write it as audience: "'a' in topics\""""),
        ("---\naudience: 'a' in topics or x = 'b'\n---\n", 2, """audience: "'a' in topics or x = 'b'\""""),
        ("---\nsubject: 'Big' and small\n---\n", 2, """write it as subject: "'Big' and small\""""),
        ("---\nsubject:June\n---\n", 2, 'write it as subject: "June"'),
        ("---\nsubject: {{ name }}\n---\n", 2, 'put it in quotes: subject: "{{ name }}"'),
        ("---\nsubject: @all\n---\n", 2, "put it in quotes"),
        ("---\nsubject: We're #1\n---\n", 2, "as a comment"),
        ("---\nsubject: 2025\n---\n", 2, "as a number"),
        ("---\nsubject: yes\n---\n", 2, "as true or false"),
        (
            "---\nsubject: a\n---\n::: story\n## A\nb\n::\n\n::: lead\n## C\nd\n:::\n",
            7,
            "does not close the story of line 4",
        ),
        ("---\nsubject: a\n---\n::: story\n## A\nb\n：：：\n", 7, "write three colons at the left edge: :::"),
        ("---\nsubject: a\n---\n::: story\n## A\nb\n: : :\n", 7, "does not close the story of line 4"),
        ("---\nsubject: a\n---\n::: story\n## A\nb\n\n::: lead\n", 8, "a block opens inside the story of line 4"),
        ("---\nsubject: [a]\n---\n", 2, "must be a text"),
        ("---\nlist: [monthly, events]\n---\n", 2, "must be a text; name one: list: monthly"),
        ("---\nlist:\n  - monthly\n---\n", 2, "must be a text; name one: list: monthly"),
        ("---\nlanguage: NO\n---\n", 2, 'language: "no"'),
        ("---\nlanguage: Swedish\n---\n", 2, 'codes such as "en"'),
        ("---\nsubjct: a\n---\n", 2, "did you mean subject?"),
        ("---\nsubject: a\nsubject: b\n---\n", 3, "stands twice"),
        ("---\n\tsubject: a\n---\n", 2, "a tab begins this line"),
        ("---\nsubject: a\n list: b\n---\n", 3, "indented"),
        ('---\nsubject:"a"\npreheader: "b"\n---\n', 2, 'no space after the colon; write it as subject: "a"'),
        ("---\nsubject: &a [*a]\n---\n", 2, "anchors"),
        ("---\nsubject: !!python/object/apply:os.system [ls]\n---\n", 2, "must be a text"),
        ("---\nsubject: !!int '5'\n---\n", 2, 'subject must be a text; write it as subject: "5"'),
        ("---\nsend_at: tomorrow\n---\n", 2, "2025-06-12T09:00"),
        ("---\nsend_at: 2025-06-12 09,30\n---\n", 2, "2025-06-12T09:00"),
        ("---\nsend_at: 9999-12-31T23:59\n---\n", 2, "2025-06-12T09:00"),
        ("---\n- a\n---\n", 2, "subject:"),
        ("---\n%YAML 1.19\n---\n---\n", 2, "YAML"),
        ("---\nx-a: " + "[" * 600 + "\n---\n", 2, "nested too deeply"),
        ("---\n---\na\0b\n", 3, "U+0000"),
        ("---\n---\n::: storry\n:::\n", 3, "did you mean story?"),
        ("---\n---\n::: annons\n:::\n", 3, 'did you mean story {sponsor="…"}?'),
        ("---\n---\n::: Citat\n:::\n", 3, "did you mean quote?"),
        ("---\n---\n::: button\n:::\n", 3, "did you mean cta?"),
        ("---\n---\n\n::: story\ntext\n", 4, "never closed"),
        ("---\n---\n::: story\n::: brief\n:::\n", 4, "inside the story of line 3"),
        ("---\n---\n:::\n", 3, "closes no block"),
        ("---\n---\nHello\n:: story\n## A\n:::\n", 4, "three colons: ::: story"),
        ("---\n---\n::: brief\nx\n:::\n :: a\n:::\n:::\n", 6, "this line opens no block"),
        ("---\n---\n::: story {src=x}\n:::\n", 3, 'key="value"'),
        ("---\n---\n::: story {src=“x”}\n:::\n", 3, "straight quotes"),
        ("---\n---\n::: story {pinn}\n:::\n", 3, "did you mean pin?"),
        ('---\n---\n::: story {pin="yes"}\n:::\n', 3, "write pin alone"),
        ("---\n---\n::: quote {by}\n:::\n", 3, 'by="…"'),
        ('---\n---\n::: story {by="A"}\n:::\n', 3, "no attribute “by”"),
        ('---\n---\n::: quote {sponsor="A"}\n:::\n', 3, "no attribute “sponsor”"),
        ("---\n---\n::: {.note}\n:::\n", 3, "cannot be read"),
        ("---\n---\n::: image\nNo picture\n:::\n", 3, "no image"),
        ("---\n---\n::: events\n\nSome day\n:::\n", 5, "is no event"),
        ("---\n---\n::: events\n- 2025-02-30 | T\n:::\n", 4, "no such time"),
        ("---\n---\n::: events\n- 2025-02-03 25:00 | T\n:::\n", 4, "no such time"),
        (
            "---\n---\n::: events\n- Day | T | P | example.org\n:::\n",
            4,
            "no web address; write it as https://example.org",
        ),
        ("---\n---\n::: events\n- Day | T | P | the hall\n:::\n", 4, "| Place | https://…"),
        ("---\n---\n```\n::: story\n", 3, "this code never ends"),
        ("---\n---\n<!-- x\n", 3, "this comment never ends"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text, line, words):
    with pytest.raises(IssueError) as caught:
        parse(text)
    assert caught.value.where == f"issues/2025-06/issue.md:{line}"
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"---\nsubject: a\nlist: \xe5\n---\n", 3, "not UTF-8"),
        (b"\xff\xfe-\0-\0", 1, "UTF-16"),
        (b"-\0-\0-\0", 1, "UTF-16"),
    ],
)
def test_other_encodings_are_told(content, line, words):
    with pytest.raises(IssueError) as caught:
        issue.decode(content, "issue.md")
    assert caught.value.where == f"issue.md:{line}"
    assert words in str(caught.value)


def test_the_mark_that_windows_puts_in_front_does_no_harm():
    text = issue.decode(codecs.BOM_UTF8 + b"---\nsubject: a\n---\nHej\n", "issue.md")
    assert issue.parse(text, slug="x", language="en").subject == "a"
    with pytest.raises(IssueError, match="not UTF-8") as caught:
        issue.decode(codecs.BOM_UTF8 + b"---\nsubject: a\nlist: \xe5\n---\n", "issue.md")
    assert caught.value.where == "issue.md:3"


def test_a_file_of_another_program_is_called_what_it_is():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("word/document.xml", "<w:document/>")
    files = {"a Word file": made.getvalue(), "a PDF": b"%PDF-1.7\n", "an RTF file": b"{\\rtf1 Hi}"}
    for what, content in files.items():
        with pytest.raises(IssueError, match=f"this is {what}, not text"):
            issue.decode(content, "issue.md")


@pytest.mark.parametrize("line", ["::: story", ":::"])
def test_no_line_of_spaces_takes_long(line):
    with computes(5), pytest.raises(IssueError):
        issue.parse(f"---\nsubject: a\n---\n{line} x{' ' * 200_000}x\n", slug="x", language="en")


def test_a_space_that_does_not_break_a_line_is_one_where_a_space_has_a_meaning():
    text = """---
subject:_June
preheader:_What June brings
---_
##_A heading

-_one
-_two

:::_events_{title="Coming up"}_
-_2025-06-10 18:00 | Party
:::_
"""
    plain, typed = (
        issue.parse(text.replace("_", space), slug="x", language="en") for space in (" ", "\N{NO-BREAK SPACE}")
    )
    assert (typed.subject, typed.preheader, typed.blocks) == (plain.subject, plain.preheader, plain.blocks)
    assert isinstance(typed.blocks[1], Events)


def test_a_space_that_does_not_break_a_line_stays_among_words():
    text = "---\nsubject: June\n---\n1.\N{NO-BREAK SPACE}Mai, and 5\N{NO-BREAK SPACE}km.\n"
    assert issue.parse(text, slug="x", language="en").source == text
