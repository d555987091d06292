"""Read single facts of a page: what its meta tags say, and the first words at a place."""

from lxml import html


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
