"""Read the meta tags of a page. Pure."""

from lxml import html


def meta(root: html.HtmlElement, *names: str) -> str:
    """Return the first meta tag of one of *names* that says something."""
    for name in names:
        for tag in root.xpath("//meta[@content]"):
            own = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
            if own == name and tag.get("content").strip():
                return " ".join(tag.get("content").split())
    return ""
