"""Tell files that are no text by how they begin, and the way from them to a text. Reads no file."""

import re

#: How files that are no text begin, and what they are.
BEGIN = {
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
#: What lies in a zip file that is a document, and what that is (ECMA-376; OpenDocument 1.3, part 2, section 3).
INSIDE = {b"word/document.xml": "a Word file", b"application/vnd.oasis.opendocument.text": "an OpenDocument text"}
#: How a document begins that is what its name says: within so many bytes for a PDF (ISO 32000-1, annex H.3.4.1).
START = 1024
NAMED = {".pdf": (b"%PDF",), ".ics": (b"BEGIN:VCALENDAR",)} | dict.fromkeys(
    # A document with a password lies in another wrapping ([MS-OFFCRYPTO] 2.3.4).
    (".docx", ".pptx", ".odt", ".odp", ".epub"),
    (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
)
#: What pandoc makes Markdown of, by the end of its name.
PANDOC = (".docx", ".odt", ".rtf", ".rst", ".org")


def of(data: bytes) -> str:
    """Return what the file *data* is, such as "a PDF", or "" for what may be text."""
    known = next((what for start, what in BEGIN.items() if data.startswith(start)), "")
    if data.startswith(b"PK"):
        known = next((what for mark, what in INSIDE.items() if mark in data), known)
    return known


def otherwise(name: str, start: bytes) -> str:
    """Return what the file called *name* is that is not what its ending says; "" if it is, or nobody can know.

    *start* are its first START bytes.
    """
    signs = next((signs for ending, signs in NAMED.items() if name.casefold().endswith(ending)), ())
    if not signs or any(sign in start for sign in signs):
        return ""
    if not start:
        return "an empty file"
    page = re.search(rb"<(?:!doctype )?html|<head|<body", start, re.IGNORECASE)
    return of(start) or ("a web page" if page else "not what its name says")


def way(name: str) -> str:
    """Return how the text of the document called *name* is got out of it."""
    if name.casefold().endswith(PANDOC) and "://" not in name:
        stem = name.rpartition(".")[0]
        return (
            f'save it as a web page or plain text, or run in its folder: pandoc "{name}" -o "{stem}.md"; take that'
        )
    return "save its text as .txt, .md or .html and add that"
