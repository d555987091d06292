"""Laws of the consent ledger: lines are added, never changed; a change, a gap or a cut shows."""

import hashlib
import json
import sqlite3
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest

from subscribers import address
from subscribers.consent import digests
from subscribers.errors import StoreError
from subscribers.model import Consent
from subscribers.store.file.open import transaction
from subscribers.store.register import consents, people, suppressions
from subscribers.token import Ring
from tests import blank

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
KEY = Ring((b"k" * 32,)).derive(suppressions.PURPOSE)
NETWORK = "192.0.2.0/24"


@pytest.fixture
def store(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    for number in range(1, 6):
        people.add(connection, address.parse(f"r{number}@example.org"), NOW)
        consents.record(connection, Consent(number, "monthly", "signup", NOW, "form", "agreed", "sv", NETWORK))
    yield connection
    connection.close()


CHANGES = (
    "UPDATE consents SET wording = 'other' WHERE id = 3",
    "UPDATE consents SET at = '2020-01-01T00:00:00.000Z' WHERE id = 5",
    "UPDATE consents SET subscriber_id = 1 WHERE id = 2",
    "UPDATE consents SET id = id + 10 WHERE id = 2",
    "UPDATE consents SET wording = '', source = '' WHERE id = 3",
    "UPDATE consents SET network = '198.51.100.0/24' WHERE id = 3",
    "UPDATE consents SET network = '', salt = '', seal = '' WHERE id = 3",
    "UPDATE consents SET network = '', salt = '', what = 'confirm' WHERE id = 3",
    "DELETE FROM consents WHERE id = 1",
    "DELETE FROM consents WHERE id = 4",
)


@pytest.mark.parametrize("change", [*CHANGES, "DELETE FROM consents", "UPDATE consents SET hash = ''"])
def test_the_ledger_refuses_every_change(store, change) -> None:
    before = store.execute("SELECT * FROM consents").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute(change)
    assert store.execute("SELECT * FROM consents").fetchall() == before


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_force_shows(store, change) -> None:
    for (trigger,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        store.execute(f"DROP TRIGGER {trigger}")
    assert consents.verify(store).lines == 5
    store.execute(change)
    with pytest.raises(StoreError, match="not as it was written"):
        consents.verify(store)


def test_lines_cut_off_the_end_show_by_a_link_that_was_noted(store) -> None:
    noted = consents.verify(store).last
    consents.record(store, Consent(1, "", "change", NOW, "", ""))
    assert consents.verify(store, noted).lines == 6
    store.execute("DROP TRIGGER consents_stay")
    store.execute("DELETE FROM consents WHERE id >= 5")
    assert consents.verify(store).lines == 4
    with pytest.raises(StoreError, match="lines at its end are missing"):
        consents.verify(store, noted)


def test_an_erased_persons_words_go_and_the_chain_holds(store) -> None:
    consents.record(store, Consent(3, "monthly", "confirm", NOW, "page", "yes", "sv", NETWORK, "<1@example.org>"))
    with transaction(store):
        people.erase(store, 3, [KEY], NOW)
    chain = consents.verify(store)
    assert (chain.lines, chain.erased) == (6, 2)
    kept = [astuple(line)[:4] for line in consents.of(store, 3)]
    assert kept == [(3, "monthly", "signup", NOW), (3, "monthly", "confirm", NOW)]
    assert {word for line in consents.of(store, 3) for word in astuple(line)[4:]} == {""}
    consents.record(store, Consent(1, "", "change", NOW, "", ""))
    assert consents.verify(store).lines == 7


def test_networks_go_after_their_time_and_the_rest_stays_checkable(store) -> None:
    assert consents.forget_networks(store, NOW) == 0
    assert consents.forget_networks(store, NOW + timedelta(days=1)) == 5
    assert [line.network for number in range(1, 6) for line in consents.of(store, number)] == [""] * 5
    assert consents.verify(store).lines == 5
    store.execute("DROP TRIGGER consents_are_fixed")
    store.execute("UPDATE consents SET wording = 'other' WHERE id = 3")
    with pytest.raises(StoreError, match="line 3"):
        consents.verify(store)


def test_what_stands_for_a_network_does_not_give_it_away(store) -> None:
    seals = [row[0] for row in store.execute("SELECT seal FROM consents")]
    assert len(set(seals)) == 5
    assert hashlib.sha256(NETWORK.encode()).hexdigest() not in seals


def test_the_hash_of_a_line_is_that_of_what_it_says() -> None:
    consent = Consent(7, "måndag", "import", NOW, "läsare.csv", 'en "mässa"', "sv", NETWORK, "<1@x>")
    said = [7, "måndag", "import", NOW.isoformat(timespec="milliseconds"), *list(astuple(consent))[4:]]
    assert digests(consent)(7) == hashlib.sha256(json.dumps(said).encode()).hexdigest()
    said[7] = "seal"
    assert digests(consent, "seal")(7) == hashlib.sha256(json.dumps(said).encode()).hexdigest()
