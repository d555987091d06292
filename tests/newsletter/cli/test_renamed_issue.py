"""Laws of an issue whose folder got another name after it was sent: nobody gets it twice by that."""

import pytest

from tests.editor import SLUG
from tests.smtpserver import Server


@pytest.fixture
def server(editor):
    editor.people(4)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        editor.workspace.issue(SLUG).rename(editor.workspace.issue("2026-07"))
        yield server


def mend(editor, old, new):
    path = editor.workspace.issue("2026-07") / "issue.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_it_is_refused_and_told_with_its_old_name(editor, server):
    code, _, told = editor("send", "2026-07", "--yes")
    assert code == 5
    assert f"readers of monthly got this letter as {SLUG} on " in told
    _, found = editor.json("check", "2026-07", "--offline", "--no-spam")
    [one] = [one for one in found["findings"] if one["id"] == "issue-sent"]
    assert f"mv issues/2026-07 issues/{SLUG}" in one["remedy"]
    assert (one["level"], one["place"]) == ("error", "issues/2026-07/issue.md:1")
    assert len(server.recipients()) == 4


def test_with_a_reason_it_is_sent_all_the_same(editor, server):
    assert editor("send", "2026-07", "--yes", "--force", "the first went to the wrong list")[0] == 0
    assert len(server.recipients()) == 8


def test_with_other_words_or_for_others_it_is_another_letter(editor, server):
    mend(editor, "\n---\n", "\naudience: \"language = 'sv'\"\n---\n")
    assert "issue-sent" not in editor("check", "2026-07", "--offline", "--no-spam")[1]
    mend(editor, "\naudience: \"language = 'sv'\"", "")
    assert "issue-sent" in editor("check", "2026-07", "--offline", "--no-spam")[1]
    path = editor.workspace.issue("2026-07") / "issue.md"
    path.write_text(path.read_text() + "\nWhat we forgot to say: the pier opens at nine.\n")
    assert "issue-sent" not in editor("check", "2026-07", "--offline", "--no-spam")[1]
