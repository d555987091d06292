"""Days and times, as the letter's language says them."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import spoken
from newsletter.model import (
    Brief,
    Event,
    Events,
)
from tests.samples import LETTER, an_issue, rendered


def test_events_speak_the_readers_language_in_the_letters_zone() -> None:
    event = Event(when="2025-06-10 18:00", title="Fest", at=datetime(2025, 6, 10, 16, tzinfo=UTC))
    day = Event(when="2025-06-11", title="Dag", at=datetime(2025, 6, 10, 22, tzinfo=UTC))
    english = an_issue(Events(items=(event, day)))
    assert "Tue, 10 Jun, 18:00: Fest\n- Wed, 11 Jun: Dag" in rendered(english).text
    assert "tis 10 juni kl.\u00a018:00: Fest" in rendered(replace(english, language="sv")).text


def test_events_have_a_heading_of_their_own_where_there_are_any() -> None:
    event = Event(when="2025-06-10 18:00", title="Fest", at=datetime(2025, 6, 10, 16, tzinfo=UTC))
    told = rendered(an_issue(Brief(title="Kelp", text="It grows."), Events(title="Coming *up*", items=(event,))))
    assert "\n\nCOMING UP\n=========\n\n- Tue, 10 Jun, 18:00: Fest" in told.text
    assert ">Coming <em>up</em></h2>" in told.html
    assert (
        "Coming" not in rendered(an_issue(Brief(title="Kelp", text="It grows."), Events(title="Coming up"))).html
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2026-12-03 18:00–20:30", "Thu, 3 Dec, 18:00–20:30: Fair"),
        ("2026-12-03 – 2026-12-05", "Thu, 3 Dec – Sat, 5 Dec: Fair"),
        ("2026-12-03 18:00 – 2026-12-05 12:00", "Thu, 3 Dec 18:00 – Sat, 5 Dec 12:00: Fair"),
        ("2026-12-03 18:00-20:30", "Thu, 3 Dec, 18:00–20:30: Fair"),
        ("2026-12-03 18.00 - 20.30", "Thu, 3 Dec, 18:00 – 20:30: Fair"),
        ("2026-12-03 - 2026-12-05", "Thu, 3 Dec – Sat, 5 Dec: Fair"),
        ("2026-12-03 18:00-20:30, drop-in", "Thu, 3 Dec, 18:00–20:30, drop-in: Fair"),
        ("2026-12-03, all day", "Thu, 3 Dec, all day: Fair"),
    ],
)
def test_an_event_says_when_it_ends(words: str, said: str) -> None:
    event = Event(when=words, title="Fair", at=datetime(2026, 12, 3, 18, tzinfo=LETTER.timezone))
    assert said in rendered(an_issue(Events(items=(event,)))).text


def test_only_an_hour_is_led_to_as_one() -> None:
    event = Event(when="2026-12-03, hela dagen", title="Mässa", at=datetime(2026, 12, 3, tzinfo=LETTER.timezone))
    assert (
        "tors 3 dec., hela dagen: Mässa" in rendered(replace(an_issue(Events(items=(event,))), language="sv")).text
    )


@pytest.mark.parametrize(
    ("language", "comma"),
    [
        ("en", ", "),
        ("sv", " kl.\u00a0"),
        ("fi", " klo\u00a0"),
        ("de", ", "),
        ("ar", "، "),
        ("fa", "،\u200f "),
        ("ur", "، "),
        ("he", ", "),
    ],
)
def test_what_stands_between_day_and_time_is_the_languages_own(language: str, comma: str) -> None:
    at = datetime(2026, 12, 3, 18, tzinfo=LETTER.timezone)
    event = Event(when="2026-12-03 18:00", title="Fair", at=at)
    made = rendered(replace(an_issue(Events(items=(event,))), language=language))
    day, time = spoken.moment(at, language, LETTER.timezone)
    assert f"{day}{comma}{time}" in made.html
    assert f"{day}{comma}{time}: Fair" in made.text


def test_a_calendar_leaf_is_in_its_own_language_whatever_was_written_before() -> None:
    when, zone = datetime(2025, 11, 13, 18, tzinfo=UTC), ZoneInfo("Europe/Stockholm")
    months = [spoken.leaf(when, language, zone)[1] for language in ("he", "sv", "ar", "he", "sv")]
    assert months == ["נוב׳", "nov", "نوفمبر", "נוב׳", "nov"]


@pytest.mark.parametrize(
    ("number", "unit", "language", "said"),
    [
        (1, "hour", "sv", "1 timme"),
        (12, "month", "en", "12 months"),
        (14, "day", "uk", "14 днів"),
        (365, "day", "de", "365 Tage"),
        (14, "day", "ar", "14 يومًا"),
        (12, "month", "fa", "12 ماه"),
    ],
)
def test_how_long_something_lasts_is_said_in_the_plural_of_each_language(number, unit, language, said) -> None:
    assert spoken.span(number, unit, language) == said


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("pt-BR", "Portuguese"),
        ("nb", "Norwegian Bokmål"),
        ("en-GB", "English"),
        ("tlh", "Klingon"),
        ("qaa", "qaa"),
    ],
)
def test_a_language_is_called_by_its_own_name_or_by_its_code(language: str, called: str) -> None:
    assert spoken.tongue(language, "en")[0] == called


@pytest.mark.parametrize(
    ("among", "names"),
    [
        (("en-US", "es"), ["English", "Español"]),
        (("pt-BR", "pt-PT", "en"), ["Português (Brasil)", "Português (Portugal)", "English"]),
        (("sv-FI",), ["Svenska"]),
        ((), []),
    ],
)
def test_a_language_is_told_from_others_of_its_own_only(among: tuple[str, ...], names: list[str]) -> None:
    assert [spoken.called(code, among) for code in among] == names
