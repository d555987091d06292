"""Make a stranger's HTML harmless and simple: an allow-list of text tags, no deep nesting, no tables.

Source: rendering.md measured that 161 of 200 real page bodies break without this. nh3 is the allow-list; what it
leaves is shaped here into the few forms that our Markdown has.
"""

import re
from collections.abc import Iterable, Sequence

import nh3
from lxml import etree
from lxml.html import HtmlElement

from newsletter.reading.html import crowded, imagetag, raised, shortcode
from newsletter.reading.html.element import HEADINGS, drop, drop_anchors, words_of
from newsletter.reading.words import furniture
from newsletter.reading.words.paragraphs import visible

#: Nested deeper than this, tags go and their text stays: converters walk trees by recursion.
DEEPEST = 60
#: More than this, in characters, is no article: its beginning has to do.
MOST = 1_000_000
TAGS = {
    "a", "article", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "i", "img",
    "kbd", "li", "main", "ol", "p", "pre", "q", "s", "samp", "section", "strong", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "tt", "ul",
}  # fmt: skip
#: The allow-list takes time by the square of the depth (100,000 nested tags: 17 s), so deeper tags go before it.
DEEPEST_READ = 500
#: Tags that people leave open; they cannot nest without one of the others.
LEFT_OPEN = frozenset({
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "img", "hr", "input", "meta", "link", "source",
    "col", "wbr", "area", "base",
})  # fmt: skip
RAW_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
#: Tags whose content is no text of the article.
DROPPED = {
    "audio", "button", "canvas", "dialog", "embed", "form", "head", "iframe", "input", "map", "math", "nav",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "srcset", "data-srcset", *imagetag.LAZY},
    "ol": {"start"},
}
#: The allow-list. To make it takes as long as to clean an article.
ALLOWED = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    strip_comments=True,
    link_rel=None,
)
#: A file that is written where its address would stand (RFC 2397).
INSIDE = re.compile(r"data:[\w.+/-]{1,60};base64,[\w+/=%]+(?:\s[\w+/=%]{20,})*")
#: Where a button leads that shows a page to the reader's friends.
SHARES = re.compile(
    r"https?://(?:[\w-]+\.)?(?:(?:twitter|x)\.com/(?:intent/(?:tweet|post)|share)\b|facebook\.com/(?:sharer|share\.php|dialog/share)"
    r"|linkedin\.com/(?:sharearticle|sharing/share)|bsky\.app/intent|threads\.net/intent|reddit\.com/submit"
    r"|wa\.me/\?text|whatsapp\.com/send|t\.me/share"
    r"|[\w.-]+/p/[^?#]+\?(?:[^#]*&)?action=share\b)",
    re.IGNORECASE,
)
RARE = re.compile("<(?:table|dl|dt|dd|details)\\b")
#: What ends a name of a fact by itself.
NAME_ENDS = (":", "?", "!", ".")
VOID = frozenset({"br", "img"})
TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>""")
BLOCKS = ("p", "pre", "div", "ul", "ol", "table", "blockquote", "figure", *HEADINGS, "section")
#: Tags that start on a line of their own.
LINES = frozenset({*BLOCKS, "li", "figcaption", "article", "header", "main", "footer"})
#: Tags in which a heading is no heading.
CLOSED = frozenset({"li", "td", "blockquote", "a", "figure"})
#: What is longer than this, in characters, and ends as a sentence does, is no heading.
HEADING, SENTENCE = 60, re.compile(r"[.!]\s*$")
#: What a text calls its notes by, and what leads back from them.
NOTE, RETURN = re.compile(r"\[?(\d{1,3})\]?"), re.compile("[↩⤴↑^⏎\ufe0e\ufe0f\\s]+")


def tree(html: str) -> HtmlElement:
    """Return *html* as the body of a page of harmless tags, at most `DEEPEST` deep."""
    # A picture written into the page may be larger than all of its text, and is shown in no mail.
    whole = (INSIDE.sub("", html) if "base64," in html else html)[:MOST]
    kept = ALLOWED.clean(_shallow(raised.plain(shortcode.plain(crowded.thinned(whole)))))
    # lxml gets bytes and is told what they are, so that nothing is guessed; every tag is of one class.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    page = f"<html><body><div>{_capped(visible(kept))}</div></body></html>"
    body: HtmlElement = etree.fromstring(page.encode("utf-8", "replace"), parser).find("body")
    if "<article" in kept:
        _without_others(body)
    for link in [*filter(_is_doubled, body.iter("a"))] if kept.count("<a ") > 1 else ():
        if furniture.is_navigation(words_of(link)):
            # A button beside the link that says what it leads to.
            drop(link)
    for link in body.iter("a") if "share" in kept or "/intent/" in kept else ():
        if SHARES.match(link.get("href") or ""):
            # Its words are no text either: "Tweet this".
            link.tag, link.attrib["href"] = "span", ""
            for inner in list(link):
                link.remove(inner)
            link.text = None
    if 'href="#' in kept:
        _note(list(body.iter("a")))
    if "<img" in kept:
        for shown in [one for one in body.iter("ul", "ol") if _is_gallery(one)]:
            for one in (shown, *shown):
                one.tag = "div"
    if RARE.search(kept):
        _plain(list(body.iter("table", "dl", "dt", "dd", "details", "summary")))
    return body


def _is_doubled(link: HtmlElement) -> bool:
    """Whether a link stands right behind another one to the same place."""
    before, href = link.getprevious(), link.get("href")
    return before is not None and href is not None and before.tag == "a" and before.get("href") == href


def _is_gallery(points: HtmlElement) -> bool:
    """Whether each point of a list is a picture, perhaps with the words under it: no bullet belongs there."""
    return bool(len(points)) and all(
        next(one.iter("img"), None) is not None
        and words_of(one) == " ".join(map(words_of, one.iter("figcaption")))
        for one in points
    )


def _without_others(body: HtmlElement) -> None:
    """Drop the articles in an article: those are others, which it recommends, each by a heading with a link."""
    whole = len(body.text_content())
    for one in list(body.iter("article")):
        linked = any(heading.find(".//a") is not None for heading in one.iter(*HEADINGS))
        if linked and 2 * len(one.text_content()) < whole:
            drop(one)


def _note(links: Iterable[HtmlElement]) -> None:
    """Write the number of a note as ``[1]``, lest it be the sentence's, and drop what leads back from the note."""
    for link in links:
        words = link.text_content().strip() if (link.get("href") or "").startswith("#") else ""
        if number := NOTE.fullmatch(words):
            for inner in list(link):
                link.remove(inner)
            link.text = f"[{number[1]}]"
        elif words and RETURN.fullmatch(words):
            drop(link)


