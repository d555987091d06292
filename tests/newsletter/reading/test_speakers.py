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
        ("Standing on what is left of it, Anna Holm, mayor, said: “It will be higher.”", "Anna Holm, mayor"),
        ("– Kajen står igen före sommaren, säger Anna Holm, hamnchef, till Norrviks Tidning.",
         "Anna Holm, hamnchef"),
        ("– Kajen står igen före sommaren, säger Anna Holm till Norrviks Tidning.", "Anna Holm"),
        ("– Kajen står igen, säger Anna Holm, sändebud till Island.", "Anna Holm, sändebud till Island"),
        ("– Kaien er klar før sommeren, sier Anna Holm i en pressemelding fra havnen.", "Anna Holm"),
        ("– Kaien er klar før sommeren, sier daglig leder i Stiftelsen Havn, Anna Holm.",
         "Anna Holm, daglig leder i Stiftelsen Havn"),
    ],
)  # fmt: skip
def test_how_somebody_is_and_what_they_did_is_no_name(said: str, speaker: str) -> None:
    assert speakers(said) == [speaker]


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("– Vi bygger den högre, det säger Ida Strand, hamnchef.", "Ida Strand, hamnchef"),
        ("– Vi bygger den högre, säger Norrvik Quay Parks VD Ida Strand.", "Ida Strand, Norrvik Quay Parks VD"),
        (
            "– Vi bygger den högre, säger Hamn- och fiskeminister Ida Strand.",
            "Ida Strand, Hamn- och fiskeminister",
        ),
        (
            "– Vi bygger den högre, sier styreleder og tidligere direktør i Havnen, Ida Strand.",
            "Ida Strand, styreleder og tidligere direktør i Havnen",
        ),
        (
            "– Me rakennamme sen, kertoo sataman hallituksen ja sen raadin pitkäaikainen jäsen Ida Strand.",
            "Ida Strand, sataman hallituksen ja sen raadin pitkäaikainen jäsen",
        ),
        ("– Vi bygger den høyere, sier Ida Strand, som er glad for å slippe vannet.", "Ida Strand"),
        (
            "“We build it higher,” said Quay Vice-Chancellor Professor Ida Strand.",
            "Ida Strand, Quay Vice-Chancellor Professor",
        ),
        ("“We build it higher,” said Ida Strand, the architect.", "Ida Strand, the architect"),
        (
            "– Vi bygger den högre, säger Hamnstyrelsens ordförande, Ida Strand (S).",
            "Ida Strand (S), Hamnstyrelsens ordförande",
        ),
        ("– Vi bygger den högre, säger oppositionsrådet Ida Strand (MP).", "Ida Strand (MP), oppositionsrådet"),
        ("– Vi bygger den högre, säger Ida Strand (S).", "Ida Strand (S)"),
    ],
)
def test_a_title_before_a_name_stands_behind_it(said: str, speaker: str) -> None:
    assert speakers(said) == [speaker]


def test_whoever_is_announced_says_what_follows_with_a_dash() -> None:
    found = speakers("Ida Strand, hamnchef i Norrvik:", "– Vi bygger den högre.", "– Och vi bygger den i sten.")
    assert found == ["Ida Strand, hamnchef i Norrvik"] * 2


def test_words_under_one_sentence_are_of_whom_it_tells_first() -> None:
    dash = "– Vi bygger den högre, och vi bygger den i sten."
    assert speakers("Ida Strand, som leder hamnen, är nöjd med beskedet.", dash) == ["Ida Strand"]
    two = "Ida Strand, som leder hamnen, är nöjd. Det är inte alla på kajen."
    assert speakers(two, dash) == []


def test_words_that_go_on_in_the_next_paragraph_are_one_persons() -> None:
    found = speakers(
        'Ida Strand, head of the harbour, said: "We build it higher than it was.',
        '"We build it of stone, too."',
    )
    assert found == ["Ida Strand, head of the harbour"] * 2


def test_that_somebody_goes_on_is_no_part_of_what_they_say() -> None:
    said = "– Vi bygger den högre, säger hamnchefen Ida Strand. Vi bygger den i sten, fortsätter hon."
    [one] = textpage.parse(f"The quay\n\n{OPENING}\n\n{said}\n\n{LAST}", "page")
    assert "i sten.\n" in one.text
    assert "fortsätter" not in one.text


def test_paragraphs_that_no_mark_closes_are_of_whoever_spoke_right_above() -> None:
    found = speakers(
        "“We build it higher than it was,” said Ida Strand, head of the harbour.",
        "“We build it of stone.",
        "“And we build it now.”",
    )
    assert found == ["Ida Strand, head of the harbour"] * 3


SAYS = "It stands where the old one stood, and will stand there when we are gone."


