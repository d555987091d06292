"""Issues on disk: found, read with their twins, written whole."""

import json
import os
import stat
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from newsletter.errors import IssueError, NotFoundError
from newsletter.files import issues, pictures, written
from newsletter.model import Article, Picture
from tests import blank


@pytest.fixture
def workspace(tmp_path):
    return blank.letter(tmp_path / "letter")


def put(workspace, slug, name="issue.md", text='---\nsubject: "A"\n---\nHello\n'):
    path = workspace.issues / slug / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_twins_follow_the_default_language(workspace):
    put(workspace, "2025-06")
    put(workspace, "2025-06", "issue.sv.md", "---\nsubject: B\n---\nHej\n")
    put(workspace, "2025-06", "issue.notes.md", "not an issue")
    english, swedish = issues.load(workspace, "2025-06")
    assert (english.language, english.path) == ("en", "issues/2025-06/issue.md")
    assert (swedish.language, swedish.path, swedish.subject) == ("sv", "issues/2025-06/issue.sv.md", "B")


def test_events_take_place_in_the_letters_time_zone(workspace):
    put(workspace, "2025-06", text="---\nsend_at: 2025-06-12T09:00\n---\n")
    assert issues.load(workspace, "2025-06")[0].send_at.hour == 7


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("issue.sv.md", "---\nlanguage: en\n---\n", "let both say the same"),
        ("issue.de.md", "---\n---\n", "not written in “de”"),
        ("issue.sv.md", b"---\nsubject: \xe5\n---\n", "issue.sv.md:2: not UTF-8"),
    ],
)
def test_a_twin_that_cannot_be_is_told(workspace, name, text, words):
    put(workspace, "2025-06")
    put(workspace, "2025-06", name, text)
    with pytest.raises(IssueError, match=words):
        issues.load(workspace, "2025-06")


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("gone.md")])
def test_what_is_no_file_is_told_and_is_no_issue(workspace, make):
    folder = workspace.issues / "2025-07"
    folder.mkdir()
    make(folder / "issue.md")
    with pytest.raises(NotFoundError, match="stands where the issue's file belongs") as told:
        issues.load(workspace, "2025-07")
    assert told.value.where == "issues/2025-07/issue.md"
    assert issues.slugs(workspace) == ["0001-hello"]


def test_two_files_in_one_language_are_told(workspace):
    put(workspace, "2025-06", text="---\nlanguage: sv\n---\n")
    put(workspace, "2025-06", "issue.sv.md")
    with pytest.raises(IssueError, match="is in “sv” too"):
        issues.load(workspace, "2025-06")


def test_an_issue_that_is_not_there_names_those_that_are(workspace):
    with pytest.raises(NotFoundError, match="newsletter compose 2025-06; there are: 0001-hello"):
        issues.load(workspace, "2025-06")


def test_what_was_used_is_known_even_from_a_broken_issue(workspace):
    put(workspace, "2025-04", text='---\n---\n::: story {src="https://a.example/1"}\n:::\n')
    put(workspace, "2025-04", "issue.sv.md", '---\n---\n::: story {src="https://a.example/sv"}\n:::\n')
    put(
        workspace,
        "2025-05",
        text='---\nbroken: [\n::: lead {src="text:\\"b\\"" pin}\n::: lead {src="https://a.example/1"}\n',
    )
    put(workspace, "2025-06", text='---\n---\n::: story {src="https://a.example/now"}\n:::\n')
    put(workspace, "My notes", text='---\n---\n::: story {src="https://a.example/notes"}\n:::\n')
    used = issues.used(workspace, besides="2025-06")
    assert {key: slug for key, slug in used.items() if slug != "0001-hello"} == {
        "https://a.example/1": "2025-04",
        "https://a.example/sv": "2025-04",
        'text:"b"': "2025-05",
    }


def test_a_file_is_written_whole_and_keeps_its_mode_and_its_line_ends(workspace):
    path = put(workspace, "2025-06")
    path.chmod(0o640)
    issues.write(path, "a\r\nö\n")
    assert path.read_bytes() == "a\r\nö\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["issue.md"]


def test_a_failed_write_leaves_the_old_file(workspace):
    path = put(workspace, "2025-06")
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        issues.write(path, "\ud800")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["issue.md"]


KILLED = """
import os, sys
from pathlib import Path
from newsletter.files import issues

os.replace = lambda *names: os.kill(os.getpid(), 9)
issues.write(Path(sys.argv[1]), "half")
"""


def test_what_a_writer_left_that_was_killed_goes_with_a_later_write(workspace):
    path = put(workspace, "2025-06")
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    (left,) = (one for one in path.parent.iterdir() if one != path)
    issues.write(path, "new")
    assert left.exists(), "another writer may be at work"
    own = path.with_name(".issue.md.original")
    own.touch()
    for one in (left, own):
        os.utime(one, (time.time() - 3600,) * 2)
    issues.write(path, "newer")
    assert sorted(one.name for one in path.parent.iterdir()) == [".issue.md.original", "issue.md"]


