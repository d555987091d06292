"""Tell what a site puts on all of its pages, its picture and its words, from what is an article's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from newsletter.model import RawItem

#: Fewer articles with the same may well have it in common.
FEWEST = 4


def common(items: Sequence[RawItem]) -> frozenset[str]:
    """Return the addresses of pictures, and the summaries, that more than half of *items*, of one source, have."""
    counts = Counter(one for item in items for one in (item.image.src if item.image else "", item.summary) if one)
    return frozenset(one for one, count in counts.items() if count >= FEWEST and 2 * count > len(items))


def without(items: Iterable[RawItem], emblems: Iterable[str]) -> Iterator[RawItem]:
    """Yield *items* without the *emblems*: what they show and say themselves, if anything, is theirs."""
    known = frozenset(emblems)
    for item in items:
        image = None if item.image and item.image.src in known else item.image
        yield replace(item, image=image, summary="" if item.summary in known else item.summary)
