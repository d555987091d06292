"""What was left behind: placeholders, template code, unfilled fields, samples, the traces of a program."""

import re
from collections.abc import Iterator, Mapping

from newsletter.errors import meant, shortened
from newsletter.gate.proof import Proof, error, graded, several, warning
from newsletter.mail.letterhead import voice
from newsletter.model import Featured, Finding, Issue, Rendered
from newsletter.personal import LINKS
from newsletter.picking import eligible

#: What must not be read by anybody: the id, what is looked for, what it is, and what to do.
LEFTOVERS: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "leftover-template",
        # Ours, Mailchimp's (which Markdown takes for emphasis), and those of other programs.
        re.compile(
            r"\{\{[^{}\n]{0,60}\}{0,2}|\{%[^{}\n]{0,60}(?:%\})?|\*\|[^|\n]{0,60}(?:\|\*)?|\|[A-Z][A-Z0-9_:]{1,30}\|"
            r"|%%[\w ]{2,30}%%|\[\[(?:\w{1,20}[_ ]?)?(?:name|namn|email|mail)\]\]|\$\{[\w.]{1,30}\}"
            r"|<%=?[^%\n]{0,40}%>|%[a-z]\w{1,30}(?:\.\w{1,30})?%"
            r"|\{ ?(?i:(?:first|last)?_?name|namn|förnamn|email|e-post) ?\}"
        ),
        "template code is left",
        'take it out, write a field as {{ name or "reader" }}, or pin the block if readers shall see this',
    ),
    (
        "leftover-token",
        re.compile(r"NL[0-9A-Za-z]{4,64}[XC][0-9A-Za-z_]{1,64}?XNL"),
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
        re.compile(r"\b(?:TODO|FIXME|TBD|TBC|TK TK)\b.{0,40}"),
        "a note to yourself is left",
        "do it, then delete the note",
    ),
    (
        "leftover-placeholder",
        re.compile(
            r"\[(?:insert|your|add|namn|name|first ?name|förnamn|länk|link|url|datum|date|bild|image|titel|title"
            r"|rubrik|headline|text|ort|city|company|företag)\b(?!:)[^\]\n]{0,40}\](?! ?\()"
            # In capitals only: "att göra", "fyll i här" and "the full text here" are what letters say.
            r"|(?-i:\b(?:INSERT|FYLL I|SKRIV|LÄGG IN)\s+"
            r"(?:HERE|HÄR|LINK|LÄNK|TEXT|TITLE|RUBRIK|BILD|IMAGE|NAME|NAMN)\b"
            r"|\b(?:ATT GÖRA(?=\s*[:–-])|PLACEHOLDER|PLATSHÅLLARE)\b)"
            r"|\binsert (?:link|text|title|image|name) here\b|\b(?:your|some|body|add) text here\b"
            r"|\btext (?:goes|comes) here\b|\btext(?:en)? kommer här\b"
            r"|^[^\w\n]*(?:text here|placeholder|platshållare)[^\w\n]*$"
            r"|(?<![\w/])(?-i:X{3,})(?!\w)|\?{4,}|(?<!\{)\{(?-i:month|title|issue)\}(?!\})",
            re.IGNORECASE | re.MULTILINE,
        ),
        "a placeholder is left",
        "write what belongs there",
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
        # What stands in a web address is a finding about that link.
        re.compile(r"(?<![\w@./-])(?:[\w.+-]{1,64}@)?(?:[\w-]{1,63}\.)?\bexample\.com\b(?!/)"),
        "an address for examples is left",
        "write the real one",
    ),
)

#: The postal address that a new workspace has for a sample.
SAMPLE_ADDRESS = "Street 1, 123 45 Town, Sweden"

