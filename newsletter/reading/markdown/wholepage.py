"""Take the article out of a whole web page that a program wrote as Markdown: what stands around it goes.

Such a page has its menu above its title, and ends in sharing, other articles and a footer. Where no menu stands
above the title nothing is touched: an article may say what it likes.
"""

import re

from newsletter.issuefile import dialect
from newsletter.reading.words import furniture

#: So many lines of a menu above a title make a page of it, or so many that are nothing but links.
MENU, LINKS = 2, 4
LINKED = re.compile(r"(?:!?\[(?:!\[[^\[\]]*\]\([^()\n]*\)|[^\[\]])*\]\([^()\n]*\)[\s|·>/]*)+")
#: What stands behind the title where a page is named above it: ``A new quay | Norrvik``.
NAMED = re.compile(r"\s*[|·•»—–-]\s+\S.{1,120}")
#: The shortest row that is of a paragraph, and the shortest that ends one, in characters.
PARAGRAPH, LAST = 60, 25
SENTENCE_END = tuple(".!?…”»\"')")
MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t]+")
#: What Jina's reader writes above the Markdown of a page.
READER = re.compile(
    r"\A\s*Title:[ \t]*(?P<title>\S[^\n]*)\n\s*URL Source:[ \t]*(?P<url>https?://\S+)[ \t]*\n"
    r"(?:\s*Published Time:[ \t]*(?P<date>\S[^\n]*)\n)?(?:\s*[A-Z][\w ]{1,30}:[ \t][^\n]*\n){0,5}?"
    r"\s*Markdown Content:[ \t]*\n"
)

#: How it numbers pictures.
NUMBERED = re.compile(r"!\[Image \d{1,4}(?:: )?")
#: A row that is nothing but markup.
TAG = re.compile(r"\s*</?[a-z]+\d?(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)


def article(body: str, begin: int) -> str:
    """Return the Markdown *body* from its title on, which begins at *begin*, to where its page goes on alone."""
    rows = body[begin:].lstrip("\n").split("\n")
    if not _is_above(body[:begin].split("\n"), _words(rows[0])):
        return body
    return "\n".join(rows[: _end(rows)]).rstrip() + "\n"


def _is_above(rows: list[str], title: str) -> bool:
    """Whether *rows* are what a page has above its *title*: a menu, or the page's name with that of its site."""
    if sum(map(_is_furniture, rows)) >= MENU:
        return True
    if any(len(row) >= PARAGRAPH and row.endswith(SENTENCE_END) for row in map(_words, rows)):
        # What is told above it is of the article, and it is the heading of a section.
        return False
    if sum(map(_is_linked, rows)) >= LINKS:
        return True
    first = next(filter(None, map(_words, rows)), "")
    return bool(title) and first.startswith(title) and bool(NAMED.fullmatch(first, len(title)))


def _is_linked(row: str) -> bool:
    marked = MARK.match(row)
    return bool(LINKED.fullmatch(row, marked.end() if marked else 0))


def fronted(text: str) -> str:
    """Return *text* with what a reading program tells above it as the front matter of the file."""
    found = READER.match(text)
    if not found:
        return text
    said = (f'{name}: "{_quoted(value)}"\n' for name, value in found.groupdict().items() if value)
    return f"---\n{''.join(said)}---\n\n{NUMBERED.sub('![', text[found.end() :])}"


def _quoted(value: str) -> str:
    return value.strip().replace("\\", "\\\\").replace('"', '\\"')


def _end(rows: list[str]) -> int:
    """Return the row where the article ends: other articles begin, or furniture with no paragraph after it."""
    told = next((n for n, row in enumerate(rows) if n and _is_paragraph(row)), len(rows))
    for number in range(told, len(rows)):
        if furniture.opens_others(_words(rows[number])):
            return _upwards(rows, number)
    last = max((n for n, row in enumerate(rows) if _is_paragraph(row)), default=0)
    return next((n for n in range(last + 1, len(rows)) if _is_furniture(rows[n])), len(rows))


def _upwards(rows: list[str], end: int) -> int:
    """Return *end*, or the row above from which on there is furniture only."""
    while end and (not rows[end - 1].strip() or TAG.fullmatch(rows[end - 1]) or _is_furniture(rows[end - 1])):
        end -= 1
    return end


def _words(row: str) -> str:
    marked = MARK.match(row)
    return dialect.inline(row[marked.end() :] if marked else row).strip()


def _is_furniture(row: str) -> bool:
    words = _words(row)
    return bool(words) and furniture.is_navigation(words)


def _is_paragraph(row: str) -> bool:
    words = _words(row)
    whole = len(words) >= LAST and words.endswith(SENTENCE_END)
    return (whole or len(words) >= PARAGRAPH) and not furniture.is_navigation(words)
