"""Let a page say without its scripts what it says with them: headings, tabs, posts, quotes. Changes its tree."""

import re

from lxml import etree, html

from newsletter.reading.html.element import drop, words_of

#: What a script would fill with a post, and what Twitter writes behind the words of one.
EMBEDDED = "descendant::blockquote[contains(@class,'instagram-media') or contains(@class,'tiktok-embed')]"
POSTED = re.compile(r"\s*[—–-]\s*(\S.{0,60}?)\s*\(@\w+\)")

#: What Elementor and Divi show as somebody's words, where they say whose, and what that stands in.
TESTIMONIALS = (
    "descendant::*[contains(concat(' ',@class,' '),' elementor-testimonial-wrapper ')"
    " or contains(concat(' ',@class,' '),' et_pb_testimonial ')]"
)
SPEAKER = (
    ("elementor-testimonial-name", "et_pb_testimonial_author"),
    ("elementor-testimonial-job", "et_pb_testimonial_position"),
)
COUNTERS = "descendant::div[contains(concat(' ',@class,' '),' elementor-counter ')]"
CLASSED = "descendant::*[contains(@class,$name)]"
SPOKEN = (
    "elementor-testimonial-meta",
    "et_pb_testimonial_author",
    "et_pb_testimonial_meta",
    "et_pb_testimonial_portrait",
)
#: What is a fact, in characters; the class of its name, what holds it and what it is, and how long its name is.
FACT = 120
LABEL = re.compile(r"(?:^|[\s_-])(?:label|etikett)(?:$|[\s_-])", re.IGNORECASE)
BOXES, SIDE, SHORT = ("div", "p", "li"), frozenset({"span", "div", "strong", "b"}), 30


def plain(root: html.HtmlElement) -> None:
    """Make of *root* what its readers see, as far as that shows in the page itself."""
    _name_headings(root)
    _shown(root)
    _label_facts(root)


def _name_headings(root: html.HtmlElement) -> None:
    """Let what only behaves as a heading be one (WAI-ARIA 1.2, role heading)."""
    for element in root.xpath("descendant::*[@role='heading' and @aria-level]"):
        level = element.get("aria-level")
        element.tag = f"h{level}" if level in {"1", "2", "3", "4"} else "h4"
    # The sign beside it turns when it unfolds.
    for element in root.xpath("descendant::*[@aria-hidden='true'][ancestor::h2|ancestor::h3|ancestor::h4]"):
        if len(words_of(element)) < 2:
            drop(element)
    for element in root.xpath("descendant::*[self::button or self::div[@role='button' and @aria-expanded]]"):
        element.tag = "span" if element.xpath("ancestor::h2|ancestor::h3|ancestor::h4") else "h3"


def _shown(root: html.HtmlElement) -> None:
    """Let what counts up before a reader say where it ends, and a button that is a picture say its words."""
    for element in root.xpath("descendant::*[@data-to-value]"):
        element.text = element.get("data-to-value")
    for counter in root.xpath(COUNTERS):
        _count(counter)
    for image in root.xpath("descendant::amp-img"):
        image.tag = "img"
    for face in root.xpath("descendant::div[contains(@class,'author') and string-length() < 200]/descendant::img"):
        if not face.xpath("ancestor::blockquote|ancestor::figure"):
            drop(face)
    for said in root.xpath(TESTIMONIALS):
        _quote(said)
    for shell in root.xpath(EMBEDDED):
        drop(shell)
    for said in root.xpath("descendant::blockquote[contains(@class,'twitter-tweet')]"):
        _name_post(said)
    _name_tabs(root)
    for image in root.xpath("descendant::img[contains(@class,'hs-cta')][ancestor::a]"):
        image.tag, image.text = "span", image.get("alt")
    # Drupal's names of facts stand beside them in boxes.
    for box in root.xpath(
        "descendant::div[div[contains(@class,'label-inline')] and not(*[not(contains(@class,'label-inline'))])]"
    ):
        box.tag = "ul"
        for fact in box:
            fact.tag = "li"
            for part in fact.iter("div"):
                part.tag = "span"
                part.tail = f"{part.tail or ''} "


def _count(counter: html.HtmlElement) -> None:
    """Let what Elementor counts be one line, the number before what it is of, wherever a style puts that."""
    number, title = (counter.xpath(CLASSED, name=f"counter-{name}")[:1] for name in ("number-wrapper", "title"))
    # What stands before and behind a number is in parts of its own, which only the template keeps apart.
    told = "".join(part.text_content() for one in number for part in one)
    words = " ".join([*told.split(), *map(words_of, title)])
    for one in list(counter):
        counter.remove(one)
    counter.tag, counter.text = "p", words


def _label_facts(root: html.HtmlElement) -> None:
    """Let the name of a fact, and what it is, be a line with a colon where only a style keeps them apart."""
    for box in [one for one in root.iter(*BOXES) if len(one) == 2]:
        name, value = box
        words = words_of(name)
        if (
            LABEL.search(name.get("class") or "")
            and {name.tag, value.tag} <= SIDE
            and 0 < len(words) <= SHORT
            and len(words_of(value)) <= FACT
            and not any((text or "").strip() for text in (box.text, name.tail, value.tail))
        ):
            name.tag = value.tag = "span"
            name.tail = " " if words.endswith((":", "?")) else ": "


def _name_post(said: html.HtmlElement) -> None:
    """Let what stands behind the words of an embedded post be its speaker: ``— Anna (@anna) May 5, 2026``."""
    for words in said.xpath("./p"):
        by = POSTED.match(words.tail or "")
        if by:
            for link in (
                *words.itersiblings("a"),
                *words.xpath("descendant::a[starts-with(., 'pic.twitter.com')]"),
            ):
                drop(link)
            words.tail = None
            etree.SubElement(said, "cite").text = by[1]


def _name_tabs(root: html.HtmlElement) -> None:
    """Let the names of tabs that stand in a row be the headings of what each of them shows (WAI-ARIA 1.2, tab)."""
    rows = root.xpath("descendant::*[@role='tablist' and not(descendant::*[@role='tabpanel'])]")
    tabs = [one for row in rows for one in row.xpath("descendant::*[@role='tab']")]
    panels = root.xpath("descendant::*[@role='tabpanel']")
    for tab, panel in zip(tabs, panels, strict=False) if len(tabs) == len(panels) else ():
        heading = panel.makeelement("h3")
        heading.text, heading.tail, panel.text = words_of(tab), panel.text, None
        panel.insert(0, heading)
    for row in rows if len(tabs) == len(panels) else ():
        drop(row)


def _quote(said: html.HtmlElement) -> None:
    """Let what a page builder shows as somebody's words be a quote, and who they are its speaker."""
    parts = ([one for name in names for one in said.xpath(CLASSED, name=name)] for names in SPEAKER)
    by = ", ".join(words_of(found[0]) for found in parts if found)
    for one in [one for name in SPOKEN for one in said.xpath(CLASSED, name=name)]:
        drop(one)
    said.tag = "blockquote"
    if by:
        etree.SubElement(said, "cite").text = by
