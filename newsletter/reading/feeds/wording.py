"""What the elements of a feed say, as HTML: titles, bodies and summaries, escaped once, twice or not at all."""

import re
from html import escape

from lxml import etree

from newsletter.entities import unescape
from newsletter.reading.feeds.element import MEDIA, Parts, name_of

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
MARKUP = re.compile(
    r"</?(?:p|br|a|div|img|ul|ol|li|h[1-6]|em|strong|b|i|blockquote|figure|table)\b", re.IGNORECASE
)
#: A chapter of a film, the first one of them, and a line that only files it or leads to its maker.
CHAPTER = re.compile(
    r"\W*\d{1,2}(?::\d\d){1,2}\b|(?:chapters|timestamps|kapitel|tidskoder|innehåll)\W*$", re.IGNORECASE
)
BEGINNING = re.compile(r"\W*(?:00?:)?00?:00\b")
HASHTAGS = re.compile(
    r"#\w+(?:[\s,]+#\w+)*|(?:följ|follow|prenumerera|subscribe)\b.{0,60}(?:https?://\S+|:)|"
    r"\W{0,3}(?:facebook|instagram|x|twitter|linkedin|tiktok|youtube|threads|bluesky|mastodon|snapchat)\b"
    r"[^\w]{1,4}(?:https?://\S+|www\.\S+|@\w+)",
    re.IGNORECASE,
)
#: What Atom escapes once, and some systems twice.
ESCAPED = re.compile(r"&(?:amp|quot|apos|nbsp|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
#: What arXiv writes before an abstract.
ANNOUNCED = re.compile(r"\s{0,9}arXiv:\S{1,60} Announce Type: \S{1,60}\s{1,9}Abstract:\s{1,9}")
#: The name of what WordPress exports a summary in.
EXCERPT = "/excerpt/}"


def bodies(entry: etree._Element, parts: Parts) -> tuple[str, str]:
    """Return the longest body and the summary, both as HTML."""
    excerpts = [one for one in parts.get("encoded", ()) if EXCERPT in one.tag]
    bodies = [_html(one) for one in parts.get("encoded", ()) if one not in excerpts]
    bodies += htmls(parts, "content", "body")
    described = htmls(parts, "description", "summary", "abstract", "subtitle")
    longest = max((*bodies, *described), key=len, default="")
    if not longest:
        # Films have their words in Media RSS only.
        groups = (entry, *entry.iterchildren(MEDIA + "group"))
        longest = next((_film(one) for group in groups for one in group.iterchildren(MEDIA + "description")), "")
    both = (longest, next(filter(None, (*map(_html, excerpts), *described)), ""))
    body, summary = (ANNOUNCED.sub("", one) if "arXiv:" in one else one for one in both)
    return body, summary


def htmls(parts: Parts, *names: str) -> list[str]:
    """Return what the elements called *names* say as HTML, but for Media RSS: a picture has a title, too."""
    found = (part for name in names for part in parts.get(name, ()))
    return [_html(part) for part in found if not part.tag.startswith(MEDIA)]


def _html(part: etree._Element) -> str:
    """Return what an element says as HTML: its text is that already, unless it says so (RFC 4287 section 3.1)."""
    kind = (part.get("type") or part.get("mode") or "").lower()
    if len(part):
        for one in part.iter(etree.Element):
            name = name_of(one)
            one.tag = name if NAME.fullmatch(name) else "span"
        etree.cleanup_namespaces(part)
        inner = "".join(etree.tostring(one, encoding="unicode") for one in part)
        return f"{escape(part.text or '')}{inner}".strip()
    text = (part.text or "").strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()
    if "<" not in text and MARKUP.match(twice := unescape(text)):
        # Some systems escape what is escaped, or put one CDATA into another.
        text = twice
    atom = part.tag.startswith("{http://www.w3.org/2005/Atom}")
    if (kind in {"text", "text/plain"} or (atom and not kind)) and not MARKUP.search(text):
        text = unescape(text) if name_of(part) == "title" and ESCAPED.search(text) else text
        return _paragraphs(text) if "\n\n" in text else escape(text)
    return text if MARKUP.search(text) or "\n\n" not in text else _paragraphs(text, marked=True)


def _film(part: etree._Element) -> str:
    """Return a film's words as HTML, each line its own, without its chapters and lines of nothing but hashtags."""
    text = part.text or ""
    if len(part) or MARKUP.search(text):
        return _html(part)
    lines = [line.strip() for line in text.split("\n")]
    chaptered = any(BEGINNING.match(line) for line in lines)
    kept = [one for one in lines if not HASHTAGS.fullmatch(one) and not (chaptered and CHAPTER.match(one))]
    return _paragraphs("\n".join(kept)).replace("\n", "<br>")


def _paragraphs(text: str, *, marked: bool = False) -> str:
    parts = (one if marked else escape(one) for one in re.split(r"\n\s*\n", text) if one.strip())
    return "".join(f"<p>{one}</p>" for one in parts)
