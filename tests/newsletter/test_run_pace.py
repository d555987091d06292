"""Paces of a run: a slow domain holds nobody up, a pace is remembered, and a bad start stops the send."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.delivery import wants_patience
from newsletter.model import Reply, Stage
from subscribers.status import DeliveryState, SendState
from subscribers.store import deliveries, paces, sends
from subscribers.store.open import transaction
from tests import readers
from tests.newsletter.test_run import ACCEPTED, Ledger
from tests.smtpserver import Fault, Server


def move(connection, domain, *, every):
    """Let every so many-th reader be at *domain*."""
    connection.execute(
        """UPDATE subscribers SET email = 'r' || id || '@' || :domain, canonical = 'r' || id || '@' || :domain
           WHERE id % :every = 0""",
        {"domain": domain, "every": every},
    )


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path, 60)


def test_a_domain_that_is_slow_waits_in_the_ledger_and_the_others_go_on(ledger):
    move(ledger.connection, "slow.example", every=3)
    with transaction(ledger.connection):
        paces.learn(ledger.connection, "slow.example", 1 / 30, datetime.now(UTC))
    with Server() as server:
        ended = ledger.run(server, patience=0.0)
    assert ended.state is SendState.SENDING
    domains = [one.rpartition("@")[2] for one in server.recipients()]
    assert domains.count("example.org") == 40
    assert domains.count("slow.example") <= 3
    counts = ledger.counts()
    assert counts[ACCEPTED] + counts[DeliveryState.QUEUED] == 60
    due = deliveries.wakes(ledger.connection, ended.id)
    assert timedelta(seconds=20) < due - datetime.now(UTC) < timedelta(minutes=30)
    assert sends.under_way(ledger.connection, datetime.now(UTC)) == ()
    assert [one.id for one in sends.under_way(ledger.connection, due)] == [ended.id]
    attempts = ledger.connection.execute("SELECT max(attempts) FROM deliveries WHERE state = 'queued'").fetchone()
    assert attempts[0] == 0


def test_what_a_domain_asked_for_is_remembered(ledger):
    with Server(faults=[Fault("rcpt", "451", times=1, skip=5)]) as server:
        assert ledger.run(server).state is SendState.DONE
    assert len(set(server.recipients())) == 60
    ((name, (rate, since)),) = paces.learned(ledger.connection).items()
    assert name == "example.org"
    assert rate >= 5
    assert datetime.now(UTC) - since < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "enhanced", "wants"),
    [(421, "4.7.0", True), (451, "", True), (452, "4.2.2", False), (450, "4.1.8", False), (550, "5.7.1", False)],
)
def test_a_full_mailbox_is_no_matter_of_its_domain(code, enhanced, wants):
    assert wants_patience(Reply(Stage.RCPT, code, enhanced)) is wants


def test_more_than_five_in_a_hundred_refused_at_the_start_pauses_the_send(ledger):
    with Server(faults=[Fault("rcpt", "550", times=40)]) as server:
        ended = ledger.run(server)
        assert ended.state is SendState.PAUSED
        assert "11 of the first 11 readers were refused" in ended.reason
        left = ledger.counts()
        assert left[DeliveryState.REFUSED] < 20
        assert left[DeliveryState.QUEUED] > 40
        with transaction(ledger.connection):
            sends.move(ledger.connection, ended.id, SendState.SENDING, readers.NOW)
        ended = ledger.run(server)
    assert ended.state is SendState.DONE, "who lets it go on knows why"
    assert ledger.counts()[ACCEPTED] == 20


def test_ten_refused_in_two_hundred_pause_nothing(tmp_path):
    ledger = Ledger(tmp_path, 250)
    with Server(
        faults=[Fault("rcpt", "550", times=10, skip=20), Fault("dot", "550", times=15, skip=205)]
    ) as server:
        assert ledger.run(server).state is SendState.DONE
    assert ledger.counts()[DeliveryState.REFUSED] == 25


def test_the_readers_of_a_domain_are_spread_over_the_whole_send(tmp_path):
    ledger = Ledger(tmp_path, 0)
    readers.add(ledger.connection, 100)
    ledger.connection.execute("UPDATE subscribers SET canonical = 'r' || id || '@big.example' WHERE id <= 50")
    ledger.connection.execute("UPDATE subscribers SET canonical = 'r' || id || '@one.example' WHERE id = 100")
    send = readers.freeze(ledger.connection, issue="2025-07")
    rows = ledger.connection.execute(
        """SELECT s.canonical FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id
           WHERE d.send_id = ? ORDER BY d.id""",
        (send.id,),
    )
    domains = [row[0].rpartition("@")[2] for row in rows]
    for start in range(0, 100, 10):
        assert 4 <= domains[start : start + 10].count("big.example") <= 6
    assert 40 < domains.index("one.example") < 60
