"""Find the part of a page that is its article, and take away what stands around it. Changes its tree.

Goes by the element or the class that holds an article; where a page marks none, by trafilatura, the extra
``pages``, or without it by where the text stands thickest.
"""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import cache
from html import escape

from lxml import etree, html

from newsletter.reading.html import contacts, crowded, latepicture, players, unscripted
from newsletter.reading.html.element import HEADINGS, TAG, drop, words_of

#: A button that unfolds what it names is the heading of that.
UNFOLDS = "ancestor::h2 or ancestor::h3 or ancestor::h4 or @aria-expanded or contains(@class,'accordion')"
#: What is true of parts of a page that are never its article. As everywhere here, a path is one test of each
#: descendant: to join what two find (``//nav|//aside``), or what ``//*[…]`` finds in each element, takes libxml2
#: time by the square of their number (5,000: minutes).
FURNITURE = (
    "self::script or self::style or self::noscript or self::nav or self::iframe or self::svg or self::template"
    f" or self::dialog or self::button[not({UNFOLDS})]"
    # What of AMP is no text, and the properties of a page of Notion.
    " or self::amp-ad or self::amp-consent or self::amp-social-share or self::amp-sidebar or self::amp-iframe"
    " or self::amp-analytics"
    " or self::table[contains(@class,'properties') and descendant::tr[contains(@class,'property-row')]]"
    # The comments of Google's documents stand at their end.
    " or a[starts-with(@href,'#cmnt')]"
    " or @role='dialog' or @role='alertdialog' or @role='navigation' or @role='search' or @role='contentinfo'"
)
#: What stands beside an article, unless a whole page is built in it.
ASIDE = ("aside", "form")
NAMED = re.compile(
    r"(?:^|[\s_-])(?:consent|share|sharing|social|related|sidebar|(?:bread)?crumbs?|br[oö]dsmul\w{1,10}|l[aä]nkstig|menu|nav(?:igation|bar)?|comments?|"
    r"respond|(?<!et_pb_)promo|advert(?:isement)?s?|ads?|banner|popup|modal|newsletter-(?:signup|block|form)|sharedaddy|shariff(?:-\w+)?|disqus|dsq-brlink|page-links|subscribe|skip-link|back-?link|"
    r"events-back|screen-reader-text|visually-?hidden|sr-only|assistive-text|pagination|post-?nav|author-?(?:box|bio|card|profile)|"
    r"(?:next|prev(?:ious)?)-(?:posts?|articles?|stories)(?:-\w+)?|"
    r"byline|feedflare|speechify-ignore|article-info|(?:entry|post|article|item|node-)[_-]meta|tags|tags?-?(?:links?|list)|related(?:articles|posts|content|stories|news)|"
    r"(?:recent|latest)-(?:posts|news)|wp-block-query|paywall|toc|footer|masthead|site-header|relaterade?|dela|kakor|"
    r"kg-(?:callout-emoji|bookmark-(?:metadata|thumbnail)|file-card-metadata|audio-(?:player(?!-container)|thumbnail)|signup-card)|"
    r"post-ufi|subscription-widget(?:-\w+)*|embedded-(?:post|publication)|jetpack[_-]subscriptions?|more-link|"
    r"social-links?)(?:$|[\s_-])"
    # Page builders wrap every paragraph in a "…-widget".
    r"|(?:^|\s)widget(?:$|[\s_-])|cookie|(?<!\S)(?:off-?screen|hidden-?visually)(?!\S)",
    re.IGNORECASE,
)
#: Classes of what is read aloud and not shown.
UNSEEN = re.compile(
    r"(?:^|\s)(?:screen-reader-text|visually-?hidden|hidden-?visually|off-?screen|sr-only|aural|unsichtbar)(?:\s|$)",
    re.IGNORECASE,
)
#: What lies over an article or answers it is none, however much it says.
NEVER = re.compile(
    r"(?:^|[\s_-])(?:consent|related(?:articles|posts|content|stories|news)?|relaterade?|comments?|respond|popup|modal|"
    r"(?:next|prev(?:ious)?)-(?:posts?|articles?|stories)(?:-\w+)?|kakor)(?:$|[\s_-])|cookie",
    re.IGNORECASE,
)
#: What leads to other articles, or answers this one, may hold articles of its own.
OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related(?:articles|posts|content|stories|news)?|relaterade?|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: A box with this share of the text in a page's paragraphs is its frame, whatever it is called.
FRAME = 0.7
#: An article in more pieces than this is none.
MOST_PIECES = 50
#: What is called a paywall and is no box is the text behind it.
WALL = re.compile(r"(?<!\S)paywall(?!\S)", re.IGNORECASE)
#: WordPress writes a post's terms into its class, and those are anybody's words: ``category-social-innovation``.
#: So are the names of its sizes of a picture: ``size-entry_with_sidebar``.
TERMS = re.compile(
    r"(?<!\S)(?:tag|category|term|tax|post_tag|size|attachment|[a-z]+_(?:category|tag|cat))-(?!(?:links?|list)(?!\S))\S+"
)
#: A modifier (getbem.com) may say that adverts stand in a part of the article.
ADVERTS = re.compile(r"(?<=\w)--ads?(?!\S)", re.IGNORECASE)
#: Classes of the words under a picture.
CAPTION = re.compile(
    r"(?:^|[\s_-])(?:(?:img|image|picture|photo|bild)?-?(?:caption|credit)|bildtext|image-?text)(?:$|[\s_-])", re.I
)
#: What these hold is the article, whatever they are called.
KEPT = frozenset({"html", "body", "main", "article"})
ARTICLES = (
    "descendant::*[@itemprop='articleBody' or @property='articleBody' or @property='schema:articleBody'"
    " or @data-hook='post-description']",
    "descendant::*[contains(concat(' ',@class,' '),' entry-content ')"
    " or contains(concat(' ',@class,' '),' post-content ')"
    " or contains(concat(' ',@class,' '),' article-content ') or contains(concat(' ',@class,' '),' article-body ')"
    " or contains(concat(' ',@class,' '),' e-content ') or contains(concat(' ',@class,' '),' gh-content ')"
    " or contains(@class,'widget-theme-post-content')"
    " or contains(concat(' ',@class,' '),' article__body ') or contains(concat(' ',@class,' '),' post-body ')]",
    "descendant::article",
    "descendant::*[self::main or @role='main']",
)
#: Of those, what is for nothing but an article's own words, however few.
MARKED = ARTICLES[:2]
#: What Drupal's feeds have above a text: its title once more, the account that filed it, and when.
ABOVE = (
    "descendant::span[contains(@class,'field--name-title') or contains(@class,'field--name-uid')"
    " or contains(@class,'field--name-created')]"
)
#: What Substack's readers press.
PRESSED = (
    "descendant::p[contains(@class,'button-wrapper')]"
    "[a[contains(@href,'/subscribe') or contains(@href,'action=share') or contains(@href,'/comments')]]"
)
#: A text without any of these was typed, and not built. One larger than this, in characters, stays as it is.
BUILT, MOST = re.compile(r"<[^<>]+\s(class|id|data-to-value)\s*=|<(button|iframe|video|audio)\b", re.I), 1_000_000
#: Less text than this, in characters, is no article.
LEAST = 80
#: Less text than this, in characters, is a line and no paragraph.
LINE = 25
#: A part with this share of a page's text is where the article stands.
MOSTLY = 0.85
#: What may hold an article; anything else is a piece of one.
BOXES = frozenset({"body", "div", "section", "center", "table", "tbody", "tr", "td", "main", "article"})
#: What starts on a line of its own.
LINES = frozenset({
    *BOXES, "p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "dl",
    "form", "aside", "header", "footer",
})  # fmt: skip


