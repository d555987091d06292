"""Find the part of a page that is its article, and take away what stands around it. Changes its tree.

Goes by the element or the class that holds an article; where a page marks none, by trafilatura, the extra
``pages``, or without it by where the text stands thickest.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from itertools import takewhile

from lxml import etree, html

from newsletter.reading import dates, furniture

#: A button that unfolds what it names is the heading of that.
UNFOLDS = "ancestor::h2 or ancestor::h3 or ancestor::h4 or @aria-expanded or contains(@class,'accordion')"
#: Parts of a page that are never its article.
FURNITURE = (
    "//script|//style|//noscript|//nav|//aside|//form|//iframe|//svg|//template|//dialog"
    f"|//button[not({UNFOLDS})]"
    # What of AMP is no text, and the properties of a page of Notion.
    "|//amp-ad|//amp-consent|//amp-social-share|//amp-sidebar|//amp-iframe|//amp-analytics"
    "|//table[contains(@class,'properties') and .//tr[contains(@class,'property-row')]]"
    # The comments of Google's documents stand at their end.
    "|//*[a[starts-with(@href,'#cmnt')]]"
    "|//*[@role='dialog' or @role='alertdialog' or @role='navigation' or @role='search' or @role='contentinfo']"
)
NAMED = re.compile(
    r"(?:^|[\s_-])(?:consent|share|sharing|social|related|sidebar|breadcrumbs?|menu|nav(?:igation|bar)?|comments?|"
    r"respond|promo|advert(?:isement)?s?|ads?|banner|popup|modal|newsletter-(?:signup|block|form)|sharedaddy|subscribe|skip-link|back-?link|"
    r"events-back|screen-reader-text|visually-?hidden|sr-only|pagination|post-?nav|author-?(?:box|bio|profile)|"
    r"byline|(?:entry|post|article|item|node-)[_-]meta|tags|tags?-(?:links?|list)|relatedposts|"
    r"(?:recent|latest)-(?:posts|news)|wp-block-query|paywall|toc|footer|masthead|site-header|relaterade?|dela|kakor|"
    r"post-ufi|subscription-widget(?:-\w+)*|more-link|social-links?)(?:$|[\s_-])"
    # Page builders wrap every paragraph in a "…-widget".
    r"|(?:^|\s)widget(?:$|[\s_-])|cookie",
    re.IGNORECASE,
)
#: WordPress writes a post's terms into its class, and those are anybody's words: ``category-social-innovation``.
TERMS = re.compile(r"(?<!\S)(?:tag|category|term|tax|post_tag|[a-z]+_(?:category|tag|cat))-\S+")
#: Classes of the words under a picture.
CAPTION = re.compile(
    r"(?:^|[\s_-])(?:(?:img|image|picture|photo|bild)?-?(?:caption|credit)|bildtext|image-?text)(?:$|[\s_-])", re.I
)
#: What these hold is the article, whatever they are called.
KEPT = frozenset({"html", "body", "main", "article"})
ARTICLES = (
    ".//*[@itemprop='articleBody' or @data-hook='post-description']",
    ".//*[contains(concat(' ',@class,' '),' entry-content ') or contains(concat(' ',@class,' '),' post-content ')"
    " or contains(concat(' ',@class,' '),' article-content ') or contains(concat(' ',@class,' '),' article-body ')"
    " or contains(concat(' ',@class,' '),' e-content ') or contains(concat(' ',@class,' '),' gh-content ')"
    " or contains(@class,'widget-theme-post-content')"
    " or contains(concat(' ',@class,' '),' article__body ') or contains(concat(' ',@class,' '),' post-body ')]",
    ".//article",
    ".//main|.//*[@role='main']",
)
#: A text without any of these was typed, and not built. One larger than this, in characters, stays as it is.
BUILT, MOST = re.compile(r"<[^<>]+\s(?:class|id|data-to-value)\s*=|<button\b", re.IGNORECASE), 1_000_000
#: What a script would fill with a post, and what Twitter writes behind the words of one.
EMBEDDED = "//blockquote[contains(@class,'instagram-media') or contains(@class,'tiktok-embed')]"
POSTED = re.compile(r"\s*[—–-]\s*(\S.{0,60}?)\s*\(@\w+\)")
TAG = re.compile(r"<[^<>]*>")
#: Less text than this, in characters, is no article.
LEAST = 80
#: Less text than this, in characters, is a line and no paragraph.
LINE = 25
#: Ends a sentence; and what stands between the parts of one line.
SENTENCE, PARTS = re.compile(r"[.!?…]\s*$"), re.compile(r"\s+[|·•]\s+")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: A part with this share of a page's text is where the article stands.
MOSTLY = 0.85
#: What may hold an article; anything else is a piece of one.
BOXES = frozenset({"body", "div", "section", "center", "table", "tbody", "tr", "td", "main", "article"})
#: What starts on a line of its own.
LINES = frozenset(
    {*BOXES, "p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "dl"}
)


def article(root: html.HtmlElement, title: str = "") -> html.HtmlElement:
    """Return the element that holds the article of the page *root*, of several the one under *title*.

    What is furniture in it is gone, but for lines: those `trim` takes away.
    """
    for element in root.xpath(FURNITURE):
        drop(element)
    _name_headings(root)
    _unscripted(root)
    for element in root.xpath("//body//*[@class or @id]"):
        if element.tag not in KEPT and _is_named(element) and not _holds_article(element):
            drop(element)
    best = _found(root, title)
    for element in best.iter("div", "p", "span"):
        if CAPTION.search(element.get("class") or "") and not any(
            one.tag in LINES for one in element.iterdescendants()
        ):
            element.tag = "figcaption"
    for heading in best.xpath(".//footer|.//header[not(.//p)]"):
        if not heading.xpath("ancestor::blockquote"):
            drop(heading)
    return best


def body(text: str) -> str:
    """Return the HTML *text* of an article that came without its page, without what plugins and builders put in.

    A button that unfolds something is its heading; what is called furniture goes, unless most text is in it.
    """
    if len(text) > MOST or not BUILT.search(text):
        return text
    root = html.fragment_fromstring(text, create_parent="div")
    if 2 * len(root.text_content()) < len(TAG.sub("", text)):
        # The parser gave up, as it does where tags nest absurdly deep.
        return text
    for element in root.xpath(f".//button[not({UNFOLDS})]"):
        drop(element)
    _name_headings(root)
    _unscripted(root)
    whole = len(root.text_content())
    for element in root.xpath(".//*[@class or @id]"):
        if element.tag not in KEPT and _is_named(element) and 2 * len(element.text_content()) < whole:
            drop(element)
    inner = (html.tostring(one, encoding="unicode") for one in root)
    return escape(root.text or "") + "".join(inner)


def weight(element: html.HtmlElement) -> int:
    """Return how much text an element has that is no link, in characters."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(" ".join(element.text_content().split())) - linked


