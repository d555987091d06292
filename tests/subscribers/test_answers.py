"""Answers to the questions of letters: one voice a reader, counts for everybody else, and no name anywhere."""

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from subscribers.store.file.migrate import MIGRATIONS
from subscribers.store.file.open import connect, stamp
from subscribers.store.keeping.upkeep import faults
from subscribers.store.ledger import answers
from subscribers.store.register import people
from tests import blank, readers
from tests.readers import NOW

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def store(tmp_path):
    with closing(blank.people(tmp_path / "people.db")) as connection:
        readers.add(connection, 5)
        readers.freeze(connection)
        yield connection


def give(store, subscriber, answer, *, send=1, question="worth", keys=(NEW, OLD)):
    answers.give(store, send, subscriber, question, answer, keys)


def test_a_second_answer_takes_the_place_of_the_first(store):
    give(store, 1, 1)
    give(store, 2, 1)
    give(store, 1, 3)
    give(store, 1, 2, question="2")
    assert answers.counts(store, "2025-06") == {("worth", 1): 1, ("worth", 3): 1, ("2", 2): 1}
    assert answers.counts(store, "2025-07") == {}


def test_who_got_two_sends_of_an_issue_has_one_voice(store):
    readers.freeze(store)
    readers.freeze(store, issue="2025-07")
    for send, answer in ((1, 1), (2, 2), (3, 3)):
        give(store, 1, answer, send=send)
    give(store, 2, 2, send=1)
    assert answers.counts(store, "2025-06") == {("worth", 2): 2}
    assert answers.counts(store, "2025-07") == {("worth", 3): 1}


def test_an_answer_under_an_older_key_is_found(store):
    give(store, 1, 1, keys=(OLD,))
    give(store, 1, 2)
    assert answers.counts(store, "2025-06") == {("worth", 2): 1}


def test_a_row_names_nobody_and_tells_no_order(store):
    for number in (3, 1, 2):
        give(store, number, 1)
    rows = [dict(row) for row in store.execute("SELECT * FROM answers")]
    assert {tuple(row) for row in rows} == {("send_id", "reader", "question", "answer")}
    assert [row["reader"] for row in rows] == sorted(row["reader"] for row in rows)
    assert all(len(row["reader"]) == 64 for row in rows)
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        store.execute("SELECT rowid FROM answers")
    # The same reader is another one in another letter.
    readers.freeze(store, issue="2025-07")
    give(store, 1, 1, send=2)
    assert len({row["reader"] for row in store.execute("SELECT reader FROM answers")}) == 4


def test_of_who_is_erased_no_answer_is_left_whichever_key_hid_it(store):
    readers.freeze(store, issue="2025-07")
    give(store, 1, 1, keys=(OLD,))
    give(store, 1, 1, send=2)
    give(store, 1, 1, send=2, question="2")
    give(store, 2, 2)
    people.erase(store, 1, (NEW, OLD), NOW)
    assert answers.counts(store, "2025-06") == {("worth", 2): 1}
    assert answers.counts(store, "2025-07") == {}


def test_who_is_erased_while_their_answer_is_on_its_way_gives_none(store):
    people.erase(store, 1, (NEW, OLD), NOW)
    give(store, 1, 1)
    assert answers.counts(store, "2025-06") == {}


def test_a_file_from_before_questions_comes_over_and_takes_answers(tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as old:
        MIGRATIONS.apply(Database(old), stop_before="answers")
        readers.add(old, 2)
        old.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created, started)
               VALUES ('2025-06', 'monthly', '{}', 'done', '', :now, :now)""",
            {"now": stamp(NOW)},
        )
    with closing(connect(tmp_path / "old.db", durable=False)) as store:
        give(store, 1, 2)
        assert answers.counts(store, "2025-06") == {("worth", 2): 1}
        assert faults(store) == ()
