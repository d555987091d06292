"""Score an article between 0 and 1, in parts that have names, so that a pick can say why."""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime

from newsletter.model import Candidate, Section
from newsletter.picking.interest import Interest
from newsletter.picking.wish import Wish

#: A text of so many characters is as good as a longer one, for anything but the lead: two or three sentences.
ENOUGH = 250
#: What opens the issue has a text of at least so many characters, where there is one: two paragraphs.
SUBSTANCE = 600
#: The source weight that gives the full part; 1.0, a source like any other, gives half of it.
HEAVIEST = 2.0
#: The parts of a score, in their order.
NAMES = ("recency", "source", "tags", "picture", "length", "interest", "pin")


class Scale:
    """What articles are measured against: all that could be picked, and what is wished for."""

    def __init__(self, candidates: Iterable[Candidate], wish: Wish, interest: Interest) -> None:
        # An issue of a past month is as new as that month was.
        self._now = min(wish.now, wish.until or wish.now, wish.ends or wish.now).timestamp()
        self._half_life = wish.weights.half_life * 86400
        self._interest, self._heard = interest, bool(interest)
        self._sources = {name: _source(weight) for name, weight in wish.sources.items()}
        self._asked = Asked(wish.sections)
        self._longest, pinned = 1, False
        for one in candidates:
            self._longest = max(self._longest, one.size)
            pinned = pinned or one.pinned
        # What no article can have is not counted, so that it takes nothing from the other parts.
        out = {name for name, is_known in (("interest", bool(interest)), ("pin", pinned)) if not is_known}
        self._lead = _hundredths(wish.weights.lead, out)
        self._rest = _hundredths(wish.weights.rest, out)

    def totals(self, one: Candidate, *, opens: bool) -> tuple[int, int]:
        """Return the score of *one* in hundredths, what `parts` add up to: to open the issue, and for the rest.

        The first is 0 unless it *opens*. Written out, for it runs for every article of the pool.
        """
        lead, rest = self._lead, self._rest
        age = self._now - one.at.timestamp() if one.at else 0.0
        recency = 0.5 ** (age / self._half_life) if age > 0 else 1.0
        source = self._sources.get(one.source, 0.5)
        interest = self._interest(one) if self._heard else 0.0
        size, asked, pictured, pinned = one.size, self._asked[one.tags], one.pictured, one.pinned
        length = 1.0 if size > ENOUGH else size / ENOUGH
        other = int(rest[0] * recency + 0.5) + int(rest[1] * source + 0.5) + int(rest[4] * length + 0.5)
        other += asked * rest[2] + pictured * rest[3] + int(rest[5] * interest + 0.5) + pinned * rest[6]
        if not opens:
            return 0, other
        length = size / self._longest
        first = int(lead[0] * recency + 0.5) + int(lead[1] * source + 0.5) + int(lead[4] * length + 0.5)
        first += asked * lead[2] + pictured * lead[3] + int(lead[5] * interest + 0.5) + pinned * lead[6]
        return first, other

    def parts(self, one: Candidate, *, lead: bool = False) -> tuple[int, ...]:
        """Return what each part adds, in hundredths and in the order of `NAMES`."""
        age = self._now - one.at.timestamp() if one.at else 0.0
        shares = (
            0.5 ** (max(age, 0.0) / self._half_life),
            self._sources.get(one.source, 0.5),
            float(self._asked[one.tags]),
            float(one.pictured),
            min(one.size / (self._longest if lead else ENOUGH), 1.0),
            self._interest(one) if self._heard else 0.0,
            float(one.pinned),
        )
        return tuple(
            int(weight * share + 0.5)
            for weight, share in zip(self._lead if lead else self._rest, shares, strict=True)
        )


class Asked(dict[tuple[str, ...], bool]):
    """Whether any of an article's tags is asked for; many articles have the same, so each answer is kept."""

    def __init__(self, sections: Iterable[Section]) -> None:
        super().__init__()
        self._tags = frozenset(tag.casefold() for section in sections for tag in section.tags)

    def __missing__(self, tags: tuple[str, ...]) -> bool:
        self[tags] = answer = any(tag.casefold() in self._tags for tag in tags)
        return answer


def named(parts: tuple[int, ...]) -> Mapping[str, float]:
    """Return parts by their names, those that add something."""
    return {name: value / 100 for name, value in zip(NAMES, parts, strict=True) if value}


def total(parts: tuple[int, ...]) -> float:
    """Return the score that parts add up to."""
    return sum(parts) / 100


def told(parts: tuple[int, ...]) -> str:
    """Return a score and its parts in words, the largest first: ``0.83 = recency 0.50 + ...``."""
    shown = sorted(named(parts).items(), key=lambda part: -part[1])
    return f"{total(parts):.2f} = " + (" + ".join(f"{name} {value:.2f}" for name, value in shown) or "nothing")


def rank(one: Candidate, *, whole: bool) -> int:
    """Return how fit an article is to open an issue: by its substance, then its languages, then its picture.

    *whole* says that all readers have it in their own language. A picture counts only beside substance.
    """
    return (4 + one.pictured if one.size >= SUBSTANCE else 0) + 2 * whole


def dated(one: Candidate, now: datetime) -> datetime:
    """Return when *one* was published; one without a date counts as of now. Never later than *now*."""
    at = one.at or now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _source(weight: float) -> float:
    return min(max(weight, 0.0), HEAVIEST) / HEAVIEST


def _hundredths(of: Mapping[str, float], out: Container[str]) -> tuple[int, ...]:
    """Return weights but those *out* as whole numbers that add up to 100, so that no rounding adds to a score."""
    counted = [0.0 if name in out else of.get(name, 0.0) for name in NAMES]
    exact = [100 * weight / (sum(counted) or 1.0) for weight in counted]
    whole = [int(weight) for weight in exact]
    rest = sorted(range(len(NAMES)), key=lambda at: whole[at] - exact[at])[: round(sum(exact)) - sum(whole)]
    return tuple(weight + (at in rest) for at, weight in enumerate(whole))
