"""Planning as an editor does it: the dry run says when, and the sender does just that."""

import json
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import wiring
from newsletter.send.run import RATION
from subscribers.store import deliveries, paces
from tests.newsletter.test_cli_send import SLUG, Letter
from tests.smtpserver import Server


@pytest.fixture
def letter(tmp_path, capfd):
    return Letter(tmp_path, capfd)


def add(letter, lines):
    path = letter.root / "newsletter.toml"
    path.write_text(f"{path.read_text()}\n{lines}")
    letter.workspace = type(letter.workspace)(letter.root)


def zones(letter, **by_number):
    with closing(wiring.people(letter.workspace)) as connection:
        for number, zone in by_number.items():
            connection.execute(
                "UPDATE subscribers SET attributes = ? WHERE id = ?",
                (json.dumps({"timezone": zone}), int(number.removeprefix("r"))),
            )


def send_at(letter, text):
    path = letter.root / "issues" / SLUG / "issue.md"
    path.write_text(path.read_text().replace("---\n", f"---\nsend_at: {text}\n", 1))


def closed_now():
    """Return a window that is not now, and opens in a few hours."""
    opens = datetime.now(UTC) + timedelta(hours=5)
    return f'[hours]\nwindows = ["{opens:%H}:00-{opens:%H}:30"]'


def test_the_dry_run_shows_hours_domains_and_who_does_not_get_it(letter):
    letter.people(40)
    letter.settings("Europe/Stockholm", "UTC")
    with closing(wiring.people(letter.workspace)) as connection:
        connection.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id <= 3")
        connection.execute("UPDATE subscriptions SET status = 'pending' WHERE subscriber_id = 4")
    add(letter, "[hours]\nwarm_up = [10, 20]")
    code, out, _ = letter("send", SLUG, "--dry-run", "--at", "2099-06-12T09:00", "--deadline", "2099-06-13T23:00")
    assert code == 0
    assert "Fri 2099-06-12 09:00" in out
    assert "█" in out
    assert "example.org 10" in out
    assert "unsubscribed" in out
    assert "The last one leaves about 2099-06-14 00:00 UTC" in out
    assert "6 would be after the deadline" in out
    _, found = letter.json("send", SLUG, "--dry-run", "--at", "2099-06-12T09:00")
    (one,) = found["sends"]
    assert one["left_out"] == {"unsubscribed": 3, "not confirmed": 1}
    assert [(hour["start"], hour["count"]) for hour in one["plan"]["hours"]] == [
        ("2099-06-12T09:00:00+00:00", 10),
        ("2099-06-13T00:00:00+00:00", 20),
        ("2099-06-14T00:00:00+00:00", 6),
    ]
    assert one["plan"]["hours"][0]["domains"] == {"example.org": 10}
    assert one["plan"]["starts"] == "2099-06-12T09:00:00+00:00"
    with closing(wiring.people(letter.workspace)) as connection:
        assert connection.execute("SELECT count(*) FROM sends").fetchone()[0] == 0


def test_the_sender_obeys_the_days_most_and_remembers_it(letter):
    letter.people(30)
    add(letter, "[hours]\nwarm_up = [12]\ndaily_cap = 50")
    with Server() as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
        assert (code, len(server.accepted)) == (6, 12)
        assert "The next letters may leave at" in err
        assert "as [hours] says" in err
        assert letter("send", SLUG, "--yes")[0] == 6
        assert len(server.accepted) == 12
        # The day after is another day.
        with closing(wiring.people(letter.workspace)) as connection:
            connection.execute("UPDATE rations SET part = part - 1 WHERE name = ?", (RATION,))
        assert letter("send", SLUG, "--yes")[0] == 0
    assert letter.agrees(server, 30) == {"accepted"}
    with closing(wiring.people(letter.workspace)) as connection:
        assert sorted(paces.used(connection, RATION).values()) == [12, 18]


def test_outside_its_window_nothing_leaves(letter):
    letter.people(5)
    letter.settings("Europe/Stockholm", "UTC")
    add(letter, closed_now())
    with Server() as server:
        letter.to(server)
        code, _, err = letter("send", SLUG, "--yes")
    assert (code, server.accepted) == (6, [])
    assert ":00 UTC, as [hours] says" in err
    assert letter.counts()["queued"] == 5