def article(root: html.HtmlElement, title: str = "") -> html.HtmlElement:
    """Return the element that holds the article of the page *root*, of several the one under *title*.

    What is furniture in it is gone, but for lines: those `newsletter.reading.pages.edges` takes away.
    """
    players.linked(root)
    latepicture.shown(root)
    for element in root.xpath(f"descendant::*[{FURNITURE}]"):
        drop(element)
    unscripted.plain(root)
    clear(root)
    best = _found(root, title)
    for element in best.iter("div", "p", "span"):
        if CAPTION.search(element.get("class") or "") and not any(
            one.tag in LINES for one in element.iterdescendants()
        ):
            element.tag = "figcaption"
    for heading in best.xpath("descendant::*[self::footer or self::header[not(descendant::p)]]"):
        if not heading.xpath("ancestor::blockquote"):
            drop(heading)
    return best


def clear(root: html.HtmlElement) -> None:
    """Drop what is called what furniture is called, and what stands beside the article; its frame stays."""
    named = [
        one
        for one in root.xpath("descendant::body/descendant::*[@class or @id]")
        if one.tag not in KEPT and _is_named(one)
    ]
    holders = _holders(root, named)
    named = [one for one in named if one not in holders]
    beside = [*root.iter(*ASIDE), *named]
    for element in beside:
        if NEVER.search(_name(element)):
            drop(element)
    kept = frame(root)
    for element in beside:
        if element not in kept:
            drop(element)
        elif element.tag not in KEPT:
            element.tag = "div"


