"""What an issue may be made of: the sections, languages, window and weights that `newsletter.pick` goes by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.model import Section
from subscribers import tongue

#: The sections of a letter whose settings name none.
SECTIONS = (
    Section(name="", block="lead", max=1),
    Section(name="", block="story", max=3),
    Section(name="", block="brief", max=8),
)
#: What each part of a score weighs, for what opens the issue and for the rest. They count in relation to each
#: other, so parts that no article can have (nobody clicked yet, nothing is pinned) take nothing from the others.
#: What opens the issue should have something to show and to tell.
LEAD: Mapping[str, float] = {
    "recency": 0.30,
    "source": 0.10,
    "tags": 0.10,
    "picture": 0.20,
    "length": 0.30,
    "interest": 0.20,
    "pin": 1.0,
}
REST: Mapping[str, float] = {
    "recency": 0.50,
    "source": 0.20,
    "tags": 0.15,
    "picture": 0.10,
    "length": 0.05,
    "interest": 0.25,
    "pin": 1.0,
}
#: The days after which an article's recency has halved: a letter a month should not look much older.
HALF_LIFE = 30.0
#: What was published so long before the newest article of the last issue still counts as new: it may be late.
LATE = timedelta(days=7)
#: A first issue takes what is no older than this: nobody's first letter is about the year before last.
FIRST = timedelta(days=62)


def heading(section: Section, language: str, say: Callable[[str], str]) -> str:
    """Return a section's heading in *language*: as the settings have it, or as *say* translates its name."""
    names = dict(section.names)
    own = names.get(tongue.nearest(language, names), "")
    return own or (say(section.name) if section.name else "")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a score weighs, and the days after which recency has halved."""

    lead: Mapping[str, float] = field(default_factory=lambda: LEAD)
    rest: Mapping[str, float] = field(default_factory=lambda: REST)
    half_life: float = HALF_LIFE


@dataclass(frozen=True, slots=True)
class Last:
    """The last issue, and when the newest of its articles was published."""

    slug: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an issue may be made of.

    *used* tells where an article stood already (its key to the slug of that issue). *languages* are those of the
    letter; an article that names none is in the first. Dates go from *since* to before *until*; without *since*,
    what comes from one of *sources* must be newer than the *last* issue, but for `LATE`. *sources* are the
    letter's own, with their weights. *present* counts what stands in a section already. *per_source* 0 is no
    limit. *marked* says that an article stands in every language, marked where it is in another one; without it,
    each language has a place of its own. *clicks* counts how often earlier articles were opened, by their keys.
    *ends* is when the month is over that the issue is named for: what the sources published later waits. *begins*
    is what the sources' articles of a first issue must be newer than.
    """

    now: datetime
    languages: Sequence[str]
    sections: Sequence[Section] = SECTIONS
    used: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    last: Last | None = None
    sources: Mapping[str, float] = field(default_factory=dict)
    present: Mapping[Section, int] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    per_source: int = 0
    marked: bool = True
    ends: datetime | None = None
    begins: datetime | None = None
    clicks: Mapping[str, int] = field(default_factory=dict)

    def place(self, language: str) -> int:
        """Return which of the letter's languages *language* is, its first for none, -1 for a foreign one."""
        if not language or language in self.languages:
            return self.languages.index(language) if language else 0
        near = tongue.nearest(language, self.languages)
        return self.languages.index(near) if near else -1
