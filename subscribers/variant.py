"""Say in SQL which variant of a letter a person gets: their language, and the segments they are in.

A variant's name is the language and then its segments in order, joined by ``+``: ``sv+academia+students``. Where
two subjects are compared, the readers of the other one have ``@b`` after it; where a part of the readers tries
both, the rest has ``@rest`` until one of them is chosen.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from subscribers import segment, tongue
from subscribers.expression import Expression
from subscribers.model import Where

#: What ends the name of a variant with the other subject.
OTHER = "@b"
#: What ends it as long as it is open which of two subjects the person gets: no letter is made of it.
REST = "@rest"

#: The person's language without its region: ``pt`` for ``pt-BR``.
_BASE = "substr(s.language, 1, instr(s.language || '-', '-') - 1)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two subjects side by side: in *languages*, *share* per cent get the other one. *salt* names the issue.

    With *trying*, so many per cent try both, half of them each, and the rest gets the one that is chosen then.
    """

    languages: tuple[str, ...] = ()
    share: int = 0
    salt: str = ""
    trying: int = 0


def parts(name: str) -> tuple[str, frozenset[str], str]:
    """Return the language, the segments and the arm that a name says: "" for the first subject, b, or rest."""
    readers, _, arm = name.partition("@")
    language, *segments = readers.split("+")
    return language, frozenset(segments), arm


def language_of(name: str) -> str:
    """Return the language that a variant's name begins with."""
    return parts(name)[0]


def portion(salt: str, person: int) -> int:
    """Return a number from 0 to 9,999 that follows from a person and *salt* alone. SQL knows it by its name."""
    return int.from_bytes(hashlib.sha256(f"{salt}\0{person}".encode()).digest()[:8], "big") % 10_000


def variant(
    languages: tuple[str, ...],
    segments: Mapping[str, Expression],
    now: datetime,
    comparison: Comparison | None = None,
) -> Where:
    """Return an SQL expression over ``s`` that is the name of the person's variant.

    *languages* are what there is to choose from, the nearest for each; who speaks none of them gets the first.
    """
    names = [f"language_{number}" for number in range(len(languages))]
    values: dict[str, str | int | float | None] = dict(zip(names, languages, strict=True))
    known = ", ".join(f":{name}" for name in names)
    near = tongue.kin(languages)
    spoken_by = "".join(
        f" WHEN :base_{number} THEN :language_{languages.index(code)}" for number, code in enumerate(near.values())
    )
    values |= {f"base_{number}": base for number, base in enumerate(near)}
    sql = spoken = (
        f"CASE WHEN s.language IN ({known}) THEN s.language ELSE CASE {_BASE}{spoken_by} ELSE :language_0 END END"
    )
    for number, name in enumerate(sorted(segments)):
        where = segment.where(segments[name], now, f"variant_{number}")
        sql += f" || CASE WHEN {where.sql} THEN :variant_name_{number} ELSE '' END"
        values |= {**where.values, f"variant_name_{number}": f"+{name}"}
    if comparison and comparison.languages:
        among = ", ".join(f":compared_{number}" for number in range(len(comparison.languages)))
        rest = f" WHEN ({spoken}) IN ({among}) AND portion(:salt, s.id) >= :trying THEN '{REST}'"
        sql += (
            f" || CASE WHEN ({spoken}) IN ({among}) AND portion(:salt, s.id) < :share THEN '{OTHER}'"
            f"{rest if comparison.trying else ''} ELSE '' END"
        )
        values |= {f"compared_{number}": code for number, code in enumerate(comparison.languages)}
        values |= {"salt": comparison.salt, "share": comparison.trying * 50 or comparison.share * 100}
        values |= {"trying": comparison.trying * 100} if comparison.trying else {}
    return Where(sql, values)
