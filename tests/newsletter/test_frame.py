"""Laws of the frame: what an editor wants in every issue stands in every new one, as they wrote it."""

import json

import pytest

from newsletter import issue
from newsletter.errors import IssueError
from newsletter.issuefile import frame

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
        ("---\nsubject: June\n---\nHello.\n", 1, "a frame has no fields"),
        ("<!-- articles -->\n\nAnd\n\n<!--articles-->\n", 5, "the articles have two places"),
        ("::: cta\n<!-- articles -->\n:::\n", 1, "never closed"),
        ("Hello.\n\n::: stroy\nA\n:::\n", 3, "stroy"),
        ("Hello.\n<<<<<<< HEAD\n", 2, "git could not merge"),
        ("Hello\x0c.\n", 1, "control character"),
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
