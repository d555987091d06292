"""Laws of the frame: what an editor wants in every issue stands in every new one, as they wrote it."""

import json

import pytest

from newsletter import issue
from newsletter.errors import IssueError
from newsletter.issuefile import dialect, frame

FRAME = """Dear {{ name or "reader" }},

here is the month by the harbour. <!-- greet the new neighbours -->

<!-- articles -->

::: cta {href="mailto:eva@harbour.example.org" label="Write to Eva"}
Is something missing?
:::
"""


def article(editor, name, words, language="en"):
    (editor.root / "articles" / f"{name}.md").write_text(
        f"---\ntitle: {name}\nlanguage: {language}\n---\n{words}\n"
    )


def test_every_new_issue_stands_in_its_frame(editor):
    (editor.root / "issues/frame.md").write_text(FRAME)
    article(editor, "A pier", "The new pier is open to all boats from Saturday on.")
    editor("fetch")
    assert editor("compose", "2026-12")[0] == 0
    text = (editor.root / "issues/2026-12/issue.md").read_text()
    before, _, after = FRAME.partition("<!-- articles -->\n")
    body = text.partition("---\n")[2].partition("---\n")[2]
    assert body.startswith(before + "::: lead")
    assert body.endswith(":::\n" + after)
    assert "## A pier" in body
    assert "Here is what is new" not in body


def test_an_issue_in_a_frame_is_pulled_and_filled_as_any_other(editor):
    (editor.root / "issues/frame.md").write_text(FRAME)
    article(editor, "A pier", "The new pier is open to all boats from Saturday on.")
    editor("fetch")
    editor("compose", "2026-12")
    article(editor, "A pier", "The new pier is open to all boats from Sunday on.")
    article(editor, "A crane", "The old crane turns again, after forty years of rest.")
    editor("fetch")
    assert editor("pull", "2026-12", "--add")[0] == 0
    text = (editor.root / "issues/2026-12/issue.md").read_text()
    assert "from Sunday on" in text
    assert text.index("## A crane") < text.index("Write to Eva")
    assert text.count("Dear ") == 1


def test_each_language_has_its_frame_and_without_one_a_greeting(editor):
    (editor.root / "issues/frame.sv.md").write_text("Hej i hamnen!\n")
    article(editor, "pier.en", "The new pier is open to all boats from Saturday on.")
    article(editor, "pier.sv", "Den nya piren är öppen för alla båtar från och med lördag.", "sv")
    editor("fetch")
    editor("compose", "2026-12")
    english, swedish = (
        (editor.root / "issues/2026-12" / name).read_text() for name in ("issue.md", "issue.sv.md")
    )
    assert "Here is what is new" in english
    assert "---\nHej i hamnen!\n\n::: " in swedish
    assert "Dear" not in swedish


def test_a_frame_is_no_issue(editor):
    (editor.root / "issues/frame.md").write_text(FRAME)
    code, told = editor.json("check", "frame")
    assert (code, told["error"]["code"]) == (4, "not-found")
    assert "frame" not in editor("check", "nope")[2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\nsubject: June\nsend_at: 2026-12-01\n---\nHello.\n", 3, "a frame has no send_at"),
        ("---\nlanguage: sv\n---\nHello.\n", 2, "the name of the frame says it"),
        ("---\nsubject: 'The quay, {mnth}'\n---\nHello.\n", 2, "known here: {month}, {title}"),
        ("---\nsubjct: June\n---\nHello.\n", 2, "did you mean subject?"),
        ("---\nsubject: June\n", 1, "the front matter never ends"),
        ("---\nsubject: June\n---\nA\n\n::: stroy\nA\n:::\n", 6, "stroy"),
        ("<!-- articles -->\n\nAnd\n\n<!--articles-->\n", 5, "the articles have two places"),
        ("::: cta\n<!-- articles -->\n:::\n", 1, "never closed"),
        ("Hello.\n\n::: stroy\nA\n:::\n", 3, "stroy"),
        ("Hello.\n<<<<<<< HEAD\n", 2, "git could not merge"),
        ("Hello\x0c.\n", 1, "(U+000C) after"),
    ],
)
def test_a_frame_that_cannot_be_is_told_before_anything_is_written(editor, text, line, words):
    (editor.root / "issues/frame.md").write_text(text)
    editor("fetch")
    code, told = editor.json("compose", "2026-12")
    assert code == 1
    assert told["error"]["message"].startswith(f"issues/frame.md:{line}: ")
    assert words in json.dumps(told["error"])
    assert not (editor.root / "issues/2026-12").exists()


