"""Read the facts of an event by their names: ``Datum: …``, or ``När?`` over an answer. Knows no days."""

import re
from collections.abc import Iterable, Sequence

from newsletter.issuefile import dialect

#: Facts with names, as the pages of events have them.
NAMED = re.compile(
    r"(?:(?P<day>datum|dag|när|date|when|day|wann|termin|dato|quand|päivä(?:määrä)?|pvm|milloin|ajankohta)|"
    r"(?P<hour>tid|tider|time|klockslag|(?:uhr)?zeit|beginn|klokken|heures?|horaires?|aika|kello(?:naika)?)|"
    r"(?P<place>plats|lokal|var|place|venue|where|location|adress|address|(?:veranstaltungs)?ort|wo|sted|lieu|paikka|osoite))"
    r"\s*[:·]\s*(?P<said>\S.{0,119})",
    re.IGNORECASE,
)
#: So many facts stand together at most; one with its name is no longer, in characters.
MOST, LONGEST = 8, 200
#: What is added to a fact in parentheses.
ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
#: A heading, as Markdown writes it.
HEADING = re.compile(r"#{2,4}\s+(?P<title>\S.*)")


def told(lines: Iterable[str]) -> dict[str, str]:
    """Return what *lines* say of an event's day, hour and place, by these names."""
    found = filter(None, (NAMED.fullmatch(dialect.inline(line)) for line in lines))
    return {
        kind: ASIDE.sub("", one["said"]) if kind != "place" else one["said"]
        for one in found
        for kind in ("day", "hour", "place")
        if one[kind]
    }


def asked(blocks: Sequence[str], number: int) -> list[str]:
    """Return the facts at *number* whose names are headings, as ``När?``, each as one line; [] for any other."""
    found: list[str] = []
    near = blocks[number : number + 2 * MOST]
    for heading, under in zip(near[::2], near[1::2], strict=False):
        named = HEADING.fullmatch(heading)
        fact = f"{dialect.inline(named['title']).rstrip(' ?:')}: {under}" if named else ""
        if not is_one(fact):
            break
        found.append(fact)
    return found


def is_one(block: str) -> bool:
    """Whether a block is one fact with its name: some write each as a paragraph."""
    return "\n" not in block and len(block) < LONGEST and bool(NAMED.fullmatch(dialect.inline(block)))
