"""Bring an issue up to date with its articles; lose nothing that an editor pinned, rewrote, moved or removed.

Three versions of each block meet: as it was written, as it stands, and as it would be written now. What stands as
it was written is renewed; what the editor changed stays; where both changed the same, the editor's stays and the
other is told. Of what compose did not write nothing is touched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.issuefile import calendar, draft
from newsletter.issuefile.blocks import blocktext
from newsletter.issuefile.refreshing import happening, written
from newsletter.issuefile.refreshing.align import align
from newsletter.issuefile.refreshing.merge import Conflict, merge
from newsletter.issuefile.refreshing.written import Part, Written
from newsletter.issuefile.splice import Change, apply
from newsletter.issuefile.yaml import ENDS
from newsletter.model import Article, Block, Brief, Cta, Events, Issue, Lead, Quote, Story
from subscribers.tongue import root


@dataclass(frozen=True, slots=True)
class Note:
    """What was done about one article in an issue, and why. *kind* is lead, story, brief or events."""

    key: str
    title: str
    kind: str
    reason: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The text of an issue after a pull, what to keep as written with it, and a note for each of its articles."""

    text: str
    written: Written
    notes: tuple[Note, ...]


def refresh(
    issue: Issue, was: Written, find: Callable[[str], Article | None], read_on: str, events: Events | None = None
) -> Refreshed:
    """Return *issue* with what changed in its articles; every other line stays byte for byte.

    *was* is what was written into it, *find* returns an article by its key, *read_on* is the words of a button,
    *events* what the articles tell of now.
    """
    rows = ENDS.split(issue.source)
    changes: list[Change] = []
    kept: dict[str, tuple[str, ...]] = dict(was)
    notes: list[Note] = []
    for key in dict.fromkeys(one.src for one in issue.blocks if one.src):
        own = tuple(one for one in issue.blocks if one.src == key)
        before = written.parts(was.get(key, ()))
        article = find(key)
        kind = written.first_kind(was.get(key, ())) or _kind(own)
        twin = _translation(issue, own, article, find)
        if twin and _is_untouched(own, before, rows):
            blocks = draft.blocks(twin, kind, read_on, issue.language)
            changes += _replaced(own, blocks, rows)
            del kept[key]
            kept |= written.of(blocks)
            notes.append(Note(twin.key, twin.title, _kind(own), "refreshed: its translation came"))
            continue
        new: tuple[Block, ...] | None = draft.blocks(article, kind, read_on, issue.language) if article else None
        if key == calendar.KEY:
            new = (events,) if events else ()
        title = "Coming up" if key == calendar.KEY else _title(article, own)
        told = _plan(own, before, new, rows)
        changes += told.changes
        if told.settled and new is not None:
            kept[key] = written.of(new).get(key, ())
        notes.append(Note(key, title, _kind(own), told.reason, tuple(told.conflicts)))
    return Refreshed(apply(issue.source, changes), kept, tuple(notes))


def _translation(
    issue: Issue, own: Sequence[Block], article: Article | None, find: Callable[[str], Article | None]
) -> Article | None:
    """Return the article that tells in the issue's language what *own* tell in another one; None for none.

    One that stands in the issue already takes no other's place.
    """
    foreign = any(one.lang and root(one.lang) != root(issue.language) for one in own)
    there = {one.src for one in issue.blocks}
    twins = (find(key) for key in article.twins if key not in there) if article and foreign else ()
    return next((one for one in twins if one and root(one.language) == root(issue.language)), None)


def _is_untouched(own: Sequence[Block], was: Sequence[Part], rows: Sequence[str]) -> bool:
    """Whether the blocks of an article stand as they were written."""
    return not any(one.pin for one in own) and [written.typed(one, rows) for one in own] == list(was)


def _replaced(own: Sequence[Block], new: Sequence[Block], rows: Sequence[str]) -> list[Change]:
    """Return the changes that put *new* where the first of *own* stands, and take out the others."""
    first, *others = own
    texts = (blocktext.fenced(replace(one, segment=first.segment)) for one in new)
    there = Change(first.span.start, first.span.end, "\n\n".join(texts))
    return [there, *(_without(one, rows) for one in others)]


def _without(one: Block, rows: Sequence[str]) -> Change:
    """Return the change that takes out a block, with an empty line after it."""
    after = one.span.end < len(rows) - 1 and not rows[one.span.end].strip()
    return Change(one.span.start, one.span.end + after, None)