def drop(element: html.HtmlElement) -> None:
    """Remove an element; the text after it stays."""
    if element.getparent() is not None and element.tag not in {"html", "body"}:
        element.drop_tree()


def _is_named(element: html.HtmlElement) -> bool:
    """Whether an element is called what furniture is called."""
    name = TERMS.sub("", element.get("class") or "")
    return bool(NAMED.search(f"{name} {element.get('id') or ''}"))


def _holds_article(element: html.HtmlElement) -> bool:
    if any(element.xpath(path) for path in (f"{ARTICLES[0]}|.//article|.//main", ARTICLES[1])):
        return True
    return bool(element.xpath(".//h1")) and weight(element) >= LEAST


def _name_headings(root: html.HtmlElement) -> None:
    """Let what only behaves as a heading be one (WAI-ARIA 1.2, role heading)."""
    for element in root.xpath("//*[@role='heading' and @aria-level]"):
        level = element.get("aria-level")
        element.tag = f"h{level}" if level in {"1", "2", "3", "4"} else "h4"
    # The sign beside it turns when it unfolds.
    for element in root.xpath(
        "//h2//*[@aria-hidden='true']|//h3//*[@aria-hidden='true']|//h4//*[@aria-hidden='true']"
    ):
        if len(_words(element)) < 2:
            drop(element)
    for element in root.xpath("//button"):
        element.tag = "span" if element.xpath("ancestor::h2|ancestor::h3|ancestor::h4") else "h3"


