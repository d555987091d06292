"""A table [[field]]: what an editor asks readers for."""

import pytest

from newsletter.config import Field, parse
from newsletter.errors import SettingsError
from tests.webserver import SETTINGS


def field(text: str) -> Field:
    return parse(f"{SETTINGS}[[field]]\n{text}").fields[0]


def test_a_field_needs_no_more_than_its_name() -> None:
    town = field('slug = "town"')
    assert (town.title("sv"), town.values, town.required, town.autocomplete) == (
        "town",
        (),
        False,
        "address-level2",
    )


def test_a_choice_is_kept_in_the_letters_first_language_and_read_in_ones_own() -> None:
    own = field('slug = "sector"\nchoices = {sv = ["Vård", "Handel"], en = ["Care", "Trade"]}')
    assert own.values == ("Care", "Trade")
    assert own.offered("sv") == [("Care", "Vård"), ("Trade", "Handel")]
    assert own.offered("de") == [("Care", "Care"), ("Trade", "Trade")]
    assert own.offered("sv", "Old") == [("Care", "Vård"), ("Trade", "Handel"), ("Old", "Old")]


def test_a_choice_is_kept_as_the_database_keeps_texts() -> None:
    assert field('slug = "town"\nchoices = [" A\u030angermanland ", "B"]').values == ("Ångermanland", "B")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('slug = "Antal anställda"', 0, 'write it as slug = "antal_anställda"'),
        ('slug = "email"', 0, "“email” cannot name an attribute"),
        ('slug = "timezone"', 0, "leave this [[field]] out"),
        ('slug = "a"\nchoices = ["x", "x"]', 1, "choices cannot hold “x” twice"),
        ('slug = "a"\nchoices = ["x", " "]', 1, "choices cannot hold “”"),
        ('slug = "a"\nchoices = "x"', 1, 'write it as choices = ["…"]'),
        ('slug = "a"\nchoices = {en = "x"}', 1, "choices must be texts, or texts by language"),
        ('slug = "a"\nchoices = {en = ["x"], sv = ["y", "z"]}', 1, "1 in en, 2 in sv; write as many"),
        ('slug = "a"\nchoices = {}', 1, "choices differ in number: none"),
        ('slug = "a"\nrequired = "yes"', 1, "required must be true or false"),
        ('slug = "a"\n[[field]]\nslug = "a"', 2, "two [[field]] are called “a”"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(text: str, line: int, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        field(text)
    assert message in str(caught.value)
    assert f"newsletter.toml:{SETTINGS.count(chr(10)) + 2 + line}:" in str(caught.value)