def test_each_reader_gets_it_at_nine_where_they_are(letter):
    letter.people(6)
    letter.settings("Europe/Stockholm", "UTC")
    zones(letter, r1="Etc/GMT-3", r2="Etc/GMT-3", r3="Etc/GMT+4", r4="No/Where")
    local = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0, tzinfo=None)
    send_at(letter, local.isoformat())
    _, found = letter.json("send", SLUG, "--dry-run")
    hours = found["sends"][0]["plan"]["hours"]
    assert [hour["count"] for hour in hours] == [2, 3, 1]
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes")[0] == 6
    # Where it is three hours later than here, that time has passed: they get it now.
    assert sorted(server.recipients()) == ["reader1@example.org", "reader2@example.org"]
    with closing(wiring.people(letter.workspace)) as connection:
        rows = connection.execute("SELECT subscriber_id, due FROM deliveries WHERE state = 'queued' ORDER BY 1")
        due = {row[0]: datetime.fromisoformat(row[1]) for row in rows}
        here = local.replace(tzinfo=UTC)
        assert due == {3: here + timedelta(hours=4), 4: here, 5: here, 6: here}
        assert deliveries.wakes(connection, 1) == here


def test_a_time_with_an_offset_is_one_moment_for_all(letter):
    letter.people(4)
    zones(letter, r1="Asia/Tokyo")
    send_at(letter, "2099-06-12T09:00:00+00:00")
    _, found = letter.json("send", SLUG, "--dry-run")
    assert [hour["count"] for hour in found["sends"][0]["plan"]["hours"]] == [4]
    assert letter("send", SLUG, "--yes")[1].startswith("Send 1 of 0001-hello is scheduled for 2099-06-12 11:00")


def test_after_the_deadline_the_send_pauses(letter):
    letter.people(8)
    with Server(delay=0.05) as server:
        letter.to(server)
        letter.settings("connections = 10", 'connections = 1\nrate = "2/second"')
        code, _, err = letter("send", SLUG, "--yes", "--deadline", "+1m")
        assert code == 0, err
    assert letter("send", SLUG, "--dry-run", "--at", "+2h", "--deadline", "+1h")[0] == 2
    assert "start after its deadline" in letter("send", SLUG, "--dry-run", "--at", "+2h", "--deadline", "+1h")[2]


def test_a_deadline_that_passed_is_why_it_pauses(letter):
    letter.people(3)
    add(letter, closed_now())
    letter.settings("Europe/Stockholm", "UTC")
    with Server() as server:
        letter.to(server)
        assert letter("send", SLUG, "--yes", "--deadline", "+1m")[0] == 6
        with closing(wiring.people(letter.workspace)) as connection:
            past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
            connection.execute("UPDATE sends SET rule = json_set(rule, '$.deadline', ?)", (past,))
        code, _, err = letter("send", SLUG, "--yes")
        assert (code, server.accepted) == (1, [])
        assert "the deadline has passed" in err
        # Who resumes it knows that it is late.
        path = letter.root / "newsletter.toml"
        path.write_text(path.read_text().partition("[hours]")[0])
        assert letter("resume")[0] == 0
    assert len(server.accepted) == 3


def test_status_says_what_holds_mail_up(letter):
    """The routes' rations and who asked for patience: for people and for programs, and the dry run counts it."""
    letter.people(30)
    letter.settings("Europe/Stockholm", "UTC")
    letter.settings("connections = 10", 'connections = 10\nrate = ["50/day", "20/second"]')
    now = datetime.now(UTC)
    with closing(wiring.people(letter.workspace)) as connection:
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
    _, found = letter.json("status")
    assert found["sends"] == []
    (route,) = found["routes"]
    assert route["used"] == [{"count": 45, "of": 50, "seconds": 86400}]
    assert route["slowed"]["rate"] == pytest.approx(4, abs=0.5)
    assert [one["domain"] for one in found["slowed"]] == ["slower.example", "slow.example"]
    assert found["slowed"][1]["rate"] == pytest.approx(0.1 * 2**0.5, abs=0.01)
    assert datetime.fromisoformat(found["slowed"][0]["since"]) == now.replace(microsecond=0)
    _, found = letter.json("send", SLUG, "--dry-run")
    hours = found["sends"][0]["plan"]["hours"]
    assert hours[0]["count"] == 5
    assert sum(hour["count"] for hour in hours) == 30
    with Server() as server:
        letter.to(server)
        sender = letter.start("send", SLUG, "--yes")
        try:
            while "50 of 50" not in (shown := letter("status", SLUG)[1]) and sender.poll() is None:
                time.sleep(0.05)
            letter("pause", "1")
            watched = letter("status", "--watch")[1]
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