def _unscripted(root: html.HtmlElement) -> None:
    """Let what counts up before a reader say where it ends, and a button that is a picture say its words."""
    for element in root.xpath("//*[@data-to-value]"):
        element.text = element.get("data-to-value")
    for image in root.xpath("//amp-img"):
        image.tag = "img"
    for face in root.xpath("//div[contains(@class,'author') and string-length() < 200]//img"):
        if not face.xpath("ancestor::blockquote|ancestor::figure"):
            drop(face)
    for said in root.xpath("//*[contains(concat(' ',@class,' '),' elementor-testimonial-wrapper ')]"):
        _quote(said)
    for shell in root.xpath(EMBEDDED):
        drop(shell)
    for said in root.xpath("//blockquote[contains(@class,'twitter-tweet')]"):
        _name_post(said)
    _name_tabs(root)
    for image in root.xpath("//a//img[contains(@class,'hs-cta')]"):
        image.tag, image.text = "span", image.get("alt")
    # Drupal's names of facts stand beside them in boxes.
    for box in root.xpath(
        "//div[div[contains(@class,'label-inline')] and not(*[not(contains(@class,'label-inline'))])]"
    ):
        box.tag = "ul"
        for fact in box:
            fact.tag = "li"
            for part in fact.iter("div"):
                part.tag = "span"
                part.tail = f"{part.tail or ''} "


def _name_post(said: html.HtmlElement) -> None:
    """Let what stands behind the words of an embedded post be its speaker: ``— Anna (@anna) May 5, 2026``."""
    for words in said.xpath("./p"):
        by = POSTED.match(words.tail or "")
        if by:
            for link in (*words.itersiblings("a"), *words.xpath(".//a[starts-with(., 'pic.twitter.com')]")):
                drop(link)
            words.tail = None
            etree.SubElement(said, "cite").text = by[1]


def _name_tabs(root: html.HtmlElement) -> None:
    """Let the names of tabs that stand in a row be the headings of what each of them shows (WAI-ARIA 1.2, tab)."""
    rows = root.xpath("//*[@role='tablist' and not(.//*[@role='tabpanel'])]")
    tabs = [one for row in rows for one in row.xpath(".//*[@role='tab']")]
    panels = root.xpath("//*[@role='tabpanel']")
    for tab, panel in zip(tabs, panels, strict=False) if len(tabs) == len(panels) else ():
        heading = panel.makeelement("h3")
        heading.text, heading.tail, panel.text = _words(tab), panel.text, None
        panel.insert(0, heading)
    for row in rows if len(tabs) == len(panels) else ():
        drop(row)


def _quote(said: html.HtmlElement) -> None:
    """Let what a page builder shows as somebody's words be a quote, and who they are its speaker."""
    parts = (said.xpath(f".//*[contains(@class,'elementor-testimonial-{name}')]") for name in ("name", "job"))
    by = ", ".join(_words(found[0]) for found in parts if found)
    for one in said.xpath(".//*[contains(@class,'elementor-testimonial-meta')]"):
        drop(one)
    said.tag = "blockquote"
    if by:
        etree.SubElement(said, "cite").text = by


def _found(root: html.HtmlElement, title: str) -> html.HtmlElement:
    for path in ARTICLES:
        found = [one for one in root.xpath(path) if weight(one) >= LEAST]
        titled = [one for one in found if title and title in map(_words, one.iter("h1"))]
        if found:
            return titled[0] if titled else max(found, key=weight)
    return _extracted(root) if _extractor() else _thickest(root)


def _extracted(root: html.HtmlElement) -> html.HtmlElement:
    """Return what trafilatura takes for the article, or where it finds none, what we do."""
    extract = _extractor()
    said = extract and extract(
        html.tostring(root, encoding="unicode"),
        output_format="html",
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
        favor_recall=True,
    )
    found = html.document_fromstring(said) if said else root
    return found if found is not root and weight(found) >= LEAST else _thickest(root)


