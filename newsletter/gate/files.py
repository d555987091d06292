"""The pictures that lie beside the issue: whether they are there, and how heavy they are. Opens none of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from urllib.parse import unquote

from newsletter.gate.proof import Proof, error, warning
from newsletter.model import Finding
from newsletter.rendering.plaintext import LETTERS

KIB = 1024
#: What a phone on a train loads before its owner scrolls on: one picture, and all of them.
HEAVY = 200 * KIB
HEAVY_TOGETHER = 800 * KIB
#: Twice what a letter shows, in pixels, and as much again: a phone unpacks four bytes for each.
LARGE = 2400
#: Fewer words than this for each picture, and spam filters take the letter for an image.
FEW = 12

#: A word; in Chinese and Japanese, which part none, two letters.
_WORD = re.compile(rf"[{LETTERS}]{{2}}|[^\W\d_]{{2,}}")
_PICTURE = re.compile(r"!\[[^\[\]]{0,500}\]\(")
_NO_WORDS = re.compile(
    r"!\[[^\[\]]{0,500}\]\([^()]{0,1000}\)|\]\([^()]{0,1000}\)|^\s*:::.*|https?://\S+|<[^<>]{0,500}>"
)
#: The endings of pictures that no mail program shows.
_UNSHOWN = re.compile(r"\.(?:hei[cf]|tiff?|bmp|svg)$", re.IGNORECASE)


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the files; nothing where the gate was not told of any."""
    yield from _words(proof)
    if proof.beside.size:
        yield from _sizes(proof, proof.beside.size)


def _words(proof: Proof) -> Iterator[Finding]:
    """Warn of a letter that is pictures and hardly a word: blocked, it says nothing."""
    source = proof.issue.source.splitlines()
    rows = [row for block in proof.issue.blocks for row in source[block.span.start : block.span.end]]
    pictures = [row for row in rows if _PICTURE.search(row)]
    words = len(_WORD.findall(" ".join(_NO_WORDS.sub(" ", row) for row in rows)))
    if pictures and words < FEW * len(pictures):
        shown = "1 picture" if len(pictures) == 1 else f"{len(pictures)} pictures"
        what = f"{shown} and {words} words; where pictures are blocked, that says little"
        place = f"{proof.issue.path}:{source.index(pictures[0]) + 1}"
        yield warning("image-little-text", place, what, "say in words what the pictures say")


def _sizes(proof: Proof, size: Callable[[str], int | None]) -> Iterator[Finding]:
    own = [picture.src for picture in proof.page.pictures if picture.src.startswith(proof.own)]
    names = [unquote(src.removeprefix(proof.own)) for src in own]
    total = 0
    for name in dict.fromkeys(names):
        found, place = size(name), proof.near(name)
        if found is None:
            yield _missing(proof, name, place)
            continue
        total += found
        yield from _shape(proof, name, place)
        if found > HEAVY:
            what = f"{name} has {found // KIB:,} KB; on a phone it comes late"
            yield warning("image-heavy", place, what, f"save it 1200 pixels wide, as JPEG, {_by_us(proof)}")
    if total > HEAVY_TOGETHER:
        what = f"the pictures have {total // KIB:,} KB together"
        yield warning("images-heavy", "html", what, "save them smaller, or leave one out")


def _missing(proof: Proof, name: str, place: str) -> Finding:
    """Return what is told of a picture that readers cannot get: of another kind, by another name, or none."""
    what = f"readers would see a hole: the issue has no picture {name} to give them"
    # Windows writes its folders with other slashes.
    wanted = "assets/" + _UNSHOWN.sub(".jpg", name.replace("\\", "/").rpartition("/")[2])
    remedy = f"put a JPEG, PNG or GIF into issues/{proof.issue.slug}/assets/ and name it here, as {wanted}"
    if name in proof.beside.names:
        what = f"readers would see a hole: no mail program shows a file such as {name}"
        remedy = "save it as JPEG, PNG or GIF beside it, and name that here"
    elif near := _near(wanted, proof.beside.names):
        remedy = f"if {near} is meant, name it here as that: capital letters and the ending count"
    return error("image-missing", place, what, remedy)


def _near(wanted: str, names: Sequence[str]) -> str:
    """Return the one of *names* that is written nearly like *wanted*, "" for none."""
    folded = {name.casefold(): name for name in names}
    return next((folded[one] for one in get_close_matches(wanted.casefold(), folded, 1, 0.85)), "")


def _shape(proof: Proof, name: str, place: str) -> Iterator[Finding]:
    """Yield what a file that is no picture, or a very large one, would do to readers, and what it gives away."""
    # An SVG is text, and a finding of its own.
    if proof.beside.shape is None or name.casefold().endswith(".svg"):
        return
    found = proof.beside.shape(name)
    if found is None:
        what = f"readers would see a broken picture: {name} is empty, or no picture at all"
        yield error("image-broken", place, what, "export it once more, as JPEG, PNG or GIF")
        return
    if max(found.width, found.height) > LARGE:
        what = f"{name} is {found.width:,} × {found.height:,} pixels; a letter shows 600, and phones choke on it"
        yield warning("image-large", place, what, f"save it 1200 pixels wide, {_by_us(proof)}")
    if found.turned:
        what = f"{name} is not upright where a mail program does not ask how its camera was held"
        remedy = f"save it upright, as “export for the web” does, {_by_us(proof)}"
        yield warning("image-turned", place, what, remedy)
    if found.located:
        what = f"{name} tells every reader where on earth it was taken, to a few metres"
        remedy = f"save it without its location, as “export for the web” does, {_by_us(proof)}"
        yield warning("image-located", place, what, remedy)


def _by_us(proof: Proof) -> str:
    """Return how to let the program do it."""
    return f"or run: newsletter articles pictures {proof.issue.slug} --shrink"