def removed(issue: Issue, was: Mapping[str, object]) -> frozenset[str]:
    """Return the articles that were written into *issue* and that its editor took out."""
    return frozenset(was) - {one.src for one in issue.blocks}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to do about one article. *settled* means that its new text is what counts as written from now on."""

    reason: str
    changes: Sequence[Change] = ()
    conflicts: Sequence[Conflict] = ()
    settled: bool = False


def _plan(own: Sequence[Block], was: Sequence[Part], new: Sequence[Block] | None, rows: Sequence[str]) -> _Plan:
    if any(one.pin for one in own):
        return _Plan("kept: pinned")
    if new is None:
        return _Plan("kept: its article is not in the pool")
    if not was:
        return _Plan("kept: yours, compose did not write it")
    fresh = [written.part(one) for one in new]
    if fresh == list(was):
        return _Plan("kept: its article did not change")
    meeting = _Meeting(own, was, new, fresh, rows)
    changes, conflicts, count = meeting.changes, meeting.conflicts, meeting.count
    if not changes and meeting.agreed:
        return _Plan("kept: it stands there already", settled=True)
    if not changes:
        return _Plan("kept: you rewrote what changed in its article", (), conflicts, settled=True)
    told = f"refreshed: {count} {'block' if count == 1 else 'blocks'}"
    if conflicts or meeting.kept:
        told += "; you rewrote the rest"
    return _Plan(told, changes, conflicts, settled=True)


class _Meeting:
    """The three versions of one article's blocks, and what becomes of them."""

    def __init__(
        self,
        own: Sequence[Block],
        was: Sequence[Part],
        new: Sequence[Block],
        fresh: Sequence[Part],
        rows: Sequence[str],
    ) -> None:
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []
        self.count = self.kept = 0
        self._own, self._new, self._fresh, self._rows = own, new, fresh, rows
        self._stands = [written.typed(one, rows) for one in own]
        ours, theirs = align(was, self._stands), align(was, fresh)
        for at, before in enumerate(was):
            match ours.get(at), theirs.get(at):
                case int(place), int(other):
                    self._both(place, before, other)
                case int(place), None:
                    self._dropped(place, before)
                case None, int(other):
                    # The editor took this block out: what is new in it stays out too.
                    self.kept += fresh[other] != before
        self._added({other: ours.get(at) for at, other in theirs.items()})

    @property
    def agreed(self) -> bool:
        """Whether the issue says just what the article says now, as an editor or a killed pull wrote it."""
        return self._stands == list(self._fresh)

    def _both(self, place: int, before: Part, other: int) -> None:
        """Merge a block that stands in the issue and in the article."""
        own, part, fresh = self._own[place], self._stands[place], self._fresh[other]
        if fresh == before:
            return
        meet = happening.merge if isinstance(own, Events) else merge
        merged = meet(before.lines, part.lines, fresh.lines)
        said = []
        for old, ours, theirs in zip(before.said, part.said, fresh.said, strict=True):
            if ours not in {old, theirs} and theirs != old:
                self.conflicts.append(Conflict(0, (ours,), (theirs,)))
            said.append(theirs if ours == old else ours)
        self.conflicts += merged.conflicts
        if merged.lines == part.lines and tuple(said) == part.said:
            return
        same = tuple(said) == part.said
        opening = self._rows[own.span.start] if same else blocktext.head(_saying(own, said))
        lines = [opening, *merged.lines, self._rows[own.span.end - 1]]
        self.changes.append(Change(own.span.start, own.span.end, "\n".join(lines)))
        self.count += 1

    def _dropped(self, place: int, before: Part) -> None:
        """Take out a block that its article has no longer, unless the editor changed it."""
        if self._stands[place] != before:
            self.kept += 1
            return
        self.changes.append(_without(self._own[place], self._rows))
        self.count += 1

    def _added(self, known: Mapping[int, int | None]) -> None:
        """Put in the blocks that its article did not have before, after the one that they follow there."""
        after = 0
        texts: dict[int, list[str]] = {}
        for at, one in enumerate(self._new):
            if at in known:
                after = after if (place := known[at]) is None else place
            else:
                shown = replace(one, segment=self._own[0].segment)
                texts.setdefault(self._own[after].span.end, []).append(blocktext.fenced(shown))
                self.count += 1
        self.changes += [Change(row, row, "\n" + "\n\n".join(these)) for row, these in texts.items()]


def _saying(own: Block, said: Sequence[str]) -> Block:
    """Return *own* with what its first line says of the article changed."""
    match own:
        case Quote():
            return replace(own, by=said[0])
        case Cta():
            return replace(own, href=said[0], label=said[1])
        case _:
            return own


def _kind(own: Sequence[Block]) -> str:
    """Return what the article is in the issue: lead, story or brief; events for a calendar."""
    kinds = (blocktext.kind(one) for one in own if isinstance(one, Lead | Story | Brief | Events))
    return next(kinds, "story")


def _title(article: Article | None, own: Sequence[Block]) -> str:
    titles = (one.title for one in own if isinstance(one, Lead | Story | Brief) and one.title)
    return article.title if article else next(titles, own[0].src)
