"""The people themselves: add, find, change, count, and forget for good."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from subscribers import attribute
from subscribers.address import parse
from subscribers.errors import AddressError, UnknownError
from subscribers.model import Address, Subscriber, Where
from subscribers.status import DeliveryState, SubscriberStatus, before
from subscribers.store.file import rows
from subscribers.store.file.open import moment, stamp
from subscribers.store.ledger import answers
from subscribers.store.register import attributes as _attributes
from subscribers.store.register import consents
from subscribers.store.register import topics as _topics
from subscribers.store.register.suppressions import hash_out

#: Everybody who was not erased.
EVERYBODY = Where("s.status = 'active'")

_PEOPLE = """SELECT s.*, (SELECT json_group_array(t.topic) FROM topics t WHERE t.subscriber_id = s.id) AS chosen
    FROM subscribers s"""

#: What goes when a person is erased. A server's reply often repeats the address.
_FORGET = (
    "UPDATE deliveries SET reply = '' WHERE send_id IN (SELECT id FROM sends) AND subscriber_id = :id",
    "DELETE FROM mails WHERE subscriber_id = :id",
    "DELETE FROM topics WHERE subscriber_id = :id",
    "DELETE FROM subscriptions WHERE subscriber_id = :id",
    "DELETE FROM departures WHERE subscriber_id = :id",
    "UPDATE events SET text = '' WHERE subscriber_id = :id",
    "DELETE FROM watched WHERE subscriber_id = :id",
    "DELETE FROM footprints WHERE subscriber_id = :id",
    """UPDATE subscribers SET email = '', canonical = 'erased:' || id, name = '', language = '',
       attributes = '{}', frequency = 'every', paused = '', moved_from = NULL,
       status = 'erased' WHERE id = :id""",
)


def get(connection: sqlite3.Connection, subscriber: int) -> Subscriber:
    """Return the person with this number. Raise UnknownError, for an erased one too."""
    row = connection.execute(f"{_PEOPLE} WHERE s.id = :id AND s.status = 'active'", {"id": subscriber}).fetchone()
    if row is None:
        raise UnknownError("nobody has this number", remedy="see `newsletter subscribers list`")
    return _subscriber(row)


def by_address(connection: sqlite3.Connection, canonical: str) -> Subscriber | None:
    """Return the person with this canonical address, or None."""
    row = connection.execute(f"{_PEOPLE} WHERE s.canonical = :canonical", {"canonical": canonical}).fetchone()
    return _subscriber(row) if row else None


def add(
    connection: sqlite3.Connection,
    address: Address,
    now: datetime,
    *,
    name: str = "",
    language: str = "",
    attributes: Mapping[str, attribute.Plain] | None = None,
    topics: Iterable[str] = (),
) -> Subscriber:
    """Add a person, who subscribes to nothing yet. Raise PeopleError for what cannot be kept.

    The caller has seen that nobody has the address (sqlite3.IntegrityError) and that it is not suppressed.
    """
    row = connection.execute(
        """INSERT INTO subscribers (email, canonical, name, language, attributes, status, joined)
           VALUES (:email, :canonical, :name, :language, :attributes, :status, :joined)""",
        {
            "email": address.typed,
            "canonical": address.canonical,
            "name": attribute.text(name, "the name", 200),
            "language": language,
            "attributes": attribute.dump(attribute.clean(attributes or {})),
            "status": SubscriberStatus.ACTIVE.value,
            "joined": stamp(now),
        },
    )
    number = row.lastrowid or 0
    _attributes.note(connection, sorted(attribute.clean(attributes or {})))
    _topics.choose(connection, number, topics)
    return get(connection, number)


#: A person to be added: number, typed and canonical address, name, language, attributes as JSON, joined.
Row: TypeAlias = tuple[int, str, str, str, str, str, str]


def add_all(connection: sqlite3.Connection, fresh: Sequence[Row]) -> None:
    """Add people whose numbers follow on `highest`. The caller has cleaned what is to be kept."""
    rows.insert(
        connection,
        """INSERT INTO subscribers (id, email, canonical, name, language, attributes, status, joined)
           VALUES {(?, ?, ?, ?, ?, ?, 'active', ?)}""",
        fresh,
    )


def highest(connection: sqlite3.Connection) -> int:
    """Return the highest number that a person has; it is never given away again, since no row ever goes."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM subscribers").fetchone()[0])


def altered(connection: sqlite3.Connection) -> int:
    """Return how many addresses that mail goes to are not those that people are known by.

    Nothing here writes the one without the other: a bit on the disk has changed, which SQLite does not see.
    """
    found = connection.execute(
        "SELECT email, canonical FROM subscribers WHERE status = 'active' AND lower(email) <> canonical"
    )
    return sum(_unlike(*row) for row in found)


def _unlike(typed: str, canonical: str) -> bool:
    try:
        return parse(typed).canonical != canonical
    except AddressError:
        return True


def numbers(connection: sqlite3.Connection, canonicals: Iterable[str]) -> dict[str, int]:
    """Return the number of each person who has one of these addresses."""
    source = "subscribers WHERE canonical IN (SELECT value FROM json_each(:canonicals))"
    found = rows.select(connection, "canonical, id", source, canonicals=json.dumps(list(canonicals)))
    return dict(found)


