"""The schema's steps: files that earlier versions wrote come over whole."""

import sqlite3

import pytest
from sqlite_utils import Database

from subscribers.model import Consent
from subscribers.status import DeliveryState
from subscribers.store import consents, deliveries, sends
from subscribers.store.migrate import MIGRATIONS
from subscribers.store.open import connect, stamp
from subscribers.store.upkeep import faults
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
    assert rows(connection) == before
    assert faults(connection) == ()
    assert deliveries.counts(connection, 1) == dict.fromkeys(DeliveryState, 1)
    assert deliveries.recover(connection, NOW) == deliveries.Recovered(queued=1, uncertain=1)
    assert [row.id for row in deliveries.claim(connection, 1, 10, NOW).taken] == [5, 1, 2]
    assert sends.under_way(connection, NOW)
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
    names = set(schema(old))
    assert all(before)
    old.close()
    connection = connect(tmp_path / "people.db", durable=False)
    assert [[tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables] == before
    assert set(schema(connection)) == names
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
