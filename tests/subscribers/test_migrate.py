"""The schema's steps: files that earlier versions wrote come over whole."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlite_utils import Database

from subscribers.errors import StoreError
from subscribers.model import Consent
from subscribers.status import DeliveryState
from subscribers.store.file.migrate import MIGRATIONS, STEPS
from subscribers.store.file.open import connect, stamp
from subscribers.store.keeping.upkeep import faults
from subscribers.store.ledger import census, deliveries, sends
from subscribers.store.register import consents
from tests import readers
from tests.readers import NOW

ROW = "id, send_id, subscriber_id, variant, state, attempts, due, code, enhanced, reply, updated"


def rows(connection):
    return [tuple(row) for row in connection.execute(f"SELECT {ROW} FROM deliveries ORDER BY id")]


def test_a_ledger_with_rows_in_every_state_comes_over_and_its_send_goes_on(tmp_path):
    old = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before="steps")
    readers.add(old, len(DeliveryState) + 1)
    old.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created, started)
           VALUES ('2025-06', 'monthly', '{}', 'sending', '', :now, :now)""",
        {"now": stamp(NOW)},
    )
    old.executemany(
        f"INSERT INTO deliveries ({ROW}) VALUES (?, 1, ?, 'en', ?, 2, ?, 451, '4.2.0', 'busy, he said', ?)",
        [
            (number, number, state.value, stamp(NOW) if state is DeliveryState.DEFERRED else None, stamp(NOW))
            for number, state in enumerate(DeliveryState, 1)
        ],
    )
    old.execute(
        """INSERT INTO events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
           VALUES (4, 4, 'soft', 'full', '4.2.2', '', 'mailbox', '')"""
    )
    before = rows(old)
    old.close()
    connection = connect(tmp_path / "people.db", durable=False)
    # Who waits for no time, and is no fresh one, is found by the text '' from now on.
    assert [(*row[:6], row[6] or None, *row[7:]) for row in rows(connection)] == before
    assert faults(connection) == ()
    assert census.counts(connection, 1) == dict.fromkeys(DeliveryState, 1)
    assert deliveries.recover(connection, NOW) == deliveries.Recovered(claimed=(NOW,), uncertain=1)
    assert [row.id for row in deliveries.claim(connection, 1, 10, NOW).taken] == [5, 1, 2]
    assert sends.under_way(connection, NOW)
    connection.close()


@pytest.mark.parametrize("before", ["steps", "checks", "fresh"])
@pytest.mark.parametrize("claimed", [0, 3, 8])
def test_a_send_under_way_comes_over_from_each_step_and_nobody_is_lost_or_doubled(tmp_path, before, claimed):
    old = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before=before)
    readers.add(old, 10)
    for send in (1, 2):
        old.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created, due, started)
               VALUES (?, 'monthly', '{}', 'sending', '', '', '', '')""",
            (str(send),),
        )
        old.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated)
               SELECT ?, id, 'en', iif(id <= ?, 'accepted', 'queued'), '' FROM subscribers""",
            (send, claimed),
        )
    # The second was given back, the last one left meanwhile.
    old.execute("UPDATE deliveries SET state = 'queued' WHERE subscriber_id = 2")
    old.execute("UPDATE deliveries SET state = 'suppressed' WHERE subscriber_id = 10")
    old.close()
    connection = connect(tmp_path / "people.db", durable=False)
    open_ones = [number for number in range(1, 10) if number == 2 or number > claimed]
    for send in (1, 2):
        states = census.counts(connection, send)
        assert states[DeliveryState.QUEUED] == len(open_ones)
        assert states[DeliveryState.SUPPRESSED] == 1
        assert sum(states.values()) == 10
        taken = [row.subscriber for _ in range(4) for row in deliveries.claim(connection, send, 3, NOW).taken]
        assert sorted(taken) == open_ones
        assert deliveries.claim(connection, send, 3, NOW) == deliveries.Claimed()
    connection.close()