def change(
    connection: sqlite3.Connection,
    subscriber: int,
    *,
    name: str | None = None,
    language: str | None = None,
    attributes: Mapping[str, attribute.Plain] | None = None,
) -> Subscriber:
    """Change what is not None, and return the person. An attribute of None or "" goes, one not named stays."""
    now = get(connection, subscriber)
    merged = {**now.attributes, **{attribute.name(key): value for key, value in (attributes or {}).items()}}
    _attributes.note(connection, sorted(attribute.clean(merged).keys() - now.attributes.keys()))
    connection.execute(
        "UPDATE subscribers SET name = :name, language = :language, attributes = :attributes WHERE id = :id",
        {
            "id": subscriber,
            "name": now.name if name is None else attribute.text(name, "the name", 200),
            "language": now.language if language is None else language,
            "attributes": attribute.dump(attribute.clean(merged)),
        },
    )
    return get(connection, subscriber)


def select(connection: sqlite3.Connection, where: Where = EVERYBODY, limit: int = -1) -> Iterator[Subscriber]:
    """Yield the people for whom *where* holds, in the order in which they came; -1 means all of them."""
    sql = f"{_PEOPLE} WHERE {where.sql} ORDER BY s.id LIMIT :limit"
    for row in connection.execute(sql, {**where.values, "limit": limit}):
        yield _subscriber(row)


def count(connection: sqlite3.Connection, where: Where = EVERYBODY) -> int:
    """Return for how many people *where* holds."""
    sql = f"SELECT count(*) FROM subscribers s WHERE {where.sql}"  # noqa: S608 - see Where
    return int(connection.execute(sql, dict(where.values)).fetchone()[0])


def anybody(connection: sqlite3.Connection, where: Where) -> bool:
    """Whether *where* holds for anybody."""
    sql = f"SELECT EXISTS (SELECT 1 FROM subscribers s WHERE {where.sql})"  # noqa: S608 - see Where
    return bool(connection.execute(sql, dict(where.values)).fetchone()[0])


def plan(connection: sqlite3.Connection, where: Where) -> tuple[str, ...]:
    """Return how SQLite finds the people for whom *where* holds, a line for each step."""
    sql = f"EXPLAIN QUERY PLAN SELECT s.id FROM subscribers s WHERE {where.sql}"  # noqa: S608 - see Where
    return tuple(str(row["detail"]) for row in connection.execute(sql, dict(where.values)))


def erase(connection: sqlite3.Connection, subscriber: int, keys: Sequence[bytes], now: datetime) -> None:
    """Forget everything about a person, and keep a hash of the address under the first of *keys* as suppression.

    What they answered to letters is found by all of them.
    The row and its number stay, empty: a number given to somebody else would make the erased person's links
    theirs. Afterwards `subscribers.store.keeping.traces.scrub` the file.
    """
    hash_out(connection, get(connection, subscriber).address.canonical, keys[0], now)
    answers.forget(connection, subscriber, keys)
    forget(connection, subscriber, now)


def forget(connection: sqlite3.Connection, subscriber: int, now: datetime) -> None:
    """Do what `erase` does, without keeping a hash: the address may come back, as if it had never been here."""
    gone = get(connection, subscriber)
    stopped = {"id": subscriber, "to": DeliveryState.SUPPRESSED.value, "now": stamp(now)}
    connection.execute(
        """UPDATE deliveries SET state = :to, updated = :now
           WHERE send_id IN (SELECT id FROM sends) AND subscriber_id = :id
           AND state IN (SELECT value FROM json_each(:states))""",
        {**stopped, "states": json.dumps(before(DeliveryState.SUPPRESSED))},
    )
    _unname(connection, gone.address)
    for statement in _FORGET:
        connection.execute(statement, {"id": subscriber})
    consents.forget(connection, subscriber)


def _unname(connection: sqlite3.Connection, address: Address) -> None:
    """Take an address out of what editors wrote about sends: rules such as ``email = '...'``, and reasons."""
    words = {address.typed, address.canonical}
    for row in connection.execute("SELECT id, rule, forced, reason FROM sends").fetchall():
        said = {column: str(row[column]) for column in ("rule", "forced", "reason")}
        # Nearly always none of them: a pattern takes longer to make than all the rest of forgetting somebody.
        everything = "\n".join(said.values()).lower()
        if any(word.lower() in everything for word in words):
            names = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
            unsaid = {column: names.sub("erased", text) for column, text in said.items()}
            connection.execute(
                "UPDATE sends SET rule = :rule, forced = :forced, reason = :reason WHERE id = :id",
                {"id": row["id"], **unsaid},
            )


def _subscriber(row: sqlite3.Row) -> Subscriber:
    return Subscriber(
        id=row["id"],
        address=Address(row["email"], row["canonical"]),
        name=row["name"],
        language=row["language"],
        attributes=json.loads(row["attributes"]),
        topics=frozenset(json.loads(row["chosen"])),
        status=SubscriberStatus(row["status"]),
        joined=moment(row["joined"]),
    )
