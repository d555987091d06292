"""Markdown to HTML that may stand in a mail: few tags, no style, no script, and never a template.

Source of the rules: what of 922 real page bodies came out of MJML unharmed. HTML in the Markdown is text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

#: Nested tags end the MJML compiler's whole process at some depth; no prose needs more than a few.
DEEPEST = 60
TAGS = frozenset({
    "a", "b", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre", "s",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip
INLINE = frozenset({"b", "br", "code", "em", "i", "s", "strong", "sub", "sup"})
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"align"}, "th": {"align", "scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}
#: Soft hyphens show as hyphens in some mail programs; controls (but tab and newline) are no text at all.
UNWANTED = re.compile("[\xad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: The digits of one number. A year before another number is none of its groups.
GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
#: A data table asks for the room that its longest words take. On a phone that can be more than there is: then it
#: moves by itself instead of making the whole letter wide. Only a fixed layout asks for no more than it gets.
TABLE = Markup(
    '<table role="presentation" class="room" width="100%" cellpadding="0" cellspacing="0" border="0">'
    '<tbody><tr><td><div class="moves"><table>'
)
TABLE_END = Markup("</table></div></td></tr></tbody></table>")
#: Words of another. Of a <blockquote> mail programs think that it is an older mail: Geary 43 folds it up, and
#: Evolution 3.46 makes it grey between two blue lines.
CITED = Markup('<div class="cited" role="blockquote">')
CITED_END = Markup("</div>")
#: From one number to another in a cell, such as hours: a browser would break the line after the dash.
SPAN = re.compile(r"\d(?:&nbsp;|[\d.,:]){0,12}–\d(?:&nbsp;|[\d.,:]){0,12}")
#: A word that a browser would break at its hyphen, and leave a letter or two there (``e-post``, ``5-åring``), and
#: a number with one, such as that of a telephone. What is part of an address is none.
WORD = re.compile(
    r"(?<![\w./@:-])"
    r"(?:(?:\d{2,4}-){1,2}\d{2,8}(?: \d{2,3}){0,3}|[^\W_]{1,2}-[^\W_]{1,12}|[^\W_]{1,12}-[^\W_]{1,2})"
    r"(?![\w/@-])"
)
#: Addresses that are whole, or a place in the same mail.
WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#|\?", re.IGNORECASE)

_ADDRESSES = ("href", "src")
#: A tag, and a table, of clean HTML.
_TAG = r'<(?:[^>"]|"[^"]*")*+>'
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["strikethrough", "table"])


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[Token, ...]:
    """Return the tokens of *text*, links and images checked by markdown-it (no javascript:, no data: page).

    They are everybody's, to be read: HTML, text and gate look at the same words.
    """
    return tuple(_MARKDOWN.parse(UNWANTED.sub("", text)))


def led(tokens: Iterable[Token], address: Callable[[str], str]) -> Iterator[Token]:
    """Yield *tokens* with the address of each link and image as *address* makes it."""
    for token in tokens:
        attrs = {name: address(str(value)) if name in _ADDRESSES else value for name, value in token.attrs.items()}
        children = token.children and list(led(token.children, address))
        yield token.copy(attrs=attrs, children=children) if attrs != token.attrs or children else token


def _unparted(state: StateCore) -> None:
    """Keep the digits of a number together: from right to left a space among them even turns its groups around."""
    for token in each(state.tokens):
        if token.type == "text":
            token.content = GROUPED.sub(lambda number: number[0].replace(" ", "\xa0"), token.content)


_MARKDOWN.core.ruler.push("unparted", _unparted)


def each(tokens: Iterable[Token]) -> Iterable[Token]:
    """Yield every token, those inside of others too."""
    for token in tokens:
        yield token
        yield from each(token.children or ())


@lru_cache(maxsize=512)
def addresses(text: str) -> tuple[str, ...]:
    """Return where the links of *text* lead and its pictures are, as they are written."""
    return tuple(
        str(token.attrs[name]) for token in each(parse(text)) for name in _ADDRESSES if name in token.attrs
    )


@lru_cache(maxsize=512)
def html(
    text: str, *, highest: int = 2, address: Callable[[str], str] = lambda url: url, start: str = "left"
) -> Markup:
    """Return *text* as clean HTML whose headings start at level *highest* (2 to 4).

    *address* makes each link and image address absolute; *start* is the side where lines begin.
    """
    tokens = list(led(parse(text), address))
    for number, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            tokens[number] = token.copy(tag=f"h{min(max(int(token.tag[1]), highest), 4)}")
        if token.type in {"th_open", "td_open"}:
            side = str(token.attrs.get("style", "")).removeprefix("text-align:") or start
            # What heads nothing is no heading: a screen reader would announce an empty one.
            heads = token.tag == "th" and tokens[number + 1].content
            tag = "th" if heads else "td"
            # A browser would set what heads a column in its middle.
            attrs = {"scope": "col", "align": side} if heads else {"align": side}
            tokens[number] = token.copy(tag=tag, attrs=attrs)
            tokens[number + 2] = tokens[number + 2].copy(tag=tag)
    kept = _kept(clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})), WORD)
    made = Markup(_TABLE.sub(lambda table: _kept(table[0], SPAN), kept))  # noqa: S704 (adds tags of ours)
    made = made.replace("<table>", TABLE).replace("</table>", TABLE_END)
    return made.replace("<blockquote>", CITED).replace("</blockquote>", CITED_END)


def _kept(text: str, whole: re.Pattern[str]) -> Markup:
    """Return clean HTML in which no line breaks within what *whole* finds between its tags."""

    def one(found: re.Match[str]) -> str:
        return found[0] if found[0][0] == "<" else f'<span class="whole">{found[0]}</span>'

    return Markup(re.sub(f"{_TAG}|{whole.pattern}", one, text))  # noqa: S704 (adds tags of ours)


@lru_cache(maxsize=512)
def inline(text: str) -> Markup:
    """Return one line of Markdown, such as a title, as HTML without links."""
    return _kept(clean(_MARKDOWN.renderInline(UNWANTED.sub("", text)), INLINE), WORD)


@lru_cache(maxsize=512)
def clean(dirty: str, tags: frozenset[str] = TAGS) -> Markup:
    """Return *dirty* HTML with allowed tags and addresses only, nested no deeper than `DEEPEST`."""
    kept = nh3.clean(
        dirty,
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        url_schemes=SCHEMES,
        strip_comments=True,
        link_rel=None,
    )
    return Markup(_flatten(UNWANTED.sub("", kept)).strip())  # noqa: S704 (nh3 made it safe)


def absolute(url: str, base: str) -> str:
    """Return *url*, or where it leads from *base* if it is a path beside the issue.

    *base* ends in a slash or is empty.
    """
    return url if not url or WHOLE.match(url) else f"{base}{url.removeprefix('./')}"


def _flatten(text: str) -> str:
    """Return HTML without the tags that stand deeper than `DEEPEST`; their text stays."""
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        if found[2] in {"br", "hr", "img"}:
            return found[0] if depth < DEEPEST else ""
        depth += -1 if found[1] else 1
        return found[0] if depth < DEEPEST + bool(not found[1]) else ""

    return re.sub(r"<(/?)([a-z0-9]+)[^>]*>", one, text)
