"""Turn the bytes of a page, or a mail's header, into text, in any encoding. Guesses as browsers do; never fails.

Source of the order: WHATWG Encoding and HTML standards (byte order mark, then what was declared, then a guess).
"""

import codecs
import re
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: A page says its encoding in its first kilobyte (HTML standard, 4.2.5.4); scrapers put things before it.
SNIFFED = 2048
DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
#: Programs name the encoding of their own strings, and write another (HTML standard, 13.2.3.2).
WIDE = re.compile(r"utf[-_]?(?:16|32)|u16|u32|(?:iso-10646-)?ucs|csunicode|unicode", re.IGNORECASE)
#: What people call Latin-1 is Windows-1252 in practice (WHATWG Encoding, labels).
LATIN = frozenset({"iso8859-1", "ascii", "latin-1", "iso8859-15"})
#: What Python calls encodings too: ways to write names, and bytes within programs. Some take minutes for a page.
NO_PAGES = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "utf7"})

#: The letters of Windows-1252 as octets; five of them it leaves open, and everybody takes as they are.
LATIN_OCTETS = {bytes([octet]).decode("cp1252", "ignore") or chr(octet): octet for octet in range(128, 256)}
#: The control characters of Latin-1 that nobody writes, and the letters of Windows-1252 that are meant by them.
C1 = {octet: letter for letter, octet in LATIN_OCTETS.items() if octet < 160 and letter != chr(octet)}
#: To look for each by itself is faster than to look for any.
CONTROLS = [*map(chr, C1)]
#: Octets that are no UTF-8, as Python keeps them; and those that are letters rather than half of one that was cut:
#: quotation marks, dashes, and all letters but the three that begin most of UTF-8.
ODD = re.compile("[\udc80-\udcff]+")
MEANT = {chr(0xDC00 + octet) for octet in (0x80, 0x85, *range(0x91, 0x98), *range(0xC0, 0x100))} - {
    *"\udcc2\udcc3\udce2"
}
#: More comments than this are in no line of addresses that a person wrote.
COMMENTS = 100
#: What UTF-8 looks like that somebody took for Windows-1252 and encoded again: surely, and then all of it.
SURELY = re.compile("Ã[¤¥¶©¼¨]")
TWICE = re.compile(f"[ÂÃ][{''.join(list(LATIN_OCTETS)[:64])}]|â€[{''.join(list(LATIN_OCTETS)[:64])}]")


def decode(data: bytes, declared: str = "") -> str:
    """Return *data* as text without a byte order mark; *declared* is what a server said, or ""."""
    text = _decoded(data, declared)
    if text.isascii():
        return text
    text = text.translate(C1) if any(sign in text for sign in CONTROLS) else text
    return TWICE.sub(_once, text) if SURELY.search(text) else text


def header(field: str) -> str:
    """Return a field of a mail's header on one line, its encoded words (RFC 2047) read as far as they can be."""
    if "=?" in field:
        with suppress(MessageError, LookupError, ValueError):
            field = str(make_header(decode_header(field)))
    return " ".join(field.split())


def people(field: str) -> list[tuple[str, str]]:
    """Return the names and addresses in a field of a mail's header (RFC 5322 section 3.4).

    None where comments are opened without end: they may nest, and Python's reader goes into each, until it fails.
    """
    return getaddresses([field]) if field.count("(") <= COMMENTS else []


def _once(found: re.Match[str]) -> str:
    """Return the letter that was encoded twice, or what stands there where it was not."""
    octets = bytes(LATIN_OCTETS.get(character, 0) for character in found[0])
    try:
        return octets.decode()
    except ValueError:
        return found[0]


def _decoded(data: bytes, declared: str) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    found = DECLARED.search(data[:SNIFFED])
    for name in (declared, found[1].decode("ascii") if found else ""):
        # What can be read as it stands, octet by octet, is written in none of the wide encodings.
        wide = found and WIDE.match(name.strip())
        if not wide and (text := _try(data, name)) is not None:
            return text
    return _guess(data)


def _try(data: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    if codec.replace("_", "-") in NO_PAGES:
        return None
    # Servers say Latin-1 of everything; what reads as UTF-8 is hardly ever that.
    for each in ("utf-8", "cp1252") if codec in LATIN else (codec,):
        with suppress(LookupError, ValueError):
            return data.decode(each)
    return None


def _guess(data: bytes) -> str:
    # Every other byte of European text in UTF-16 is zero.
    if data[:400].count(0) * 5 > len(data[:400]) * 2:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    with suppress(ValueError):
        return data.decode()
    text = data.decode("utf-8", "surrogateescape")
    bad = sum(map(len, ODD.findall(text)))
    good = sum(character > "\x7f" for character in text) - bad
    # One cut letter in a page of good ones is a cut page, and one of Windows a letter: no other encoding either.
    return ODD.sub(_meant if bad * 10 <= good else _letters, text)


def _meant(found: re.Match[str]) -> str:
    """Return the letter of Windows-1252 that somebody put into UTF-8, or a sign for what was cut."""
    return _letters(found) if found[0] in MEANT else "\ufffd"


def _letters(found: re.Match[str]) -> str:
    """Return octets as letters of Windows-1252."""
    return found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
