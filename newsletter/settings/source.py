"""A table [[source]]: where articles come from."""

from zoneinfo import ZoneInfo

from newsletter.model import Source
from newsletter.settings import value
from newsletter.toml import Table


def read(table: Table, zone: ZoneInfo) -> Source:
    """Return what the table says; *zone* is the letter's. Raise SettingsError."""
    kind = table.text("kind", "auto", ("auto", "feed", "wordpress", "sitemap", "page", "folder"))
    url = value.web(table.text("url"))
    return Source(
        name=table.text("name"),
        kind=kind,
        url=url if kind == "folder" or "://" not in url else value.url(table, "url", url),
        language=value.language(table, "language", table.text("language", "")),
        allow_private=table.take("allow_private", bool, False),
        weight=table.take("weight", float, 1.0),
        tags=table.texts("tags", ()),
        since=value.day(table, "since"),
        zone=zone,
    )
