"""What compose and pull wrote into an issue, kept beside it: what an editor changed is what differs from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import IssueError
from newsletter.issuefile import dialect
from newsletter.issuefile.blocks import block, blocktext
from newsletter.model import Block, Cta, Quote

#: The blocks that were written of each article, as text, by its key.
Written = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """One block of an article: its *kind*, what its first line says of the article, the *lines* inside."""

    kind: str
    said: tuple[str, ...]
    lines: tuple[str, ...]


def of(blocks: Iterable[Block]) -> Written:
    """Return the blocks that come from articles as they are written, by the article."""
    found: dict[str, tuple[str, ...]] = {}
    for one in blocks:
        if one.src:
            found[one.src] = (*found.get(one.src, ()), blocktext.fenced(one))
    return found


def part(one: Block) -> Part:
    """Return a block as it would be written."""
    return Part(kind(one), derived(one), _lines(blocktext.body(one)))


def typed(one: Block, rows: Sequence[str]) -> Part:
    """Return a block as it stands in the *rows* of its file."""
    return Part(kind(one), derived(one), _lines("\n".join(rows[one.span.start + 1 : one.span.end - 1])))


def parts(texts: Iterable[str]) -> tuple[Part, ...]:
    """Return the blocks that were written; none if one of the texts is no block."""
    found = []
    for text in texts:
        rows = text.split("\n")
        try:
            blocks = block.parse(rows, "")
        except IssueError:
            return ()
        if len(blocks) != 1 or not rows[0].startswith(":::"):
            return ()
        found.append(typed(blocks[0], rows))
    return tuple(found)


def titles(was: Written) -> Iterator[str]:
    """Yield the title of each article that was written, as a reader sees it."""
    for texts in was.values():
        for one in parts(texts):
            if one.kind == "article" and one.lines[:1] and one.lines[0].startswith("## "):
                yield dialect.inline(one.lines[0].removeprefix("## "))


def first_kind(texts: Sequence[str]) -> str:
    """Return whether an article was written as lead, story or brief, "" if none of it was."""
    kinds = (text.removeprefix(":::").split(maxsplit=1)[0] for text in texts if text.startswith("::: "))
    return next((one for one in kinds if one in block.FEATURED), "")


def kind(one: Block) -> str:
    """Return the kind of a block; lead, story and brief, which the editor may choose among, are an article."""
    own = blocktext.kind(one)
    return "article" if own in block.FEATURED else own


def derived(one: Block) -> tuple[str, ...]:
    """Return the attributes that come from an article."""
    match one:
        case Quote():
            return (one.by,)
        case Cta():
            return (one.href, one.label)
        case _:
            return ()


def _lines(text: str) -> tuple[str, ...]:
    stripped = text.strip("\n")
    return tuple(stripped.split("\n")) if stripped else ()
