"""What a reply means for a delivery, and when to try again: decided without a server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import delivery
from newsletter.model import Reply, Stage
from newsletter.send.answer import Answer, answer_of
from subscribers.status import DeliveryState

NOW = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data"
REPLIES = [line for line in (DATA / "replies.txt").read_text().splitlines() if not line.startswith("#")]
A, D, R, U = DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN


@pytest.mark.parametrize(
    ("text", "helps"),
    [
        ("<a@example.org>: Sender address rejected: not owned by user news", True),
        ("SMTP; Client does not have permissions to send as this sender", True),
        ("SendAsDenied; news@example.org not allowed to send as bounce@example.org", True),
        ("Sender address is not allowed", True),
        ("From address is not one of your addresses", True),
        ("Sender is not allowed to relay emails", True),
        ("Sender address rejected: domain not found", False),
        ("your address is listed", False),
    ],
)
def test_who_may_send_as_itself_only_is_told_what_helps(text, helps):
    reason = delivery.objection(Reply(Stage.MAIL, 553, "5.7.1", text))
    assert ("needs its address as sender in [[smtp]]" in reason) is helps
    assert text in reason


@pytest.mark.parametrize(
    ("stage", "code", "enhanced", "state", "pauses"),
    [
        (Stage.DOT, 250, "2.0.0", A, False),
        # Of 2xx and 5xx the ends, and what lies beside them.
        (Stage.DOT, 200, "", A, False),
        (Stage.DOT, 299, "", A, False),
        (Stage.DOT, 199, "", D, False),
        (Stage.DOT, 300, "", D, False),
        (Stage.CONNECT, 599, "", D, True),
        (Stage.CONNECT, 499, "", D, False),
        (Stage.CONNECT, 600, "", D, False),
        (Stage.CONNECT, 554, "", D, True),
        (Stage.MAIL, 550, "", D, True),
        (Stage.DOT, 0, "", U, False),
        (Stage.DOT, 451, "", D, False),
        (Stage.DOT, 554, "5.6.0", D, True),
        (Stage.RCPT, 553, "5.6.7", R, False),
        (Stage.DOT, 550, "5.7.1", D, True),
        (Stage.DOT, 552, "5.3.4", D, True),
        (Stage.DATA, 0, "", D, False),
        (Stage.DATA, 554, "", R, False),
        (Stage.BODY, 0, "", D, False),
        (Stage.RCPT, 550, "5.1.1", R, False),
        (Stage.RCPT, 550, "", R, False),
        (Stage.RCPT, 450, "4.2.0", D, False),
        (Stage.RCPT, 554, "5.7.1", D, True),
        (Stage.DOT, 550, "5.7.26", D, True),
        (Stage.RCPT, 250, "", D, False),
        (Stage.MAIL, 421, "", D, False),
        (Stage.MAIL, 550, "5.1.8", D, True),
        (Stage.MAIL, 501, "", D, True),
        (Stage.CONNECT, 0, "", D, False),
        (Stage.RCPT, 503, "5.5.1", D, True),
        (Stage.RCPT, 530, "", D, True),
        (Stage.DATA, 503, "5.5.1", D, True),
        (Stage.RCPT, 552, "5.5.3", D, False),
        (Stage.RCPT, 501, "5.1.3", R, False),
        (Stage.RCPT, 552, "5.2.2", R, False),
        # Who does not understand us, or wants us to log in first, says nothing of the reader.
        *((Stage.RCPT, code, "", D, True) for code in (500, 502, 503, 504, 530, 535, 538)),
    ],
)
def test_what_each_reply_means(stage, code, enhanced, state, pauses):
    outcome = delivery.outcome(Reply(stage, code, enhanced, "words"), 1, NOW, 0.5)
    assert outcome.state is state
    assert bool(outcome.pause) is pauses
    assert (outcome.due is not None) is (state is D)


@pytest.mark.parametrize(
    ("code", "text", "state", "pauses"),
    [
        (550, "relaying denied", D, True),
        (554, "Relay access denied", D, True),
        (454, "Relay access denied", D, True),
        (451, "Greylisted, try again later", D, False),
        (554, "Message rejected as SPAM", D, True),
        (550, "your host is on a block list", D, True),
        (552, "Too many recipients", D, False),
        (552, "mailbox full", R, False),
        (550, "no such user", R, False),
    ],
)
def test_what_a_server_means_that_says_no_status(code, text, state, pauses):
    outcome = delivery.outcome(Reply(Stage.RCPT, code, "", text), 1, NOW, 0.5)
    assert (outcome.state, bool(outcome.pause)) == (state, pauses)


@pytest.mark.parametrize("line", REPLIES)
def test_what_servers_say_is_understood_whoever_they_are(line):
    _, stage, said, meaning = line.split(" | ")
    answer = answer_of(said.encode())
    reply = Reply(Stage[stage], answer.code, answer.enhanced, answer.text)
    assert _meaning(reply) == meaning


def test_no_reader_is_blamed_for_what_is_about_us_nor_we_for_a_reader():
    """Servers say the same at once as in the bounces that they write."""
    texts = [(DATA / "bounces" / f"phrases-{name}.txt").read_text() for name in "abc"]
    lines = [line for text in texts for line in text.splitlines()]
    wrong = []
    for kind, _, command, said in (line.split(" | ") for line in lines if not line.startswith("#")):
        stage = {"RCPT": Stage.RCPT, "DATA": Stage.DOT}.get(command)
        if kind in ("hard", "block") and stage and said.startswith("5"):
            answer = Answer.of([said.replace("{a}", "agnes@quay.example").encode()])
            reply = Reply(stage, answer.code, answer.enhanced, answer.text)
            wrong += [said] if bool(delivery.objection(reply)) is (kind == "hard") else []
    assert wrong == []


@pytest.mark.parametrize(
    "said",
    ["disk full", "disk is full", "disk space", "disk error", "cannot write to spool", "queue file write error",
     "insufficient system storage", "insufficient system resources", "space shortage", "mail system is full",
     "local error in processing", "temporary local problem", "internal error", "internal server error",
     "server configuration problem"],
)  # fmt: skip
def test_a_server_in_trouble_of_its_own_is_given_time_whomever_it_heard_of_last(said):
    reply = Reply(Stage.RCPT, 451, "", f"Try again: {said}")
    assert delivery.slows_route(reply)
    assert not delivery.slows_domain(reply)
    # What is said of one reader is no trouble of the server's, nor is a refusal.
    assert not delivery.slows_route(reply._replace(enhanced="4.2.0"))
    assert not delivery.slows_route(reply._replace(code=550))


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.MAIL])
def test_a_server_that_puts_off_before_it_heard_for_whom_is_sent_to_more_slowly(stage):
    assert delivery.slows_route(Reply(stage, 450, "", "not now"))
    assert not delivery.slows_domain(Reply(stage, 450, "", "not now"))
    asked = [code for code in range(390, 510) if delivery.slows_route(Reply(stage, code, "", "not now"))]
    assert asked == [*range(400, 500)]


@pytest.mark.parametrize(
    "said",
    ["Greylisted, please come back", "mailbox is full", "Relay access denied",
     "Recipient address rejected: User unknown in local recipient table"],
)  # fmt: skip
def test_what_passes_by_itself_or_never_slows_nobody(said):
    assert not delivery.slows_domain(Reply(Stage.RCPT, 450, "", said))
    assert not delivery.slows_route(Reply(Stage.RCPT, 450, "", said))


def test_a_refusal_slows_no_domain_and_what_nobody_knows_does():
    assert delivery.slows_domain(Reply(Stage.RCPT, 450, "", "not now"))
    assert not delivery.slows_domain(Reply(Stage.RCPT, 550, "", "not now"))


def test_who_leaves_or_says_so_finds_us_too_fast():
    assert delivery.names_pace(Reply(Stage.RCPT, 421, "", "bye"))
    assert delivery.names_pace(Reply(Stage.RCPT, 450, "", "too many connections, slow down"))
    assert delivery.names_pace(Reply(Stage.DOT, 451, "4.7.650", "this host is rate limited for its reputation"))
    assert delivery.names_pace(Reply(Stage.DOT, 454, "4.7.0", "Throttling: the sending rate was exceeded"))
    assert delivery.names_pace(Reply(Stage.DOT, 454, "4.7.0", "the daily quota of messages is used up"))
    assert delivery.names_pace(Reply(Stage.RCPT, 451, "4.7.0", "put off for an unexpected volume from you"))
    assert not delivery.names_pace(Reply(Stage.RCPT, 450, "", "not now"))
    assert not delivery.names_pace(Reply(Stage.RCPT, 422, "", "not now"))


def _meaning(reply):
    outcome = delivery.outcome(reply, 1, NOW, 0.5)
    if outcome.state is R:
        return "reader"
    if outcome.pause:
        return "ours"
    slows = {"route": delivery.slows_route, "domain": delivery.slows_domain}
    return next((name for name, slow in slows.items() if slow(reply)), "later")


@given(st.sampled_from(Stage), st.integers(0, 999), st.integers(1, 30), st.floats(0, 1, exclude_max=True))
def test_accepted_or_in_doubt_only_after_the_dot(stage, code, attempt, jitter):
    outcome = delivery.outcome(Reply(stage, code), attempt, NOW, jitter)
    if outcome.state in (A, U):
        assert stage is Stage.DOT
    if outcome.state is D:
        assert outcome.due > NOW


def test_waits_grow_and_end():
    times = [delivery.retry_at(attempt, NOW, 0) for attempt in range(1, len(delivery.WAITS) + 1)]
    waits = [time - NOW for time in times]
    assert waits == sorted(waits)
    # Two tries in the first hour, and no end before two days and a half.
    assert waits[0] + waits[1] < timedelta(hours=1)
    assert timedelta(days=2.6) < sum(waits, timedelta()) < timedelta(days=2.7)
    assert delivery.retry_at(len(delivery.WAITS) + 1, NOW, 0) is None
    assert delivery.retry_at(1, NOW, 0.5) - NOW == timedelta(seconds=90)


def test_the_last_attempt_ends_in_a_refusal():
    assert delivery.outcome(Reply(Stage.RCPT, 451), 99, NOW, 0).state is R


def test_a_lost_connection_has_words_too():
    assert Reply(Stage.DOT, 0).words == "the connection was lost"
    assert Reply(Stage.DOT, 0, "", "no answer in time").words == "no answer in time"
    assert Reply(Stage.RCPT, 550, "5.1.1", "no such user").words == "550 5.1.1 no such user"
