"""Take what is said of the letter's own fields as readers answer them, in whichever language it is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from newsletter.cli import terminal
from newsletter.errors import cited
from newsletter.settings.field import Field
from subscribers import attribute
from subscribers.errors import PeopleError
from subscribers.table.columns import Layout
from subscribers.table.entry import Entry


def asked(layout: Layout, fields: Sequence[Field], named: Collection[str]) -> Layout:
    """Return the *layout* in which a column with a field's title, in any language, holds that field.

    What an editor *named* stays so, and so do the columns of our own export.
    """
    called = {}
    for field in fields:
        for title in field.titles.values():
            with suppress(PeopleError):
                called[attribute.name(title)] = field.slug
    taken = {*named, *(name for _, name in layout.attributes)}
    attributes = []
    for place, name in layout.attributes if layout.own is None else ():
        slug = called.get(name, name)
        attributes.append((place, name if name in named or slug in taken else slug))
        taken.add(slug)
    return replace(layout, attributes=tuple(attributes)) if attributes else layout


class Answers:
    """Knows the choices of *fields*, and counts the answers that are none of them."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = [field for field in fields if field.values]
        self._kept = {field.slug: field.kept for field in self._fields}
        self._strange: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def settle(self, entry: Entry) -> Entry:
        """Return the *entry* with each answer as it is kept; what is no choice stays as it is."""
        said = {slug: str(entry.attributes[slug]) for slug in self._kept if entry.attributes.get(slug)}
        chosen = {slug: self._kept[slug].get(text.casefold(), "") for slug, text in said.items()}
        for slug in (slug for slug, choice in chosen.items() if not choice):
            self._strange[slug] += 1
            self._first.setdefault(slug, said[slug])
        kept = {slug: choice for slug, choice in chosen.items() if choice and choice != said[slug]}
        return replace(entry, attributes={**entry.attributes, **kept}) if kept else entry

    def told(self) -> Iterator[str]:
        """Yield what to tell of answers that are no choice."""
        for field in self._fields:
            if count := self._strange[field.slug]:
                strange = f"{cited(self._first[field.slug][:40])} ({terminal.counted(count, 'answer')})"
                choices = ", ".join(field.values)
                yield f"No choice of “{field.title()}”, but kept: {strange}. Its choices are: {choices}."
