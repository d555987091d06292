"""Laws of the people's tables: audience, consent, erasure."""

from datetime import UTC, datetime, timedelta

import pytest

from subscribers import address, roster, segment
from subscribers.errors import LockedError, PeopleError, TransitionError, UnknownError
from subscribers.model import Consent, MailingList, SubscriptionStatus, Suppression
from subscribers.store.file.open import connect, stamp, transaction
from subscribers.store.keeping import dossier, traces
from subscribers.store.register import (
    attributes,
    consents,
    lists,
    people,
    subscriptions,
    suppressions,
    topics,
)
from subscribers.token import Ring
from tests import blank

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
RING = Ring((b"k" * 32,))
KEY = RING.derive(suppressions.PURPOSE)


@pytest.fixture
def store(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    lists.ensure(connection, [MailingList("monthly", "Monthly"), MailingList("weekly", "Weekly", "single")])
    yield connection
    connection.close()


def add(store, who: str, status: str | None = "confirmed", /, **said: object):
    person = people.add(store, address.parse(f"{who}@example.org"), NOW, **said)
    if status:
        consent = Consent(person.id, "monthly", "import", NOW, "test", "agreed")
        subscriptions.change(store, consent, SubscriptionStatus(status))
    return person


def names(store, where) -> list[str]:
    return [each.address.canonical.partition("@")[0] for each in people.select(store, where)]


def test_the_audience_is_confirmed_active_unsuppressed_in_the_segment_and_not_excluded(store) -> None:
    for name, status in (("yes", "confirmed"), ("also", "confirmed"), ("p", "pending"), ("u", "unsubscribed")):
        add(store, name, status, language="sv")
    add(store, "n", None, language="sv")
    add(store, "english", language="en")
    add(store, "never", language="sv")
    gone = add(store, "gone", language="sv")
    suppressions.add(store, Suppression("never@example.org", "complained", "", NOW))
    people.erase(store, gone.id, [KEY], NOW)
    # Even where a subscription was left behind.
    store.execute("INSERT INTO subscriptions VALUES (1, ?, 'confirmed', '')", (gone.id,))
    swedish, also = segment.parse("language = 'sv'"), segment.parse("email = 'also@example.org'")
    assert names(store, roster.audience("monthly", now=NOW)) == ["yes", "also", "english"]
    assert names(store, roster.audience("monthly", swedish, now=NOW)) == ["yes", "also"]
    assert names(store, roster.audience("monthly", swedish, (also,), now=NOW)) == ["yes"]
    assert names(store, roster.audience("monthly", None, (also, swedish), now=NOW)) == ["english"]
    assert names(store, roster.audience("weekly", now=NOW)) == []
    assert names(store, roster.members("monthly", now=NOW)) == ["yes", "also", "p", "u", "english", "never"]


def test_an_audience_of_many_conditions_binds_every_value(store) -> None:
    add(store, "a", attributes={"city": "Solna"})
    parts = tuple(segment.parse(f"city = 'c{n}' or city = 'd{n}'") for n in range(12))
    where = roster.audience("monthly", segment.parse("city = 'Solna'"), parts, now=NOW)
    assert len(where.values) == 2 + 2 + 12 * 4
    assert people.count(store, where) == 1


def test_nothing_changes_without_evidence_and_nothing_twice(store) -> None:
    person = add(store, "anna", "pending")
    consent = Consent(person.id, "monthly", "confirm", NOW, "confirm page", "agreed")
    assert subscriptions.change(store, consent, SubscriptionStatus.CONFIRMED)
    assert not subscriptions.change(store, consent, SubscriptionStatus.CONFIRMED)
    with pytest.raises(TransitionError):
        subscriptions.change(store, consent, SubscriptionStatus.PENDING)
    leave = Consent(person.id, "", "withdraw", NOW, "one click", "")
    assert subscriptions.withdraw(store, leave) == ("monthly",)
    assert subscriptions.withdraw(store, leave) == ()
    assert [each.what for each in consents.of(store, person.id)] == ["import", "confirm", "withdraw"]
    with pytest.raises(UnknownError, match="known lists: monthly, weekly"):
        subscriptions.change(store, Consent(person.id, "daily", "signup", NOW, "", ""), SubscriptionStatus.PENDING)


def test_an_erased_person_is_found_nowhere_and_never_comes_back(store, tmp_path) -> None:
    person = add(
        store, "Anna.Secret", name="Annasecret Berg", topics=["annasecret"], attributes={"x": "annasecret"}
    )
    bo = add(store, "bo")
    add(store, "last")
    suppressions.add(store, Suppression("anna.secret@example.org", "anna.secret@example.org asked", "letter", NOW))
    store.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created)
           VALUES ('2026-05', 'monthly', '', 'sending', '', ?)""",
        (stamp(NOW),),
    )
    for state in ("queued", "accepted"):
        store.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, reply, updated)
               VALUES (1, ?, 'sv', ?, '550 anna.secret@example.org unknown', ?)""",
            (person.id if state == "queued" else bo.id, state, stamp(NOW)),
        )
    store.execute("UPDATE deliveries SET reply = '' WHERE subscriber_id = ?", (bo.id,))
    store.execute(
        """INSERT INTO mails (kind, subscriber_id, list, language, due, created)
           VALUES ('confirm', ?, 'monthly', 'sv', '', '')""",
        (person.id,),
    )
    consents.record(store, Consent(person.id, "", "change", NOW, "anna.secret", "mail of anna.secret@example.org"))
    assert store.execute("PRAGMA wal_checkpoint").fetchone()
    store.execute("UPDATE subscribers SET name = name || '!' WHERE id = ?", (person.id,))
    with transaction(store):
        people.erase(store, person.id, [KEY], NOW)
    traces.scrub(store)
    for file in tmp_path.iterdir():
        content = file.read_bytes().lower()
        assert b"anna" not in content, file
        assert b"secret" not in content, file
    assert consents.verify(store).lines == 4
    assert suppressions.has(store, "anna.secret@example.org", RING.derived(suppressions.PURPOSE))
    assert suppressions.has(store, "anna.secret@example.org") is None
    assert suppressions.has(store, "bo@example.org", RING.derived(suppressions.PURPOSE)) is None
    assert [row[0] for row in store.execute("SELECT state FROM deliveries ORDER BY id")] == [
        "suppressed",
        "accepted",
    ]
    with pytest.raises(UnknownError):
        people.get(store, person.id)
    assert people.by_address(store, "anna.secret@example.org") is None


