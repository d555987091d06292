"""Write the Markdown of our articles: text that stays text, quotes, calls to action. Reads it back as plain words.

The dialect is CommonMark with ``:::`` blocks and personal fields (``{{ name }}``). An article is a stranger's: it
may open neither. So every ``{`` of its text is written ``\\{`` (two of them ``\\{\\{``) and a ``:::`` that would
start a line ``\\:::``. Both are backslash escapes of CommonMark (section 2.4): they read as what they were.
"""

import re
from functools import lru_cache
from urllib.parse import quote as percent
from urllib.parse import urljoin, urlsplit, urlunsplit

SPECIAL = re.compile(r"[\\`*\[\]<{]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w{1,31};)")
#: Looked for first: hardly any text has one of them.
MARKED = re.compile(r"[\\`*\[\]<{_~&]")
#: What would make a line a heading, a list, a rule, a quote, an underline or a block.
STARTS = re.compile(r"^(\s*)(?:(\d{1,9})([.)](?:\s|$))|(#{1,6}(?:\s|$)|[-+](?:\s|$)|-{2,}|={1,}|>|:::))")
FENCE = re.compile(r"^(\s*(?:[-*+>]\s+)*):::", re.MULTILINE)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
BLOCK = re.compile(r"^:::.*?^:::[ \t]*$", re.MULTILINE | re.DOTALL)
POINT = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")
#: What stands under an image, in emphasis.
CAPTION = re.compile(r"\*[^*\n]+\*")
#: What stands around the cells of a table.
TABLED = re.compile(r"(?:\s*(?<!\\)\|(?:\s*:?-+:?\s*\|)*\s*)+")
#: Code, and the signs in it that are marks elsewhere.
CODE = re.compile(r"(?<![\\`])`([^`\n]+)`(?!`)")
SIGNS = re.compile(r"[!-/:-@\[-`{-~]")
POINTS = re.compile(r"^[^\S\n]*+(?:[-*+]|\d{1,9}[.)])\s+", re.MULTILINE)
#: A bracket ends the search for either: else a text of brackets alone would be looked through from each of them.
_WORDS, _PLACE = r"\[((?:\\.|[^\[\]\\])*)\]", r"\((?:\\.|[^)\]\\]|\](?!\())*\)"
IMAGE = re.compile(f"!{_WORDS}{_PLACE}")
LINK = re.compile(rf"(?<!\\){_WORDS}{_PLACE}")
BLANK = re.compile(r"[\x00-\x20\x7f]+")
#: What would end or confuse an attribute, and what stands for it.
UNQUOTABLE = str.maketrans('"{}\\', "”()/")
#: More characters than any text has.
EVERYTHING = 1 << 60
#: Where pages, pictures and feeds are; a link may lead to a mail or a call, too.
WEB = frozenset({"http", "https"})
SCHEMES = WEB | {"mailto", "tel"}
#: What an address in Markdown may hold as it is (RFC 3986 section 2); the rest is percent-encoded.
ADDRESS = "%:/?#@!$&'*+,;=~-._[]"
#: Addresses as nearly all are, which need no more looking at: whole ones, and paths on the same host.
WHOLE = re.compile(
    r"(https?)://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?:/[\w/.~%&=+-]*(?:\?[\w/.~%&=+-]+)?)?",
    re.ASCII,
)
PATH = re.compile(r"/(?![/.])(?:[\w/~%&=+-]|(?<!/)\.)*(?:\?[\w/.~%&=+-]+)?", re.ASCII)


def escape(text: str) -> str:
    """Return one line of plain *text* as Markdown that reads the same."""
    safe = SPECIAL.sub(lambda found: "\\" + found[0], text) if MARKED.search(text) else text
    found = STARTS.match(safe)
    return f"{found[1]}{found[2] or ''}\\{found[3] or found[4]}{safe[found.end() :]}" if found else safe


def fenced(text: str) -> str:
    """Return Markdown in which no line of *text* opens or closes a block."""
    return FENCE.sub(r"\1\\:::", text) if ":::" in text else text


def quote(text: str, by: str) -> str:
    """Return a quote block; *text* is Markdown, *by* plain words."""
    return f'::: quote {{by="{attribute(by)}"}}\n{fenced(text)}\n:::'


def cta(text: str, label: str, href: str) -> str:
    """Return a call to action; *text* is Markdown, *label* the button's plain words, *href* "" if unknown."""
    body = f"{fenced(text)}\n" if text else ""
    return f'::: cta {{href="{address(href)}" label="{escape(attribute(label))}"}}\n{body}:::'


