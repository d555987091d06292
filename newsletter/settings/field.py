"""A table [[field]]: what else people tell of themselves at signup, kept as the attribute of that name."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.errors import cited
from newsletter.toml import Table
from subscribers import attribute, tongue
from subscribers.errors import PeopleError

#: The longest answer, in characters.
LONGEST = 200

#: What the preferences ask for by themselves.
_ASKED = "timezone"

#: What browsers fill in by themselves, by the names that attributes have (HTML, autofill detail tokens).
_AUTOFILL = {
    name: token
    for token, names in {
        "given-name": "first_name",
        "organization": "organization organisation company företag",
        "organization-title": "job_title title titel",
        "address-level2": "city town ort stad kommun",
        "country-name": "country land",
        "postal-code": "postcode postal_code zip postnummer",
        "tel": "phone telephone telefon",
    }.items()
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its attribute, and by language its title and its choices, if it has any.

    "" holds those for every other language. What is kept of a choice is the same whoever chose it: *values*.
    """

    slug: str
    titles: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    values: tuple[str, ...]
    required: bool

    @property
    def name(self) -> str:
        """What forms and errors call it: no attribute can be taken for a field of the program's own."""
        return f"field.{self.slug}"

    @property
    def autocomplete(self) -> str:
        """What browsers may fill in, "" if that is not known."""
        return _AUTOFILL.get(self.slug, "")

    def title(self, language: str = "") -> str:
        """Return the title in *language*, or the nearest to it, or the general one."""
        return self.titles[tongue.nearest(language, filter(None, self.titles))]

    def offered(self, language: str, kept: str = "") -> list[tuple[str, str]]:
        """Return what can be chosen, as it is kept and as people read it; with what was *kept* in other days."""
        texts = self.choices[tongue.nearest(language, filter(None, self.choices))]
        pairs = [*zip(self.values, texts, strict=True)]
        return pairs if kept in ("", *self.values) else [*pairs, (kept, kept)]

    @property
    def kept(self) -> dict[str, str]:
        """What is kept of a choice by what it is called in any language, in small letters."""
        return {
            text.casefold(): value
            for texts in self.choices.values()
            for value, text in zip(self.values, texts, strict=True)
        }

    def fault(self, value: str) -> str:
        """Return what is wrong with an answer: empty, long, or invalid; "" for nothing."""
        if not value:
            return "empty" if self.required else ""
        if self.values:
            return "" if value in self.values else "invalid"
        return "long" if len(value) > LONGEST else ""


def read(table: Table, language: str) -> Field:
    """Return what the table says. *language* is the letter's first. Raise SettingsError."""
    slug = table.text("slug")
    try:
        known = attribute.name(slug)
    except PeopleError as error:
        raise table.fail("slug", error.what, error.remedy) from None
    if known != slug:
        raise table.fail("slug", f"{cited(slug)} cannot name an attribute", f'write it as slug = "{known}"')
    if slug == _ASKED:
        raise table.fail("slug", f"the preferences ask for {slug} by themselves", "leave this [[field]] out")
    titles = table.titles("title", slug, language)
    choices = _choices(table, language)
    # Kept is what the letter's first language calls it: segments ask for one word, whoever chose it.
    return Field(slug, titles, choices, choices[""], table.take("required", bool, False))


def _choices(table: Table, language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the choices by language; "" holds the first language's. Raise SettingsError."""
    if not isinstance(table.values.get("choices"), dict):
        return {"": _texts(table, table.texts("choices", ()))}
    said = table.take("choices", dict)
    found = {code: _texts(table, texts) for code, texts in said.items()}
    if len({*map(len, found.values())}) != 1:
        counts = ", ".join(f"{len(texts)} in {code}" for code, texts in found.items()) or "none"
        remedy = "write as many in each language, in the same order"
        raise table.fail("choices", f"choices differ in number: {counts}", remedy)
    return {"": found.get(tongue.nearest(language, found), next(iter(found.values()))), **found}


def _texts(table: Table, texts: object) -> tuple[str, ...]:
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        remedy = 'write choices = ["…", "…"], or choices = {en = ["…", "…"], sv = ["…", "…"]}'
        raise table.fail("choices", "choices must be texts, or texts by language", remedy)
    found = tuple(unicodedata.normalize("NFC", attribute.tidy(text)) for text in texts)
    for number, text in enumerate(found):
        twice = text in found[:number]
        if twice or not 0 < len(text) <= LONGEST:
            what = f"choices cannot hold {cited(text)}{' twice' if twice else ''}"
            raise table.fail("choices", what, f"give each words of its own, {LONGEST} characters at most")
    return found
