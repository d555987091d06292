"""Planning as an editor does it: the dry run says when, and the sender does just that."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import wiring
from newsletter.send.standing import RATION
from subscribers.status import DeliveryState
from subscribers.store.ledger import census, paces
from tests.editor import SLUG
from tests.smtpserver import Server


def add(editor, lines):
    path = editor.root / "newsletter.toml"
    path.write_text(f"{path.read_text()}\n{lines}")
    editor.workspace = type(editor.workspace)(editor.root)


def zones(editor, **by_number):
    with wiring.people(editor.workspace) as connection:
        for number, zone in by_number.items():
            connection.execute(
                "UPDATE subscribers SET attributes = ? WHERE id = ?",
                (json.dumps({"timezone": zone}), int(number.removeprefix("r"))),
            )


def send_at(editor, text):
    path = editor.root / "issues" / SLUG / "issue.md"
    path.write_text(path.read_text().replace("---\n", f"---\nsend_at: {text}\n", 1))


def closed_now():
    """Return a window that is not now, and opens in a few hours."""
    opens = datetime.now(UTC) + timedelta(hours=5)
    return f'[hours]\nwindows = ["{opens:%H}:00-{opens:%H}:30"]'


def test_the_dry_run_shows_hours_domains_and_who_does_not_get_it(editor):
    editor.people(40)
    editor.settings("Europe/Stockholm", "UTC")
    with wiring.people(editor.workspace) as connection:
        connection.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id <= 3")
        connection.execute("UPDATE subscriptions SET status = 'pending' WHERE subscriber_id = 4")
    add(editor, "[hours]\nwarm_up = [10, 20]")
    code, out, _ = editor("send", SLUG, "--dry-run", "--at", "2099-06-12T09:00", "--deadline", "2099-06-13T23:00")
    assert code == 0
    assert "Fri 2099-06-12 09:00" in out
    assert "█" in out
    assert "example.org 10" in out
    assert "unsubscribed" in out
    assert "The last one leaves about 2099-06-14 00:00 UTC" in out
    assert "6 would be after the deadline" in out
    _, found = editor.json("send", SLUG, "--dry-run", "--at", "2099-06-12T09:00")
    (one,) = found["sends"]
    assert one["left_out"] == {"unsubscribed": 3, "not confirmed": 1}
    assert [(hour["start"], hour["count"]) for hour in one["plan"]["hours"]] == [
        ("2099-06-12T09:00:00+00:00", 10),
        ("2099-06-13T00:00:00+00:00", 20),
        ("2099-06-14T00:00:00+00:00", 6),
    ]
    assert one["plan"]["hours"][0]["domains"] == {"example.org": 10}
    assert one["plan"]["starts"] == "2099-06-12T09:00:00+00:00"
    with wiring.people(editor.workspace) as connection:
        assert connection.execute("SELECT count(*) FROM sends").fetchone()[0] == 0


def test_the_sender_obeys_the_days_most_and_remembers_it(editor):
    editor.people(30)
    add(editor, "[hours]\nwarm_up = [12]\ndaily_cap = 50")
    with Server() as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert (code, len(server.accepted)) == (6, 12)
        assert "The next letters may leave at" in err
        assert "as [hours] says" in err
        assert editor("send", SLUG, "--yes")[0] == 6
        assert len(server.accepted) == 12
        # The day after is another day.
        with wiring.people(editor.workspace) as connection:
            connection.execute("UPDATE rations SET part = part - 1 WHERE name = ?", (RATION,))
        assert editor("send", SLUG, "--yes")[0] == 0
    assert editor.agrees(server, 30) == {"accepted"}
    with wiring.people(editor.workspace) as connection:
        assert sorted(paces.used(connection, RATION).values()) == [12, 18]


def test_what_a_killed_sender_only_claimed_counts_for_no_day(editor):
    editor.people(200)
    add(editor, "[hours]\ndaily_cap = 120")
    editor.settings("connections = 10", "connections = 2")
    with Server(delay=0.02) as server:
        editor.to(server)
        sender = editor.sending(server, 8)
        sender.kill()
        sender.communicate()
        assert len(server.accepted) < 100
        assert editor("send", SLUG, "--yes")[0] == 6
        doubtful = editor.counts()[DeliveryState.UNCERTAIN]
        assert 120 - doubtful <= len(server.accepted) <= 120
    with wiring.people(editor.workspace) as connection:
        assert list(paces.used(connection, RATION).values()) == [120]


def test_outside_its_window_nothing_leaves(editor):
    editor.people(5)
    editor.settings("Europe/Stockholm", "UTC")
    add(editor, closed_now())
    with Server() as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
    assert (code, server.accepted) == (6, [])
    assert ":00 UTC, as [hours] says" in err
    assert editor.counts()["queued"] == 5


def test_each_reader_gets_it_at_nine_where_they_are(editor):
    editor.people(6)
    editor.settings("Europe/Stockholm", "UTC")
    zones(editor, r1="Etc/GMT-3", r2="Etc/GMT-3", r3="Etc/GMT+4", r4="No/Where")
    local = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
    send_at(editor, local.isoformat())
    _, found = editor.json("send", SLUG, "--dry-run")
    hours = found["sends"][0]["plan"]["hours"]
    assert [hour["count"] for hour in hours] == [2, 3, 1]
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
    # Where it is three hours later than here, that time has passed: they get it now.
    assert sorted(server.recipients()) == ["reader1@example.org", "reader2@example.org"]
    with wiring.people(editor.workspace) as connection:
        rows = connection.execute("SELECT subscriber_id, due FROM deliveries WHERE state = 'queued' ORDER BY 1")
        due = {row[0]: datetime.fromisoformat(row[1]) for row in rows}
        here = local.replace(tzinfo=UTC)
        assert due == {3: here + timedelta(hours=4), 4: here, 5: here, 6: here}
        assert census.wakes(connection, 1) == here
    assert "the next reader's time comes at" in editor("status", "1")[1]


def test_a_send_at_each_readers_own_hour_says_so(editor):
    editor.people(2)
    editor.settings("Europe/Stockholm", "UTC")
    send_at(editor, "2099-06-12T09:00:00")
    assert "own" not in editor("send", SLUG, "--yes")[2], "nobody named a zone of their own"
    editor("cancel", "1")
    zones(editor, r1="Asia/Tokyo")
    _, out, err = editor("send", SLUG, "--yes")
    assert out == "Send 2 of 0001-hello is scheduled for 2099-06-12 00:00 UTC.\n"
    assert "It goes out at each reader's own 2099-06-12 09:00: that is when the first of them get it." in err


def test_a_time_with_an_offset_is_one_moment_for_all(editor):
    editor.people(4)
    zones(editor, r1="Asia/Tokyo")
    send_at(editor, "2099-06-12T09:00:00+00:00")
    _, found = editor.json("send", SLUG, "--dry-run")
    assert [hour["count"] for hour in found["sends"][0]["plan"]["hours"]] == [4]
    assert editor("send", SLUG, "--yes")[1].startswith("Send 1 of 0001-hello is scheduled for 2099-06-12 11:00")


def test_after_the_deadline_the_send_pauses(editor):
    editor.people(8)
    with Server(delay=0.05) as server:
        editor.to(server)
        editor.settings("connections = 10", 'connections = 1\nrate = "2/second"')
        code, _, err = editor("send", SLUG, "--yes", "--deadline", "+1m")
        assert code == 0, err
    assert editor("send", SLUG, "--dry-run", "--at", "+2h", "--deadline", "+1h")[0] == 2
    assert "start after its deadline" in editor("send", SLUG, "--dry-run", "--at", "+2h", "--deadline", "+1h")[2]


def test_serve_says_that_a_deadline_has_passed_and_what_to_do(editor):
    editor.people(3)
    with Server(delay=0.05) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes", "--at", "+1d", "--deadline", "+2d")[0] == 0
        with wiring.people(editor.workspace) as connection:
            past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
            connection.execute("UPDATE sends SET rule = json_set(rule, '$.deadline', ?), due = ?", (past, past))
        said = []
        editor.serve(lambda: any("paused" in words for words in said), said=said)
    assert server.accepted == []
    assert said[-1] == (
        f"Send 1: {SLUG} is paused: 3 queued. It stopped because: the deadline has passed; "
        "`newsletter resume 1` sends it to the others all the same, `newsletter cancel 1` ends it."
    )


def test_a_deadline_that_passed_is_why_it_pauses(editor):
    editor.people(3)
    add(editor, closed_now())
    editor.settings("Europe/Stockholm", "UTC")
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes", "--deadline", "+1m")[0] == 6
        with wiring.people(editor.workspace) as connection:
            past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
            connection.execute("UPDATE sends SET rule = json_set(rule, '$.deadline', ?)", (past,))
        code, _, err = editor("send", SLUG, "--yes")
        assert (code, server.accepted) == (6, [])
        assert "It is paused, as the deadline has passed: `newsletter resume 1` sends it to the others" in err
        # The same command again, from a script maybe, does not send it late.
        code, _, err = editor("send", SLUG, "--yes")
        assert (code, server.accepted) == (5, [])
        assert "the deadline has passed; `newsletter resume 1` sends it to the others all the same" in err
        # Who resumes it knows that it is late.
        path = editor.root / "newsletter.toml"
        path.write_text(path.read_text().partition("[hours]")[0])
        assert editor("resume")[0] == 0
    assert len(server.accepted) == 3


def test_status_says_what_holds_mail_up(editor):
    """The routes' rations and who asked for patience: for people and for programs, and the dry run counts it."""
    editor.people(30)
    editor.settings("Europe/Stockholm", "UTC")
    editor.settings("connections = 10", 'connections = 10\nrate = ["50/day", "20/second"]')
    now = datetime.now(UTC)
    with wiring.people(editor.workspace) as connection:
        paces.use(connection, "catcher/86400", {int(now.timestamp() // 1440): 45}, 0)
        paces.learn(connection, "route/old", 1.0, now - timedelta(days=1))
        paces.learn(connection, "route/catcher", 4.0, now)
        paces.learn(connection, "route/gone", 4.0, now)
        for name, rate, ago in (
            ("slow.example", 0.1, 5),
            ("slower.example", 0.05, 0),
            ("well.example", 900.0, 30),
        ):
            paces.learn(connection, name, rate, now - timedelta(minutes=ago))
    _, found = editor.json("status")
    assert found["sends"] == []
    (route,) = found["routes"]
    assert route["used"] == [{"count": 45, "of": 50, "seconds": 86400}]
    assert route["slowed"]["rate"] == pytest.approx(4, abs=0.5)
    assert [one["domain"] for one in found["slowed"]] == ["slower.example", "slow.example"]
    assert found["slowed"][1]["rate"] == pytest.approx(0.1 * 2**0.5, abs=0.01)
    assert datetime.fromisoformat(found["slowed"][0]["since"]) == now.replace(microsecond=0)
    _, found = editor.json("send", SLUG, "--dry-run")
    hours = found["sends"][0]["plan"]["hours"]
    assert hours[0]["count"] == 5
    assert sum(hour["count"] for hour in hours) == 30
    with Server() as server:
        editor.to(server)
        sender = editor.start("send", SLUG, "--yes")
        try:
            while len(server.accepted) < 5 and sender.poll() is None:
                time.sleep(0.05)
            while "50 of 50" not in (shown := editor("status", SLUG)[1]) and sender.poll() is None:
                time.sleep(0.05)
            editor("pause", "1")
            watched = editor("status", "--watch")[1]
        finally:
            sender.communicate(timeout=30)
    for out in (shown, watched):
        assert "route catcher: 50 of 50 a day used" in out, out
        assert f"route catcher asked for patience at {now:%Y-%m-%d %H:%M} UTC: 4 a second now" in out
        assert "slower.example asked for patience at" in out
        assert ": 3 a minute now" in out
        assert "well.example" not in out
        assert "gone" not in out
    assert len(server.accepted) == 5


def test_a_plan_for_nobody_says_why_and_draws_no_empty_table(editor):
    editor.people(1)
    code, out, err = editor("send", SLUG, "--dry-run", "--segment", "language = 'fi'")
    assert code == 0
    assert out.splitlines()[0] == f"{SLUG} would go to 0 readers of monthly. Nothing is sent."
    assert not {"language  readers", "variant  readers", "domain  readers"} & set(out.splitlines())
    assert "Nobody is in the audience: look whom `newsletter segments count` finds for: language = 'fi'." in err
