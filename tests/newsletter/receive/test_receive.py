"""What comes back is read once, and changes something only where a key of ours proves what it is about."""

import asyncio
import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import wiring
from newsletter.cli.back import returning
from newsletter.files.workspace import find
from newsletter.mail import verp
from newsletter.mail.letterhead import NAMES, Names
from newsletter.receive import intake, refusals
from subscribers.event import Event, EventKind, Rule, ends_it
from subscribers.model import MailingList
from subscribers.store.back import events
from subscribers.store.file.open import transaction
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import deliveries
from subscribers.store.ledger.deliveries import Result
from subscribers.store.register import consents, lists, suppressions
from subscribers.token import Ring
from tests import blank, dovecot, readers, returns
from tests.roll import caller
from tests.shell import ended

NOW = datetime(2025, 6, 20, tzinfo=UTC)
RING = Ring((b"k" * 32,))
RULE = Rule()
HARD = ("550 5.1.1 User unknown", "5.1.1")
NAMING = ("550 5.1.1 <reader1@example.org>: User unknown", "5.1.1")
SOFT = ("452 4.2.2 Mailbox full", "4.2.2")


@pytest.fixture
def workspace(tmp_path):
    made = blank.letter(tmp_path / "letter")
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "cur").mkdir()
    settings = made.root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[mailbox]\nkind = "maildir"\npath = "{tmp_path / "box"}"\n', encoding="utf-8")
    return find(made.root)


@pytest.fixture
def connection(workspace):
    with wiring.people(workspace) as opened:
        readers.add(opened, 3)
        yield opened


@pytest.fixture
def sent(connection):
    """Send one issue to three readers, who all take it. Return the numbers of the deliveries."""
    return accepted(connection, "2025-06")


def accepted(connection, issue, state="accepted"):
    send = readers.freeze(connection, issue=issue)
    with transaction(connection):
        readers.tried(connection, send.id, 3, state)
    return [
        row[0] for row in connection.execute("SELECT id FROM deliveries WHERE send_id = ? ORDER BY id", (send.id,))
    ]


def bounce(delivery, said=HARD, ring=RING, whom="reader1@example.org", **more):
    """Return a report about a delivery, to the address that only its key makes."""
    address = verp.build("news.example.org", delivery, ring.derive(verp.PURPOSE))
    raw = returns.report(*said, whom=whom, **more).decode()
    return re.sub(r"bounce\+7-0{20}@news\.example\.org", address, raw).encode()


def named(message_id):
    """Return a report that names a message and no delivery."""
    return returns.report(*HARD, whom="reader1@example.org").replace(b"<7.aaaa@example.org>", message_id.encode())


def settle(connection, raw, now=NOW, **more):
    with transaction(connection):
        return intake.settle(
            connection, intake.understand(raw), ring=RING, source="mailbox", now=now, rule=RULE, **more
        )


def suppressed(connection):
    return {each.canonical: each.reason for each in suppressions.all(connection)}


def test_a_hard_bounce_that_is_proved_ours_ends_the_address(connection, sent) -> None:
    taken = settle(connection, bounce(sent[0], NAMING))
    assert (taken.kind, taken.proved, taken.suppressed, taken.issue) == ("hard", True, 1, "2025-06")
    assert suppressed(connection) == {"reader1@example.org": "bounce"}
    (told,) = events.of(connection, 1)
    assert (told.kind, told.reason, told.status) == ("hard", "userunknown", "5.1.1")
    assert told.text == "550 5.1.1 <(address)>: User unknown"


@pytest.mark.parametrize(
    "forge",
    [
        lambda sent: bounce(sent, ring=Ring((b"x" * 32,))),
        lambda sent: bounce(sent).replace(b"bounce+", b"bounced+"),
        lambda sent: returns.report(*HARD, whom="reader1@example.org"),
        lambda sent: returns.complaint(fields="Original-Rcpt-To: reader1@example.org"),
        lambda sent: b"From: reader1@example.org\nTo: news@example.org\nSubject: unsubscribe\n\n",
        lambda sent: bounce(999_999),
        lambda sent: named(f"<{sent}.{'0' * 20}@example.org>"),
        lambda sent: named(Names(RING.derive(verp.PURPOSE), "example.org").message_id(sent, NOW)),
    ],
)
def test_what_is_forged_changes_nothing(connection, sent, forge) -> None:
    before = list(connection.iterdump())
    taken = settle(connection, forge(sent[0]))
    assert not taken.proved
    changed = [line for line in connection.iterdump() if line not in before]
    assert all('INSERT INTO "received"' in line for line in changed), changed


