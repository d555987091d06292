"""Pictures that travel inside the message, for readers whose mail program loads none from the web.

They make the message as heavy as they are, for every reader, and are an option for that reason.
Source: RFC 2387 (multipart/related), RFC 2392 (cid addresses), RFC 2045 section 6.8 (base64).
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import unquote

from newsletter.model import Enclosed, Rendered

T = TypeVar("T")

#: How the kinds that mail programs show begin.
KINDS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"GIF8": "gif"}
#: base64 in lines of 76 characters (RFC 2045 section 6.8).
LINE = 57


def enclose(rendered: Rendered, base: str, read: Callable[[str], bytes | None]) -> Rendered:
    """Return *rendered* with the pictures that lie under the address *base* in the message itself.

    *read* returns the bytes of a file by its path under *base*, None if there is none; such a picture stays a
    link, and so does one of a kind that not every mail program shows.
    """
    taken: dict[str, Enclosed] = {}

    def one(found: re.Match[str]) -> str:
        path = unquote(found[1])
        if path not in taken:
            content = read(path)
            kind = next((kind for start, kind in KINDS.items() if content and content.startswith(start)), "")
            if not content or not kind:
                return found[0]
            cid = f"{hashlib.sha256(content).hexdigest()[:20]}@picture"
            taken[path] = Enclosed(cid, f"image/{kind}", _name(path, kind), content)
        return f'src="cid:{taken[path].cid}"'

    html = re.sub(rf'\bsrc="{re.escape(base)}([^"]+)"', one, rendered.html)
    return replace(rendered, html=html, enclosed=tuple({each.cid: each for each in taken.values()}.values()))


def related(html: Sequence[bytes | T], pictures: Sequence[Enclosed], boundary: str) -> Iterator[bytes | T]:
    """Yield the part *html* as it is, or as the root of a multipart/related together with *pictures*.

    *html* is what stands from its boundary line on; *boundary* separates the parts of the whole message.
    """
    if not pictures:
        yield from html
        return
    # One boundary must not begin like the other (RFC 2046 section 5.1.1); the outer one goes on with a hex digit.
    inner = boundary.replace("=_", "=_r", 1)
    yield (
        f'\r\n--{boundary}\r\nContent-Type: multipart/related;\r\n type="text/html"; boundary="{inner}"\r\n'
    ).encode("ascii")
    first, *rest = html
    yield (
        first.replace(f"--{boundary}\r\n".encode(), f"--{inner}\r\n".encode())
        if isinstance(first, bytes)
        else first
    )
    yield from rest
    for picture in pictures:
        yield _part(picture, inner)
    yield f"\r\n--{inner}--\r\n".encode("ascii")


def _part(picture: Enclosed, boundary: str) -> bytes:
    head = (
        f"\r\n--{boundary}\r\nContent-Type: {picture.kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-ID: <{picture.cid}>\r\nContent-Disposition: inline; filename="{picture.name}"\r\n\r\n'
    )
    lines = (picture.content[start : start + LINE] for start in range(0, len(picture.content), LINE))
    return head.encode("ascii") + b"\r\n".join(map(base64.b64encode, lines))


def _name(path: str, kind: str) -> str:
    """Return a file's name that every mail program can save: ASCII letters, digits, hyphens and dots."""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", path.rpartition("/")[2].rpartition(".")[0]).strip("-")
    return f"{stem[:40] or 'picture'}.{'jpg' if kind == 'jpeg' else kind}"