@pytest.mark.parametrize(
    "text", ["", "\n\n", "<!-- articles -->", "Hello.", "Hello.\r\n\r\n<!-- articles -->\r\n\r\nBye.\r\n"]
)
def test_what_is_composed_in_a_frame_is_an_issue(text):
    body = frame.parse(text, "frame.md").around("::: story\n## A\nWords.\n:::\n")
    made = issue.parse("---\nsubject: x\n---\n" + body, slug="x", language="en")
    assert [type(one).__name__ for one in made.blocks if type(one).__name__ != "Prose"] == ["Story"]


def test_a_place_in_code_is_code():
    made = frame.parse("```\n<!-- articles -->\n```\n", "frame.md")
    assert made.after == ""


def test_a_frame_may_not_hide_a_block_in_its_other_half():
    with pytest.raises(IssueError, match="closes no block"):
        frame.parse("::: prose\nA\n:::\n<!-- articles -->\n:::\n", "frame.md")


FIELDS = """---
subject: "The quay in {month}: {title}"
preheader: What happens by the water, for {{ name or "you" }}
subject_b: Letter {issue}
images: inline
x-who: Eva
---
"""


def test_the_fields_of_a_frame_stand_in_every_new_issue(editor):
    (editor.root / "issues/frame.md").write_text(FIELDS + FRAME)
    (editor.root / "articles/welcome.md").unlink()
    article(editor, "A pier {new}", "The new pier is open to all boats from Saturday on.")
    editor("fetch")
    assert editor("compose", "2026-12")[0] == 0
    made = issue.parse((editor.root / "issues/2026-12/issue.md").read_text(), slug="2026-12", language="en")
    assert made.subject == "The quay in December 2026: A pier {new}"
    assert made.preheader == 'What happens by the water, for {{ name or "you" }}'
    assert (made.subject_b, made.images, made.list) == ("Letter 2026-12", "inline", "monthly")
    assert made.fields["x-who"] == "Eva"
    assert made.source.count("subject:") == 1
    assert "here is the month by the harbour" in made.source


def test_a_field_whose_gap_nothing_fills_is_as_without_a_frame(editor):
    (editor.root / "issues/frame.md").write_text(FIELDS + FRAME)
    assert editor("compose", "spring", "--blank")[0] == 0
    made = issue.parse((editor.root / "issues/spring/issue.md").read_text(), slug="spring", language="en")
    assert (made.subject, made.subject_b) == ("Letter, spring", "Letter spring")


@pytest.mark.parametrize("retold", ["renamed", "taken out"])
def test_pull_renews_the_title_in_a_subject_that_the_frame_made(editor, retold):
    (editor.root / "issues/frame.md").write_text('---\nsubject: "The harbour: {title}"\n---\nHello.\n')
    article(editor, "A pier", "The new pier is open to all boats from Saturday on. " * 20)
    article(editor, "A crane", "The old crane turns again, after forty years of rest.")
    editor("fetch")
    editor("compose", "2026-12")
    path = editor.root / "issues/2026-12/issue.md"
    assert 'subject: "The harbour: A pier"' in path.read_text()
    if retold == "renamed":
        source = editor.root / "articles/A pier.md"
        source.write_text(source.read_text().replace("title: A pier", 'title: "A *long* pier"'))
        editor("fetch")
    else:
        before, _, after = path.read_text().partition("::: lead")
        path.write_text(before + after.partition("\n:::\n\n")[2])
    assert editor("pull", "2026-12")[0] == 0
    wanted = "A *long* pier" if retold == "renamed" else "A crane"
    assert f'subject: "The harbour: {wanted}"' in path.read_text()


def test_pull_leaves_a_subject_of_the_editors_own(editor):
    (editor.root / "issues/frame.md").write_text('---\nsubject: "The harbour: {title}"\n---\nHello.\n')
    article(editor, "A pier", "The new pier is open to all boats from Saturday on.")
    editor("fetch")
    editor("compose", "2026-12")
    path = editor.root / "issues/2026-12/issue.md"
    path.write_text(path.read_text().replace("The harbour: A pier", "Look: A pier"))
    source = editor.root / "articles/A pier.md"
    source.write_text(source.read_text().replace("title: A pier", "title: A quay"))
    editor("fetch")
    assert editor("pull", "2026-12")[0] == 0
    text = path.read_text()
    assert "## A quay" in text
    assert 'subject: "Look: A pier"' in text