def test_a_message_that_comes_twice_counts_once(connection, sent) -> None:
    raw = bounce(sent[0], SOFT)
    assert not settle(connection, raw).again
    assert settle(connection, raw).again
    assert len(events.of(connection, 1)) == 1


def test_a_complaint_ends_at_once_and_one_about_authentication_does_not(connection, sent) -> None:
    key = RING.derive(verp.PURPOSE)
    for delivery, kind in ((sent[0], "abuse"), (sent[1], "auth-failure")):
        raw = returns.complaint(kind).decode()
        own = verp.build("news.example.org", delivery, key)
        settle(connection, raw.replace("bounce+7-00000000000000000000@news.example.org", own).encode())
    assert suppressed(connection) == {"reader1@example.org": "complaint"}


def test_the_message_id_of_the_letter_proves_too(connection, sent) -> None:
    created = events.about(connection, sent[0]).created
    name = Names(RING.derive(NAMES), "example.org").message_id(sent[0], created)
    assert settle(connection, named(name)).suppressed == 1


def test_a_service_that_names_an_address_only_means_the_last_that_may_have_come(connection, sent) -> None:
    assert events.latest(connection, "reader1@example.org").delivery == sent[0]
    (never, *_) = accepted(connection, "2025-07", "refused")
    assert events.latest(connection, "reader1@example.org").delivery == sent[0]
    connection.execute("UPDATE deliveries SET state = 'uncertain' WHERE id = ?", (never,))
    assert events.latest(connection, "reader1@example.org").delivery == never


def test_a_full_mailbox_ends_only_after_several_letters_and_weeks(connection) -> None:
    for month in range(1, 4):
        (first, *_) = accepted(connection, f"2025-0{month}")
        settle(connection, bounce(first, SOFT), now=NOW + timedelta(days=30 * month))
        assert suppressed(connection) == ({} if month < 3 else {"reader1@example.org": "bounces"})


def test_a_letter_that_arrives_between_begins_the_count_anew(connection) -> None:
    for month in range(1, 6):
        (first, *_) = accepted(connection, f"2025-0{month}")
        if month != 3:
            settle(connection, bounce(first, SOFT), now=NOW + timedelta(days=30 * month))
    assert suppressed(connection) == {}


def test_a_week_of_holidays_ends_nobody(connection) -> None:
    for number in range(1, 6):
        (first, *_) = accepted(connection, f"issue-{number}")
        settle(connection, bounce(first, SOFT), now=NOW + timedelta(days=number))
    assert suppressed(connection) == {}


def test_a_block_an_answer_and_a_delay_touch_nobody(connection, sent) -> None:
    settle(connection, bounce(sent[0], ("554 5.7.1 looks like spam", "5.7.1")))
    settle(connection, bounce(sent[1], SOFT, action="delayed"))
    settle(connection, returns.away())
    assert suppressed(connection) == {}
    assert [told.kind for told in events.of(connection, 1)] == ["block"]
    assert events.of(connection, 2) == ()


def test_where_a_forwarded_address_fails_the_reader_stays(connection, sent) -> None:
    raw = bounce(sent[0], whom="elsewhere@harbour.example").replace(
        b"To: astrid@harbour.example", b"To: reader1@example.org"
    )
    assert b"To: reader1@example.org" in raw
    assert settle(connection, raw).proved
    assert suppressed(connection) == {}
    (told,) = events.of(connection, 1)
    assert (told.kind, told.reason, told.status) == ("soft", "forwarded", "5.1.1")


def test_where_a_forwarded_address_fails_again_and_again_the_reader_goes(connection) -> None:
    for number in range(3):
        (first, *_) = accepted(connection, f"2025-0{number + 1}")
        raw = bounce(first, whom="elsewhere@harbour.example")
        settle(connection, raw, NOW + timedelta(days=15 * number))
    assert suppressed(connection) == {"reader1@example.org": "bounces"}


def test_a_name_that_a_house_uses_inside_is_the_readers(connection, sent) -> None:
    assert settle(connection, bounce(sent[0], whom="u0017@mail.example.org")).suppressed == 1


def test_one_of_several_who_share_an_address_does_not_end_it(connection, sent) -> None:
    assert settle(connection, bounce(sent[0], whom="bo@example.org")).proved
    assert suppressed(connection) == {}
    assert settle(connection, bounce(sent[1], whom="READER2+news@example.org")).suppressed == 1


