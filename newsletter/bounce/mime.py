"""Take a message that came back apart, however broken it is. Never fails, and never reads more than it must.

The standard library's parser builds a tree of objects and trusts boundaries; what comes back is often cut, has no
closing boundary, or names one that it never uses. So this reads forward, and keeps what it finds (RFC 2045, 2046).
"""

import base64
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from newsletter.reading.charset import decode, header

#: What is read of a message, in bytes: a report stands before the letter that comes back with it.
READ = 524_288

#: A style, a script or a head is at most so long, in characters.
HIDDEN = 20_000
#: What is read of the text of one part, in characters; reports are a page.
TEXT = 32_768

#: How deep parts may lie in parts, and how many there may be: reports need two and three.
DEPTH = 6
PARTS = 64

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9_.-]{0,60})[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.M)
_NO_FIELD = re.compile(r"^(?![A-Za-z][A-Za-z0-9_.-]{0,60}[ \t]*:|[ \t]+\S).*", re.M)
_PARAMETER = re.compile(r"""([\w*-]{1,30})\s*=\s*(?:"([^"]{0,300})"?|([^\s;"]{1,300}))""")


@dataclass(slots=True)
class Part:
    """A leaf of the message. *type* is its media type in lower case, *body* what stands in it, not decoded."""

    type: str
    headers: Mapping[str, str]
    body: str
    _text: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """Return what the part says, decoded."""
        if self._text is None:
            self._text = _text(self.headers, self.body[: 2 * TEXT])[:TEXT]
        return self._text


@dataclass(frozen=True, slots=True)
class Opened:
    """A message taken apart: its own header (names in lower case, the first of each), its leaves, all of it."""

    headers: Mapping[str, str]
    parts: tuple[Part, ...]
    whole: str

    def part(self, *types: str) -> Part | None:
        """Return the first leaf of one of these media types."""
        return next((part for part in self.parts if part.type in types), None)


def open_message(raw: bytes) -> Opened:
    """Return the message in *raw*, whose lines may end in any way."""
    text = raw[:READ].decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    # A blank line in front, as a program that shows a message as it came puts there, ends no header.
    text = re.sub(r"\A(?:[ \t]*\n)+", "", text.replace("\0", ""))
    if text.startswith("From "):
        # The line that a mailbox file puts before a message.
        text = text.partition("\n")[2]
    headers, body = split(text)
    parts: list[Part] = []
    _leaves(headers, body, parts, 0)
    return Opened(headers, tuple(parts), text)


def split(text: str) -> tuple[dict[str, str], str]:
    """Return the header fields at the start of *text*, unfolded, and what follows them."""
    end = text.find("\n\n")
    block, body = (text, "") if end < 0 else (text[:end], text[end + 2 :])
    if odd := _NO_FIELD.search(block):
        # No blank line stands between the header and the body, or only one with blanks in it.
        body = text[odd.start() :] if block[odd.start() : odd.end()].strip() else text[odd.end() + 1 :]
        block = block[: odd.start()]
    headers: dict[str, str] = {}
    for name, value in _FIELD.findall(block):
        name = name.lower()
        # Of a field that stands twice, the first counts; the rest is kept under a name nobody asks for.
        headers[f"+{name}" if name in headers else name] = (
            " ".join(value[:8000].split()) if "\n" in value else value[:8000].strip()
        )
    return headers, body


def words(value: str) -> str:
    """Return a header's text with its encoded words (RFC 2047) read."""
    return header(value[:2000]) if "=?" in value else value


# Most parts have one of a few types.
@lru_cache(maxsize=256)
def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """Return the media type of a Content-Type, in lower case, and its parameters."""
    kind, _, rest = value.partition(";")
    found = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest[:1000])}
    return kind.strip().lower() or "text/plain", found


