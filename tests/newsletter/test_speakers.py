"""Laws of who says what on a page of text: a place, a mood and a preposition speak to nobody."""

import re

import pytest

from newsletter.reading.texts import textpage

OPENING = "The storm took the quay in an hour, and those who live on it had no time to save their boats."
LAST = "The harbour opens again on Monday, and the ferry runs as it did before."


def speakers(*paragraphs: str) -> list[str]:
    [one] = textpage.parse("\n\n".join(("The quay after the storm", OPENING, *paragraphs, LAST)), "page")
    return re.findall(r'::: quote \{by="([^"]*)"\}', one.text)


@pytest.mark.parametrize(
    ("above", "speaker"),
    [
        ("On Heron Island in the north, the fisher Anna Holm said only two of her boats are left.", "Anna Holm"),
        (
            "In Port Norrvik, where the wind was worst, Ida Strand told us what she saw.",
            "Ida Strand",
        ),
        ("På Norra Kajen väntade folk i timmar. Till sist sade Anna Holm att färjan är inställd.", "Anna Holm"),
        ("Anna Holm has lived on the quay since she was born, and has never seen such a night.", "Anna Holm"),
    ],
)
def test_she_is_whoever_the_paragraph_above_lets_say_something(above: str, speaker: str) -> None:
    earlier = "“Nobody had warned us of a wind like that,” said Per Ek, who runs the ferry."
    said = "“We pulled them up with our own hands and with what ropes there were,” she said."
    assert speakers(earlier, above, said)[-1] == speaker


def test_whom_something_means_something_to_goes_by_the_name_alone() -> None:
    found = speakers(
        "“The quay was too low when it was built,” said Per Ek.",
        "To Ek, the town has known it for years. It measured the water twice, and did nothing.",
        "“We do not need a third report, we need stones and somebody who pays for them,” he said.",
    )
    assert found == ["Per Ek", "Per Ek"]


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("Not satisfied, Anna Holm continued: “And who pays for the boats that we lost in it?”", "Anna Holm"),
        ("But, Anna Holm added: “And who pays for the boats that we lost in it?”", "Anna Holm"),
        ("“And who pays for the boats?” asks Anna Holm, over a cup of coffee in the shed.", "Anna Holm"),
        ("Anna Holm, mayor of the town, spoke today and said of the quay: “It will stand again.”",
         "Anna Holm, mayor of the town"),
        ("The mayor, Anna Holm, said: “It will stand again before the summer, and higher.”", "Anna Holm"),
        ("Anna Holm, mayor, agrees: “It will stand again before the summer.”", "Anna Holm, mayor"),
        ("Anna Holm, mayor, said: “It will stand again before the summer, and higher.”", "Anna Holm, mayor"),
    ],
)  # fmt: skip
def test_how_somebody_is_and_what_they_did_is_no_name(said: str, speaker: str) -> None:
    assert speakers(said) == [speaker]
