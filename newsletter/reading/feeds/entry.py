"""Make a RawItem of one entry of a feed: its page, words, writer, days, tags and picture."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from lxml import etree

from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem, Source
from newsletter.reading import value
from newsletter.reading.feeds import export, feedtime, wording
from newsletter.reading.feeds.element import MEDIA, Parts, first_of, name_of, text_of
from newsletter.reading.html import button, imagetag, mainpart, markup, untitled
from newsletter.reading.html.element import TAG
from newsletter.reading.words import locked, paragraphs
from newsletter.reading.words.language import told
from newsletter.reading.words.occasion import MOMENT, Occasion

PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)
#: The hashtags behind a film's title.
TAGGED = re.compile(r"(?<=\S)(?:\s+#\w{1,60}){1,20}\s*$")
#: A picture that is said to be narrower than this, in pixels, is the face of who wrote.
FACE = 100
#: Who wrote is told in at most so many characters.
NAMES = 500
#: A tag of more characters is several with commas between them; and the most tags of an entry.
LISTED, MANY = 60, 50
#: A mail address, as it stands beside a name.
ADDRESS = re.compile(r"<?(?:mailto:)?[^\s<>(),;@]{1,200}@[^\s<>(),;@]{1,200}>?")
#: What is a page though its type says that it is for a program.
XHTML = frozenset({"application/xhtml+xml", "application/xml+xhtml"})
#: A picture is described in at most so many characters.
ALT = 300
BASE, LANG = ("{http://www.w3.org/XML/1998/namespace}" + name for name in ("base", "lang"))


def read(
    entry: etree._Element, parts: Parts, source: Source, url: str, language: str, writer: str
) -> RawItem | None:
    """Return one entry, or None for one that says nothing. *writer* wrote what names nobody."""
    html, summary = wording.bodies(entry, parts)
    title = next((said for said in wording.htmls(parts, "title") if said and not untitled.is_missing(said)), "")
    title = TAGGED.sub("", title) if "group" in parts else title
    if (paper := first_of(parts, "source")) and title.endswith(f" - {paper}"):
        # What gathers the news of others says whose each is, and nothing else under the title.
        title = title.removesuffix(f" - {paper}")
        html, summary = ("", "") if markup.words(html) == markup.words(f"{title} {paper}") else (html, summary)
    if not (title.strip() or html.strip()) or locked.is_locked(html):
        return None
    guid = first_of(parts, "guid", "id") or entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""
    base = _base(entry, url)
    link = _page(parts, guid, base)
    published = feedtime.moment(first_of(parts, "pubDate", "published", "issued", "created", "date"), source.zone)
    updated = feedtime.moment(first_of(parts, "updated", "modified", "lastBuildDate"), source.zone)
    body = mainpart.body(button.without(html, link))
    named = entry.get(LANG) or first_of(parts, "language") or language
    return RawItem(
        source=source.name,
        title=title,
        url=link,
        guid=guid or link,
        base=_base_of_body(parts, base if base != url else "") or link or url,
        html=paragraphs.listed(_occasion(parts, source).announced(source.zone)) + body if body else "",
        summary=body if summary == html else button.without(summary, link),
        author=_author(parts) or _credited(entry) or (maker(parts["source"][0]) if "source" in parts else writer),
        published=published or updated,
        updated=updated,
        language=source.language or told(f"{title} {TAG.sub(' ', html)}", named),
        image=_image(entry, base),
        tags=(*source.tags, *islice(_tags(parts), MANY)),
    )


def _occasion(parts: Parts, source: Source) -> Occasion:
    """Return the event that an entry tells of, by RSS 1.0's module for events or in the words of calendars."""

    def at(*names: str) -> str:
        said = first_of(parts, *names)
        told = None if MOMENT.match(said) else feedtime.moment(said, source.zone)
        return told.astimezone(source.zone).isoformat() if told else said

    place = " ".join(first_of(parts, "location").split())
    return Occasion(at("startdate", "dtstart"), at("enddate", "dtend"), place)


def _page(parts: Parts, guid: str, base: str) -> str:
    """Return the address of an entry's page: its link, or its *guid*; "" for none."""
    permanent = all(one.get("isPermaLink") != "false" for one in parts.get("guid", ()))
    # What can be heard or seen has no other page in some feeds.
    files = (one for one in parts.get("enclosure", ()) if (one.get("type") or "").startswith(("audio/", "video/")))
    said = [guid] if permanent and guid.startswith(("http://", "https://")) else []
    said += [one.get("url") or "" for one in files]
    return _link(parts, base) or next(filter(None, (dialect.address(one, base, dialect.WEB) for one in said)), "")


def _link(parts: Parts, base: str) -> str:
    """Return the address of the entry's own page: RSS's text, or Atom's alternate link; "" for none on the web."""
    links = parts.get("link", ())
    # Feedburner counts whoever comes by its own address; some systems escape one twice.
    texts = (*parts.get("origLink", ()), *links)
    said = [one.text.strip().replace("&amp;", "&") for one in texts if one.text and not one.get("href")]
    for one in sorted(links, key=lambda one: bool(one.get("hreflang"))):
        kind = (one.get("type") or "").lower()
        page = kind in XHTML or not kind.startswith("application/")
        if one.get("href") and one.get("rel", "alternate") == "alternate" and page:
            said.append(str(one.get("href")))
    return next(filter(None, (dialect.address(markup.direct(one), base, dialect.WEB) for one in said if one)), "")


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
        person = next((one.text for one in part if name_of(one) == "name" and one.text), None)
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


def maker(feed: etree._Element) -> str:
    """Return who wrote the entries of *feed* that name nobody (RFC 4287 section 4.2.1), but for its own name."""
    name = _author({"author": [one for one in feed if name_of(one) == "author"]})
    return "" if name == text_of(feed, "title") else name


def _tags(parts: Parts) -> Iterable[str]:
    filed = (one for one in parts.get("category", ()) if export.is_subject(one))
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
        name, kind = name_of(one), one.get("type") or one.get("medium") or ""
        if name == "link" and one.get("rel") != "enclosure":
            continue
        if name in {"content", "thumbnail", "enclosure", "link", "image"}:
            address = one.get("url") or one.get("href") or ""
            address = address or ((one.text or "").strip() or text_of(one, "url") if name == "image" else "")
            src = dialect.address(address, url, dialect.WEB) if address.strip() else ""
            known = (
                kind.startswith("image") or name in {"thumbnail", "image"} or (not kind and PICTURES.search(src))
            )
            size = (value.number(one.get("width")), value.number(one.get("height")))
            if src and known and not 0 < size[0] < FACE:
                told = next((part.text for part in one.iterchildren(MEDIA + "description") if part.text), "")
                alt = " ".join(told.split())[:ALT]
                found.append((name == "thumbnail", imagetag.unfit(size[0]), Picture(src, alt, *size)))
    return min(found, key=lambda each: each[:2])[2] if found else None