def test_a_link_stays_a_link(workspace, tmp_path):
    real = tmp_path / "real.md"
    real.write_text("old")
    link = put(workspace, "2025-06").parent / "issue.sv.md"
    link.symlink_to(real)
    issues.write(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_what_was_written_is_kept_for_each_file_a_line_a_line(workspace):
    path = put(workspace, "2025-06")
    twin = path.with_name("issue.sv.md")
    was = {"https://a.example": ("::: lead\n## A\n:::", "::: quote\nB\n:::"), "text:ö": ("::: story\n:::",)}
    written.keep(path, was)
    written.keep(twin, {})
    assert written.load(path) == was
    assert written.load(twin) == {}
    text = (path.parent / written.NAME).read_text("utf-8")
    assert '"## A",\n' in text
    assert json.loads(text)["issue.sv.md"] == {}


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"issue.md": 1}', '{"issue.md": {"a": 1}}', "\x00"])
def test_a_broken_file_of_what_was_written_says_nothing(workspace, broken):
    path = put(workspace, "2025-06")
    (path.parent / written.NAME).write_text(broken)
    assert written.load(path) == {}


def test_pictures_of_a_folder_are_laid_beside_the_issue_and_of_nothing_else(workspace):
    folder = workspace.root / "articles"
    (folder / "deep").mkdir()
    (folder / "deep" / "a b.JPG").write_bytes(b"one")
    (folder / "plan.png").write_bytes(b"two")
    (folder / "welcome.md").write_text("# Hello\n")
    (workspace.root / "secret.jpg").write_bytes(b"three")
    values = {"key": "text:x", "title": "X", "url": "", "summary": "", "source": "notes", "guid": "deep/x.md"}
    text = (
        "![a](../plan.png) ![b](https://a.example/b.png) ![c](../../secret.jpg) ![d](gone.png) ![e](../welcome.md)"
    )
    one = Article(**values, text=text, image=Picture("a b.JPG", "Words"))
    laid = pictures.beside(workspace, "2025-06", one)
    assert laid.image == Picture("assets/a-b.jpg", "Words")
    assert laid.text == text.replace("../plan.png", "assets/plan.png")
    assert sorted(path.name for path in (workspace.issue("2025-06") / "assets").iterdir()) == [
        "a-b.jpg",
        "plan.png",
    ]
    assert pictures.beside(workspace, "2025-06", one) == laid
    (folder / "plan.png").write_bytes(b"another")
    assert "assets/plan-2.png" in pictures.beside(workspace, "2025-06", one).text
    assert (workspace.issue("2025-06") / "assets" / "plan.png").read_bytes() == b"two"
    assert not pictures.beside(workspace, "2025-07", one, copy=False).image.src.startswith("a ")
    assert not workspace.issue("2025-07").exists()
    assert pictures.beside(workspace, "x", replace(one, source="site")).image == one.image


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2025-6", "did you mean 2025-06?"),
        ("2025-06.md", "did you mean 2025-06?"),
        ("205-06", "did you mean 2025-06?"),
        ("2025-07", "make it with: newsletter compose 2025-07; there are: 0001-hello, 2025-06"),
        ("autumn", "make it with: newsletter compose autumn; there are: 0001-hello, 2025-06"),
    ],
)
def test_a_name_that_was_written_wrongly_is_told_beside_the_right_one(workspace, asked, told):
    put(workspace, "2025-06")
    with pytest.raises(NotFoundError) as missing:
        issues.load(workspace, asked)
    assert missing.value.remedy.startswith(told)


@pytest.mark.parametrize(
    ("name", "told", "remedy"),
    [
        ("2025-06/issue.md.txt", "there is issue.md.txt and no issue.md", "rename it to issue.md"),
        ("2025-06/Issue.MD", "there is Issue.MD and no issue.md", "rename it to issue.md"),
        ("2025-06/issue.sv.md", "there is issue.sv.md and no issue.md, which is for en", "language: sv"),
        ("2025-06.md", "the issue stands in issues/2025-06.md", "mkdir issues/2025-06"),
    ],
)
def test_a_file_that_only_its_name_makes_no_issue_is_told(workspace, name, told, remedy):
    path = workspace.issues / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("---\nsubject: A\n---\nHello\n")
    with pytest.raises(NotFoundError) as missing:
        issues.load(workspace, "2025-06")
    assert (missing.value.what, remedy in missing.value.remedy) == (told, True)


def test_a_folder_whose_name_no_command_can_be_given_is_found(workspace):
    for name in ("2025-06 kopia", "Höst & vår", "2025-07"):
        put(workspace, name)
    assert issues.unnamed(workspace) == [("2025-06 kopia", "2025-06-kopia"), ("Höst & vår", "Host-var")]
    for _, better in issues.unnamed(workspace):
        workspace.issue(better)
