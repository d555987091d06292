"""What a segment expression means, told a second time, in Python: SQL must find the same people."""

import json
import operator
import re
import sqlite3
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from subscribers.expression import (
    All,
    Any,
    ClickedWithin,
    Compare,
    Expression,
    HasTopic,
    InList,
    IsSet,
    JoinedWithin,
    Not,
    Received,
    Value,
)
from subscribers.model import Subscriber, SubscriptionStatus
from subscribers.segment import RECEIVED
from subscribers.store.file.open import moment
from subscribers.store.register import subscriptions

#: Both sides are of one kind: `_holds` saw to it.
_ORDER: Mapping[str, Callable[[typing.Any, typing.Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Person:
    """What a segment can see of a person. *email* is the canonical address, *clicked* their last click."""

    email: str
    joined: datetime
    name: str = ""
    language: str = ""
    attributes: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    lists: Mapping[str, SubscriptionStatus] = field(default_factory=dict)
    received: frozenset[str] = frozenset()
    clicked: datetime | None = None


def matches(expression: Expression, person: Person, now: datetime) -> bool:
    """Return whether *person* is in the segment. *now* is what ``joined within`` counts from."""
    match expression:
        case Compare(name, sign, value):
            return _holds(_value(person, name), sign, value)
        case IsSet(name):
            return _value(person, name) not in (None, "")
        case HasTopic(topic):
            return topic in person.topics
        case InList(slug, status):
            return person.lists.get(slug) == status
        case Received(issue):
            return issue in person.received
        case JoinedWithin(days):
            return _day(person.joined) >= _since(now, days)
        case ClickedWithin(days):
            return person.clicked is not None and _day(person.clicked) >= _since(now, days)
        case Not(part):
            return not matches(part, person, now)
        case All(parts):
            return all(matches(part, person, now) for part in parts)
        case Any(parts):
            return any(matches(part, person, now) for part in parts)
        case _:
            typing.assert_never(expression)


def _value(person: Person, name: str) -> str | int | float | bool | None:
    match name:
        case "email":
            return person.email
        case "name":
            return person.name
        case "language":
            return person.language
        case "joined":
            return _day(person.joined)
        case _:
            return person.attributes.get(name)


def _holds(have: str | int | float | bool | None, sign: str, value: Value) -> bool:
    """Return whether *have* is of the kind of *value* and compares with it as *sign* says."""
    own: str | float | bool | None = None
    if isinstance(value, bool):
        own = have if isinstance(have, bool) else {"true": True, "false": False}.get(str(have).lower())
    elif isinstance(value, date):
        own = have[:10] if isinstance(have, str) and _LIKE_A_DATE.match(have) else None
        value = value.isoformat()
    elif isinstance(value, str):
        own = have if isinstance(have, str) else None
    else:
        own = _number(have)
    return own is not None and _ORDER[sign](own, value)


def _number(have: str | int | float | bool | None) -> int | float | None:
    if isinstance(have, bool) or have is None:
        return None
    if isinstance(have, str):
        return float(have) if len(have) <= 15 and _PLAIN_NUMBER.fullmatch(have) else None
    return have


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _since(now: datetime, days: int) -> str:
    return (now.astimezone(UTC).date() - timedelta(days=days)).isoformat()


def person(connection: sqlite3.Connection, subscriber: Subscriber) -> Person:
    """Return what a segment can see of *subscriber*."""
    received = connection.execute(
        """SELECT n.issue FROM sends n WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.send_id = n.id
           AND d.subscriber_id = :id AND d.state IN (SELECT value FROM json_each(:states)))""",
        {"id": subscriber.id, "states": json.dumps(RECEIVED)},
    )
    return Person(
        clicked=_clicked(connection, subscriber.id),
        email=subscriber.address.canonical,
        joined=subscriber.joined,
        name=subscriber.name,
        language=subscriber.language,
        attributes=subscriber.attributes,
        topics=subscriber.topics,
        lists={each.list: each.status for each in subscriptions.of(connection, subscriber.id)},
        received=frozenset(row["issue"] for row in received),
    )


def _clicked(connection: sqlite3.Connection, subscriber: int) -> datetime | None:
    """Return when a person last followed a link, if they agreed that this is seen."""
    row = connection.execute(
        """SELECT max(at) FROM footprints
           WHERE subscriber_id = :id AND link_id IS NOT NULL AND scanner = 0""",
        {"id": subscriber},
    ).fetchone()
    return moment(row[0]) if row[0] else None
