"""Score an article between 0 and 1, in parts that have names, so that a pick can say why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.model import Article, Section

#: The days after which an article's recency has halved: a letter a month should not look much older.
HALF_LIFE = 30
#: What each part can add. What opens the issue should have something to show and to tell.
WEIGHTS: Mapping[bool, Mapping[str, float]] = {
    True: {"recency": 0.30, "source": 0.10, "tags": 0.10, "picture": 0.20, "length": 0.30},
    False: {"recency": 0.50, "source": 0.20, "tags": 0.15, "picture": 0.10, "length": 0.05},
}
#: A text of so many characters is as good as a longer one, for anything but the lead: two or three sentences.
ENOUGH = 250
#: The source weight that gives the full part; 1.0, a source like any other, gives half of it.
HEAVIEST = 2.0


@dataclass(frozen=True, slots=True)
class Scale:
    """What an article is measured against.

    *sources* are weights by name, *tags* what the sections ask for, *longest* the longest text among those that
    could be picked, in characters.
    """

    now: datetime
    sources: Mapping[str, float]
    tags: frozenset[str]
    longest: int


def scale(
    articles: Iterable[Article], sections: Iterable[Section], now: datetime, sources: Mapping[str, float]
) -> Scale:
    """Return what *articles*, all that could be picked, are measured against."""
    tags = frozenset(tag.casefold() for section in sections for tag in section.tags)
    return Scale(now, sources, tags, max((len(article.text) for article in articles), default=0))


def dated(article: Article, now: datetime) -> datetime:
    """Return when *article* was published; one without a date counts as of now. Never later than *now*."""
    at = article.published or article.updated or now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def parts(article: Article, by: Scale, *, lead: bool = False) -> Mapping[str, float]:
    """Return what each part adds, in hundredths, so that the parts add up as they are shown."""
    age = (by.now - dated(article, by.now)).total_seconds() / 86400
    measure = max(by.longest, 1) if lead else ENOUGH
    shares = {
        "recency": 0.5 ** (age / HALF_LIFE),
        "source": min(max(by.sources.get(article.source, 1.0), 0.0), HEAVIEST) / HEAVIEST,
        "tags": float(any(tag.casefold() in by.tags for tag in article.tags)),
        "picture": float(article.image is not None),
        "length": min(len(article.text) / measure, 1.0),
    }
    return {name: round(share * WEIGHTS[lead][name], 2) for name, share in shares.items()}


def total(of: Mapping[str, float]) -> float:
    """Return the score that parts add up to."""
    return round(sum(of.values()), 2)


def told(of: Mapping[str, float]) -> str:
    """Return a score and its parts in words, the largest first: ``0.83 = recency 0.50 + ...``."""
    shown = sorted((part for part in of.items() if part[1] > 0), key=lambda part: -part[1])
    return f"{total(of):.2f} = " + (" + ".join(f"{name} {value:.2f}" for name, value in shown) or "nothing")