def test_a_delivery_that_was_uncertain_did_go_out_if_something_came_back(connection) -> None:
    (first, *_) = accepted(connection, "2025-06", "uncertain")
    settle(connection, bounce(first, SOFT))
    assert connection.execute("SELECT state FROM deliveries WHERE id = ?", (first,)).fetchone()[0] == "accepted"


def test_a_mail_to_the_letters_own_address_leaves_its_list(connection, sent) -> None:
    address = verp.build("news.example.org", sent[0], RING.derive(verp.PURPOSE))
    lists.ensure(connection, [MailingList("weekly", "Weekly")])
    connection.execute("INSERT INTO subscriptions SELECT list_id + 1, 1, status, since FROM subscriptions LIMIT 1")
    settle(connection, f"From: reader1@example.org\nTo: {address}\nSubject: unsubscribe\n\n".encode())
    status = "SELECT status FROM subscriptions WHERE subscriber_id = 1 ORDER BY list_id"
    assert [row[0] for row in connection.execute(status)] == ["unsubscribed", "confirmed"]
    assert [each.what for each in consents.of(connection, 1)] == ["withdraw"]
    answer = f"From: reader2@example.org\nTo: {address}\nSubject: Re: how to unsubscribe from things\n\n"
    assert settle(connection, answer.encode()).kind == "none"


def test_an_answer_leaves_the_list_if_it_comes_from_the_readers_own_address(connection, sent) -> None:
    created = events.about(connection, sent[0]).created
    answered = Names(RING.derive(NAMES), "example.org").message_id(sent[0], created)
    text = f"To: news@example.org\nSubject: Re: June\nIn-Reply-To: {answered}\n\nPlease remove me.\n"
    other = settle(connection, f"From: reader2@example.org\n{text}".encode())
    assert (other.kind, other.proved, other.leaving, other.personal) == ("unsubscribe", False, True, True)
    gone = "SELECT subscriber_id FROM subscriptions WHERE status = 'unsubscribed'"
    assert connection.execute(gone).fetchall() == []
    own = settle(connection, f"From: Reader <Reader1@example.org>\n{text}".encode())
    assert (own.proved, own.leaving, own.personal) == (True, False, False)
    assert [row[0] for row in connection.execute(gone)] == [1]


def test_what_servers_refused_when_we_sent_counts_as_well(connection) -> None:
    accepted(connection, "2025-06", "claimed")
    rows = [row[0] for row in connection.execute("SELECT id FROM deliveries ORDER BY id")]
    replies = (
        (550, "5.1.1", "<reader1@example.org> unknown"),
        (550, "", "no such user"),
        (554, "5.7.1", "policy"),
    )
    with transaction(connection):
        results = [
            Result(row, deliveries.DeliveryState.REFUSED, None, *reply)
            for row, reply in zip(rows, replies, strict=True)
        ]
        deliveries.note(connection, NOW, results=results)
        assert refusals.learn(connection, RULE) == 2
        assert refusals.learn(connection, RULE) == 0
    assert suppressed(connection) == {"reader1@example.org": "bounce", "reader2@example.org": "bounce"}
    assert [told.kind for told in events.of(connection, 3)] == ["block"]
    assert [told.text for told in events.of(connection, 1)] == ["550 5.1.1 <(address)> unknown"]


def test_whoever_is_erased_leaves_no_words_behind(connection, sent) -> None:
    from subscribers.store.register import people

    settle(connection, bounce(sent[0], SOFT))
    with transaction(connection):
        people.erase(connection, 1, [b"k" * 32], NOW)
    assert connection.execute("SELECT group_concat(text, '') FROM events").fetchone()[0] == ""
    assert not settle(connection, bounce(sent[0])).suppressed


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_is_decided(kind) -> None:
    event = Event(1, kind, NOW, "mailbox")
    assert ends_it(event, [NOW], RULE) == {"hard": "bounce", "complaint": "complaint"}.get(kind, "")


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


