"""Make the pictures beside an issue as small as a letter needs; what was there stays as ``NAME~``.

Decodes pictures with Pillow, the extra ``pictures``. Leaves alone what moves (GIF), and drawings in lines (SVG).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from newsletter.errors import NewsletterError, RefusedError, naming
from newsletter.gate.files import HEAVY, LARGE
from newsletter.reading import picturefile

if TYPE_CHECKING:
    from PIL import Image

#: Pixels: twice the width that a letter shows, and a picture so high is looked at in pieces.
WIDE, HIGH = 1200, 2400
#: How good a photo is, in steps of JPEG, the best first: the next one is for what stays heavy.
QUALITIES = (82, 74, 66)
#: What is made smaller, by its kind, and how Pillow calls that.
KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
#: What stands behind the name of what was there before.
SPARE = "~"


@dataclass(frozen=True, slots=True)
class Smaller:
    """A picture that was made smaller: its path, and its bytes before and after."""

    path: Path
    before: int
    after: int


def spares(path: Path) -> list[Path]:
    """Return what stood at *path* before it was made smaller, the first one first."""
    return sorted(one for one in path.parent.glob("*") if re.fullmatch(re.escape(path.name) + r"~\d*", one.name))


def shrink(assets: Path) -> Iterator[Smaller | NewsletterError]:
    """Make each picture in *assets* smaller that is heavy, large, turned or located; yield what was done.

    What cannot be made smaller is yielded as an error and stays. Raise RefusedError where Pillow is not installed.
    """
    try:
        import PIL
    except ImportError:
        remedy = 'install the extra: pip install "newsletter[pictures]"'
        raise RefusedError("no picture can be made smaller without Pillow", remedy=remedy) from None
    del PIL
    for path in sorted(assets.glob("*")) if assets.is_dir() else ():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield from _one(path, f"{assets.name}/{path.name}")


def _one(path: Path, name: str) -> Iterator[Smaller | NewsletterError]:
    """Make one picture smaller if it should be."""
    data = path.read_bytes()
    known = picturefile.shape(data)
    if known is None or known.kind not in KINDS or SPARE in path.suffix:
        return
    # What was made smaller already would only lose by it.
    done = bool(spares(path)) and known.width <= WIDE and known.height <= HIGH
    large = len(data) > HEAVY or max(known.width, known.height) > LARGE
    noted = known.located or known.turned
    if not noted and (done or not large):
        return
    try:
        made = _made(data, KINDS[known.kind])
    except _UnreadableError as fault:
        what = f"this picture cannot be made smaller: {fault}"
        yield NewsletterError(what, where=name, remedy="save it smaller yourself, as JPEG or PNG")
        return
    if len(made) >= len(data) and not noted:
        what = f"as {KINDS[known.kind]} this picture becomes no smaller"
        yield NewsletterError(what, where=name, remedy="save a photo as JPEG, and name that in the issue")
        return
    _lay(path, data, made)
    yield Smaller(path, len(data), len(made))


def _lay(path: Path, data: bytes, made: bytes) -> None:
    """Write *made* in the place of *data*, which is kept beside it."""
    there = spares(path)
    kept = path.with_name(f"{path.name}{SPARE}{len(there) + 1 if there else ''}")
    fresh = path.with_name(f".{path.name}.new")
    with naming(path):
        kept.write_bytes(data)
        fresh.write_bytes(made)
        os.replace(fresh, path)


class _UnreadableError(Exception):
    """A picture that Pillow cannot read, or will not, as it is a bomb."""


def _made(data: bytes, kind: str) -> bytes:
    """Return a picture as wide as a letter needs, upright, without its camera's notes. Raise _UnreadableError."""
    from PIL import Image, ImageOps

    try:
        with catch_warnings():
            # It warns of very many pixels, and refuses twice as many. A JPEG is unpacked in parts only.
            simplefilter("ignore" if kind == "JPEG" else "error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data)) as opened:
                if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:
                    raise _UnreadableError("it moves")
                profile = opened.info.get("icc_profile")
                opened.draft(None, (WIDE * 2, HIGH * 2))
                seen = ImageOps.exif_transpose(opened)
                if seen.mode == "P" or "transparency" in seen.info:
                    seen = seen.convert("RGBA" if "transparency" in seen.info else "RGB")
                seen.thumbnail((WIDE, HIGH), Image.Resampling.LANCZOS)
                seen.info.clear()
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise _UnreadableError(str(error).partition("\n")[0]) from None
    best = b""
    for quality in QUALITIES:
        best = _written(seen, kind, quality, profile)
        if len(best) <= HEAVY or kind == "PNG":
            break
    return best


def _written(image: "Image.Image", kind: str, quality: int, profile: bytes | None) -> bytes:
    out = BytesIO()
    if kind == "JPEG" and image.mode not in {"RGB", "L"}:
        image, profile = image.convert("RGB"), None
    more: dict[str, object] = {"icc_profile": profile} if profile else {}
    if kind != "PNG":
        more |= {"quality": quality}
    if kind == "JPEG":
        more |= {"progressive": True}
    image.save(out, kind, optimize=True, **more)
    return out.getvalue()