@cache
def _extractor() -> Callable[..., str | None] | None:
    """Return trafilatura's, if the extra ``pages`` is installed. It takes a second to load: only when needed."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    found: Callable[..., str | None] = extract
    return found


def _thickest(root: html.HtmlElement) -> html.HtmlElement:
    """Return the box in which the text stands thickest, or the one around several of its kind.

    Page builders give each paragraph a box; those of one article have a class in common, or none at all.
    """
    body = root.find("body")
    best = root if body is None else body
    weights = _weights(best)
    while True:
        boxes = [one for one in best if one.tag in BOXES and one in weights]
        heavy = max(boxes, key=lambda one: weights[one], default=None)
        if heavy is None:
            return best
        alike = sum(weights[one] for one in boxes if _alike(one, heavy))
        loose = weights[best] - sum(weights[one] for one in boxes)
        if weights[heavy] < MOSTLY * (alike + loose) or 2 * alike < weights[best]:
            return best
        best = heavy


def _weights(body: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """Return how much text stands in the paragraphs of each element; lines and links count for nothing."""
    found: dict[html.HtmlElement, int] = {}
    for element in body.iter(*LINES):
        own = "".join([element.text or "", *(_inline(child) for child in element)])
        if (size := len(" ".join(own.split()))) > LINE:
            for one in (element, *element.iterancestors()):
                found[one] = found.get(one, 0) + size
    return found


def _inline(child: html.HtmlElement) -> str:
    """Return what an element adds to the text of its parent's own lines."""
    inside = isinstance(child.tag, str) and child.tag not in LINES and child.tag != "a"
    return (child.text_content() if inside else "") + (child.tail or "")


def _alike(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Whether two boxes are of one kind."""
    names, others = (set((box.get("class") or "").split()) for box in (one, other))
    return one.tag == other.tag and (bool(names & others) or not (names or others))


def trim(best: html.HtmlElement) -> None:
    """Take away the lines at either end of an article, and those in it, that only lead elsewhere."""
    lines = [
        one
        for one in best.iter("p", "li", "div", "center")
        if not any(inner.tag in LINES for inner in one.iterdescendants())
    ]
    for one in (*lines, *best.iter("h2", "h3", "h4")):
        if all(map(_is_noted, _rows(one))):
            drop(one)
    for side in (lines, reversed(lines)):
        for one in _edge(side):
            drop(one)
    for heading in list(best.iter("h2", "h3", "h4", "h5", "h6")):
        after = list(takewhile(lambda one: one.tag not in {*HEADINGS, "hr"}, heading.itersiblings()))
        filed = furniture.FILED.fullmatch(_words(heading)) and not any(
            SENTENCE.search(_words(one)) for one in after
        )
        if (
            filed
            or furniture.BESIDE.fullmatch(_words(heading))
            or (furniture.opens_others(_words(heading)) and after and all(map(_leads, after)))
        ):
            for one in (heading, *after):
                drop(one)


def _rows(element: html.HtmlElement) -> list[str]:
    """Return the words of an element, those of each of its own lines apart."""
    parts = ("\0" if isinstance(one, html.HtmlElement) else str(one) for one in element.xpath(".//text()|.//br"))
    rows = [" ".join(row.split()) for row in "".join(parts).split("\0")]
    return list(filter(None, rows)) or [""]


def _is_noted(words: str) -> bool:
    """Whether a line is furniture that may stand within an article, or says when a page came out."""
    pattern = len(words) <= furniture.LONGEST and furniture.PATTERNS.fullmatch(words)
    return bool(pattern or ((said := dates.line(words)) and said.named))


def _leads(element: html.HtmlElement) -> bool:
    """Whether an element only leads elsewhere: it is mostly links, or its headings or points open with one."""
    points = element.xpath("./li")
    if points and all(one.xpath("(.//text()[normalize-space()])[1][ancestor::a[@href]]") for one in points):
        return True
    headings = element.xpath(".//h2|.//h3|.//h4")
    led = bool(headings) and all(one.xpath(".//a[@href]|ancestor::a") for one in headings)
    return led or 2 * weight(element) <= len(_words(element))


def _edge(lines: Iterator[html.HtmlElement] | list[html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Yield the first of *lines* that are furniture; a link out of the article may be the point of it."""
    for one in lines:
        if words := _words(one):
            parts = PARTS.split(words)
            changed = [part for part in parts if (said := dates.line(part)) and said.changed]
            rest = " | ".join(part for part in parts if part not in changed)
            lost = not rest or (furniture.is_navigation(rest) and (changed or one.find(".//a[@href]") is None))
            if not lost:
                return
            yield one


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