def test_the_command_reads_the_mailbox_and_the_next_send_leaves_them_out(
    run, workspace, connection, sent, tmp_path
):
    ring = wiring.ring(workspace)
    box = tmp_path / "box" / "new"
    (box / "1").write_bytes(bounce(sent[0], ring=ring))
    (box / "2").write_bytes(bounce(sent[1], SOFT, ring=ring, whom="reader2@example.org"))
    (box / "3").write_bytes(b"From: someone@example.org\nSubject: hello\n\nA fine issue.\n")
    told = json.loads(run("feedback", "read", "--json"))
    assert told == {
        "read": 3, "again": 0, "proved": 2, "suppressed": 1, "leaving": 0,
        "kinds": {"hard": 1, "soft": 1, "none": 1},
    }  # fmt: skip
    assert json.loads(run("feedback", "read", "--json"))["read"] == 0
    (listed,) = json.loads(run("suppressions", "list", "--json"))["suppressions"]
    assert listed["email"] == "reader1@example.org"
    assert "5.1.1" in listed["evidence"]
    assert "2025-06" in listed["evidence"]
    assert "hard userunknown 5.1.1" in run("subscribers", "show", "reader1@example.org")
    assert "not suppressed" in run("explain", "reader1@example.org")
    assert [row[1] for row in connection.execute("SELECT * FROM suppressions")] == ["reader1@example.org"]
    assert "nobody is here to ask" in run("suppressions", "remove", "reader1@example.org", code=2)
    run("suppressions", "remove", "reader1@example.org", "--yes")
    assert "is not suppressed" in run("suppressions", "remove", "reader1@example.org", "--yes", code=4)


def test_what_a_person_may_have_written_is_never_removed(run, workspace, sent, tmp_path) -> None:
    settings = workspace.root / "newsletter.toml"
    settings.write_text(f'{settings.read_text(encoding="utf-8")}after = "delete"\n', encoding="utf-8")
    box = tmp_path / "box"
    (box / "new" / "1").write_bytes(bounce(sent[0], ring=wiring.ring(workspace)))
    (box / "new" / "2").write_bytes(b"From: someone@example.org\nSubject: hello\n\nA fine issue.\n")
    (box / "new" / "3").write_bytes(b"From: someone@example.org\nSubject: Re: June\n\nPlease remove me.\n")
    assert "1 asks to leave without proof: see to them in the mailbox" in run("feedback", "read")
    assert sorted(path.name for path in box.glob("*/*")) == ["2:2,S", "3:2,S"]


def test_a_message_that_nobody_can_read_stays_and_those_behind_it_are_read(
    run, workspace, sent, tmp_path, monkeypatch
) -> None:
    box = tmp_path / "box"
    (box / "new" / "1").write_bytes(b"From: someone@example.org\nSubject: odd\n\nOdd.\n")
    (box / "new" / "2").write_bytes(bounce(sent[0], ring=wiring.ring(workspace)))

    def failing(raw, known=intake.classify):
        if b"Odd." in raw:
            raise ZeroDivisionError
        return known(raw)

    monkeypatch.setattr(intake, "classify", failing)
    assert json.loads(run("feedback", "read", "--json"))["kinds"] == {"none": 1, "hard": 1}
    assert json.loads(run("feedback", "read", "--json"))["read"] == 0
    assert (box / "cur" / "1:2,S").exists()


def test_one_message_is_read_from_a_pipe(workspace, connection, sent) -> None:
    assert piped(workspace, bounce(sent[0], ring=wiring.ring(workspace)))["suppressed"] == 1


def test_a_mailbox_file_of_many_is_read_whole(workspace, connection, sent) -> None:
    ring = wiring.ring(workspace)
    found = [
        bounce(delivery, ring=ring, whom=f"reader{number}@example.org") for number, delivery in enumerate(sent, 1)
    ]
    raw = b"".join(b"From MAILER-DAEMON Thu Jun 12 10:00:00 2025\n" + each + b"\n" for each in found)
    told = piped(workspace, raw)
    assert (told["read"], told["proved"], told["suppressed"]) == (3, 3, 3)
    assert piped(workspace, raw)["again"] == 3


def test_where_nothing_comes_by_the_pipe_no_message_was_read(workspace) -> None:
    assert piped(workspace, b"")["read"] == piped(workspace, b"\n")["read"] == 0


def piped(workspace, raw):
    command = [sys.executable, "-m", "newsletter", "--workspace", str(workspace.root), "feedback", "read", "-"]
    done = subprocess.run([*command, "--json"], input=raw, capture_output=True, timeout=60, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("folder", ["new", "cur"])
def test_a_mailbox_that_cannot_be_read_is_told_in_one_line(run, workspace, tmp_path, folder) -> None:
    (tmp_path / "box" / folder).rmdir()
    assert "this is no Maildir; set [mailbox] path" in run("feedback", "read", code=1)
    settings = workspace.root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.partition("[mailbox]")[0], encoding="utf-8")
    assert "there is no [mailbox]" in run("feedback", "read", code=1)


#: A file that nobody can read from its beginning.
UNREADABLE = "/proc/self/mem"


