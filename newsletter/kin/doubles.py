"""Find articles that tell one story twice: nearly the same title or nearly the same words, within days.

The pool knows what came by several sources (`likeness`, beside it); here it is enough that a reader would take two
articles for one, for neither is lost: the one that is left says so.
"""

from collections.abc import Iterator
from math import ceil

from newsletter.kin import likeness, namesake
from newsletter.model import Candidate
from subscribers.tongue import root

#: Two summaries are one story if this share of their words is the same.
ALIKE = likeness.TITLE
#: A summary of fewer words says too little to know a story by.
FEW = 12


class Told:
    """Stories that were told already; finds the one that an article tells again."""

    def __init__(self) -> None:
        self._titles: dict[str, list[tuple[frozenset[str], Candidate]]] = {}
        self._summaries: dict[str, list[tuple[frozenset[str], Candidate]]] = {}

    def add(self, one: Candidate) -> None:
        """Remember *one* as told."""
        for index, said in ((self._titles, _words(one.title)), (self._summaries, _words(one.summary))):
            for word in _first(said):
                index.setdefault(word, []).append((said, one))

    def find(self, one: Candidate) -> Candidate | None:
        """Return the article that tells the story of *one*, another than itself, or None."""
        for word in _first(_words(one.title)):
            for _, other in self._titles.get(word, ()):
                alike = likeness.same_title(one.title, other.title) and not namesake.are(one.key, other.key)
                if alike and _near(one, other):
                    return other
        said = _words(one.summary)
        for word in _first(said) if len(said) >= FEW else ():
            for theirs, other in self._summaries.get(word, ()):
                if (
                    _near(one, other)
                    and _is_reprint(one, other)
                    and len(said & theirs) >= ALIKE * len(said | theirs)
                ):
                    return other
        return None


def _words(text: str) -> frozenset[str]:
    return frozenset(likeness.words(text))


def _first(said: frozenset[str]) -> Iterator[str]:
    """Yield the words of which two alike sets share at least one: all but `ALIKE` of them, in one order."""
    return iter(sorted(said)[: len(said) - ceil(ALIKE * len(said)) + 1])


def _is_reprint(one: Candidate, other: Candidate) -> bool:
    """Whether one can be the other under another title: what begins alike in one source is a series of its own."""
    return one.source != other.source and _numbers(one.title) == _numbers(other.title)


def _numbers(title: str) -> frozenset[str]:
    return frozenset(word for word in likeness.words(title) if any(one.isdigit() for one in word))


def _near(one: Candidate, other: Candidate) -> bool:
    """Whether one could be the other: a column keeps its title from month to month."""
    if one.key == other.key or root(one.language) != root(other.language):
        return False
    return not (one.at and other.at) or abs(one.at - other.at) <= likeness.APART
