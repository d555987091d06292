"""Write header fields: one field in, its bytes out, whatever the text is. Knows no message.

Source: RFC 5322 section 2.2 (fields and folding), RFC 2047 (encoded words). The standard library is not used,
because on Python 3.11 it lets a decoded word become a header of its own and loses spaces between words.
"""

import base64
import re
from collections.abc import Iterable, Iterator

from newsletter.errors import cited

#: RFC 2047 section 2: a line that holds an encoded word has at most 76 characters.
LINE = 76

#: RFC 2047 section 2: an encoded word has at most 75 characters; 45 bytes make 60 of base64 and 12 around.
BYTES = 45
AROUND = len("=?utf-8?b??=")

#: RFC 5322 section 2.1.1: no line over 998 characters. A longer word is encoded, and so cut.
LONGEST_WORD = 900

#: What most addresses and most people are: nothing in them needs a second look.
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+"
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
#: Control characters and separators of lines, and half a character (Unicode's categories Cc, Zl and Zp; Cs).
_BREAK, _HALF = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"), re.compile(r"[\ud800-\udfff]")
_ALONE, _NAMED = re.compile(_ADDRESS), re.compile(f"{_ATOMS} <{_ADDRESS}>")


def clean(text: str) -> str:
    """Return *text* as one line: no control character, line separator or lone surrogate is left."""
    if text.isprintable():
        return text.strip()
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", _BREAK.sub(" ", text)).strip()


def field(name: str, text: str) -> bytes:
    """Return the line or lines of an unstructured field, such as Subject."""
    value = clean(text)
    if _plain(value):
        return fold(name, value.split(" "))
    return fold(name, encoded(value, len(name) + 2))


def raw(name: str, value: str) -> bytes:
    """Return a field on one line, as it is: for URLs, which no program puts together again.

    Raise ValueError if *value* is not printable ASCII, or too long for a line (RFC 5322 section 2.1.1).
    """
    if not (value.isascii() and value.isprintable()) or len(name) + len(value) > 990:
        raise ValueError(f"{name} cannot stand on one line: {cited(value[:60])}")
    return f"{name}: {value}\r\n".encode("ascii")


def mailbox(name: str, person: str, address: str) -> bytes:
    """Return a field with one person: From, To, Reply-To. *person* "" leaves the address alone.

    An address outside ASCII is written as it is (RFC 6532): the message then needs SMTPUTF8.
    Raise ValueError for an address that could end the field or start another.
    """
    usual, whole = (_NAMED, f"{person} <{address}>") if person else (_ALONE, address)
    if usual.fullmatch(whole) and "=?" not in person and len(name) + len(whole) + 2 <= LINE:
        return f"{name}: {whole}\r\n".encode("ascii")
    if re.search(r"[\s<>,;:()\[\]\x00-\x1f\x7f]", address) or not address.isprintable():
        raise ValueError(f"no address can be written so: {cited(address[:60])}")
    words = phrase(person, len(name) + 2)
    return fold(name, [*words, f"<{address}>"] if words else [address])


def phrase(text: str, used: int) -> list[str]:
    """Return the words of a name before ``<``; *used* characters already stand on the first line."""
    value = clean(text)
    if not value:
        return []
    if _plain(value) and len(value) <= LINE - AROUND:
        if re.fullmatch(_ATOMS, value):
            return value.split(" ")
        return ['"' + re.sub(r'(["\\])', r"\\\1", value) + '"']
    return list(encoded(value, used))


def encoded(text: str, used: int) -> Iterator[str]:
    """Cut *text* at characters into encoded words; *used* characters already stand on the first line."""
    room = max(4, min(BYTES, (LINE - AROUND - used) // 4 * 3))
    whole, begin = text.encode("utf-8"), 0
    while begin < len(whole):
        end = begin + room
        while end < len(whole) and whole[end] & 0xC0 == 0x80:
            # Within a character.
            end -= 1
        yield f"=?utf-8?b?{base64.b64encode(whole[begin:end]).decode('ascii')}?="
        begin, room = end, BYTES


def fold(name: str, words: Iterable[str]) -> bytes:
    """Join *words* by spaces into lines of at most 76 characters where the words allow it."""
    lines: list[str] = []
    line = f"{name}:"
    for word in words:
        # The first word stays beside the name: a first line without text is what some programs stumble over.
        if len(line) + 1 + len(word) > LINE and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line, ""]).encode("utf-8")


def _plain(value: str) -> bool:
    """Whether *value* can stand as it is.

    A literal ``=?`` cannot, because somebody would decode it; nor can spaces in a row, which folding may lose.
    """
    if not value.isascii() or "=?" in value or "  " in value:
        return False
    return all(len(word) <= LONGEST_WORD for word in value.split(" "))
