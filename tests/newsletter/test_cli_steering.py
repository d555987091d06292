"""Steering a send: pause, resume, cancel."""

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
            assert editor("send", SLUG, "--yes")[0] == 5, "a paused schedule is not due yet"
            editor.serve(lambda: True)
            assert editor("cancel", "--yes")[0] == 0
    assert server.accepted == []
