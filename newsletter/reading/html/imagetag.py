"""Say what an image of a page shows: at which address, how large, in what words, and whether it is a logo."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from newsletter.issuefile import dialect
from newsletter.model import Picture
from newsletter.reading import value

#: Where blogs and forums have the pictures that stand for an emoji.
EMOJI = re.compile(r"/(?:emoji|emoticons|smileys?|smilies)/|s\.w\.org/images/core/")
#: An image this small, in pixels, counts readers; it shows nothing. One that is no larger either way is a sign: an
#: arrow, a bullet, a network's emblem.
TRACKING, SIGN = 2, 40
#: What stands in an image's place until a reader's browser comes to it.
WAITING = re.compile(
    r"\.ico(?:$|\?)|(?:^|[/_-])(?:blank|placeholder|spacer|pixel|transparent|(?:lazy|pre-?|ajax-)?load(?:er|ing)?|lazy|1x1|clear)\.(?:gif|png|svg)",
    re.IGNORECASE,
)
#: An image of a ``srcset``: its address, which a comma ends, or else what is said of it; and how that says its
#: width in pixels, or how many of them make one.
CANDIDATE = re.compile(r"([^\s,]\S*+)(?:(?<=,)|\s*+([^,]*+))")
SIZE = re.compile(r"(?:(\d{1,9}(?:\.\d{1,9})?)([wx]))?\s*")
#: What programs write in place of a description: the file's name, or a word of their own.
FILENAME = re.compile(
    r"[\w .()%+-]*\.(?:jpe?g|png|gif|webp|heic|tiff?)|__wf_\w+|(?:IMG|DSC|PXL|image|bild)[_-]?\d+"
    r"|image|img|picture|photo|bild|foto",
    re.I,
)
#: Where scripts find the address of an image that they load late.
LAZY = ("data-src", "data-lazy-src", "data-orig-src", "data-original", "data-lazy", "data-delayed-url")
#: Which may say other things there: ``true``, or an address for each kind of screen.
NO_ADDRESS = re.compile(r"\[|[\w-]*$")
#: Where Wix has a picture, and a blurred one to wait for it.
BLURRED = re.compile(r"/v1/(?:fill|fit|crop)/[^/]*\bblur_\d[^/]*(?=/)")
#: A letter's picture is shown at 600 pixels, on screens with two of them to one.
WIDE = 1200
#: From here on nobody sees that it is less; the next size up, such as WordPress's of 1536, is twice as heavy.
ENOUGH = 1000
#: What ends the name of a picture's file. Mail programs do not show the later ones: the gate tells the editor so.
ENDING = r"\.(?:jpe?g|png|gif|webp|avif|hei[cf]|tiff?|bmp|svg)"
#: A path of a picture that lies near the file: plain names only. Whoever opens it keeps it within its folder.
BESIDE = re.compile(rf"(?:\.\./){{0,3}}(?:\w[\w -]*/){{0,3}}\w[\w .()-]{{0,100}}{ENDING}", re.IGNORECASE)
#: What Markdown has escaped in an address.
ESCAPED = str.maketrans({" ": "%20", "(": "%28", ")": "%29"})
#: What a logo is called in the name of its file, and as all or the end of the words that describe it.
LOGO_FILE = re.compile(r"(?:^|[^a-zåäö])(?:logo(?:s|typ(?:e|en)?)?|logga)(?:[^a-zåäö]|$)", re.IGNORECASE)
LOGO_WORDS = re.compile(
    r"(?:\S{1,40}\s+){0,5}(?:logo(?:typ(?:e|en)?)?|logga)\W*|logo(?:typ|type)?:\s.{1,60}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Sized:
    """An image of a ``srcset``, its width in pixels, 0 for unknown, and the widths of all of them by address."""

    address: str
    width: float
    known: Mapping[str, float]


def picture(tag: HtmlElement, base: str, beside: bool = False) -> Picture | None:
    """Return what an image shows, None for one that shows nothing; *beside* takes paths beside the file, too."""
    sizes = [value.number(tag.get(name)) for name in ("width", "height")]
    if any(0 < size <= TRACKING for size in sizes) or 0 < min(sizes) <= max(sizes) <= SIGN:
        return None
    alt = described(tag.get("alt") or "")
    late, larger, src = (
        _of_set(tag.get("data-srcset") or ""),
        _of_set(tag.get("srcset") or ""),
        tag.get("src") or "",
    )
    lazy = ((tag.get(name) or "").strip() for name in LAZY)
    lazy = ("" if NO_ADDRESS.match(one) else one for one in lazy)
    offered = [*lazy, late.address, src.strip(), larger.address]
    blurred = 0 < sizes[0] < WIDE / 2 and larger.width > sizes[0]
    heavy = unfit(larger.width) < unfit(larger.known.get(src.strip(), larger.width))
    if not any(offered[:-2]) and (blurred or heavy):
        # Shown small on its page, it would be blurred in a letter; some name the largest that they have.
        offered.insert(0, larger.address)
        sizes = [int(larger.width), round(sizes[1] * larger.width / sizes[0])] if sizes[0] else [0, 0]
    for address in filter(None, offered):
        address = BLURRED.sub(f"/v1/fit/w_{WIDE},h_{WIDE},q_85", address)
        src = dialect.address(address, base, dialect.WEB)
        src = src or (path_beside(address) if beside else "")
        if src and not EMOJI.search(src) and not WAITING.search(src):
            return Picture(src, alt, *sizes)
    return None


def is_emoji(tag: HtmlElement) -> bool:
    """Whether an image stands for a sign that its description is."""
    alt = tag.get("alt") or ""
    return bool(EMOJI.search(tag.get("src") or "")) or not (alt.isascii() or any(map(str.isalnum, alt)))


def described(alt: str) -> str:
    """Return the words that describe a picture; the name of its file is no description."""
    words = " ".join(alt.split())
    return "" if FILENAME.fullmatch(words) else words


def path_beside(path: str) -> str:
    """Return *path* as Markdown writes it if a picture may lie there beside a file, else ""."""
    # Windows writes its folders with other slashes.
    plain = unquote(path).replace("\\", "/").removeprefix("./")
    return plain.translate(ESCAPED) if BESIDE.fullmatch(plain) else ""


def has_address(tag: HtmlElement) -> bool:
    """Whether an image says where it is to be found, be it to a script."""
    told = (tag.get(name) or "" for name in (*LAZY, "data-srcset", "srcset", "src"))
    return any(one and not one.startswith("data:") and not WAITING.search(one) for one in told)


def _of_set(srcset: str) -> _Sized:
    """Return what in a ``srcset`` (HTML, 4.8.4.2.1) suits a letter."""
    found, widths = [], {}
    for address, said in CANDIDATE.findall(srcset):
        if known := SIZE.fullmatch(said):
            size = float(known[1] or 1) * (WIDE if known[2] != "w" else 1)
            found.append((unfit(size), address.rstrip(","), size if known[2] == "w" else 0.0))
            widths[found[-1][1]] = found[-1][2]
    _, best, width = min(found, default=(unfit(0), "", 0.0))
    return _Sized(best, width, widths)


def unfit(width: float) -> tuple[bool, float]:
    """Return how badly a picture of *width* pixels suits a letter: the smaller the better."""
    return width < ENOUGH, abs(width - WIDE)


def is_logo(one: Picture) -> bool:
    """Whether a picture is called a logo."""
    return bool(LOGO_FILE.search(urlsplit(one.src).path.rpartition("/")[2]) or LOGO_WORDS.fullmatch(one.alt))
