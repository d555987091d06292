"""Understand the columns of a table of people, and one row of it. Reads no file and knows no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from subscribers import address, attribute
from subscribers.errors import AddressError, PeopleError
from subscribers.model import Address

#: What a column may hold besides an attribute, and what such columns are called in English and Swedish exports.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "email": (
        *("email", "e mail", "epost", "e post", "mail", "mejl", "email address", "e mail address", "emailaddress"),
        *("epostadress", "e postadress", "mailadress", "mejladress", "subscriber", "email 1", "e mail 1 value"),
    ),
    "name": ("name", "namn", "full name", "fullname", "fullständigt namn", "display name", "visningsnamn"),
    "first_name": ("first name", "firstname", "given name", "förnamn", "fname", "tilltalsnamn"),
    "last_name": ("last name", "lastname", "surname", "family name", "efternamn", "lname"),
    "language": ("language", "språk", "sprak", "lang", "locale"),
    "topics": ("topics", "topic", "ämnen", "ämne", "amnen", "interests", "intressen"),
}
#: What our own exports say beside: it is not for an import to change.
IGNORED = frozenset({"joined", "subscriptions"})

#: Columns in which other programs say who is still subscribed, and what they say of those who are not.
STANDING = frozenset({
    *("status", "subscription status", "email status", "email marketing status", "subscribed", "prenumererar"),
    *("subscribed to emails", "accepts marketing", "accepts email marketing", "email marketing consent"),
})  # fmt: skip
GONE = frozenset({
    *("unsubscribed", "unsubscribe", "opted out", "blocklisted", "blacklisted", "blocked", "disabled", "deleted"),
    *("bounced", "hard bounced", "cleaned", "complained", "marked as spam", "unconfirmed", "pending"),
    *("not subscribed", "no", "false", "0", "nej", "falskt", "avregistrerad", "avslutad", "avanmäld"),
})  # fmt: skip

_LANGUAGES = {
    **dict.fromkeys(("english", "engelska", "eng"), "en"),
    **dict.fromkeys(("swedish", "svenska", "swe"), "sv"),
    **dict.fromkeys(("danish", "danska", "dansk"), "da"),
    **dict.fromkeys(("norwegian", "norska", "norsk"), "no"),
    **dict.fromkeys(("finnish", "finska", "suomi"), "fi"),
    **dict.fromkeys(("german", "tyska", "deutsch"), "de"),
    **dict.fromkeys(("french", "franska", "français"), "fr"),
    **dict.fromkeys(("spanish", "spanska", "español"), "es"),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
#: A spreadsheet runs a cell that begins so as a formula; our exports put an apostrophe in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what, by position from 0.

    *width* is the number of columns, *fields* the place of each field of ALIASES. *header* tells whether the first
    record names them. *left_out* are the names of columns that are not read. *standing* are the columns that tell
    whether somebody is still subscribed.
    """

    width: int
    fields: Mapping[str, int]
    attributes: tuple[tuple[int, str], ...] = ()
    header: bool = True
    left_out: tuple[str, ...] = ()
    standing: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, understood and cleaned. What is empty says nothing."""

    address: Address
    name: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)


def layout(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> Layout:
    """Find out what the columns hold, from the first *rows*.

    *mapping* says it for columns by their names: a field (email, name, first_name, last_name, language, topics),
    an attribute, or "" to leave the column out. Raise PeopleError if no column holds addresses.
    """
    if not rows:
        raise PeopleError("there is nothing in it", remedy="write a line for each person, with an address")
    if not mapping and any("@" in cell for cell in rows[0]):
        return _without_header(rows)
    names = [cell.strip().lstrip("\ufeff") for cell in rows[0]]
    wanted = {_plain(column): target.strip() for column, target in (mapping or {}).items()}
    for column in mapping or {}:
        if _plain(column) not in map(_plain, names):
            listed = ", ".join(names)
            raise PeopleError(f"there is no column {column!r}", remedy=f"the columns are: {listed}")
    return _with_header(names, rows[1:], wanted)


def _without_header(rows: Sequence[Sequence[str]]) -> Layout:
    first = rows[0]
    email = next(place for place, cell in enumerate(first) if "@" in cell)
    others = tuple(f"column {place + 1}" for place in range(len(first)) if place != email)
    return Layout(width=len(first), fields={"email": email}, header=False, left_out=others)


def _with_header(names: Sequence[str], rows: Sequence[Sequence[str]], wanted: Mapping[str, str]) -> Layout:
    fields: dict[str, int] = {}
    attributes: dict[str, int] = {}
    left_out: list[str] = []
    for place, column in enumerate(names):
        target = wanted.get(_plain(column), _guess(column))
        if target in ALIASES and target not in fields:
            fields[target] = place
        elif not target or target in IGNORED:
            left_out.append(column or f"column {place + 1}")
        else:
            _claim(attributes, column, target, place, left_out)
    if "email" not in fields:
        fields["email"] = _find_addresses(names, rows)
        attributes = {name: place for name, place in attributes.items() if place != fields["email"]}
    pairs = tuple((place, name) for name, place in attributes.items())
    standing = tuple(
        (place, column)
        for place, column in enumerate(names)
        if _plain(column) in STANDING and wanted.get(_plain(column), column)
    )
    return Layout(len(names), fields, pairs, left_out=tuple(left_out), standing=standing)


def _guess(column: str) -> str:
    """Return the field that a column's name stands for, or the name itself."""
    plain = _plain(column)
    return next((field for field, names in ALIASES.items() if plain in names), column)


