"""Count what came of an issue: reads the ledger and what came back, names nobody."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from subscribers.model import Where
from subscribers.store.file.open import moment, stamp
from subscribers.store.ledger.census import ACCEPTED
from subscribers.store.register.acts import PREFERENCES, UNDO
from subscribers.store.register.moves import GOES

#: The worst thing that came back about a delivery, by its rank.
_EVENTS = ("", "complaint", "hard", "block", "soft")
_DOMAIN = "iif(s.status = 'active', substr(s.canonical, instr(s.canonical, '@') + 1), '')"
#: Who was left out of a send and stands in a later one of the issue counts there.
_ONCE = """NOT (d.state IN ('cancelled', 'suppressed') AND EXISTS (SELECT 1 FROM deliveries later
    JOIN sends again ON again.id = later.send_id
    WHERE later.subscriber_id = d.subscriber_id AND later.id > d.id AND again.issue = e.issue))"""
#: All deliveries of an issue, and those about which something came back: few, and so they are counted apart.
_ALL = f"""FROM sends e CROSS JOIN deliveries d ON d.send_id = e.id
    LEFT JOIN subscribers s ON s.id = d.subscriber_id WHERE e.issue = :issue_of_cells AND {_ONCE}"""
_CAME_BACK = f"""FROM (SELECT x.delivery_id, min(CASE x.kind WHEN 'complaint' THEN 1 WHEN 'hard' THEN 2
        WHEN 'block' THEN 3 WHEN 'soft' THEN 4 END) AS worst FROM events x
        WHERE x.kind IN ('complaint', 'hard', 'block', 'soft') GROUP BY 1) x
    JOIN deliveries d ON d.id = x.delivery_id JOIN sends e ON e.id = d.send_id
    LEFT JOIN subscribers s ON s.id = d.subscriber_id WHERE e.issue = :issue_of_cells AND {_ONCE}"""  # noqa: S608 - expressions of ours

#: That a line of consent (``p``) made somebody a reader, which nobody is who only asked to be. A signup did where
#: nobody has to confirm, and by the link to a reader's own page.
JOINING = f"""(p.what = 'confirm' OR (p.what = 'import' AND p.wording <> '') OR (p.what = 'signup'
    AND (l.opt_in = 'single' OR p.source IN ('{PREFERENCES}', '{UNDO}'))))"""


def cells(connection: sqlite3.Connection, issue: str) -> list[tuple[str, str, str, str, int]]:
    """Return (variant, domain, state, worst event, count) for an issue."""
    values = {"issue_of_cells": issue}
    what = f"d.variant, coalesce({_DOMAIN}, ''), d.state"
    # Counted here: SQLite would sort a million domains.
    rows = connection.cursor()
    rows.row_factory = None
    plain = Counter(rows.execute(f"SELECT {what} {_ALL}", values))
    found: list[tuple[str, str, str, str, int]] = []
    for *key, worst, count in rows.execute(
        f"SELECT {what}, x.worst, count(*) {_CAME_BACK} GROUP BY 1, 2, 3, 4", values
    ):
        plain[tuple(key)] -= count
        found.append((*key, _EVENTS[worst], count))
    return found + [(*key, "", count) for key, count in plain.items() if count]


def arrivals(connection: sqlite3.Connection, send: int) -> list[tuple[str, int, int]]:
    """Return (variant, letters that arrived, clicks by people) for each variant of a send."""
    arrived = connection.execute(
        """SELECT d.variant, count(*) FROM deliveries d WHERE d.send_id = :send AND d.state = 'accepted'
           AND (NOT EXISTS (SELECT 1 FROM events x
                   WHERE x.delivery_id = d.id AND x.kind IN ('hard', 'block', 'soft'))
               OR EXISTS (SELECT 1 FROM events x WHERE x.delivery_id = d.id AND x.kind = 'complaint'))
           GROUP BY 1""",
        {"send": send},
    )
    clicks = connection.execute(
        """SELECT l.variant, sum(c.count) FROM links l JOIN clicks c ON c.link_id = l.id
           WHERE l.send_id = :send AND c.scanner = 0 GROUP BY 1""",
        {"send": send},
    )
    opened = dict(clicks.fetchall())
    return [(variant, count, opened.get(variant, 0)) for variant, count in arrived]


def within(
    connection: sqlite3.Connection, issue: str, segments: Sequence[Where]
) -> list[list[tuple[str, str, int]]]:
    """Return (state, worst event, count) of an issue's deliveries to each of some *segments* of ``s``."""
    values: dict[str, object] = {"issue_of_cells": issue}
    for each in segments:
        values.update(each.values)
    sums = "".join(f", sum(iif({each.sql}, 1, 0))" for each in segments)
    found: list[dict[tuple[str, str], int]] = [{} for _ in segments]
    for state, *counts in connection.execute(f"SELECT d.state{sums} {_ALL} GROUP BY 1", values):
        for one, count in zip(found, counts, strict=True):
            one[state, ""] = count
    for state, worst, *counts in connection.execute(
        f"SELECT d.state, x.worst{sums} {_CAME_BACK} GROUP BY 1, 2", values
    ):
        for one, count in zip(found, counts, strict=True):
            one[state, _EVENTS[worst]] = count
            one[state, ""] -= count
    return [[(*key, count) for key, count in one.items() if count] for one in found]


