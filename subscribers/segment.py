"""Write a segment expression as SQL, a condition over the people.

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
* ``clicked within 90 days`` counts days as ``joined within`` does: in UTC, today included. Who did not agree that
  their clicks are seen never clicked.
* ``received`` counts what was accepted and what may have been (committing, uncertain), so that a second letter to
  everybody who has ``not received`` the first doubles nobody.
"""

import typing
from datetime import UTC, date, datetime, timedelta

from subscribers.expression import (
    FIELDS,
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
from subscribers.grammar import parse
from subscribers.model import Where
from subscribers.status import DeliveryState, SubscriptionStatus

__all__ = ["RECEIVED", "Expression", "parse", "where"]

#: The states in which a letter has arrived, or may have.
RECEIVED = (DeliveryState.COMMITTING, DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)


def _since(now: datetime, days: int) -> str:
    return (now.astimezone(UTC).date() - timedelta(days=days)).isoformat()


def where(expression: Expression, now: datetime, prefix: str = "seg") -> Where:
    """Return *expression* as a condition over the row ``s`` of ``subscribers``.

    *now* is what ``joined within`` counts from.

    The names of its values begin with *prefix* and an underscore: two conditions with different prefixes can stand
    in one statement. Nothing that a person wrote stands in the SQL itself. It may be NULL for not so: negate the
    expression, never the SQL.
    """
    writer = _Writer(now, prefix, narrow=_narrow(expression))
    sql = writer.write(expression)
    return Where(sql, writer.values)


def _narrow(expression: Expression) -> bool:
    """Whether an index leads to few people at once: then each of them is looked up in the other tables.

    Else it is faster to gather a whole topic first.
    """
    match expression:
        case Compare(name, "=", _, place):
            return bool(place) or name == "email"
        case All(parts):
            return any(map(_narrow, parts))
        case Any(parts):
            return all(map(_narrow, parts))
        case _:
            return False


# The braces take the names of bound values.
_WHOLE_TOPIC = "s.id IN (SELECT t.subscriber_id FROM topics t WHERE t.topic = {})"
_TOPIC = "EXISTS (SELECT 1 FROM topics t WHERE t.topic = {} AND t.subscriber_id = s.id)"
_IN_LIST = """EXISTS (SELECT 1 FROM subscriptions u WHERE u.subscriber_id = s.id
    AND u.list_id = (SELECT l.id FROM lists l WHERE l.slug = {}) AND u.status = {})"""
# A footprint without a link is that of a picture, and a scanner is no reader.
_CLICKED = """EXISTS (SELECT 1 FROM footprints v WHERE v.subscriber_id = s.id AND v.link_id IS NOT NULL
    AND v.scanner = 0 AND v.at >= {})"""
_RECEIVED = """EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id
    AND d.send_id IN (SELECT n.id FROM sends n WHERE n.issue = {}) AND d.state IN ({}))"""


class _Writer:
    """Writes SQL and collects the values that are bound to it."""

    def __init__(self, now: datetime, prefix: str, *, narrow: bool) -> None:
        self.now = now
        self.narrow = narrow
        self.prefix = prefix
        self.values: dict[str, str | int | float | None] = {}
        # Whether a test stands under a `not`, where SQL's NULL would not count as false.
        self.negated = False

    def bind(self, value: str | int) -> str:
        name = f"{self.prefix}_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def write(self, expression: Expression) -> str:
        match expression:
            case Compare("joined", sign, value):
                return self.joined(sign, value)
            case Compare(name, sign, value, place):
                return self.compare(name, sign, value, place)
            case IsSet(name, place):
                content, _ = self.column(name, place)
                return self.test(f"{content} <> ''")
            case HasTopic(topic):
                return (_TOPIC if self.narrow else _WHOLE_TOPIC).format(self.bind(topic))
            case InList(slug, status):
                return self.in_list(slug, status)
            case Received(issue):
                return self.received(issue)
            case JoinedWithin(days):
                return f"s.joined >= {self.bind(_since(self.now, days))}"
            case ClickedWithin(days):
                return _CLICKED.format(self.bind(_since(self.now, days)))
            case Not(part):
                return self.inverse(part)
            case All(parts):
                return "(" + (" AND ".join(map(self.write, parts)) or "1") + ")"
            case Any(parts):
                return "(" + (self.one_of(parts) or " OR ".join(map(self.write, parts)) or "0") + ")"
            case _:
                typing.assert_never(expression)

    def inverse(self, part: Expression) -> str:
        outside, self.negated = self.negated, True
        sql = f"NOT ({self.write(part)})"
        self.negated = outside
        return sql

    def test(self, sql: str) -> str:
        """Return a test whose NULL counts as false. An index answers it only where nothing stands around it."""
        return f"COALESCE({sql}, 0)" if self.negated else f"({sql})"

    def one_of(self, parts: tuple[Expression, ...]) -> str:
        """Return the SQL of texts that one field is to be one of, which an index answers; "" for others."""
        equals = [part for part in parts if isinstance(part, Compare) and part.operator == "="]
        values = [part.value for part in equals if isinstance(part.value, str)]
        if not parts or len(values) != len(parts) or len({part.name for part in equals}) != 1:
            return ""
        name, place = equals[0].name, equals[0].place
        if name == "joined" or (name not in FIELDS and not place):
            return ""
        bound = ", ".join(map(self.bind, values))
        return self.test(f"{self.column(name, place)[0]} IN ({bound})")

    def joined(self, sign: str, value: Value) -> str:
        """Return the SQL of a day against a day, by what the table and its index hold: moments."""
        day = value if isinstance(value, date) else date.max
        following = (day + timedelta(days=1)).isoformat() if day < date.max else "9999-12-31T99"
        match sign:
            case "=":
                return f"(s.joined >= {self.bind(day.isoformat())} AND s.joined < {self.bind(following)})"
            case "<" | ">=":
                return f"s.joined {sign} {self.bind(day.isoformat())}"
            case "<=":
                return f"s.joined < {self.bind(following)}"
            case _:
                return f"s.joined >= {self.bind(following)}"

    def in_list(self, slug: str, status: SubscriptionStatus) -> str:
        return _IN_LIST.format(self.bind(slug), self.bind(status.value))

    def received(self, issue: str) -> str:
        states = ", ".join(self.bind(state.value) for state in RECEIVED)
        return _RECEIVED.format(self.bind(issue), states)

    def column(self, name: str, place: int) -> tuple[str, str]:
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
            case _ if place:
                # Truth is a number in the column: who compares with true or false asks the document itself.
                return f"s.attribute_{place:d}", f"typeof(s.attribute_{place:d})"
            case _:
                path = self.bind(f'$."{name}"')
                return f"json_extract(s.attributes, {path})", f"json_type(s.attributes, {path})"

    def compare(self, name: str, sign: str, value: Value, place: int) -> str:
        # A number compares with no truth value, and the column cannot tell the two from each other.
        content, kind = self.column(name, place if isinstance(value, str | date) else 0)
        if isinstance(value, bool):
            return self.test(f"{_truth(content, kind)} = {self.bind(int(value))}")
        if isinstance(value, date):
            digits = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
            day = f"substr({content}, 1, 10) {sign} {self.bind(value.isoformat())}"
            return self.test(f"{kind} = 'text' AND {content} GLOB '{digits}' AND {day}")
        if isinstance(value, str):
            typed = "" if kind == "'text'" or (place and sign == "=") else f"{kind} = 'text' AND "
            return self.test(f"{typed}{content} {sign} {self.bind(value)}")
        # Bound as text and read by SQLite itself: it reads what stands in JSON in the same way, to the last bit.
        return self.test(f"{_plain(content, kind)} {sign} CAST({self.bind(repr(value))} AS REAL)")


def _truth(content: str, kind: str) -> str:
    text = f"CASE lower({content}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    return f"(CASE {kind} WHEN 'true' THEN 1 WHEN 'false' THEN 0 WHEN 'text' THEN {text} END)"


def _plain(content: str, kind: str) -> str:
    """Return the SQL of a value as a number: of a text that spells one, by GLOB because SQLite has no patterns."""
    digits = f"(ltrim(substr({content}, 1, 1), '-') || substr({content}, 2))"
    spelled = (
        f"length({content}) <= 15 AND ({digits} GLOB '[0-9]*[0-9]' OR {digits} GLOB '[0-9]')"
        f" AND {digits} NOT GLOB '*[^0-9.]*' AND {digits} NOT GLOB '*.*.*'"
    )
    text = f"WHEN 'text' THEN CASE WHEN {spelled} THEN CAST({content} AS REAL) END"
    return f"(CASE {kind} WHEN 'integer' THEN {content} WHEN 'real' THEN {content} {text} END)"
