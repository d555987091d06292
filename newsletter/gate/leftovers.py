"""What was left behind: placeholders, template code, unfilled fields, the traces of a program."""

import re
from collections.abc import Iterator, Mapping

from newsletter.gate.proof import Proof, error, graded, shortened, warning
from newsletter.model import Finding

#: What must not be read by anybody: the id, what is looked for, what it is, and what to do.
LEFTOVERS: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "leftover-template",
        re.compile(r"\{\{[^{}\n]{0,60}\}{0,2}|\{%[^{}\n]{0,60}(?:%\})?|\*\|[^|\n]{0,60}(?:\|\*)?"),
        "template code is left",
        'take it out, write a field as {{ name or "reader" }}, or pin the block if readers shall see this',
    ),
    (
        "leftover-token",
        re.compile(r"NL[0-9A-Za-z]{4,64}X[0-9A-Za-z_]{1,64}?XNL"),
        "a personal field was not filled",
        "this is a fault of the theme or of this program: render the issue again, and tell us",
    ),
    (
        "leftover-lorem",
        re.compile(r"lorem ipsum.{0,40}", re.IGNORECASE),
        "placeholder text is left",
        "write the real text",
    ),
    (
        "leftover-todo",
        re.compile(r"\b(?:TODO|FIXME|TBD|TK TK)\b.{0,40}"),
        "a note to yourself is left",
        "do it, then delete the note",
    ),
    (
        "leftover-escape",
        re.compile(r"\\u\{[0-9a-fA-F]{1,6}\}|\\n(?![A-Za-z])"),
        "an escape of a program is left",
        "write the character itself",
    ),
    (
        "leftover-none",
        re.compile(
            r"(?:^|\b(?:Dear|Hello|Hi|Hej|Kära|[a-zåäöé]+) )(?:None|NaN|undefined)(?=$|[,!;:])", re.MULTILINE
        ),
        "a value was missing, and its name is shown instead",
        "fill the value in, or write around it",
    ),
    (
        "leftover-example",
        re.compile(r"[\w.@-]{0,64}\bexample\.com\b"),
        "an address for examples is left",
        "write the real one",
    ),
)

_CODE_URL = re.compile(r"(?:\{\{|%7B%7B|\{%|\*\|)", re.IGNORECASE)


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what was left behind, once for each place."""
    seen: set[Finding] = set()
    for part, text in _parts(proof).items():
        for found in _left(proof, part, text):
            known = any(
                (other.id, other.place, other.level) == (found.id, found.place, found.level) for other in seen
            )
            # What stands in the text part stands in the HTML too, where its place is known better.
            if not known and not (found.place == "text" and any(other.id == found.id for other in seen)):
                seen.add(found)
                yield found
    yield from _markup(proof)
    yield from _fields(proof)


def _left(proof: Proof, part: str, text: str) -> Iterator[Finding]:
    for code, pattern, what, remedy in LEFTOVERS:
        for found in pattern.finditer(text):
            if not _own(proof, code, found[0]):
                place = _place(proof, found[0], part)
                grave = not (found[0].startswith(("{{", "{%")) and _meant(proof, place))
                yield graded(grave, code, place, f"{what}: {shortened(found[0], 40)}", remedy)


def _parts(proof: Proof) -> Mapping[str, str]:
    """Return every text that a reader can meet, by its name."""
    read = "\n".join(
        value
        for element in proof.page.elements
        if element.name not in {"html", "head", "meta", "style"}
        for name, value in element.attributes.items()
        if name in {"alt", "title", "aria-label", "content", "src"} or (name == "href" and _CODE_URL.search(value))
    )
    heads = f"{proof.subject}\n{proof.preheader}"
    return {"headers": heads, "html": f"{proof.page.text}\n{read}", "text": proof.text}


def _place(proof: Proof, found: str, part: str) -> str:
    if part == "headers":
        return proof.field("subject" if found in proof.subject else "preheader")
    first = found.splitlines()[0].strip()
    return proof.near(first, proof.near(first[:20], part))


def _meant(proof: Proof, place: str) -> bool:
    """Whether an editor wrote these braces with backslashes, as text that readers shall see.

    In a block that came from an article and is not pinned the backslashes are ours, and nobody has looked.
    """
    number = place.rpartition(":")[2]
    rows = proof.issue.source.splitlines()
    row = int(number) - 1 if number.isdigit() else -1
    if not 0 <= row < len(rows) or "\\{" not in rows[row]:
        return False
    blocks = [block for block in proof.issue.blocks if block.span.start <= row < block.span.end]
    return not any(block.src and not block.pin for block in blocks)


def _own(proof: Proof, code: str, found: str) -> bool:
    """Whether an address for examples is truly ours: the sender's, or of a source of articles."""
    if code != "leftover-example" or proof.settings.public:
        return False
    letter = proof.settings.letter
    own = {letter.domain, letter.reply_to.rpartition("@")[2], *proof.known_hosts()}
    return found.rpartition("@")[2].strip(".") in own


def _markup(proof: Proof) -> Iterator[Finding]:
    left = [element.name for element in proof.page.elements if element.name.startswith("mj-")]
    if left or "<mj-" in proof.html:
        what = f"MJML is left in the HTML: <{left[0] if left else 'mj-'}>"
        remedy = "look for a misspelt MJML tag in the theme's template"
        yield error("leftover-mjml", "html", what, remedy)


def _fields(proof: Proof) -> Iterator[Finding]:
    """Warn of a personal field that may be empty: not every reader has a name."""
    for token in proof.rendered.tokens:
        given = token.name in {"email", "language"} or token.name.endswith("_url")
        if token.fallback is None and not given:
            what = f"the field {token.name} has no fallback; for a reader without one nothing is shown"
            remedy = f'write {{{{ {token.name} or "reader" }}}}'
            yield warning("field-without-fallback", _field_place(proof, token.name), what, remedy)


def _field_place(proof: Proof, name: str) -> str:
    for number, row in enumerate(proof.issue.source.splitlines(), 1):
        if re.search(rf"\{{\{{\s*{re.escape(name)}\s*\}}\}}", row):
            return f"{proof.issue.path}:{number}"
    return "html"