def frame(root: html.HtmlElement) -> set[html.HtmlElement]:
    """Return the elements that each hold most of what a page says."""
    page = root.find("body")
    weights = {} if page is None else _weights(page)
    whole = weights.get(page, 0)
    return {one for one, size in weights.items() if size >= max(LEAST, FRAME * whole)}


def body(text: str) -> str:
    """Return the HTML *text* of an article that came without its page, without what plugins and builders put in.

    A button that unfolds something is its heading; what is called furniture goes, unless most text is in it.
    """
    if len(text) > MOST or not (BUILT.search(text) or contacts.ASKED.search(text)):
        return text
    root = crowded.unopened(html.fragment_fromstring(crowded.thinned(text), create_parent="div"))
    players.linked(root)
    latepicture.shown(root)
    if 2 * len(root.text_content()) < len(TAG.sub("", text)):
        # The parser gave up, as it does where tags nest absurdly deep.
        return text
    for named in (f"descendant::button[not({UNFOLDS})]", ABOVE, PRESSED):
        for element in root.xpath(named):
            drop(element)
    contacts.clear(root)
    unscripted.plain(root)
    whole = len(root.text_content())
    for element in root.xpath("descendant::*[@class or @id]"):
        if element.tag not in KEPT and _is_named(element) and 2 * len(element.text_content()) < whole:
            drop(element)
    return escape(root.text or "") + "".join(html.tostring(one, encoding="unicode") for one in root)


