"""What the words fail to say: calls to action that lead nowhere, glued sentences, empty blocks, unknown lists."""

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter.errors import cited, meant, shortened
from newsletter.gate.proof import Proof, error, warning
from newsletter.model import (
    Block,
    Credits,
    Cta,
    Divider,
    Events,
    Featured,
    Finding,
    Gallery,
    Image,
    Prose,
    Question,
    Quote,
    Toc,
)

#: Two sentences without a space between them: "gone!On Tuesday". Short words before a full stop are abbreviations.
GLUED = re.compile(
    r"[^\W\d_]{2,40} ?[.!?](?<= [.!?])[A-ZÅÄÖ][^\W\d_]{1,40}"
    r"|[^\W\d_]{0,40}[^\W\d_A-ZÅÄÖ]{3}[.!?][A-ZÅÄÖ][^\W\d_]{0,40}(?=[\s,]|$)"
    r"|[^\W\d_]{1,40}[!?][A-ZÅÄÖ][^\W\d_]{1,40}"
)
#: A word, a space, and a comma or full stop that ends something. Three dots, and French marks, stand so.
LOOSE = re.compile(r"[^\W\d_]{2,40} (?:[.,](?=\s|$)(?!\s*[.,])|,(?=[^\W\d_]))")
#: An acute accent, a key beside the apostrophe's on Nordic keyboards: "they´re".
ACCENT = re.compile(r"[^\W\d_]{1,40}´[^\W\d_]{0,40}")
#: A direct question and the sentence that answers it: "Need a room? Visit us."
ASKED = re.compile(r"(?:^|[.!?]\s+)([^.!?]{3,200}\?)\s+[^\W\d_a-zåäö][^?]{3,200}[.!]\s*$")

_LINKED = re.compile(r"\]\(\s*<?\S|https?://|<a\s", re.IGNORECASE)
#: What is no prose: code, the targets of links, bare addresses.
_NO_PROSE = re.compile(r"`[^`]{0,500}`|\]\([^)]{0,2000}\)|<?https?://\S+|\S{1,64}@\S+|www\.\S+")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the words."""
    yield from _list(proof)
    if not proof.issue.blocks or _only_greets(proof):
        what = f"the issue has {'a greeting and no more' if proof.issue.blocks else 'no text'}"
        yield error("issue-empty", proof.issue.path, what, "write it below the second line of ---")
    for block in proof.issue.blocks:
        yield from _block(proof, block)
    yield from _rows(proof)


def _only_greets(proof: Proof) -> bool:
    """Whether an issue says nothing but what a new one begins with."""
    said = [block.text if isinstance(block, Prose) else "" for block in proof.issue.blocks]
    return all(said) and " ".join(" ".join(said).split()) == " ".join(proof.beside.greeting.split())


def _list(proof: Proof) -> Iterator[Finding]:
    named, known = proof.issue.list, [entry.slug for entry in proof.settings.lists]
    if named and named not in known:
        remedy = meant(named, known, f"name one of: {', '.join(known) or 'none is there yet'}")
        yield error("list-unknown", proof.field("list"), f"there is no list {cited(named)}", remedy)


def _block(proof: Proof, block: Block) -> Iterator[Finding]:
    match block:
        case Cta():
            yield from _cta(proof, block)
        case Featured():
            if not block.title and not block.text and block.image is None:
                yield _empty(proof, block, "write its story below the first line")
            elif not block.text.strip() and not _goes_on(proof, block):
                kind = type(block).__name__.lower()
                what = f"this {kind} has a title and no words"
                remedy = "write a sentence of what awaits the reader, or delete the block"
                yield warning("story-without-words", proof.block(block), what, remedy)
        case Quote():
            if not block.text.strip():
                yield _empty(proof, block, "write what was said")
            elif not block.by.strip():
                what = "nobody is named for this quote"
                yield warning(
                    "quote-without-speaker", proof.block(block), what, 'write ::: quote {by="NAME, TITLE"}'
                )
        case Events():
            if not block.items:
                yield _empty(
                    proof, block, "write one event a line: - 2025-06-10 18:00 | Title | Place | https://…"
                )
        case Credits():
            if not block.text.strip():
                yield _empty(proof, block, "say who made the issue")
        case Image() | Gallery() | Prose() | Divider() | Toc() | Question():
            pass


def _goes_on(proof: Proof, block: Block) -> bool:
    """Whether another block tells on where *block* has only a title."""
    return bool(block.src) and any(one.src == block.src for one in proof.issue.blocks if one is not block)


def _empty(proof: Proof, block: Block, remedy: str) -> Finding:
    kind = "block of events" if isinstance(block, Events) else type(block).__name__.lower()
    return error("block-empty", proof.block(block), f"this {kind} is empty", f"{remedy}, or delete the block")


def _cta(proof: Proof, block: Cta) -> Iterator[Finding]:
    place = proof.block(block)
    called = shortened(block.label or block.text, 40)
    if not block.href.strip():
        what = f"the call to action {f'“{called}” ' if called else ''}has no link"
        yield error("cta-without-link", place, what, 'write ::: cta {href="https://..."}')
    if not called:
        yield _empty(proof, block, "say what the reader can do")


def _rows(proof: Proof) -> Iterator[Finding]:
    """Look at each line of the blocks as it is written, so that a finding names its line."""
    rows = proof.issue.source.splitlines()
    for block in proof.issue.blocks:
        span = range(max(block.span.start, 0), min(block.span.end, len(rows)))
        for number in span:
            if not rows[number].lstrip().startswith((":::", "<!--", "|")):
                yield from _row(f"{proof.issue.path}:{number + 1}", rows[number])
        yield from _asked(proof, block, rows)


def _row(place: str, row: str) -> Iterator[Finding]:
    for code, what, remedy in _slips(row):
        yield warning(code, place, what, remedy)


@lru_cache(maxsize=4096)
def _slips(row: str) -> tuple[tuple[str, str, str], ...]:
    """Return what is wrong with a line, once for all variants: the id, what it is and what to do."""
    slips = []
    words = _NO_PROSE.sub(" ", row)
    if found := GLUED.search(words):
        what = f"two sentences are glued together: “{found[0]}”"
        slips.append(("glued-sentence", what, "put a space between them"))
    if found := LOOSE.search(_NO_PROSE.sub("§", row)):
        what = f"a space stands before a mark: “{found[0]}”"
        slips.append(("space-before-mark", what, "take it out"))
    if found := ACCENT.search(words):
        what = f"an accent stands for an apostrophe: “{found[0]}”"
        slips.append(("accent-apostrophe", what, f"write “{found[0].replace('´', '’')}”"))
    return tuple(slips)


def _asked(proof: Proof, block: Block, rows: list[str]) -> Iterator[Finding]:
    """Warn of a short paragraph that asks, tells the reader what to do, and has no link."""
    if not isinstance(block, Featured | Prose) or (isinstance(block, Featured) and block.link):
        return
    for number in range(block.span.start, min(block.span.end, len(rows))):
        row = rows[number].strip()
        if not (row and len(row) <= 200 and row[:1] not in {"#", ":", ">"} and ASKED.search(row)):
            continue
        if not _LINKED.search("\n".join(rows[number : block.span.end])):
            what = f"a question with no link after it: “{shortened(row, 50)}”"
            remedy = 'make it a call to action: ::: cta {href="https://..." label="…"}'
            yield warning("question-without-link", f"{proof.issue.path}:{number + 1}", what, remedy)
