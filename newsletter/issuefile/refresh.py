"""Bring an issue up to date with its articles; leave alone what an editor pinned, rewrote, moved or removed.

A block whose seal (`newsletter.issuefile.seal`) no longer fits is the editor's own. Without a seal nothing is
touched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from newsletter.issuefile import block, blocktext, draft
from newsletter.issuefile.seal import Seals, core, derived, part, seal, seals, typed
from newsletter.issuefile.splice import Change, apply
from newsletter.issuefile.yamlfault import ENDS
from newsletter.model import Article, Block, Brief, Issue, Lead, Story


@dataclass(frozen=True, slots=True)
class Note:
    """What was done about one article in an issue, and why. *kind* is lead, story or brief."""

    key: str
    title: str
    kind: str
    reason: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The text of an issue after a pull, the seals to keep with it, and a note for each of its articles."""

    text: str
    seals: Seals
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """One article in an issue: its blocks as they stand, as they were sealed, and as they would be written now."""

    own: tuple[Block, ...]
    written: tuple[str, ...]
    new: tuple[Block, ...]
    rows: Sequence[str]
    together: bool

    @property
    def present(self) -> list[str]:
        """The seals of the blocks as they stand."""
        return [core(seal(one, typed(one, self.rows))) for one in self.own]

    @property
    def fresh(self) -> tuple[str, ...]:
        """The seals of the blocks as they would be written now."""
        return next(iter(seals(self.new).values()), ())

    @property
    def same_parts(self) -> bool:
        """Whether the article still has the kinds of blocks that were sealed."""
        return bool(self.new) and [part(mark) for mark in self.fresh] == [part(mark) for mark in self.written]


def refresh(issue: Issue, written: Seals, find: Callable[[str], Article | None], read_on: str) -> Refreshed:
    """Return *issue* with the blocks renewed whose article changed; every other line stays byte for byte.

    *written* are the seals kept with it, *find* returns an article by its key, *read_on* is the words of a button.
    """
    rows = ENDS.split(issue.source)
    changes: list[Change] = []
    kept: dict[str, tuple[str, ...]] = dict(written)
    notes: list[Note] = []
    for key in dict.fromkeys(one.src for one in issue.blocks if one.src):
        article = find(key)
        here = _standing(issue, key, written.get(key, ()), article, rows, read_on)
        reason, made, marks = _plan(here)
        changes += made
        if marks:
            kept[key] = marks
        notes.append(Note(key, _title(article, here.own), _kind(here.own), reason, bool(made)))
    return Refreshed(apply(issue.source, changes), kept, tuple(notes))


def _standing(
    issue: Issue, key: str, written: tuple[str, ...], article: Article | None, rows: Sequence[str], read_on: str
) -> _Standing:
    own = tuple(one for one in issue.blocks if one.src == key)
    kinds = [mark.partition(":")[0] for mark in written if part(mark) == "article"]
    new = draft.blocks(article, (kinds or [_kind(own)])[0], read_on) if article else ()
    places = [place for place, one in enumerate(issue.blocks) if one.src == key]
    return _Standing(own, written, new, rows, places == list(range(places[0], places[0] + len(places))))


def _plan(here: _Standing) -> tuple[str, list[Change], tuple[str, ...]]:
    """Return what to say and to do about an article, and its new seals, () to keep the old ones."""
    if any(one.pin for one in here.own):
        return "kept: pinned", [], ()
    if not here.new:
        return "kept: its article is not in the pool", [], ()
    if not here.written:
        return "kept: yours, compose did not write it", [], ()
    if here.fresh == here.written:
        return "kept: its article did not change", [], ()
    if here.same_parts:
        return _one_by_one(here)
    if here.present != [core(mark) for mark in here.written] or not here.together:
        return "kept: you rewrote it; its article changed too", [], ()
    new = [replace(_as(one, here.own), segment=here.own[0].segment) for one in here.new]
    text = "\n\n".join(blocktext.fenced(one) for one in new)
    change = Change(here.own[0].span.start, here.own[-1].span.end, text)
    return "refreshed: its article has other parts now", [change], here.fresh


def _one_by_one(here: _Standing) -> tuple[str, list[Change], tuple[str, ...]]:
    """Renew each block that is as it was written and whose part of the article changed."""
    triples = zip(here.written, here.fresh, here.new, strict=True)
    changed = [(core(old), one) for old, now, one in triples if old != now]
    present = here.present
    changes = []
    for old, one in changed:
        if old in present:
            place = present.index(old)
            changes.append(_renewed(here.own[place], one, here))
            # Two blocks may read the same; each is renewed once.
            present[place] = ""
    if not changes:
        return "kept: you rewrote what changed in its article", [], here.fresh
    count = f"{len(changes)} {'block' if len(changes) == 1 else 'blocks'}"
    if len(changes) < len(changed):
        return f"refreshed: {count}; you rewrote the rest", changes, here.fresh
    return f"refreshed: {count}", changes, here.fresh


def _renewed(old: Block, new: Block, here: _Standing) -> Change:
    """Return the change of *old* into *new* that leaves the fences as typed if they say the same."""
    own = replace(_as(new, here.own), segment=old.segment)
    opening = here.rows[old.span.start] if derived(old) == derived(new) else blocktext.head(own)
    closing = here.rows[old.span.end - 1]
    lines = [opening, *filter(None, [blocktext.body(own)]), closing]
    return Change(old.span.start, old.span.end, "\n".join(lines))


def _as(new: Block, own: Sequence[Block]) -> Block:
    """Return *new*, if it is the article's own block, as the lead, story or brief that the editor made of it."""
    if not isinstance(new, Lead | Story | Brief):
        return new
    return block.FEATURED[_kind(own)](**{field.name: getattr(new, field.name) for field in fields(new)})


def _kind(own: Sequence[Block]) -> str:
    """Return what the article is in the issue: lead, story or brief."""
    return next((blocktext.kind(one) for one in own if isinstance(one, Lead | Story | Brief)), "story")


def _title(article: Article | None, own: Sequence[Block]) -> str:
    titles = (one.title for one in own if isinstance(one, Lead | Story | Brief) and one.title)
    return article.title if article else next(titles, own[0].src)


def removed(issue: Issue, written: Mapping[str, object]) -> frozenset[str]:
    """Return the articles that were written into *issue* and that its editor took out."""
    return frozenset(written) - {one.src for one in issue.blocks}
