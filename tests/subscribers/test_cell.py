"""Cells are read as office programs write them, and what is unclear stays as it is."""

import pytest

from subscribers.errors import AddressError
from subscribers.table import cell, columns
from subscribers.table.entry import Reader


def _read(header: tuple[str, ...], row: tuple[str, ...]):
    return Reader(columns.layout([header, row])).read(row)


@pytest.mark.parametrize(
    "typed",
    [
        "mailto:anna@example.org", "MAILTO: anna@example.org", "anna@example.org.", "anna@example.org;",
        "'anna@example.org'", "anna@example.org#mailto:anna@example.org#", "(anna@example.org)",
        '="anna@example.org"', "mailto:anna@example.org?subject=Hello", " anna@example.org ,",
    ],
)  # fmt: skip
def test_an_address_is_read_without_what_programs_put_around_it(typed) -> None:
    assert _read(("email", "city"), (typed, "Solna")).address.typed == "anna@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "anna@example.org, bo@example.org", "anna@example.org;bo@example.org", "anna@@example.org",
        "an na@example.org", "anna@example.org#mailto:bo@example.org#", "anna(at)example.org", "anna@example,org",
    ],
)  # fmt: skip
def test_where_an_address_is_unclear_nobody_is_guessed(typed) -> None:
    with pytest.raises(AddressError):
        _read(("email", "city"), (typed, "Solna"))


@pytest.mark.parametrize(
    "typed",
    [
        "anna@example.org, bo@example.org", "anna@example.org / bo@example.org",
        "anna@example.org och bo@example.org", "Anna <anna@example.org>; Bo <bo@example.org>",
        "anna@example.org bo@example.org",
    ],
)  # fmt: skip
def test_of_several_addresses_it_is_said_what_to_do(typed) -> None:
    with pytest.raises(AddressError, match="there are several; write a line for each"):
        _read(("email", "city"), (typed, "Solna"))
    with pytest.raises(AddressError) as told:
        _read(("email", "city"), ("anna@@example.org", "Solna"))
    assert "several" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Berg, Anna", "Anna Berg"),
        ("von Berg, Anna Maria", "Anna Maria von Berg"),
        ("O'Neil, Siân", "Siân O'Neil"),
        ("Öberg-Ek, Åsa M.", "Åsa M. Öberg-Ek"),
        ("Kajen, AB", "Kajen, AB"),
        ("Anna Berg, VD", "Anna Berg, VD"),
        ("Berg, Jr", "Berg, Jr"),
        ("Berg, Ek, Anna", "Berg, Ek, Anna"),
        ("berg, anna", "berg, anna"),
        ("Plan 4, 141 52", "Plan 4, 141 52"),
        ("Anna Berg", "Anna Berg"),
        ("null", ""), ("-", ""), ("N/A", ""), ("anna@example.org", ""), ("Anna@Example.org", ""),
    ],
)  # fmt: skip
def test_a_name_is_what_its_bearer_is_greeted_by(name, greeted) -> None:
    assert _read(("email", "name"), ("anna@example.org", name)).name == greeted
    assert _read(("email", "city"), (f'"{name}" <anna@example.org>', "Solna")).name == greeted


def test_half_a_name_is_kept_where_the_other_half_is_none() -> None:
    assert _read(("first name", "last name", "email"), ("Anna", "-", "anna@example.org")).name == "Anna"
    assert _read(("first name", "last name", "email"), ("null", "null", "anna@example.org")).name == ""


def test_our_own_export_is_read_as_it_stands() -> None:
    header = ("email", "name", "language", "topics", "subscriptions", "joined")
    row = ("anna@example.org", "Berg, Anna", "", "", "monthly: confirmed", "2025-01-31")
    assert _read(header, row).name == "Berg, Anna"


def test_a_text_that_excel_shall_keep_is_that_text() -> None:
    entry = _read(("email", "number"), ("anna@example.org", '="0123"'))
    assert entry.attributes == {"number": "0123"}
    assert _read(("email", "number"), ("anna@example.org", '\'="0123"')).attributes == {"number": '="0123"'}


def test_cyrillic_letters_of_one_byte_are_garbled_and_western_names_are_none() -> None:
    assert cell.garbled("Статус".encode("cp1251").decode("cp1252"))
    assert not any(map(cell.garbled, ("Åsa Öberg", "Þórður Ægisson", "Dvořák", "ÅÄÖ", "Élève", "naïve")))


@pytest.mark.parametrize(
    "text", ["a@" * 300, "'" * 600, "mailto:" * 90, ("b" * 40 + ", ") * 20, "x" * 600 + "@x.se"]
)
def test_no_cell_takes_long(text) -> None:
    assert (cell.bare(text), cell.turned(text)) == ("", text)
