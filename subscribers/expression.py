"""The tree of a segment expression: what `subscribers.grammar` reads and `subscribers.segment` evaluates."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from subscribers.status import SubscriptionStatus

#: What every person has; any other name is an attribute.
FIELDS = frozenset({"email", "name", "language", "joined"})

Value: TypeAlias = str | float | bool | date


@dataclass(frozen=True, slots=True)
class Compare:
    """A field or attribute against one value: *operator* is ``=``, ``<``, ``<=``, ``>`` or ``>=``."""

    name: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class IsSet:
    """The field or attribute has a value that is not empty."""

    name: str


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


Expression: TypeAlias = Compare | IsSet | HasTopic | InList | Received | JoinedWithin | Not | All | Any