def attribute(value: str) -> str:
    """Return plain words as they may stand between double quotes in a block's attributes, on one line."""
    return " ".join(value.translate(UNQUOTABLE).split())


def address(url: str, base: str = "", schemes: frozenset[str] = SCHEMES) -> str:
    """Return *url* absolute, from *base*, and safe to stand in Markdown; "" if it leads nowhere we may link to."""
    bare = url.strip()
    whole = WHOLE.fullmatch(bare)
    if whole:
        return bare if whole[1] in schemes else ""
    if PATH.fullmatch(bare) and (root := _root(base, schemes)):
        return root + bare
    return any_address(url, base, schemes)


def any_address(url: str, base: str, schemes: frozenset[str]) -> str:
    """Return what `address` does, for any address, however strange."""
    bare = url.strip()
    if not bare.isprintable() or " " in bare:
        bare = BLANK.sub("" if "\n" in url or "\t" in url else "%20", bare)
    if not bare or bare.startswith("#"):
        return ""
    try:
        full = urljoin(base, bare) if base else bare
        parts = urlsplit(full)
        if parts.scheme.lower() not in schemes or parts.port == 0:
            return ""
        if not parts.netloc:
            return percent(full, safe=ADDRESS) if parts.scheme in {"mailto", "tel"} else ""
        host = parts.hostname or ""
        if not parts.netloc.isascii():
            host = host.encode("idna").decode("ascii")
            full = urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host))
    except ValueError:
        return ""
    return percent(full, safe=ADDRESS) if host.strip(".") else ""


@lru_cache(maxsize=500)
def _root(base: str, schemes: frozenset[str]) -> str:
    """Return the scheme and host of *base* if a path on it only needs to be put behind them, else ""."""
    found = WHOLE.fullmatch(base)
    return "/".join(base.split("/", 3)[:3]) if found and found[1] in schemes else ""


def plain(markdown: str, most: int = EVERYTHING) -> str:
    """Return the running words of an article: no headings, blocks, images or marks; a line per paragraph.

    Lists, tables and buttons are left out too, unless there is nothing else, and so are blocks. After *most*
    characters no further paragraph is begun.
    """
    bare = BLOCK.sub("", markdown) if ":::" in markdown else markdown
    paragraphs = [one.strip() for one in re.split(r"\n\s*\n", bare)]
    told = [one for one in paragraphs if one and not one.startswith("#")]
    running: list[str] = []
    for above, one in zip(["", *told], told, strict=False):
        if CAPTION.fullmatch(one) and IMAGE.fullmatch(above):
            continue
        if most > 0 and not (POINT.match(one) or LINK.fullmatch(one) or one[0] == "|") and (words := inline(one)):
            running.append(words)
            most -= len(words)
    inside = (line for line in markdown.split("\n") if not line.startswith(":::"))
    return "\n".join(
        running or list(filter(None, map(inline, map(_cells, told)))) or filter(None, map(inline, inside))
    )


def _cells(paragraph: str) -> str:
    """Return the words of a table's cells; of any other paragraph, all."""
    return TABLED.sub(" ", paragraph) if paragraph[0] == "|" else paragraph


def inline(markdown: str) -> str:
    """Return a piece of Markdown as the words that a reader sees, on one line."""
    text = markdown.replace("\\\n", " ")
    if "`" in text:
        # What stands in code is no mark.
        text = CODE.sub(lambda found: SIGNS.sub(r"\\\g<0>", found[1]), text)
    if "](" in text:
        text = LINK.sub(r"\1", IMAGE.sub("", text) if "![" in text else text)
    text = POINTS.sub("", text) if "\n" in text else text[found.end() :] if (found := POINTS.match(text)) else text
    if "\\" not in text:
        return " ".join(_unmarked(text).split())
    # Escaped characters step aside while the marks of emphasis go.
    aside = _unmarked(ESCAPED.sub(lambda found: chr(0xE000 + ord(found[1])), text))
    back = re.sub("[\ue000-\ue07f]", lambda found: chr(ord(found[0]) - 0xE000), aside)
    return " ".join(back.split())


def _unmarked(text: str) -> str:
    text = text.replace("*", "").replace("~~", "")
    return re.sub(r"(?<!\w)_+|_+(?!\w)", "", text) if "_" in text else text
