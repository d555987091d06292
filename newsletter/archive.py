"""A sent issue as everybody may read it: what was frozen for the send, with nothing of any reader in it.

Personal fields show their fallbacks, and personal links lead to the page where a reader asks for their own; a
question is there with its answers, which lead nowhere. All else is byte for byte what was sent. Opens nothing.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from lxml import html

from newsletter import personal
from newsletter.model import Entry, Rendered, Token
from newsletter.personal import LINKS
from newsletter.render import fill

#: Nothing of a reader: not even whether they have a name.
NOBODY = "preferences"
#: What XML 1.0 cannot hold, not even as a reference (section 2.2).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bygone:
    """A sent issue in one language. *html* is the letter; *sent* when it went out first.

    *calendar* are the events in it that readers can put into their own calendar.
    """

    slug: str
    language: str
    subject: str
    preheader: str
    html: str
    text: str
    sent: datetime
    calendar: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A link above a letter: to all issues, to a twin, to sign up. *language* is that of what it leads to."""

    href: str
    words: str
    language: str = ""


def bygone(rendered: Rendered, base_url: str, sent: datetime) -> Bygone:
    """Return what a variant says to nobody in particular. *base_url* is where readers reach the pages."""
    filled = fill(_closed_up(_unanswered(rendered)), dict.fromkeys(LINKS, f"{base_url}/{NOBODY}"))
    page = filled.html
    for each in rendered.enclosed:
        content = base64.b64encode(each.content).decode("ascii")
        page = page.replace(f"cid:{each.cid}", f"data:image/{each.kind.removeprefix('image/')};base64,{content}")
    events = tuple(_told(each, rendered.tokens) for each in rendered.calendar)
    return Bygone(
        rendered.issue, rendered.language, filled.subject, filled.preheader, page, filled.text, sent, events
    )


def _unanswered(rendered: Rendered) -> Rendered:
    for token in rendered.tokens:
        if token.name == personal.ANSWER:
            page, text = personal.unanswered(rendered.html, rendered.text, token.mark)
            return replace(rendered, html=page, text=text)
    return rendered


def _closed_up(rendered: Rendered) -> Rendered:
    """Return *rendered* without what parts words from a field that is empty here: ``Dear {{ name }}!``."""
    marks = [
        token.mark
        for token in rendered.tokens
        if token.mark and not (token.fallback or token.choice or token.name in LINKS)
    ]
    if not marks:
        return rendered
    gap = re.compile(f",? (?={'|'.join(map(re.escape, marks))})")
    parts = (gap.sub("", part) for part in (rendered.subject, rendered.preheader, rendered.html, rendered.text))
    subject, preheader, page, text = parts
    return replace(rendered, subject=subject, preheader=preheader, html=page, text=text)


def framed(one: Bygone, ways: Iterable[Way], label: str, told: str = "") -> str:
    """Return the letter with a line of links above it, and in its head what is *told* of it.

    *label* says what the links are to who hears them.
    """
    page = _HEAD.sub(lambda found: found[0] + told, one.html, count=1)
    return _BODY.sub(lambda found: found[0] + bar(ways, label), page, count=1)


def told(one: Bygone, name: str, pages: Mapping[str, str]) -> str:
    """Return what a letter's head tells sites that lead to it: title, first words and picture, for a card of it.

    *name* is the letter's own; *pages* are the addresses of its twins by language, its own too, where those are
    known. Sources: the Open Graph protocol (ogp.me); HTML standard, section 4.6.7 (canonical, alternate).
    """
    own = pages.get(one.language, "")
    said = {
        "og:type": "article",
        "og:site_name": name,
        "og:title": one.subject,
        "og:description": one.preheader,
        "og:url": own,
        "article:published_time": one.sent.isoformat(),
    } | _pictured(one.html)
    tags = [f'<meta property="{tag}" content="{escape(words)}">' for tag, words in said.items() if words]
    if one.preheader:
        tags.append(f'<meta name="description" content="{escape(one.preheader)}">')
    if "og:image" in said:
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    if own:
        tags.append(f'<link rel="canonical" href="{escape(own)}">')
    if len(pages) > 1:
        tags += [
            f'<link rel="alternate" hreflang="{escape(code)}" href="{escape(href)}">'
            for code, href in pages.items()
        ]
    return "".join(tags)


def _pictured(page: str) -> dict[str, str]:
    """Return the first picture on the web that a letter shows, and its words; its logo is none."""
    for image in html.document_fromstring(page).iter("img"):
        around = " ".join(one.get("class", "") for one in image.iterancestors()).split()
        src = image.get("src", "")
        if src.startswith(("https://", "http://")) and "logo" not in around:
            return {"og:image": src, "og:image:alt": image.get("alt", "")}
    return {}


def bar(ways: Iterable[Way], label: str) -> str:
    """Return the line of links. It has its own colours, dark where the letter is, and none of the letter's names.

    A browser that knows no ``light-dark`` (CSS Color Level 5, section 3) keeps the light ones.
    """
    ink = _both("color", "#004a99", "#9ccaff")
    links = "".join(
        f'<a href="{escape(way.href)}"{_tongue(way)} style="{ink}text-decoration:underline;'
        f'display:inline-block;padding:10px 12px">{escape(way.words)}</a>'
        for way in ways
    )
    style = (
        f"{_both('background-color', '#ffffff', '#1c1c1c')}border-bottom:1px solid;"
        f"{_both('border-bottom-color', '#c8c8c8', '#4a4a4a')}text-align:center;"
        "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:24px"
    )
    return f'<nav aria-label="{escape(label)}" style="{style}">{links}</nav>'


def _both(name: str, light: str, dark: str) -> str:
    return f"{name}:{light};{name}:light-dark({light},{dark});"


def _told(one: Entry, tokens: tuple[Token, ...]) -> Entry:
    """Return an event as nobody in particular reads it."""
    return replace(one, title=personal.fill(one.title, tokens, {}), place=personal.fill(one.place, tokens, {}))


def _tongue(way: Way) -> str:
    return f' lang="{escape(way.language)}" hreflang="{escape(way.language)}"' if way.language else ""


def feed(
    issues: Iterable[tuple[Bygone, str]], *, title: str, author: str, page: str, own: str, language: str
) -> str:
    """Return an Atom feed (RFC 4287) of issues, the latest first, each with the address of its page.

    *page* is the address of the index and *own* of the feed itself; *author* is whom the letter is from.
    """
    rows = list(issues)
    updated = max((one.sent for one, _ in rows), default=None)
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_xml(language)}">',
        f"<title>{_xml(title)}</title>",
        f"<id>{_xml(own)}</id>",
        f'<link rel="self" type="application/atom+xml" href="{_xml(own)}"/>',
        f'<link rel="alternate" type="text/html" href="{_xml(page)}"/>',
        f"<author><name>{_xml(author)}</name></author>",
        # A feed must say when it changed; an empty one has not.
        f"<updated>{updated.isoformat() if updated else '1970-01-01T00:00:00+00:00'}</updated>",
    ]
    return "\n".join([*head, *(_entry(one, address) for one, address in rows), "</feed>", ""])


def _entry(one: Bygone, address: str) -> str:
    return (
        f"<entry><title>{_xml(one.subject)}</title><id>{_xml(address)}</id>"
        f'<link rel="alternate" type="text/html" href="{_xml(address)}"/>'
        f"<published>{one.sent.isoformat()}</published><updated>{one.sent.isoformat()}</updated>"
        f"<summary>{_xml(one.preheader)}</summary></entry>"
    )


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))
