"""Find which block of an article is which in another version of it: the same, or the likest of its kind."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from newsletter.issuefile.refreshing.written import Part

#: Two blocks of one kind are versions of each other if this share of their words is the same.
LIKE = 0.4


def align(base: Sequence[Part], other: Sequence[Part]) -> dict[int, int]:
    """Return the place in *other* of each part of *base* that has one there."""
    found: dict[int, int] = {}
    free = list(range(len(other)))
    for at, part in enumerate(base):
        if (same := next((place for place in free if other[place] == part), None)) is not None:
            found[at] = same
            free.remove(same)
    for at, part in enumerate(base):
        if at not in found and (like := _likest(part, other, free)) is not None:
            found[at] = like
            free.remove(like)
    for kind in {part.kind for part in base}:
        lost = [at for at, part in enumerate(base) if at not in found and part.kind == kind]
        new = [place for place in free if other[place].kind == kind]
        if len(lost) == len(new):
            # As many went as came: each was rewritten.
            found |= zip(lost, new, strict=True)
    return found


def _likest(part: Part, other: Sequence[Part], free: Sequence[int]) -> int | None:
    of_kind = [place for place in free if other[place].kind == part.kind]
    if not of_kind:
        return None
    likeness, place = max((_like(part, other[place]), -place) for place in of_kind)
    return -place if likeness >= LIKE else None


def _like(one: Part, other: Part) -> float:
    first, second = (" ".join(each.lines).split() for each in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
