"""The text part: Markdown as people read it in a mail without pictures. 78 columns (RFC 5322 section 2.1.1).

Links stand in place between angle brackets (RFC 3986, appendix C), so that every mail program finds their ends.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from markdown_it.token import Token

from newsletter.rendering import prose

COLUMNS = 78
#: A mark (see `newsletter.personal`), and how many columns its value takes: a name, or (C) nothing.
MARK = re.compile(r"NL[A-Za-z0-9]{4,64}?([XC])\d+XNL")
#: Letters of Chinese and Japanese, and what ends or begins no line (Unicode Standard Annex 14, CL and OP).
LETTERS, _CLOSE, _OPEN = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "、。，．！？：；」』）】〉》〕ー…",
    "「『（【〈《〔",
)
PIECE = re.compile(f" |[{_OPEN}]*[{LETTERS}][{_CLOSE}]*|[^ {LETTERS}{_OPEN}]+|[{_OPEN}]+")
WIDTHS = {"X": 8, "C": 1}
#: What is nothing but the number of a telephone.
NUMBER = re.compile(r"\+?\(?\d[\d ()/.\xa0-]{3,}\d")
#: What is drawn onto the emoji before it, or as one with it (Unicode Technical Standard 51, section 1.4).
DRAWN_ON = re.compile("\u200d[\u2600-\u27bf\U0001f000-\U0001faff]|[\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=512)
def text(markdown: str, *, address: Callable[[str], str] = lambda url: url, columns: int = COLUMNS) -> str:
    """Return *markdown* as plain text of at most *columns*; only a URL may be longer.

    *address* makes each link's address absolute.
    """
    return "\n\n".join(_blocks(prose.led(prose.parse(markdown), address), columns))


@lru_cache(maxsize=512)
def line(markdown: str) -> str:
    """Return one line of Markdown, such as a title, as plain text without addresses."""
    return " ".join(
        " ".join(_inline(token.children or [], links=False) for token in prose.parse(markdown)).split()
    )


@lru_cache(maxsize=1024)
def wrap(words: str, columns: int = COLUMNS, indent: str = "", first: str | None = None) -> str:
    """Return *words* in lines of at most *columns*; *indent* starts each line, *first* the first one.

    A mark counts as what will stand in its place, as far as that can be told.
    """
    marks = {found[0]: chr(0xE000 + found.start()) * WIDTHS[found[1]] for found in MARK.finditer(words[:6000])}
    for mark, stand_in in marks.items():
        words = words.replace(mark, stand_in)
    lines = _fill(words, columns, indent, first)
    for mark, stand_in in marks.items():
        lines = lines.replace(stand_in, mark)
    return lines


def _fill(words: str, columns: int, indent: str, first: str | None) -> str:
    if not words.isascii() and wide(words) != len(words):
        return "\n".join(_measured(words, columns, indent, first))
    return textwrap.fill(
        words,
        columns,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _measured(words: str, columns: int, indent: str, first: str | None) -> Iterator[str]:
    """Yield lines of a text whose letters are not one column each. Chinese and Japanese break between any two.

    Thai and its neighbours, where only a dictionary tells words, are left to the mail program.
    """
    line, taken, empty = indent if first is None else first, len(indent if first is None else first), True
    for piece in PIECE.findall(re.sub(r"[ \t-\r]+", " ", words)):
        room = wide(piece)
        if not empty and taken + room > columns:
            yield line.rstrip(" ")
            line, taken, empty = indent, len(indent), True
        if not (empty and piece == " "):
            line, taken, empty = line + piece, taken + room, False
    yield line.rstrip(" ")


def underline(words: str, rule: str = "-") -> str:
    """Return a heading with a line of *rule* under it, as wide as its longest line."""
    lines = wrap(words)
    return f"{lines}\n{rule * max(map(wide, lines.splitlines()), default=0)}"


def wide(words: str) -> int:
    """Return how many columns *words* take: Chinese and its neighbours two a letter, what is put onto one none.

    Source: Unicode Standard Annex 11. A mark counts as what will stand in its place, as far as that can be told.
    """
    seen = DRAWN_ON.sub("", MARK.sub(lambda found: "." * WIDTHS[found[1]], words))
    return sum(
        0 if unicodedata.category(one) in {"Mn", "Me", "Cf"} else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in seen
    )


def opens_with_quote(words: str) -> bool:
    """Whether *words* need no quotation marks, because they begin with some, or are none."""
    return not words or words[0] in "\"'“”„«»‘’—–"


def bare(address: str) -> str:
    """Return an address as people say it: no ``mailto:`` or ``tel:``, nor what a new mail is to begin with."""
    scheme, _, rest = address.partition(":")
    match scheme.lower():
        case "mailto":
            return rest.partition("?")[0] or address
        case "tel":
            return rest
    return address


def _blocks(tokens: Iterator[Token], columns: int) -> Iterator[str]:
    """Yield the text of each block up to the end of *tokens* or of the block that they stand in."""
    for token in tokens:
        match token.type:
            case "heading_open":
                words = _inline(next(tokens).children or [])
                next(tokens)
                yield underline(words)
            case "paragraph_open":
                lines = _inline(next(tokens).children or []).split("\n")
                next(tokens)
                if any(lines):
                    yield "\n".join(wrap(line, columns) for line in lines)
            case "bullet_list_open" | "ordered_list_open":
                yield _list(token, _inside(token, tokens), columns)
            case "blockquote_open":
                inner = "\n\n".join(_blocks(_inside(token, tokens), columns - 2))
                yield "\n".join(f"> {line}".rstrip() for line in inner.splitlines())
            case "table_open":
                yield _table(_inside(token, tokens), columns)
            case "fence" | "code_block":
                yield textwrap.indent(token.content.rstrip("\n"), "    ")
            case "hr":
                yield "* * *"


def _inside(opening: Token, tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield what stands between *opening* and the token that closes it."""
    for token in tokens:
        if token.level == opening.level and token.nesting == -1:
            return
        yield token