def _leaves(headers: Mapping[str, str], body: str, into: list[Part], depth: int) -> None:
    kind, found = parameters(headers.get("content-type", ""))
    pieces: list[str] = []
    if kind.startswith("multipart/") or body.startswith("--"):
        pieces = _pieces(body, found.get("boundary", ""))
    if not pieces or depth >= DEPTH:
        into.append(Part("text/plain" if kind.startswith("multipart/") else kind, headers, body))
        return
    for piece in pieces:
        if len(into) >= PARTS:
            return
        inner, text = split(piece.lstrip("\n") if piece.startswith("\n\n") else piece)
        if piece.startswith("\n"):
            inner, text = {}, piece[1:]
        _leaves(inner, text, into, depth + 1)


def _pieces(body: str, boundary: str) -> list[str]:
    """Return what lies between the boundaries; a boundary that is named nowhere is the first line like one."""
    mark = f"--{boundary}"
    if not boundary or mark not in body:
        guess = re.search(r"^(--[^\s-][^\s]{5,70}|--+[\w=.:+/?'()-]{8,70})[ \t]*$", body[:5000], re.M)
        if not guess or body.count(f"{guess[1]}\n") < 2:
            return []
        mark = guess[1]
    found = f"\n{body}".split(f"\n{mark}")[1:]
    pieces = [rest for start, _, rest in (piece.partition("\n") for piece in found) if not start.startswith("--")]
    return [piece for piece in pieces if piece.strip()]


def _text(headers: Mapping[str, str], body: str) -> str:
    kind, found = parameters(headers.get("content-type", ""))
    encoding = headers.get("content-transfer-encoding", "").strip().lower()
    charset = found.get("charset", "").strip("'\"").lower()
    readable = (body.isascii() and "\x1b" not in body) or (
        charset in ("", "utf-8", "us-ascii") and max(body, default="") < "\ud800"
    )
    if encoding not in ("base64", "quoted-printable") and readable:
        return _plain(kind, body)
    data = body.encode("utf-8", "surrogateescape")
    if encoding == "base64":
        data = _base64(data)
    elif encoding == "quoted-printable":
        data = quopri.decodestring(data)
    if b"\x1b$" in data and not charset.startswith("iso-2022"):
        charset = "iso-2022-jp"
    return _plain(kind, decode(data, charset).replace("\r\n", "\n"))


def _base64(data: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    # Four digits are three bytes; two or three at the end are one or two, a single one was cut off.
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def _plain(kind: str, text: str) -> str:
    """Return the text of HTML roughly: a report's words are wanted, not its looks."""
    if kind != "text/html":
        return text
    for name in ("head", "script", "style"):
        text = _without(name, text)
    if re.search(r"(?i)<(?:br|p|div|td)\b", text) and "<pre" not in text.lower():
        # Where marks end lines, line ends are blanks.
        text = " ".join(text.split())
    text = re.sub(r"(?i)<(br|p|div|tr|li|h\d|/td)\b[^>]{0,500}>", "\n", text)
    # What is cited stands below a line.
    text = re.sub(r"(?i)<blockquote\b[^>]{0,500}>", "\n-----\n", text)
    text = re.sub(r"(?i)<a\b[^>]{0,40}href=.{0,1}mailto:([^\"'>?]{3,200}+)[^>]{0,300}>", r" \1 ", text)
    text = re.sub(r"<(?![\w.+-]{1,64}@)[^<>]{0,2000}>", " ", text)
    for name, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text


def _without(name: str, text: str) -> str:
    """Return the text of HTML without what the tag *name* holds; what does not end soon stays."""
    kept, at, begun = [], 0, -HIDDEN - 1
    for mark in re.finditer(rf"(?i)<(/)?{name}\b(?(1)>)", text):
        soon = mark.start() - begun <= HIDDEN
        if mark[1] and soon:
            kept.append(text[at:begun])
            at, begun = mark.end(), -HIDDEN - 1
        elif not mark[1] and not soon:
            begun = mark.start()
    return " ".join([*kept, text[at:]])
