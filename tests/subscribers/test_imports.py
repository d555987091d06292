"""Laws of an import: every line counts once, nobody is subscribed against their word, a kill leaves whole rows."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from subscribers import address
from subscribers.model import Consent, MailingList, SubscriptionStatus, Suppression
from subscribers.status import Standing
from subscribers.store.file.open import connect, transaction
from subscribers.store.register import (
    consents,
    imports,
    lists,
    people,
    subscriptions,
    suppressions,
)
from subscribers.table.entry import Entry
from subscribers.token import Ring
from tests import blank

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
KEYS = Ring((b"k" * 32,)).derived(suppressions.PURPOSE)


@pytest.fixture
def store(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    lists.ensure(connection, [MailingList("monthly", "Monthly"), MailingList("weekly", "Weekly")])
    yield connection
    connection.close()


def entry(email: str, **said: object) -> Entry:
    return Entry(address.parse(email), **said)


def run(store, *entries, to="monthly", wording="fair", dry=False, size=2, refused=None) -> imports.Tally:
    heard = [] if refused is None else refused
    importer = imports.Importer(
        store, to, wording=wording, source="people.csv", keys=KEYS, now=NOW, listen=heard.append
    )
    numbered = list(enumerate(entries, 2))
    batches = [numbered[start : start + size] for start in range(0, len(numbered), size)]
    tally = imports.run(importer, batches, dry=dry)
    assert tally.read == tally.added + tally.updated + tally.unchanged + tally.refused == len(entries)
    assert len(heard) == tally.refused
    return tally


def status(store, email: str, list_: str = "monthly") -> SubscriptionStatus | None:
    person = people.by_address(store, email)
    return person and subscriptions.status(store, person.id, list_)


def test_a_person_comes_with_everything_the_file_says(store) -> None:
    run(
        store,
        entry("Åsa@example.org", name="Åsa", language="sv", topics=frozenset("ab"), attributes={"city": "Solna"}),
    )
    person = people.by_address(store, "åsa@example.org")
    assert (person.name, person.language, person.topics) == ("Åsa", "sv", {"a", "b"})
    assert person.attributes == {"city": "Solna"}
    [consent] = consents.of(store, person.id)
    assert consent == Consent(person.id, "monthly", "import", NOW, "people.csv", "fair")
    assert consents.verify(store).lines == 1


def test_consent_is_as_old_as_the_file_says_and_what_is_still_to_be_said_begins_today(store) -> None:
    old = datetime(2020, 5, 1, tzinfo=UTC)
    run(
        store,
        entry("a@example.org", joined=old),
        entry("b@example.org", joined=old, standing=Standing.PENDING),
        entry("c@example.org", joined=old, standing=Standing.UNSUBSCRIBED),
    )
    everybody = list(people.select(store))
    assert [person.joined for person in everybody] == [old] * 3
    since = [subscriptions.of(store, person.id)[0].since for person in everybody]
    assert since == [old, NOW, NOW]


def test_what_a_file_tells_of_consent_counts_beside_evidence_only(store) -> None:
    run(store, entry("a@example.org", beside="Samtycke: Ja"), wording="")
    assert status(store, "a@example.org") == "pending"
    run(store, entry("b@example.org", beside="Samtycke: Ja", standing=Standing.PENDING))
    assert status(store, "b@example.org") == "pending"
    run(store, entry("c@example.org", beside="Samtycke: Ja"), entry("d@example.org"))
    words = [consents.of(store, people.by_address(store, f"{name}@example.org").id)[0].wording for name in "abcd"]
    assert words == ["", "", "fair; Samtycke: Ja", "fair"]


def test_evidence_confirms_and_its_absence_leaves_pending(store) -> None:
    run(store, entry("anna@example.org"), wording="")
    assert status(store, "anna@example.org") == "pending"
    assert run(store, entry("anna@example.org")).updated == 1
    assert status(store, "anna@example.org") == "confirmed"
    assert run(store, entry("anna@example.org"), wording="").unchanged == 1
    assert status(store, "anna@example.org") == "confirmed"


@pytest.mark.parametrize("size", [1, 10])
@pytest.mark.parametrize("gone", ["unsubscribed", "suppressed"])
def test_of_two_lines_the_one_counts_in_which_somebody_left(store, size, gone) -> None:
    run(store, entry("here@example.org"), entry("waits@example.org"), wording="")
    run(store, entry("here@example.org"))
    file = [
        *(entry("a@example.org"), entry("A@example.org", standing=Standing(gone)), entry("a@example.org")),
        *(entry("b@example.org", standing=Standing(gone)), entry("b@example.org")),
        *(entry("waits@example.org"), entry("waits@example.org", standing=Standing(gone))),
        *(entry("here@example.org"), entry("here@example.org", standing=Standing(gone))),
    ]
    tally = run(store, *file, size=size)
    assert (tally.added, tally.updated, tally.gone, tally.refused) == (2, 3, 3, 3)
    for name in ("a", "b", "waits"):
        assert status(store, f"{name}@example.org") == "unsubscribed"
        assert bool(suppressions.among(store, [f"{name}@example.org"], KEYS)) == (gone == "suppressed")
    assert status(store, "here@example.org") == "confirmed"
    run(store, *file, size=size)
    assert [status(store, f"{name}@example.org") for name in ("a", "b", "waits")] == ["unsubscribed"] * 3


def test_importing_twice_changes_nothing(store) -> None:
    entries = [entry(f"r{n}@example.org", name=f"R{n}", attributes={"n": str(n)}) for n in range(7)]
    assert run(store, *entries).added == 7
    before = list(store.iterdump())
    assert run(store, *entries).unchanged == 7
    assert list(store.iterdump()) == before


def test_a_file_adds_to_what_is_known_and_takes_nothing_away(store) -> None:
    with transaction(store):
        people.add(
            store, address.parse("a@example.org"), NOW, name="A", topics=["x"], attributes={"n": 5, "city": "S"}
        )
    tally = run(
        store, entry("A@example.org", topics=frozenset("y"), attributes={"n": "5", "city": "Solna"}), to="weekly"
    )
    person = people.by_address(store, "a@example.org")
    assert tally.updated == 1
    assert (person.name, person.topics, person.attributes) == ("A", {"x", "y"}, {"n": 5, "city": "Solna"})
    assert person.address.typed == "a@example.org"


@pytest.mark.parametrize("size", [1, 2, 10])
def test_an_address_counts_once_in_a_file(store, size) -> None:
    run(store, entry("known@example.org"))
    entries = [
        entry(text) for text in ("a@example.org", "known@example.org", "A@Example.org", "KNOWN@example.org")
    ]
    refused = []
    run(store, *entries, size=size, refused=refused)
    assert [(each.line, each.reason) for each in refused] == [
        (4, "A@example.org stands in line 2 already"),
        (5, "KNOWN@example.org stands in line 3 already"),
    ]


def test_who_unsubscribed_or_is_suppressed_or_was_erased_stays_so(store) -> None:
    run(store, entry("left@example.org"), entry("gone@example.org"))
    left, gone = (people.by_address(store, f"{name}@example.org") for name in ("left", "gone"))
    with transaction(store):
        subscriptions.withdraw(store, Consent(left.id, "", "withdraw", NOW, "test", ""))
        suppressions.add(store, Suppression("never@example.org", "complained", "", NOW))
        people.erase(store, gone.id, KEYS, NOW)
    refused = []
    run(store, *(entry(f"{name}@example.org") for name in ("left", "never", "gone", "new")), refused=refused)
    assert [each.reason for each in refused] == [
        "left@example.org has unsubscribed; only they can subscribe again",
        "never@example.org is suppressed (complained)",
        "gone@example.org is suppressed (erased)",
    ]
    assert status(store, "left@example.org") == "unsubscribed"
    assert people.by_address(store, "never@example.org") is None
    assert people.by_address(store, "gone@example.org") is None


@pytest.mark.parametrize("gone", ["unsubscribed", "suppressed"])
def test_what_a_file_says_of_who_left_stands_in_the_ledger_as_that_once(store, gone) -> None:
    run(store, entry("waits@example.org"), wording="")
    said = {"standing": Standing(gone), "evidence": f"{gone} there on 2025-01-31"}
    file = [entry("new@example.org", **said)] * 2 + [entry("waits@example.org", **said)] * 2
    file += [entry("turns@example.org"), *[entry("turns@example.org", **said)] * 2]
    assert run(store, *file).refused == 3
    for name, before in (("new", []), ("waits", ["import"]), ("turns", ["import"])):
        lines = consents.of(store, people.by_address(store, f"{name}@example.org").id)
        assert [line.what for line in lines] == [*before, "withdraw"]
        assert lines[-1].wording == f"{gone} there on 2025-01-31"


def test_who_is_confirmed_here_and_left_in_the_file_is_told_and_stays(store) -> None:
    refused = []
    run(store, entry("a@example.org"))
    run(store, entry("a@example.org", standing=Standing.UNSUBSCRIBED), refused=refused)
    assert "is confirmed here, and unsubscribed in the file" in refused[0].reason
    assert status(store, "a@example.org") == "confirmed"


def test_the_ledger_keeps_what_the_editor_says_beside_what_the_file_says(store) -> None:
    run(store, entry("a@example.org", evidence="export of Mailchimp: OPTIN_TIME 2024-05-01"))
    [said] = consents.of(store, people.by_address(store, "a@example.org").id)
    assert (said.what, said.wording) == ("import", "fair; export of Mailchimp: OPTIN_TIME 2024-05-01")


def test_a_dry_run_counts_and_changes_nothing(store) -> None:
    run(store, entry("a@example.org"))
    before = list(store.iterdump())
    tally = run(store, entry("a@example.org", name="A"), entry("b@example.org"), entry("b@example.org"), dry=True)
    assert (tally.updated, tally.added, tally.refused) == (1, 1, 1)
    assert list(store.iterdump()) == before


KILLED = """
import sys
from pathlib import Path
from tests.subscribers.test_imports import *
connection = connect(Path(sys.argv[1]))
lists.ensure(connection, [MailingList("monthly", "Monthly")])
importer = imports.Importer(connection, "monthly", wording="fair", source="x.csv", keys=KEYS, now=NOW)
numbers = range(300_000)
batches = ([(n, entry(f"r{n}@example.org", topics=frozenset("ab"))) for n in numbers[at:at + 500]]
           for at in range(0, len(numbers), 500))
imports.run(importer, batches)
"""


def test_a_kill_in_the_middle_leaves_whole_rows(tmp_path) -> None:
    path = tmp_path / "people.db"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)])
    until = time.monotonic() + 60
    log = path.with_name("people.db-wal")
    while (not log.exists() or log.stat().st_size < 1_000_000) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    connection = connect(path)
    count = people.count(connection)
    assert 0 < count < 300_000
    assert count % 500 == 0
    for table, rows in (("subscriptions", count), ("topics", 2 * count)):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == rows
    assert consents.verify(connection).lines == count
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()