def test_a_message_that_cannot_be_read_hides_none_of_the_others(workspace, sent, tmp_path, capfd) -> None:
    box = tmp_path / "box" / "new"
    (box / "1").symlink_to(UNREADABLE)
    (box / "2").write_bytes(bounce(sent[0], ring=wiring.ring(workspace)))
    ended("--workspace", str(workspace.root), "feedback", "read")
    said = capfd.readouterr().err
    assert "Read 1 message (1 hard), 1 proved to be about our letters; 1 reader given up by it." in said
    assert "new/1: Input/output error" in said


def test_serve_says_that_a_mailbox_is_read_again_once_it_is(workspace, sent, tmp_path) -> None:
    here, said = find(workspace.root), []
    box = tmp_path / "box" / "new"
    (box / "1").symlink_to(UNREADABLE)
    (box / "2").write_bytes(bounce(sent[0], ring=wiring.ring(here)))

    async def nobody(words, told):
        raise AssertionError(words)

    async def play():
        stop = asyncio.Event()
        with Writer(here.people) as writer:
            reading = asyncio.create_task(
                returning.keep_reading(here, writer, stop, said.append, nobody, rest=0.05)
            )
            await asyncio.sleep(1)
            (box / "1").unlink()
            async with asyncio.timeout(30):
                while not said[-1].endswith("read again."):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            stop.set()
            await reading

    asyncio.run(play())
    assert [line.partition(",")[0].partition(":")[0] for line in said] == [
        "Read 1 message (1 hard)",
        "What comes back is not read",
        "What comes back is read again.",
    ]


@pytest.mark.dovecot
def test_a_connection_that_breaks_is_opened_anew_and_nothing_is_lost(
    workspace, connection, sent, monkeypatch
) -> None:
    with dovecot.running() as server, dovecot.line(server.port) as (port, cut):
        settings = workspace.root / "newsletter.toml"
        text = settings.read_text(encoding="utf-8").partition("[mailbox]")[0]
        settings.write_text(
            f'{text}[mailbox]\nkind = "imap"\nhost = "localhost"\nport = {port}\ntls = "starttls"\n'
            f'username = "{dovecot.USER}"\npassword_env = "BOX"\nauthority = "{server.authority}"\n',
            encoding="utf-8",
        )
        monkeypatch.setenv("BOX", dovecot.PASSWORD)
        here, said = find(workspace.root), []

        def deliver(number):
            raw = bounce(sent[number], SOFT, ring=wiring.ring(here), whom=f"reader{number + 1}@example.org")
            (server.maildir / "tmp" / f"{number}.host").write_bytes(raw)
            (server.maildir / "tmp" / f"{number}.host").rename(server.maildir / "new" / f"{number}.host")

        def wait_for(reader):
            with wiring.people(here) as looking:
                until = time.monotonic() + 60
                while not events.of(looking, reader) and time.monotonic() < until:
                    time.sleep(0.05)

        async def nobody(words, told):
            raise AssertionError(words)

        async def play():
            stop = asyncio.Event()
            with Writer(here.people) as writer:
                reading = asyncio.create_task(
                    returning.keep_reading(here, writer, stop, said.append, nobody, rest=0.3)
                )
                for number in range(3):
                    deliver(number)
                    await asyncio.to_thread(wait_for, number + 1)
                    cut()
                stop.set()
                async with asyncio.timeout(30):
                    await reading

        asyncio.run(play())
    assert [len(events.of(connection, number)) for number in (1, 2, 3)] == [1, 1, 1], said
    received = connection.execute("SELECT count(*) FROM received").fetchone()[0]
    assert received == 3, "one that was cut off before it was marked is known again"


def test_many_blocks_are_told_once_with_the_way_to_look(run, workspace, connection, tmp_path, capfd) -> None:
    ring = wiring.ring(workspace)
    for number, delivery in enumerate(accepted(connection, "2025-06")):
        raw = bounce(delivery, ("554 5.7.1 looks like spam", "5.7.1"), ring=ring)
        (tmp_path / "box" / "new" / f"{number}").write_bytes(raw)
    ended("--workspace", str(workspace.root), "feedback", "read")
    said = capfd.readouterr().err
    assert "Send 1 of 2025-06: of 3 letters, 3 came back because of us (taken for spam)." in said
    assert "complained" not in said
    (tmp_path / "box" / "new" / "9").write_bytes(returns.away())
    assert suppressed(connection) == {}
    found = connection.execute("SELECT digest FROM received WHERE kind = 'alarm'").fetchall()
    assert [row["digest"] for row in found] == ["alarm 1"]
    assert returning.alarms(connection) == []
