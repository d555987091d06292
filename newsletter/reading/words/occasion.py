"""The event that an article is about, as pages, feeds and files tell programs of it. No clock."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

#: A day, and perhaps the hour.
MOMENT = re.compile(r"(20\d\d-\d\d-\d\d)(?:[T ](\d\d:\d\d))?")


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an event begins and ends, in ISO 8601, where it is, and what it is called; "" for what is not told."""

    start: str = ""
    end: str = ""
    place: str = ""
    name: str = ""

    def announced(self, zone: tzinfo = UTC) -> tuple[str, ...]:
        """Return `facts` that make an event for readers, too; a day alone may be that of anything."""
        facts = self.facts(zone)
        return facts if len(facts) > 1 else ()

    def facts(self, zone: tzinfo = UTC) -> tuple[str, ...]:
        """Return day, hours and place as the lines that `happening` reads.

        A time in UTC, which scripts write whatever their clock shows, is told by *zone*, any other by its own.
        """
        began, ends = (MOMENT.match(_here(said, zone)) for said in (self.start, self.end))
        if began is None:
            return ()
        same = ends is not None and ends[1] == began[1] and ends[2] not in {None, began[2]}
        hours = f"{began[2]}–{ends[2]}" if ends and same else began[2]
        said = (
            ("Datum", began[1]),
            ("Tid", hours if began[2] not in {None, "00:00"} else ""),
            ("Plats", self.place),
        )
        return tuple(f"{name}: {words}" for name, words in said if words)


def _here(said: str, zone: tzinfo) -> str:
    """Return a time in UTC by the clock of *zone*; a midnight there is a day, and stays it."""
    try:
        at = datetime.fromisoformat(said) if said.endswith("Z") and "T00:00" not in said else None
    except ValueError:
        return said
    return at.astimezone(zone).isoformat() if at else said
