"""Open a file of text whatever its encoding, and tell how much of it was read."""

import codecs
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Self

from newsletter.files.tables import codepage


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

    By byte order mark, by NULs (UTF-16), by trying UTF-8, and then by the letters that a `codepage` makes of it.
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
        return codepage.likeliest(iter(lambda: file.read(1 << 20), b""))


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
