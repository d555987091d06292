"""Bring an issue up to date with its articles, and find what else could go in: what `newsletter pull` does."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter import issue, pick
from newsletter.cli.compose import composing
from newsletter.cli.compose.composing import Clash, Outcome, Picked
from newsletter.cli.compose.desk import Desk
from newsletter.cli.compose.wishing import Asked
from newsletter.errors import TryAgainError
from newsletter.files import issues, written
from newsletter.files.looks import words
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import addition, calendar, draft
from newsletter.issuefile.draft import Piece
from newsletter.issuefile.refreshing import opening, refresh
from newsletter.issuefile.refreshing import written as writing
from newsletter.issuefile.refreshing.written import Written
from newsletter.model import Featured, Issue, Left, Pick
from newsletter.picking import eligible, interest, score
from newsletter.picking.wish import SECTIONS, heading


def pull(workspace: Workspace, asked: Asked, *, add: bool = False, write: bool = True) -> Outcome:
    """Refresh the issue in each of its languages; with *add*, fill its sections with what is new.

    Without *write* nothing is written, only told. Raise NotFoundError if there is no such issue, IssueError if it
    cannot be understood.
    """
    twins = issues.load(workspace, asked.slug)
    with Pool(workspace.pool) as pool:
        work = _Pull(workspace, pool, asked, twins, lay=write)
        for each in twins:
            work.bring(each, add=add, write=write)
    added, open_ = (work.new, ()) if add else ((), work.new)
    could_be = (Left(one.article, f"left: new, --add puts it into {_room(one)}") for one in open_)
    return Outcome(
        tuple(work.written),
        (*work.standing, *map(composing.picked, added)),
        (*could_be, *work.left),
        tuple(work.clashes),
        exists=True,
        files=tuple(one.path for one in twins),
        beyond=work.beyond,
        coming=calendar.count(twins[0].blocks),
    )


class _Pull:
    """One pull: the pool and the picks are the same for all languages of the issue."""

    def __init__(
        self, workspace: Workspace, pool: Pool, asked: Asked, twins: Sequence[Issue], *, lay: bool
    ) -> None:
        self.written: list[str] = []
        self.standing: list[Picked] = []
        self.clashes: list[Clash] = []
        self._workspace, self._languages = workspace, len(twins)
        say = words.load(workspace.templates, twins[0].language).gettext
        present = {
            one: addition.count(twins[0], replace(one, name=heading(one, twins[0].language, say)))
            for one in workspace.settings.sections or SECTIONS
        }
        stands = frozenset(block.src for one in twins for block in one.blocks if block.src)
        self._desk = Desk.open(workspace, pool, replace(asked, present=present, stands=stands), lay=lay)
        self.beyond = self._desk.beyond
        self._by_key = {one.key: one for one in self._desk.candidates}
        there = [one for block in twins[0].blocks if (one := self._by_key.get(block.src))]
        clicked = interest.learn(self._desk.candidates, self._desk.wish.clicks)
        self._scale = score.Scale(there, self._desk.wish, clicked)
        self.new, self.left = self._what_is_new(twins)

    def bring(self, one: Issue, *, add: bool, write: bool) -> None:
        """Refresh one file of the issue."""
        path, desk = self._workspace.root / one.path, self._desk
        read_on = words.load(self._workspace.templates, one.language).gettext("Read on")
        was = written.load(path)
        events = desk.events(one.language)
        done = refresh.refresh(one, was, desk.find, read_on, events)
        text, known = done.text, dict(done.written)
        if add:
            for piece in desk.pieces(self.new, one.language):
                before = self._parsed(one, text)
                text = addition.add(before, piece, read_on)
                known |= writing.of(addition.blocks(before, piece, read_on))
        text = self._opened(one, text, was)
        there = calendar.KEY in was or any(block.src == calendar.KEY for block in one.blocks)
        if add and events and not there:
            text = addition.add_events(self._parsed(one, text), events)
            known |= writing.of((events,))
        if write and text != one.source:
            if issues.read(self._workspace, path) != one.source:
                raise TryAgainError("somebody saved this file just now", where=one.path, remedy="run pull again")
            issues.write(path, text)
        # After the text: a crash between the two leaves nothing that looks like an editor's word and is none.
        if write and known != was:
            written.keep(path, known)
        if text != one.source:
            self.written.append(one.path)
        self._tell(one, done.notes)

    def _opened(self, one: Issue, text: str, was: Written) -> str:
        """Return *text* with the subject and preheader that its articles make now, where they made those in it."""
        now = self._parsed(one, text)
        if frame := issues.frame(self._workspace, one.language):
            now = opening.titled(now, was, frame, draft.gaps((), one.slug, one.language))
        if not opening.stale(now, was):
            return now.source
        sources = dict.fromkeys(block.src for block in now.blocks if isinstance(block, Featured) and block.src)
        pieces = [Piece(article, "") for key in sources if (article := self._desk.find(key))]
        return opening.renewed(now, "preheader", draft.preheader(pieces, one.language))

    def _tell(self, one: Issue, notes: Sequence[refresh.Note]) -> None:
        for note in notes:
            spoken = (one.language,) if self._languages > 1 else ()
            known = self._by_key.get(note.key)
            parts = self._scale.parts(known, lead=note.kind == "lead") if known else ()
            self.standing.append(
                Picked(
                    note.key,
                    note.title,
                    one.language,
                    note.kind,
                    score.total(parts),
                    note.reason,
                    score.named(parts) if parts else {},
                    languages=spoken,
                )
            )
            self.clashes += (
                Clash(one.path, note.title, _said(clash.own), _said(clash.other)) for clash in note.conflicts
            )

    def _what_is_new(self, twins: Sequence[Issue]) -> tuple[tuple[Pick, ...], tuple[Left, ...]]:
        """Return what could go into the room that is left in the issue, and why the rest does not."""
        stands = {block.src for one in twins for block in one.blocks if block.src}
        out = {
            key
            for one in twins
            for key in refresh.removed(one, written.load(self._workspace.root / one.path))
            if key not in stands
        }
        there, judge = {*stands, *out}, eligible.Judge(self._desk.wish)
        open_, taken_out, asides = [], [], []
        for one in self._desk.candidates:
            if one.key in out:
                taken_out.append(Left(one, "left: you took it out"))
            elif one.key in stands or there.intersection(one.twins):
                continue
            elif stands and (why := eligible.aside(one, listed=calendar.KEY in stands)):
                asides.append(Left(one, judge(one) or why))
            else:
                open_.append(one)
        # What stands in the issue is looked at, too: nothing tells its story again.
        known = [*open_, *(one for one in self._desk.candidates if one.key in stands)]
        wish = self._desk.wish
        used = {**dict.fromkeys(stands, self._desk.slug), **wish.used}
        picks, left = pick.pick(known, replace(wish, used=used))
        return picks, (*taken_out, *(one for one in left if one.article.key not in stands), *asides)

    def _parsed(self, one: Issue, text: str) -> Issue:
        zone = self._workspace.settings.letter.timezone
        return issue.parse(text, slug=one.slug, language=one.language, path=one.path, zone=zone)


def _said(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


def _room(one: Pick) -> str:
    return f"{pick.label(one.section)} ({one.score:.2f})"