@pytest.mark.parametrize(
    ("paragraphs", "speaker"),
    [
        (
            ("The days were long. Anna Holm, mayor of the town, shares more.", f"“{SAYS}”", f"“{SAYS}”"),
            "Anna Holm",
        ),
        (("The days were long. Rector Anna Holm explains that it is of oak.", f"“{SAYS}”"), "Anna Holm"),
        ((f"– Det är en bra kaj. {SAYS}", f"– Och den håller, säger Anna Holm. {SAYS}"), "Anna Holm"),
        ((f"– Den håller, säger Anna Holm, rektor. {SAYS}", f"– Det är en bra kaj. {SAYS}"), "Anna Holm"),
    ],
)
def test_what_nobody_is_said_to_say_is_said_by_whoever_speaks_around_it(
    paragraphs: tuple[str], speaker: str
) -> None:
    assert {one.partition(",")[0] for one in speakers(*paragraphs)} == {speaker}


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("– Det är nödvändigt för alla som bor vid hamnen säger Anna Holm.", "Anna Holm"),
        ("– Det är nödvändigt för alla som bor vid hamnen säger Anna Holm, vd Kajen.", "Anna Holm, vd Kajen"),
        ("“It is needed by all who live by the harbour!”\n– Anna Holm, Manager at Quay College.",
         "Anna Holm, Manager at Quay College"),
        ("– Den är för alla, säger Anna Holm, som ser fram emot båtar, både stora och små, och med fler.",
         "Anna Holm"),
    ],
)  # fmt: skip
def test_who_says_it_may_stand_without_a_comma_under_it_or_with_what_is_told_of_them(
    said: str, speaker: str
) -> None:
    assert speakers(said) == [speaker]


def test_a_quote_that_tells_its_speaker_is_never_that_of_the_next() -> None:
    first = "– Det är nödvändigt, men jag minns vad rektor Anna Holm sade om kajen i våras."
    assert speakers(first, "– Vi bygger den, säger Nils Berg.") == ["Nils Berg"]


@pytest.mark.parametrize(
    ("said", "shown"), [(f"“{SAYS}”", f"“{SAYS}”"), (f"»{SAYS}«", f"“{SAYS}”"), (f"— {SAYS}", f"– {SAYS}")]
)
def test_what_nobody_is_known_to_say_stays_the_paragraph_that_it_is(said: str, shown: str) -> None:
    above = "The builders Quay Innovations are proud of what the harbour has now."
    [one] = textpage.parse(f"The quay\n\n{OPENING}\n\n{above}\n\n{said}\n\n{LAST}", "page")
    assert "::: quote" not in one.text
    assert shown in one.text.split("\n\n")


def test_a_quote_between_marks_right_under_another_goes_on_from_it() -> None:
    assert speakers(f"“{SAYS}” says Anna Holm, rector.", f"“{SAYS}”") == ["Anna Holm, rector", "Anna Holm"]


@pytest.mark.parametrize(
    ("paragraphs", "speaker"),
    [
        (("Anna Holm (Deputy Mayor, Norrvik): “It will stand again before the summer.”",),
         "Anna Holm, Deputy Mayor, Norrvik"),
        (("Det handlar om kajen, säger Anna Holm, ordförande (M). Hon säger också att den är av ek.",
          "– Vi vill göra det lätt för alla som bor här."), "Anna Holm"),
        (("– Det är en glädjens dag, sa rektor Anna Holm, innan det var dags för henne att ta spaden.",),
         "Anna Holm, rektor"),
    ],
)  # fmt: skip
def test_an_office_in_brackets_and_what_she_did_then_are_told_apart(paragraphs: tuple[str], speaker: str) -> None:
    assert speakers(*paragraphs) == [speaker]


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("– Det är en fråga om ek och lärk, säger rektor Anna Holm och fortsätter:", "Anna Holm, rektor"),
        ("“It is a matter of oak and larch”, says Norrvik’s harbour master, Anna Holm.",
         "Anna Holm, Norrvik’s harbour master"),
    ],
)  # fmt: skip
def test_whose_master_she_is_and_that_she_goes_on_are_no_name(said: str, speaker: str) -> None:
    assert speakers(said)[0] == speaker


def test_what_she_says_under_what_she_thinks_is_hers_too() -> None:
    thinks = "Hon menar att kajen är bra, men att den kan bli längre."
    assert speakers("– Den är av ek, säger Anna Holm, rektor.", thinks, "– Den kan bli bättre.")[1] == "Anna Holm"


def test_a_new_sentence_behind_the_name_of_whoever_said_something_stays_whole() -> None:
    said = "„Der Kai war zu niedrig“, sagte Anna Holm. Der Leiter des Hafens hatte es vor Jahren gesagt."
    [one] = textpage.parse("\n\n".join(("Der Kai nach dem Sturm", OPENING, said, LAST)), "page")
    assert "Der Leiter des Hafens hatte es vor Jahren gesagt." in one.text
