"""The table [tracking]: what is counted of what readers do. Nothing is, unless the letter turns it on."""

from dataclasses import dataclass

from newsletter.toml import Table


@dataclass(frozen=True, slots=True)
class Tracking:
    """*clicks* are counted for each link in total, naming nobody.

    *people* offers readers to agree that their own clicks are seen; *pictures* asks, of those, whether the letter
    was shown. What is known of one reader is deleted after *days*.
    """

    clicks: bool = False
    people: bool = False
    pictures: bool = False
    days: int = 180


def read(table: Table) -> Tracking:
    """Return what the table says. Raise SettingsError."""
    told = Tracking(
        clicks=table.take("clicks", bool, False),
        people=table.take("people", bool, False),
        pictures=table.take("pictures", bool, False),
        days=table.whole("days", 180, 1, 3650),
    )
    if told.people and not told.clicks:
        raise table.fail("people", "single readers' clicks without clicks", "add clicks = true")
    if told.pictures and not told.people:
        raise table.fail("pictures", "the picture is for readers who agreed only", "add people = true")
    return told
