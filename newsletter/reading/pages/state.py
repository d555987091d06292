"""Read an article that a page holds only for its scripts: the state that Next, Nuxt and their kin leave in it.

Such a page shows nothing without a browser, but what it would show stands in it as JSON: HTML or plain words in
the object that has the page's title, or a tree of blocks, as editors of text without pages keep one (Contentful,
Sanity, Storyblok, Strapi). Makes HTML of it, which whoever calls cleans as any other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import html

from newsletter.entities import unescape
from newsletter.reading import value
from newsletter.reading.html import markup
from newsletter.reading.words import paragraphs

#: Scripts that hold JSON, and one that gives it a name: ``window.__STATE__ = {…}``.
HELD = "descendant::script[@type='application/json' or @id='__NEXT_DATA__' or not(@src or @type)]/text()"
NAMED = re.compile(r"\s*(?:window|self)(?:\.\w+|\[\s*[\"']\w+[\"']\s*\])\s*=\s*(?=[{\[])")
#: A state larger than this, in characters, is more than a page's; and how deep one is looked into.
MOST, DEEPEST = 3_000_000, 40
#: Where an object has its title, and what in it is no part of its text: said of it, or shown beside it.
TITLES = ("title", "headline", "name", "heading")
BESIDE = re.compile(
    r"(?:seo|meta|og|twitter)\w*|.*(?:description|excerpt|summary|caption|alt|bio|slug|url|href|src)"
    r"|related\w*|author\w*|comments?|next|prev(?:ious)?|tags?|categor\w+|footer|header|nav\w*|menu\w*",
    re.IGNORECASE,
)
#: Words are HTML if there is a paragraph in them, and text from so many characters on.
MARKUP, SHORTEST = re.compile(r"<(?:p|h[1-6]|ul|ol|blockquote)\b[^<>]*>", re.IGNORECASE), 120
#: What a block of a tree is called, and what it becomes.
KINDS = (
    (re.compile(r"h(?:eading)?[-_]?([1-6])?", re.IGNORECASE), "h3"),
    (re.compile(r"(?:block-?)?quote", re.IGNORECASE), "blockquote"),
    (re.compile(r"list[-_]?item|li", re.IGNORECASE), "li"),
    (re.compile(r"p|paragraph|block|normal", re.IGNORECASE), "p"),
)
KIND, INNER = ("style", "nodeType", "_type", "type"), ("children", "content")


def held(root: html.HtmlElement) -> tuple[str, ...]:
    """Return the JSON that stands in the scripts of a page."""
    found = (str(script) for script in root.xpath(HELD))
    bare = (
        script[named.end() :].rstrip("; \t\r\n") if (named := NAMED.match(script)) else script for script in found
    )
    return tuple(one for one in bare if len(one) <= MOST and one.lstrip()[:1] in {"{", "["})


@dataclass(frozen=True, slots=True)
class Unshown:
    """What a page holds of the article called *title* for scripts to show: in their *states*, or as *text*."""

    states: tuple[str, ...]
    title: str
    text: str = ""

    def body(self) -> str:
        """Return the article as HTML, "" for none."""
        found = (_told(value.document(one), self.title, 0) for one in self.states) if self.title else ()
        told = max(found, key=lambda one: len(markup.words(one)), default="")
        return paragraphs.html(self.text) or told


def _told(one: object, title: str, depth: int) -> str:
    """Return the longest text of an object within *one* that has this *title*, as HTML."""
    if depth > DEEPEST or not isinstance(one, list | Mapping):
        return ""
    inner = one.values() if isinstance(one, Mapping) else one
    found = [_told(each, title, depth + 1) for each in inner]
    if isinstance(one, Mapping) and _is_called(one, title):
        found.append("".join(dict.fromkeys(_parts(one, depth))))
    return max(found, key=len, default="")


def _is_called(one: value.Table, title: str) -> bool:
    """Whether an object has this *title*, in its own fields or, as some keep those apart, right below them."""
    fields = [one, *(each for name in ("fields", "attributes") if (each := value.table(one, name)))]
    said = (fields[-1].get(name) for name in TITLES)
    names = (value.text(each) or value.text(value.table(each).get("rendered")) for each in said)
    return any(name and " ".join(markup.words(name).split()) == title for name in names)


def _parts(one: object, depth: int) -> Iterator[str]:
    """Yield the texts in an object in their order, as HTML."""
    if depth > DEEPEST:
        return
    if isinstance(one, str):
        if MARKUP.search(one):
            yield one
        elif len(one) >= SHORTEST and " " in one.strip():
            yield paragraphs.html(one)
    elif isinstance(one, Mapping):
        if made := _block(one, depth):
            yield made
            return
        for name, each in one.items():
            if not BESIDE.fullmatch(str(name)):
                yield from _parts(each, depth + 1)
    elif isinstance(one, list):
        for each in one:
            yield from _parts(each, depth + 1)


def _block(one: value.Table, depth: int) -> str:
    """Return a block of a tree of text as HTML, "" for what is none."""
    inner = next((each for name in INNER if isinstance(each := one.get(name), list)), None)
    kinds = (tag for name in KIND for form, tag in KINDS if form.fullmatch(value.text(one.get(name))))
    tag = next(kinds, "")
    if inner is None or not tag:
        return ""
    words = _words(inner, depth + 1).strip()
    return f"<{tag}>{words}</{tag}>" if words else ""


def _words(inner: list[object], depth: int) -> str:
    """Return the words in the parts of a block; a part that leads somewhere is a link."""
    said = []
    for each in inner if depth <= DEEPEST else ():
        part = value.table(each)
        text = part.get("text") if isinstance(part.get("text"), str) else part.get("value")
        below = next((found for name in INNER if isinstance(found := part.get(name), list)), [])
        words = escape(unescape(text)) if isinstance(text, str) else _words(below, depth + 1)
        href = value.text(part.get("url")) or value.text(value.table(part, "data").get("uri"))
        said.append(f'<a href="{escape(href)}">{words}</a>' if href and words else words)
    return "".join(said)
