"""Turn the HTML of an article into Markdown of our dialect. Whatever comes in, no HTML, block or field comes out.

`newsletter.issuefile.dialect` says how text is kept from being markup, `newsletter.reading.sanitize` what tags are
left by now.
"""

import re
from collections.abc import Collection, Iterable
from html import unescape
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import BACKSLASH, MarkdownConverter

from newsletter.issuefile import dialect
from newsletter.model import Picture
from newsletter.reading import quotation, sanitize

#: Where a quote goes while its surroundings are converted. Private characters never survive sanitizing.
PLACE = "\ue000%d\ue001"
SPACE = re.compile(r"[\s\u00a0]+")
PLACED = re.compile("\ue000(\\d+)\ue001")
#: Tags in which a paragraph or a quote is still a piece of the article itself.
OPEN = frozenset({"[document]", "html", "body", "div", "section", "article", "main", "header", "figure", "footer"})
#: Tags in which nothing breaks the line.
INLINE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "td", "th"})
TWINS = {"b": "strong", "strong": "b", "i": "em", "em": "i", "s": "del", "del": "s"}
EMOJI = re.compile(r"/emoji/|s\.w\.org/images/core/")
#: An image this small, in pixels, counts readers; it shows nothing.
TRACKING = 2
#: An image of a ``srcset``: its address, and how wide it is in pixels, or how many of them make one.
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)([wx]))?\s*(?:,|$)")
#: A letter's picture is shown at 600 pixels, on screens with two of them to one.
WIDE = 1200
#: A path of a picture that lies beside the file: plain names only, nothing that leaves the folder.
BESIDE = re.compile(r"(?:\w[\w-]*/){0,3}\w[\w .-]{0,100}\.(?:jpe?g|png|gif|webp)", re.IGNORECASE)


def markdown(html: str, base: str = "", title: str = "", *, beside: bool = False) -> str:
    """Return *html* as Markdown whose headings start at ``##``; the heading that repeats *title* is left out.

    Links and images are made absolute from *base*; those that cannot be are left out, except that *beside* keeps
    the paths of pictures that lie beside the file.
    """
    return _written(sanitize.tree(html), base, title, beside)


def pictured(html: str, base: str = "", title: str = "") -> tuple[str, Picture | None]:
    """Return *html* as `markdown` does, and the first picture in it that shows something."""
    soup = sanitize.tree(html)
    found = (_picture(tag, base, False) for tag in soup.find_all("img"))
    picture = next((picture for picture in found if picture), None)
    return _written(soup, base, title, False), picture


