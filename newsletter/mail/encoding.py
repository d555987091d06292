"""Write a text as quoted-printable in which personal values can be filled in later.

Source: RFC 2045 section 6.7. A value stands between two soft line breaks, so that no line gets too long,
whatever it is; a dot that would open a line is written as ``=2E``, so that SMTP has none to double (RFC 5321
section 4.5.2), and ``From`` as ``=46rom``: a mailbox in one file puts a ``>`` before it (RFC 4155, appendix A),
which readers see, and which breaks a signature.
"""

from collections.abc import Iterator

#: RFC 2045 section 6.7 (5): a line has at most 76 characters, the ``=`` of its soft break among them.
LINE = 76

SOFT_BREAK = b"=\r\n"

#: How each byte is written; space and tab are special at the end of a line only.
_WRITTEN = {byte: f"={byte:02X}" for byte in (*range(9), *range(10, 32), 61, *range(127, 256))}

#: How much of a value stands on a line, beside its soft break.
ROOM = LINE - 4


def quoted(text: str) -> bytes:
    """Return *text* in quoted-printable with CRLF line ends, fit to stand between two soft line breaks."""
    if text.isascii() and text.isprintable() and "=" not in text and text[-1:] != " ":
        # Most personal values: they are written as they are.
        written = text.encode("ascii")
        if len(written) > ROOM:
            written = SOFT_BREAK.join([written[start : start + ROOM] for start in range(0, len(written), ROOM)])
        if written[:1] != b"." and b"\n." not in written and b"From " not in written:
            return written
    canonical = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return b"\r\n".join(SOFT_BREAK.join(_cut(line)) for line in canonical.split(b"\n"))


def _cut(line: bytes) -> Iterator[bytes]:
    """Cut one line where it gets too long, never inside an encoded byte."""
    written = line.decode("latin-1").translate(_WRITTEN)
    if line[-1:] in {b" ", b"\t"}:
        # Mail servers drop white space at the end of a line.
        written = f"{written[:-1]}={line[-1]:02X}"
    start = 0
    while len(written) - start > LINE - 3:
        end = start + LINE - 3
        # An encoded byte is an equals sign and two digits.
        end -= 1 if written[end - 1] == "=" else 2 if written[end - 2] == "=" else 0
        yield _opened(written[start:end])
        start = end
    yield _opened(written[start:])


def _opened(line: str) -> bytes:
    if line.startswith((".", "From ")):
        line = f"={ord(line[0]):02X}{line[1:]}"
    return line.encode("ascii")
