"""Laws of who joined and who left: each counts once, by how they came and went, and who only asked does not."""

from datetime import UTC, datetime, timedelta

import pytest

from subscribers.address import parse
from subscribers.model import Consent, MailingList, Suppression
from subscribers.status import SubscriptionStatus
from subscribers.store.back import growth
from subscribers.store.back.growth import Way
from subscribers.store.file.open import stamp
from subscribers.store.register import lists, moves, people, subscriptions, suppressions
from tests import blank, readers

PENDING, CONFIRMED, LEFT = (
    SubscriptionStatus.PENDING,
    SubscriptionStatus.CONFIRMED,
    SubscriptionStatus.UNSUBSCRIBED,
)
SINCE = datetime(2025, 6, 1, tzinfo=UTC)
EARLY, LATE, LATER = (
    datetime(2025, 5, 1, tzinfo=UTC),
    datetime(2025, 6, 2, tzinfo=UTC),
    datetime(2025, 6, 3, tzinfo=UTC),
)
READ = (EARLY, "import", CONFIRMED, "fair.csv", "fair")
ASKED = (LATE, "signup", PENDING, "signup form", "yes")


@pytest.fixture
def connection(tmp_path):
    opened = blank.people(tmp_path / "people.db")
    lists.ensure(
        opened, [MailingList("monthly", "The monthly letter"), MailingList("weekly", "The weekly letter")]
    )
    yield opened
    opened.close()


def live(connection, name, *life, slug="monthly"):
    person = people.add(connection, parse(f"{name}@example.org"), EARLY)
    for at, what, status, source, wording in life:
        subscriptions.change(connection, Consent(person.id, slug, what, at, source, wording), status)
    return person


@pytest.mark.parametrize(
    ("life", "ways"),
    [
        ([READ], ()),
        ([ASKED], ()),
        ([ASKED, (LATER, "confirm", CONFIRMED, "confirm page", "yes")], (Way("signup form", 1, 0),)),
        ([(EARLY, *ASKED[1:]), (LATE, "confirm", CONFIRMED, "confirm page", "yes")], (Way("signup form", 1, 0),)),
        ([(LATE, "import", CONFIRMED, "fair.csv", "fair")], (Way("fair.csv", 1, 0),)),
        ([(LATE, "import", PENDING, "fair.csv", "")], ()),
        ([READ, (LATE, "withdraw", LEFT, "unsubscribe link", "")], (Way("unsubscribe link", 0, 1),)),
        ([ASKED, (LATER, "withdraw", LEFT, "unsubscribe link", "")], ()),
        ([(LATE, "withdraw", LEFT, "old.csv", "unsubscribed there")], ()),
        (
            [
                (LATE, "import", CONFIRMED, "fair.csv", "fair"),
                (LATER, "withdraw", LEFT, "mail to leave (mailbox)", ""),
            ],
            (Way("fair.csv", 1, 0), Way("mail to leave (mailbox)", 0, 1)),
        ),
        (
            [
                READ,
                (LATE, "withdraw", LEFT, "unsubscribe link", ""),
                (LATER, "signup", CONFIRMED, "undo on the goodbye page", "yes"),
            ],
            (),
        ),
        (
            [
                READ,
                (LATE, "withdraw", LEFT, "unsubscribe link", ""),
                (LATER, "signup", CONFIRMED, "preferences page", "yes"),
            ],
            (Way("preferences page", 1, 0), Way("unsubscribe link", 0, 1)),
        ),
        (
            [
                READ,
                (LATE, "withdraw", LEFT, "unsubscribe link", ""),
                (LATE, "signup", CONFIRMED, "undo on the goodbye page", "yes"),
                (LATER, "withdraw", LEFT, "mail to leave (mailbox)", ""),
            ],
            (Way("mail to leave (mailbox)", 0, 1),),
        ),
    ],
)
def test_each_counts_by_how_they_came_and_went(connection, life, ways) -> None:
    live(connection, "anna", *life)
    for other in ("bo", "cia"):
        live(connection, other, *life, slug="weekly")
    assert growth.ways(connection, "monthly", SINCE) == ways
    confirmed = life[-1][2] is CONFIRMED
    assert growth.readers(connection, "monthly") == confirmed


def test_who_confirms_came_by_where_they_asked_whatever_others_did_meanwhile(connection) -> None:
    anna = live(connection, "anna", ASKED)
    live(connection, "bo", (LATE, "signup", PENDING, "paper form", "yes"))
    confirmed = Consent(anna.id, "monthly", "confirm", LATER, "confirm page", "yes")
    subscriptions.change(connection, confirmed, CONFIRMED)
    assert growth.ways(connection, "monthly", SINCE) == (Way("signup form", 1, 0),)


