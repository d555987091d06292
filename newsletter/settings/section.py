"""A table [[section]]: a part of the issue, and what goes into it."""

from newsletter.model import Section
from newsletter.toml import Table


def read(table: Table, language: str) -> Section:
    """Return what the table says. *language* is the letter's first. Raise SettingsError."""
    names = table.titles("name", "", language)
    section = Section(
        name=names[""],
        names=tuple((code, name) for code, name in names.items() if code),
        block=table.text("block", "story", ("lead", "story", "brief")),
        tags=table.texts("tags", ()),
        sources=table.texts("sources", ()),
        max=table.whole("max", 4, 1, 100),
        min=table.whole("min", 0, 0, 100),
        order=table.text("order", "score", ("score", "newest", "oldest", "title")),
    )
    if section.min > section.max:
        remedy = f"let min be {section.max} at most, or max {section.min}"
        raise table.fail("min", f"min is {section.min} and max {section.max}", remedy)
    return section
