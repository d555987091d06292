"""Seal the blocks that compose and pull write, to tell later whether an editor rewrote them.

A seal is a block's kind and a short hash of what came from its article. Where the block stands, its segment, its
pin, and whether it is a lead, a story or a brief are the editor's own and not in the hash.
"""

import hashlib
from collections.abc import Mapping, Sequence

from newsletter.issuefile import block, blocktext
from newsletter.model import Block, Cta, Quote

#: What was written of each article: its key, and the seals of its blocks in their order.
Seals = Mapping[str, tuple[str, ...]]


def seals(blocks: Sequence[Block]) -> Seals:
    """Return the seals of *blocks* as they would be written, by the article that they come from."""
    found: dict[str, tuple[str, ...]] = {}
    for one in blocks:
        if one.src:
            found[one.src] = (*found.get(one.src, ()), seal(one, blocktext.body(one)))
    return found


def seal(one: Block, inside: str) -> str:
    """Return the seal of a block with the lines *inside* its fences as they were typed."""
    said = "\n".join([*derived(one), inside])
    return f"{blocktext.kind(one)}:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def typed(one: Block, rows: Sequence[str]) -> str:
    """Return what stands inside the fences of a block in the *rows* of its file."""
    return "\n".join(rows[one.span.start + 1 : one.span.end - 1]).strip("\n")


def derived(one: Block) -> tuple[str, ...]:
    """Return the attributes that come from an article."""
    match one:
        case Quote():
            return (one.by,)
        case Cta():
            return (one.href, one.label)
        case _:
            return ()


def core(mark: str) -> str:
    """Return a seal in which lead, story and brief are the same."""
    return f"{part(mark)}:{mark.partition(':')[2]}"


def part(mark: str) -> str:
    """Return the kind of block that a seal is for; "article" for lead, story and brief."""
    kind = mark.partition(":")[0]
    return "article" if kind in block.FEATURED else kind
