"""Refuse documents that are no text, and say what they are and what to do."""

import re

from newsletter import filekind
from newsletter.errors import SourceError
from newsletter.reading import mail, value

#: No text has so many of these signs: one in twenty.
UNREADABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
RARELY = 20
#: So much of a document tells whether it is text, in characters.
LOOKED = 4096
#: A file of Windows or macOS that a double click opens in the browser.
SHORTCUT = re.compile(r"\A\s*\[InternetShortcut\][^<]*?\bURL=(\S+)|<key>URL</key>\s*<string>([^<\s]+)")
#: What some XML is that is for programs: a list of feeds, a list of pages, a drawing, anything else.
XML = re.compile(r"\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(opml|urlset|sitemapindex)\b", re.DOTALL)
#: What other XML begins with: a declaration, and an element that is none of a page.
OTHER_XML = re.compile(
    r"\s*<\?xml\b[^>]*>(?:\s*(?:<[?!][^>\[]*>|<!--.{0,2000}?-->))*\s*<(?!(?:html|head|body|article|main|div|p|h1)\b)\w",
    re.DOTALL | re.IGNORECASE,
)
LISTS = {
    "opml": ("a list of feeds (OPML)", "make each feed that it names a source"),
    "urlset": ("a sitemap", "make its address a source"),
    "sitemapindex": ("a sitemap", "make its address a source"),
}
OTHERWISE = "name the page's own address, or the feed of its site"
JSON = frozenset({".json", "application/json", "text/json", "application/activity+json", "application/ld+json"})
TABLES = frozenset({".csv", ".tsv", "text/csv"})


def refuse(data: bytes, text: str, kind: str, where: str) -> None:
    """Raise SourceError if the document *data*, decoded as *text*, is no text that holds an article.

    *kind* is its media type or its file's ending, in lower case, *where* its name in messages.
    """
    begins = text[:LOOKED]
    known = f"{what}, not text" if (what := filekind.of(data)) else ""
    if not known and mail.is_mail(data, kind):
        known = "a mail, or a page saved as one, not text"
    if not known and len(UNREADABLE.findall(begins)) * RARELY > len(begins):
        known = "not text"
    if known:
        raise SourceError(f"this is {known}", where=where, remedy=filekind.way(where))
    if shortcut := SHORTCUT.search(begins):
        raise SourceError(
            "this only leads to a page", where=where, remedy=f"add that: {shortcut[1] or shortcut[2]}"
        )
    if found := XML.match(begins):
        what, remedy = LISTS[found[1]]
        raise SourceError(f"this is {what}, not text", where=where, remedy=remedy)
    if OTHER_XML.match(begins):
        raise SourceError("this is data for programs (XML), not text", where=where, remedy=OTHERWISE)
    if begins.lstrip()[:1] in ("{", "[") and isinstance(value.document(text), list | dict):
        hint = "" if kind in JSON else "posts of WordPress are read from a file named .json; else "
        raise SourceError("this is data for programs (JSON), not text", where=where, remedy=hint + OTHERWISE)
    if kind in TABLES:
        remedy = "people come in by `newsletter subscribers import`"
        raise SourceError("this is a table, not text", where=where, remedy=remedy)
