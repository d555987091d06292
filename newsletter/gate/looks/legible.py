"""Whether it can be read and touched on a phone: small text, small targets, links that only a colour tells."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from lxml.html import HtmlElement

from newsletter.errors import shortened
from newsletter.gate.page.contrast import Look, Seen
from newsletter.gate.page.mailpage import BLOCKS, visible_text
from newsletter.gate.page.stylesheet import declarations
from newsletter.gate.proof import Proof, several, warning
from newsletter.model import Finding

#: The least size of a text, and of one in capitals, which are as tall as small letters of 16, in pixels. What is
#: smaller than a mark on paper is there for no reader.
SMALL, CAPITALS, UNSEEN = 14.0, 12.0, 3.0
#: The least height of a button that a finger has to meet, and of a link of its own, in pixels (WCAG 2.5.5, 2.5.8).
TARGET, LINE = 44.0, 24.0
#: What a table has room for, what a letter of a word takes on average, and what parts two columns, in pixels.
ROOM, LETTER, GAP = 544.0, 8.5, 14.0


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is too small to read or touch, and links that cannot be told from words."""
    yield from _small(proof.looks)
    yield from _wide(proof)
    for node, own, look in proof.looks:
        if node.tag == "a" and node.get("href"):
            style = declarations(node.get("style", ""))
            if _button(style):
                yield from _target(proof, node, style, look)
            elif own:
                yield from _told_by_colour(proof, node, style)
            else:
                yield from _picture(proof, node)


def _small(looks: Iterable[Seen]) -> Iterator[Finding]:
    sizes: dict[float, list[str]] = {}
    for _, own, look in looks:
        if UNSEEN < look.size < (CAPITALS if look.capitals else SMALL) - 0.01 and re.search(r"\w{2}", own):
            sizes.setdefault(look.size, []).append(f"“{shortened(own, 30)}”")
    for size, texts in sorted(sizes.items()):
        what = f"text of {size:g} px is hard to read on a phone: {several(texts)}"
        yield warning("text-small", "html", what, "set it at 14 px or more in the theme")


def _wide(proof: Proof) -> Iterator[Finding]:
    """Warn of a table whose longest words need more room than a letter has on a desktop."""
    for table in proof.page.root.iter("table"):
        if table.get("role") in {"presentation", "none"}:
            continue
        heads = [visible_text(head) for head in table.iter("th")]
        rows = [[visible_text(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")] if heads else []
        longest = [
            max((len(word) for cell in column for word in cell.split()), default=0)
            for column in zip_longest(*rows, fillvalue="")
        ]
        if sum(longest) * LETTER + len(longest) * GAP > ROOM:
            what = f"this table of {len(heads)} columns is wider than a letter; its end is out of sight"
            remedy = "leave columns out, part it in two, or link to the whole of it"
            yield warning("table-wide", proof.near(" ".join(heads), heads[0]), what, remedy)


def _button(style: Mapping[str, str]) -> bool:
    return "block" in style.get("display", "") and any(name.startswith(("padding", "height")) for name in style)


def _target(proof: Proof, node: HtmlElement, style: Mapping[str, str], look: Look) -> Iterator[Finding]:
    """Warn of a button that is less high than a finger."""
    top, bottom = _paddings(style)
    line = style.get("line-height", "")
    factor = float(line) if re.fullmatch(r"\d+(?:\.\d+)?", line) else (_share(line) or 1.2)
    height = _pixels(style.get("height", "")) or (_pixels(line) or look.size * factor)
    framed = any(name.startswith(("background", "border")) for name in style)
    needed = TARGET if framed or _ground(node) else LINE
    if (total := height + top + bottom) < needed - 1:
        words = shortened(visible_text(node), 30)
        what = f"the link “{words}” is {total:.0f} px high; a finger needs {needed:.0f}"
        place = proof.near(node.get("href"))
        yield warning("target-small", place, what, "give the theme's button more padding")


def _ground(node: HtmlElement) -> bool:
    """Whether the cell around a link makes a button of it, as MJML does."""
    parent = node.getparent()
    return (
        parent is not None
        and parent.tag == "td"
        and "background" in f"{parent.get('style')}{parent.get('bgcolor')}"
    )


def _picture(proof: Proof, node: HtmlElement) -> Iterator[Finding]:
    """Warn of a link that is a picture smaller than a finger."""
    for picture in node.iter("img"):
        sizes = [float(size) for name in ("width", "height") if (size := picture.get(name, "")).isdigit()]
        if sizes and min(sizes) < LINE:
            what = f"the linked picture “{shortened(picture.get('alt', ''), 30)}” is {min(sizes):.0f} px small"
            place = proof.near(node.get("href"))
            yield warning("target-small", place, what, "show it larger, or put words beside it into the link")


def _told_by_colour(proof: Proof, node: HtmlElement, style: Mapping[str, str]) -> Iterator[Finding]:
    """Warn of a link among words that is neither underlined nor bold nor framed."""
    written = " ".join((style.get("text-decoration", ""), style.get("text-decoration-line", "")))
    marked = any(name.startswith(("border", "background")) for name in style)
    bold = style.get("font-weight", "") in {"bold", "600", "700", "800", "900"}
    bold = bold or any(inner.tag in {"b", "strong", "u"} for inner in (*node.iter(), *node.iterancestors()))
    if "none" not in written or marked or bold or any(inner.tag == "u" for inner in node.iter()):
        return
    if re.search(r"\w{2}", _around(node)):
        what = f"only its colour tells that “{shortened(visible_text(node), 40)}” is a link"
        place = proof.near(node.get("href"))
        yield warning("link-colour-only", place, what, "let the theme underline the links in running text")


def _around(node: HtmlElement) -> str:
    """Return the words that stand beside an element in the same block."""
    block = next((parent for parent in node.iterancestors() if parent.tag in BLOCKS), None)
    if block is None:
        return ""
    words = [block.text or ""]
    for inner in block.iterdescendants():
        within = any(parent.tag == "a" for parent in inner.iterancestors())
        words += ["" if within or inner.tag == "a" else inner.text or "", "" if within else inner.tail or ""]
    return " ".join(words)


def _paddings(style: Mapping[str, str]) -> tuple[float, float]:
    """Return the padding above and below, in pixels."""
    sides = [_pixels(part) for part in style.get("padding", "").split()]
    top, bottom = (sides[0], sides[2 if len(sides) > 2 else 0]) if sides else (0.0, 0.0)
    return _pixels(style.get("padding-top", "")) or top, _pixels(style.get("padding-bottom", "")) or bottom


def _pixels(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)px", text.strip())
    return float(found[1]) if found else 0.0


def _share(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", text.strip())
    return float(found[1]) / 100 if found else 0.0
