"""Say who gets a letter: the one rule of the audience, as a condition over ``subscribers``."""

import unicodedata
from datetime import datetime

from subscribers import segment as segments
from subscribers import wishes
from subscribers.expression import Expression, Not
from subscribers.model import Where

#: So for the row ``s`` of a person who must never be mailed, whatever their subscriptions say. IN opens its index
#: once for a million people. It is NULL for not so, since suppressions of who was erased have no canonical form.
SUPPRESSED = "(s.status <> 'active' OR coalesce(s.canonical IN (SELECT x.canonical FROM suppressions x), FALSE))"

_CALLED = "folded(s.email || ' ' || s.canonical || ' ' || s.name)"
# The braces take the name of a bound value.
_ON_LIST = """s.id IN (SELECT c.subscriber_id FROM subscriptions c
    WHERE c.list_id = (SELECT l.id FROM lists l WHERE l.slug = {}))"""
_CONFIRMED = """s.id IN (SELECT c.subscriber_id FROM subscriptions c
    WHERE c.list_id = (SELECT l.id FROM lists l WHERE l.slug = {}) AND c.status = 'confirmed')"""


def audience(
    list: str,  # noqa: A002 - the word for it
    segment: Expression | None = None,
    exclude: tuple[Expression, ...] = (),
    *,
    now: datetime,
    yearly: bool = False,
) -> Where:
    """Return who gets a letter to *list*: those `confirmed` there for whom it is `meant`."""
    listed, where = confirmed(list), meant(segment, exclude, now=now, yearly=yearly)
    return Where(f"{listed.sql} AND {where.sql}", {**listed.values, **where.values})


def confirmed(list: str) -> Where:  # noqa: A002 - the word for it
    """Return who is confirmed in *list*."""
    return Where(_CONFIRMED.format(":who_list"), {"who_list": list})


def meant(
    segment: Expression | None = None, exclude: tuple[Expression, ...] = (), *, now: datetime, yearly: bool = False
) -> Where:
    """Return who gets a letter of those confirmed in its list: active, not suppressed, in *segment*, not excluded.

    Who paused, or wants only the letter of the year, is left out; *yearly* tells that this is it. *segment* None
    means everybody on the list. The names of the values begin with ``who_``.
    """
    wished = wishes.where(now, yearly)
    conditions = [f"NOT {SUPPRESSED}", wished.sql]
    values = {**wished.values}
    wanted = (segment,) if segment else ()
    for number, expression in enumerate((*wanted, *map(Not, exclude))):
        where = segments.where(expression, now, f"who_{number}")
        conditions.append(where.sql)
        values.update(where.values)
    return Where(" AND ".join(conditions), values)


def members(
    list: str,  # noqa: A002 - the word for it
    segment: Expression | None = None,
    *,
    now: datetime,
    find: str = "",
) -> Where:
    """Return who is known: not erased, with any subscription to *list* ("" asks for none), and in *segment*.

    Each word of *find* stands somewhere in their address or name, in whatever case.
    """
    conditions = ["s.status = 'active'"]
    values: dict[str, str | int | float | None] = {}
    for number, word in enumerate(find.casefold().split()):
        conditions.append(f"instr({_CALLED}, :who_find_{number})")
        values[f"who_find_{number}"] = unicodedata.normalize("NFC", word)
    if list:
        conditions.append(_ON_LIST.format(":who_list"))
        values["who_list"] = list
    if segment:
        where = segments.where(segment, now, "who")
        conditions.append(where.sql)
        values.update(where.values)
    return Where(" AND ".join(conditions), values)
