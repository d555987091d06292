"""Who would get a letter, counted before it is sent: by domain and time zone, who lacks what, who gets none."""

import sqlite3
from collections.abc import Mapping, Sequence

from subscribers.model import Where
from subscribers.roster import SUPPRESSED
from subscribers.status import DeliveryState
from subscribers.store.ledger import census

#: The time zone of the person in row ``s``, as they chose it; "" if they did not.
ZONE = "coalesce(json_extract(s.attributes, '$.timezone'), '')"

#: Why a person on the list does not get a letter, the first reason that holds.
_REASON = f"""CASE WHEN {SUPPRESSED} THEN 'suppressed' WHEN c.status = 'pending' THEN 'not confirmed'
    WHEN c.status = 'unsubscribed' THEN 'unsubscribed' WHEN s.paused > :left_today THEN 'paused'
    WHEN s.frequency <> 'every' THEN 'wants fewer letters' ELSE 'not meant' END"""

#: Fields that are columns; every other one is an attribute.
COLUMNS = ("name", "email", "language")
#: An attribute that is taken from the name where somebody has none.
FIRST = "first_name"


def zones(connection: sqlite3.Connection, where: Where) -> frozenset[str]:
    """Return the time zones that people of the audience say they are in; "" if somebody says none."""
    rows = connection.execute(
        f"SELECT DISTINCT {ZONE} FROM subscribers s WHERE {where.sql}",  # noqa: S608 - a condition of ours
        where.values,
    )
    return frozenset(str(row[0]) for row in rows)


def groups(connection: sqlite3.Connection, where: Where) -> Sequence[tuple[str, str, int]]:
    """Return domain, time zone and number of people, for each that the audience has."""
    rows = connection.execute(
        f"""SELECT substr(s.canonical, instr(s.canonical, '@') + 1), {ZONE}, count(*)
            FROM subscribers s WHERE {where.sql} GROUP BY 1, 2""",  # noqa: S608 - a condition of ours
        where.values,
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def left_out(connection: sqlite3.Connection, list: str, where: Where, today: str) -> Mapping[str, int]:  # noqa: A002
    """Return how many people of *list* are not in the audience, by reason. *today* is a day in ISO 8601."""
    rows = connection.execute(
        f"""SELECT {_REASON}, count(*) FROM subscribers s JOIN subscriptions c ON c.subscriber_id = s.id
            WHERE c.list_id = (SELECT id FROM lists WHERE slug = :left_list) AND s.status = 'active'
            AND ({where.sql}) IS NOT TRUE GROUP BY 1 ORDER BY 2 DESC""",  # noqa: S608 - conditions of ours
        {**where.values, "left_list": list, "left_today": today},
    )
    return {str(row[0]): int(row[1]) for row in rows}


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
    """Return the last issue that was sent to a whole list, and to how many in all its sends; ("", 0) if none was.

    The issue *besides* does not count, nor who refused it, whom a further send may have tried again.
    """
    rows = connection.execute(
        f"""SELECT id, issue FROM sends WHERE list = :list AND issue = (
               SELECT e.issue FROM sends e WHERE e.list = :list AND e.issue <> :besides AND e.started IS NOT NULL
                   AND e.state <> 'cancelled' AND {census.WHOLE} ORDER BY e.id DESC LIMIT 1)""",  # noqa: S608 - a condition of ours
        {"list": list_slug, "besides": besides},
    ).fetchall()
    each = (census.counts(connection, row["id"]) for row in rows)
    lost = DeliveryState.REFUSED, DeliveryState.CANCELLED
    readers = sum(count for states in each for state, count in states.items() if state not in lost)
    return (rows[0]["issue"], readers) if rows else ("", 0)
