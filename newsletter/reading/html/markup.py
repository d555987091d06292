"""Turn the HTML of an article into Markdown of our dialect. Whatever comes in, no HTML, block or field comes out.

`newsletter.issuefile.dialect` says how text is kept from being markup, `sanitize`, beside it, what tags are
left by now.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

from newsletter.entities import unescape
from newsletter.issuefile import dialect
from newsletter.model import Picture
from newsletter.reading.html import imagetag, sanitize, shortcode
from newsletter.reading.html.element import HEADINGS, drop, spaced, words_of
from newsletter.reading.words import paragraphs, quotation

#: Where a quote goes while its surroundings are converted. Private characters never survive sanitizing.
PLACE = "\ue000%d\ue001"
PLACED = re.compile("\ue000(\\d+)\ue001")
#: Tags in which a paragraph or a quote is still a piece of the article itself.
OPEN = frozenset({"div", "section", "article", "main", "header", "figure", "footer"})
#: Tags in which nothing breaks the line.
INLINE = HEADINGS | {"td", "th"}
TWINS = {"b": "strong", "strong": "b", "i": "em", "em": "i", "s": "del", "del": "s"}
#: Marks around a whole quote, which its block shows by itself.
OPENING, CLOSING = frozenset('“”„«»"'), frozenset('“”»«"')
#: A point of a list that somebody typed, or pasted from a word processor, and what stands between two of them.
SIGNS = "·•▪‣●"
BULLET = re.compile(rf"(?:^|\n)[{SIGNS}][ \t\xa0]+(?=\S)")
BULLETS = re.compile(rf"(?:\\?\n)+(?=[{SIGNS}][ \t\xa0]+\S)(?<=\n)")
HEADED = re.compile(r"#{2,4} ")
#: What would open a personal field or a comment in code, or end it.
UNCODED = re.compile("[{][{%#]|<!|[`\ue000]")
#: What documents of Google, searches, mails in Outlook and posts of Facebook make of a link.
DETOUR = re.compile(
    r"https?://(?:www\.google\.[a-z.]{2,6}/url\?(?:[^#]*&)?(?:q|url)="
    r"|www\.bing\.com/news/apiclick\.aspx\?(?:[^#]*&)?url="
    r"|[\w-]+\.safelinks\.protection\.outlook\.com/\?(?:[^#]*&)?url="
    r"|l\.facebook\.com/l\.php\?(?:[^#]*&)?u=)(https?(?:://|%3A%2F%2F)[^&#]+)",
    re.IGNORECASE,
)
#: What may be the title of a card that is a link as a whole: a heading, or a line that is no picture's caption.
CARD = re.compile(r"(#{2,4} )?((?![!>:-]|\*(?!\*))(?:(?!\]\()[^\n\ue000])+)")
#: A picture at the start of a paragraph that goes on with words.
FLOATS = re.compile(r"^(!\[(?:\\.|[^\]\\\n])*\]\([^()\s]+\))(?:[ \t]|\\\n)*(?!!\[)(?=[^\s\\])", re.MULTILINE)
#: What stands at the edges of some words and is none of them: white space and the ends of lines.
STARTS, ENDS = re.compile(r"(?:\s|\\\n)+"), re.compile(r"(?:\s|(?<!\\)\\\n)+$")
#: A link to a picture shows it larger.
LARGER = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)


def markdown(html: str, base: str = "", title: str = "", *, beside: bool = False) -> str:
    """Return *html* as Markdown whose headings start at ``##``; the heading that repeats *title* is left out.

    Links and images are made absolute from *base*; those that cannot be are left out, except that *beside* keeps
    the paths of pictures that lie beside the file.
    """
    return _written(sanitize.tree(html), base, title, beside)


def pictured(html: str, base: str = "", title: str = "") -> tuple[str, Picture | None]:
    """Return *html* as `markdown` does, and the first picture in it that shows something and is no logo.

    One that floats small beside the text, as a portrait does, gives way to a large one that follows it.
    """
    body = sanitize.tree(html)
    shown = (one for tag in body.iter("img") if (one := imagetag.picture(tag, base)))
    drawn = [*islice((one for one in shown if not imagetag.is_logo(one)), 2)]
    gives_way = len(drawn) > 1 and 0 < drawn[0].width < imagetag.ENOUGH / 2 and drawn[1].width >= imagetag.ENOUGH
    first = next(iter(drawn[gives_way:]), None)
    lines = _written(body, base, title, False).split("\n")
    # A heading at the end is that of what was no part of the article.
    while len(lines) > 1 and (not lines[-1] or HEADED.match(lines[-1])):
        lines.pop()
    return "\n".join(lines), first


def _written(body: HtmlElement, base: str, title: str, beside: bool) -> str:
    sanitize.level_headings(body, title)
    writer = _Writer(base, beside)
    text = dialect.fenced(writer.inside(body, frozenset()))
    if any(sign in text for sign in SIGNS) and BULLET.search(text):
        text = BULLET.sub(r"\n- ", BULLETS.sub(r"\n", text))
    if "\\\n" in text:
        text, broken = re.subn(r"(?<!\\)(?:\\\n[ \t]*){2,}", "\n\n", text)
        text = "\n\n".join(map(_spoken, text.split("\n\n"))) if broken else text
        text = re.sub(r"(?<!\\)\\\n(?=\s*\n|\s*$)", "\n", text)
    if "****" in text:
        # Two strong words that touch: the marks between them would show.
        text = re.sub(r"(?<![\\*])\*{4}(?!\*)", "", text)
    if "![" in text:
        # A picture that floats beside a paragraph stands above it.
        text = FLOATS.sub(r"\1\n\n", text)
    text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    if writer.quotes:
        text = PLACED.sub(lambda found: writer.quotes[int(found[1])], text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() if "\n\n\n" in text else text.strip()


def _spoken(paragraph: str) -> str:
    """Return a paragraph that only its line ends tell from others as the quote that it may be."""
    if paragraph[:1] in {" ", "#", "!", ">"} or not quotation.MARKED.search(paragraph):
        return paragraph
    said = quotation.read(dialect.inline(paragraph))
    if not said or not (said.by or said.again):
        return paragraph
    after = f"\n\n{dialect.escape(said.after)}" if said.after else ""
    return dialect.quote(dialect.escape(said.text), said.by) + after


def words(html: str) -> str:
    """Return what *html* says, on one line."""
    if "<" not in html and not shortcode.are_in(html):
        return " ".join(unescape(html).split())
    text = " ".join(sanitize.tree(html).itertext())
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".")


class _Writer:
    """Writes a tree as Markdown. Quotes go to *quotes*, and a sign of their place into the text."""

    def __init__(self, base: str, beside: bool) -> None:
        self.base = base
        self.beside = beside
        self.quotes: list[str] = []
        self.points: Counter[HtmlElement] = Counter()

    def inside(self, el: HtmlElement, around: frozenset[str]) -> str:
        """Write what is in a tag; *around* are the tags that this stands in, itself too."""
        parts = []
        children = list(el)
        if text := el.text:
            parts.append(_text(text, el, None, children[0] if children else None))
        for number, child in enumerate(children):
            # A quote may have taken its speaker from further on.
            if child.getparent() is el:
                parts.append(self.tag(child, around))
                if tail := child.tail:
                    after = children[number + 1] if number + 1 < len(children) else None
                    parts.append(_text(tail, el, child, after))
        return _joined(parts)

    def tag(self, el: HtmlElement, around: frozenset[str]) -> str:
        """Write a tag and what is in it; *around* are the tags that it stands in."""
        name = el.tag
        text = self.inside(el, _within(around, name))
        match name:
            case "p":
                return self._paragraph(el, text, around)
            case "a":
                return self._link(el, text)
            case "b" | "strong":
                return _emphasized(el, text, "**", around)
            case "i" | "em" | "cite":
                return _emphasized(el, text, "*", around)
            case "del" | "s":
                return _emphasized(el, text, "~~", around)
            case "br":
                return " " if INLINE & around else "\\\n"
            case "img":
                return self._image(el, around)
            case "li":
                return self._point(el, text.strip())
            case "ul" | "ol":
                return f"\n{text.rstrip()}" if "li" in around else f"\n\n{text.strip()}\n\n"
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                bare = " ".join(text.split())
                return f"\n\n{'#' * int(name[1])} {bare}\n\n" if bare else ""
            case "blockquote":
                return self._blockquote(el, text, around)
            case "q":
                return f"“{text}”"
            case "code" | "kbd" | "samp" | "tt":
                return _code(el, text, around)
            case "pre":
                return _typed(el, around)
            case "figcaption":
                bare = text.strip()
                return f"\n\n{_emphasized(el, bare, '*', around)}\n\n" if bare else ""
            case _ if name in sanitize.LINES:
                return _block(text, around)
            case _:
                return text

    def _link(self, el: HtmlElement, text: str) -> str:
        """Write a link; of what holds several paragraphs the first is linked, an image is not."""
        href = dialect.address(direct(el.get("href") or ""), self.base)
        before, bare, after = _parted(text)
        if href and "\n\n" in bare and not LARGER.search(href):
            blocks = bare.split("\n\n")
            titles = [(number, found) for number, block in enumerate(blocks) if (found := CARD.fullmatch(block))]
            # A heading, or what was one where none may be, says more than a day above it.
            for number, found in sorted(titles, key=lambda one: not one[1][0].startswith(("#", "**")))[:1]:
                blocks[number] = f"{found[1] or ''}[{found[2]}]({href})"
            return text.replace(bare, "\n\n".join(blocks))
        if not href or not bare or "\n" in bare or "](" in bare or PLACED.search(bare):
            return text
        return f"{before}[{paragraphs.unheard(bare)}]({href}){after}"

    def _image(self, el: HtmlElement, around: frozenset[str]) -> str:
        """Write an image that shows something; an emoji as its own sign."""
        alt = dialect.escape(imagetag.described(el.get("alt") or ""))
        shown = imagetag.picture(el, self.base, self.beside)
        if shown is None or INLINE & around:
            return alt if imagetag.is_emoji(el) else ""
        return f"![{alt}]({shown.src})"

    def _point(self, el: HtmlElement, text: str) -> str:
        """Write a point of a list, its further lines under its first word."""
        parent = el.getparent()
        bullet = "- "
        if parent.tag == "ol":
            start = parent.get("start") or ""
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
            bullet = f"{first + self.points[parent]}. "
            self.points[parent] += 1
        indent = " " * len(bullet)
        return bullet + re.sub(r"\n(?=[^\n])", f"\n{indent}", text) + "\n" if text else "\n"

    def _paragraph(self, el: HtmlElement, text: str, around: frozenset[str]) -> str:
        """Write a paragraph, or the quote that it is: ``– We grow, says NAME.``"""
        if around <= OPEN and quotation.MARKED.search(text):
            said = quotation.read(words_of(el))
            if said and (said.by or said.again) and el.find(".//img") is None:
                return self._place(dialect.escape(said.text), said.by) + f"{dialect.escape(said.after)}\n\n"
        return _block(text, around)

    def _blockquote(self, el: HtmlElement, text: str, around: frozenset[str]) -> str:
        """Write a quote with its speaker; inside of a list or another quote it is a paragraph."""
        if not text.strip():
            return ""
        if not around <= OPEN:
            return f"\n\n{text.strip()}\n\n"
        return self._place(*_said(el, text.strip()))

    def _place(self, text: str, by: str) -> str:
        inner = PLACED.sub("", text)
        self.quotes.append(dialect.quote(inner, by))
        return f"\n\n{PLACE % (len(self.quotes) - 1)}\n\n"


def direct(href: str) -> str:
    """Return where a link leads that the program in which it was written sends by a page of its own."""
    found = DETOUR.match(href) if "?" in href else None
    return unquote(found[1]) if found else href


@lru_cache(maxsize=500)
def _within(around: frozenset[str], name: str) -> frozenset[str]:
    return around | {name}


def _block(text: str, around: frozenset[str]) -> str:
    bare = text.strip()
    return f" {bare} " if INLINE & around else f"\n\n{bare}\n\n" if bare else ""


def _text(text: str, around: HtmlElement, before: HtmlElement | None, after: HtmlElement | None) -> str:
    """Write text between two tags: white space collapsed, everything that Markdown would read escaped."""
    if not text.strip():
        edge = sanitize.is_block(around) and (before is None or after is None)
        return "" if edge or sanitize.is_block(before) or sanitize.is_block(after) else " "
    # At the edge of its block space means nothing.
    opens = text[0].isspace() and (before is None or (before.tag != "br" and before.tag not in sanitize.LINES))
    closes = text[-1].isspace() and (after is None or (after.tag != "br" and after.tag not in sanitize.LINES))
    plain = dialect.escape(f"{' ' * opens}{' '.join(text.split())}{' ' * closes}")
    # "Look!" before a link would make it an image.
    return plain[:-1] + "\\!" if plain.endswith("!") and after is not None else plain


def _joined(parts: list[str]) -> str:
    """Return *parts* as one text: where both sides of a joint break the line, there is one gap, not two."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    joined: list[str] = []
    gap = 0
    for part in parts:
        body = part.strip("\n")
        before = len(part) - len(part.lstrip("\n"))
        joined.append("\n" * (min(2, max(gap, before)) if gap and before else gap + before))
        joined.append(body)
        gap = len(part) - before - len(body) if body else 0
    return "".join((*joined, "\n" * gap))


