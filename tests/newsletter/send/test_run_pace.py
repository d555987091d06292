"""Paces of a run: a slow domain holds nobody up, a pace is remembered, and a bad start stops the send."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.delivery import slows_domain, slows_route
from newsletter.model import Reply, Stage
from newsletter.timing.hours import Hours, Permit
from newsletter.timing.pace import Rate
from subscribers.status import DeliveryState, SendState
from subscribers.store.file.open import transaction
from subscribers.store.ledger import census, deliveries, paces, sends
from tests import readers
from tests.ledger import ACCEPTED
from tests.smtpserver import Fault, Server


def move(connection, domain, *, every):
    """Let every so many-th reader be at *domain*."""
    connection.execute(
        """UPDATE subscribers SET email = 'r' || id || '@' || :domain, canonical = 'r' || id || '@' || :domain
           WHERE id % :every = 0""",
        {"domain": domain, "every": every},
    )


@pytest.fixture
def ledger(ledger_of):
    return ledger_of(60)


def test_a_domain_that_is_slow_waits_in_the_ledger_and_the_others_go_on(ledger):
    move(ledger.connection, "slow.example", every=3)
    with transaction(ledger.connection):
        paces.learn(ledger.connection, "slow.example", 1 / 60, datetime.now(UTC))
    with Server() as server:
        ended = ledger.run(server, patience=0.0)
    assert ended.state is SendState.SENDING
    domains = [one.rpartition("@")[2] for one in server.recipients()]
    assert domains.count("example.org") == 40
    assert domains.count("slow.example") <= 3
    counts = ledger.counts()
    assert counts[ACCEPTED] + counts[DeliveryState.QUEUED] == 60
    due = census.wakes(ledger.connection, ended.id)
    assert timedelta(seconds=20) < due - datetime.now(UTC) < timedelta(minutes=30)
    assert sends.under_way(ledger.connection, datetime.now(UTC)) == ()
    assert [one.id for one in sends.under_way(ledger.connection, due)] == [ended.id]
    attempts = ledger.connection.execute("SELECT max(attempts) FROM deliveries WHERE state = 'queued'").fetchone()
    assert attempts[0] == 0


def test_a_send_that_waits_for_a_slow_domain_says_which(ledger):
    """Until there is a turn, with one reader in fifteen seconds, nothing else would happen on the screen."""
    said = []

    async def look(halt):
        async with asyncio.timeout(20):
            while not any("asked for patience" in line for line in said):  # noqa: ASYNC110 - the run says it
                await asyncio.sleep(0.01)
        halt.set()

    move(ledger.connection, "slow.example", every=30)
    with transaction(ledger.connection):
        paces.learn(ledger.connection, "slow.example", 1 / 15, datetime.now(UTC))
    with Server() as server:
        ledger.run(server, said=said, during=look)
    (told,) = (line for line in said if "asked for patience" in line)
    assert told.startswith("slow.example asked for patience: the next one goes there in 1")


def test_what_a_domain_asked_for_is_remembered(ledger_of):
    ledger = ledger_of(20)
    with Server(faults=[Fault("rcpt", "450", times=1, skip=5)]) as server:
        assert ledger.run(server).state is SendState.DONE
    assert len(set(server.recipients())) == 20
    ((name, (rate, since)),) = paces.learned(ledger.connection).items()
    assert name == "example.org"
    assert rate >= 5
    assert datetime.now(UTC) - since < timedelta(minutes=1)


@pytest.mark.parametrize("action", ["451", "filtered"])
def test_who_puts_off_one_in_ten_slows_nothing(ledger_of, action):
    """One in ten is tried again, as it was asked for; the others go on as fast as they did."""
    ledger, said = ledger_of(300), []
    faults = [Fault("dot", action, skip=30 + 9 * number) for number in range(25)]
    with Server(faults=faults) as server:
        assert ledger.run(server, said=said).state is SendState.DONE
    ledger.agrees(server, 300)
    tried = ledger.connection.execute("SELECT count(*) FROM deliveries WHERE attempts > 1").fetchone()[0]
    assert tried >= 20
    assert paces.learned(ledger.connection) == {}
    assert said == []


def test_what_a_route_asked_for_is_its_own_and_remembered(ledger_of):
    ledger, said = ledger_of(20), []
    with Server(faults=[Fault("mail", "450", times=1, skip=5)]) as server:
        assert ledger.run(server, said=said).state is SendState.DONE
    assert len(set(server.recipients())) == 20
    ((name, (rate, _)),) = paces.learned(ledger.connection).items()
    assert name == "route/test"
    assert rate >= 5
    assert "test asks for patience: 450 4.7.1 you are too fast" in said[0]
    with transaction(ledger.connection):
        paces.learn(ledger.connection, "route/test", 1 / 60, datetime.now(UTC))
        deliveries.requeue(ledger.connection, ledger.send.id, DeliveryState.REFUSED, datetime.now(UTC))
        ledger.connection.execute("UPDATE deliveries SET state = 'queued'")
        sends.move(ledger.connection, ledger.send.id, SendState.SENDING, datetime.now(UTC))

    async def soon(halt):
        while not server.accepted:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.01)
        halt.set()

    with Server() as server:
        ledger.run(server, during=soon)
    assert len(server.accepted) == 1, "it is used as slowly in the next run"


def test_who_waits_for_a_rate_when_the_window_closes_waits_on(ledger):
    """Eight messages are claimed and wait for their turn at that moment: none of them leaves after it."""
    until = datetime.now(UTC) + timedelta(seconds=1.3)
    permit = Permit(Hours(ZoneInfo("UTC")), deadline=until)
    with Server() as server:
        ended = ledger.run(server, rates=(Rate(4, 1),), permit=permit, connections=8)
        taken = len(server.accepted)
    assert ended.state is SendState.PAUSED
    assert 1 <= taken <= 4 + 6
    counts = ledger.counts()
    assert (counts[ACCEPTED], counts[DeliveryState.QUEUED]) == (taken, 60 - taken)
    assert (
        ledger.connection.execute("SELECT max(attempts) FROM deliveries WHERE state = 'queued'").fetchone()[0] == 0
    )


@pytest.mark.parametrize(
    ("stage", "code", "enhanced", "domain", "route"),
    [
        (Stage.RCPT, 421, "4.7.0", True, False),
        (Stage.RCPT, 451, "", True, False),
        (Stage.DOT, 450, "4.7.28", True, False),
        (Stage.RCPT, 452, "4.2.2", False, False),
        (Stage.RCPT, 450, "4.1.8", False, False),
        (Stage.RCPT, 421, "4.1.0", True, False),
        (Stage.RCPT, 550, "5.7.1", False, False),
        (Stage.MAIL, 450, "4.7.1", False, True),
        (Stage.MAIL, 452, "4.3.1", False, True),
        (Stage.DATA, 451, "4.3.0", False, True),
        (Stage.CONNECT, 421, "4.7.0", False, True),
        (Stage.MAIL, 550, "5.7.1", False, False),
        (Stage.MAIL, 0, "", False, False),
    ],
)
def test_who_asks_for_patience_is_who_gets_it(stage, code, enhanced, domain, route):
    """A full mailbox is no matter of its domain, and what a server says to MAIL is no matter of any reader's."""
    reply = Reply(stage, code, enhanced)
    assert (slows_domain(reply), slows_route(reply)) == (domain, route)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("Error: too many recipients from 192.0.2.7", True),
        ("Error: too many new messages from this client", True),
        ("Sender rate overlimit - 61.4 / 1m", True),
        ("Error: too many recipients", False),
        ("Too many messages for this mailbox, try again later", False),
    ],
)
def test_a_limit_on_what_comes_from_us_slows_the_route_and_no_domain(text, ours):
    """Postfix counts recipients of a client, Exim those of a sender: both say so before the message."""
    assert slows_route(Reply(Stage.RCPT, 450, "4.7.1", text)) is ours
    assert not (ours and slows_domain(Reply(Stage.RCPT, 450, "4.7.1", text)))


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


def test_ten_refused_in_two_hundred_pause_nothing(ledger_of):
    ledger = ledger_of(250)
    with Server(
        faults=[Fault("rcpt", "550", times=10, skip=20), Fault("dot", "550", times=15, skip=205)]
    ) as server:
        assert ledger.run(server).state is SendState.DONE
    assert ledger.counts()[DeliveryState.REFUSED] == 25


def test_the_readers_of_a_domain_are_spread_over_the_whole_send(ledger_of):
    ledger = ledger_of(0)
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
