"""Steering a send: pause, resume, cancel."""

from datetime import UTC, datetime

from newsletter.files.pool.pool import Pool
from newsletter.model import Article
from subscribers.status import DeliveryState
from tests.editor import SLUG
from tests.smtpserver import Fault, Server


def test_a_pause_from_another_terminal_stops_it_and_resume_goes_on(editor):
    editor.people(1500)
    with Server(delay=0.02) as server:
        editor.to(server)
        process = editor.sending(server, 20)
        assert editor("pause")[0] == 0
        _, err = process.communicate(timeout=20)
        assert process.returncode == 6, err
        assert len(server.accepted) < 1500
        assert editor.json("status")[1]["sends"][0]["state"] == "paused"
        server.delay = 0
        assert editor("resume")[0] == 0
        assert editor.agrees(server, 1500) == {"accepted"}


def test_of_a_send_that_waits_nobody_is_said_to_be_left_out(editor):
    editor.people(1)
    told = "who gets it is decided then"

    def ledger():
        steps = editor.json("explain", "reader1@example.org", SLUG)[1]["steps"]
        return [step["detail"] for step in steps if step["step"] == "in the ledger"]

    assert editor("send", SLUG, "--at", "2099-06-12T09:00", "--yes")[0] == 0
    assert ledger() == [f"send 1 starts on 2099-06-12 09:00 CEST; {told}"]
    assert editor("status")[1].splitlines()[1].split() == ["1", SLUG, "scheduled"]
    editor("cancel", "1", "--yes")
    assert ledger() == ["the issue was not sent yet"]
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    assert editor("status")[1].splitlines()[1].split()[:5] == ["2", SLUG, "done", "1", "1"]


def test_an_editor_who_changes_what_waits_or_is_out_is_told(editor, monkeypatch):
    monkeypatch.setenv("EDITOR", "true")
    editor.people(1)
    with Pool(editor.workspace.pool) as pool:
        kelp = Article("text:kelp", "Kelp", "", "Kelp grows. " * 30, "Kelp grows.", "notes", "en")
        pool.add([kelp], datetime.now(UTC))
    assert "went out" not in editor("edit", SLUG)[2]
    assert editor("send", SLUG, "--at", "2099-06-12T09:00", "--yes")[0] == 0
    assert f"Send 1 of {SLUG} is due 2099-06-12 09:00 CEST" in editor("status")[2]
    for command in (["edit"], ["check", "--offline", "--no-spam"], ["compose"]):
        said = " ".join(editor(*command, SLUG)[2].split())
        assert f"Send 1 of {SLUG} is scheduled, with the words that it had then" in said
        assert f"newsletter cancel 1, then newsletter send {SLUG}" in said
    editor("cancel", "1", "--yes")
    assert "Send 1" not in editor("edit", SLUG)[2]
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    said = editor("compose", SLUG)[2]
    assert f"{SLUG} went out 20" in said
    assert "--add" not in said


def test_what_was_mended_in_a_pause_is_not_sent_as_it_was(editor):
    editor.people(300)
    path = editor.root / "issues" / SLUG / "issue.md"
    was = path.read_text()
    with Server(delay=0.02) as server:
        editor.to(server)
        process = editor.sending(server, 20)
        assert editor("pause")[0] == 0
        process.communicate(timeout=20)
        server.delay, begun = 0, len(server.accepted)
        code, _, err = editor("send", SLUG, "--to-new", "--yes")
        assert (code, "--to-new is for one of its own, after it" in err) == (5, True)
        path.write_text(was.replace("letter", "letters"))
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 5
        assert f"{SLUG} has changed since its send 1, which is paused, was frozen" in err
        assert f"`newsletter cancel 1` and `newsletter send {SLUG} --to-new`" in " ".join(err.split())
        assert len(server.accepted) == begun
        path.write_text(was)
        server.delay = 0.02
        process = editor.sending(server, begun + 20)
        assert editor("pause")[0] == 0
        process.communicate(timeout=20)
        server.delay = 0
        path.write_text(was.replace("letter", "letters"))
        code, _, err = editor("resume")
        assert (code, "has changed since; readers get the words that it had" in err) == (0, True)
        assert editor.agrees(server, 300) == {"accepted"}


def test_what_is_cancelled_is_never_sent(editor):
    editor.people(3)
    editor.settings("connections = 10", "connections = 1")
    with Server(faults=[Fault("rcpt", "571", times=99)]) as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 1
        assert "5.7.1 we do not like you" in err
        assert "newsletter resume 1" in err
        assert editor.json("status", "1")[1]["sends"][0]["state"] == "paused"
        assert editor("cancel", "--yes")[0] == 0
        assert editor("resume")[0] == 5
    assert editor.counts()[DeliveryState.CANCELLED] == 3
    assert server.accepted == []


def test_a_paused_or_cancelled_schedule_is_never_started(editor):
    editor.people(3)
    with Server() as server:
        editor.to(server)
        for at in ("+1h", "+2h"):
            assert editor("send", SLUG, "--at", at, "--yes")[0] == 0
            assert editor("pause")[0] == 0
            code, _, err = editor("send", SLUG, "--yes")
            assert code == 5, "a paused schedule is not due yet"
            assert "`, `newsletter serve` starts it then" in err
            editor.serve(lambda: True)
            assert editor("cancel", "--yes")[0] == 0
    assert server.accepted == []
