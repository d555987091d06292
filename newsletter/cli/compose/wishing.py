"""Say what an issue may be made of: the picker's wish, from the settings, the pool and the earlier issues."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from newsletter.cli import wiring
from newsletter.files import issues
from newsletter.files.pool.offer import Window
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.kin.identity import canonical_url
from newsletter.model import Candidate, Left, Section
from newsletter.picking import eligible
from newsletter.picking.wish import FIRST, LATE, SECTIONS, Last, Wish
from subscribers.store.back import links

#: What the last issue told shortly before the window is looked at too, so that it is not told again.
BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """Which articles may be picked: dated from *since* to before *until*, None for no limit of the editor's."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one composing is about besides the settings: which issue, when, of which time, what stands there.

    *stands* are the keys of what stands in the issue, *present* how many in each section.
    """

    slug: str
    now: datetime
    span: Span = field(default_factory=Span)
    present: Mapping[Section, int] = field(default_factory=dict)
    stands: frozenset[str] = frozenset()
    clicks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beyond:
    """The articles that are too old to choose from: how many, and, read when asked for, each with the reason."""

    count: int = 0
    pool: Path = Path()
    window: Window | None = None
    wish: Wish | None = None

    def __iter__(self) -> Iterator[Left]:
        """Yield them, the newest first."""
        if self.count and self.window and self.wish:
            judge = eligible.Judge(self.wish)
            with Pool(self.pool) as pool:
                for one in pool.older(self.window):
                    yield Left(one, judge(one) or "left: too old")


@dataclass(frozen=True, slots=True)
class Wished:
    """What the issue may be made of, the articles to choose from, and those that are too old."""

    wish: Wish
    candidates: Sequence[Candidate]
    beyond: Beyond


def wish(workspace: Workspace, pool: Pool, asked: Asked) -> Wished:
    """Return what the issue may be made of."""
    settings = workspace.settings
    used = _used(workspace, pool, asked.slug)
    sources = {source.name: source.weight for source in settings.sources}
    ends = None if asked.span.until else _month_end(asked, settings.letter.timezone)
    last = _last(pool, used, sources, asked.now, ends)
    since = asked.span.since or (last.at - LATE if last else None)
    clicks = _keyed(pool, asked.clicks or opened(workspace))
    keys = (*asked.stands, *clicks)
    window = Window(asked.now, since - BEFORE if since else None, tuple(sources), keys)
    candidates = pool.candidates(window)
    made = Wish(
        now=asked.now,
        languages=settings.letter.languages,
        sections=settings.sections or SECTIONS,
        used=used,
        since=asked.span.since,
        until=asked.span.until,
        last=last,
        sources=sources,
        present=asked.present,
        weights=settings.compose.weights,
        per_source=settings.compose.per_source,
        marked=_is_marked(settings.compose.untranslated, pool),
        ends=ends,
        begins=None if last or since or asked.span.until else (ends or asked.now) - FIRST,
        clicks=clicks,
    )

    def has_any() -> bool:
        return any(one.source in sources for one in eligible.fit(candidates, made).candidates)

    if made.begins and not has_any():
        made = replace(made, begins=None)
    if ends and not has_any():
        # Nothing is of that month or left from before: its name says nothing of what is to be in it.
        made = replace(made, ends=None, last=_last(pool, used, sources, asked.now, None))
    return Wished(made, candidates, Beyond(pool.count() - len(candidates), workspace.pool, window, made))


def _is_marked(said: str, pool: Pool) -> bool:
    """Whether what is in one language only stands in every twin, marked.

    Where nobody knows which articles say the same, all of them would stand in the issue twice, once as a stranger.
    """
    return said == "mark" or (said == "auto" and pool.pairs())


def _used(workspace: Workspace, pool: Pool, slug: str) -> Mapping[str, str]:
    """Return where each article stood already, also by the key that it goes by now."""
    used = issues.used(workspace, besides=slug)
    return {**{key: used[name] for name, key in pool.names(used).items()}, **used}


def opened(workspace: Workspace) -> Mapping[str, int]:
    """Return how often readers opened each article in earlier issues, by its key; nothing if not counted."""
    if not workspace.settings.tracking.clicks or not workspace.people.exists():
        return {}
    found: dict[str, int] = {}
    with wiring.people(workspace) as connection:
        for url, number in links.by_url(connection).items():
            key = canonical_url(url)
            found[key] = found.get(key, 0) + number
    return found


def _keyed(pool: Pool, clicks: Mapping[str, int]) -> Mapping[str, int]:
    """Return *clicks* by the key that each article goes by in the pool."""
    names = pool.names(clicks) if clicks else {}
    keyed: dict[str, int] = {}
    for name, number in clicks.items():
        key = names.get(name, name)
        keyed[key] = keyed.get(key, 0) + number
    return keyed


def _last(
    pool: Pool, used: Mapping[str, str], sources: Iterable[str], now: datetime, before: datetime | None
) -> Last | None:
    """Return the issue that has the newest article of all from *sources*, of those published *before*.

    What was added by hand is from the day on which it was added, and the sample of a new workspace from that on
    which it was made: neither tells how far the sources were read.
    """
    found = pool.latest(used.keys() - {eligible.SAMPLE}, sources, before)
    return Last(used[found[1]], min(found[0], now)) if found else None


def _month_end(asked: Asked, zone: tzinfo) -> datetime | None:
    """Return when the month ends that the issue is named for, None if its name says none, or one not over yet."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", asked.slug)
    if not found or not 1 <= int(found[1]) < 9999:
        return None
    year, month = int(found[1]), int(found[2])
    ends = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return ends if ends < asked.now else None