def _list(opening: Token, tokens: Iterator[Token], columns: int) -> str:
    number = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
    items: list[str] = []
    loose = False
    for token in tokens:
        bullet = "- " if number is None else f"{number + len(items)}. "
        inner = list(_inside(token, tokens))
        loose = loose or any(part.type == "paragraph_open" and not part.hidden for part in inner)
        blocks = ("\n\n" if loose else "\n").join(_blocks(iter(inner), columns - len(bullet)))
        items.append(bullet + textwrap.indent(blocks, " " * len(bullet)).lstrip())
    return ("\n\n" if loose else "\n").join(items)


def _table(tokens: Iterator[Token], columns: int) -> str:
    """Return a table in columns; one that is too wide, row by row, each cell after what heads it."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(" ".join(_inline(token.children or []).split()))
    widths = [max(map(wide, cells)) for cells in zip(*rows, strict=True)]
    if sum(widths) + 3 * len(widths) - 3 > columns:
        return "\n\n".join(_told(rows, columns))
    lines = [[*row] for row in (rows[0], ["-" * width for width in widths], *rows[1:])]
    return "\n".join("   ".join(map(_padded, line, widths)).rstrip() for line in lines)


def _told(rows: list[list[str]], columns: int) -> Iterator[str]:
    """Yield each row of a table, a line for each cell; of one that has nothing else, what would head them."""
    heads = rows[0] if rows[1:] else [""] * len(rows[0])
    for row in rows[1:] or rows:
        cells = [f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True) if cell]
        if cells:
            yield "\n".join(wrap(cell, columns) for cell in cells)


def _padded(words: str, columns: int) -> str:
    return words + " " * (columns - wide(words))


def _inline(tokens: list[Token], *, links: bool = True) -> str:
    """Return the words of a paragraph: a space for a soft break, a newline for a hard one."""
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(f"[{token.content}]" if token.content and links else "")
            case "link_open":
                opened.append((str(token.attrs["href"]), len(parts)))
            case "link_close" if opened:
                url, start = opened.pop()
                if links:
                    parts[start:] = [_link("".join(parts[start:]), url)]
            case _:
                parts.append(token.content)
    return "".join(parts)


def _link(words: str, url: str) -> str:
    said = bare(url)
    if _is_number(words, url):
        return words
    return f"<{said}>" if words in {"", url, said} else f"{words} <{said}>"


def _is_number(words: str, url: str) -> bool:
    """Whether *words* are the telephone number that *url* calls; a nought may stand for that of its country."""
    own, called = (re.sub(r"\D", "", one) for one in (words, url))
    return url[:4].lower() == "tel:" and bool(NUMBER.fullmatch(words)) and called.endswith(own.lstrip("0"))
