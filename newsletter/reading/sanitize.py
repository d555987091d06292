"""Make a stranger's HTML harmless and simple: an allow-list of text tags, no deep nesting, no tables.

Source: rendering.md measured that 161 of 200 real page bodies break without this. nh3 is the allow-list; what it
leaves is shaped here into the few forms that our Markdown has.
"""

import re

import nh3
from bs4 import BeautifulSoup, Tag

from newsletter.reading.paragraphs import INVISIBLE

#: Nested deeper than this, tags go and their text stays: converters walk trees by recursion.
DEEPEST = 60
TAGS = {
    "a", "article", "b", "blockquote", "br", "caption", "cite", "dd", "del", "div", "dl", "dt", "em",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "i", "img", "li", "main",
    "ol", "p", "q", "s", "section", "strong", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
#: The allow-list takes time by the square of the depth (100,000 nested tags: 17 s), so deeper tags go before it.
DEEPEST_READ = 500
#: Tags that people leave open; they cannot nest without one of the others.
LEFT_OPEN = frozenset({
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "img", "hr", "input", "meta", "link", "source",
    "col", "wbr", "area", "base",
})  # fmt: skip
RAW_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
#: Tags whose content is no text of the article.
DROPPED = {
    "audio", "button", "canvas", "dialog", "embed", "form", "head", "iframe", "input", "map", "math", "nav",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {
        "src",
        "alt",
        "width",
        "height",
        "data-src",
        "data-lazy-src",
        "data-original",
        "srcset",
        "data-srcset",
    },
    "ol": {"start"},
}
RARE = re.compile("<(?:table|dt|dd)\\b")
VOID = frozenset({"br", "img"})
TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>""")
BLOCKS = ["p", "div", "ul", "ol", "table", "blockquote", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "section"]
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def tree(html: str) -> BeautifulSoup:
    """Return *html* as a tree of harmless tags, at most `DEEPEST` deep."""
    kept = nh3.clean(
        _shallow(html),
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        strip_comments=True,
        link_rel=None,
    )
    soup = BeautifulSoup(f"<body>{_capped(INVISIBLE.sub('', kept))}</body>", "lxml")
    rare = soup.find_all(["table", "dt", "dd"]) if RARE.search(kept) else []
    for tag in reversed(rare):
        if tag.name == "table":
            _untable(soup, tag)
    for tag in rare:
        if tag.name == "dt":
            tag.name = "p"
            tag.wrap(soup.new_tag("div"))
            _wrap_inside(soup, tag, "strong")
        elif tag.name == "dd":
            tag.name = "p" if not tag.find(BLOCKS) else "div"
    return soup


def is_block(node: object) -> bool:
    """Whether *node* is a tag that starts on a line of its own."""
    return isinstance(node, Tag) and (
        node.name in BLOCKS or node.name in {"li", "figcaption", "article", "header"}
    )


def level_headings(soup: BeautifulSoup, title: str) -> None:
    """Drop the heading that repeats *title*, and let the highest that is left be an h2; none is below h4."""
    same = _bare(title)
    found = soup.find_all(HEADINGS)
    for heading in found:
        if (not heading.get_text(strip=True) and not heading.find("img")) or (
            same and _bare(heading.get_text(" ")) == same
        ):
            heading.decompose()
        elif heading.find_parent(["li", "td", "blockquote", "a", "figure"]):
            heading.name = "p"
            _wrap_inside(soup, heading, "strong")
    headings = [heading for heading in found if heading.name in HEADINGS and not heading.decomposed]
    highest = min((int(heading.name[1]) for heading in headings), default=2)
    for heading in headings:
        heading.name = f"h{min(int(heading.name[1]) - highest + 2, 4)}"


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _shallow(html: str) -> str:
    """Return *html* without the opening tags that stand absurdly deep; nothing is trusted to be well formed."""
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        if found[2].lower() in LEFT_OPEN:
            return found[0]
        depth = max(0, depth - 1) if found[1] else depth + 1
        return found[0] if depth <= DEEPEST_READ else " "

    return RAW_TAG.sub(one, html)


def _capped(html: str) -> str:
    """Return serialized HTML without the tags that stand too deep. nh3 wrote it, so every tag is closed."""
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        if found[2] in VOID:
            return found[0] if depth < DEEPEST else ""
        if found[1]:
            depth -= 1
            return found[0] if depth < DEEPEST else " "
        depth += 1
        return found[0] if depth <= DEEPEST else " "

    return TAG.sub(one, html)


def _wrap_inside(soup: BeautifulSoup, tag: Tag, name: str) -> None:
    inner = soup.new_tag(name)
    inner.extend(list(tag.contents))
    tag.append(inner)


def _untable(soup: BeautifulSoup, table: Tag) -> None:
    """Make a table of short cells a list of its rows, and a table that only lays out its cells nothing."""
    rows = table.find_all("tr")
    laid_out = all(len(row.find_all(["td", "th"])) < 2 for row in rows) or table.find([*BLOCKS, "img", "li"])
    if laid_out:
        for part in table.find_all(["tr", "td", "th", "caption", "thead", "tbody", "tfoot"]):
            part.name = "div"
        table.name = "div"
        return
    new = soup.new_tag("ul")
    for row in rows:
        item = soup.new_tag("li")
        cells = [cell for cell in row.find_all(["td", "th"]) if cell.get_text(strip=True)]
        for number, cell in enumerate(cells):
            if number:
                item.append(" · ")
            item.extend(list(cell.contents))
        if cells:
            new.append(item)
    caption = table.find("caption")
    if caption:
        caption.name = "p"
        table.insert_before(caption.extract())
    table.replace_with(new)
