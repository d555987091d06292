"""Tell what stands where a title would and is none: a program's word for a missing one, or its site's name."""

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsletter.issuefile import dialect
from newsletter.reading.html.element import meta, words_of

WORDS = re.compile(
    r"\(?(?:untitled(?: post)?|no title|namnlös|utan titel|ohne titel|sans titre)\)?", re.IGNORECASE
)
#: Where a site's own name leads to its first page, and so many of these are looked at.
HOME, MOST = (
    "descendant::a[@href][ancestor::header or ancestor::h1 or ancestor::h2 or @rel='home'"
    " or contains(@class,'site-title')]",
    20,
)


def is_missing(title: str) -> bool:
    """Whether *title* only says that there is none, as programs write it: ``(Untitled)``."""
    return bool(WORDS.fullmatch(title.strip()))


def sites(root: HtmlElement, url: str) -> frozenset[str]:
    """Return what the page *root* at *url* calls its site; nothing for the first page, which is called so."""
    if urlsplit(url).path in {"", "/"}:
        return frozenset()
    links = (one for one in islice(root.xpath(HOME), MOST) if _leads_home(one.get("href"), url))
    named = (words_of(one) for one in links)
    # What the article itself is headed by is its title, though its site is called so, too.
    own = {words_of(one) for one in root.xpath("descendant::h1[ancestor::article or ancestor::main]")}
    return frozenset({meta(root, "og:site_name"), *named} - own - {""})


def _leads_home(href: str, url: str) -> bool:
    place = urlsplit(dialect.address(href, url, dialect.WEB))
    return place.hostname == urlsplit(url).hostname and place.path in {"", "/"} and not place.query
