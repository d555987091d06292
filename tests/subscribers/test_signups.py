"""Signing up at once is as good as one after the other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers.address import parse
from subscribers.errors import PeopleError, UnknownError
from subscribers.model import Consent, MailingList, Suppression
from subscribers.status import SubscriptionStatus
from subscribers.store.file.open import transaction
from subscribers.store.register import (
    consents,
    limits,
    lists,
    people,
    subscriptions,
    suppressions,
)
from subscribers.store.register.acts import Act
from subscribers.store.register.signups import Signup, Taken, sign_up
from subscribers.token import Ring
from tests import blank

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
RING = Ring((b"k" * 32,))
TABLES = (
    "SELECT id, email, canonical, name, language, attributes, status, joined FROM subscribers",
    "SELECT * FROM subscriptions",
    "SELECT * FROM topics",
    "SELECT id, subscriber_id, list, what, at, source, wording, language, network FROM consents",
    "SELECT * FROM hits",
    "SELECT id, kind, subscriber_id, list, language, state, due FROM mails",
)


def store(folder: Path, name: str) -> sqlite3.Connection:
    connection = blank.people(folder / name)
    lists.ensure(connection, (MailingList("monthly", "Monthly"), MailingList("quick", "Quick", "single")))
    with transaction(connection):
        for email, status in (("d@example.org", "confirmed"), ("e@example.org", "unsubscribed")):
            person = people.add(connection, parse(email), NOW)
            for step in dict.fromkeys(("confirmed", status)):
                consent = Consent(person.id, "quick", "import", NOW, "test", "")
                subscriptions.change(connection, consent, SubscriptionStatus(step))
        suppressions.add(connection, Suppression("f@example.org", "complaint", "", NOW))
    return connection


@st.composite
def signups(draw: st.DrawFn) -> Signup:
    email = draw(st.sampled_from(["a", "A", "a+x", "b", "c", "d", "e", "f"])) + "@example.org"
    wanted = draw(st.sampled_from([("monthly",), ("quick",), ("monthly", "quick")]))
    act = Act("form", NOW + timedelta(hours=draw(st.integers(0, 60))), "sv", draw(st.sampled_from(["n", "m"])))
    return Signup(
        parse(email),
        draw(st.sampled_from(["", "Åsa"])),
        {slug: f"yes to {slug}" for slug in wanted},
        act,
        draw(st.sampled_from([frozenset(), frozenset({"boats", "fish"})])),
        draw(st.sampled_from([frozenset(), frozenset({"quick"})])),
    )


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    folder = tmp_path_factory.mktemp("signups")
    with closing(store(folder, "together.db")) as together, closing(store(folder, "apart.db")) as apart:
        yield together, apart


@given(several=st.lists(signups(), max_size=12))
@settings(max_examples=150)
def test_many_at_once_leave_what_one_after_the_other_leave(
    stores: tuple[sqlite3.Connection, sqlite3.Connection], several: list[Signup]
) -> None:
    together, apart = stores
    several.sort(key=lambda signup: signup.act.at)
    for each in stores:
        each.execute("BEGIN")
    try:
        mailed = sign_up(together, several, RING) if several else []
        assert mailed == [each for signup in several for each in sign_up(apart, [signup], RING)]
        for sql in TABLES:
            assert [tuple(row) for row in together.execute(sql)] == [tuple(row) for row in apart.execute(sql)]
        assert consents.verify(together).lines == consents.verify(apart).lines
    finally:
        for each in stores:
            each.execute("ROLLBACK")


def signup(email: str, slug: str = "monthly", name: str = "", network: str = "192.0.2.0/24") -> Signup:
    return Signup(parse(email), name, {slug: "yes"}, Act("form", NOW, "sv", network))


@pytest.mark.parametrize(
    ("broken", "error"),
    [(signup("b@example.org", "nosuch"), UnknownError), (signup("b@example.org", name="\x00"), PeopleError)],
)
def test_what_cannot_be_kept_writes_nothing(tmp_path: Path, broken: Signup, error: type[Exception]) -> None:
    connection = store(tmp_path, "people.db")
    before = list(connection.iterdump())
    with transaction(connection), pytest.raises(error):
        sign_up(connection, [signup("a@example.org"), broken], RING)
    assert list(connection.iterdump()) == before
    connection.close()


def test_a_crowd_meets_the_limits_as_one_by_one_would(tmp_path: Path) -> None:
    connection = store(tmp_path, "people.db")
    most = limits.NETWORK[0].most
    with transaction(connection):
        mailed = sign_up(connection, [signup(f"r{number}@example.org") for number in range(most + 5)], RING)
    assert mailed == [Taken.MAILED] * most + [Taken.CROWDED] * 5
    connection.close()


def test_all_networks_together_cause_so_many_mails_and_no_more(tmp_path: Path) -> None:
    connection = store(tmp_path, "people.db")
    most = limits.OVERALL[0].most
    crowd = [signup(f"r{number}@example.org", network=f"network {number // 50}") for number in range(most + 5)]
    with transaction(connection):
        mailed = sign_up(connection, crowd, RING)
    assert mailed == [Taken.MAILED] * most + [Taken.CROWDED] * 5
    connection.close()


@pytest.mark.parametrize(("email", "slug"), [("victim+{}@example.org", "monthly"), ("r{}@example.org", "quick")])
def test_people_who_get_no_mail_are_no_more_than_a_network_may_bring(
    tmp_path: Path, email: str, slug: str
) -> None:
    connection = store(tmp_path, "people.db")
    most = limits.NETWORK[0].most
    before = people.highest(connection)
    with transaction(connection):
        sign_up(connection, [signup(email.format(number), slug) for number in range(most + 50)], RING)
    assert people.highest(connection) - before == most
    connection.close()
