"""Read a Markdown file with front matter into a RawItem. HTML in it is sanitized like everybody's.

Its ``::: quote`` and ``::: cta`` blocks stay what they are; every other ``:::`` and all braces become text.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter.errors import IssueError, SourceError
from newsletter.issuefile import dialect, fence, yamlfault
from newsletter.model import Picture, RawItem
from newsletter.reading import dates, markup

FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: More front matter than this, in characters, is no description of an article.
MOST = 20_000
#: The names that other tools have for the same thing, ours first.
NAMES = {
    "title": ("title", "headline"),
    "url": ("url", "link", "canonical", "canonical_url"),
    "date": ("date", "published", "publish_date", "created"),
    "updated": ("updated", "lastmod", "modified"),
    "author": ("author", "authors", "by"),
    "language": ("language", "lang", "locale"),
    "tags": ("tags", "categories", "keywords", "category"),
    "image": ("image", "cover", "featured_image", "thumbnail"),
    "image_alt": ("image_alt", "alt", "cover_alt"),
    "summary": ("summary", "description", "excerpt"),
}
HEADING = re.compile(r"(?:\A|\n)#[ \t]+(\S[^\n]*?)[ \t#]*(?:\n|\Z)|\A\s*(\S[^\n]*)\n=+[ \t]*\n")

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["strikethrough", "table"])


def parse(text: str, source: str, *, where: str = "", guid: str = "") -> RawItem | None:
    """Return the article of the Markdown file *text*, or None if its front matter says ``draft: true``.

    *where* names the file in messages and lends the title where there is none; *guid* is its identity beside its
    address. Raise SourceError with the line.
    """
    text = re.sub(r"\r\n?", "\n", text)
    front = FRONT.match(text)
    fields = _fields(front[1], where) if front else {}
    body = text[front.end() :] if front else text
    if fields.get("draft") is True:
        return None
    heading = HEADING.search(body)
    title = _said(fields, "title") or (dialect.inline(heading[1] or heading[2]) if heading else "") or _name(where)
    url = _said(fields, "url")
    markdown = _body(body, url, title, where, text[: len(text) - len(body)].count("\n"))
    if not markdown:
        raise SourceError("no text under the title", where=where, remedy="write the article there")
    return RawItem(
        source=source,
        title=title,
        url=url,
        guid=guid,
        text=markdown,
        summary=_said(fields, "summary"),
        author=_said(fields, "author"),
        published=_moment(_field(fields, "date"), "date", where),
        updated=_moment(_field(fields, "updated"), "updated", where),
        language=_said(fields, "language"),
        image=_image(fields, url),
        tags=_list(_field(fields, "tags")),
    )


def _fields(front: str, where: str) -> Mapping[str, object]:
    if len(front) > MOST:
        raise SourceError("the front matter is too long", where=f"{where}:1", remedy="close it with a line ---")
    try:
        fields = YAML(typ="safe", pure=True).load(front)
    except MarkedYAMLError as error:
        fault = yamlfault.explain(error, front, where, first=2)
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from None
    except (YAMLError, RecursionError, ValueError) as error:
        what = str(error).partition("\n")[0]
        remedy = 'write plain lines such as title: "Open house"'
        raise SourceError(f"not valid YAML: {what}", where=f"{where}:2", remedy=remedy) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        remedy = 'write lines such as title: "Open house"'
        raise SourceError("the front matter has no fields", where=f"{where}:2", remedy=remedy)
    return {str(name).lower(): value for name, value in fields.items()}


def _field(fields: Mapping[str, object], name: str) -> object:
    return next((fields[other] for other in NAMES[name] if fields.get(other) not in (None, "")), None)


def _said(fields: Mapping[str, object], name: str) -> str:
    """Return a field as words: several authors with commas between them."""
    return ", ".join(_list(_field(fields, name), apart=False))


def _list(value: object, *, apart: bool = True) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(one) for one in value[:50] if isinstance(one, str | int | float))
    if isinstance(value, str) and apart:
        return tuple(part.strip() for part in value.split(","))
    return (str(value),) if isinstance(value, str | int | float) else ()


def _moment(value: object, name: str, where: str) -> datetime | None:
    """Return a date; a day alone means noon in UTC, which is the same day nearly everywhere."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(12), UTC)
    said = dates.line(str(value))
    if said:
        return said.at
    raise SourceError(f"{name} {value!r} is no date", where=where, remedy=f"write it as {name}: 2025-06-12")


def _image(fields: Mapping[str, object], url: str) -> Picture | None:
    """Return the picture that the file names: an address, or a path that lies beside the file."""
    named = _said(fields, "image")
    if not named:
        return None
    alt = _said(fields, "image_alt")
    if markup.BESIDE.fullmatch(named.removeprefix("./")):
        return Picture(named.removeprefix("./"), alt)
    src = dialect.address(named, url, frozenset({"http", "https"}))
    return Picture(src, alt) if src else None


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
    return markup.markdown(str(_MARKDOWN.render(text)), url, title, beside=True)


def _name(where: str) -> str:
    """Return a title from the file's name."""
    stem = re.sub(r"\.\w{1,8}$", "", where.rpartition("/")[2])
    words = re.sub(r"[-_.]+", " ", re.sub(r"^\d{1,4}(?:-\d\d-\d\d)?[-_.]", "", stem)).strip()
    return words[:1].upper() + words[1:]
