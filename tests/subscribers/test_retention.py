"""Laws of retention: what is kept for a time goes after it, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest

from subscribers import address
from subscribers.model import Consent, MailingList, SubscriptionStatus, Suppression
from subscribers.store.file.open import transaction
from subscribers.store.keeping import retention
from subscribers.store.keeping.retention import Rules, Swept
from subscribers.store.ledger import mails
from subscribers.store.register import (
    consents,
    limits,
    lists,
    people,
    subscriptions,
    suppressions,
)
from tests import blank

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = b"k" * 32


@pytest.fixture
def store(tmp_path):
    connection = blank.people(tmp_path / "people.db")
    lists.ensure(connection, [MailingList("monthly", "Monthly"), MailingList("weekly", "Weekly")])
    yield connection
    connection.close()


def sign_up(store, who: str, days: int, *statuses: tuple[str, str]) -> int:
    own = people.add(store, address.parse(f"{who}@example.org"), NOW - days * DAY).id
    for slug, status in statuses:
        consent = Consent(own, slug, "signup", NOW - days * DAY, "form", "agreed", "sv", "192.0.2.0/24")
        subscriptions.change(store, consent, SubscriptionStatus(status))
    return own


def sweep(store, now=NOW, **rules) -> Swept:
    with transaction(store):
        return retention.sweep(store, Rules(**rules), now, [KEY])


def test_who_never_confirms_is_forgotten_after_a_fortnight(store) -> None:
    late = sign_up(store, "late", 15, ("monthly", "pending"), ("weekly", "pending"))
    sign_up(store, "waiting", 13, ("monthly", "pending"))
    reader = sign_up(store, "reader", 400, ("monthly", "confirmed"), ("weekly", "pending"))
    left = sign_up(store, "left", 400, ("monthly", "unsubscribed"))
    known = sign_up(store, "known", 400)
    assert sweep(store, network=1000 * DAY) == Swept(expired=3, forgotten=1)
    assert people.by_address(store, "late@example.org") is None
    assert consents.of(store, late)[0].wording == ""
    assert [each.list for each in subscriptions.of(store, reader)] == ["monthly"]
    for own in (reader, left, known):
        assert people.get(store, own)
    assert consents.verify(store).lines == 6
    assert sweep(store, network=1000 * DAY) == Swept()
    # They may sign up again: nothing remembers them.
    assert suppressions.has(store, "late@example.org", (KEY,)) is None
    sign_up(store, "late", 0, ("monthly", "pending"))
    assert sweep(store, NOW + 2 * DAY, network=1000 * DAY).expired == 1


def test_who_asked_once_more_waits_as_long_as_the_newer_link_works(store) -> None:
    own = sign_up(store, "again", 15, ("monthly", "pending"))
    mails.queue(store, "confirm", own, "monthly", "sv", NOW - 15 * DAY)
    mails.queue(store, "confirm", own, "monthly", "sv", NOW - 13 * DAY)
    assert sweep(store) == Swept()
    assert sweep(store, NOW + 2 * DAY) == Swept(expired=1, forgotten=1)


def test_who_was_sent_a_letter_stays_in_the_books(store) -> None:
    own = sign_up(store, "old", 30, ("monthly", "pending"))
    store.execute(
        "INSERT INTO sends (issue, list, rule, state, content, created) VALUES ('x','m','','done','','')"
    )
    store.execute(
        "INSERT INTO deliveries (send_id, subscriber_id, variant, updated) VALUES (1, ?, 'en', '')", (own,)
    )
    assert sweep(store) == Swept(expired=1, forgotten=0)
    assert people.get(store, own)


def test_who_left_the_last_list_long_ago_is_erased_and_nobody_else(store) -> None:
    gone = sign_up(store, "gone", 400, ("monthly", "unsubscribed"), ("weekly", "unsubscribed"))
    spam = sign_up(store, "spam", 400, ("monthly", "unsubscribed"))
    stays = [
        sign_up(store, "lately", 40, ("monthly", "unsubscribed")),
        sign_up(store, "reader", 400, ("monthly", "unsubscribed"), ("weekly", "confirmed")),
        sign_up(store, "bounced", 400, ("monthly", "confirmed")),
        sign_up(store, "waiting", 400, ("monthly", "unsubscribed")),
        sign_up(store, "nothing", 400),
    ]
    at = NOW - 10 * DAY
    subscriptions.change(
        store, Consent(stays[3], "weekly", "signup", at, "form", "agreed"), SubscriptionStatus.PENDING
    )
    for who, reason in (("spam", "complaint"), ("bounced", "bounce")):
        suppressions.add(store, Suppression(f"{who}@example.org", reason, f"{who}@example.org", at))
    kept = {"network": 1000 * DAY}
    assert sweep(store, **kept) == Swept()
    assert retention.leaving(store, Rules(), NOW) == []
    wanted = Rules(left=60 * DAY)
    assert retention.leaving(store, wanted, NOW) == [gone, spam]
    assert sweep(store, left=60 * DAY, **kept) == Swept(left=2)
    assert [one.id for one in people.select(store)] == stays
    for who in ("gone", "spam"):
        assert suppressions.has(store, f"{who}@example.org", (KEY,)).reason == "erased"
        assert suppressions.has(store, f"{who}@example.org") is None
    assert consents.verify(store).erased == 3


def test_the_books_still_count_a_letter_to_somebody_who_left(store) -> None:
    own = sign_up(store, "gone", 400, ("monthly", "unsubscribed"))
    store.execute(
        "INSERT INTO sends (issue, list, rule, state, content, created) VALUES ('x','m','','done','','')"
    )
    store.execute(
        """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated, reply)
           VALUES (1, ?, 'en', 'accepted', '', '250 gone@example.org')""",
        (own,),
    )
    assert sweep(store, left=60 * DAY).left == 1
    assert [*store.execute("SELECT state, reply FROM deliveries").fetchone()] == ["accepted", ""]


def test_networks_and_hits_go_after_their_time(store) -> None:
    sign_up(store, "old", 400, ("monthly", "confirmed"))
    sign_up(store, "new", 300, ("monthly", "confirmed"))
    tally = limits.Tally(store, {"bucket": limits.ADDRESS}, NOW)
    tally.hit(["bucket"], NOW - 400 * DAY)
    tally.hit(["bucket"], NOW - 300 * DAY)
    tally.write()
    assert sweep(store) == Swept(networks=1, hits=1)
    networks = [consents.of(store, own)[0].network for own in (1, 2)]
    assert networks == ["", "192.0.2.0/24"]
    assert consents.verify(store).lines == 2


def test_one_sweep_takes_no_more_than_it_may(store) -> None:
    for number in range(5):
        sign_up(store, f"r{number}", 20, ("monthly", "pending"))
    assert [sweep(store, most=2).forgotten for _ in range(4)] == [2, 2, 1, 0]
    for number in range(3):
        sign_up(store, f"left{number}", 80, ("monthly", "unsubscribed"))
    assert [sweep(store, most=2, left=60 * DAY).left for _ in range(3)] == [2, 1, 0]
