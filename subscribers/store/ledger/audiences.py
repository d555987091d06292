"""Who would get a letter, counted before it is sent: by domain and time zone, and why others would not."""

import sqlite3
from collections.abc import Mapping, Sequence

from subscribers.model import Where
from subscribers.roster import SUPPRESSED

#: The time zone of the person in row ``s``, as they chose it; "" if they did not.
ZONE = "coalesce(json_extract(s.attributes, '$.timezone'), '')"

#: Why a person on the list does not get a letter, the first reason that holds.
_REASON = f"""CASE WHEN {SUPPRESSED} THEN 'suppressed' WHEN c.status = 'pending' THEN 'not confirmed'
    WHEN c.status = 'unsubscribed' THEN 'unsubscribed' WHEN s.paused > :left_today THEN 'paused'
    WHEN s.frequency <> 'every' THEN 'wants fewer letters' ELSE 'not meant' END"""


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
