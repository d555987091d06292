"""Read RSS 0.9 to 2.0, RDF and Atom into RawItems. Forgives what feeds get wrong; resolves no entity.

Sources: RSS 2.0 (rssboard.org), RSS 1.0 (purl.org/rss/1.0), Atom (RFC 4287), Media RSS, Dublin Core. Elements are
known by their local names, as feeds bind prefixes as they like.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from itertools import islice
from urllib.parse import urldefrag

from lxml import etree

from newsletter.entities import unescape
from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem, Source
from newsletter.reading import value
from newsletter.reading.charset import decode
from newsletter.reading.feeds import export, feedtime, feedtree
from newsletter.reading.feeds.export import Parts
from newsletter.reading.html import button, mainpart, untitled
from newsletter.reading.html.element import TAG
from newsletter.reading.words import locked
from newsletter.reading.words.language import told

#: The most entries of one feed; a monthly letter needs the newest few dozen.
MOST = 300
PAGE = re.compile(
    rb"\s*+(?:<!--(?:[^-]++|-(?!->))*-->\s*+)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)
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
#: The hashtags behind a film's title.
TAGGED = re.compile(r"(?<=\S)(?:\s+#\w{1,60}){1,20}\s*$")
#: What Atom escapes once, and some systems twice.
ESCAPED = re.compile(r"&(?:amp|quot|apos|nbsp|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
#: What arXiv writes before an abstract.
ANNOUNCED = re.compile(r"\s{0,9}arXiv:\S{1,60} Announce Type: \S{1,60}\s{1,9}Abstract:\s{1,9}")
#: A picture that is said to be narrower than this, in pixels, is the face of who wrote.
FACE = 100
#: Who wrote is told in at most so many characters.
NAMES = 500
#: A tag of more characters is several with commas between them; and the most tags of an entry.
LISTED, MANY = 60, 50
#: A title that says nothing without the feed's own: a program's version.
VERSION = re.compile(r"v?\d{1,5}(?:\.\d{1,5}){1,3}(?:[-+.]?\w{1,20}){0,4}")
#: A mail address, as it stands beside a name.
ADDRESS = re.compile(r"<?(?:mailto:)?[^\s<>(),;@]{1,200}@[^\s<>(),;@]{1,200}>?")
#: What is a page though its type says that it is for a program.
XHTML = frozenset({"application/xhtml+xml", "application/xml+xhtml"})
#: A picture is described in at most so many characters.
ALT = 300
BASE, LANG = ("{http://www.w3.org/XML/1998/namespace}" + name for name in ("base", "lang"))
#: The name of what WordPress exports a summary in.
EXCERPT = "/excerpt/}"
MEDIA = "{http://search.yahoo.com/mrss/}"


def is_feed(data: bytes, kind: str = "") -> bool:
    """Whether *data* looks like a feed; *kind* is its media type as the server said it."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"\0" in head:
        head = decode(head).encode().lower()
    if re.search(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", head):
        return True
    return kind.endswith(("rss+xml", "atom+xml", "rdf+xml")) and not head.startswith((b"<!doctype html", b"<html"))


def items(data: bytes, source: Source, url: str, charset: str = "") -> tuple[RawItem, ...]:
    """Return the entries of the feed *data*, which came from *url*; *charset* is what the server said.

    Raise SourceError if it is no feed.
    """
    if feedtree.ENTITIES.search(data):
        remedy = "ask its operator for a plain feed"
        raise SourceError("the feed declares entities, as attacks do", where=url, remedy=remedy)
    root, fault = feedtree.grown(data, charset)
    name = _name(root) if root is not None else ""
    if root is None or name not in {"rss", "RDF", "feed", "channel"}:
        raise _no_feed(url, data, fault)
    channel = next((one for one in root if _name(one) == "channel"), root)
    language = _said(channel, "language") or root.get(LANG) or channel.get(LANG) or ""
    wanted = {"entry"} if name == "feed" else {"item"}
    writer = _maker(root) if name == "feed" else ""
    found = [one for one in root.iter(etree.Element) if _name(one) in wanted]
    known = [(one, _parts(one)) for one in found]
    told = export.read(channel, [parts for _, parts in known])
    known = [(one, parts) for one, parts in known if _is_out(parts)] if told else known
    known = known[-MOST:] if len(known) > MOST and _grows(known) else known[:MOST]
    read = [
        export.completed(item, parts, told) if told else item
        for one, parts in known
        if (item := _item(one, parts, source, url, language, writer)) is not None
    ]
    if fault and not read:
        raise _no_feed(url, data, fault)
    own = " ".join(_said(channel, "title").split())
    return tuple(_own_names(_whole_title(item, own) for item in read))


def _whole_title(item: RawItem, own: str) -> RawItem:
    """Return *item*; if it is called by a version alone, the *own* title of its feed stands before that."""
    return replace(item, title=f"{own} {item.title}") if own and VERSION.fullmatch(item.title) else item


def _grows(entries: Sequence[tuple[etree._Element, Parts]]) -> bool:
    """Whether a feed adds its newest entry at its end."""
    first, last = (
        feedtime.moment(_first(parts, "pubDate", "published")) for _, parts in (entries[0], entries[-1])
    )
    return first is not None and last is not None and first < last


def _no_feed(url: str, data: bytes, fault: str) -> SourceError:
    if not data.strip():
        return SourceError("the server sent nothing", where=url, remedy="check the address in a browser")
    if PAGE.match(data):
        remedy = 'name the feed\'s own address, or say kind = "auto", or "page" for this page alone'
        return SourceError("this is a web page, no feed", where=url, remedy=remedy)
    told = fault.partition(" (<string>")[0].partition(", line")[0]
    what = f"this is no feed: {told}" if told else "this is no feed"
    return SourceError(what, where=url, remedy='check the address in a browser; a page needs kind = "page"')


def _item(
    entry: etree._Element, parts: Parts, source: Source, url: str, language: str, writer: str
) -> RawItem | None:
    """Return one entry, or None for one that says nothing. *writer* wrote what names nobody."""
    if not _is_out(parts):
        return None
    html, summary = _bodies(entry, parts)
    title = next((said for said in _htmls(parts, "title") if said and not untitled.is_missing(said)), "")
    title = TAGGED.sub("", title) if "group" in parts else title
    if not (title.strip() or html.strip()) or locked.is_locked(html):
        return None
    guid = _first(parts, "guid", "id") or entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""
    base = _base(entry, url)
    link = _page(parts, guid, base)
    published = feedtime.moment(_first(parts, "pubDate", "published", "issued", "created", "date"), source.zone)
    updated = feedtime.moment(_first(parts, "updated", "modified", "lastBuildDate"), source.zone)
    named = entry.get(LANG) or _first(parts, "language") or language
    return RawItem(
        source=source.name,
        title=title,
        url=link,
        guid=guid or link,
        base=_base_of_body(parts, base if base != url else "") or link or url,
        html=mainpart.body(button.without(html, link)),
        summary=button.without(summary, link),
        author=_author(parts) or _credited(entry) or (_maker(parts["source"][0]) if "source" in parts else writer),
        published=published or updated,
        updated=updated,
        language=source.language or told(f"{title} {TAG.sub(' ', html)}", named),
        image=_image(entry, base),
        tags=(*source.tags, *islice(_tags(parts), MANY)),
    )


def _parts(entry: etree._Element) -> dict[str, list[etree._Element]]:
    """Return an entry's elements by their local names, the feed's own before those of other vocabularies."""
    found: dict[str, list[etree._Element]] = {}
    for part in entry.iterchildren(etree.Element):
        found.setdefault(_name(part), []).append(part)
    for named in found.values():
        named.sort(key=lambda one: _space(one) != _space(entry))
    return found


def _is_out(parts: Parts) -> bool:
    """Whether an entry of WordPress's export is text, published, and without a password; any other feed's is."""
    return "post_type" not in parts or (
        _first(parts, "post_type") in {"", "post", "page"}
        and _first(parts, "status") == "publish"
        and not _first(parts, "post_password")
    )


def _name(element: etree._Element) -> str:
    """Return an element's local name; a prefix that the feed forgot to declare is still one."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def _space(element: etree._Element) -> str:
    """Return what stands before an element's local name: its namespace, or a prefix that nobody declared."""
    return str(element.tag).removesuffix(_name(element))


@lru_cache(500)
def _local(tag: str) -> str:
    return re.split(r"[}:]", tag)[-1]


def _said(element: etree._Element, name: str) -> str:
    return next((one.text.strip() for one in element if _name(one) == name and one.text), "")


def _first(parts: Parts, *names: str) -> str:
    """Return the first of the elements called *names* that says something."""
    for name in names:
        for part in parts.get(name, ()):
            words = "".join(part.itertext()).strip()
            if words:
                return words
    return ""


def _htmls(parts: Parts, *names: str) -> list[str]:
    """Return what the elements called *names* say as HTML, but for Media RSS: a picture has a title, too."""
    found = (part for name in names for part in parts.get(name, ()))
    return [_html(part) for part in found if not part.tag.startswith(MEDIA)]


def _bodies(entry: etree._Element, parts: Parts) -> tuple[str, str]:
    """Return the longest body and the summary, both as HTML."""
    excerpts = [one for one in parts.get("encoded", ()) if EXCERPT in one.tag]
    bodies = [_html(one) for one in parts.get("encoded", ()) if one not in excerpts]
    bodies += _htmls(parts, "content", "body")
    described = _htmls(parts, "description", "summary", "abstract", "subtitle")
    longest = max((*bodies, *described), key=len, default="")
    if not longest:
        # Films have their words in Media RSS only.
        groups = (entry, *entry.iterchildren(MEDIA + "group"))
        longest = next((_film(one) for group in groups for one in group.iterchildren(MEDIA + "description")), "")
    both = (longest, next(filter(None, (*map(_html, excerpts), *described)), ""))
    body, summary = (ANNOUNCED.sub("", one) if "arXiv:" in one else one for one in both)
    return body, summary


def _page(parts: Parts, guid: str, base: str) -> str:
    """Return the address of an entry's page: its link, or its *guid*; "" for none."""
    permanent = all(one.get("isPermaLink") != "false" for one in parts.get("guid", ()))
    # What can be heard or seen has no other page in some feeds.
    files = (one for one in parts.get("enclosure", ()) if (one.get("type") or "").startswith(("audio/", "video/")))
    said = [guid] if permanent and guid.startswith(("http://", "https://")) else []
    said += [one.get("url") or "" for one in files]
    return _link(parts, base) or next(filter(None, (dialect.address(one, base, dialect.WEB) for one in said)), "")


def _html(part: etree._Element) -> str:
    """Return what an element says as HTML: its text is that already, unless it says so (RFC 4287 section 3.1)."""
    kind = (part.get("type") or part.get("mode") or "").lower()
    if len(part):
        for one in part.iter(etree.Element):
            name = _name(one)
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
        text = unescape(text) if _name(part) == "title" and ESCAPED.search(text) else text
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


def _link(parts: Parts, base: str) -> str:
    """Return the address of the entry's own page: RSS's text, or Atom's alternate link; "" for none on the web."""
    links = parts.get("link", ())
    # Some systems escape an address twice.
    said = [one.text.strip().replace("&amp;", "&") for one in links if one.text and not one.get("href")]
    for one in sorted(links, key=lambda one: bool(one.get("hreflang"))):
        kind = (one.get("type") or "").lower()
        page = kind in XHTML or not kind.startswith("application/")
        if one.get("href") and one.get("rel", "alternate") == "alternate" and page:
            said.append(str(one.get("href")))
    return next(filter(None, (dialect.address(one, base, dialect.WEB) for one in said if one)), "")


def _base(entry: etree._Element, url: str) -> str:
    """Return what relative addresses start from: the feed's own, or what ``xml:base`` says."""
    chain = [one.get(BASE) for one in (entry, *entry.iterancestors())]
    return _joined(url, tuple(said for said in reversed(chain) if said))


@lru_cache(20)
def _joined(base: str, chain: tuple[str, ...]) -> str:
    for said in chain:
        base = dialect.address(said, base, dialect.WEB) or base
    return base


def _base_of_body(parts: Parts, base: str) -> str:
    said = next((one.get(BASE) for one in parts.get("content", ()) if one.get(BASE)), None)
    return (dialect.address(said, base, dialect.WEB) if said else "") or base


def _author(parts: Parts) -> str:
    """Return who wrote an entry: ``dc:creator``, Atom's persons, or RSS's address with a name."""
    names = []
    for part in (*parts.get("creator", ()), *parts.get("author", ())):
        person = next((one.text for one in part if _name(one) == "name" and one.text), None)
        words = (person or part.text or "").strip()[:NAMES]
        if "@" in words:
            named = re.findall(r"\(([^()@]{1,200})\)", words) or [ADDRESS.sub(" ", words)]
            words = ", ".join(one.strip(" ,;\"'") for name in named for one in re.split(r"\s[,;]", name))
        if words:
            names.append(" ".join(words.split()))
    return ", ".join(list(dict.fromkeys(names))[:3])


def _credited(entry: etree._Element) -> str:
    """Return who made a film, as Vimeo tells it (Media RSS, ``media:credit``)."""
    found = (one.text for one in entry.iter(MEDIA + "credit") if one.get("role") == "author")
    return next((" ".join(name.split())[:NAMES] for name in found if name), "")


def _maker(feed: etree._Element) -> str:
    """Return who wrote the entries of *feed* that name nobody (RFC 4287 section 4.2.1), but for its own name."""
    name = _author({"author": [one for one in feed if _name(one) == "author"]})
    return "" if name == _said(feed, "title") else name


def _tags(parts: Parts) -> Iterable[str]:
    filed = (one for one in parts.get("category", ()) if one.get("domain") not in export.OTHERS)
    for part in (*filed, *parts.get("subject", ())):
        words = part.get("label") or part.get("term") or part.text or part.get("text") or ""
        # So long is no tag, but a list of them.
        for one in words.split(",", MANY) if len(words) > LISTED else (words,):
            if one.strip():
                yield one.strip()


def _image(entry: etree._Element, url: str) -> Picture | None:
    """Return the picture that a feed gives an entry: media:content, media:thumbnail, an enclosure, or image."""
    found = []
    for one in entry.iter(etree.Element):
        name, kind = _name(one), one.get("type") or one.get("medium") or ""
        if name == "link" and one.get("rel") != "enclosure":
            continue
        if name in {"content", "thumbnail", "enclosure", "link", "image"}:
            address = one.get("url") or one.get("href") or ""
            address = address or ((one.text or "").strip() or _said(one, "url") if name == "image" else "")
            src = dialect.address(address, url, dialect.WEB) if address.strip() else ""
            known = (
                kind.startswith("image") or name in {"thumbnail", "image"} or (not kind and PICTURES.search(src))
            )
            size = (value.number(one.get("width")), value.number(one.get("height")))
            if src and known and not 0 < size[0] < FACE:
                told = next((part.text for part in one.iterchildren(MEDIA + "description") if part.text), "")
                alt = " ".join(told.split())[:ALT]
                found.append((name == "thumbnail", -size[0], Picture(src, alt, *size)))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _own_names(read: Iterable[RawItem]) -> Iterable[RawItem]:
    """Yield each entry once; the guids and addresses that several share tell no article from another."""
    once = list({(item.guid, item.url, item.title): item for item in read}.values())
    guids = Counter(item.guid for item in once)
    pages = Counter(urldefrag(item.url).url for item in once)
    for item in once:
        shared = bool(item.url) and pages[urldefrag(item.url).url] > 1
        yield replace(item, guid="" if guids[item.guid] > 1 else item.guid, shared=shared)
