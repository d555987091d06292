"""Tell a site's own picture, which it puts on all of its pages, from those of its articles."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from newsletter.model import RawItem

#: Fewer articles with one picture may well have it in common.
FEWEST = 4


def common(items: Sequence[RawItem]) -> frozenset[str]:
    """Return the addresses of the pictures that more than half of *items*, the articles of one source, have."""
    counts = Counter(item.image.src for item in items if item.image)
    return frozenset(src for src, count in counts.items() if count >= FEWEST and 2 * count > len(items))


def without(items: Iterable[RawItem], emblems: Iterable[str]) -> Iterator[RawItem]:
    """Yield *items* without the pictures *emblems*: what they show themselves, if anything, is theirs."""
    known = frozenset(emblems)
    for item in items:
        yield replace(item, image=None) if item.image and item.image.src in known else item
