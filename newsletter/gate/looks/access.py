"""Whether everybody can read the letter: language, headings, pictures in words, layout, contrast."""

import re
from collections.abc import Iterator
from itertools import pairwise

from newsletter.errors import cited, shortened
from newsletter.gate.page import contrast
from newsletter.gate.page.stylesheet import in_the_dark
from newsletter.gate.proof import Proof, error, several, warning
from newsletter.model import Finding

_FILE_NAME = re.compile(r"[\w-]+\.(?:jpe?g|png|gif|webp|svg)|(?:IMG|DSC|P)[_-]?\d{3,}|image\d*", re.IGNORECASE)
_EMPTY_ALT = re.compile(r"!\[\s*\]\(\s*<?([^)\s>]*)")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what shuts somebody out."""
    yield from _language(proof)
    yield from _title(proof)
    yield from _pictures(proof)
    yield from _headings(proof)
    yield from _layout(proof)
    yield from _colours(proof)


def _language(proof: Proof) -> Iterator[Finding]:
    remedy = f'write <html lang="{proof.rendered.tongue}" dir="ltr"> in the theme'
    declared = proof.page.root.get("lang", "").strip()
    if declared.casefold() in {"", "und"}:
        what = "the HTML does not say its language; a voice reads it in the wrong one"
        yield error("lang-missing", "html", what, remedy)
    elif declared.casefold().partition("-")[0] != proof.rendered.tongue.casefold().partition("-")[0]:
        what = f"the HTML says that it is in {cited(declared)}; the issue is in {cited(proof.rendered.tongue)}"
        yield error("lang-other", "html", what, remedy)
    inside = [element for element in proof.page.elements if element.name != "html" and element.depth <= 3]
    if not any(element.attributes.get("lang") and element.attributes.get("dir") for element in inside):
        what = "nothing in the body says language and direction; webmail drops what the html element says"
        yield error("lang-body", "html", what, "put lang and dir on the first element of the theme's body")


def _title(proof: Proof) -> Iterator[Finding]:
    if not proof.page.title:
        yield error("title-missing", "html", "the HTML has no title", "set the title of the theme to the subject")


def _pictures(proof: Proof) -> Iterator[Finding]:
    for number, row in enumerate(proof.issue.source.splitlines(), 1):
        for found in _EMPTY_ALT.finditer(row):
            yield _without_alt(found[1], f"{proof.issue.path}:{number}")
    for picture in proof.page.pictures:
        place = proof.near(picture.src)
        if picture.alt is None:
            yield _without_alt(picture.src, place)
        elif _FILE_NAME.fullmatch(picture.alt.strip()):
            what = f"the alt text {cited(shortened(picture.alt))} is the name of a file"
            yield warning("alt-file", place, what, "say what the picture shows")


def _without_alt(src: str, place: str) -> Finding:
    name = shortened(src.rpartition("/")[2] or src) or "a picture"
    what = f"{name} has no alt text; whoever does not see it learns nothing"
    return error("alt-missing", place, what, "say what it shows: ![What the picture shows](…)")


def _headings(proof: Proof) -> Iterator[Finding]:
    shown = [element for element in proof.page.named("h1", "h2", "h3", "h4", "h5", "h6") if element.visible]
    levels = [int(element.name[1]) for element in shown]
    if levels.count(1) != 1:
        what = f"there are {levels.count(1)} headings of the first level; a letter has one"
        yield warning("h1-count", "html", what, "let the lead's title, or the letter's name, be the only h1")
    for above, below in pairwise(levels):
        if below > above + 1:
            what = f"a heading of level {below} follows one of level {above}"
            yield warning(
                "heading-skipped",
                "html",
                what,
                "begin sub-headings with ##, and let the theme use every level in turn",
            )
            return


def _layout(proof: Proof) -> Iterator[Finding]:
    heads = {id(table) for head in proof.page.root.iter("th") for table in head.iterancestors("table")}
    bare = [
        table
        for table in proof.page.root.iter("table")
        if table.get("role") not in {"presentation", "none"} and id(table) not in heads
    ]
    if bare:
        what = f"{len(bare)} layout tables would be read out as data"
        yield error("table-role", "html", what, 'write role="presentation" on them in the theme')
    for element in proof.page.named("meta"):
        content = element.attributes.get("content", "").replace(" ", "")
        if re.search(r"user-scalable=(?:no|0)|maximum-scale=1(?:\.0*)?(?:,|$)", content):
            what = "the letter forbids to zoom"
            yield warning("zoom-forbidden", "html", what, "leave user-scalable and maximum-scale out of the theme")


def _colours(proof: Proof) -> Iterator[Finding]:
    remedy = "choose a darker text or a lighter ground in the theme's colours"
    yield from _weak(proof, "contrast", "", contrast.weak(proof.looks), remedy)
    if dark := in_the_dark(proof.page.root, proof.page.styles):
        remedy = "choose a lighter text or a darker ground in the theme's dark colours"
        weak = contrast.weak(contrast.repainted(proof.looks, dark))
        yield from _weak(proof, "contrast-dark", "in dark mode ", weak, remedy)


def _weak(proof: Proof, code: str, when: str, found: Iterator[contrast.Weak], remedy: str) -> Iterator[Finding]:
    """Yield one finding for each pair of colours, with the first texts in it."""
    pairs: dict[tuple[contrast.Colour, contrast.Colour], list[contrast.Weak]] = {}
    for weak in found:
        pairs.setdefault((weak.colour, weak.ground), []).append(weak)
    for (front, ground), texts in pairs.items():
        colours = f"{contrast.hexadecimal(front)} on {contrast.hexadecimal(ground)}"
        needed = max(weak.needed for weak in texts)
        where = several(f"“{shortened(weak.text, 30)}”" for weak in texts)
        what = f"{when}{colours} has a contrast of {texts[0].ratio:.1f}:1, and {needed}:1 is needed: {where}"
        place = proof.template(contrast.hexadecimal(front), contrast.hexadecimal(ground))
        yield error(code, place, what, remedy)
