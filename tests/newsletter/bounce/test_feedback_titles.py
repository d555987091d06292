"""What the letter is called, and what it says, is no server's word: it may read like any of them."""

import pytest

from newsletter.feedback import classify
from tests import returns
from tests.returns import LETTER, WHOM

TITLES = (
    "No such user",
    "Adressen finns inte",
    "He no longer works here",
    "Mailbox full of shells",
    "Spam for breakfast",
    "Blocked roads",
    "Delayed trains",
    "Viruses of the sea",
    "Out of office, out of mind",
)

CITED = """Your letter

  To: {whom}
  {name}: {title}
  Sent: Tue, 2 Jun 2026 10:00:00 +0200

did not get here:

{whom} on Tue, 2 Jun 2026 10:00:05 +0200
    {why}
"""


def _outcome(notice: str, title: str, name: str, why: str, below: str) -> tuple:
    text = notice.format(whom=WHOM, title=title, name=name, why=why)
    raw = returns.plain(text, subject=f"Undeliverable: {title}").decode()
    (found,) = classify(raw.replace(LETTER, below.format(title=title)).encode())
    return found.kind, found.reason, found.recipient, found.final


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    ("notice", "below"),
    [
        (CITED, ""),
        ('The letter "{title}" to {whom} did not get there.\n\n{why}\n', ""),
        (
            "Your letter:\n{title}\nwas kept from {whom}: {why}\n\n",
            f"--- Original message ---\nTo: {WHOM}\nSubject: {{title}}\nMessage-ID: <7.aaaa@example.org>\n\nHi\n",
        ),
    ],
)
@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("the connection timed out", ("soft", "expired", WHOM, True)),
        ("550 5.1.1 user unknown", ("hard", "userunknown", WHOM, True)),
    ],
)
def test_a_title_in_a_notice_decides_nothing(title, notice, below, why, expected) -> None:
    assert _outcome(notice, title, "Subject", why, below) == expected


@pytest.mark.parametrize("name", ["Ämne", "Emne", "Aihe", "Betreff", "The message subject was"])
def test_a_notice_may_name_it_in_other_words(name) -> None:
    expected = ("soft", "expired", WHOM, True)
    assert _outcome(CITED, "No such user", name, "the connection timed out", "") == expected


def test_a_title_in_the_words_beside_a_report_decides_nothing() -> None:
    notice = f"Your letter to {WHOM} was not delivered.\n\nSubject: No such user\n"
    raw = returns.report("", "5.0.0", notice=notice).replace(b"Diagnostic-Code: smtp; \n", b"")
    (found,) = classify(raw)
    assert (found.kind, found.reason) == ("soft", "undefined")


def test_what_a_server_says_counts_where_the_title_says_the_same() -> None:
    raw = returns.report("550 5.1.1 No such user", "5.1.1").replace(b"June on the quay", b"No such user")
    assert classify(raw)[0].kind == "hard"
    notice = returns.plain(f"<{WHOM}>: 550 5.1.1 No such user here\n\n--- Original message ---\n").decode()
    assert classify(notice.replace("June on the quay", "No such user").encode())[0].kind == "hard"


@pytest.mark.parametrize(
    "line",
    [
        "-----Opprinnelig melding-----",
        "Oprindelige meddelelseshoveder:",
        "Ursprungliga meddelandehuvuden:",
        "-----Alkuperäinen viesti-----",
        "Message headers:",
    ],
)
def test_the_letter_below_such_a_line_decides_nothing(line) -> None:
    letter = f"From: The Quay\nTo: {WHOM}\n\n'No such user', wrote the harbour office.\n"
    raw = returns.plain(f"<{WHOM}>\nThe connection timed out.\n\n{line}\n").decode().replace(LETTER, letter)
    (found,) = classify(raw.encode())
    assert (found.kind, found.reason) == ("soft", "expired")
