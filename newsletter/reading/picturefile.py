"""Tell from its header alone what kind a picture is, its size, and what a camera noted of place and posture.

Decodes nothing. Sources: PNG (ISO 15948, 11.2.2), GIF89a (18), JPEG (ITU-T T.81, B.2.2), WebP (RFC 9649),
AVIF (ispe), Exif 2.32 (CIPA DC-008, 4.5.2, 4.6.4 and 4.6.6).
"""

import re
import struct
from dataclasses import dataclass
from typing import Literal

#: Frame headers of JPEG that hold the size; the others in this range are tables.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Where a photo's Exif data begin, and the marker of their segment.
EXIF, APP1 = b"Exif\0\0", 0xE1
#: The tags of Exif that say how a camera was held, point to where a photo was taken, and hold its latitude.
ORIENTATION, GPS, LATITUDE = 0x0112, 0x8825, 2
#: How it was held for a picture that is to be turned: the last four by a quarter.
TURNED, QUARTER = range(2, 9), range(5, 9)
#: A picture larger than this on a side is none for a letter, or a bomb.
MOST = 30_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind (jpg, png, gif, webp or avif) and the size in pixels, 0 where the header did not reach that far.

    A photo (jpg) is *located* if it says where on earth it was taken, and *turned* if only a program that reads
    its camera's notes shows it upright; its size is that of the upright one.
    """

    kind: str
    width: int = 0
    height: int = 0
    located: bool = False
    turned: bool = False


def shape(data: bytes) -> Shape | None:
    """Return what picture *data*, at least its first bytes, is; None if it is none that mail programs show."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _shape("png", data, ">II", 16)
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return _shape("gif", data, "<HH", 6)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:8] == b"ftyp" and re.search(rb"avif|avis", data[8:40]):
        at = data.find(b"ispe")
        return _shape("avif", data, ">II", at + 8) if at > 0 else Shape("avif")
    return None


def _shape(kind: str, data: bytes, form: str, at: int) -> Shape:
    try:
        width, height = struct.unpack_from(form, data, at)
    except struct.error:
        return Shape(kind)
    return Shape(kind, width, height) if 0 < width <= MOST and 0 < height <= MOST else Shape(kind)


def _jpeg(data: bytes) -> Shape:
    at, located, held = 2, False, 0
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            found = _shape("jpg", data, ">HH", at + 5)
            size = (found.width, found.height) if held in QUARTER else (found.height, found.width)
            return Shape("jpg", *size, located, held in TURNED)
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == APP1 and data.startswith(EXIF, at + 4) and not (located or held):
            located, held = _noted(data[at + 4 + len(EXIF) : at + 2 + length])
        # Fill bytes may stand before a marker.
        at += 1 if marker == 0xFF else 2 + length
    return Shape("jpg", located=located, turned=held in TURNED)


def _noted(exif: bytes) -> tuple[bool, int]:
    """Return whether Exif data hold a latitude, and how the camera was held, 0 if they do not say."""
    order: Literal["little", "big"] = "little" if exif.startswith(b"II") else "big"
    tags = _tags(exif, int.from_bytes(exif[4:8], order), order)
    place, held = tags.get(GPS, 0), tags.get(ORIENTATION, 0)
    # A number of two bytes begins the four that it has.
    return bool(place) and LATITUDE in _tags(exif, place, order), held >> 16 if order == "big" else held & 0xFFFF


def _tags(exif: bytes, at: int, order: Literal["little", "big"]) -> dict[int, int]:
    """Return the tags of the directory at *at*, each with its value or where that stands."""
    count = int.from_bytes(exif[at : at + 2], order)
    rows = (exif[start : start + 12] for start in range(at + 2, min(at + 2 + 12 * count, len(exif)), 12))
    return {int.from_bytes(row[:2], order): int.from_bytes(row[8:], order) for row in rows}


def _webp(data: bytes) -> Shape:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif form == b"VP8 " and len(data) >= 30:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    else:
        return Shape("webp")
    return Shape("webp", width, height) if 0 < width <= MOST and 0 < height <= MOST else Shape("webp")
