"""Find what a page files its article under: the tags that it links to, in the article or right beside it.

Sources: the microformat ``rel-tag`` (microformats.org/wiki/rel-tag), WordPress's ``category tag``, and the boxes
of tags that Drupal and others build.
"""

import re
from itertools import islice

from lxml import html

from newsletter.reading.html.element import words_of

#: The class of a box of tags: ``tags``, ``tag-list``, ``field--name-field-tags``, ``taggar``.
BOX = re.compile(
    r"(?:^|[\s_-])(?:(?:post|entry|article|node|field)[\s_-]{1,2})?(?:tags?|tagg(?:ar)?|keywords|nyckelord|ämnesord)"
    r"(?:[_-]?(?:links?|lists?|items|wrapper|container))?(?:\s|$)|(?:^|\s)field--name-field-\w*tags?(?:\s|$)",
    re.IGNORECASE,
)
#: What stands around tags that are the whole site's, or another article's.
ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:tag-?cloud|widget|sidebar|related|relaterade?|teaser|card)(?:$|[\s_-])", re.I
)
BOXES = ("div", "ul", "p", "section", "span", "footer")
OUTSIDE = frozenset({"aside", "nav"})
#: A tag has at most so many characters, an article so many tags; a box with more links is a list of all there are.
LONGEST, MOST = 60, 20


def tags(root: html.HtmlElement) -> tuple[str, ...]:
    """Return the tags of the one article on the page *root*, in order."""
    own = _article(root)
    links = [one for one in root.iter("a") if "tag" in (one.get("rel") or "").lower().split()]
    boxes = (one for one in root.iter(*BOXES) if BOX.search(one.get("class") or ""))
    for inside in (list(islice(box.iter("a"), MOST + 1)) for box in islice(boxes, MOST)):
        links += inside if len(inside) <= MOST else ()
    names = dict.fromkeys(words_of(one).lstrip("#") for one in links[: 2 * MOST] if _is_of(one, own))
    known = tuple(one for one in names if 0 < len(one) <= LONGEST)
    return known if len(known) <= MOST else ()


def _article(root: html.HtmlElement) -> html.HtmlElement | None:
    """Return the element of the page's own article, None for a page that marks none, or several."""
    title = next(root.iter("h1"), None)
    around = None if title is None else next(title.iterancestors("article"), None)
    whole = list(islice(root.xpath("descendant::article[not(ancestor::article)]"), 2))
    return whole[0] if around is None and len(whole) == 1 else around


def _is_of(link: html.HtmlElement, own: html.HtmlElement | None) -> bool:
    """Whether a link stands with the page's *own* article, None for a page that marks none."""
    around = list(link.iterancestors())
    if any(one.tag in OUTSIDE or ELSEWHERE.search(one.get("class") or "") for one in around):
        return False
    within = next((one for one in around if one.tag == "article"), None)
    return within is None or within is own or (own is not None and own in within.iterancestors())