def minutes(connection: sqlite3.Connection, issue: str) -> dict[datetime, int]:
    """Return how many letters of an issue servers took in each minute."""
    rows = connection.execute(
        """SELECT substr(updated, 1, 16) AS minute, count(*) FROM deliveries
           WHERE send_id IN (SELECT id FROM sends WHERE issue = :issue) AND state = 'accepted'
           GROUP BY 1 ORDER BY 1""",
        {"issue": issue},
    )
    return {moment(f"{row[0]}:00.000Z"): row[1] for row in rows}


def reasons(connection: sqlite3.Connection, issue: str) -> list[tuple[str, str, int]]:
    """Return how many deliveries came back of each kind and for each reason, the most first."""
    rows = connection.execute(
        """SELECT x.kind, x.reason, count(DISTINCT x.delivery_id) FROM events x
           JOIN deliveries d ON d.id = x.delivery_id JOIN sends e ON e.id = d.send_id
           WHERE e.issue = :issue AND x.kind <> 'unsubscribe' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        {"issue": issue},
    )
    return [tuple(row) for row in rows]


def ended(connection: sqlite3.Connection, issue: str) -> dict[int, datetime]:
    """Return when each send of an issue ended, of those that did."""
    rows = connection.execute(
        "SELECT id, ended FROM sends WHERE issue = :issue AND ended IS NOT NULL", {"issue": issue}
    )
    return {row[0]: moment(row[1]) for row in rows}


def unsubscribed(connection: sqlite3.Connection, issue: str) -> dict[str, int]:
    """Return how many of an issue's readers left its list after it and before the next one, by reason.

    "" stands for no reason given. Who took it back at once did not leave, nor did who has a new address.
    """
    rows = connection.execute(
        """WITH mine AS (SELECT min(started) AS since, list FROM sends
               WHERE issue = :issue AND started IS NOT NULL),
           following AS (SELECT min(e.started) AS until FROM sends e, mine
               WHERE e.list = mine.list AND e.issue <> :issue AND e.started > mine.since)
           SELECT coalesce(p.reason, '') AS reason, count(DISTINCT c.subscriber_id) FROM mine
           JOIN consents c ON c.list IN (mine.list, '') AND c.what = 'withdraw' AND c.at >= mine.since
               AND c.at < coalesce((SELECT until FROM following), '9')
           LEFT JOIN departures p ON p.subscriber_id = c.subscriber_id AND p.list = mine.list
               AND p.at >= mine.since
           WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = c.subscriber_id
               AND d.send_id IN (SELECT e.id FROM sends e WHERE e.issue = :issue))
           AND substr(c.wording, 1, length(:goes)) <> :goes
           AND NOT EXISTS (SELECT 1 FROM consents b WHERE b.subscriber_id = c.subscriber_id AND b.list = c.list
               AND b.source = :undo
               AND b.id = (SELECT min(n.id) FROM consents n WHERE n.subscriber_id = c.subscriber_id
                   AND n.list = c.list AND n.id > c.id))
           GROUP BY 1 ORDER BY 2 DESC, 1""",
        {"issue": issue, "undo": UNDO, "goes": GOES},
    )
    return dict(rows.fetchall())


def growth(connection: sqlite3.Connection, slug: str, since: datetime) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return how many are confirmed in a list now, and per month (``2025-06``) how many joined and left it.

    Who is in it joined when they say so; who left had joined before, or only asked to and is in neither number.
    Who has a new address joined when they did at the earlier one.
    """
    now = connection.execute(
        """SELECT count(*) FROM subscriptions u JOIN lists l ON l.id = u.list_id
           WHERE l.slug = :slug AND u.status = 'confirmed'""",
        {"slug": slug},
    ).fetchone()[0]
    values = {"slug": slug, "since": stamp(since), "goes": GOES}
    joined = Counter(
        dict(
            connection.execute(
                """SELECT substr(u.since, 1, 7), count(*) FROM subscriptions u JOIN lists l ON l.id = u.list_id
                   WHERE l.slug = :slug AND u.status = 'confirmed' AND u.since >= :since GROUP BY 1""",
                values,
            ).fetchall()
        )
    )
    left: Counter[str] = Counter()
    for came, went, count in connection.execute(
        f"""SELECT substr(p.at, 1, 7), substr(c.at, 1, 7), count(*) FROM consents c JOIN lists l ON l.slug = c.list
            JOIN consents p ON p.id = (SELECT max(b.id) FROM consents b
                WHERE b.subscriber_id = c.subscriber_id AND b.list = c.list AND b.id < c.id)
            WHERE c.list = :slug AND c.what = 'withdraw' AND c.at >= :since AND {JOINING}
            AND substr(c.wording, 1, length(:goes)) <> :goes GROUP BY 1, 2""",  # noqa: S608 - a condition of ours
        values,
    ):
        joined[came] += count
        left[went] += count
    return now, {month: (joined[month], left[month]) for month in joined | left}


