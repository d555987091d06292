"""Say in SQL which variant of a letter a person gets: their language, and the segments they are in.

A variant's name is the language and then its segments in order, joined by ``+``: ``sv+academia+students``.
"""

from collections.abc import Mapping
from datetime import datetime

from subscribers import segment
from subscribers.expression import Expression
from subscribers.model import Where

#: The general form of the person's language: ``pt`` for ``pt-BR``.
_GENERAL = "substr(s.language, 1, instr(s.language || '-', '-') - 1)"


def variant(languages: tuple[str, ...], segments: Mapping[str, Expression], now: datetime) -> Where:
    """Return an SQL expression over ``s`` that is the name of the person's variant.

    *languages* are what there is to choose from; who speaks none of them gets the first.
    """
    names = [f"language_{number}" for number in range(len(languages))]
    values: dict[str, str | int | float | None] = dict(zip(names, languages, strict=True))
    known = ", ".join(f":{name}" for name in names)
    sql = (
        f"CASE WHEN s.language IN ({known}) THEN s.language"
        f" WHEN {_GENERAL} IN ({known}) THEN {_GENERAL} ELSE :language_0 END"
    )
    for number, name in enumerate(sorted(segments)):
        where = segment.where(segments[name], now, f"variant_{number}")
        sql += f" || CASE WHEN {where.sql} THEN :variant_name_{number} ELSE '' END"
        values |= {**where.values, f"variant_name_{number}": f"+{name}"}
    return Where(sql, values)