def test_gaps_in_the_text_are_filled_as_plain_words_and_one_that_nothing_fills_is_found(editor):
    cta = '::: cta {href="https://quay.se/a" label="{month}: {title}"}\nCome, {{ name or "you" }}.\n:::'
    text = f"In {{month}}, letter {{issue}}: {{title}}\n\n{cta}\n"
    (editor.root / "issues/frame.md").write_text(text)
    (editor.root / "articles/welcome.md").unlink()
    article(editor, 'The *new* "pier" {x}', "The new pier is open to all boats from Saturday on.")
    editor("fetch")
    editor("compose", "2026-12")
    made = issue.parse((editor.root / "issues/2026-12/issue.md").read_text(), slug="2026-12", language="en")
    [prose, cta] = [one for one in made.blocks if type(one).__name__ in {"Prose", "Cta"}]
    assert dialect.plain(prose.text) == 'In December 2026, letter 2026-12: The *new* "pier" {x}'
    assert "December 2026" in cta.label
    assert "pier" in cta.label
    assert '{{ name or "you" }}' in cta.text
    editor("compose", "spring", "--blank")
    assert "letter spring: {title}" in (editor.root / "issues/spring/issue.md").read_text()
    _, found = editor.json("check", "spring", "--offline", "--no-spam")
    places = [one["place"] for one in found["findings"] if one["id"] == "leftover-placeholder"]
    assert places
    assert all(place.startswith("issues/spring/issue.md:") for place in places)


def wrong(editor, slug="2026-12"):
    """Return the errors that the gate finds."""
    _, found = editor.json("check", slug, "--offline", "--no-spam")
    return [one["id"] for one in found["findings"] if one["level"] == "error"]


def test_a_blank_issue_shows_how_a_story_is_written_and_sends_none_of_that(editor):
    assert editor("compose", "2026-12", "--blank")[0] == 0
    text = (editor.root / "issues/2026-12/issue.md").read_text()
    made = issue.parse(text, slug="2026-12", language="en")
    assert [type(one).__name__ for one in made.blocks] == ["Prose"]
    assert (made.subject, "::: story" in text) == ("Letter, December 2026", True)
    assert wrong(editor) == ["issue-empty"]
    path = editor.root / "issues/2026-12/issue.md"
    path.write_text(text.replace("Here is what is new.", "Here is what is new: the pier is open."))
    assert wrong(editor) == []
    # What stands in the example is its own: taken out of the comment it is a story.
    whole = text.replace("<!-- Readers do not get these lines. A story is written so:\n", "").replace("\n-->", "")
    assert [type(one).__name__ for one in issue.parse(whole, slug="x", language="en").blocks] == ["Prose", "Story"]


def test_a_greeting_and_no_more_is_no_letter_in_swedish_either(editor):
    editor.settings(r'languages = \["en"[^\]]*\]', 'languages = ["sv"]')
    assert editor("compose", "2026-12", "--blank")[0] == 0
    assert "Här är det som är nytt" in (editor.root / "issues/2026-12/issue.md").read_text()
    assert wrong(editor) == ["issue-empty"]


def test_a_blank_issue_is_there_in_each_language_that_has_a_frame_and_never_written_over(editor):
    (editor.root / "issues/frame.sv.md").write_text("Hej i hamnen!\n")
    assert editor("compose", "2026-12", "--blank")[0] == 0
    files = sorted(path.name for path in (editor.root / "issues/2026-12").glob("*.md"))
    assert files == ["issue.md", "issue.sv.md"]
    assert editor("compose", "2026-12", "--blank")[0] == 5
    assert editor("compose", "2026-12", "--blank", "--force")[0] == 0
    assert (editor.root / "issues/2026-12/issue.md~").is_file()
    assert editor("compose", "2027-01", "--blank", "--since", "2026-12-01")[0] == 2


def test_a_name_that_is_nearly_a_month_is_told(editor):
    for name, meant in (("2026-9", "2026-09"), ("202612", "2026-12"), ("2026_12", "2026-12")):
        assert f"name its folder issues/{meant}" in editor("compose", name, "--blank")[2]
    for name in ("2026-12", "2026-49", "spring", "2026-12-05"):
        assert "says no month" not in editor("compose", name, "--blank")[2]


def test_where_nothing_is_new_an_issue_can_be_written_all_the_same(editor):
    code, _, err = editor("compose", "2026-12")
    assert (code, "newsletter compose 2026-12 --blank" in err) == (7, True)


def test_a_blank_issue_is_not_offered_where_one_stands(editor):
    assert editor("compose", "2026-12", "--blank")[0] == 0
    code, _, err = editor("compose", "2026-12")
    assert (code, "--blank" in err) == (7, False)
