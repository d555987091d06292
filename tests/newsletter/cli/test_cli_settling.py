"""Those who were refused, and those of whom nobody knows."""

import gzip

import pytest

from subscribers.status import DeliveryState
from tests.editor import SLUG
from tests.smtpserver import Fault, Server


def test_refused_readers_are_listed_and_tried_again(editor):
    editor.people(4)
    with Server(faults=[Fault("rcpt", "554", times=2)]) as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 6
        assert "newsletter retry 1" in err
        shown = editor("status", "1", "--show", "refused")[1].splitlines()
        assert len(shown) == 2
        assert all("554 5.3.0 not just now, nor later" in line for line in shown)
        assert editor("retry")[0] == 0
        assert editor.counts()[DeliveryState.QUEUED] == 2
        assert editor("send", SLUG)[0] == 0
        assert editor("send", SLUG, "--to-failed", "--yes")[0] == 5
    assert editor.agrees(server, 4) == {"accepted"}


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--segment", "language = 'sv'"), "--segment"),
        (("--exclude", "language = 'sv'"), "--exclude"),
        (("--at", "+2h"), "--at"),
        (("--deadline", "+2h"), "--deadline"),
        (("--list", "other"), "--list"),
        (("--to-new",), "--to-new"),
    ],
)
def test_what_would_change_nothing_for_those_who_were_refused_is_refused_itself(editor, words, option):
    """Else a letter that was meant for some of them goes to all."""
    editor.people(4)
    with Server(faults=[Fault("rcpt", "554", times=2)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        for dry in ((), ("--dry-run",)):
            code, _, err = editor("send", SLUG, "--to-failed", "--yes", *words, *dry)
            assert (code, f"leave {option} out" in err) == (2, True)
    assert len(server.accepted) == 2


def test_a_dry_run_counts_those_who_were_refused(editor):
    editor.people(4)
    with Server(faults=[Fault("rcpt", "554", times=2)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--to-failed", "--dry-run")[0] == 5
        assert editor("send", SLUG, "--yes")[0] == 6
        code, out, _ = editor("send", SLUG, "--to-failed", "--dry-run", "--list", "monthly")
        assert (code, "once more to 2 readers" in out) == (0, True)
        code, found = editor.json("send", SLUG, "--to-failed", "--dry-run")
        (one,) = found["sends"]
        assert (code, one["audience"], one["states"]["queued"]) == (0, 2, 2)
    assert len(server.accepted) == 2


def test_who_can_never_be_reached_is_not_tried_again(editor):
    editor.people(4)
    with Server(faults=[Fault("rcpt", "550", times=1)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        assert editor("retry")[0] == 0
        assert editor("send", SLUG)[0] == 0
    assert editor.counts()[DeliveryState.SUPPRESSED] == 1
    assert len(server.accepted) == 3


def test_what_is_uncertain_can_be_looked_up_in_the_servers_log_and_settled(editor):
    editor.people(5)
    with Server(faults=[Fault("dot", "vanish", times=2)]) as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 6
        assert "`newsletter resolve 1 --from-log FILE` asks its log" in err
        _, _, again = editor("send", SLUG, "--yes")
        assert "of 2 nobody knows whether they have it: `newsletter resolve 1`" in again
        _, found = editor.json("status", "1", "--show", "uncertain")
        doubtful = found["sends"][0]["deliveries"]
        assert {one["message_id"] for one in doubtful} <= set(server.ids())
        assert len(doubtful) == 2
        assert editor("resolve", "1", "--as", "sent")[0] == 0
        assert editor("resolve", "1", "--as", "resend")[0] == 5
    assert editor.counts()[DeliveryState.ACCEPTED] == 5
    assert len(server.accepted) == 5


def test_a_mail_log_settles_what_it_proves_and_nothing_else(editor, tmp_path):
    editor.people(6)
    with Server(faults=[Fault("dot", "vanish", times=2), Fault("dot", "drop", times=1)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        _, found = editor.json("status", "1", "--show", "uncertain")
        doubtful = [one["message_id"] for one in found["sends"][0]["deliveries"]]
        log = tmp_path / "mail.log"
        log.write_text(
            "".join(
                f"Jun 12 09:00:01 mx postfix/cleanup[1]: ABCD{number}: message-id={one}\n"
                f"Jun 12 09:00:01 mx postfix/qmgr[2]: ABCD{number}: from=<b@example.org>, nrcpt=1 (queue active)\n"
                for number, one in enumerate(server.ids())
            )
        )
        arrived = set(doubtful) & set(server.ids())
        assert editor("resolve", "1")[0] == 2
        code, _, err = editor("resolve", "1", "--from-log", str(log))
        assert (code, f"took {len(arrived)} messages." in err) == (0, True)
        assert editor.counts()[DeliveryState.UNCERTAIN] == len(doubtful) - len(arrived) == 1
        code, _, err = editor("resolve", "1", "--from-log", str(log), "--as", "resend")
        assert (code, "The log names none of these messages as taken." in err) == (0, True), err
        assert editor("send", SLUG)[0] == 0
    assert editor.agrees(server, 6) == {"accepted"}


def test_a_mail_log_tells_of_whom_an_older_copy_believes_that_they_wait(editor, tmp_path):
    """Else who goes on from such a copy sends to them again."""
    editor.people(9)
    with Server(faults=[Fault("mail", "550", skip=2, times=99)]) as server:
        editor.to(server)
        editor.settings("connections = 10", "connections = 1")
        assert editor("send", SLUG, "--yes")[0] == 1
        states = ("queued", "deferred")
        queued, deferred = (
            editor.json("status", "1", "--show", state)[1]["sends"][0]["deliveries"] for state in states
        )
        # Whoever is deferred would be waited for.
        taken = [queued[1], *deferred]
        log = tmp_path / "mail.log"
        log.write_text(
            "".join(
                f"Jun 12 09:00:01 mx postfix/cleanup[1]: ABCD{number}: message-id={one['message_id']}\n"
                f"Jun 12 09:00:01 mx postfix/qmgr[2]: ABCD{number}: from=<b@example.org>, nrcpt=1 (queue active)\n"
                for number, one in enumerate(taken)
            )
        )
        before = editor.counts()[DeliveryState.ACCEPTED]
        code, _, err = editor("resolve", "1", "--from-log", str(log))
        count = len(taken)
        assert (code, f"took {count} messages, {count} of which were still to be sent here." in err) == (0, True)
        assert editor.counts()[DeliveryState.ACCEPTED] == before + count
        assert sum(editor.counts().values()) == 9
        server.faults.clear()
        assert editor("resume", "1")[0] == 0
    assert editor.counts()[DeliveryState.ACCEPTED] == 9
    assert len(server.recipients()) == 9 - count
    assert not {one["email"] for one in taken} & set(server.recipients())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nov 28 13:00:00 mx sm-mta[7]: 3AS: from=<a@example.org>, msgid=<1.a@example.org>, stat=Sent\n",
        "Nov 28 13:00:00 mx postfix/smtpd[7]: connect from localhost[127.0.0.1]\n",
    ],
)
def test_a_file_that_is_no_log_of_messages_settles_nothing_and_lets_nobody_get_it_twice(editor, tmp_path, text):
    editor.people(3)
    with Server(faults=[Fault("dot", "vanish")]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
    (tmp_path / "other.log").write_text(text)
    code, _, err = editor("resolve", "1", "--from-log", str(tmp_path / "other.log"), "--as", "resend")
    assert (code, editor.counts()[DeliveryState.UNCERTAIN]) == (5, 1)
    assert "other.log: no line tells of a message as Postfix, Exim or sendmail write it" in err


def test_what_the_log_says_came_back_is_a_bounce_and_ends_the_address(editor, tmp_path):
    editor.people(3)
    with Server(faults=[Fault("dot", "vanish", times=1)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
    _, found = editor.json("status", "1", "--show", "uncertain")
    (doubtful,) = found["sends"][0]["deliveries"]
    log = tmp_path / "mail.log.gz"
    head, queue_id = "2025-06-12T09:00:01+02:00 mx postfix", "4C5wXk3Nz9zJpQ"
    said = "host mx[::1] said: 550 5.1.1 no such user (in reply to RCPT TO command)"
    with gzip.open(log, "wt") as file:
        file.write(f"{head}/cleanup[1]: {queue_id}: message-id={doubtful['message_id']}\n")
        file.write(f"{head}/smtp[2]: {queue_id}: to=<{doubtful['email']}>, dsn=5.1.1, status=bounced ({said})\n")
    code, out, err = editor("resolve", "1", "--from-log", str(log))
    assert (code, "took 1 message, and gave back 1 of them since." in err) == (0, True), err
    assert "Nothing is uncertain any more" in err
    assert editor.counts()[DeliveryState.ACCEPTED] == 3
    _, out, _ = editor("explain", doubtful["email"])
    assert "5.1.1" in out
    assert "suppressed" in out
    _, document = editor.json("report", SLUG)
    assert (document["outcome"]["accepted"], document["outcome"]["bounced"]) == (2, 1)