def _claim(attributes: dict[str, int], column: str, target: str, place: int, left_out: list[str]) -> None:
    try:
        name = attribute.name(target)
    except PeopleError:
        left_out.append(column)
        return
    if name in attributes:
        remedy = f'tell them apart with --map "{column}=..."; if they have one name, rename one in the file'
        raise PeopleError(f"two columns would become the attribute {name!r}", remedy=remedy)
    attributes[name] = place


def _find_addresses(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return the one column in which every row has an @."""
    found = [
        place
        for place in range(len(names))
        if rows
        and all("@" in row[place] for row in rows if place < len(row))
        and any(place < len(row) for row in rows)
    ]
    if len(found) != 1:
        listed = ", ".join(name for name in names if name) or "none"
        remedy = f'say which: --map "{next(filter(None, names), "Column")}=email" (the columns are: {listed})'
        raise PeopleError("no column is known to hold the addresses", remedy=remedy)
    return found[0]


def _plain(column: str) -> str:
    """Return a column's name for comparing: lower case, only letters, digits and single spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", column.lower()).split())


def entry(layout: Layout, cells: Sequence[str], languages: tuple[str, ...] = ()) -> Entry:
    """Understand one row. *languages* are those of the letter. Raise PeopleError with the reason to refuse it."""
    if len(cells) < layout.width or any(cell.strip() for cell in cells[layout.width :]):
        raise PeopleError(f"it has {len(cells)} columns where there should be {layout.width}")
    typed = _cell(cells, layout.fields.get("email"))
    try:
        found = address.parse(typed)
    except AddressError as error:
        raise AddressError(f"{typed[:80]!r} is no address: {error.what}" if typed else error.what) from None
    for place, column in layout.standing:
        if _plain(cells[place]) in GONE:
            raise PeopleError(f"{typed} is not subscribed: the column {column!r} says {cells[place].strip()!r}")
    attributes = {}
    for place, name in layout.attributes:
        if cells[place] and (value := attribute.text(_cell(cells, place), name)):
            attributes[name] = value
    return Entry(
        found,
        _name(layout, cells),
        language(_cell(cells, layout.fields.get("language")), languages),
        _topics(_cell(cells, layout.fields.get("topics"))),
        attributes,
    )


def _cell(cells: Sequence[str], place: int | None) -> str:
    """Return a cell as it was before our export made it harmless; "" for a column that there is not."""
    cell = "" if place is None else cells[place]
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in FORMULA else cell


def _name(layout: Layout, cells: Sequence[str]) -> str:
    name = _cell(cells, layout.fields.get("name"))
    if not name:
        name = f"{_cell(cells, layout.fields.get('first_name'))} {_cell(cells, layout.fields.get('last_name'))}"
    return attribute.text(name, "the name", 200)


@lru_cache(1000)
def _topics(cell: str) -> frozenset[str]:
    return frozenset(filter(None, map(attribute.slug, re.split(r"[,;|\n]", cell))))


@lru_cache(1000)
def language(text: str, languages: tuple[str, ...] = ()) -> str:
    """Return the code (BCP 47) of the language that *text* names by code or word.

    One of *languages* is preferred: ``sv-SE`` is ``sv`` where that is offered. Raise PeopleError for no language.
    """
    code = _LANGUAGES.get(text.strip().lower(), text.strip().replace("_", "-"))
    if not code:
        return ""
    if not _LANGUAGE.fullmatch(code):
        raise PeopleError(f"{text[:40]!r} is no language", remedy="use a code such as sv or en")
    by_code = {offered.lower(): offered for offered in languages}
    main, _, region = code.lower().partition("-")
    return by_code.get(code.lower()) or by_code.get(main) or (f"{main}-{region.upper()}" if region else main)


def harmless(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it as a formula; an import takes the apostrophe away again."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
