"""Take a caught message apart for the page that shows it. Believes nothing that the message says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser

from newsletter.reading.charset import decode

#: Where a link in the shown mail opens: the frame that it stands in may not leave its place.
_BASE = '<base target="_blank">'

#: How the library stumbles over a message that is none, or that is nothing but parts in parts.
_NONSENSE = (ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message holds. *html* and *text* are "" where it has no such part; *files* names the others."""

    html: str
    text: str
    headers: str
    files: tuple[str, ...]


def read(data: bytes) -> Reading:
    """Return the parts of a message in any state of health; all of it as text if it cannot be taken apart."""
    head = data.partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace")
    html = text = ""
    files: list[str] = []
    try:
        for part in _parts(BytesParser().parsebytes(data)):
            kind = part.get_content_type()
            if kind == "text/html" and not html:
                html = _decoded(part)
            elif kind == "text/plain" and not text:
                text = _decoded(part)
            else:
                files.append(str(part.get_filename() or kind))
    except _NONSENSE:
        return Reading(html="", text=data.decode("utf-8", errors="replace"), headers=head, files=())
    return Reading(html=html, text=text, headers=head, files=tuple(files))


def framed(html: str) -> str:
    """Return *html* so that its links open in a tab of their own."""
    head = re.search(r"<head\b[^<>]*>", html, re.I)
    at = head.end() if head else 0
    return html[:at] + _BASE + html[at:]


def _parts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return decode(raw, part.get_content_charset("")) if isinstance(raw, bytes) else ""
