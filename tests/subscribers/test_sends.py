"""Sends: what is frozen stays, and a send goes only where it may."""

from datetime import timedelta

import pytest

from subscribers.errors import TransitionError, UnknownError
from subscribers.model import MailingList, Where
from subscribers.segment import parse
from subscribers.status import DeliveryState, SendState
from subscribers.store.file.open import stamp, transaction
from subscribers.store.ledger import census, sends
from subscribers.store.register import lists
from subscribers.variant import Comparison, variant
from tests import blank, readers
from tests.effort import steps
from tests.readers import NOW


@pytest.fixture
def people(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    yield connection
    connection.close()


def test_everybody_in_the_audience_has_one_row(people):
    readers.add(people, 25)
    send = readers.freeze(people)
    assert send.state is SendState.SENDING
    assert census.counts(people, send.id)[DeliveryState.QUEUED] == 25
    assert sum(census.counts(people, send.id).values()) == 25
    assert set(census.counts(people, send.id)) == set(DeliveryState)


def test_whatever_the_audience_only_who_is_confirmed_in_the_list_has_a_row(people):
    readers.add(people, 5)
    lists.ensure(people, [MailingList("weekly", "The weekly letter")])
    people.execute("UPDATE subscriptions SET status = 'pending' WHERE subscriber_id = 1")
    people.execute("UPDATE subscriptions SET status = 'unsubscribed' WHERE subscriber_id = 2")
    people.execute("UPDATE subscriptions SET list_id = 2 WHERE subscriber_id = 3")
    send = readers.freeze(people, audience=Where("TRUE"))
    rows = people.execute("SELECT subscriber_id FROM deliveries WHERE send_id = ? ORDER BY 1", (send.id,))
    assert [row[0] for row in rows] == [4, 5]


def test_newcomers_and_edits_change_nothing(people):
    readers.add(people, 3)
    send = readers.freeze(people, variants={"en": b"as it was"})
    readers.add(people, 2, first=4)
    people.execute("UPDATE subscribers SET language = 'sv'")
    assert sum(census.counts(people, send.id).values()) == 3
    assert sends.variant(people, send.id, "en") == b"as it was"


def test_a_reader_gets_the_variant_of_their_language_and_segments(people):
    languages = {1: "sv", 2: "pt-PT", 3: "de", 4: "", 5: "sv-FI", 6: "no", 7: "nb-NO", 8: "pt"}
    readers.add(people, 8, language=languages.get)
    people.execute("""UPDATE subscribers SET attributes = '{"city": "Huddinge"}' WHERE id IN (1, 4)""")
    segments = {"near": parse("city = 'Huddinge'", frozenset({"city"})), "all": parse("not name = ''")}
    expression = variant(("en", "sv", "pt-BR", "nn"), segments, NOW)
    names = [row[0] for row in people.execute(f"SELECT {expression.sql} FROM subscribers s", expression.values)]
    assert names == [
        *("sv+all+near", "pt-BR+all", "en+all", "en+all+near", "sv+all", "nn+all", "nn+all", "pt-BR+all")
    ]
    assert sends.audience(people, readers.EVERYBODY, expression)["en+all"] == 1


def test_the_other_subject_goes_to_its_share_and_always_to_the_same_readers(people):
    readers.add(people, 1000, language=lambda number: "sv" if number % 2 else "en")

    def names(share, salt, languages=("en", "sv")):
        expression = variant(("en", "sv"), {}, NOW, Comparison(languages, share, salt))
        rows = people.execute(f"SELECT s.id, {expression.sql} FROM subscribers s", expression.values)
        return {row[0]: row[1] for row in rows}

    twenty = names(20, "2025-06")
    assert twenty == names(20, "2025-06")
    others = {person for person, name in twenty.items() if name.endswith("@b")}
    assert 150 < len(others) < 250
    assert {twenty[person] for person in others} == {"en@b", "sv@b"}
    assert others < {person for person, name in names(50, "2025-06").items() if name.endswith("@b")}
    assert others != {person for person, name in names(20, "2025-07").items() if name.endswith("@b")}
    assert "sv@b" not in names(99, "2025-06", ("en",)).values()
    assert "en@b" in names(99, "2025-06", ("en",)).values()


def test_a_reader_whose_variant_was_not_rendered_stops_the_freeze(people):
    readers.add(people, 4)
    with pytest.raises(sends.MixedError, match="“sv”"):
        readers.freeze(people, variant=variant(("en", "sv"), {}, NOW))
    assert sends.all(people) == ()
    assert people.execute("SELECT count(*) FROM deliveries").fetchone()[0] == 0


def test_who_may_have_had_an_issue_is_no_newcomer(people):
    readers.add(people, len(DeliveryState))
    send = readers.freeze(people)
    states = [(state, number) for number, state in enumerate(DeliveryState, 1)]
    people.executemany("UPDATE deliveries SET state = ? WHERE id = ?", states)
    people.execute("UPDATE sends SET state = 'done' WHERE id = ?", (send.id,))
    new = sends.newcomers("2025-06")
    again = readers.freeze(people, audience=Where(f"{readers.EVERYBODY.sql} AND {new.sql}", new.values))
    got = people.execute(
        """SELECT state FROM deliveries WHERE send_id = ? AND subscriber_id IN
           (SELECT subscriber_id FROM deliveries WHERE send_id = ?)""",
        (send.id, again.id),
    )
    assert {row[0] for row in got} == {DeliveryState.SUPPRESSED, DeliveryState.CANCELLED}


def test_cancel_ends_what_waits_and_nothing_else(people):
    readers.add(people, 4)
    send = readers.freeze(people)
    states = ("accepted", "deferred", "claimed", "queued")
    people.executemany("UPDATE deliveries SET state = ? WHERE id = ?", zip(states, (1, 2, 3, 4), strict=True))
    with transaction(people):
        sends.move(people, send.id, SendState.CANCELLED, NOW)
    found = [row[0] for row in people.execute("SELECT state FROM deliveries ORDER BY id")]
    assert found == ["accepted", "cancelled", "claimed", "cancelled"]
    with pytest.raises(TransitionError):
        sends.move(people, send.id, SendState.SENDING, NOW)


def test_a_send_is_done_only_when_nothing_is_left_to_do(people):
    readers.add(people, 2)
    send = readers.freeze(people)
    people.execute("UPDATE deliveries SET state = 'accepted' WHERE id = 1")
    for state in ("queued", "claimed", "committing", "deferred"):
        people.execute("UPDATE deliveries SET state = ? WHERE id = 2", (state,))
        assert sends.settle(people, send.id, NOW).state is SendState.SENDING
    people.execute("UPDATE deliveries SET state = 'uncertain' WHERE id = 2")
    assert sends.settle(people, send.id, NOW).state is SendState.DONE
    assert sends.under_way(people, NOW) == ()


def test_a_scheduled_send_is_under_way_once_it_is_due(people):
    with transaction(people):
        sends.create(
            people,
            issue="a",
            list="monthly",
            rule="",
            content="",
            variants={},
            now=NOW,
            due=NOW + timedelta(hours=1),
        )
    assert sends.under_way(people, NOW) == ()
    assert [send.issue for send in sends.under_way(people, NOW + timedelta(hours=1))] == ["a"]


@pytest.mark.parametrize("count", [40, 20_400])
@pytest.mark.parametrize("sorted_", [True, False])
def test_the_readers_of_a_domain_are_spread_over_the_whole(people, count, sorted_):
    domain = (lambda n: n * 4 // (count + 1)) if sorted_ else (lambda n: n % 4)
    readers.add(people, count)
    with transaction(people):
        people.executemany(
            "UPDATE subscribers SET canonical = ? WHERE id = ?",
            [(f"reader{n}@d{domain(n)}.example", n) for n in range(1, count + 1)],
        )
    send = readers.freeze(people)
    rows = people.execute(
        """SELECT substr(s.canonical, instr(s.canonical, '@')) AS domain FROM deliveries d
           JOIN subscribers s ON s.id = d.subscriber_id WHERE d.send_id = ? ORDER BY d.id""",
        (send.id,),
    ).fetchall()
    for start in range(0, count - 8, max(8, count // 20)):
        assert len({row["domain"] for row in rows[start : start + 8]}) == 4


def test_what_does_not_exist_is_told(people):
    with pytest.raises(UnknownError, match="send 7"):
        sends.get(people, 7)


def test_the_work_of_freezing_grows_with_the_readers_and_no_faster(people):
    def frozen(issue):
        made = readers.freeze(people, {"en": b"", "sv": b""}, issue=issue, variant=variant(("en", "sv"), {}, NOW))
        counts.append(census.counts(people, made.id)[DeliveryState.QUEUED])

    counts = []
    readers.add(people, 1_000)
    some = steps(people, lambda: frozen("2025-06"))
    readers.add(people, 3_000, first=1_001)
    assert steps(people, lambda: frozen("2025-07")) < 6 * some
    assert counts == [1_000, 4_000]


def test_a_send_whose_readers_are_all_deferred_is_work_only_when_they_are_due(people):
    readers.add(people, 2)
    send = readers.freeze(people)
    later = NOW + timedelta(hours=1)
    people.execute("UPDATE deliveries SET state = 'deferred', due = ?", (stamp(later),))
    assert sends.under_way(people, NOW) == ()
    assert sends.under_way(people, later) == (send,)
    people.execute("UPDATE deliveries SET state = 'queued', due = NULL WHERE id = 1")
    assert sends.under_way(people, NOW) == (send,)
