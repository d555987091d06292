"""What `serve` sends on its own: what is due, and what somebody left behind."""

import time
from datetime import UTC, datetime, timedelta

from newsletter.cli import wiring
from newsletter.cli.send import background
from subscribers.status import DeliveryState, SendState
from subscribers.store.ledger import sends
from tests import readers
from tests.editor import SLUG
from tests.smtpserver import Server


def test_a_scheduled_send_starts_when_it_is_due_and_survives_a_restart(editor):
    editor.people(4)
    due = datetime.now(UTC) + timedelta(seconds=4)
    with Server() as server:
        editor.to(server)
        code, found = editor.json("send", SLUG, "--at", due.isoformat(), "--yes")
        assert (code, found["sends"][0]["state"], found["sends"][0]["audience"]) == (0, "scheduled", 0)
        assert editor("send", SLUG, "--yes")[0] == 5
        path = editor.root / "issues" / SLUG / "issue.md"
        path.write_text(path.read_text().replace("first letter", "LATER EDIT"))
        editor.people(2, first=5)
        editor.serve(lambda: True)
        assert server.accepted == []
        said = editor.serve(lambda: editor.json("status")[1]["sends"][0]["state"] == "done")
    assert datetime.now(UTC) >= due
    assert "0001-hello starts" in said[0]
    assert editor.agrees(server, 6) == {"accepted"}
    assert not any(b"LATER EDIT" in received.data for received in server.accepted)


def test_serve_goes_on_with_what_a_killed_sender_left(editor):
    editor.people(300)
    with Server(delay=0.01) as server:
        editor.to(server)
        process = editor.sending(server, 50)
        process.kill()
        process.communicate()
        server.delay = 0
        said = editor.serve(lambda: editor.json("status")[1]["sends"][0]["state"] == "done")
        editor.agrees(server, 300)
    assert "was interrupted" in said[0]
    assert editor.counts()[DeliveryState.UNCERTAIN] <= 10


def test_serve_waits_for_a_server_that_is_down_and_says_so_once(editor):
    editor.people(2)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--at", "+5d", "--yes")[0] == 0
    connection = wiring.opened(editor.workspace)
    connection.execute("UPDATE sends SET due = '2025-01-01T00:00:00.000Z'")
    said = []
    editor.serve(lambda: len(said) >= 2, said=said)
    assert sends.get(connection, 1).state is SendState.SENDING
    connection.close()
    assert len(said) == 2, said
    assert editor.counts()[DeliveryState.QUEUED] == 2


def test_what_is_wrong_with_one_send_does_not_hold_up_the_others(editor):
    editor.people(2)
    with Server() as server:
        editor.to(server)
        connection = wiring.opened(editor.workspace)
        readers.freeze(connection, issue="broken")
        connection.execute("DELETE FROM variants")
        connection.close()
        assert editor("send", SLUG, "--at", "+1h", "--yes")[0] == 0
        connection = wiring.opened(editor.workspace)
        connection.execute("UPDATE sends SET due = '2025-07-01T00:00:00.000Z' WHERE id = 2")
        said = editor.serve(lambda: sends.get(connection, 2).state is SendState.DONE)
        connection.close()
    assert len(server.accepted) == 2
    assert any("2 accepted" in line for line in said), said


def test_serve_logs_in_ever_more_rarely_where_it_is_refused(editor, monkeypatch):
    """Who asked every half minute would be locked out before somebody can mend the password."""
    monkeypatch.setenv("PASSWORD", "wrong")
    monkeypatch.setattr(background, "REST", 0.2)
    editor.people(2)
    with Server(users={"news": "right"}) as server:
        editor.settings("tls = .*", 'tls = "none"\nusername = "news"\npassword_env = "PASSWORD"')
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 1
        seen = []

        def a_second_after_the_third():
            if sum(line.startswith("AUTH") for line in server.commands) > 2:
                seen.append(time.monotonic())
            return seen and time.monotonic() > seen[0] + 1

        said = editor.serve(a_second_after_the_third, 60)
        assert sum(line.startswith("AUTH") for line in server.commands) == 3
    (told,) = said
    assert "then every 10 minutes" in told
    assert editor.counts()[DeliveryState.QUEUED] == 2