def test_no_table_but_the_ledgers_knows_the_number_of_an_erased_person(store) -> None:
    person = add(store, "anna")
    values = {"subscriber_id": person.id, "status": "pending", "list_id": 2, "link_id": None}
    tables = {}
    for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = {row[1]: row[2] for row in store.execute(f"PRAGMA table_info({table})") if row[4] is None}
        if "subscriber_id" in columns and table not in ("deliveries", "events", "consents"):
            tables[table] = [name for name in columns if name != "id"]
            row = [values.get(name, 0 if columns[name] == "INTEGER" else "") for name in tables[table]]
            marks = ", ".join("?" * len(row))
            store.execute(f"INSERT INTO {table} ({', '.join(tables[table])}) VALUES ({marks})", row)
    assert {"mails", "departures", "topics", "footprints", "subscriptions", "watched"} <= set(tables)
    people.erase(store, person.id, [KEY], NOW)
    for table in tables:
        assert (
            store.execute(f"SELECT count(*) FROM {table} WHERE subscriber_id = ?", (person.id,)).fetchone()[0] == 0
        )


def test_an_old_key_still_recognizes_who_was_erased(store) -> None:
    people.erase(store, add(store, "anna").id, [KEY], NOW)
    rotated = Ring((b"n" * 32, *RING.secrets))
    assert suppressions.has(store, "anna@example.org", rotated.derived(suppressions.PURPOSE))


def test_nobody_gets_the_number_of_an_erased_person(store) -> None:
    person = add(store, "anna")
    people.erase(store, person.id, [KEY], NOW)
    assert add(store, "bo").id > person.id


def test_scrubbing_beside_a_reader_says_so(store, tmp_path) -> None:
    store.execute("PRAGMA busy_timeout = 50")
    add(store, "anna")
    reader = connect(tmp_path / "people.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM subscribers").fetchall()
    with transaction(store):
        people.erase(store, 1, [KEY], NOW)
    with pytest.raises(LockedError, match="erased, but"):
        traces.scrub(store)
    reader.execute("ROLLBACK")
    reader.close()
    traces.scrub(store)


def test_a_person_changes_what_is_said_and_keeps_the_rest(store) -> None:
    person = add(store, "anna", name="Anna", language="sv", attributes={"City": "Solna", "n": 1})
    changed = people.change(store, person.id, name=" Anna  Berg ", attributes={"city": "", "vip": True})
    assert (changed.name, changed.language, changed.attributes) == ("Anna Berg", "sv", {"n": 1, "vip": True})
    for wrong in ({"x": "a\x00b"}, {"x": float("nan")}, {"x": 10**20}, {"language": "x"}, {"1x": "y"}):
        with pytest.raises(PeopleError):
            people.change(store, person.id, attributes=wrong)
    topics.choose(store, person.id, ["a", " b "])
    topics.choose(store, person.id, ["b", "c"])
    assert topics.of(store, person.id) == {"b", "c"}
    assert [topic for topic in "abc" if topics.chosen(store, topic)] == ["b", "c"]
    assert attributes.known(store) == {"city", "n", "vip"}


def test_a_suppression_keeps_its_first_reason(store) -> None:
    assert suppressions.add(store, Suppression("a@example.org", "first", "", NOW))
    assert not suppressions.add(store, Suppression("a@example.org", "second", "", NOW))
    assert suppressions.has(store, "a@example.org").reason == "first"
    assert suppressions.among(store, [f"r{n}@example.org" for n in range(20_000)] + ["a@example.org"]).keys() == {
        "a@example.org"
    }


def test_lists_follow_the_settings_and_keep_their_numbers(store) -> None:
    number = lists.number(store, "weekly")
    lists.ensure(store, [MailingList("weekly", "Every week", "double"), MailingList("daily", "Daily")])
    assert lists.by_number(store, number) == MailingList("weekly", "Every week", "double")
    assert [each.slug for each in lists.all(store)] == ["monthly", "weekly", "daily"]
    changes = store.total_changes
    lists.ensure(store, lists.all(store))
    assert store.total_changes == changes
    with pytest.raises(UnknownError):
        lists.by_number(store, 99)


def test_a_dossier_tells_everything(store) -> None:
    person = add(store, "anna", name="Anna", topics=["a"], attributes={"city": "Solna"})
    document = dossier.document(store, people.get(store, person.id), None)
    assert document["attributes"] == {"city": "Solna"}
    assert document["subscriptions"] == [{"list": "monthly", "status": "confirmed", "since": NOW.isoformat()}]
    assert [each["wording"] for each in document["consents"]] == ["agreed"]


def test_times_are_kept_in_utc_to_the_millisecond(store) -> None:
    later = NOW + timedelta(microseconds=123_456)
    person = people.add(store, address.parse("t@example.org"), later)
    assert person.joined == NOW + timedelta(milliseconds=123)