def _written(soup: BeautifulSoup, base: str, title: str, beside: bool) -> str:
    sanitize.level_headings(soup, title)
    converter = _Converter(base, beside)
    text = dialect.fenced(converter.convert_soup(soup))
    text = re.sub(r"(?<!\\)(?:\\\n[ \t]*){2,}", "\n\n", text)
    text = re.sub(r"(?<!\\)\\\n(?=\s*\n|\s*$)", "\n", text)
    # Two strong words that touch: the marks between them would show.
    text = re.sub(r"(?<![\\*])\*{4}(?!\*)", "", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    text = PLACED.sub(lambda found: converter.quotes[int(found[1])], text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def words(html: str) -> str:
    """Return what *html* says, on one line."""
    if "<" not in html:
        return " ".join(unescape(html).split())
    soup = sanitize.tree(html)
    return " ".join(soup.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


def _picture(tag: Tag, base: str, beside: bool) -> Picture | None:
    sizes = [int(value) if (value := str(tag.get(name) or "")).isascii() and value.isdigit() else 0
             for name in ("width", "height")]  # fmt: skip
    if any(0 < size <= TRACKING for size in sizes):
        return None
    alt = " ".join(str(tag.get("alt") or "").split())
    offered = [str(tag.get(name) or "").strip() for name in ("data-src", "data-lazy-src", "data-original", "src")]
    offered += [_of_set(str(tag.get(name) or "")) for name in ("data-srcset", "srcset")]
    for value in offered:
        src = dialect.address(value, base, frozenset({"http", "https"}))
        if not src and beside and BESIDE.fullmatch(value):
            src = value.replace(" ", "%20")
        if src and not EMOJI.search(src):
            return Picture(src, alt, *sizes)
    return None


def _of_set(srcset: str) -> str:
    """Return the address in a ``srcset`` (HTML, 4.8.4.2.1) that suits a letter: the smallest wide enough."""
    found = []
    for candidate in CANDIDATE.finditer(srcset):
        size = float(candidate[2] or 1) * (WIDE if candidate[3] != "w" else 1)
        found.append((size < WIDE, abs(size - WIDE), candidate[1]))
    return min(found, default=(False, 0.0, ""))[2]


class _Converter(MarkdownConverter):
    """The walk is markdownify's; what it writes is ours."""

    def __init__(self, base: str, beside: bool) -> None:
        super().__init__(heading_style="atx", bullets="-", newline_style=BACKSLASH, autolinks=False)
        self.base = base
        self.beside = beside
        self.quotes: list[str] = []

    def process_tag(self, node: Tag, parent_tags: Collection[str] | None = None) -> str:
        """Write a tag and what is in it."""
        around = frozenset(parent_tags or ())
        inside = around | {node.name, "_inline"} if node.name in INLINE else around | {node.name}
        parts = []
        for child in node.children:
            if isinstance(child, Tag):
                parts.append(self.process_tag(child, inside))
            elif isinstance(child, NavigableString) and not _is_air(child, node):
                parts.append(self.process_text(child, inside))
        write = self.get_conv_fn_cached(node.name)  # type: ignore[attr-defined]
        text = _joined(parts)
        return str(write(node, text, around)) if write else text

    def process_text(self, el: NavigableString, parent_tags: Collection[str] | None = None) -> str:
        """Write text: white space collapsed, everything that Markdown would read escaped."""
        text = SPACE.sub(" ", el)
        if _at_edge(el.previous_sibling):
            text = text.lstrip()
        if _at_edge(el.next_sibling):
            text = text.rstrip()
        text = dialect.escape(text)
        # "Look!" before a link would make it an image.
        return text[:-1] + "\\!" if text.endswith("!") and el.next_sibling is not None else text

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write a link; what holds whole paragraphs or an image is not linked."""
        href = dialect.address(str(el.get("href") or ""), self.base)
        bare = text.strip()
        if not href or not bare or "\n" in bare or "](" in bare or PLACED.search(bare):
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{bare}]({href}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write an image that shows something; an emoji as its own sign."""
        alt = dialect.escape(" ".join(str(el.get("alt") or "").split()))
        picture = _picture(el, self.base, self.beside)
        if picture is None or "_inline" in parent_tags:
            return alt if EMOJI.search(str(el.get("src") or "")) else ""
        return f"![{alt}]({picture.src})"

    def convert_b(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write strong words."""
        return _emphasized(el, text, "**", parent_tags)

    def convert_em(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write stressed words."""
        return _emphasized(el, text, "*", parent_tags)

    def convert_del(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write struck words."""
        return _emphasized(el, text, "~~", parent_tags)

    convert_strong = convert_b
    convert_i = convert_cite = convert_em
    convert_s = convert_del

    def convert_q(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write quoted words."""
        return f"“{text}”"

    def convert_figcaption(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write a caption as a paragraph of its own."""
        bare = text.strip()
        return f"\n\n{_emphasized(el, bare, '*', parent_tags)}\n\n" if bare else ""

    def convert_p(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write a paragraph, or the quote that it is: ``– We grow, says NAME.``"""
        if set(parent_tags) <= OPEN:
            said = quotation.read(" ".join(el.get_text().split()))
            if said and (said.by or said.again) and not el.find("img"):
                return self._place(dialect.escape(said.text), said.by) + f"{dialect.escape(said.after)}\n\n"
        return f"\n\n{text.strip()}\n\n" if text.strip() and "_inline" not in parent_tags else f" {text.strip()} "

    def convert_blockquote(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Write a quote with its speaker; inside of a list or another quote it is a paragraph."""
        if not text.strip():
            return ""
        if not set(parent_tags) <= OPEN:
            return f"\n\n{text.strip()}\n\n"
        return self._place(*_said(el, text.strip()))

    def _place(self, text: str, by: str) -> str:
        inner = PLACED.sub("", text)
        self.quotes.append(dialect.quote(inner, by))
        return f"\n\n{PLACE % (len(self.quotes) - 1)}\n\n"


def _is_air(text: NavigableString, around: Tag) -> bool:
    """Whether a text is only the space between two tags that start on lines of their own, or at a block's edge."""
    if text.strip():
        return False
    edge = sanitize.is_block(around) and (text.previous_sibling is None or text.next_sibling is None)
    return edge or sanitize.is_block(text.previous_sibling) or sanitize.is_block(text.next_sibling)


def _joined(parts: Iterable[str]) -> str:
    """Return *parts* as one text: where both sides of a joint break the line, there is one gap, not two."""
    joined: list[str] = []
    gap = 0
    for part in parts:
        body = part.strip("\n")
        before = len(part) - len(part.lstrip("\n"))
        joined.append("\n" * (min(2, max(gap, before)) if gap and before else gap + before))
        joined.append(body)
        gap = len(part) - before - len(body) if body else 0
    return "".join((*joined, "\n" * gap))


def _at_edge(sibling: Any) -> bool:
    """Whether a text stands at the edge of its block there, so that space beside it means nothing."""
    return sibling is not None and (sibling.name == "br" or sanitize.is_block(sibling))


def _emphasized(el: Tag, text: str, mark: str, parent_tags: Collection[str]) -> str:
    """Put *mark* around words; around whole blocks, or inside of the same mark, it would show."""
    bare = text.strip()
    inside = re.search(r"(?<!\\)[*~]|\n|^!\[|\ue000", bare)
    if not bare or inside or not {el.name, TWINS.get(el.name, "")}.isdisjoint(parent_tags):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    # CommonMark section 6.2: a mark between punctuation and a letter opens or closes nothing.
    beside = str(el.next_sibling or "")[:1]
    if not after and beside.isalnum() and not bare[-1].isalnum():
        after = " "
    beside = str(el.previous_sibling or "")[-1:]
    if not before and beside.isalnum() and not bare[0].isalnum():
        before = " "
    return f"{before}{mark}{bare}{mark}{after}"


def _said(el: Tag, text: str) -> tuple[str, str]:
    """Return a blockquote's words as Markdown and its speaker."""
    figure = el.find_parent("figure")
    named = el.find(["cite", "footer"]) or (figure and figure.find("figcaption"))
    if isinstance(named, Tag):
        by = " ".join(named.get_text(" ").split()).lstrip(quotation.DASHES + " ")
        named.decompose()
        return _Converter("", False).convert_soup(BeautifulSoup(el.decode_contents(), "html.parser")).strip(), by
    whole = " ".join(el.get_text(" ").split())
    said = quotation.read(whole) or quotation.read(f"“{whole}”" if whole[:1] not in quotation.MARKS else whole)
    if said and said.by and not said.after:
        return dialect.escape(said.text), said.by
    head, _, last = text.rpartition("\n\n")
    by = quotation.speaker(dialect.inline(last)) or quotation.speaker(dialect.inline(last).removeprefix("\\"))
    return (head.strip(), by) if head and by else (text, "")
