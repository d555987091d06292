"""Laws of the list of issues: each is in it, with how far it is."""

from tests.editor import SLUG
from tests.smtpserver import Server


def write(editor, slug, subject, more=""):
    folder = editor.root / "issues" / slug
    folder.mkdir()
    (folder / "issue.md").write_text(f'---\nsubject: "{subject}"\n{more}---\nHello.\n')


def test_each_issue_is_told_with_its_subject_and_how_far_it_is(editor):
    write(editor, "2026-11", "Fog, and a bridge", "send_at: 2026-11-05T09:00\n")
    editor.people(3)
    with Server() as server:
        editor.to(server)
        editor("send", SLUG, "--yes")
    code, told = editor.json("issues")
    assert code == 0
    draft, sent = told["issues"]
    assert (draft["issue"], draft["subject"], draft["state"]) == ("2026-11", "Fog, and a bridge", "draft")
    assert draft["when"].startswith("2026-11-05T08:00")
    assert (sent["issue"], sent["state"], sent["readers"]) == (SLUG, "done", 3)
    lines = editor("issues")[1].splitlines()
    assert lines[0].split() == ["issue", "subject", "state", "when", "readers"]
    assert "2026-11-05 09:00 CET" in lines[1]
    assert lines[2].endswith(" 3")


def test_a_scheduled_issue_says_when_and_a_cancelled_one_is_a_draft_again(editor):
    editor.people(2)
    assert editor("send", SLUG, "--at", "+3d", "--yes")[0] == 0
    ((one,)) = editor.json("issues")[1]["issues"]
    assert (one["state"], one["readers"]) == ("scheduled", 0)
    assert one["when"]
    editor("cancel", "1", "--yes")
    assert editor.json("issues")[1]["issues"][0]["state"] == "draft"


def test_an_issue_that_cannot_be_read_and_one_whose_folder_is_gone_are_told_too(editor):
    editor.people(1)
    with Server() as server:
        editor.to(server)
        editor("send", SLUG, "--yes")
    (editor.root / "issues" / SLUG / "issue.md").unlink()
    write(editor, "2026-11", "x", "subject: y\n")
    broken, gone = editor.json("issues")[1]["issues"]
    assert broken["fault"].startswith("issues/2026-11/issue.md:3: ")
    assert (gone["issue"], gone["subject"], gone["state"]) == (SLUG, "", "done")
    assert "cannot be read; see `newsletter check 2026-11`" in editor("issues")[1]
    # A twin that can be read hides no fault of another.
    (editor.root / "issues" / "2026-11" / "issue.sv.md").write_text("---\nsubject: Dimma\n---\nHej.\n")
    assert "cannot be read; see `newsletter check 2026-11`" in editor("issues")[1]


def test_a_workspace_without_issues_says_how_to_begin(editor):
    (editor.root / "issues" / SLUG / "issue.md").unlink()
    code, out, err = editor("issues")
    assert (code, out) == (0, "")
    assert "newsletter compose " in err


def test_what_was_approved_is_told_until_it_changes(editor):
    path = editor.root / "issues" / SLUG / "issue.md"

    def told():
        ((one,)) = editor.json("issues")[1]["issues"]
        return editor("issues")[1].splitlines()[1].split("  ")[-1], one["approval"]

    assert told() == ("draft", None)
    editor.people(1)
    editor("approve", SLUG, "--by", "Eva Lind", "--yes")
    state, approval = told()
    assert (state, approval["by"], approval["changed"]) == ("approved", "Eva Lind", [])
    words = path.read_text("utf-8")
    path.write_text(f"{words}\nMore.\n", "utf-8")
    state, approval = told()
    assert (state, approval["changed"]) == ("approval void", ["issue.md changed"])
    path.write_text(words, "utf-8")
    assert told()[0] == "approved"
    # What git could not merge, or somebody wrote by hand, is no approval, and keeps no other issue from the list.
    approved = path.with_name("approval.toml")
    sealed = approved.read_text("utf-8")
    for broken in (f"<<<<<<< HEAD\n{sealed}", sealed.replace("Eva Lind", "Bo")):
        approved.write_text(broken, "utf-8")
        assert told()[0] == "approval void"
    approved.write_text(sealed, "utf-8")
    editor.settings("Europe/Stockholm", "Europe/Oslo")
    assert told()[0] == "approval void"