def _parted(text: str) -> tuple[str, str, str]:
    """Return what stands before the words of a text and is none of them, the words, and what stands behind."""
    starts, ends = STARTS.match(text), ENDS.search(text)
    before, after = starts[0] if starts else "", ends[0] if ends else ""
    return (before, text[len(before) : len(text) - len(after)], after) if text.strip() else ("", "", text)


def _emphasized(el: HtmlElement, text: str, mark: str, around: frozenset[str]) -> str:
    """Put *mark* around words; around whole blocks, or inside of the same mark, it would show."""
    before, bare, after = _parted(text)
    inside = re.search(r"(?<!\\)[*~]|\n|^!\[|\ue000", bare)
    if not bare or inside or el.tag in around or TWINS.get(el.tag, "") in around:
        return text
    # CommonMark section 6.2: a mark between punctuation and a letter opens or closes nothing.
    beside = (el.tail or "")[:1]
    if not after and beside.isalnum() and not bare[-1].isalnum():
        after = " "
    previous = el.getprevious()
    said = previous.tail if previous is not None else el.getparent().text
    if not before and (said or "")[-1:].isalnum() and not bare[0].isalnum():
        before = " "
    return f"{before}{mark}{bare}{mark}{after}"


def _code(el: HtmlElement, text: str, around: frozenset[str]) -> str:
    """Write words as code, as far as they may be: nothing in it can be escaped (CommonMark 6.1)."""
    bare = words_of(el)
    return f"`{bare}`" if bare and not UNCODED.search(bare) and el.find(".//*") is None else text


