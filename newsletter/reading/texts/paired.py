"""Put together the lines of a text page of which two say one thing: "By" and a name, a label and its fact."""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsletter.reading.texts import oneline
from newsletter.reading.words import dates, person

#: What stands over the name of who wrote it.
BY = frozenset({"by", "written by", "av", "text av", "skriven av", "von", "par"})
#: What stands under the name of who wrote it.
ROLE = re.compile(
    r"(?:(?:senior|chief|staff|political|science|contributing|news) )?(?:reporter|editor|writer|correspondent)|"
    r"journalisti?|(?:chef)?redaktör|skribent|kommunikatör|redaktør|toimittaja|redakteur(?:in)?",
    re.IGNORECASE,
)
#: How papers sign in the last line: ``(Anna Holm)``, ``/Anna Holm``.
ENDED = re.compile(r"(?:\(|/\s?)(?P<by>[^()/]{4,40})\)?")
#: What stands above a fact in a box is at most so long, in characters, the fact, and that under a known label.
LABEL, SHORT, LONGEST_FACT = 32, 60, 100
#: A title has more words than these.
FEW = 3


def signed(lines: Sequence[str], language: str) -> list[str]:
    """Return *lines* with "By" and the name that stands on the line under it as one.

    A bare name between a title and its day, or under its portrait, gets one, too; in German it may be anything.
    """
    joined: list[str] = []
    for number, line in enumerate(lines):
        if number and ROLE.fullmatch(line) and joined[-1].startswith("By "):
            continue
        named = person.is_name(line)
        dated = "".join(lines[number + 1 : number + 2])
        bare = (
            named
            and language != "de"
            and not (line.isupper() or person.BODIES.search(line) or oneline.aside(line))
        )
        ends = ENDED.fullmatch(line) if number == len(lines) - 1 else None
        if ends and person.is_person(ends["by"]):
            joined.append(f"By {ends['by']}")
        elif joined and joined[-1].casefold() in BY and named:
            joined[-1] += f" {line}"
        elif (
            bare
            and number
            and (
                (len(lines[number - 1].split()) > FEW and (dates.line(dated) or ROLE.fullmatch(dated)))
                or lines[number - 1].casefold() == f"picture of {line.casefold()}"
            )
        ):
            joined.append(f"By {line}")
        else:
            joined.append(line)
    return joined


def labelled(lines: Sequence[str]) -> list[str]:
    """Return *lines* with each fact of a box as one: ``Date:`` and ``Time:`` stand above what they are of."""
    pairs = {
        number
        for number, (label, fact) in enumerate(pairwise(lines))
        if label.endswith(":") and len(label) <= LABEL and len(fact) <= SHORT and not fact.endswith(":")
    }
    pairs |= {
        number
        for number, (label, fact) in enumerate(pairwise(lines))
        if oneline.LABEL.fullmatch(label) and len(fact) <= LONGEST_FACT and not oneline.LABEL.fullmatch(fact)
    }
    boxed = {number for number in pairs if {number - 2, number + 2} & pairs}
    boxed |= {
        number
        for number, (label, day) in enumerate(pairwise(lines))
        if number - 1 not in boxed and oneline.DEADLINE.fullmatch(label.rstrip(":"))
        if dates.line(day) or dates.yearless(day)
    }
    return [
        f"{line.rstrip(':')}: {lines[number + 1]}" if number in boxed else line
        for number, line in enumerate(lines)
        if number - 1 not in boxed
    ]
