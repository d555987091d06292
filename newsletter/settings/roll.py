"""The tables [[list]] and [[topic]]: what people can subscribe to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from newsletter.errors import cited
from newsletter.toml import Table
from subscribers import tongue
from subscribers.model import Follow

#: The latest letter of a series comes so many days after somebody joined.
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Titled:
    """A list or a topic: its slug and its title by language ("" holds the one for every other language).

    *opt_in* is double or single; *welcome* tells whether a mail greets who joined, *greeting* is the issue with
    its words, "" for the program's own, and *series* are the letters that follow; *archive* tells whether
    everybody may read what was sent to it.
    """

    slug: str
    titles: Mapping[str, str]
    opt_in: str = "double"
    welcome: bool = True
    greeting: str = ""
    series: tuple[Follow, ...] = ()
    archive: bool = True

    @property
    def greetings(self) -> tuple[str, ...]:
        """The issues whose words new readers get."""
        return (*filter(None, (self.greeting,)), *(each.issue for each in self.series))

    def title(self, language: str = "") -> str:
        """Return the title in *language*, or the nearest to it (``sv`` for ``sv-FI``), or the general one."""
        return self.titles[tongue.nearest(language, filter(None, self.titles))]


def read(table: Table, language: str) -> Titled:
    """Return what the table says. *language* is the letter's first. Raise SettingsError."""
    slug = table.text("slug")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", slug):
        raise table.fail("slug", f"{cited(slug)} is no slug", "use lower-case letters, digits and hyphens")
    opt_in = table.text("opt_in", "double", ("double", "single")) if table.name == "list" else "double"
    welcome, greeting = _welcome(table) if table.name == "list" else (True, "")
    series = _series(table) if table.name == "list" else ()
    archive = table.take("archive", bool, True) if table.name == "list" else True
    return Titled(
        slug=slug,
        titles=table.titles("title", slug, language),
        opt_in=opt_in,
        welcome=welcome,
        greeting=greeting,
        series=series,
        archive=archive,
    )


def _welcome(table: Table) -> tuple[bool, str]:
    """Return whether a mail greets who joined, and the issue with its words, if one is named."""
    if isinstance(table.values.get("welcome"), str):
        return True, table.text("welcome")
    return table.take("welcome", bool, True), ""


def _series(table: Table) -> tuple[Follow, ...]:
    """Return the letters that follow for who joined, the earliest first."""
    found = []
    for issue, days in table.take("series", dict, {}).items():
        # True is a whole number for Python.
        if type(days) is not int or not 1 <= days <= MOST_DAYS:
            what = f"{cited(issue)} cannot follow after {days} days"
            raise table.fail("series", what, f"write a number from 1 to {MOST_DAYS}: series = {{tips = 7}}")
        found.append(Follow(issue, timedelta(days=days)))
    return tuple(sorted(found, key=lambda each: each.after))
