"""Laws of a new address: the reader keeps what they chose, gets each letter once, and the ledger says why."""

import json
from datetime import UTC, date, datetime

import pytest

from newsletter.cli import wiring
from subscribers.event import Event, EventKind, Rule
from subscribers.model import Suppression
from subscribers.status import Frequency
from subscribers.store.back import events
from subscribers.store.register import people, suppressions, wishes
from subscribers.wishes import Wishes
from tests.editor import SLUG
from tests.smtpserver import Server

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OLD, NEW = "anna@example.org", "anna@work.example.org"


@pytest.fixture
def anna(editor):
    add = ["subscribers", "add", OLD, "--list", "monthly", "--name", "Anna Berg", "--language", "sv"]
    editor(*add, "--topic", "business", "--set", "city=Solna", "--consent", "paper form")
    return editor


def move(editor, old=OLD, new=NEW):
    return editor("subscribers", "move", old, new, "--reason", "her mail of 3 May")


def about(editor, email):
    return editor.json("subscribers", "show", email)[1]


def test_what_a_reader_chose_comes_along_and_the_old_address_leaves(anna):
    before = about(anna, OLD)
    code, out, _ = move(anna)
    assert (code, out) == (0, f"{NEW} is confirmed in monthly; {OLD} has left.\n")
    after = about(anna, NEW)
    for key in ("name", "language", "topics", "attributes", "joined"):
        assert after[key] == before[key], key
    assert "unsubscribed" in anna("subscribers", "show", OLD)[1]
    assert "her mail of 3 May" in anna("consent", "show", NEW)[1]
    assert "her mail of 3 May" in anna("consent", "show", OLD)[1]
    assert OLD not in anna("consent", "show", NEW)[1], "to forget the one must forget it everywhere"
    assert anna("consent", "verify")[0] == 0


def test_a_move_that_was_made_changes_nothing_when_it_is_said_again(anna):
    move(anna)
    before = anna("consent", "show", NEW)[1]
    code, out, _ = move(anna)
    assert (code, out) == (0, f"{OLD} moved to {NEW} before, so nothing changed.\n")
    assert anna("consent", "show", NEW)[1] == before


def test_who_rests_from_letters_rests_at_the_new_address_too(anna):
    wished = Wishes(Frequency.YEARLY, date(2026, 12, 24))
    with wiring.people(anna.workspace) as connection:
        old = people.by_address(connection, OLD)
        wishes.choose(connection, old.id, wished)
    move(anna)
    with wiring.people(anna.workspace) as connection:
        assert wishes.of(connection, people.by_address(connection, NEW).id) == wished


def test_who_asks_what_is_known_or_to_be_forgotten_is_known_by_each_address(anna):
    for other in ("bo@example.org", "cia@example.org"):
        anna("subscribers", "add", other, "--list", "monthly", "--consent", "paper form")
    move(anna, old="bo@example.org", new="bo@work.example.org")
    move(anna)
    third = "anna@home.example.org"
    move(anna, old=NEW, new=third)
    assert others(anna, NEW) == [OLD, third]
    assert others(anna, third) == [OLD, NEW]
    told = anna("subscribers", "erase", third, "--yes")[2]
    assert f"They also had the address {OLD}: `newsletter subscribers erase {OLD}` forgets that, too." in told
    assert NEW in told
    assert others(anna, NEW) == [OLD]
    anna("subscribers", "erase", OLD, "--yes")
    assert others(anna, NEW) == []


def test_the_next_letter_comes_once_to_the_new_address(anna):
    move(anna)
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
    assert anna.json("status", "1", "--show", "accepted")[1]["sends"][0]["deliveries"][0]["email"] == NEW
    assert anna.json("status")[1]["sends"][0]["audience"] == 1


def test_what_comes_back_late_from_the_old_address_does_not_touch_the_new(anna):
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
    move(anna)
    connection = wiring.opened(anna.workspace)
    (delivery,) = connection.execute("SELECT id FROM deliveries").fetchone()
    events.record(connection, Event(delivery, EventKind.HARD, NOW, "test"), Rule())
    connection.close()
    told = anna("suppressions", "list")[1]
    assert OLD in told
    assert NEW not in told


def test_a_letter_that_was_read_at_the_old_address_does_not_come_again(anna):
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
        move(anna)
        anna("subscribers", "add", "bo@example.org", "--list", "monthly", "--consent", "paper form")
        anna("send", SLUG, "--to-new", "--yes")
    assert [one["email"] for one in sent(anna, 2)] == ["bo@example.org"]


def test_a_letter_does_not_come_again_however_often_its_reader_moved(anna):
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
        home = "anna@home.example.org"
        for old, new in ((OLD, NEW), (NEW, home), (home, "anna@sea.example.org")):
            move(anna, old, new)
        anna("subscribers", "add", "bo@example.org", "--list", "monthly", "--consent", "paper form")
        anna("send", SLUG, "--to-new", "--yes")
    assert [one["email"] for one in sent(anna, 2)] == ["bo@example.org"]


def test_no_report_takes_a_new_address_for_a_reader_who_left(anna):
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
    before = anna.json("report", SLUG)[1]
    move(anna)
    after = anna.json("report", SLUG)[1]
    assert (after["unsubscribed"], after["growth"]) == (before["unsubscribed"], before["growth"])
    assert (after["growth"][-1]["joined"], after["growth"][-1]["left"]) == (1, 0)
    anna("subscribers", "unsubscribe", NEW)
    assert anna.json("report", SLUG)[1]["growth"][-1]["left"] == 1


def test_a_letter_that_came_back_from_the_old_address_comes_to_the_new(anna):
    with Server() as server:
        anna.to(server)
        anna("send", SLUG, "--yes")
        with wiring.people(anna.workspace) as connection:
            (delivery,) = connection.execute("SELECT id FROM deliveries").fetchone()
            events.record(connection, Event(delivery, EventKind.HARD, NOW, "test"), Rule())
        move(anna)
        anna("send", SLUG, "--to-new", "--yes")
    assert [one["email"] for one in sent(anna, 2)] == [NEW]


def others(editor, email):
    return json.loads(editor("subscribers", "export", email)[1])["other_addresses"]


def sent(editor, number):
    return editor.json("status", str(number), "--show", "accepted")[1]["sends"][0]["deliveries"]


def test_an_address_that_came_back_can_move_and_one_that_complained_cannot(anna):
    connection = wiring.opened(anna.workspace)
    for why, code in (("complaint", 5), ("bounce", 0)):
        suppressions.add(connection, Suppression(OLD, why, "", NOW))
        assert move(anna)[0] == code
        suppressions.remove(connection, OLD)
    connection.close()


@pytest.mark.parametrize(
    ("prepare", "new", "words"),
    [
        (["subscribers", "add", NEW, "--list", "monthly"], NEW, "somebody has the address"),
        (["subscribers", "suppress", NEW, "--reason", "asked"], NEW, "never mailed again"),
        (["lists"], OLD, "somebody has the address"),
        (["subscribers", "unsubscribe", OLD], NEW, "confirmed in no list"),
    ],
)
def test_what_cannot_be_moved_is_told_and_nothing_changes(anna, prepare, new, words):
    anna(*prepare)
    before = anna("subscribers", "list")[1]
    code, _, err = move(anna, new=new)
    assert code == 5
    assert words in err
    assert anna("subscribers", "list")[1] == before