def schema(connection):
    return {
        row[0]: row[1]
        for row in connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%seq%'")
    }


def test_people_and_what_they_agreed_to_come_over_whole_and_stay_guarded(tmp_path):
    old = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before="checks")
    old.row_factory = sqlite3.Row
    readers.add(old, 3)
    for number in (1, 2):
        consents.record(old, Consent(number, "monthly", "signup", NOW, "web", "Yes, please", network="192.0.2.0"))
    old.execute(
        """INSERT INTO mails (kind, subscriber_id, list, language, state, due, created)
           VALUES ('confirm', 1, 'monthly', 'en', 'uncertain', :now, :now)""",
        {"now": stamp(NOW)},
    )
    tables = ("subscriptions", "consents", "mails")
    before = [[tuple(row) for row in old.execute(f"SELECT * FROM {table}")] for table in tables]
    names = {name for name in schema(old) if "deliveries_" not in name}
    assert all(before)
    old.close()
    connection = connect(tmp_path / "people.db", durable=False)
    after = [[tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables]
    # No mail was of a series yet.
    assert after == [*before[:2], [(*row, "") for row in before[2]]]
    assert {name for name in schema(connection) if "deliveries_" not in name} == names | {
        "mails_by_person",
        "answers",
        "decisions",
    }
    assert faults(connection) == ()
    assert consents.verify(connection).lines == len(before[1])
    for wrong in (
        "UPDATE subscriptions SET status = 'gone'",
        "UPDATE mails SET state = 'gone'",
        "UPDATE consents SET wording = 'yes to all'",
        "UPDATE consents SET what = 'gone'",
        "DELETE FROM consents",
        "INSERT INTO subscriptions VALUES (1, 999, 'pending', '')",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(wrong)
    connection.close()


def taken(connection):
    return [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]


@pytest.mark.parametrize("before", ["people", "wishes", "steps", "fresh", "moves"])
def test_of_two_programs_that_open_an_older_file_one_takes_the_steps_and_the_other_waits(tmp_path, before):
    old = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    old.execute("PRAGMA journal_mode = WAL")
    MIGRATIONS.apply(Database(old), stop_before=before)
    old.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor() as threads:
        other = threads.submit(connect, tmp_path / "people.db", durable=False)
        sleep(0.2)
        MIGRATIONS.apply(Database(old))
        old.execute("COMMIT")
        connection = other.result(timeout=30)
    assert taken(connection) == [step.__name__ for step in STEPS]
    connection.close()
    old.close()


def test_of_several_steps_all_are_taken_or_none(tmp_path):
    old = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before="steps")
    # The last step finds no room for an index of its own.
    old.execute("CREATE TABLE deliveries_listed (id INTEGER)")
    before = schema(old), taken(old)
    with pytest.raises(StoreError, match="already a"):
        connect(tmp_path / "people.db", durable=False)
    assert (schema(old), taken(old)) == before
    old.execute("DROP TABLE deliveries_listed")
    connect(tmp_path / "people.db", durable=False).close()
    old.close()


def test_a_file_of_a_newer_version_is_refused_and_kept_as_it_is(tmp_path):
    connect(tmp_path / "people.db", durable=False).close()
    newer = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    newer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('subscribers', 'tomorrow', '')"
    )
    before = taken(newer)
    with pytest.raises(StoreError, match=r"people\.db: a newer version .* nothing was changed; use the newer"):
        connect(tmp_path / "people.db", durable=False)
    assert taken(newer) == before
    newer.close()


def test_that_an_older_file_is_brought_up_to_date_is_heard_once_and_beforehand(tmp_path):
    path = tmp_path / "people.db"
    old = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before="steps")
    readers.add(old, 3)
    heard = []

    def hear(size):
        taken = {row[0] for row in old.execute("SELECT name FROM _sqlite_migrations")}
        heard.append((size > 0, "steps" in taken))

    for _ in range(2):
        connect(path, bringing=hear).close()
    old.close()
    assert heard == [(True, False)]
