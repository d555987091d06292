"""A table [[section]]: a part of the issue, and what goes into it."""

from newsletter.model import Section
from newsletter.toml import Table


def read(table: Table) -> Section:
    """Return what the table says. Raise SettingsError."""
    return Section(
        name=table.text("name", ""),
        block=table.text("block", "story", ("lead", "story", "brief")),
        tags=table.texts("tags", ()),
        sources=table.texts("sources", ()),
        max=table.whole("max", 4, 1, 100),
    )
