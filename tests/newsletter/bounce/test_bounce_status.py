"""Laws of the numbers of servers: which of them say that nobody is there, and whom all others are about."""

import pytest

from newsletter.bounce import status
from newsletter.bounce.verdict import Evidence, judge

#: Every status that there may be, by its last two numbers: the registry has some sixty of them.
ALL = [f"{subject}.{detail}" for subject in range(8) for detail in range(80)]
#: Those that say by themselves that no mail for this address will ever arrive.
GONE = {"1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "4.4"}
#: Those about a sender; besides them all of 6 and 7 but the two about a mailbox, and a pace.
SENDER = {"1.7", "1.8"}
READER = {"7.13", "7.28"}


def kind(code: int, detail: str) -> str:
    said = f"{code} {code // 100}.{detail} no"
    return judge(Evidence(said, lambda: "RCPT TO:<")).kind


@pytest.mark.parametrize("code", [450, 550])
def test_no_status_takes_a_reader_away_but_those_that_say_that_nobody_is_there(code: int) -> None:
    """A reader who is taken for gone gets no letter again: one number more would cost people."""
    assert {one for one in ALL if kind(code, one) == "hard"} == (GONE if code == 550 else set())


@pytest.mark.parametrize("code", [450, 550])
def test_what_is_about_a_sender_or_a_letter_is_held_against_no_reader(code: int) -> None:
    ours = SENDER | {one for one in ALL if one[0] in "67"} - READER
    assert {one for one in ALL if kind(code, one) == "block"} == ours


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("550 5.1.1 no such user", "550", "5.1.1"),
        ("host said: 550-5.1.1 no such user", "550", "5.1.1"),
        ("552 #5.2.2 full", "552", "5.2.2"),
        ("250 2.1.5 ok, then 450 4.2.1 later", "450", "4.2.1"),
        ("550, no", "550", ""),
        ("at 12:550 of 192.0.2.550 /550 x=550 5550 660", "", ""),
        ("200 messages", "", ""),
        ("[550]", "550", ""),
    ],
)
def test_a_reply_is_found_in_its_words(text: str, code: str, named: str) -> None:
    assert status.reply(text) == (code, named)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5.0.0 then 5.1.1", "5.1.1"),
        ("5.1.1 then 5.0.0", "5.1.1"),
        ("5.1.1 then 5.7.1", "5.7.1"),
        ("2.0.0 then 5.0.0 then 4.0.0", "5.0.0"),
        ("version 15.1.1, at 5.1.1.2, 3.1.1", ""),
    ],
)
def test_of_several_statuses_the_last_one_counts_that_says_something(text: str, found: str) -> None:
    assert status.enhanced(text) == found
