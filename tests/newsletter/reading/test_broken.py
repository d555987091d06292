"""Laws of texts that a scraper broke at each link and bold word."""

import re
from pathlib import Path

import pytest

from newsletter.reading.texts import broken, textpage
from newsletter.reading.words.paragraphs import clean

PAGE = """A new quay for all

By Anna Holm

12 June 2025

The panel was led by
Anna Holm
, who works at
Example University
. It met twice, and its
report
is out (
in Swedish
).

What comes next

Norrvik
will build the quay with the
Example Foundation
, its neighbour. The work begins in May and ends before the autumn storms arrive.

Read how the “
long quay
” was planned, and what it cost everybody who lives beside the harbour.
"""
WHOLE = [
    "The panel was led by Anna Holm, who works at Example University. "
    "It met twice, and its report is out (in Swedish).",
    "## What comes next",
    "Norrvik will build the quay with the Example Foundation, its neighbour. "
    "The work begins in May and ends before the autumn storms arrive.",
    "Read how the “long quay” was planned, and what it cost everybody who lives beside the harbour.",
]


@pytest.mark.parametrize("between", ["\n", "\n\n", " \n", "\n\n\n"])
def test_a_page_that_was_broken_at_its_links_is_whole_again(between: str) -> None:
    [one] = textpage.parse(re.sub(r"\n+", between, PAGE), "page")
    assert (one.title, one.author) == ("A new quay for all", "Anna Holm")
    assert one.text.split("\n\n") == WHOLE
    assert one.published
    assert one.published.date().isoformat() == "2025-06-12"


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (
            "Kajen ska ägas av\nExempelstiftelsen\noch staden. Den öppnar snart, säger\nAnna Holm\n, som leder.",
            "Kajen ska ägas av Exempelstiftelsen och staden. Den öppnar snart, säger Anna Holm, som leder.",
        ),
        (
            "Der Kai gehört der\nBeispielstiftung\nund der Stadt. Er öffnet laut\nNils B.\nim Mai, kurz nach der\n"
            "Eröffnung der neuen Halle.",
            "Der Kai gehört der Beispielstiftung und der Stadt. Er öffnet laut Nils B. im Mai, kurz nach der "
            "Eröffnung der neuen Halle.",
        ),
        (
            "Le quai est ouvert par l’\nAssociation Exemple\n, qui l’a construit avec la\nFondation Exemple\n.",
            "Le quai est ouvert par l’Association Exemple, qui l’a construit avec la Fondation Exemple.",
        ),
    ],
)
def test_sentences_of_several_languages_are_rejoined(pieces: str, whole: str) -> None:
    marked = "\nSee the\nmap\n, and the\nplan\n."
    assert broken.rejoined(clean(pieces + marked)).split("\n\n")[0] == whole


@pytest.mark.parametrize(
    "lines",
    [
        ["Who we are", "We are a small office beside the harbour of Norrvik."],
        ["What the city will do with its harbour", "Nils Berg leads the work. He began in May."],
        ["- a quay", "- a crane", "- a shed"],
        ["Photo: Anna Holm", "Home", "About us", "Contact"],
        ["12 June 2025", "By Nils Berg"],
        ["quays", "cranes", "sheds for boats", "harbours"],
        ["Three of the city’s quays are closed", "iPhone owners see them in the app."],
        ["A new quay", "by Nils Berg"],
    ],
)
def test_what_stands_alone_stays_so_in_a_broken_text(lines: list[str]) -> None:
    text = "\n".join([PAGE.strip(), *lines, "This is the last sentence of the page."])
    assert broken.rejoined(clean(text)).split("\n\n")[-len(lines) - 1 : -1] == lines


def test_names_with_what_each_of_them_is_are_a_list() -> None:
    names = "Nils Berg\n, potter\nEva Lind\n, baker\nOla Ek\n, smith"
    text = broken.rejoined(clean(f"{PAGE}{names}\n"))
    assert text.split("\n\n")[-3:] == ["Nils Berg, potter", "Eva Lind, baker", "Ola Ek, smith"]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (
            "In spring a new hall opens in the house by the station. It is run by\nHarbour School\n"
            "together with four firms, and is open to all who want to try something.",
            3,
        ),
        ("The prize of the year went to\nOrbit Tools\n, which builds arms that mend satellites.", 3),
        (
            "Projektet leds sedan ett drygt år tillbaka av den mycket erfarna forskaren\nAnna Holm\n"
            "som arbetar vid högskolan i Norrvik.",
            3,
        ),
    ],
)
def test_one_break_within_a_sentence_is_enough(pieces: str, whole: int) -> None:
    lines = pieces.split("\n")
    sentence = " ".join(lines[:whole]).replace(" ,", ",")
    around = ["A new quay", "The work begins in May and ends before the autumn storms.", "What comes next"]
    end = "Everybody is welcome to the first day, and nobody has to sign up for it."
    text = broken.rejoined(clean("\n".join([*around[:2], *lines, around[2], end])))
    assert text.split("\n\n") == [*around[:2], sentence, around[2], end]


def test_a_heading_that_ends_with_a_small_word_stays_one() -> None:
    text = broken.rejoined(
        clean(f"{PAGE}Så går det till\nFöretagen ansöker i en tjänst hos\nkommunen\n, och får svar.\n")
    )
    assert text.split("\n\n")[-2:] == [
        "Så går det till",
        "Företagen ansöker i en tjänst hos kommunen, och får svar.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Points of a list, a verse, an invitation.
        "Bring with you what you need for a day in the woods\nBoots\nRain coat\nSomething to eat\n",
        "We meet in the spring when the ice goes out\nand walk along the quay\nto the sea\nand home again\n",
        # Wrapped at a width.
        "The panel was led by a professor who works at the\nuniversity of the town, and it met twice in the\n"
        "spring. Its report is out now, and everybody can read it in\nthe library (that of the harbour\n"
        ") or at home.\n",
        # A list of words, and one that nothing breaks.
        "the\nand\nof\nfor a\nboat\nwith the\ncrane\n",
        "Our plans\n\nquays\n\ncranes\n\nsheds\n\nWe begin in May.\n",
        # Cells of a table.
        "2012\n,\nNorrvik\n2013\n,\nStorvik\n2014\n,\nLillvik\n",
        "A town of\n.NET programmers\n\n... and more\n\n:)\n",
    ],
)
def test_a_text_without_the_habit_is_left_as_it_is(text: str) -> None:
    assert broken.rejoined(clean(text)) == clean(text)


def test_the_real_page_is_left_as_it_is(seed_page: Path) -> None:
    text = clean(seed_page.read_text())
    assert broken.rejoined(text) == text


def test_a_text_of_marks_alone_is_read_in_a_moment() -> None:
    assert broken.rejoined(",\n" * 20_000)
    assert broken.rejoined("a the\nb\n, c\n" * 7_000)
