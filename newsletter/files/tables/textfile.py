"""Open a file of text whatever its encoding, and tell how much of it was read."""

import codecs
import re
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Self


class TextFile:
    """A file that is open for reading as text, as a context manager. Raise OSError if it cannot be read.

    *newline* is that of `open`. *encoding* says what was found; *read* is how many of the *size* bytes were read.
    """

    def __init__(self, path: Path, newline: str | None = None) -> None:
        self._file = path.open("rb")
        self.size = path.stat().st_size
        self.encoding = encoding_of(path)
        self._text = TextIOWrapper(self._file, self.encoding, errors="replace", newline=newline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._text.close()

    @property
    def read(self) -> int:
        """How many bytes were read."""
        return self._file.tell()


def encoding_of(path: Path) -> str:
    """Return the name of the encoding.

    By byte order mark, by NULs (UTF-16), by trying UTF-8, and then by where in the upper half letters stand:
    Excel on a Mac still writes Mac OS Roman, in the east of Europe Windows-1251, and in Poland Windows-1250.
    """
    with path.open("rb") as file:
        head = file.read(4000)
        # The mark of UTF-32 begins with that of UTF-16.
        if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        # In UTF-16 nearly every other byte of European text is NUL.
        if head[1::2].count(0) > len(head) // 5:
            return "utf-16-le"
        if head[0::2].count(0) > len(head) // 5:
            return "utf-16-be"
        file.seek(0)
        if _is_utf8(iter(lambda: file.read(1 << 20), b"")):
            return "utf-8-sig"
        file.seek(0)
        body = file.read(1 << 20)
        if _is_cyrillic(body):
            return "cp1251"
        if _POLISH.search(body):
            return "cp1250"
        return "mac_roman" if _counted(body, _MAC_LETTERS) > _counted(body, _LETTERS) else "cp1252"


#: Letters of Mac OS Roman that are none, or rare ones, in cp1252; and the letters of cp1252.
_MAC_LETTERS = bytes((0x81, 0x83, *range(0x86, 0x91), 0x98, *range(0x9A, 0xA0)))
_LETTERS = bytes(range(0xC0, 0x100))
#: Words of the letters of Windows-1251, and the commonest four of them, small and capital: а, е, и, о.
_WORDS = re.compile(rb"[\xc0-\xff\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf]{4,}")
_COMMONEST = b"\xc0\xc5\xc8\xce\xe0\xe5\xe8\xee"
#: ą, ł and ż within a word, Ł and Ż before one: signs in cp1252 that stand in no word, as in ``W³adys³aw``.
_POLISH = re.compile(rb"[A-Za-z][\xb9\xb3\xbf][a-z]|(?<![\w\x80-\xff])[\xa3\xaf][a-z]{3}")


def _is_cyrillic(body: bytes) -> bool:
    """Whether most of what is beyond ASCII is words of Windows-1251. Its commonest make no sixth of Greek."""
    words = b"".join(_WORDS.findall(body))
    most = 2 * len(words) > _counted(body, bytes(range(0x80, 0x100)))
    return most and 6 * _counted(words, _COMMONEST) >= len(words)


def _counted(body: bytes, among: bytes) -> int:
    return len(body) - len(body.translate(None, among))


def _is_utf8(chunks: Iterable[bytes]) -> bool:
    """Whether this is UTF-8, if with a few bad lines: more characters beyond ASCII that decode than do not."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for chunk in chunks:
        text = decoder.decode(chunk)
        if not text.isascii():
            broken = text.count("\ufffd")
            bad += broken
            good += len(text) - len(text.encode("ascii", "ignore")) - broken
    return good > bad or not bad
