"""A real Postfix as its operators set it up: what it limits, delays and refuses loses and doubles nobody."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsletter import delivery
from newsletter.cli.run.proof.audit import judge
from newsletter.send.limits import Limits
from subscribers.status import DeliveryState, SendState
from subscribers.store.ledger import paces
from tests import postfix
from tests.ledger import ACCEPTED, Ledger

pytestmark = pytest.mark.postfix


class Patient(Ledger):
    """A ledger whose sender gives a server the time that RFC 5321 gives it: a busy machine needs it."""

    def run(self, server, **changed):
        return super().run(server, **{"limits": Limits(), **changed})


@pytest.fixture
def ledger(tmp_path):
    with closing(Patient(tmp_path, 60)) as made:
        yield made


def test_a_server_that_takes_few_connections_is_sent_to_by_few(ledger):
    said = []
    with postfix.running(
        "smtpd_client_connection_count_limit = 3\nsmtpd_client_event_limit_exceptions ="
    ) as server:
        ended = ledger.run(server, connections=10, endurance=10.0, said=said)
        taken = server.settled(60)
    assert (ended.state, ledger.counts()[ACCEPTED]) == (SendState.DONE, 60)
    # Who is turned away may hear of it before the first of the three is let in.
    assert all("too many connections" in line for line in said)
    assert judge(ledger.states(), taken, allowed=0).sound


def test_a_server_that_counts_messages_is_used_more_slowly(ledger):
    """It says 450 4.7.1 to MAIL from the 21st message in two seconds on: no reader's domain is at fault."""
    limits = (
        "smtpd_client_message_rate_limit = 20\nanvil_rate_time_unit = 2s\nsmtpd_client_event_limit_exceptions ="
    )
    said = []
    with postfix.running(limits) as server:
        ended = ledger.run(server, said=said)
        taken = server.settled(60)
    assert (ended.state, ledger.counts()[ACCEPTED]) == (SendState.DONE, 60)
    assert set(paces.learned(ledger.connection)) == {"route/test"}
    assert "too much mail" in said[0]
    assert judge(ledger.states(), taken, allowed=0).sound


def test_a_server_that_counts_recipients_slows_their_domain_and_loses_nobody(ledger):
    limits = (
        "smtpd_client_recipient_rate_limit = 20\nanvil_rate_time_unit = 2s\nsmtpd_client_event_limit_exceptions ="
    )
    with postfix.running(limits) as server:
        ended = ledger.run(server)
        taken = server.settled(60)
    assert (ended.state, ledger.counts()[ACCEPTED]) == (SendState.DONE, 60)
    assert judge(ledger.states(), taken, allowed=0).sound


REJECTED = """
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{{ {known} }}
virtual_transport = discard
smtpd_recipient_restrictions = {recipients}
smtpd_sender_restrictions = {senders}
"""


def settings(known="", recipients="permit", senders="permit"):
    return REJECTED.format(known=known, recipients=recipients, senders=senders)


def test_who_is_not_known_is_refused_alone(ledger):
    known = " ".join(f"{{reader{number}@example.org = x}}" for number in range(1, 61) if number % 10)
    with postfix.running(settings(known, "reject_unlisted_recipient, permit")) as server:
        ended = ledger.run(server)
        taken = server.settled(54)
    counts = ledger.counts()
    assert (ended.state, counts[ACCEPTED], counts[DeliveryState.REFUSED]) == (SendState.DONE, 54, 6)
    row = ledger.connection.execute(
        "SELECT code, enhanced, reply FROM deliveries WHERE state = 'refused'"
    ).fetchone()
    assert (row["code"], row["enhanced"]) == (550, "5.1.1")
    assert judge(ledger.states(), taken, allowed=0).sound


def test_greylisting_costs_one_more_try(ledger):
    """450 4.2.0 is about one address: its domain is not slowed."""
    with postfix.running(
        settings(recipients="check_recipient_access static:{450 4.2.0 Greylisted}, permit")
    ) as server:
        ended = ledger.run(server, patience=0.0, outcome=delivery.outcome)
        assert ended.state is SendState.SENDING, ended.reason
    assert ledger.counts()[DeliveryState.DEFERRED] == 60
    assert paces.learned(ledger.connection) == {}
    with postfix.running() as server:
        later = ledger.run(server, now=lambda: datetime.now(UTC) + timedelta(minutes=3))
        assert later.state is SendState.DONE
        assert judge(ledger.states(), server.settled(60), allowed=0).sound


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (settings(senders="check_sender_access static:{550 5.1.8 Sender rejected}, permit"), "550 5.1.8"),
        (settings(senders="reject"), "554 5.7.1"),
        (settings(recipients="reject"), "554 5.7.1"),
        ("smtpd_relay_restrictions = defer_unauth_destination", "454 4.7.1"),
        ("message_size_limit = 50", "552 5.3.4"),
    ],
)
def test_what_it_has_against_us_pauses_the_send_and_blames_nobody(ledger, more, told):
    with postfix.running(more) as server:
        ended = ledger.run(server)
        assert server.taken() == []
    assert ended.state is SendState.PAUSED
    assert told in ended.reason
    counts = ledger.counts()
    assert counts[DeliveryState.REFUSED] == counts[ACCEPTED] == 0
    assert sum(counts.values()) == 60


def test_a_slow_greeting_and_few_processes_only_take_time(ledger):
    slow = "smtpd_client_restrictions = sleep 1, permit\nsmtpd_delay_reject = no\ndefault_process_limit = 3"
    with postfix.running(slow) as server:
        ended = ledger.run(server, connections=6, endurance=10.0)
        taken = server.settled(60)
    assert (ended.state, ledger.counts()[ACCEPTED]) == (SendState.DONE, 60)
    assert judge(ledger.states(), taken, allowed=0).sound