def test_of_two_forms_the_last_counts_and_a_moment_is_in_the_time_that_it_begins(connection) -> None:
    gone = (EARLY, "withdraw", LEFT, "unsubscribe link", "")
    again = (LATE, "signup", PENDING, "paper form", "yes")
    confirmed = (LATER, "confirm", CONFIRMED, "confirm page", "yes")
    live(connection, "anna", (EARLY, *ASKED[1:]), gone, again, confirmed)
    assert growth.ways(connection, "monthly", LATER) == (Way("paper form", 1, 0),)
    assert growth.ways(connection, "monthly", LATER + timedelta(seconds=1)) == ()


def test_where_nobody_has_to_confirm_a_signup_makes_a_reader(connection) -> None:
    lists.ensure(connection, [MailingList("daily", "The daily letter", "single")])
    life = [(LATE, "signup", CONFIRMED, "signup form", "yes"), (LATER, "withdraw", LEFT, "unsubscribe link", "")]
    live(connection, "anna", *life, slug="daily")
    assert growth.ways(connection, "daily", SINCE) == (Way("signup form", 1, 0), Way("unsubscribe link", 0, 1))


def test_who_took_leaving_back_hides_nobody_who_left(connection) -> None:
    gone = (LATE, "withdraw", LEFT, "unsubscribe link", "")
    live(connection, "anna", READ, gone, (LATER, "signup", CONFIRMED, "undo on the goodbye page", "yes"))
    live(connection, "bo", READ, gone)
    assert growth.ways(connection, "monthly", SINCE) == (Way("unsubscribe link", 0, 1),)


def test_who_must_not_be_mailed_any_more_has_left(connection) -> None:
    for name, reason, at in (
        ("anna", "bounces", LATE),
        ("bo", "bounce", LATE),
        ("cia", "complaint", LATE),
        ("dan", "asked by phone", LATE),
        ("eva", "bounce", EARLY),
    ):
        live(connection, name, READ)
        suppressions.add(connection, Suppression(f"{name}@example.org", reason, "", at))
    live(connection, "fia", READ)
    assert growth.ways(connection, "monthly", SINCE) == (
        Way("mail came back", 0, 2),
        Way("complaint", 0, 1),
        Way("suppressed", 0, 1),
    )
    assert growth.readers(connection, "monthly") == 1
    assert sum(way.left for way in growth.ways(connection, "monthly", LATE)) == 4


def test_who_has_a_new_address_neither_came_nor_left(connection) -> None:
    anna = live(connection, "anna", READ)
    moves.move(
        connection, anna, parse("anna@new.example.org"), reason="her mail", source="command", keys=(), now=LATE
    )
    assert growth.ways(connection, "monthly", SINCE) == ()
    assert growth.readers(connection, "monthly") == 1


def test_the_last_issue_is_the_one_that_began_last(connection) -> None:
    assert growth.last(connection, "monthly") is None
    readers.add(connection, 1)
    readers.freeze(connection, issue="2025-06")
    assert growth.last(connection, "monthly") == ("2025-06", readers.NOW)
    assert growth.last(connection, "weekly") is None
    readers.freeze(connection, issue="2025-07")
    later = {"at": stamp(readers.NOW + timedelta(days=30))}
    connection.execute("UPDATE sends SET started = :at WHERE issue = '2025-07'", later)
    assert growth.last(connection, "monthly") == ("2025-07", readers.NOW + timedelta(days=30))
    connection.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created, started)
           SELECT issue, list, rule, state, content, created, '2030-01-01T00:00:00.000Z' FROM sends
           WHERE issue = '2025-07'"""
    )
    assert growth.last(connection, "monthly") == ("2025-07", readers.NOW + timedelta(days=30))


def test_a_letter_to_a_part_of_a_list_begins_no_new_count(connection):
    readers.add(connection, 1)
    readers.freeze(connection, issue="2025-06")
    readers.freeze(connection, issue="2025-06-correction")
    sql = "UPDATE sends SET rule = :rule, started = :at WHERE issue = '2025-06-correction'"
    segment = {"rule": '{"segment": "received \'2025-06\'"}', "at": stamp(readers.NOW + timedelta(days=1))}
    connection.execute(sql, segment)
    assert growth.last(connection, "monthly") == ("2025-06", readers.NOW)
    connection.execute("DELETE FROM deliveries WHERE send_id = (SELECT id FROM sends WHERE issue = '2025-06')")
    connection.execute("UPDATE sends SET started = NULL WHERE issue = '2025-06'")
    assert growth.last(connection, "monthly") == ("2025-06-correction", readers.NOW + timedelta(days=1))
