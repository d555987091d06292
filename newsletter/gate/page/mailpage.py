"""Read a mail's HTML once: its visible text, links, pictures, headings and styles. Judges nothing.

What a mail program hides (``display:none``, comments for Outlook, the head) is not visible.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree, html
from lxml.html import HtmlElement

#: Elements that stand on lines of their own; between all others the text runs on.
BLOCKS = {
    "address", "article", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td",
    "th", "tr", "ul",
}  # fmt: skip
SILENT = {"head", "script", "style", "template", "title"}

#: font-size:0 is not here: layout cells carry it against gaps, and the text in them has a size of its own.
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0)")


#: Comments, what holds no elements, and tags with their attributes.
_TAG = re.compile(
    r"""<!--.*?(?:-->|$)|<(style|script|title)\b.*?</\1|<[a-z][^\s/>]*((?:[^>"']++|"[^"]*+"|'[^']*+')*)>""",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")


@dataclass(frozen=True, slots=True)
class Link:
    """An ``<a href>``. *text* is what a reader sees or hears: words, or the alt text of its picture."""

    href: str
    text: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """An ``<img>``. *alt* None means that the attribute is missing."""

    src: str
    alt: str | None
    width: str | None


@dataclass(frozen=True, slots=True)
class Element:
    """Any element, without its content: its name, attributes and depth. *node* is its place in the tree."""

    name: str
    attributes: Mapping[str, str]
    depth: int
    visible: bool
    node: HtmlElement


@dataclass(frozen=True, slots=True)
class Page:
    """A mail's HTML, read. *root* is the tree, for those who must walk it."""

    root: HtmlElement
    elements: tuple[Element, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    text: str
    title: str
    styles: tuple[str, ...]
    repeated: tuple[str, ...]

    def named(self, *names: str) -> tuple[Element, ...]:
        """Return the elements with one of these names, in order."""
        return tuple(element for element in self.elements if element.name in names)


def read(source: str) -> Page:
    """Return *source* read. Any text can be read; what is broken is repaired as browsers do."""
    root = _tree(source)
    elements: list[Element] = []
    _elements(root, 0, True, elements)
    return Page(
        root=root,
        elements=tuple(elements),
        links=tuple(_link(node) for node in root.iter("a") if node.get("href") is not None),
        pictures=tuple(
            Picture(node.get("src", ""), node.get("alt"), node.get("width")) for node in root.iter("img")
        ),
        text=visible_text(root),
        title=" ".join((root.findtext(".//title") or "").split()),
        styles=tuple(node.text or "" for node in root.iter("style")),
        repeated=tuple(_repeated(source)),
    )


def _repeated(source: str) -> Iterator[str]:
    """Yield the names of attributes that stand twice on one element; a tree has forgotten them."""
    for rest in dict.fromkeys(found[2] for found in _TAG.finditer(source) if found[2]):
        names = [name.lower() for name in _NAME.findall(rest)]
        yield from dict.fromkeys(name for name in names if names.count(name) > 1)


def _tree(source: str) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return html.document_fromstring("<html><body></body></html>")


def hidden(node: HtmlElement) -> bool:
    """Whether a mail program shows nothing of this element and what is in it."""
    return node.tag in SILENT or node.get("hidden") is not None or _hides(node.get("style", ""))


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style.lower()))


def visible_text(node: HtmlElement) -> str:
    """Return what is seen of *node*, blocks on lines of their own, spaces single."""
    pieces: list[str] = []
    _text(node, pieces)
    rows = "".join(pieces).split("\n")
    return "\n".join(line for row in rows if (line := " ".join(row.split())))


def _text(node: HtmlElement, pieces: list[str]) -> None:
    if not isinstance(node.tag, str) or hidden(node):
        return
    border = "\n" if node.tag in BLOCKS else ""
    pieces.append(border + (node.text or "").replace("\n", " "))
    for child in node:
        _text(child, pieces)
        pieces.append((child.tail or "").replace("\n", " "))
    pieces.append(border)


def _elements(node: HtmlElement, depth: int, visible: bool, found: list[Element]) -> None:
    if not isinstance(node.tag, str):
        return
    visible = visible and not hidden(node)
    found.append(Element(node.tag, dict(node.attrib.items()), depth, visible, node))
    for child in node:
        _elements(child, depth + 1, visible, found)


def _link(node: HtmlElement) -> Link:
    words = visible_text(node) or node.get("aria-label", "")
    pictures = " ".join(picture.get("alt") or "" for picture in node.iter("img"))
    seen = not any(hidden(parent) for parent in (node, *node.iterancestors()))
    return Link(node.get("href").strip(), " ".join((words or pictures).split()), seen)
