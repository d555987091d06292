"""What compose and pull work with: the pool, what is wished for, and an article as it can stand in the issue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from newsletter.cli.compose import wishing
from newsletter.cli.compose.wishing import Asked, Beyond
from newsletter.errors import NotFoundError
from newsletter.files import issues, pictures
from newsletter.files.looks import words
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.issuefile import calendar
from newsletter.issuefile.draft import Piece
from newsletter.model import Article, Candidate, Events, Pick
from newsletter.picking import eligible
from newsletter.picking.wish import Wish, heading


@dataclass(frozen=True, slots=True)
class Desk:
    """The work on the issue *slug*. *lay* tells whether pictures are laid beside it, or only named so."""

    workspace: Workspace
    pool: Pool
    slug: str
    wish: Wish
    candidates: Sequence[Candidate]
    beyond: Beyond
    lay: bool = True

    @classmethod
    def open(cls, workspace: Workspace, pool: Pool, asked: Asked, *, lay: bool = True) -> Self:
        """Return the desk for what is asked."""
        found = wishing.wish(workspace, pool, asked)
        return cls(workspace, pool, asked.slug, found.wish, found.candidates, found.beyond, lay)

    def languages(self, picks: Sequence[Pick]) -> list[str]:
        """Return the letter's languages in which at least one of *picks* is written."""
        places = {self.wish.place(one.language) for found in picks for one in (found.article, *found.twins)}
        return [code for place, code in enumerate(self.wish.languages) if place in places]

    def pieces(self, picks: Sequence[Pick], language: str) -> Iterator[Piece]:
        """Yield what stands of *picks* in the issue in *language*: the text in it, or one that is marked."""
        say = words.load(self.workspace.templates, language).gettext
        place = self.wish.languages.index(language)
        for one in picks:
            texts = {self.wish.place(each.language): each for each in reversed((one.article, *one.twins))}
            text = texts.get(place) or (one.article if self.wish.marked else None)
            article = self.find(text.key) if text else None
            if article:
                yield Piece(article, one.section.block, heading(one.section, language, say))

    def find(self, key: str) -> Article | None:
        """Return an article of the pool as it can stand in the issue, None if it is not there."""
        try:
            return pictures.beside(self.workspace, self.slug, self.pool.get(key), copy=self.lay)
        except NotFoundError:
            return None

    def events(self, language: str) -> Events | None:
        """Return what is coming up: what articles in *language* tell, and in none that is known."""
        place = self.wish.languages.index(language)
        spoken = {one.key: self.wish.place(one.language) for one in self.candidates}
        telling = [
            self.pool.get(one.key)
            for one in self.candidates
            if one.eventful and not (one.hidden or one.held) and self._is_for(spoken, one, place)
        ]
        found = calendar.gather(telling, self.wish.now, self.workspace.settings.letter.timezone)
        title = words.load(self.workspace.templates, language).gettext("Coming up")
        return replace(found, title=title) if found else None

    def told(self) -> Mapping[str, str]:
        """Return which articles are events that an earlier issue listed, by their keys, with that issue."""
        listed = {
            calendar.name(each): slug
            for slug in reversed(issues.slugs(self.workspace))
            if slug != self.slug
            for one in issues.understood(self.workspace, slug)[0]
            for block in one.blocks
            if isinstance(block, Events)
            for each in block.items
        }
        zone = self.workspace.settings.letter.timezone
        lines = (one.key for one in self.candidates if eligible.is_line(one)) if listed else ()
        names = {key: [calendar.name(each) for each in calendar.told(self.pool.get(key), zone)] for key in lines}
        return {key: listed[own[0]] for key, own in names.items() if own and listed.keys() >= set(own)}

    def _is_for(self, spoken: Mapping[str, int], one: Candidate, place: int) -> bool:
        own = spoken[one.key]
        translated = any(spoken.get(twin) == place for twin in one.twins)
        return not one.language or own == place or (own >= 0 and self.wish.marked and not translated)
