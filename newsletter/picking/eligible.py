"""Tell which articles can be in an issue at all, and of the others why not. Pairs the twins of one piece."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from newsletter.model import Candidate
from newsletter.picking import score
from newsletter.picking.wish import LATE, Wish
from newsletter.spoken import tongue

#: Characters, below which an article that tells of an event says no more than the event's line.
LINE = 200
#: Why such an article is no story.
COMING = "left: an event, for what is coming up"
#: The article that a new workspace has for a sample, by its key, and why it is left where there is another.
SAMPLE = "text:this-folder-is-a-source"
SAMPLED = "left: the sample of a new workspace"


@dataclass(frozen=True, slots=True)
class Fit:
    """What could be picked: each piece once, its *twins* by its key, and the *reasons* of what could not."""

    candidates: Sequence[Candidate]
    twins: dict[str, tuple[Candidate, ...]]
    reasons: dict[str, str]


def fit(candidates: Iterable[Candidate], wish: Wish) -> Fit:
    """Return which of *candidates* could be picked; of twins, the one in the letter's foremost language.

    What is an event and nothing more stands among what is coming up; it is picked only where there is no other,
    and so is the sample of a new workspace, unless it is pinned.
    """
    everything = list(candidates)
    samples = [one for one in everything if one.key == SAMPLE and not one.pinned]
    found = _stories([one for one in everything if one not in samples], wish)
    if not (samples and found.candidates):
        return _stories(everything, wish) if samples else found
    told = {one.key: Judge(wish)(one) or SAMPLED for one in samples}
    return Fit(found.candidates, found.twins, found.reasons | told)


def _stories(everything: Sequence[Candidate], wish: Wish) -> Fit:
    lines = {one.key for one in everything if is_line(one)}
    found = _fit([one for one in everything if one.key not in lines], wish)
    if not found.candidates:
        return _fit(everything, wish)
    judge = Judge(wish)
    told = {one.key: judge(one) or COMING for one in everything if one.key in lines}
    return Fit(found.candidates, found.twins, found.reasons | told)


def is_line(one: Candidate) -> bool:
    """Whether an article is an event and nothing more, and no editor wants it as a story."""
    return one.eventful and not one.pinned and one.size < LINE


def aside(one: Candidate, *, listed: bool) -> str:
    """Return why *one* is no story beside others, "" if it is one; *listed*, where events stand in the issue."""
    if one.key == SAMPLE and not one.pinned:
        return SAMPLED
    return COMING if listed and is_line(one) else ""


def _fit(candidates: Iterable[Candidate], wish: Wish) -> Fit:
    judge = Judge(wish)
    alone: list[Candidate] = []
    paired: dict[str, list[Candidate]] = {}
    reasons: dict[str, str] = {}
    for one in candidates:
        if reason := judge(one):
            reasons[one.key] = reason
        elif one.twins:
            name = min(one.key, *one.twins)
            paired.setdefault(name, []).append(one)
            if len(paired[name]) == 1:
                alone.append(one)
        else:
            alone.append(one)
    first: dict[str, Candidate] = {}
    twins: dict[str, tuple[Candidate, ...]] = {}
    for group in paired.values():
        ordered = sorted(group, key=lambda one: (wish.place(one.language), one.key))
        chosen = ordered[0]._replace(pinned=any(one.pinned for one in group))
        first |= {one.key: chosen for one in group}
        twins[chosen.key] = _others(ordered, wish)
        for one in ordered[1:]:
            if one not in twins[chosen.key]:
                reasons[one.key] = f"left: the same story as “{chosen.title}”"
    return Fit([first.get(one.key, one) for one in alone], twins, reasons)


def _others(ordered: Sequence[Candidate], wish: Wish) -> tuple[Candidate, ...]:
    """Return the first of each further language."""
    found: dict[int, Candidate] = {}
    for one in ordered:
        found.setdefault(wish.place(one.language), one)
    return tuple(found.values())[1:]


class Judge:
    """Says of an article why it cannot be in the issue."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._foreign: dict[str, str] = {}
        self._since = wish.since
        self._fresh = wish.last.at - LATE if wish.last and not wish.since else None

    def __call__(self, one: Candidate) -> str:
        """Return why *one* cannot be in the issue, or ""."""
        used = self._wish.used
        if one.hidden or one.held:
            return "left: hidden" if one.hidden else "left: held"
        if one.key in used:
            return f"left: in issue {used[one.key]}"
        if one.twins and (told := next((used[key] for key in one.twins if key in used), "")):
            return f"left: in issue {told}, in another language"
        if one.language not in self._foreign:
            self._foreign[one.language] = self._foreign_words(one.language)
        return self._foreign[one.language] or ("" if one.pinned else self._outside(one))

    def _foreign_words(self, code: str) -> str:
        wish = self._wish
        if wish.place(code) >= 0:
            return ""
        letter = " and ".join(tongue(one, "en")[0] for one in wish.languages)
        return f"left: in {tongue(code, 'en')[0]}, the letter is in {letter}"

    def _outside(self, one: Candidate) -> str:
        """Return why an article is outside of the window, or ""."""
        wish = self._wish
        if not (self._since or self._fresh or wish.until or wish.ends or wish.begins):
            return ""
        at = score.dated(one, wish.now)
        if self._since and at < self._since:
            return _told("left: older than {}", self._since)
        waits = one.later or one.source not in wish.sources
        if self._fresh and wish.last and at < self._fresh and not waits:
            return _told(f"left: older than the last issue, {wish.last.slug} ({{}})", wish.last.at)
        if wish.begins and at < wish.begins and not waits:
            return _told("left: from before {}, for a first issue", wish.begins)
        if wish.ends and at >= wish.ends and one.source in wish.sources:
            return _told("left: newer than the issue's month, which ends {}", wish.ends - timedelta(seconds=1))
        if wish.until and at >= wish.until:
            return _told("left: newer than {}", wish.until - timedelta(seconds=1))
        return ""


@lru_cache(8)
def _told(words: str, at: datetime) -> str:
    return words.format(f"{at:%Y-%m-%d}")
