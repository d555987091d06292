"""Read the bytes of an RSS or Atom feed into RawItems. feedparser parses; it never touches the network here."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from typing import Any

import feedparser

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem, Source
from newsletter.reading.language import detect

#: The most entries of one feed; a monthly letter needs the newest few dozen.
MOST_ENTRIES = 300
#: A document that declares entities of its own is an attack or a mistake; feeds need none.
ENTITIES = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)


def is_feed(data: bytes, kind: str = "") -> bool:
    """Whether *data* looks like a feed; *kind* is its media type as the server said it."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.search(rb"<(?:rss|feed|rdf:rdf)[\s>]", head):
        return True
    return kind.endswith(("rss+xml", "atom+xml", "rdf+xml")) and not head.startswith((b"<!doctype html", b"<html"))


def items(data: bytes, source: Source, url: str, kind: str = "") -> tuple[RawItem, ...]:
    """Return the entries of the feed *data*, which came from *url*. Raise SourceError if it is no feed."""
    if ENTITIES.search(data[:65536]):
        remedy = "ask its operator for a plain feed"
        raise SourceError("the feed declares entities, as attacks do", where=url, remedy=remedy)
    headers = {"content-location": url, "content-type": kind or "application/xml"}
    # Sanitizing is ours (`newsletter.reading.sanitize`); a BytesIO keeps feedparser from taking bytes for a
    # file name.
    try:
        parsed = feedparser.parse(
            BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=True
        )
    except (ValueError, LookupError, RecursionError, AssertionError) as error:
        raise _broken(url, str(error)) from None
    if not parsed.entries and (not parsed.get("version") or parsed.get("bozo")):
        raise _broken(url, str(parsed.get("bozo_exception", "")))
    language = str(parsed.feed.get("language") or "")
    return tuple(
        item
        for entry in parsed.entries[:MOST_ENTRIES]
        if (item := _item(entry, source, url, language)) is not None
    )


def _broken(url: str, why: str) -> SourceError:
    reason = re.sub(r"<unknown>:|\s+", " ", why).strip()
    what = f"this is no feed: {reason}" if reason else "this is no feed"
    return SourceError(what, where=url, remedy='check the address in a browser; a page needs kind = "page"')


def _item(entry: Mapping[str, Any], source: Source, url: str, language: str) -> RawItem | None:
    """Return one entry, or None for one that says nothing."""
    html, summary = _bodies(entry)
    # feedparser's own look-up takes the one for the other where only one is said, with a warning.
    published, updated = (dict(entry).get(name) for name in ("published_parsed", "updated_parsed"))
    title = str(entry.get("title") or "")
    link = dialect.address(str(entry.get("link") or ""), url, frozenset({"http", "https"}))
    guid = str(entry.get("id") or "")
    if not link and guid.startswith(("http://", "https://")):
        link = guid
    if not (title.strip() or html.strip()):
        return None
    return RawItem(
        source=source.name,
        title=title,
        url=link,
        guid=guid or link,
        base=link or url,
        html=html or summary,
        summary=summary,
        author=str(entry.get("author") or ""),
        published=_moment(published or updated),
        updated=_moment(updated),
        language=source.language
        or detect(f"{title} {TAG.sub(' ', html)}")
        or str(entry.get("language") or language),
        image=_image(entry, url),
        tags=(*source.tags, *(str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ())),
    )


def _bodies(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return the longest body and the summary, both as HTML."""
    contents = [_html(part) for part in entry.get("content") or ()]
    summary = _html(entry.get("summary_detail") or {"value": entry.get("summary")})
    body = max(contents, key=len, default="")
    return (body, summary) if body else (summary, "")


def _html(part: Mapping[str, Any]) -> str:
    value = str(part.get("value") or "")
    if part.get("type") == "text/plain" and not re.search(r"</?(?:p|br|a|div|img)\b", value):
        return "".join(
            f"<p>{escape(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", value) if paragraph.strip()
        )
    return value


def _image(entry: Mapping[str, Any], url: str) -> Picture | None:
    """Return the picture that a feed gives an entry: media:content, media:thumbnail or an enclosure."""
    offered = [
        *(entry.get("media_content") or ()),
        *(entry.get("media_thumbnail") or ()),
        *(entry.get("enclosures") or ()),
    ]
    for media in offered:
        src = dialect.address(str(media.get("url") or media.get("href") or ""), url, frozenset({"http", "https"}))
        kind = str(media.get("type") or media.get("medium") or "")
        if src and (kind.startswith("image") or (not kind and PICTURES.search(src))):
            return Picture(src, "", _size(media.get("width")), _size(media.get("height")))
    return None


def _size(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _moment(parsed: Any) -> datetime | None:
    """Return feedparser's time, which is in UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
