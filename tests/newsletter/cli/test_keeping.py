"""Laws of forgetting in serve: what is due goes by itself, and is told without a name."""

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.cli.run import keeping
from newsletter.cli.terminal import now
from newsletter.settings.retention import Retention
from newsletter.settings.tracking import Tracking
from subscribers import address
from subscribers.model import Consent, MailingList, SubscriptionStatus
from subscribers.store.file.open import connect
from subscribers.store.file.writer import Writer
from subscribers.store.register import lists, people, subscriptions, suppressions


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "people.db"
    with closing(connect(path)) as connection:
        lists.ensure(connection, [MailingList("monthly", "Monthly")])
        for number, days in enumerate((20, 20, 1)):
            at = now() - timedelta(days=days)
            own = people.add(connection, address.parse(f"r{number}@example.org"), at).id
            consent = Consent(own, "monthly", "signup", at, "form", "agreed", "sv", "192.0.2.0/24")
            subscriptions.change(connection, consent, SubscriptionStatus.PENDING)
    return path


def forget(path, settings: Retention, words: int, most: int = 1000) -> list[str]:
    """Sweep until so many *words* were said, and once more."""
    said: list[str] = []

    async def run() -> None:
        stop = asyncio.Event()
        rules = replace(keeping.rules(settings, Tracking()), most=most)
        task = asyncio.create_task(keeping.keep_forgetting(writer, rules, [b"k" * 32], stop, said.append))
        for _ in range(1000):
            if len(said) >= words:
                break
            await asyncio.sleep(0.01)
        # Jobs run in their order: after these two, the sweep that followed the last word is done.
        for _ in range(2):
            await writer.run(lambda connection: None)
        stop.set()
        await asyncio.wait_for(task, 10)

    with Writer(path) as writer:
        asyncio.run(run())
    return said


def test_serve_forgets_who_never_confirmed(path) -> None:
    assert forget(path, Retention(), 1) == ["2 signups that nobody confirmed went, and 2 people with them."]
    assert forget(path, Retention(), 0) == []
    with closing(connect(path)) as connection:
        assert [one.address.typed for one in people.select(connection)] == ["r2@example.org"]


def test_the_settings_say_how_long(path) -> None:
    assert forget(path, Retention(pending_days=30), 0, most=1) == []
    assert (
        forget(path, Retention(pending_days=1, network_months=0), 3, most=1)
        == ["1 signup that nobody confirmed went, and 1 person with them."] * 3
    )
    with closing(connect(path)) as connection:
        assert people.count(connection) == 0
        assert connection.execute("SELECT count(*) FROM consents WHERE network <> ''").fetchone()[0] == 0


def test_serve_erases_who_left_if_the_settings_say_so(path) -> None:
    with closing(connect(path)) as connection:
        for number, days in enumerate((70, 50, 40, 20)):
            at = now() - timedelta(days=days)
            own = people.add(connection, address.parse(f"left{number}@example.org"), at).id
            subscriptions.change(
                connection, Consent(own, "monthly", "import", at, "file", ""), SubscriptionStatus.UNSUBSCRIBED
            )
    assert forget(path, Retention(pending_days=30), 0) == []
    gone = "Erased 1 person who had left every list long enough ago."
    assert forget(path, Retention(pending_days=30, left_months=1), 3, most=1) == [gone] * 3
    with closing(connect(path)) as connection:
        left = [one.address.typed for one in people.select(connection) if "left" in one.address.typed]
        assert left == ["left3@example.org"]
        assert suppressions.has(connection, "left0@example.org", (b"k" * 32,))