def _plain(rare: Sequence[HtmlElement]) -> None:
    """Make of tables, lists of facts and folded parts what our Markdown has."""
    for tag in reversed(rare):
        if tag.tag == "table":
            _untable(tag)
        elif tag.tag == "dl":
            _list_facts(tag)
    for tag in rare:
        if tag.tag in {"dt", "summary"}:
            tag.tag = "p"
            _wrap_inside(tag, "strong")
        elif tag.tag == "dd":
            tag.tag = "div" if _has(tag, BLOCKS) else "p"
        elif tag.tag == "details":
            tag.tag = "div"


def _list_facts(facts: HtmlElement) -> None:
    """Make names that each have one short text after them a list: ``Datum: 5 juni``."""
    parts = list(facts)
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    paired = len(parts) % 2 == 0 and all((name.tag, said.tag) == ("dt", "dd") for name, said in pairs)
    if not paired or _has(facts, [*BLOCKS, "img", "li"]):
        return
    facts.tag = "ul"
    for name, said in pairs:
        ended = name.text_content().rstrip().endswith(NAME_ENDS)
        name.tag, name.tail = "li", None
        _wrap_inside(name, "strong")
        _pour(said, name, " " if ended else ": ")
        facts.remove(said)


def is_block(node: HtmlElement | None) -> bool:
    """Whether *node* is a tag that starts on a line of its own."""
    return node is not None and node.tag in LINES


def level_headings(body: HtmlElement, title: str) -> None:
    """Drop the heading that repeats *title*, and let the highest that is left be an h2; none is below h4."""
    same = _bare(title)
    headings = []
    for heading in list(body.iter(*HEADINGS)):
        drop_anchors(heading)
        words = _bare(heading.text_content())
        if (not words and heading.find(".//img") is None) or (same and words == same):
            drop(heading)
        elif len(words_of(heading)) > HEADING and SENTENCE.search(heading.text_content()):
            # The paragraph that opens an article, which some systems make a heading.
            heading.tag = "p"
        elif any(parent.tag in CLOSED for parent in heading.iterancestors()):
            heading.tag = "p"
            _wrap_inside(heading, "strong")
        else:
            headings.append(heading)
            # A heading is strong by itself.
            for strong in list(heading.iter("b", "strong")):
                strong.drop_tag()
    highest = min((int(heading.tag[1]) for heading in headings), default=2)
    for heading in headings:
        heading.tag = f"h{min(int(heading.tag[1]) - highest + 2, 4)}"


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _shallow(html: str) -> str:
    """Return *html* without the opening tags that stand absurdly deep; nothing is trusted to be well formed."""
    if html.count("<") <= DEEPEST_READ:
        return html
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
    if html.count("</") <= DEEPEST:
        return html
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


def _has(tag: HtmlElement, names: Iterable[str]) -> bool:
    """Whether a tag of one of *names* is in *tag*."""
    return any(inner is not tag for inner in tag.iter(*names))


def _wrap_inside(tag: HtmlElement, name: str) -> None:
    inner = tag.makeelement(name)
    _pour(tag, inner)
    tag.append(inner)


def _pour(source: HtmlElement, target: HtmlElement, before: str = "") -> None:
    """Move what is in *source* to the end of *target*, after the words *before*."""
    words = before + (source.text or "")
    if len(target):
        target[-1].tail = (target[-1].tail or "") + words
    else:
        target.text = (target.text or "") + words
    source.text = None
    target.extend(list(source))


def _untable(table: HtmlElement) -> None:
    """Make a table of short cells a list of its rows, and a table that only lays out its cells nothing."""
    rows = list(table.iter("tr"))
    laid_out = all(len(list(row.iter("td", "th"))) < 2 for row in rows) or _has(table, [*BLOCKS, "img", "li"])
    if laid_out:
        for part in table.iter("table", "tr", "td", "th", "caption", "thead", "tbody", "tfoot"):
            part.tag = "div"
        return
    caption = next(table.iter("caption"), None)
    if caption is not None:
        caption.tag, caption.tail = "p", None
        table.addprevious(caption)
    made = []
    for row in rows:
        item = row.makeelement("li")
        cells = [cell for cell in row.iter("td", "th") if cell.text_content().strip()]
        for cell in cells:
            cell.tag, cell.tail = "span", None if cell is cells[-1] else " · "
        item.extend(cells)
        made += [item] if cells else []
    for part in list(table):
        table.remove(part)
    table.tag, table.text = "ul", None
    table.extend(made)
