"""Laws of reading events: a day and a title are an event, running text and what is over are not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issuefile.blocks import block, fence
from newsletter.model import Events
from newsletter.reading.words.happening import gathered

NEAR = datetime(2025, 5, 2, 12, 0, tzinfo=UTC)


def events(text: str, title: str = "The open house") -> list[str]:
    made = gathered(text, title, NEAR)
    rows = [row for one in fence.scan(made.split("\n"), "article") if one.kind == "events" for row in one.rows]
    return [row.removeprefix("- ") for row in rows if row.strip()]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Onsdag 14 maj kl. 13–15: Öppet hus, Aulan", "2025-05-14 13:00–15:00 | Öppet hus | Aulan"),
        ("Ons 14/5 kl 13 | Öppet hus | Aulan", "2025-05-14 13:00 | Öppet hus | Aulan"),
        ("14 May 2025, 13:00 – Demo day, Main hall", "2025-05-14 13:00 | Demo day | Main hall"),
        ("Wednesday, May 14, 6 pm · Talk", "2025-05-14 18:00 | Talk"),
        ("Quiz night – Friday 23 May at 7pm, Harbour bar", "2025-05-23 19:00 | Quiz night | Harbour bar"),
        ("28\\. Mai 2025, 13 Uhr – Tag der offenen Tür", "2025-05-28 13:00 | Tag der offenen Tür"),
        ("Mittwoch, 14. Mai 2025, 18 Uhr: Offenes Labor, Aula", "2025-05-14 18:00 | Offenes Labor | Aula"),
        ("- Datum: 14.05.2025\n- Uhrzeit: 18:00 – 20:00 Uhr", "2025-05-14 18:00–20:00 | The open house"),
        ("- Aika: ke 14.5.2025 klo 18–20\n- Paikka: Sali", "2025-05-14 18:00–20:00 | The open house | Sali"),
        ("- Tid: onsdag 14 maj kl. 18\n- Plats: Aulan", "2025-05-14 18:00 | The open house | Aulan"),
        ("**Datum:** 14 maj kl. 18\n\n**Plats:** Aulan", "2025-05-14 18:00 | The open house | Aulan"),
        ("- Wann: 14. Mai 2025\n- Uhrzeit: 18:00 Uhr\n- Ort: Aula", "2025-05-14 18:00 | The open house | Aula"),
        ("Onsdag den 14. maj kl. 18.30: Åbent hus, Salen", "2025-05-14 18:30 | Åbent hus | Salen"),
        ("Mercredi 14 mai, 18h30 : Concert, Grande salle", "2025-05-14 18:30 | Concert | Grande salle"),
        ("- Date : jeudi 14 mai\n- Heure : 19h\n- Lieu : Mairie", "2026-05-14 19:00 | The open house | Mairie"),
        ("- 14 maj: [Öppet hus](https://p.example/x), från klockan 18\n- 16 maj: Kör",
         "2025-05-14 18:00 | Öppet hus | https://p.example/x"),
        ("- 14–15 maj: Konferens\n- 30 maj–1 juni: Hackathon", "2025-05-14 – 2025-05-15 | Konferens"),
        ("- Datum: 14 maj\n- Tid: 13–15\n- Plats: Aulan", "2025-05-14 13:00–15:00 | The open house | Aulan"),
        ("## Öppet hus\n\nOnsdag 14 maj kl. 13, Aulan\n\n## Annat", "2025-05-14 13:00 | Öppet hus | Aulan"),
        ("- 14 maj 18.00 Öppet hus, Aulan\n- 16 maj kl 19 Kör", "2025-05-14 18:00 | Öppet hus | Aulan"),
        ("- Datum: 14 maj\n- Tid: 13–15 (kaffe från 12.30)", "2025-05-14 13:00–15:00 | The open house"),
        ("- Datum · Tid · Vad · Plats\n"
         "- 14 maj · 18.00–20.00 · [Kör](https://p.example/x) · Kyrkan\n- 16 maj · 12.00 · Is",
         "2025-05-14 18:00–20:00 | Kör | Kyrkan | https://p.example/x"),
        # A weekday tells the year, which else is the next one with that day.
        ("Torsdag 14 maj kl. 13: Öppet hus", "2026-05-14 13:00 | Öppet hus"),
        ("2 januari kl. 13: Öppet hus", "2026-01-02 13:00 | Öppet hus"),
    ],
)  # fmt: skip
def test_a_day_and_a_title_are_an_event(line: str, row: str) -> None:
    assert events(line)[0] == row


@pytest.mark.parametrize(
    "text",
    [
        "Torsdag 15 maj, kl. 8:00–9:30. Atriet. Kaffe serveras från 7:45.",
        "15 May, 8 am. Doors open at 7:45",
        "14 maj öppnade vi ett nytt labb i Norrvik, och det blev en succé.",
        "10 June 2025 – A new bridge opened in Norrvik, and hundreds came. It rained all day long.",
        "- 14 maj 1998 – Parken grundas\n- 3 juni 2004 – Första labbet",
        "- 10.00 Registration\n- 10.30 Opening",
        "- 12 kilometres\n- 14 marks",
        "30 februari kl. 13: Ingenting",
        "Vi ses onsdag 14 maj kl. 13, om det inte regnar.\n\nDå ses vi i stället inne.",
        '::: quote {by="A"}\nOnsdag 14 maj kl. 13: Öppet hus\n:::',
    ],
)
def test_running_text_and_what_is_over_stay_as_they_are(text: str) -> None:
    assert gathered(text, "Title", NEAR) == text


def test_a_title_has_words_be_they_ever_so_short() -> None:
    assert events("16 maj · 12.00 · Is") == ["2025-05-16 12:00 | Is"]
    assert events("16 maj kl. 12.00 13.00") == []


def test_events_that_stand_together_are_one_block_and_each_stands_once() -> None:
    text = "Onsdag 14 maj kl. 13: Öppet hus\n\nOnsdag 14 maj kl. 13: Öppet hus\n\nFredag 16 maj kl. 9: Kör\n\nEnd."
    assert gathered(text, "T", NEAR).count("::: events") == 1
    assert events(text) == ["2025-05-14 13:00 | Öppet hus", "2025-05-16 09:00 | Kör"]


PIECES = st.lists(
    st.sampled_from(
        ["14 maj", "May 14", "2025-05-14", "14/5", "kl. 13", "13–15", ":", " – ", ", ", " | ", "{{ name }}", "*a*",
         "[x](https://x.example)",
         "\n", "\n\n", "- ", "## ", ":::", "Aulan", "Datum: ", "Plats: ", "\\", "Onsdag "]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(PIECES)
def test_whatever_is_read_can_be_read_again(text: str) -> None:
    made = gathered(text, "T", NEAR)
    if ":::" not in text:
        found = block.parse(made.split("\n"), "article", 0, UTC)
        assert all(
            one.at and "{" not in one.place for each in found if isinstance(each, Events) for one in each.items
        )


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        (
            "Onsdag 14 maj kl. 08.30–12.00, Aulan, hus 7.",
            ["2025-05-14 08:30–12:00 | The open house | Aulan, hus 7"],
        ),
        ("Onsdag 14 maj kl. 08.30", ["2025-05-14 08:30 | The open house"]),
        ("Onsdag 14 maj kl. 08.30: Kör, Aulan", ["2025-05-14 08:30 | Kör | Aulan"]),
        ("14 maj, Aulan", []),
    ],
)
def test_a_day_and_hour_that_open_an_article_are_its_own_events(line: str, rows: list[str]) -> None:
    assert events(f"{line}\n\nEverybody is welcome.") == rows


def test_a_picture_above_the_day_that_opens_an_article_changes_nothing() -> None:
    text = "![A](https://s.example/a.jpg)\n\nOnsdag 14 maj kl. 13–15, Stora salen, Kajvägen 4.\n\nVälkommen!"
    assert events(text) == ["2025-05-14 13:00–15:00 | The open house | Stora salen, Kajvägen 4"]


def test_under_the_days_of_a_calendar_stand_its_events() -> None:
    days = (
        "## Onsdag 14 maj 2025\n\n- [Luciakör](https://p.example/1), kl. 18.00, Kyrkan\n- 10–11 Sagostund\n\n"
        "## 16 maj\n\nkl. 11: Marknad, Torget"
    )
    assert events(days, "Evenemangskalender") == [
        "2025-05-14 18:00 | Luciakör | Kyrkan | https://p.example/1",
        "2025-05-14 10:00–11:00 | Sagostund",
        "2025-05-16 11:00 | Marknad | Torget",
    ]


@pytest.mark.parametrize(
    ("title", "under"),
    [
        ("Program", "- 09.00 Registrering\n- 09.30 Inledning, Aulan"),
        ("Kalender", "- 09.00 Registrering\n- Ta med egen mugg"),
        ("Kalender", "- Sommarlov"),
    ],
)
def test_the_parts_of_a_day_are_no_events_of_their_own(title: str, under: str) -> None:
    text = f"## Onsdag 14 maj 2025\n\n{under}"
    assert gathered(text, title, NEAR) == text
