"""Laws of what git could not merge: its marks are told with their line, and no reader gets them."""

import pytest

from newsletter import conflict, issue, toml
from newsletter.errors import IssueError, SettingsError
from tests.samples import ROOT

HEAD = "---\nsubject: June\n---\n"
TWO = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> autumn\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + TWO.format("Here is what is new.", "Here is what is old."), 4),
        ("---\n" + TWO.format("subject: June", "subject: July") + "---\nHello.\n", 2),
        (HEAD + "\nHello.\n\n" + TWO.format("::: story\n## One", "::: story\n## Two") + "Text.\n:::\n", 7),
        (HEAD + TWO.format("One.\n||||||| base\nNone.", "Two.").replace("\n", "\r\n"), 4),
        (HEAD + "One.\n<<<<<<< HEAD\nTwo.\n", 5),
        (HEAD + "One.\n=======\nTwo.\n>>>>>>> autumn\n", 5),
        (HEAD + "```\n" + TWO.format("a", "b") + "```\n" + TWO.format("a", "b"), 11),
    ],
)
def test_an_issue_that_git_could_not_merge_is_refused_at_the_mark(text, line):
    with pytest.raises(IssueError, match="git could not merge two changes here") as refused:
        issue.parse(text, slug="x", language="en")
    assert refused.value.where == f"issue.md:{line}"
    assert "keep what is right" in refused.value.remedy


@pytest.mark.parametrize(
    "body",
    [
        "A heading\n=======\n",
        ">>>>>>> said Eva, six mails ago\n",
        "```\n" + TWO.format("a", "b") + "```\n",
        "    <<<<<<< a\n",
    ],
)
def test_what_only_looks_like_a_mark_is_a_letter(body):
    assert issue.parse(HEAD + "\n" + body, slug="x", language="en").blocks


def test_settings_that_git_could_not_merge_are_told_by_the_mark():
    text = '[letter]\nname = "Tide"\n' + TWO.format('theme = "letter"', 'theme = "plain"')
    with pytest.raises(SettingsError, match="git could not merge") as refused:
        toml.document(text, "newsletter.toml")
    assert refused.value.where == "newsletter.toml:3"


def test_a_program_shows_the_marks_in_a_text_of_its_settings():
    text = f"text = '''\n{TWO.format('a', 'b')}'''\n"
    assert toml.document(text, "x.toml")["text"].startswith("<<<<<<<")


def test_a_long_file_of_marks_is_read_at_once():
    rows = ["```x", "=======", "<<<<<<"] * 100_000
    assert conflict.left(rows) is None
    with pytest.raises(IssueError, match="this code never ends"):
        issue.parse(HEAD + "\n".join(rows), slug="x", language="en")


@pytest.mark.parametrize("name", ["letter/footer.txt", "letter/footer.mjml", "letter/article.css", "words/sv.po"])
def test_no_reader_gets_the_marks_in_a_template_or_a_word_list(run, workspace, name):
    own = workspace / "templates" / name
    own.parent.mkdir(parents=True)
    own.write_text((ROOT / "templates" / name).read_text("utf-8") + "\n" + TWO.format("# a", "# b"), "utf-8")
    line = len(own.read_text("utf-8").splitlines()) - 4
    assert run("check", "0001-hello", "--offline", "--no-spam") == 3
    assert f"templates/{name}:{line}: error theme-unusable: git could not merge" in run.out


def test_an_article_that_git_could_not_merge_is_told_and_not_taken_in(run, workspace):
    (workspace / "articles" / "tide.md").write_text(
        "# The tide\n\n" + TWO.format("High at six.", "High at seven.")
    )
    (workspace / "articles" / "git.md").write_text("# How we merge\n\n```\n" + TWO.format("a", "b") + "```\n")
    run("fetch")
    assert "tide.md:3: git could not merge" in run.err
    assert {one["title"] for one in run.json("articles", "list")["articles"]} >= {"How we merge"}
    assert "The tide" not in {one["title"] for one in run.json("articles", "list")["articles"]}


def test_pull_tells_that_git_could_not_merge_what_compose_wrote(run, workspace):
    run("fetch")
    run("compose", "2026-05")
    (workspace / "issues" / "2026-05" / ".written.json").write_text(TWO.format("{}", "{ }"))
    assert run("pull", "2026-05") == 1
    assert "issues/2026-05/.written.json:1: git could not merge" in run.err
