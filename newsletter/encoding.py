"""Write a text as quoted-printable in which personal values can be filled in later.

Source: RFC 2045 section 6.7. A value stands between two soft line breaks, so that no line gets too long,
whatever it is; a dot that would open a line is written as ``=2E``, so that SMTP has none to double (RFC 5321
section 4.5.2).
"""

from collections.abc import Iterator

#: RFC 2045 section 6.7 (5): a line has at most 76 characters, the ``=`` of its soft break among them.
LINE = 76

SOFT_BREAK = b"=\r\n"

#: How each byte is written; space and tab are special at the end of a line only.
_WRITTEN = [chr(byte) if 32 <= byte < 127 and byte != 61 else f"={byte:02X}" for byte in range(256)]
_WRITTEN[9] = "\t"

#: How much of a value stands on a line, beside its soft break.
ROOM = LINE - 4


def quoted(text: str) -> bytes:
    """Return *text* in quoted-printable with CRLF line ends, fit to stand between two soft line breaks."""
    if text.isascii() and text.isprintable() and "=" not in text and text[-1:] != " ":
        # Most personal values: they are written as they are.
        written = text.encode("ascii")
        if len(written) > ROOM:
            written = SOFT_BREAK.join([written[start : start + ROOM] for start in range(0, len(written), ROOM)])
        if written[:1] != b"." and b"\n." not in written:
            return written
    canonical = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return b"\r\n".join(SOFT_BREAK.join(_cut(line)) for line in canonical.split(b"\n"))


def _cut(line: bytes) -> Iterator[bytes]:
    """Cut one line where it gets too long, never inside an encoded byte."""
    written = [_WRITTEN[byte] for byte in line]
    if line[-1:] in {b" ", b"\t"}:
        # Mail servers drop white space at the end of a line.
        written[-1] = f"={line[-1]:02X}"
    start = length = 0
    for position, unit in enumerate(written):
        if length + len(unit) >= LINE - 2:
            yield _undotted(written[start:position])
            start, length = position, 0
        length += len(unit)
    yield _undotted(written[start:])


def _undotted(units: list[str]) -> bytes:
    if units[:1] == ["."]:
        units[0] = "=2E"
    return "".join(units).encode("ascii")