def _typed(el: HtmlElement, around: frozenset[str]) -> str:
    """Write a text whose lines are its own: each as code, one under the other."""
    lines = [" ".join(line.split()) for line in el.text_content().split("\n")]
    coded = (dialect.escape(line) if UNCODED.search(line) else f"`{line}`" for line in lines if line)
    return _block("\\\n".join(coded), around) if not INLINE & around else dialect.escape(" ".join(lines))


def _said(el: HtmlElement, text: str) -> tuple[str, str]:
    """Return a blockquote's words as Markdown, without marks around them, and its speaker."""
    said, by = _spoken_by(el, text)
    marked = len(said) > 1 and said[0] in OPENING and said[-1] in CLOSING and not set(said[1:-1]) & CLOSING
    return (said[1:-1].strip(), by) if marked else (said, by)


def _spoken_by(el: HtmlElement, text: str) -> tuple[str, str]:
    figure = next(el.iterancestors("figure"), None)
    named = next(el.iter("cite", "footer"), None)
    if named is None and figure is not None:
        named = next(figure.iter("figcaption"), None)
    if named is not None:
        by = spaced(named).lstrip(quotation.DASHES + " ")
        drop(named)
        return _Writer("", False).inside(el, frozenset()).strip(), by
    whole = spaced(el)
    # As it stands, with the marks that a block of its own needs not, or as what is said behind a dash.
    forms = [whole] if whole[:1] in quotation.MARKS else [whole, f"“{whole}”", f"– {whole}"]
    for said in filter(None, map(quotation.read, forms)):
        if said.by and not said.after:
            return dialect.escape(said.text), said.by
    head, _, last = text.rpartition("\n\n")
    by = quotation.speaker(dialect.inline(last)) or quotation.speaker(dialect.inline(last).removeprefix("\\"))
    return (head.strip(), by) if head and by else (text, _named_under(el))


def _named_under(el: HtmlElement) -> str:
    """Return whom the paragraph under a blockquote names as its speaker, and take that away; "" for nobody."""
    after = el.getnext()
    if after is None or after.tag != "p" or (el.tail or "").strip() or after.find(".//img") is not None:
        return ""
    by = quotation.attributed(words_of(after))
    if by:
        drop(after)
    return by
