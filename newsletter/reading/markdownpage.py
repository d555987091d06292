"""Read a Markdown file with front matter into a RawItem. HTML in it is sanitized like everybody's.

Its ``::: quote`` and ``::: cta`` blocks stay what they are; every other ``:::`` and all braces become text.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from markdown_it import MarkdownIt

from newsletter.errors import IssueError, SourceError
from newsletter.issuefile import dialect, fence
from newsletter.model import RawItem
from newsletter.reading import dates, flavour, front, markup

#: The day that the name of a file begins with, as Jekyll wants it.
NAMED = re.compile(r"(?:.*/)?((?:19|20)\d\d-\d\d-\d\d)[-_.]")
HEADING = re.compile(r"(?:\A|\n)#[ \t]+(\S[^\n]*?)[ \t#]*(?:\n|\Z)|\A\s*(\S[^\n]*)\n=+[ \t]*\n")

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["strikethrough", "table"])


def parse(text: str, source: str, *, where: str = "", guid: str = "") -> RawItem | None:
    """Return the article of the Markdown file *text*, or None if its front matter says ``draft: true``.

    *where* names the file in messages and lends the title where there is none; *guid* is its identity beside its
    address. Raise SourceError with the line.
    """
    text = re.sub(r"\r\n?", "\n", text)
    own, body = front.split(text, where)
    if own.draft:
        return None
    heading = HEADING.search(body)
    title = own.said("title") or (dialect.inline(heading[1] or heading[2]) if heading else "") or _name(where)
    url = own.said("url")
    markdown = _body(body, url, title, where, text[: len(text) - len(body)].count("\n"))
    if not markdown:
        raise SourceError("no text under the title", where=where, remedy="write the article there")
    return RawItem(
        source=source,
        title=title,
        url=url,
        guid=guid,
        text=markdown,
        summary=own.said("summary"),
        author=own.said("author"),
        published=own.moment("date") or _day(where),
        updated=own.moment("updated"),
        language=own.said("language"),
        image=own.picture(url),
        tags=own.tags(),
    )


def _body(text: str, url: str, title: str, where: str, first: int) -> str:
    """Return the body in our dialect. *first* is how many lines of the file stand above it."""
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
    kept: list[tuple[str, Mapping[str, str | None], str]] = []
    parts = []
    try:
        for found in fence.scan([*[""] * first, *text.split("\n")], where, first):
            rows = "\n".join(found.rows)
            if found.kind in {"quote", "cta"}:
                kept.append((found.kind, found.attributes, rows))
                rows = f"{mark}N{len(kept) - 1}N"
            parts.append(rows)
    except IssueError as error:
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from None
    whole = _convert("\n\n".join(parts), url, title)
    for number, (kind, attributes, rows) in enumerate(kept):
        whole = whole.replace(f"{mark}N{number}N", _block(kind, attributes, _convert(rows, url, "")))
    return whole


def _block(kind: str, attributes: Mapping[str, str | None], text: str) -> str:
    if kind == "quote":
        return dialect.quote(text, attributes.get("by") or "")
    return dialect.cta(text, attributes.get("label") or "", attributes.get("href") or "")


def _convert(text: str, url: str, title: str) -> str:
    return markup.markdown(str(_MARKDOWN.render(flavour.plain(text))), url, title, beside=True)


def _day(where: str) -> datetime | None:
    found = NAMED.match(where)
    said = dates.line(found[1]) if found else None
    return said.at if said else None


def _name(where: str) -> str:
    """Return a title from the file's name."""
    stem = re.sub(r"\.\w{1,8}$", "", where.rpartition("/")[2])
    words = re.sub(r"[-_.]+", " ", re.sub(r"^\d{1,4}(?:-\d\d-\d\d)?[-_.]", "", stem)).strip()
    return words[:1].upper() + words[1:]
