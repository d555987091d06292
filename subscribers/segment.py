"""Evaluate a segment expression two ways that always agree: in Python (`matches`) and as SQL (`where`).

What an expression means:

* A test is so or not so, never unknown. ``city != 'Huddinge'`` is ``not city = 'Huddinge'``: it includes the
  people of whom no city is known.
* A text compares with texts only, character by character: case counts, order is that of the code points.
* A number compares with numbers, and with texts that spell one plainly (``12``, ``-3.5``; at most 15
  characters), because everything that comes out of a CSV file is a text.
* A date compares with ``joined`` (the day, in UTC) and with texts that begin like one, by their first ten
  characters.
* ``true`` and ``false`` compare with truth values and with the texts true and false in any case.
* ``is set`` means that there is a value and it is not the empty text.
* ``received`` counts what was accepted and what may have been (committing, uncertain), so that a second letter to
  everybody who has ``not received`` the first doubles nobody.
"""

import operator
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from subscribers.expression import (
    All,
    Any,
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
from subscribers.grammar import parse
from subscribers.model import Where
from subscribers.status import DeliveryState, SubscriptionStatus

__all__ = ["RECEIVED", "Expression", "Person", "matches", "parse", "where"]

#: The states in which a letter has arrived, or may have.
RECEIVED = (DeliveryState.COMMITTING, DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)

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
    """What a segment can see of a person. *email* is the canonical address."""

    email: str
    joined: datetime
    name: str = ""
    language: str = ""
    attributes: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    lists: Mapping[str, SubscriptionStatus] = field(default_factory=dict)
    received: frozenset[str] = frozenset()


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


def where(expression: Expression, now: datetime, prefix: str = "seg") -> Where:
    """Return the same as a condition over the row ``s`` of ``subscribers``.

    The names of its values begin with *prefix* and an underscore: two conditions with different prefixes can stand
    in one statement. Nothing that a person wrote stands in the SQL itself.
    """
    writer = _Writer(now, prefix)
    sql = writer.write(expression)
    return Where(sql, writer.values)


# The braces take the names of bound values.
_TOPIC = "EXISTS (SELECT 1 FROM topics t WHERE t.topic = {} AND t.subscriber_id = s.id)"
_IN_LIST = """EXISTS (SELECT 1 FROM subscriptions u WHERE u.subscriber_id = s.id
    AND u.list_id = (SELECT l.id FROM lists l WHERE l.slug = {}) AND u.status = {})"""
_RECEIVED = """EXISTS (SELECT 1 FROM deliveries d JOIN sends n ON n.id = d.send_id
    WHERE d.subscriber_id = s.id AND n.issue = {} AND d.state IN ({}))"""


class _Writer:
    """Writes SQL and collects the values that are bound to it."""

    def __init__(self, now: datetime, prefix: str) -> None:
        self.now = now
        self.prefix = prefix
        self.values: dict[str, str | int | float | None] = {}

    def bind(self, value: str | int) -> str:
        name = f"{self.prefix}_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def write(self, expression: Expression) -> str:
        match expression:
            case Compare(name, sign, value):
                return self.compare(name, sign, value)
            case IsSet(name):
                content, _ = self.column(name)
                return f"COALESCE({content} <> '', 0)"
            case HasTopic(topic):
                return _TOPIC.format(self.bind(topic))
            case InList(slug, status):
                return self.in_list(slug, status)
            case Received(issue):
                return self.received(issue)
            case JoinedWithin(days):
                return f"substr(s.joined, 1, 10) >= {self.bind(_since(self.now, days))}"
            case Not(part):
                return f"NOT ({self.write(part)})"
            case All(parts):
                return "(" + " AND ".join(self.write(part) for part in parts) + ")"
            case Any(parts):
                return "(" + " OR ".join(self.write(part) for part in parts) + ")"
            case _:
                typing.assert_never(expression)

    def in_list(self, slug: str, status: SubscriptionStatus) -> str:
        return _IN_LIST.format(self.bind(slug), self.bind(status.value))

    def received(self, issue: str) -> str:
        states = ", ".join(self.bind(state.value) for state in RECEIVED)
        return _RECEIVED.format(self.bind(issue), states)

    def column(self, name: str) -> tuple[str, str]:
        """Return the SQL of a value and that of its kind, as SQLite's json_type names kinds."""
        match name:
            case "email":
                return "s.canonical", "'text'"
            case "name":
                return "s.name", "'text'"
            case "language":
                return "s.language", "'text'"
            case "joined":
                return "substr(s.joined, 1, 10)", "'text'"
            case _:
                path = self.bind(f'$."{name}"')
                return f"json_extract(s.attributes, {path})", f"json_type(s.attributes, {path})"

    def compare(self, name: str, sign: str, value: Value) -> str:
        content, kind = self.column(name)
        if isinstance(value, bool):
            return f"COALESCE({_truth(content, kind)} = {self.bind(int(value))}, 0)"
        if isinstance(value, date):
            digits = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
            day = f"substr({content}, 1, 10) {sign} {self.bind(value.isoformat())}"
            return f"COALESCE({kind} = 'text' AND {content} GLOB '{digits}' AND {day}, 0)"
        if isinstance(value, str):
            return f"COALESCE({kind} = 'text' AND {content} {sign} {self.bind(value)}, 0)"
        # Bound as text and read by SQLite itself: it reads what stands in JSON in the same way, to the last bit.
        return f"COALESCE({_plain(content, kind)} {sign} CAST({self.bind(repr(value))} AS REAL), 0)"


def _truth(content: str, kind: str) -> str:
    text = f"CASE lower({content}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    return f"(CASE {kind} WHEN 'true' THEN 1 WHEN 'false' THEN 0 WHEN 'text' THEN {text} END)"


def _plain(content: str, kind: str) -> str:
    """Return the SQL of a value as a number: what `_number` says, by GLOB because SQLite has no patterns."""
    digits = f"(ltrim(substr({content}, 1, 1), '-') || substr({content}, 2))"
    spelled = (
        f"length({content}) <= 15 AND ({digits} GLOB '[0-9]*[0-9]' OR {digits} GLOB '[0-9]')"
        f" AND {digits} NOT GLOB '*[^0-9.]*' AND {digits} NOT GLOB '*.*.*'"
    )
    text = f"WHEN 'text' THEN CASE WHEN {spelled} THEN CAST({content} AS REAL) END"
    return f"(CASE {kind} WHEN 'integer' THEN {content} WHEN 'real' THEN {content} {text} END)"
