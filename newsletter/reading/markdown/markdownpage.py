"""Read a Markdown file with front matter into a RawItem. HTML in it is sanitized like everybody's.

Its ``::: quote`` and ``::: cta`` blocks stay what they are; every other ``:::`` and all braces become text.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from markdown_it import MarkdownIt

from newsletter.errors import IssueError, SourceError
from newsletter.issuefile import dialect
from newsletter.issuefile.blocks import fence
from newsletter.model import Picture, RawItem
from newsletter.reading.html import markup
from newsletter.reading.markdown import boxes, flavour, front, pipetable, wholepage
from newsletter.reading.words import dates, facts

#: The day that the name of a file begins with, as Jekyll wants it.
NAMED = re.compile(r"(?:.*/)?((?:19|20)\d\d-\d\d-\d\d)[-_.]")
#: The file that is the page of its folder, maybe in one language.
INDEX = re.compile(r"([^/]+)/index(?:\.[a-z]{2})?\.\w{1,8}$")
#: Labels as notes have them, alone on a line.
LABELS = re.compile(r"\s*#[^\W\d_][\w/-]*(?:[ \t]+#[^\W\d_][\w/-]*)*[ \t]*\n")
#: Nothing but a title.
HEADING_ONLY = re.compile(r"\A(?:#[ \t]+[^\n]+|[^\n]+\n=+[ \t]*)\Z")
POINT = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
#: A paragraph that is a picture.
DRAWN = re.compile(r"!\[(?P<alt>(?:\\.|[^\]\\\n])*)\]\((?P<src>[^()\s]+)\)")
PARAGRAPH = re.compile(r"\s*+(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
#: Who wrote it, and perhaps who took the pictures.
AUTHOR = re.compile(
    r"(?:(?:written |text |words )?by|(?:skriven |text )?av|text|författare|skribent|author)\s*:?\s+"
    r"(?P<by>[^\W\d_][^,.:;|·!?]{2,60}?)\.?(?:\s*[,|·]\s*(?:foto|photos?|bild)\b.{0,60})?",
    re.IGNORECASE,
)
HEADING = re.compile(r"(?:\A|\n)#[ \t]+(\S[^\n]*?)[ \t#]*(?:\n|\Z)|\A\s*(\S[^\n]*)\n=+[ \t]*\n")

#: What opens a file that has no heading of the first level: one of another, the only one, or strong words alone.
OPENS = re.compile(
    r"\A\s*(?:(?P<level>#{2,4})[ \t]+(?P<words>\S[^\n]*?)[ \t#]*(?:\n|\Z)(?!(?s:.*)^(?P=level)[ \t])"
    r"|\*\*(?P<strong>[^*\n]{2,149}[^*\n.:,;])\*\*[ \t]*\n[ \t]*\n)",
    re.MULTILINE,
)

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["strikethrough", "table"])


def parse(
    text: str, source: str, *, where: str = "", guid: str = "", zone: tzinfo = UTC, now: datetime | None = None
) -> RawItem | None:
    """Return the article of the Markdown file *text*; None for a draft, or a list that a program fills.

    None, too, for one that comes out after *now*, or was over by then.

    *where* names the file in messages and lends the title where there is none; *guid* is its identity beside its
    address, *zone* whose clock an event is told by. Raise SourceError with the line.
    """
    text = re.sub(r"\r\n?", "\n", text)
    own, body = front.split(wholepage.fronted(text), where)
    if own.draft or (now and not own.is_out(now, zone)) or flavour.is_filled(body):
        return None
    body, labels = _labelled(boxes.opened(body))
    body, heading = _headed(body, titled=bool(own.said("title")))
    named = dialect.inline(flavour.plain(f"# {heading[1] or heading[2]}")[2:]) if heading else ""
    title = own.said("title") or named
    body, below = _below(body, heading, where)
    own = front.Front({**below.fields, **own.fields}, where) if below else own
    if own.draft:
        return None
    title = title or own.said("title") or _name(where)
    url = own.said("url")
    facts = _convert("\n".join(f"- {fact}" for fact in own.occasion().announced(zone)), url, "")
    above = text[: len(text) - len(body)].count("\n")
    image = own.picture(url)
    if url and not image:
        body, image = _opening(body, heading)
    markdown = "\n\n".join(filter(None, (facts, _body(body, url, title, where, above))))
    if not markdown and "layout" in own.fields:
        # Its program fills it.
        return None
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
        image=image,
        tags=(*own.tags(), *labels),
    )


def _headed(body: str, *, titled: bool) -> tuple[str, re.Match[str] | None]:
    """Return a body without what a whole page has around it, and its first heading; one that opens it may be any.

    A file that is *titled* needs none.
    """
    heading = HEADING.search(body)
    if not heading and not titled:
        body = OPENS.sub(lambda found: f"# {found['words'] or found['strong']}\n\n", body)
        heading = HEADING.search(body)
    if heading and (trimmed := wholepage.article(body, heading.start())) != body:
        return trimmed, HEADING.search(trimmed)
    return body, heading


def _labelled(body: str) -> tuple[str, tuple[str, ...]]:
    """Return a body without its first line if that is nothing but labels (``#news/october``), and those."""
    found = LABELS.match(body)
    return (body[found.end() :], tuple(found[0].replace("#", " ").split())) if found else (body, ())


def _below(body: str, heading: re.Match[str] | None, where: str) -> tuple[str, front.Front | None]:
    """Return a body without the lines under its title that say when it came out, by whom and where, and those."""
    start = heading.end() if heading else 0
    if HEADING_ONLY.search(body[:start].strip("\n")) is None and body[:start].strip():
        return body, None
    if not (found := PARAGRAPH.match(body, start)):
        return body, None
    lines = found[0].strip("\n").split("\n")
    named = [one for line in lines if (one := facts.NAMED.fullmatch(line))]
    if any(one["day"] for one in named) and any(not one["day"] for one in named):
        # What has an hour or a place is an event: its facts are points.
        points = [f"- {line}" if front.PROPERTY.fullmatch(line) else line for line in lines]
        return "\n".join([body[:start], *points, body[found.end() :]]), None
    if said := front.properties(lines, where):
        return body[:start] + body[found.end() :], said
    fields, rest = _signed(lines)
    if not fields:
        return body, None
    return "\n".join([body[:start].rstrip("\n"), "", *rest, body[found.end() :]]), front.Front(fields, where)


def _opening(body: str, heading: re.Match[str] | None) -> tuple[str, Picture | None]:
    """Return a body without the picture that its text opens with, and that: a path beside it, or an address."""
    start = heading.end() if heading else 0
    found = PARAGRAPH.match(body, start)
    if not found or not flavour.plain(body[found.end() :]).strip():
        return body, None
    if not (drawn := DRAWN.fullmatch(_convert(found[0], "", ""))):
        return body, None
    return body[:start] + body[found.end() :], Picture(drawn["src"], dialect.inline(drawn["alt"]))


def _signed(lines: list[str]) -> tuple[dict[str, object], list[str]]:
    """Return the day and writer that the first lines say, three at most, as fields; and the lines after them."""
    fields: dict[str, object] = {}
    for number, line in enumerate(lines[:3]):
        words = "" if POINT.match(line) else dialect.inline(line)
        dated, by = dates.line(words), _by(words)
        if dated:
            fields |= {"date": dated.at} | ({"author": dated.author} if dated.author else {})
        elif by:
            fields["author"] = by
        else:
            return fields, lines[number:]
    return fields, lines[3:]


def _by(words: str) -> str:
    """Return who wrote it, as a line of *words* says, "" if it says something else.

    "By Anna Holm" names her; "By Friday we will know" is a sentence: half of a name's words have capitals.
    """
    if not (found := AUTHOR.fullmatch(words)):
        return ""
    name = found["by"].strip(" .")
    capitals = sum(word[:1].isupper() for word in name.split())
    labelled = ":" in words[: found.start("by")]
    return name if labelled or 2 * capitals >= len(name.split()) else ""


def _body(text: str, url: str, title: str, where: str, first: int) -> str:
    """Return the body in our dialect. *first* is how many lines of the file stand above it."""
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
    kept: list[str] = []
    parts = []

    def keep(written: str) -> str:
        kept.append(written)
        return f"{mark}N{len(kept) - 1}N"

    try:
        for found in fence.scan([*[""] * first, *text.split("\n")], where, first):
            rows = "\n".join(found.rows)
            if found.kind in {"quote", "cta"}:
                rows = keep(_block(found.kind, found.attributes, _convert(rows, url, "")))
            parts.append(
                pipetable.apart(rows, lambda table: keep(table.written(lambda cell: _convert(cell, url, ""))))
            )
    except IssueError as error:
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from None
    whole = _convert("\n\n".join(parts), url, title)
    for number, written in enumerate(kept):
        whole = whole.replace(f"{mark}N{number}N", written)
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
    """Return a title from the file's name, or from its folder's where it is the page of that."""
    named = INDEX.sub(r"\1", where)
    stem = re.sub(r"\.\w{1,8}$", "", named.rpartition("/")[2])
    words = re.sub(r"[-_.]+", " ", re.sub(r"^\d{1,4}(?:-\d\d-\d\d)?[-_.]", "", stem)).strip()
    return words[:1].upper() + words[1:]
