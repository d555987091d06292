"""Find on a page of text the blocks of lines that tell how a person is reached. Looks at lines only."""

import re
from collections.abc import Sequence

from newsletter.reading.texts import oneline, signature
from newsletter.reading.words import invitation, person

#: How a person is reached: a number of five digits or more that is no date, or a mail address alone on its line.
REACH = re.compile(
    r"(?:(?:tel|tlf|phone|mobil|puh|växel|switchboard|e-?mail|e-?post|mejl)\w*\.?\s*:?\s*)?"
    r"(?:(?<![\d/-])(?!\d{4}-\d\d-\d\d\b|\d\d?[/-]\d\d?[/-](?:19|20)\d\d\b|(?:19|20)\d\d[/-](?:19|20)\d\d\b)"
    r"\+?\d[\d ()/-]{5,}\d|\S+@\S+\.\w+)\s*$",
    re.IGNORECASE,
)
#: The party behind the name of a politician.
PARTY = re.compile(r"\s+\(\w{1,3}\)$")
#: The longest line of such a block, in characters.
SHORT = 60


def contacts(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return the blocks that tell how to reach a person, by their first lines; their other lines hold nothing.

    A block is a name on a line of its own and up to four short lines under it, one of them a number or an address.
    """
    found: dict[int, tuple[str, ...]] = {}
    for number, line in enumerate(lines):
        signing = any(signature.CLOSING.fullmatch(one) for one in lines[max(0, number - 4) : number])
        named = line.partition(",")[0]
        if number in found or signing or len(line) > SHORT or not _is_person(named, line):
            continue
        under = list(lines[number + 1 : number + 5])
        others = (n for n, one in enumerate(under) if n and _is_person(one.partition(",")[0], one))
        # The next one has a number of their own.
        under = under[: next((n for n in others if REACH.search(under[n - 1])), len(under))]
        ends = [
            n
            for n, one in enumerate(under, 1)
            if len(one) <= SHORT and REACH.search(one) and not invitation.ACTION.match(one)
        ]
        block = under[: ends[-1]] if ends else []
        if block and all(len(one) <= SHORT and not one.endswith(".") for one in block):
            found[number] = (line, *block)
            found |= {number + n: () for n in range(1, len(block) + 1)}
    return found


def _is_person(name: str, line: str) -> bool:
    name = PARTY.sub("", name)
    bodily = "," in line and person.BODIES.search(name)
    return person.is_name(name) and not bodily and oneline.aside(line) is None
