"""The pictures that lie beside the issue: whether they are there, and how heavy they are. Opens none of them."""

from collections.abc import Callable, Iterator
from urllib.parse import unquote

from newsletter.gate.proof import Proof, error, warning
from newsletter.model import Finding

KIB = 1024
#: What a phone on a train loads before its owner scrolls on: one picture, and all of them.
HEAVY = 200 * KIB
HEAVY_TOGETHER = 800 * KIB


def findings(proof: Proof, size: Callable[[str], int | None]) -> Iterator[Finding]:
    """Yield what is wrong with the files; *size* tells the bytes of one, None if readers cannot get it."""
    base = f"{proof.settings.letter.base_url}/issues/{proof.issue.slug}/"
    names = [unquote(picture.src[len(base) :]) for picture in proof.page.pictures if picture.src.startswith(base)]
    total = 0
    for name in dict.fromkeys(names):
        found, place = size(name), proof.near(name, "html")
        if found is None:
            what = f"readers would see a hole: the issue has no picture {name} to give them"
            own = f"assets/{name.rpartition('/')[2]}"
            remedy = f"put a JPEG, PNG or GIF into issues/{proof.issue.slug}/assets/ and name it here, as {own}"
            yield error("image-missing", place, what, remedy)
            continue
        total += found
        if found > HEAVY:
            what = f"{name} has {found // KIB:,} KB; on a phone it comes late"
            yield warning("image-heavy", place, what, "save it 1200 pixels wide, as JPEG")
    if total > HEAVY_TOGETHER:
        what = f"the pictures have {total // KIB:,} KB together"
        yield warning("images-heavy", "html", what, "save them smaller, or leave one out")