#: HTML and Markdown that made nothing, so that readers see its signs.
MARKUP = re.compile(
    r"</?(?:a|b|br|center|code|div|em|font|h[1-6]|hr|i|iframe|img|li|o:p|ol|p|pre|script|span|strong|style|sub|sup|table"
    r"|td|th|tr|u|ul)(?:\s[^<>\n]{0,200})?/?>|&(?:nbsp|amp|quot|lt|gt|ouml|auml|aring|eacute|#\d{2,5});"
    r"|(?<![\w*])\*\*(?=\w)|(?<!\S)\*\*\s[^*\n]{1,200}\s\*\*(?!\w)|^#{2,6}\s?\w",
    re.IGNORECASE | re.MULTILINE,
)
#: Tables that are none, and what other kinds of Markdown know: footnotes, boxes, links to what is named nowhere,
#: how a word or a picture looks, in braces.
FOREIGN = re.compile(
    r"\|\s*:?-{3,}:?\s*\||\[\^[^\s\[\]]{1,20}\]|(?<!\S)\[[ xX]\](?=\s)|\[[^\[\]\n]{1,60}\]\[[^\[\]\n]{0,60}\]"
    r"|(?<!\{)\{(?:[#.:][\w-]{1,40}|\w{1,20}=[\w\"'.%-]{1,40})(?: [^{}\n]{1,60})?\}"
)
_MARKDOWN = "write it in Markdown: **bold**, ## a heading, a link as [words](https://…)"
_PLAIN = "take them away: the words of a theme are plain text; what they shall look like stands in its templates"
_LIST = "take it out; for a footnote or a box write (a note) or a list, and a link as [words](https://…)"

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
    yield from _samples(proof)


def _left(proof: Proof, part: str, text: str) -> Iterator[Finding]:
    shown = _code(proof)
    pictures = _pictures(proof) if part == "text" else frozenset()
    for code, pattern, what, remedy in LEFTOVERS:
        for found in dict.fromkeys(match[0] for match in pattern.finditer(text)):
            if found not in pictures and not _own(proof, code, found):
                place = _place(proof, found, part)
                if found in shown or _quoted(proof.row(place), found):
                    continue
                grave = not (found.startswith(("{{", "{%")) and _meant(proof, place))
                yield graded(grave, code, place, f"{what}: {shortened(found, 40)}", remedy)


def _pictures(proof: Proof) -> frozenset[str]:
    """Return what stands in the text part for pictures: their words between brackets, as in some placeholders."""
    words = (element.attributes.get("alt") or "" for element in proof.page.elements)
    return frozenset(f"[{' '.join(each.split())}]" for each in words)


def _code(proof: Proof) -> str:
    """Return what is shown as code."""
    return "\n".join(node.text_content() for node in proof.page.root.iter("code", "pre"))


def _quoted(row: str, found: str) -> bool:
    """Whether an editor shows it on purpose, between backticks."""
    return bool(re.search(rf"`[^`]*{re.escape(found.splitlines()[0][:40])}[^`]*`", row))


def _parts(proof: Proof) -> Mapping[str, str]:
    """Return every text that a reader can meet, by its name."""
    read = "\n".join(
        value
        for element in proof.page.elements
        if element.name not in {"html", "head", "meta", "style"}
        for name, value in element.attributes.items()
        if name in {"alt", "title", "aria-label", "content", "src"} or (name == "href" and _CODE_URL.search(value))
    )
    heads = f"{proof.subject}\n{proof.preheader}\n{proof.issue.sender_name}"
    return {"headers": heads, "html": f"{proof.page.text}\n{read}", "text": proof.text}


def _place(proof: Proof, found: str, part: str) -> str:
    if part == "headers":
        places = {"subject": proof.subject, "preheader": proof.preheader}
        return proof.field(next((name for name, words in places.items() if found in words), "from"))
    first = found.splitlines()[0].strip()
    return proof.near(first, first[:20], default=part)


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
    answers = voice(letter, proof.issue.language, proof.issue).reply_to
    own = {letter.sender.rpartition("@")[2], answers.rpartition("@")[2], *proof.known_hosts()}
    return found.rpartition("@")[2].strip(".") in own


