"""What readers care about, learned from how often earlier articles were opened. Knows no reader."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from newsletter.model import Candidate

#: A topic counts as this many articles of average interest besides its own: one lucky article makes no trend.
PRIOR = 3.0


class Interest:
    """How much readers cared about the tags and sources of earlier articles."""

    def __init__(self, earlier: Iterable[tuple[Candidate, int]]) -> None:
        """Learn from *earlier* articles and how often each was opened."""
        known = list(earlier)
        self._average = sum(clicks for _, clicks in known) / len(known) if known else 0.0
        heard: dict[str, list[int]] = defaultdict(list)
        for one, clicks in known:
            for topic in _topics(one):
                heard[topic].append(clicks)
        self._shares = {topic: self._share(clicks) for topic, clicks in heard.items()}

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self._average > 0

    def __call__(self, one: Candidate) -> float:
        """Return how much readers are likely to care about *one*, in [0, 1]; 0.5 is as much as about any."""
        shares = [share for topic in _topics(one) if (share := self._shares.get(topic)) is not None]
        return sum(shares) / len(shares) if shares else 0.5

    def _share(self, clicks: list[int]) -> float:
        """Return the interest in a topic as a share: opened twice as often as the average is two thirds."""
        if not self._average:
            return 0.5
        ratio = (sum(clicks) / self._average + PRIOR) / (len(clicks) + PRIOR)
        return ratio / (1 + ratio)


def learn(candidates: Iterable[Candidate], clicks: Mapping[str, int]) -> Interest:
    """Return what *clicks*, by an article's key, tell of the interest in *candidates*."""
    return Interest((one, max(0, clicks[one.key])) for one in candidates if one.key in clicks)


def _topics(one: Candidate) -> Iterable[str]:
    """Yield what an article is about, and where it came from."""
    yield f"source {one.source}"
    for tag in one.tags:
        yield tag.casefold()
