"""Refuse documents that are no text, and say what they are and what to do."""

import re

from newsletter.errors import SourceError
from newsletter.reading import mail

#: No text has so many of these signs: one in twenty.
UNREADABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
RARELY = 20
#: So much of a document tells whether it is text, in characters.
LOOKED = 4096
#: A file of Windows or macOS that a double click opens in the browser.
SHORTCUT = re.compile(r"\A\s*\[InternetShortcut\][^<]*?\bURL=(\S+)|<key>URL</key>\s*<string>([^<\s]+)")
TABLES = frozenset({".csv", ".tsv", "text/csv"})
#: How files that are no text begin, and what they are.
FILES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip file",
    b"SQLite format 3": "a database",
    b"RIFF": "a picture or a recording",
    b"OggS": "a recording",
    b"ID3": "a recording",
    b"BEGIN:VCALENDAR": "a calendar",
    b"BEGIN:VCARD": "an address card",
}


def refuse(data: bytes, text: str, kind: str, where: str) -> None:
    """Raise SourceError if the document *data*, decoded as *text*, is no text that holds an article.

    *kind* is its media type or its file's ending, in lower case, *where* its name in messages.
    """
    begins = text[:LOOKED]
    known = next((f"{what}, not text" for start, what in FILES.items() if data.startswith(start)), "")
    if not known and mail.is_mail(data, kind):
        known = "a mail, or a page saved as one, not text"
    if not known and len(UNREADABLE.findall(begins)) * RARELY > len(begins):
        known = "not text"
    if known:
        remedy = "save its text as .txt, .md or .html and add that"
        raise SourceError(f"this is {known}", where=where, remedy=remedy)
    if shortcut := SHORTCUT.search(begins):
        raise SourceError(
            "this only leads to a page", where=where, remedy=f"add that: {shortcut[1] or shortcut[2]}"
        )
    if kind in TABLES:
        remedy = "people come in by `newsletter subscribers import`"
        raise SourceError("this is a table, not text", where=where, remedy=remedy)
