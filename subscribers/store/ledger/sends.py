"""Sends: one issue to one frozen audience, what it says, and where it stands."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta

from subscribers.errors import PeopleError, UnknownError, cited
from subscribers.model import Progress, Send, Where
from subscribers.status import SendState, advance
from subscribers.store.file.open import moment, stamp, trusted
from subscribers.store.ledger import decisions, deliveries
from subscribers.store.ledger.census import ACCEPTED
from subscribers.store.ledger.deliveries import FRESH, HELD, LISTED
from subscribers.variant import OTHER, REST


class MixedError(PeopleError):
    """Somebody needs a variant that was not rendered: they changed, or joined, a moment ago."""

    code = "try-again"


def create(
    connection: sqlite3.Connection,
    *,
    issue: str,
    list: str,  # noqa: A002 - the word for it
    rule: str,
    content: str,
    variants: Mapping[str, bytes],
    now: datetime,
    due: datetime,
    forced: str = "",
) -> Send:
    """Freeze what a send says. Nobody is in its audience before `start`.

    *rule* is the audience rule, *content* the hash of what *variants* say, *due* when it is to start.
    """
    row = connection.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created, due, forced)
           VALUES (:issue, :list, :rule, 'scheduled', :content, :now, :due, :forced)""",
        {
            "issue": issue,
            "list": list,
            "rule": rule,
            "content": content,
            "now": stamp(now),
            "due": stamp(due),
            "forced": forced,
        },
    )
    send = row.lastrowid or 0
    connection.executemany(
        "INSERT INTO variants (send_id, name, content) VALUES (?, ?, ?)",
        [(send, name, text) for name, text in variants.items()],
    )
    return get(connection, send)


#: Each domain's readers evenly over the whole.
_DOMAIN = "substr(canonical, instr(canonical, '@') + 1)"
_SPREAD = f"""ORDER BY (row_number() OVER (PARTITION BY {_DOMAIN} ORDER BY id) - 0.5)
    / count(*) OVER (PARTITION BY {_DOMAIN}), id"""

#: Below so many people the order costs nothing that anybody notices.
_MANY = 20_000

#: People of the list of a send. Beside the order of this table, that of the people costs nothing.
_CONFIRMED = """FROM subscriptions c JOIN subscribers s ON s.id = c.subscriber_id
    WHERE c.list_id = (SELECT l.id FROM sends e JOIN lists l ON l.slug = e.list WHERE e.id = :send_id)
    AND c.status = 'confirmed'"""

_NEIGHBOURS = """SELECT substr(a.canonical, instr(a.canonical, '@') + 1) AS one,
        substr(b.canonical, instr(b.canonical, '@') + 1) AS next
    FROM json_each(:ids) j JOIN subscribers a ON a.id = j.value JOIN subscribers b ON b.id = j.value + 1
    WHERE a.status = 'active' AND b.status = 'active'"""


