"""Laws of languages: a word or a code names one, and readers get the nearest to their own."""

import pytest

from subscribers import tongue
from subscribers.errors import PeopleError
from tests.effort import computes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sv", "sv"),
        ("SV", "sv"),
        ("sv-SE", "sv"),
        ("sv_se", "sv"),
        ("swe", "sv"),
        ("Svenska", "sv"),
        ("svenska (Sverige)", "sv"),
        ("SWEDISH", "sv"),
        ("ruotsi", "sv"),
        ("Schwedisch", "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("Svenska / English", "sv"),
        ("English (United Kingdom)", "en"),
        ("en_GB", "en"),
        ("Norwegian", "nb"),
        ("norsk bokmål", "nb"),
        ("nor", "nb"),
        ("nn_NO", "nb"),
        ("ger", "de"),
        ("українська", "uk"),
        ("pt_br", "pt-BR"),
        ("de-AT", "de-AT"),
        ("iw", "he"),
        ("SE", "sv"),
        ("DK", "da"),
        ("GB", "en"),
        ("und", ""),
        (" ", ""),
        ("", ""),
    ],
)
def test_a_language_is_a_code_of_the_letter_if_it_can_be(text, code) -> None:
    assert tongue.named(text, ("en", "sv", "nb")) == code


def test_a_code_that_is_a_country_too_is_a_language_where_that_is_offered_or_nothing_nearer() -> None:
    assert [tongue.named("se", offered) for offered in (("se", "sv"), ("en",), ("nb", "sv"))] == ["se", "se", "sv"]
    assert tongue.named("sv", ("en", "es")) == "sv"


@pytest.mark.parametrize("text", ["klingon!", "?", "(", "sv SE", "1", "x", "XX", "ZZ", "no language that is one"])
def test_what_names_no_language_is_told(text) -> None:
    with pytest.raises(PeopleError, match="is no language"):
        tongue.read(text, ("en", "sv"))


@pytest.mark.parametrize(
    ("language", "offered", "near"),
    [
        ("sv", ("en", "sv"), "sv"),
        ("sv-FI", ("en", "sv"), "sv"),
        ("SV", ("en", "sv"), "sv"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("pt-PT", ("pt-BR", "pt"), "pt"),
        ("pt-PT", ("en", "pt-BR"), "pt-BR"),
        ("nn", ("en", "nb"), "nb"),
        ("nn", ("nb", "nn"), "nn"),
        ("no", ("en", "nn", "nb"), "nn"),
        ("nb-NO", ("en", "no"), "no"),
        ("da", ("en", "no"), ""),
        ("", ("en", "sv"), ""),
        ("sv", (), ""),
    ],
)
def test_readers_read_the_nearest_to_their_own_language(language, offered, near) -> None:
    assert tongue.nearest(language, offered) == near


def test_each_language_that_is_near_to_one_on_offer_is_known() -> None:
    assert tongue.kin(("en", "nb", "pt-BR")) == {"en": "en", "nb": "nb", "pt": "pt-BR", "no": "nb", "nn": "nb"}


def test_a_mile_of_blanks_takes_no_time() -> None:
    """A cell of a table may have as many characters as a line."""
    with computes(10):
        assert tongue.named(f"sv (some{' ' * 190_000}words") == "sv"
