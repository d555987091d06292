"""What was approved is what is sent: any change voids the approval and is named, and no approval can be forged."""

import json
import re
from pathlib import Path

import pytest

from newsletter.files import keyring
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import unpack
from subscribers.store.file.open import connect
from subscribers.store.ledger import sends
from tests.letters import SETTINGS
from tests.shell import ended

ISSUE = """---
subject: June by the harbour
preheader: A new pier, forty boats, and a summer party on the quay
list: monthly
---
Dear {{ name or "reader" }}, the pier is open, and forty boats came.

![Boats along the pier](assets/pier.jpg)

Twelve words stand beside the picture, so that it says enough without it, too.
"""
WANTED = SETTINGS.replace("[letter]", "[letter]\napproval = true").replace("news.tidvatten.se", "127.0.0.1:8000")
WANTED = WANTED.replace('base_url = "https', 'languages = ["en", "sv"]\nbase_url = "http')


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return a workspace whose sends must be approved."""
    (tmp_path / "newsletter.toml").write_text(WANTED, encoding="utf-8")
    folder = tmp_path / "issues" / "2025-06"
    (folder / "assets").mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, encoding="utf-8")
    (folder / "issue.sv.md").write_text(ISSUE.replace("June by", "Juni vid"), encoding="utf-8")
    (folder / "assets" / "pier.jpg").write_bytes(b"\xff\xd8\xff a pier")
    (tmp_path / "subscribers").mkdir()
    keyring.make(tmp_path / "subscribers" / "secret.key")
    run(tmp_path, "subscribers", "add", "eva@tidvatten.se", "--list", "monthly", "--consent", "herself")
    return tmp_path


def run(root: Path, *arguments: str) -> int:
    return ended("--workspace", str(root), *arguments)


def approve(root: Path, *more: str) -> int:
    return run(root, "approve", "2025-06", "--by", "Eva Lind", "--yes", *more)


def schedule(root: Path, *more: str) -> int:
    return run(root, "send", "2025-06", "--at", "2040-01-01T09:00", "--yes", *more)


def test_nothing_is_sent_that_nobody_approved(letter, capsys):
    assert schedule(letter) == 5
    assert "nobody has approved this issue" in capsys.readouterr().err
    assert approve(letter) == 0
    assert "was approved by Eva Lind on" in capsys.readouterr().out
    assert schedule(letter) == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("issues/2025-06/issue.md", "forty boats came", "fifty boats came", "issue.md changed"),
        ("issues/2025-06/issue.sv.md", "forty", "fyrtio", "issue.sv.md changed"),
        ("issues/2025-06/issue.md", "list: monthly", 'list: monthly\naudience: language = "en"', "the segment"),
        ("issues/2025-06/assets/pier.jpg", "a pier", "a bank", "assets/pier.jpg changed"),
        ("issues/2025-06/assets/boat.jpg", "", "a boat", "assets/boat.jpg is new"),
        ("newsletter.toml", "Quay 4", "Quay 5", "[letter] address in newsletter.toml changed"),
        ("newsletter.toml", "The Tide <", "Tide <", "[letter] from in newsletter.toml changed"),
        ("newsletter.toml", 'slug = "monthly"', 'slug = "monthly"\ntitle = "The Tide"', "[[list]] monthly in"),
        (
            "templates/letter/footer.txt",
            "",
            "Bye\n{{ letter.address }} {{ unsubscribe_url }}",
            "footer.txt changed",
        ),
        ("templates/words/sv.po", "", 'msgid "Unsubscribe"\nmsgstr "Lämna"\n', "templates/words/sv.po changed"),
        ("templates/letter/own.mjml", "", "<mj-text>Bye</mj-text>", "templates/letter/own.mjml is new"),
    ],
)
def test_every_later_change_voids_it_and_is_named(letter, capsys, file, old, new, told):
    assert approve(letter) == 0
    path = letter / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else b""
    path.write_bytes(before.replace(old.encode(), new.encode()) if old else new.encode())
    capsys.readouterr()
    assert schedule(letter) == 5
    error = capsys.readouterr().err
    assert "the approval of Eva Lind is void" in error
    assert told in error
    assert run(letter, "approve", "2025-06", "--show") == 3
    assert told in capsys.readouterr().out
    assert approve(letter) == 0
    assert schedule(letter) == 0


def test_the_look_of_an_issue_of_its_own_is_bound(letter, capsys):
    path = letter / "issues" / "2025-06" / "issue.md"
    path.write_text(path.read_text().replace("---\n", "---\ntheme: plain\n", 1), encoding="utf-8")
    own = letter / "templates" / "plain" / "own.mjml"
    own.parent.mkdir(parents=True)
    own.write_text("<mj-text>Hello</mj-text>")
    assert approve(letter) == 0, capsys.readouterr().err
    own.write_text("<mj-text>Bye</mj-text>")
    assert schedule(letter) == 5
    assert "templates/plain/own.mjml changed" in capsys.readouterr().err


def test_what_is_removed_later_voids_it_too(letter, capsys):
    spare = letter / "issues/2025-06/assets/boat.jpg"
    spare.write_bytes(b"a boat")
    assert approve(letter) == 0
    spare.unlink()
    assert schedule(letter) == 5
    assert "assets/boat.jpg was removed" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "told"), [("--segment", "the segment"), ("--exclude", "who is left out")])
def test_another_audience_than_the_approved_one_is_refused(letter, capsys, option, told):
    assert approve(letter) == 0
    assert schedule(letter, option, 'language = "sv"') == 5
    assert f"the audience ({told}) changed; name the --list" in capsys.readouterr().err


def test_a_segment_that_means_something_else_now_is_another_audience(letter, capsys):
    segments = letter / "subscribers" / "segments.toml"
    segments.write_text("near = 'language = \"en\"'\n", encoding="utf-8")
    issue = letter / "issues" / "2025-06" / "issue.md"
    issue.write_text(ISSUE.replace("list: monthly", "list: monthly\naudience: near"), encoding="utf-8")
    assert approve(letter) == 0
    segments.write_text("near = 'language <> \"sv\"'\n", encoding="utf-8")
    capsys.readouterr()
    assert schedule(letter) == 5
    assert "the audience (the segment) changed" in capsys.readouterr().err


def test_what_is_not_bound_may_change(letter):
    assert approve(letter) == 0
    settings = letter / "newsletter.toml"
    settings.write_text(settings.read_text() + "connections = 2\n", encoding="utf-8")
    (letter / "issues" / "2025-06" / "notes.txt").write_text("ask Eva", encoding="utf-8")
    run(letter, "subscribers", "add", "nils@tidvatten.se", "--list", "monthly", "--consent", "himself")
    assert schedule(letter) == 0


def test_what_was_approved_is_byte_for_byte_what_the_ledger_sends(letter, capsys):
    assert approve(letter) == 0
    parts = (letter / "issues" / "2025-06" / "approval.toml").read_text(encoding="utf-8")
    assert schedule(letter) == 0
    connection = connect(Workspace(letter).people)
    try:
        from newsletter.approval import variants

        (send,) = sends.all(connection, "2025-06")
        frozen = {name: sends.variant(connection, send.id, name) for name in sends.variants(connection, send.id)}
    finally:
        connection.close()
    assert set(frozen) == {"en", "sv"}
    for name, value in variants(frozen).items():
        assert f'"{name}" = "{value}"' in parts
    assert "forty boats came" in unpack(frozen["en"])[0].text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('by = "Eva Lind"', 'by = "The director"', "written by hand"),
        ('issue = "2025-06"', 'issue = "2025-07"', "written by hand"),
        (r'"issue.md" = "\w{8}', '"issue.md" = "00000000', "written by hand"),
        (r"seal = .*", "", "this is no approval"),
        (r'"$', "", "not valid TOML"),
    ],
)
def test_no_approval_can_be_written_by_hand(letter, capsys, old, new, told):
    assert approve(letter) == 0
    path = letter / "issues" / "2025-06" / "approval.toml"
    path.write_text(re.sub(old, new, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    if "TOML" in told:
        path.write_text("issue = ", encoding="utf-8")
    capsys.readouterr()
    assert schedule(letter) in {1, 5}
    assert told in capsys.readouterr().err


def test_an_approval_of_another_issue_does_not_count(letter, capsys):
    assert approve(letter) == 0
    folder = letter / "issues"
    (folder / "2025-07").mkdir()
    for name in ("issue.md", "approval.toml"):
        (folder / "2025-07" / name).write_bytes((folder / "2025-06" / name).read_bytes())
    capsys.readouterr()
    assert run(letter, "approve", "2025-07", "--show") == 5
    assert "of 2025-06" in capsys.readouterr().err


def test_an_error_of_the_gate_is_not_approved(letter, capsys):
    issue = letter / "issues" / "2025-06" / "issue.md"
    issue.write_text(ISSUE.replace("assets/pier.jpg", "assets/peir.jpg"), encoding="utf-8")
    assert approve(letter) == 5
    assert "the gate found 1 error" in capsys.readouterr().err
    assert not issue.with_name("approval.toml").exists()


def test_programs_read_an_approval_as_json(letter, capsys):
    assert approve(letter, "--json") == 0
    document = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert (document["approval"]["by"], document["approval"]["holds"]) == ("Eva Lind", True)


def test_nobody_is_asked_where_nobody_can_answer(letter, capsys):
    assert run(letter, "approve", "2025-06", "--by", "Eva") == 2
    assert "nothing was approved" in capsys.readouterr().err
    assert run(letter, "approve", "2025-06", "--show") == 4
