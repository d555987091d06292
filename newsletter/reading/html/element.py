"""What all who read pages ask: of one element its words, and to be gone; of a page what its meta tags say."""

import re

from lxml import html

#: A tag, in a page that is still text.
TAG = re.compile(r"<[^<>]*>")
#: The signs of a link from a heading to itself.
ANCHORS = frozenset({"#", "¶", "§", "🔗"})
#: To join two texts, both are read and written: nothing is joined to one that is longer, in characters, or what
#: stands between thousands of scripts would take minutes.
JOINED = 8_000
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def words_of(element: html.HtmlElement) -> str:
    """Return what an element and all in it says, on one line."""
    return " ".join(element.text_content().split())


def spaced(element: html.HtmlElement) -> str:
    """Return the words of an element with spaces between its parts: ``3`` and ``dec`` are a day."""
    return " ".join(" ".join(element.itertext()).split())


def rows_of(element: html.HtmlElement) -> list[str]:
    """Return the words of an element, those of each of its own lines apart."""
    parts = (
        "\0" if isinstance(one, html.HtmlElement) else str(one)
        for one in element.xpath("descendant::node()[self::text() or self::br]")
    )
    rows = [" ".join(row.split()) for row in "".join(parts).split("\0")]
    return list(filter(None, rows)) or [""]


def drop(element: html.HtmlElement) -> None:
    """Remove an element; the text after it stays. Behind a long text it leaves an empty span that holds that."""
    parent = element.getparent()
    if parent is None or element.tag in {"html", "body"}:
        return
    before = element.getprevious()
    said = parent.text if before is None else before.tail
    if element.tail and len(said or "") > JOINED:
        element.clear(keep_tail=True)
        element.tag = "span"
    else:
        element.drop_tree()


def drop_anchors(heading: html.HtmlElement) -> None:
    """Remove the links from a heading to itself: they are signs, and none of its words."""
    for link in [one for one in heading.iter("a") if one.text_content().strip() in ANCHORS]:
        drop(link)


def meta(root: html.HtmlElement, *names: str) -> str:
    """Return the first meta tag of one of *names* that says something."""
    for name in names:
        for tag in root.xpath("descendant::meta[@content]"):
            own = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
            if own == name and tag.get("content").strip():
                return " ".join(tag.get("content").split())
    return ""


def first_words(root: html.HtmlElement, path: str) -> str:
    """Return the first words, on one line, of the elements or attributes that the XPath *path* finds."""
    found = (value if isinstance(value, str) else value.text_content() for value in root.xpath(path))
    return next((words for value in found if (words := " ".join(value.split()))), "")
