"""Open the boxes that other programs draw around words: what is in one stays, under the title that it shows.

Sources: Pandoc's fenced divs, the admonitions of Docusaurus and VuePress (``:::tip Title``, ``:::note[Title]``),
and those and the tabs of Python-Markdown (``!!! note "Title"``, ``??? tip``, ``=== "Tab"``) as MkDocs has them.
"""

import re

from newsletter.issuefile.blocks import fence

#: How Pandoc opens a box of its own.
DIV = re.compile(r"^:{3,}[ \t]*\{[.#][^{}\n]*\}[ \t]*$", re.MULTILINE)
#: Where any box opens, the title behind its kind, and where it closes.
BOX = re.compile(
    r":{3,}[ \t]*(?:\{[^{}]*\}|(?P<kind>[\w-]+)(?:\[(?P<title>[^\[\]]+)\]|[ \t]+(?P<words>[^\s{}:=][^{}=]*?))?"
    r"(?:[ \t]*\{[^{}]*\})?)[ \t]*:*[ \t]*"
)
END = re.compile(r":{3,}[ \t]*")
#: Our own blocks, which stay what they are.
OWN = frozenset({"quote", "cta"})
#: A box without colons: its title, if it has one, stands in quotes, and what is in it four spaces in.
INDENTED = re.compile(
    r"(?P<before> *)(?:(?:!!!|\?\?\?\+?)[ \t]+\w[\w -]*(?:[ \t]+\"(?P<title>[^\"]*)\")?"
    r"|===[!+]?[ \t]+\"(?P<tab>[^\"]+)\")[ \t]*"
)
OPENS = re.compile(r"^ *(?:!!!|\?\?\?|===)", re.MULTILINE)
DEEP = " " * 4
#: A line that opens one is no longer, in characters, and no more stand within each other.
LONGEST, DEEPEST = 300, 10


def opened(text: str) -> str:
    """Return *text* without boxes: the lines of one stay on their rows, its title in strong words above them."""
    if ":::" in text:
        text = _flat(DIV.sub("::: div", text))
    return "\n".join(_shallow(text.split("\n"), 0)) if OPENS.search(text) else text


def _flat(text: str) -> str:
    """Return *text* without boxes that have titles or stand within others; ours stay."""
    rows, begun, lost = text.split("\n"), list[int](), dict[int, str]()
    others = False
    for number, row in enumerate(fence.without_code(rows)):
        if len(row) > LONGEST:
            continue
        if (found := BOX.fullmatch(row)) and not END.fullmatch(row):
            own, title = found["kind"] in OWN, found["title"] or found["words"]
            others |= bool(begun or (title and not own))
            begun.append(-1 if own else number)
            if title and not own:
                lost[number] = f"**{title.strip()}**"
        elif begun and END.fullmatch(row) and (opening := begun.pop()) >= 0:
            lost[number] = ""
            lost.setdefault(opening, "")
    return "\n".join(lost.get(number, row) for number, row in enumerate(rows)) if others else text


def _shallow(rows: list[str], depth: int) -> list[str]:
    """Return *rows* with what stands in indented boxes at the left edge of each; *depth* of them are around."""
    if depth > DEEPEST:
        return rows
    kept, at = list[str](), 0
    outside = fence.without_code(rows)
    while at < len(rows):
        found = INDENTED.fullmatch(outside[at]) if len(outside[at]) <= LONGEST else None
        at += 1
        if not found:
            kept.append(rows[at - 1])
            continue
        deep, begin = found["before"] + DEEP, at
        while at < len(rows) and (rows[at].startswith(deep) or not rows[at].strip()):
            at += 1
        inside = _shallow([row.removeprefix(DEEP) for row in rows[begin:at]], depth + 1)
        title = found["title"] or found["tab"]
        kept.append(f"{found['before']}**{title}**" if title else "")
        kept += ["", *inside] if title and inside and inside[0].strip() else inside
    return kept
