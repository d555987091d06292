"""Count for how many readers a personal field has no value, in one pass over the audience, in SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence

from subscribers.model import Where

#: Fields that are columns; every other one is an attribute.
COLUMNS = ("name", "email", "language")
#: An attribute that is taken from the name where somebody has none.
FIRST = "first_name"


def blanks(
    connection: sqlite3.Connection, audience: Where, variant: Where, names: Sequence[str]
) -> Mapping[str, Mapping[str, int]]:
    """Return for each variant how many of its readers have no value for *names*; only where some have none.

    Spaces count as no value: in a letter they are seen as nothing.
    """
    if not names:
        return {}
    values: dict[str, str | int | float | None] = {**audience.values, **variant.values}
    sums = []
    for number, name in enumerate(names):
        value = f"s.{name}" if name in COLUMNS else f"json_extract(s.attributes, :blank_{number})"
        if name == FIRST:
            value = f"coalesce(nullif(trim({value}), ''), s.name)"
        values[f"blank_{number}"] = f'$."{name}"'
        sums.append(f"sum(trim(coalesce({value}, ''), char(9, 10, 13, 32, 160)) = '')")
    rows = connection.execute(
        f"SELECT {variant.sql}, {', '.join(sums)} FROM subscribers s WHERE {audience.sql} GROUP BY 1",  # noqa: S608
        values,
    )
    found = {str(row[0]): {name: int(count) for name, count in zip(names, row[1:], strict=True)} for row in rows}
    return {
        variant: some
        for variant, counts in found.items()
        if (some := {name: count for name, count in counts.items() if count})
    }


def reached(connection: sqlite3.Connection, list_slug: str, besides: str) -> tuple[str, int]:
    """Return the last issue that was sent to a whole list, and to how many; ("", 0) if none was.

    The issue *besides* does not count.
    """
    row = connection.execute(
        """SELECT e.issue, count(*) AS readers FROM sends e JOIN deliveries d ON d.send_id = e.id
           WHERE e.id = (SELECT max(id) FROM sends WHERE list = :list AND issue <> :besides AND started IS NOT NULL
               AND state <> 'cancelled')
           GROUP BY e.id""",
        {"list": list_slug, "besides": besides},
    ).fetchone()
    return (str(row["issue"]), int(row["readers"])) if row else ("", 0)
