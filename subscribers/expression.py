"""The tree of a segment expression: what `subscribers.grammar` reads and `subscribers.segment` evaluates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from subscribers.status import SubscriptionStatus

#: What every person has; any other name is an attribute.
FIELDS = frozenset({"email", "name", "language", "joined"})

Value: TypeAlias = str | float | bool | date


@dataclass(frozen=True, slots=True)
class Compare:
    """A field or attribute against one value: *operator* is ``=``, ``<``, ``<=``, ``>`` or ``>=``.

    *place* is the number of the attribute's own column in the database, 0 if it has none.
    """

    name: str
    operator: str
    value: Value
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsSet:
    """The field or attribute has a value that is not empty. *place* as in `Compare`."""

    name: str
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class HasTopic:
    """The person chose the topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class InList:
    """The person's subscription to the list has this status."""

    list: str
    status: SubscriptionStatus


@dataclass(frozen=True, slots=True)
class Received:
    """The issue was delivered to the person, or may have been."""

    issue: str


@dataclass(frozen=True, slots=True)
class JoinedWithin:
    """The person joined in the last *days* days, today included."""

    days: int


@dataclass(frozen=True, slots=True)
class ClickedWithin:
    """The person followed a link of a letter in the last *days* days, today included."""

    days: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not so."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class All:
    """Every part is so."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part is so."""

    parts: tuple["Expression", ...]


Test: TypeAlias = Compare | IsSet | HasTopic | InList | Received | JoinedWithin | ClickedWithin
Expression: TypeAlias = Test | Not | All | Any


def tests(expression: Expression) -> Iterator[Test]:
    """Yield the single tests of *expression*, from left to right."""
    match expression:
        case Not(part):
            yield from tests(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from tests(part)
        case _:
            yield expression


def names(expression: Expression) -> frozenset[str]:
    """Return the fields and attributes that *expression* asks for."""
    return frozenset(test.name for test in tests(expression) if isinstance(test, Compare | IsSet))


def placed(expression: Expression, places: Mapping[str, int]) -> Expression:
    """Return *expression* with the number of the column of each attribute that has one in *places*."""
    match expression:
        case Compare(name=name) | IsSet(name=name):
            return replace(expression, place=places.get(name, 0))
        case Not(part):
            return Not(placed(part, places))
        case All(parts):
            return All(tuple(placed(part, places) for part in parts))
        case Any(parts):
            return Any(tuple(placed(part, places) for part in parts))
        case _:
            return expression
