"""Colours: read them from CSS and say how well text stands out (WCAG 2.2, success criterion 1.4.3)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml.html import HtmlElement

from newsletter.gate.page.mailpage import Element
from newsletter.gate.page.stylesheet import declarations

Colour: TypeAlias = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
#: What browsers draw a link in when nobody says otherwise.
LINK: Colour = (0, 0, 238)
NAMED: Mapping[str, Colour] = {
    "black": BLACK,
    "white": WHITE,
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
}


@dataclass(frozen=True, slots=True)
class Weak:
    """Text that stands out too little: *ratio* is what it has, *needed* what it should have."""

    text: str
    colour: Colour
    ground: Colour
    ratio: float
    needed: float


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's own text looks; *ground* None where a picture lies behind it, *size* in pixels."""

    colour: Colour = BLACK
    ground: Colour | None = WHITE
    size: float = 16.0
    bold: bool = False
    capitals: bool = False

    @property
    def needed(self) -> float:
        """3:1 for large text (24 px, or 18.66 px bold), 4.5:1 for any other."""
        return 3.0 if self.size >= 24 or (self.bold and self.size >= 18.66) else 4.5


#: A visible element, the text directly in it, and how that looks.
Seen: TypeAlias = tuple[HtmlElement, str, Look]


@lru_cache(maxsize=1024)
def colour(text: str) -> Colour | None:
    """Return an opaque colour, or None for what is transparent, inherited or unknown."""
    text = text.strip().casefold()
    if found := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := re.fullmatch(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", text):
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    return NAMED.get(text)


@lru_cache(maxsize=1024)
def ratio(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hexadecimal(value: Colour) -> str:
    """Return a colour as CSS writes it: ``#1a2b3c``."""
    return "#" + "".join(f"{part:02x}" for part in value)


def weak(walked: Iterable[Seen]) -> Iterator[Weak]:
    """Yield the texts of *walked* that stand out too little."""
    for _, own, look in walked:
        if look.ground is not None and re.search(r"\w", own):
            found = ratio(look.colour, look.ground)
            if found < look.needed - 0.005:
                yield Weak(own, look.colour, look.ground, found, look.needed)


def walk(elements: Iterable[Element]) -> Iterator[Seen]:
    """Yield each visible one of a page's *elements* in order, as mail programs show it: inline styles count."""
    around: list[Look] = []
    for element in elements:
        if element.visible:
            del around[element.depth :]
            look = _look(*_written(element.node), around[-1] if around else Look())
            around.append(look)
            yield element.node, _own(element.node), look


def _own(node: HtmlElement) -> str:
    """Return the text directly in an element."""
    return " ".join(((node.text or "") + " ".join(child.tail or "" for child in node)).split())


def repainted(walked: Iterable[Seen], changes: Mapping[HtmlElement, Mapping[str, str]]) -> Iterator[Seen]:
    """Yield what was *walked*, with *changes* to styles by element, such as dark mode's."""
    looks: dict[HtmlElement, Look] = {}
    for node, own, _ in walked:
        inherited = looks.get(node.getparent(), Look())
        looks[node] = _look(*_written(node), inherited, tuple(changes.get(node, {}).items()))
        yield node, own, looks[node]


def _written(node: HtmlElement) -> tuple[str, str, str, str, str]:
    get = node.get
    return node.tag, get("style", ""), get("color", ""), get("bgcolor", ""), get("background", "")


@lru_cache(maxsize=4096)
def _look(
    tag: str,
    written: str,
    own_colour: str,
    own_ground: str,
    picture: str,
    inherited: Look,
    changes: tuple[tuple[str, str], ...] = (),
) -> Look:
    """Return how an element looks. A letter has few kinds of them, and says each a hundred times."""
    style = declarations(written)
    if any(name == "background" for name, _ in changes):
        style.pop("background-color", "")
    style.update(changes)
    own = colour(style.get("color", own_colour))
    if own is None and tag == "a" and style.get("color") != "inherit":
        own = LINK
    weight = style.get("font-weight", "")
    bold = tag in {"b", "strong", "h1", "h2", "h3"} if not weight else weight in {"bold", "600", "700", "800"}
    return Look(
        colour=own or inherited.colour,
        ground=_ground(style, own_ground, picture, inherited.ground),
        size=_size(style.get("font-size", ""), inherited.size),
        bold=bold or (inherited.bold and not weight),
        capitals=style.get("text-transform", "uppercase" if inherited.capitals else "") == "uppercase",
    )


def _ground(style: Mapping[str, str], own: str, picture: str, inherited: Colour | None) -> Colour | None:
    written = style.get("background", "")
    if "url(" in written + style.get("background-image", "") or picture:
        return None
    for text in (style.get("background-color", ""), written, own):
        if (found := colour(text)) is not None:
            return found
    return inherited


def _size(text: str, inherited: float) -> float:
    found = re.fullmatch(r"([\d.]{1,6})(px|pt|em|rem|%)", text.strip())
    if not found:
        return inherited
    factor = {"px": 1.0, "pt": 4 / 3, "em": inherited, "rem": 16.0, "%": inherited / 100}[found[2]]
    return float(found[1]) * factor if found[1].count(".") < 2 and found[1] != "." else inherited


def _luminance(value: Colour) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in value
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