def _markup(proof: Proof) -> Iterator[Finding]:
    shown = _code(proof)
    signs: dict[tuple[str, str], list[str]] = {}
    for pattern, remedy in ((MARKUP, _MARKDOWN), (FOREIGN, _LIST)):
        for found in dict.fromkeys(match[0] for match in pattern.finditer(proof.page.text)):
            place = proof.near(found, found.strip("*#& "), found.split()[0])
            row = proof.row(place)
            # Between backticks, or with a backslash before it, somebody meant to show it.
            if "`" not in row and f"\\{found[0]}" not in row and found not in shown:
                signs.setdefault((place, remedy), []).append(shortened(found, 40))
    for (place, remedy), each in signs.items():
        remedy = _PLAIN if place.startswith("templates/") else remedy
        what = f"readers see the signs of a markup that made nothing: {several(each)}"
        yield error("leftover-markup", place, what, remedy)
    left = [element.name for element in proof.page.elements if element.name.startswith("mj-")]
    if left or "<mj-" in proof.html:
        what = f"MJML is left in the HTML: <{left[0] if left else 'mj-'}>"
        remedy = "look for a misspelt MJML tag in the theme's template"
        yield error("leftover-mjml", "html", what, remedy)


def _samples(proof: Proof) -> Iterator[Finding]:
    public = proof.settings.public
    for block in proof.issue.blocks:
        if isinstance(block, Featured) and block.src == eligible.SAMPLE:
            what = "this is the sample article of a new workspace, and tells readers nothing"
            remedy = "take the block away, and delete articles/welcome.md: no issue gets it again"
            yield graded(public, "leftover-sample", proof.block(block), what, remedy)
    if public and proof.settings.letter.address == SAMPLE_ADDRESS:
        what = f"the postal address is the sample of a new workspace: {SAMPLE_ADDRESS}"
        yield error("leftover-sample", "newsletter.toml", what, "write your own into [letter] address")


def _fields(proof: Proof) -> Iterator[Finding]:
    """Warn of a personal field that may be empty: not every reader has a name."""
    known = {"name", "first_name", *(field.slug for field in proof.settings.fields)}
    for name in sorted(bare(proof.rendered, proof.issue) - {"email", "language"}):
        what = f"the field {name} has no fallback; for a reader without one nothing is shown"
        fallback = f'write {{{{ {name} or "reader" }}}}'
        remedy = fallback if name in known else meant(name, known, fallback)
        yield warning("field-without-fallback", field_place(proof.issue, name), what, remedy)


def bare(rendered: Rendered, issue: Issue) -> frozenset[str]:
    """Return the personal fields of a variant that show nothing where a reader has no value.

    What stands between ``{% if city %}`` and its end is not shown to those readers anyway.
    """
    names = {token.name for token in rendered.tokens if token.fallback is None and not token.choice}
    return frozenset(name for name in names - LINKS.keys() if not _guarded(issue.source, re.escape(name)))


def _guarded(source: str, name: str) -> bool:
    field = rf"\{{\{{\s*{name}\s*\}}\}}"
    return bool(re.search(field, source)) and not re.search(field, _for_those_without(source, name))


def _for_those_without(source: str, name: str) -> str:
    """Return the lines of *source* without what stands for readers who have *name*."""
    there = rf"\{{%-?\s*if\s+{name}\b.*?\{{%-?\s*(?:else|endif)"
    return re.sub(there, lambda found: re.sub(r"[^\n]", "", found[0]), source, flags=re.DOTALL)


def field_place(issue: Issue, name: str) -> str:
    """Return the line where a personal field stands, the first one without a fallback that some lack."""
    pattern = re.escape(name)
    bare = rf"\{{\{{\s*{pattern}\s*\}}\}}"
    any_ = rf"\{{(?:\{{|%\s*if(?:\s+not)?\b)\s*{pattern}\b"
    lacking = _for_those_without(issue.source, pattern)
    for text, wanted in ((lacking, bare), (issue.source, bare), (issue.source, any_)):
        for number, row in enumerate(text.splitlines(), 1):
            if re.search(wanted, row):
                return f"{issue.path}:{number}"
    return "html"