def _mixed(connection: sqlite3.Connection) -> bool:
    """Whether people of one domain stand side by side no more often than chance has it, in a sample of many."""
    highest = connection.execute("SELECT coalesce(max(id), 0) FROM subscribers").fetchone()[0]
    if highest < _MANY:
        return False
    ids = list(range(1, highest, highest // 2000))
    pairs = connection.execute(_NEIGHBOURS, {"ids": json.dumps(ids)}).fetchall()
    if not pairs:
        return False
    shares = Counter(row["one"] for row in pairs)
    by_chance = sum((count / len(pairs)) ** 2 for count in shares.values())
    beside = sum(1 for row in pairs if row["one"] == row["next"]) / len(pairs)
    return beside < by_chance + 0.1


def start(
    connection: sqlite3.Connection,
    send: int,
    audience: Where,
    variant: Where,
    now: datetime,
    due: Where | None = None,
    wait: timedelta | None = None,
) -> Send:
    """Freeze the audience, one ledger row for each person, and begin. Raise MixedError.

    *audience* is a condition and *variant* an expression, both over the row ``s`` of a person who is confirmed in
    the list of the send. The readers of each domain are spread evenly over the whole, so that no
    receiver gets all of theirs at once. *due* is an expression for the time before which a person gets nothing.
    Whose variant ends in `REST` is held until the part that tries two subjects has done so for a *wait*.
    """
    # The order of a million costs four times as much as all the rest, and most crowds are well mixed as they came.
    order = "ORDER BY id" if _mixed(connection) else _SPREAD
    last = connection.execute("SELECT coalesce(max(id), 0) FROM deliveries").fetchone()[0]
    names = variants(connection, send)
    rest = [f"{name.removesuffix(OTHER)}{REST}" for name in names if name.endswith(OTHER)] if wait else []
    known = {f"send_variant_{number}": name for number, name in enumerate([*names, *rest])}
    rendered = " ".join(f"WHEN :{key} THEN :{key}" for key in known)
    # Where some wait, nobody is fresh: who waits for nothing is found among the others.
    time = f"coalesce({due.sql}, '')" if due else "''" if wait else "NULL"
    due_then = f"iif(variant LIKE '%{REST}', '{HELD}', due)" if wait else "due"
    values = {**audience.values, **variant.values, **(due.values if due else {}), **known}
    values |= {"send_id": send, "send_now": stamp(now)}
    source = f"{_CONFIRMED} AND {audience.sql}"
    try:
        with trusted(connection):
            rows = connection.execute(
                f"""INSERT INTO deliveries (send_id, subscriber_id, variant, due, updated)
                    SELECT :send_id, id, variant, {due_then}, :send_now FROM (
                        SELECT c.subscriber_id AS id, CASE {variant.sql} {rendered} END AS variant, {time} AS due,
                            s.canonical {source})
                    {order}""",  # noqa: S608 - conditions of ours, values bound
                values,
            )
    except sqlite3.IntegrityError:
        strange = connection.execute(
            f"SELECT {variant.sql} AS name {source} AND name NOT IN (SELECT value FROM json_each(:names)) LIMIT 1",  # noqa: S608
            {**values, "names": json.dumps(names)},
        ).fetchone()
        if strange is None:
            raise
        what = f"a reader of {cited(strange[0])} joined a moment ago"
        raise MixedError(what, remedy="run the same command again") from None
    end = last + rows.rowcount
    connection.execute(
        "UPDATE sends SET started = :now, next = :next, last = :last WHERE id = :id",
        {"id": send, "now": stamp(now), "next": (end if due or wait else last) + 1, "last": end},
    )
    if wait:
        decisions.begin(connection, send, wait, due, now)
    return move(connection, send, SendState.SENDING, now)


def speed(connection: sqlite3.Connection) -> tuple[int, float] | None:
    """Return the latest send that tells how fast mail is taken, and its messages a second; None if none does.

    It tells that if it is done, and a hundred readers or more were accepted.
    """
    rows = connection.execute(
        f"""SELECT id, (julianday(ended) - julianday(started)) * 86400 AS lasted, {ACCEPTED} AS accepted
           FROM sends e WHERE state = 'done' ORDER BY id DESC LIMIT 10"""  # noqa: S608 - an expression of ours
    )
    for row in rows:
        if row["accepted"] >= 100 and row["lasted"]:
            return int(row["id"]), row["accepted"] / max(1.0, row["lasted"])
    return None


def audience(connection: sqlite3.Connection, where: Where, variant: Where) -> Mapping[str, int]:
    """Return how many people of the audience get each variant."""
    rows = connection.execute(
        f"SELECT {variant.sql}, count(*) FROM subscribers s WHERE {where.sql} GROUP BY 1",  # noqa: S608
        {**where.values, **variant.values},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def domains(connection: sqlite3.Connection, where: Where, limit: int) -> Mapping[str, int]:
    """Return the *limit* most frequent domains of the audience."""
    rows = connection.execute(
        f"""SELECT substr(s.canonical, instr(s.canonical, '@') + 1), count(*) FROM subscribers s
            WHERE {where.sql} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :domains_limit""",  # noqa: S608
        {**where.values, "domains_limit": limit},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def newcomers(issue: str) -> Where:
    """Return the condition that a person was not sent this issue yet. Who was left out may get it now.

    Who has moved, however often, was sent it if it reached an earlier address, and did not come back from there.
    """
    earlier = """WITH RECURSIVE earlier (id) AS (SELECT s.moved_from UNION
        SELECT m.moved_from FROM earlier JOIN subscribers m ON m.id = earlier.id AND m.moved_from > 0)
        SELECT id FROM earlier"""
    theirs = "d.send_id IN (SELECT e.id FROM sends e WHERE e.issue = :newcomers_issue)"
    return Where(
        f"""NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id AND {theirs}
           AND d.state NOT IN ('cancelled', 'suppressed'))
           AND (s.moved_from IS NULL OR NOT EXISTS (SELECT 1 FROM deliveries d
               WHERE d.subscriber_id IN ({earlier}) AND {theirs}
               AND d.state IN ('accepted', 'uncertain') AND NOT EXISTS (SELECT 1 FROM events x
                   WHERE x.delivery_id = d.id AND x.kind IN ('hard', 'soft', 'block'))))""",  # noqa: S608 - a condition of ours
        {"newcomers_issue": issue},
    )


def get(connection: sqlite3.Connection, send: int) -> Send:
    """Return the send with this number. Raise UnknownError."""
    row = connection.execute("SELECT * FROM sends WHERE id = :id", {"id": send}).fetchone()
    if row is None:
        raise UnknownError(f"there is no send {send}", remedy="`newsletter status` lists them")
    return _send(row)


def all(connection: sqlite3.Connection, issue: str = "") -> tuple[Send, ...]:  # noqa: A001 - sends.all
    """Return every send, or those of one issue, the latest first."""
    rows = connection.execute("SELECT * FROM sends WHERE :issue IN ('', issue) ORDER BY id DESC", {"issue": issue})
    return tuple(_send(row) for row in rows)


def progress(connection: sqlite3.Connection) -> Progress:
    """Return how far sending has come."""
    row = connection.execute(
        f"""SELECT e.id, {ACCEPTED} AS accepted
           FROM sends e WHERE e.started IS NOT NULL ORDER BY e.id DESC LIMIT 1"""  # noqa: S608 - an expression of ours
    ).fetchone()
    return Progress(row["id"], row["accepted"]) if row else Progress(0, 0)


def under_way(connection: sqlite3.Connection, now: datetime) -> tuple[Send, ...]:
    """Return the sends that a sender has work with now.

    Those are scheduled ones that are due, and begun ones unless they only wait for readers, or for a decision,
    whose time will come.
    """
    rows = connection.execute(
        f"""SELECT * FROM sends e WHERE (state = 'scheduled' AND due <= :now) OR (state = 'sending' AND (
               EXISTS (SELECT 1 FROM deliveries d NOT INDEXED WHERE {FRESH})
               OR EXISTS (SELECT 1 FROM deliveries d WHERE d.send_id = e.id
                   AND d.state IN ('claimed', 'committing') AND {LISTED})
               OR EXISTS (SELECT 1 FROM deliveries d WHERE d.send_id = e.id
                   AND d.state IN ('queued', 'deferred') AND d.due <= :now AND {LISTED})
               OR NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.send_id = e.id
                   AND d.state IN ('queued', 'deferred') AND {LISTED})
               OR EXISTS (SELECT 1 FROM decisions c WHERE c.send_id = e.id AND c.taken IS NULL
                   AND (c.due <= :now OR (c.due IS NULL AND {decisions.OUT})))))
           ORDER BY due, id""",  # noqa: S608 - conditions of ours
        {"now": stamp(now)},
    )
    return tuple(_send(row) for row in rows)


def variants(connection: sqlite3.Connection, send: int) -> tuple[str, ...]:
    """Return the names of the variants of a send."""
    rows = connection.execute("SELECT name FROM variants WHERE send_id = :send ORDER BY name", {"send": send})
    return tuple(str(row["name"]) for row in rows)


def variant(connection: sqlite3.Connection, send: int, name: str) -> bytes:
    """Return what a variant says, as it was frozen. Raise UnknownError."""
    row = connection.execute(
        "SELECT content FROM variants WHERE send_id = :send AND name = :name", {"send": send, "name": name}
    ).fetchone()
    if row is None:
        raise UnknownError(
            f"send {send} has no variant {cited(name)}", remedy="restore the database from your backup"
        )
    return bytes(row["content"])


def variant_of(connection: sqlite3.Connection, send: int, subscriber: int) -> str:
    """Return the name of the variant that a reader of a send gets. Raise UnknownError for who is none."""
    row = connection.execute(
        "SELECT variant FROM deliveries WHERE send_id = :send AND subscriber_id = :id",
        {"send": send, "id": subscriber},
    ).fetchone()
    if row is None:
        raise UnknownError(f"send {send} is not for this reader", remedy="see `newsletter status`")
    return str(row["variant"])


def move(connection: sqlite3.Connection, send: int, to: SendState, now: datetime, reason: str = "") -> Send:
    """Change the state; *reason* is why it paused. Raise TransitionError for a change that cannot be."""
    advance(get(connection, send).state, to)
    ended = stamp(now) if to in (SendState.DONE, SendState.CANCELLED) else None
    connection.execute(
        "UPDATE sends SET state = :to, ended = :ended, reason = :reason WHERE id = :id",
        {"id": send, "to": to.value, "ended": ended, "reason": reason},
    )
    if to is SendState.CANCELLED:
        deliveries.cancel(connection, send, now)
    return get(connection, send)


def forget(connection: sqlite3.Connection, send: int, name: str) -> None:
    """Take the entry called *name* out of the rule of a send."""
    connection.execute(
        "UPDATE sends SET rule = json_remove(rule, '$.' || :name) WHERE id = :id", {"id": send, "name": name}
    )


def settle(connection: sqlite3.Connection, send: int, now: datetime) -> Send:
    """End a send of which nothing is left to do; of a cancelled one, end what a sender gave back.

    Where a part tries two subjects and has its letters, the wait for the decision begins.
    """
    found = get(connection, send)
    decisions.time(connection, send, now)
    if found.state is SendState.CANCELLED:
        deliveries.cancel(connection, send, now)
    left = connection.execute(
        f"""SELECT 1 FROM deliveries d WHERE d.send_id = :send
               AND d.state IN ('queued', 'deferred', 'claimed', 'committing') AND {LISTED}
           UNION ALL SELECT 1 FROM sends e CROSS JOIN deliveries d NOT INDEXED WHERE e.id = :send AND {FRESH}
           LIMIT 1""",  # noqa: S608 - conditions of ours
        {"send": send},
    ).fetchone()
    if found.state is SendState.SENDING and not left:
        return move(connection, send, SendState.DONE, now)
    return found


def _send(row: sqlite3.Row) -> Send:
    said = {each.name: row[each.name] for each in fields(Send)}
    times = {name: moment(row[name]) if row[name] else None for name in ("created", "due", "started")}
    return Send(**said | times | {"state": SendState(row["state"])})
