"""Whether styles stand where a mail program shows no picture, no web font, or not that property."""

import re
from collections.abc import Iterator, Mapping

from newsletter.errors import shortened
from newsletter.gate.page.stylesheet import declarations, rules
from newsletter.gate.proof import Proof, several, warning
from newsletter.model import Finding

GENERIC = {
    "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif",
    "ui-monospace", "ui-rounded", "math", "emoji", "inherit", "initial", "unset",
}  # fmt: skip

#: What a letter loses without harm: decoration, and what only makes good layout better. MJML writes the sizes a
#: second time as attributes and in tables for Outlook.
GRACEFUL = {
    "border-radius", "box-shadow", "text-shadow", "max-width", "min-width", "max-height", "min-height", "width",
    "height", "background", "background-size", "background-position", "background-repeat", "background-image",
    "word-break", "word-wrap", "overflow-wrap", "hyphens", "hyphenate-limit-chars", "hyphenate-character",
    "white-space", "direction", "letter-spacing", "text-decoration", "text-decoration-color",
    "text-decoration-thickness", "text-underline-offset", "text-decoration-skip-ink", "outline", "opacity",
    "display", "vertical-align", "box-sizing", "overflow", "color-scheme", "font-kerning", "cursor", "margin",
    "padding", "line-height", "text-transform", "float", "list-style", "list-style-type", "list-style-position",
    "text-wrap", "table-layout", "border-spacing", "transition", "widows", "orphans", "text-align", "visibility",
    "font", "font-size", "font-weight", "border", "border-collapse", "text-indent", "word-spacing", "tab-size",
}  # fmt: skip

#: A value that has a feature of its own, by what stands in it.
VALUES = {
    "display:flex": re.compile(r"display:(?:inline-)?flex"),
    "display:grid": re.compile(r"display:(?:inline-)?grid"),
    "calc()": re.compile(r":.*\bcalc\("),
    "clamp()": re.compile(r":.*\bclamp\("),
    "var()": re.compile(r":.*\bvar\(|^--"),
    "linear-gradient()": re.compile(r":.*\blinear-gradient\("),
    "radial-gradient()": re.compile(r":.*\bradial-gradient\("),
    "lch(), oklch(), lab(), oklab()": re.compile(r":.*\b(?:ok)?(?:lch|lab)\("),
}


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield styles without a fallback, and what a chosen mail program does not show."""
    # A letter has few different elements, and each a hundred times.
    looks = dict.fromkeys(
        tuple(element.attributes.get(name, "") for name in ("style", "bgcolor", "background"))
        for element in proof.page.elements
    )
    shown = [(declarations(style), ground, picture) for style, ground, picture in looks]
    styles = [style for style, _, _ in shown]
    # What stands in a condition is an addition by itself.
    ruled = [
        declarations(rule.body) for style in proof.page.styles for rule in rules(style) if not rule.conditions
    ]
    yield from _grounds(proof, [*shown, *((each, "", "") for each in ruled)])
    yield from _fonts(proof, [*styles, *ruled])
    yield from _unsupported(proof, [*styles, *ruled])


def _grounds(proof: Proof, looks: list[tuple[Mapping[str, str], str, str]]) -> Iterator[Finding]:
    bare = []
    for style, ground, picture in looks:
        written = f"{style.get('background', '')} {style.get('background-image', '')}"
        shown = re.search(r"url\(([^)]*)\)|gradient\(", written)
        coloured = ground or style.get("background-color") or re.search(r"#[0-9a-f]{3}|rgb\(", _plain(style), re.I)
        if (shown or picture) and not coloured:
            bare.append(shortened((shown[1] if shown else picture) or "a gradient", 40))
    if bare:
        what = f"a background picture has no colour behind it: {several(bare)}; where it is blocked, text is lost"
        yield warning(
            "css-background", proof.template(*bare), what, "write a background-color beside it in the theme"
        )


def _plain(style: Mapping[str, str]) -> str:
    """Return the background without its pictures."""
    return re.sub(r"url\([^)]*\)|[a-z-]*gradient\(.*\)", "", style.get("background", ""))


def _fonts(proof: Proof, styles: list[Mapping[str, str]]) -> Iterator[Finding]:
    bare = []
    for style in styles:
        family = style.get("font-family", "")
        last = family.rpartition(",")[2].strip(" \"'").casefold()
        if family and last not in GENERIC and not last.startswith("var("):
            bare.append(shortened(family, 40))
    if bare:
        what = f"a font has no general one behind it: {several(bare)}; without it readers get Times"
        yield warning("css-font", proof.template(*bare), what, "end the theme's fonts with serif or sans-serif")


def _unsupported(proof: Proof, styles: list[Mapping[str, str]]) -> Iterator[Finding]:
    support = proof.beside.support
    used: dict[str, None] = {}
    for style in styles:
        for name, value in style.items():
            written = f"{name}:{value}".casefold()
            if name in support.styles and name not in GRACEFUL and not _idle(value):
                used[name] = None
            used |= {
                key: None for key, pattern in VALUES.items() if key in support.styles and pattern.search(written)
            }
    for name in used:
        what = f"{several(support.styles[name], 4)} do not show {name}"
        remedy = "lay it out without, or take the program out of clients in [gate] of newsletter.toml"
        place = proof.template(f"{name}:", f"{name} :", name.partition(":")[2] or name)
        yield warning("css-unsupported", place, what, remedy)
    for name in dict.fromkeys(element.name for element in proof.page.elements if element.name in support.elements):
        what = f"{several(support.elements[name], 4)} do not show <{name}>"
        place = proof.template(f"<{name}")
        yield warning("css-unsupported", place, what, "show a picture that links to it instead")


def _idle(value: str) -> bool:
    """Whether a declaration only says what holds anyway."""
    return value.casefold() in {"none", "normal", "auto", "initial", "static", "0", "visible"} or not value