def issues(connection: sqlite3.Connection) -> list[str]:
    """Return every issue that was sent, the first one first."""
    rows = connection.execute(
        "SELECT issue FROM sends WHERE started IS NOT NULL GROUP BY issue ORDER BY min(started)"
    )
    return [row[0] for row in rows]


def alarming(connection: sqlite3.Connection, least: int, share: float) -> list[tuple[int, str, int, int, int]]:
    """Return the sends of which too much comes back by our own fault, or as complaints, untold so far.

    Each as (send, issue, accepted, blocked, complained), where either is at least *least* letters and more than
    *share* of what was accepted. A send that was told of is in ``received`` under ``alarm SEND``.
    """
    rows = connection.execute(
        f"""SELECT e.id, e.issue, {ACCEPTED} AS accepted,
             count(DISTINCT iif(x.kind = 'block', x.delivery_id, NULL)) AS blocked,
             count(DISTINCT iif(x.kind = 'complaint', x.delivery_id, NULL)) AS complained
           FROM events x JOIN deliveries d ON d.id = x.delivery_id JOIN sends e ON e.id = d.send_id
           WHERE x.kind IN ('block', 'complaint')
           AND NOT EXISTS (SELECT 1 FROM received r WHERE r.digest = 'alarm ' || e.id)
           GROUP BY e.id HAVING max(blocked, complained) >= :least AND max(blocked, complained) > :share * accepted
           ORDER BY e.id""",  # noqa: S608 - an expression of ours
        {"least": least, "share": share},
    )
    return [tuple(row) for row in rows]
