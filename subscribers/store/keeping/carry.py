"""Take over what was sent by the file that a copy replaces, so that nobody is sent it a second time.

So is what came back, was opened, was answered and was used up of rations by it. A send that both know goes on from
where the replaced file has it; one that the copy does not know comes whole, with its numbers, which stand in what
was mailed. People are found by their address. Who is not in the copy has a row in the ledger all the same, under a
number that nobody else gets: it counts, and no mail comes of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from subscribers.status import DeliveryState, SendState, earlier
from subscribers.store.file.open import Connection
from subscribers.store.ledger.deliveries import HELD, one_of

#: What is read of the replaced file.
_TABLES = ("subscribers", "sends", "variants", "links", "deliveries", "decisions")

#: A letter that may have left by one file is never one to be sent because the other one does not know of it.
_MAY_HAVE_LEFT = (DeliveryState.COMMITTING, DeliveryState.UNCERTAIN)
_LEFT = (*_MAY_HAVE_LEFT, DeliveryState.ACCEPTED)


def _sources(to: DeliveryState) -> tuple[DeliveryState, ...]:
    found = (to, *(state for state in earlier(to) if state is not to))
    return tuple(state for state in found if to in _LEFT[1:] or state not in _MAY_HAVE_LEFT)


#: Whether a row ``m`` here may stand where the row ``r`` of the replaced file does, or a send where ``r`` does.
_LEADS = " OR ".join(f"(r.state = '{to}' AND ({one_of('m.state', _sources(to))}))" for to in DeliveryState)
_SEND_LEADS = " OR ".join(
    f"(r.state = '{to}' AND ({one_of('sends.state', {to, *earlier(to)})}))" for to in SendState
)

#: The rows of a send in the replaced file, each with the number that its reader has here. A number that is another
#: reader's here is nobody's. A reply may repeat an address: it stays only where its reader can be erased.
_ROWS = """SELECT d.id, coalesce(p.id, d.subscriber_id) AS person, d.variant, d.state, d.attempts,
        iif(d.state = 'queued', coalesce(d.due, ''), d.due) AS due, d.code, d.enhanced,
        iif(p.status = 'active', d.reply, '') AS reply, d.updated
    FROM replaced.deliveries d LEFT JOIN replaced.subscribers o ON o.id = d.subscriber_id
    LEFT JOIN main.subscribers p ON p.canonical = o.canonical
    WHERE d.send_id = :theirs AND (p.id IS NOT NULL OR o.status IS NOT 'active' OR NOT EXISTS (
        SELECT 1 FROM main.subscribers n WHERE n.id = o.id AND n.status = 'active'))"""

#: The row here that a row ``r`` is about. The order of this join is SQLite's to keep: the other one takes hours.
_HERE = "CROSS JOIN main.deliveries m ON m.send_id = :ours AND m.subscriber_id = r.person"

#: A row that waits for a decision was never tried: it tells nothing that is not known here.
_CHANGE = f"""WITH later AS MATERIALIZED (SELECT m.id AS here, r.* FROM ({_ROWS}) r {_HERE}
        WHERE (m.state <> r.state OR m.updated <> r.updated) AND r.due IS NOT '{HELD}'
        AND ({_LEADS}))
    UPDATE main.deliveries SET variant = r.variant, state = r.state, attempts = r.attempts, due = r.due,
        code = r.code, enhanced = r.enhanced, reply = r.reply, updated = r.updated
    FROM later r WHERE deliveries.id = r.here"""  # noqa: S608 - states of ours

_MISSING = f"""FROM ({_ROWS}) r WHERE NOT EXISTS (
    SELECT 1 FROM main.deliveries m WHERE m.send_id = :ours AND m.subscriber_id = r.person)"""  # noqa: S608

_ADD = f"""INSERT INTO main.deliveries
        (id, send_id, subscriber_id, variant, state, attempts, due, code, enhanced, reply, updated)
    SELECT r.id + :shift, :ours, r.person, r.variant, r.state, r.attempts, r.due, r.code, r.enhanced, r.reply,
        r.updated {_MISSING} ORDER BY r.id"""

#: Rows that were never tried are found by standing side by side: after this they are found as others are.
_LIST = (
    "UPDATE main.deliveries SET due = '' WHERE send_id = :ours AND state = 'queued' AND due IS NULL",
    """UPDATE main.sends SET next = top + 1, last = top
       FROM (SELECT coalesce(max(id), 0) AS top FROM main.deliveries WHERE send_id = :ours)
       WHERE id = :ours AND started IS NOT NULL""",
)

_BRING = (
    """INSERT INTO main.sends (id, issue, list, rule, state, content, created, due, started, ended, forced, reason)
       SELECT :ours, issue, list, rule, state, content, created, due, started, ended, forced, reason
       FROM replaced.sends WHERE id = :theirs""",
    """INSERT INTO main.variants (send_id, name, content)
       SELECT :ours, name, content FROM replaced.variants WHERE send_id = :theirs""",
    """INSERT INTO main.links (id, send_id, variant, place, url, label)
       SELECT id, :ours, variant, place, url, label FROM replaced.links WHERE send_id = :theirs
       ON CONFLICT DO NOTHING""",
)

#: What was decided stays so, and what is decided by one file alone is for both.
_DECIDED = """INSERT INTO main.decisions
        (send_id, wait, due, taken, winner, chosen, arrived_a, clicks_a, arrived_b, clicks_b)
    SELECT :ours, wait, due, taken, winner, chosen, arrived_a, clicks_a, arrived_b, clicks_b
    FROM replaced.decisions WHERE send_id = :theirs
    ON CONFLICT DO UPDATE SET due = excluded.due, taken = excluded.taken, winner = excluded.winner,
        chosen = excluded.chosen, arrived_a = excluded.arrived_a, clicks_a = excluded.clicks_a,
        arrived_b = excluded.arrived_b, clicks_b = excluded.clicks_b WHERE taken IS NULL"""

#: What came back about the rows of a send. A server's words may repeat an address, too.
_CAME_BACK = f"""INSERT INTO main.events (delivery_id, subscriber_id, kind, reason, status, text, source, at)
    SELECT m.id, m.subscriber_id, e.kind, e.reason, e.status, iif(p.status = 'active', e.text, ''), e.source, e.at
    FROM replaced.events e CROSS JOIN ({_ROWS}) r ON r.id = e.delivery_id {_HERE}
    LEFT JOIN main.subscribers p ON p.id = r.person WHERE true ON CONFLICT DO NOTHING"""  # noqa: S608

#: What readers answered: the replaced file knows the last word of each, in whichever send of an issue it stands.
_ANSWERED = (
    "DELETE FROM main.answers WHERE send_id = :ours",
    """INSERT INTO main.answers (send_id, reader, question, answer)
       SELECT :ours, reader, question, answer FROM replaced.answers WHERE send_id = :theirs""",
)

#: Where links lead and which mails left, as the replaced file says; what is counted only, of which the higher
#: count is the later one.
_COUNTS = {
    "mails": """UPDATE main.mails SET state = iif(r.state = 'committing', 'uncertain', r.state)
        FROM replaced.mails r WHERE mails.state = 'queued' AND r.state <> 'queued'
        AND r.id = mails.id AND r.kind = mails.kind AND r.created = mails.created""",
    "links": """UPDATE main.links SET url = r.url FROM replaced.links r
        WHERE r.id = links.id AND r.url <> links.url""",
    "clicks": """INSERT INTO main.clicks (link_id, hour, scanner, count)
        SELECT c.link_id, c.hour, c.scanner, c.count FROM replaced.clicks c JOIN main.links l ON l.id = c.link_id
        WHERE true ON CONFLICT DO UPDATE SET count = max(count, excluded.count)""",
    "rations": """INSERT INTO main.rations (name, part, count) SELECT name, part, count FROM replaced.rations
        WHERE true ON CONFLICT DO UPDATE SET count = max(count, excluded.count)""",
    "paces": """INSERT INTO main.paces (name, rate, since) SELECT name, rate, since FROM replaced.paces
        WHERE true ON CONFLICT DO UPDATE SET rate = excluded.rate, since = excluded.since
        WHERE excluded.since > since""",
}

_GO_ON = f"""UPDATE main.sends SET state = r.state, rule = r.rule, due = r.due, ended = r.ended, reason = r.reason,
        started = coalesce(r.started, sends.started)
    FROM replaced.sends r WHERE sends.id = :ours AND r.id = :theirs AND ({_SEND_LEADS})"""  # noqa: S608

_UNKNOWN = f"""SELECT (SELECT count(*) FROM replaced.deliveries d
        WHERE d.send_id = :theirs AND ({one_of("d.state", _LEFT)}))
    - (SELECT count(*) FROM ({_ROWS}) r {_HERE}
        WHERE ({one_of("r.state", _LEFT)}) AND ({one_of("m.state", _LEFT)}))"""  # noqa: S608 - states of ours


@dataclass(frozen=True, slots=True)
class Sent:
    """How many *letters* left, or may have left, since the copy was made, and are known to be sent now.

    So many are *unknown*: they left, and the copy says something that cannot come to that. *unread* is why the
    file that was replaced could not tell, "" if it did; *held* are the sends that are paused for that.
    """

    letters: int = 0
    unknown: int = 0
    unread: str = ""
    held: tuple[int, ...] = ()


def fault(connection: Connection) -> str:
    """Return why what was sent cannot be read from this file, "" if it can."""
    return next(filter(None, (_broken(connection, table) for table in _TABLES)), "")


def _broken(connection: Connection, table: str, schema: str = "main") -> str:
    """Return what is wrong with a table, "" if it is whole."""
    try:
        row = connection.execute(f"PRAGMA {schema}.quick_check({table})").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if row[0] == "ok" else str(row[0]).splitlines()[-1]


@contextmanager
def beside(connection: Connection, replaced: Path | None) -> Iterator[frozenset[str]]:
    """Let `take` read the file *replaced* within the block, if there is one. Nothing writes to it.

    Yield which tables of what came back and was counted are whole there. After a check that finds damage a
    transaction that is open can write nothing more, so it is not done within one.
    """
    if replaced is None:
        yield frozenset()
        return
    connection.execute("ATTACH DATABASE ? AS replaced", (str(replaced),))
    yield frozenset(
        table for table in ("events", "answers", *_COUNTS) if not _broken(connection, table, "replaced")
    )
    connection.execute("DETACH DATABASE replaced")


def take(connection: Connection, sound: frozenset[str]) -> Sent:
    """Let this file know what the one `beside` it says was sent, and what of *sound* came of that.

    Must be inside a write transaction.
    """
    before = _left(connection)
    sends = connection.execute("SELECT * FROM replaced.sends").fetchall()
    unknown = sum(_send(connection, row, sound) for row in sends)
    for table, statement in _COUNTS.items():
        if table in sound:
            connection.execute(statement)
    return Sent(_left(connection) - before, unknown)


def _left(connection: Connection) -> int:
    return int(
        connection.execute(
            f"SELECT count(*) FROM main.deliveries WHERE {one_of('state', _LEFT)}"  # noqa: S608 - states of ours
        ).fetchone()[0]
    )


def _send(connection: Connection, row: sqlite3.Row, sound: frozenset[str]) -> int:
    """Take over one send, with what came back and was answered as far as that is *sound*.

    Return how many of its letters left that are not known to be sent.
    """
    known = connection.execute("SELECT issue, content FROM main.sends WHERE id = ?", (row["id"],)).fetchone()
    ours = row["id"] if not known or tuple(known) == (row["issue"], row["content"]) else _next(connection, "sends")
    values = {"theirs": row["id"], "ours": ours}
    for statement in (_GO_ON,) if known and ours == row["id"] else _BRING:
        connection.execute(statement, values)
    connection.execute(_CHANGE, values)
    taken = f"SELECT 1 {_MISSING} AND r.id IN (SELECT id FROM main.deliveries) LIMIT 1"  # noqa: S608
    shift = _next(connection, "deliveries") if connection.execute(taken, values).fetchone() else 0
    connection.execute(_ADD, values | {"shift": shift})
    told = {"events": (_CAME_BACK,), "answers": _ANSWERED}
    for statement in (_DECIDED, *_LIST, *(one for table in told if table in sound for one in told[table])):
        connection.execute(statement, values)
    return int(connection.execute(_UNKNOWN, values).fetchone()[0])


def _next(connection: Connection, table: str) -> int:
    """Return the first number that no row of either file has."""
    numbers = f"SELECT max(id) AS id FROM main.{table} UNION ALL SELECT max(id) FROM replaced.{table}"  # noqa: S608
    return int(connection.execute(f"SELECT max(id) + 1 FROM ({numbers})").fetchone()[0])  # noqa: S608