def weight(element: html.HtmlElement) -> int:
    """Return how much text an element has that is no link, in characters."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(words_of(element)) - linked


def _is_named(element: html.HtmlElement) -> bool:
    """Whether an element is called what furniture is called."""
    return bool(NAMED.search(_name(element)))


def _name(element: html.HtmlElement) -> str:
    """Return what an element is called; the id of a heading is made from its words, and says nothing."""
    name = ADVERTS.sub("", TERMS.sub("", element.get("class") or ""))
    if element.tag not in BOXES:
        name = WALL.sub("", name)
    return name if element.tag in HEADINGS else f"{name} {element.get('id') or ''}"


def _holders(root: html.HtmlElement, named: Sequence[html.HtmlElement]) -> set[html.HtmlElement]:
    """Return those of *named* that have the article of the page *root* in them.

    Looks at each element of the page a few times, however deep the named ones lie in one another.
    """
    marked = [one for path in MARKED for one in root.xpath(path)]
    sure, titled = _above([*root.iter("article", "main"), *marked]), _above(root.iter("h1"))
    if titled:
        named = [one for one in named if one in titled or not OTHERS.search(_name(one))]
    perhaps = {one for one in named if one in titled and one not in sure}
    sizes = _loose(root, perhaps) if perhaps else {}
    return {one for one in named if one in sure or sizes.get(one, 0) >= LEAST}


def _above(found: Iterable[html.HtmlElement]) -> set[html.HtmlElement]:
    """Return what is around any of *found*."""
    above: set[html.HtmlElement] = set()
    for one in found:
        for around in one.iterancestors():
            if around in above:
                break
            above.add(around)
    return above


def _loose(root: html.HtmlElement, wanted: Set[html.HtmlElement]) -> dict[html.HtmlElement, int]:
    """Return how much text that is no link each of *wanted* has, in characters."""
    sizes: dict[html.HtmlElement, int] = {}
    inside, links = [0], 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            links += element.tag == "a"
            inside.append(0 if links else _length(element.text))
            continue
        if event == "end":
            links -= element.tag == "a"
            size = inside.pop()
            inside[-1] += size
            if element in wanted:
                sizes[element] = size
        if not links:
            inside[-1] += _length(element.tail)
    return sizes


def _length(text: str | None) -> int:
    return len(" ".join(text.split())) if text else 0


def _found(root: html.HtmlElement, title: str) -> html.HtmlElement:
    _drop_teasers(root, title)
    for path in ARTICLES:
        marked = root.xpath(path)
        sizes = _loose(root, set(marked)) if marked else {}
        found = [one for one in marked if sizes[one] >= LEAST]
        if not found and path in MARKED and len(marked) == 1 and _is_all(marked[0]):
            return marked[0]
        titled = [one for one in found if _is_under(one, title)]
        if found:
            return titled[0] if titled else _whole(max(found, key=sizes.__getitem__), found)
    return _extracted(root) if _extractor() else _thickest(root)


def _drop_teasers(root: html.HtmlElement, title: str) -> None:
    """Drop the articles that lead on by their headings, where the page has its own *title* outside of them."""
    own = [one for one in root.iter("h1") if title and words_of(one).startswith(title)]
    holders = {above for one in own for above in one.iterancestors()}
    others = [one for one in root.iter("article") if own and one not in holders and _leads_on(one)]
    # A post about a page of others may lead there by its only heading.
    weights = _weights(root) if len(others) == 1 else {}
    for one in others if not weights or 2 * weights.get(others[0], 0) < weights.get(root, 0) else ():
        drop(one)


def _leads_on(article: html.HtmlElement) -> bool:
    heading = next(article.iter("h1", "h2", "h3", "h4"), None)
    return heading is not None and bool(heading.xpath("descendant::a[@href]|ancestor::a[@href]"))


def _is_under(one: html.HtmlElement, title: str) -> bool:
    """Whether an article has the page's *title* in it."""
    headings = [*map(words_of, one.iter("h1", "h2"))]
    return bool(title) and (title in headings or any(words.startswith(f"{title} ") for words in headings))


def is_marked(best: html.HtmlElement) -> bool:
    """Whether a page marks *best* as the words of its article."""
    return any(best.xpath(path.replace("descendant::*", "self::*")) for path in MARKED)


def _is_all(marked: html.HtmlElement) -> bool:
    """Whether around the element that a page marks as its article's words no more than lines stand."""
    around = next(marked.iterancestors("article", "main", "body"))
    weights = _weights(around)
    return weights.get(around, 0) - weights.get(marked, 0) < LEAST


def _whole(best: html.HtmlElement, found: list[html.HtmlElement]) -> html.HtmlElement:
    """Return *best*, or of an article that is cut by adverts what is around all its pieces."""
    around = next(best.iterancestors("article"), None)
    others = [one for one in found if one is not best and around in one.iterancestors("article")]
    alike = [one for one in others if one.get("class") == best.get("class") and best not in one.iterancestors()]
    if (
        around is None
        or not 0 < len(alike) < MOST_PIECES
        or len(around.xpath("descendant::h1")) > 1
        or around.xpath("descendant::article")
    ):
        return best
    return next(one for one in best.iterancestors() if all(one in other.iterancestors() for other in alike))


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
