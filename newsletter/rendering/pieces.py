"""Make of each block of an issue what a template needs: clean HTML, the same as text, whole addresses.

Words and addresses come from strangers (articles) as much as from the editor. None of them is ever a template.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter import choice, personal, spoken
from newsletter.errors import IssueError
from newsletter.issuefile.blocks.event import clear
from newsletter.model import (
    Asked,
    Block,
    Brief,
    Credits,
    Cta,
    Divider,
    Entry,
    Event,
    Events,
    Gallery,
    Image,
    Issue,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Story,
    Toc,
    Token,
)
from newsletter.rendering import datebook, hyphen, plaintext, prose
from newsletter.rendering.piece import Answer, Happening, Piece, listed, shelves

#: What parts a name from its title: Arabic and Japanese have commas of their own.
TITLED = re.compile("[,،、]")
#: A day in an event's words, and what they begin with: a day, perhaps with a time.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
START = re.compile(rf"{DAY.pattern}(?P<time>[T ]\s*\d{{1,2}}[:.]\d{{2}})?")


@dataclass(frozen=True, slots=True)
class _Whole:
    """Makes addresses whole: a path beside the issue begins with *base*, one of *marks* is whole already."""

    base: str
    marks: frozenset[str]

    def __call__(self, url: str) -> str:
        return url if any(mark in url for mark in self.marks) else prose.absolute(url, self.base)


@dataclass(slots=True)
class Press:
    """Makes the pieces of one issue, for readers of *reader*'s language.

    *notes* is what it left out, *levels* each article's heading level, *calendar* the events that all may read of,
    *questions* what readers are asked.
    """

    issue: Issue
    marks: personal.Marks
    base: str
    zone: ZoneInfo
    reader: str
    notes: list[str] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    calendar: list[Entry] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)

    def pieces(self, segments: frozenset[str]) -> tuple[Piece, ...]:
        """Return the pieces in order. The first titled lead has the letter's one h1."""
        blocks = [block for block in self.issue.blocks if not block.segment or block.segment in segments]
        made = [self._spoken(piece, block) for block in blocks for piece in self._each(block)]
        if any(piece.kind == "toc" for piece in made):
            made = [replace(piece, anchor=f"part-{number}") for number, piece in enumerate(made, 1)]
            entries = tuple(listed(made))
            made = [replace(piece, entries=entries) if piece.kind == "toc" else piece for piece in made]
        return tuple(made)

    def _each(self, block: Block) -> Iterator[Piece]:
        """Yield the piece of *block*, after that of its own heading."""
        if isinstance(block, Events) and block.title and block.items:
            title, heading = self._line(block.title, block)
            yield Piece("section", title=title, heading=heading)
        yield self.piece(block)

    def piece(self, block: Block) -> Piece:
        """Return what a template needs to show *block*. Raise IssueError for a personal field gone wrong."""
        match block:
            case Lead() | Story() | Brief():
                return self._featured(block)
            case Quote():
                name, _, role = TITLED.sub(",", by := self.plain(block.by, block), count=1).partition(",")
                said = Piece("quote", by=by, name=name.strip(), role=role.strip())
                return self._words(said, block.text, block)
            case Events():
                happenings = tuple(self._happening(event, block) for event in block.items)
                return Piece("events", events=happenings)
            case Cta():
                button, label = self._line(block.label, block)
                link = self.address(block.href, block)
                return self._words(Piece("cta", button=button, label=label, link=link), block.text, block)
            case Question():
                return self._question(block)
            case Image():
                picture = self._picture(block.picture, block)
                link = self.address(block.href, block)
                return self._words(Piece("image", picture=picture, link=link), block.caption, block)
            case Gallery():
                shown = [own for each in block.pictures if (own := self._picture(each, block))]
                return self._words(Piece("gallery", shelves=shelves(shown)), block.caption, block)
            case Prose():
                return self._prose(block)
            case Divider():
                return Piece("divider")
            case Toc():
                title, heading = self._line(block.title, block)
                return Piece("toc", title=title, heading=heading)
            case Credits():
                return self._words(Piece("credits"), block.text, block)

    def plain(self, text: str, block: Block | None = None) -> str:
        """Return one line that is no Markdown, with marks for its personal fields."""
        marked = self.marks.replace(text, lambda found: self.where(found, block))
        return " ".join(prose.UNWANTED.sub("", personal.plain(marked)).split())

    def address(self, url: str, block: Block) -> str:
        """Return a whole address, or "" for one that no mail should hold, such as ``javascript:``."""
        # Browsers drop line ends and tabs from an address, and read on.
        bare = re.sub(r"[\t\r\n]", "", prose.UNWANTED.sub("", self._marked(url, block).strip()))
        # A telephone number has no spaces (RFC 3966, section 3).
        whole = re.sub(r"\s", "" if bare[:4].lower() == "tel:" else "%20", bare)
        self._whole_field(whole, block)
        known = frozenset(token.mark for token in self._tokens() if token.mark in whole)
        return "" if self._left_out(whole, url, block) else _Whole(self.base, known)(whole)

    def where(self, words: str, block: Block | None) -> str:
        """Return ``file:line`` of *words* in *block* (None: in the front matter), as well as it is known."""
        lines = self.issue.source.splitlines()
        first = words.partition("\n")[0]
        # An address stands in the HTML with escapes that an editor did not write.
        forms = (first, unquote(first))
        start, end = (block.span.start, block.span.end) if block else (0, len(lines))
        for number in range(start, min(end, len(lines))):
            if any(form in lines[number] for form in forms):
                return f"{self.issue.path}:{number + 1}"
        return f"{self.issue.path}:{start + 1}" if block and lines else self.issue.path

    def _spoken(self, piece: Piece, block: Block) -> Piece:
        """Return *piece*, which says who paid for it, and once an article a language that is not the issue's."""
        if block.sponsor:
            piece = replace(piece, sponsor=self.plain(block.sponsor, block))
        if not block.lang or block.lang == self.issue.language:
            return piece
        tongue, direction = spoken.tongue(block.lang, self.reader)
        begun = block.src and block.src in self.levels and not isinstance(block, Lead | Story | Brief)
        return replace(piece, lang=block.lang, dir=direction, tongue="" if begun else tongue)

    def _marked(self, text: str, block: Block) -> str:
        return self.marks.replace(text, lambda found: self.where(found, block))

    def _whole_field(self, url: str, block: Block) -> None:
        names = self.marks.found(url)
        if names and (names[0] not in personal.LINKS or url != self.marks.mark(Token("", names[0]))):
            raise IssueError(
                f"the field {names[0]} cannot be a part of a link",
                where=self.where(names[0], block),
                remedy="only {{ preferences_url }} and {{ unsubscribe_url }} lead somewhere, and alone",
            )

    def _left_out(self, whole: str, url: str, block: Block) -> bool:
        """Note an address that no mail should hold."""
        scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", whole)
        if not scheme or scheme[1].lower() in prose.SCHEMES:
            return False
        place = self.where(url, block)
        if len(scheme[1]) == 1 or scheme[1].lower() == "file":
            what = "a disk that only you can read; put a picture into assets/ beside the issue, or link to the web"
        elif scheme[1].lower() == "data":
            what = "a file within the text, which mail programs block; save it into assets/ and name it: assets/…"
        else:
            what = "no address for a letter; use https://"
        self.notes.append(f"link-left-out: {place}: {scheme[1]}: is {what}")
        return True

    def _words(self, piece: Piece, markdown: str, block: Block, *, highest: int = 3) -> Piece:
        """Return *piece*, which stands for *block*, with the words of *markdown*."""
        marked = self._marked(markdown, block)
        for url in prose.addresses(marked):
            self._whole_field(url, block)
            self._left_out(url, url, block)
        address = _Whole(self.base, frozenset(token.mark for token in self._tokens() if token.mark in marked))
        start = "right" if spoken.locale(block.lang or self.issue.language).text_direction == "rtl" else "left"
        html = self._whole(prose.html(marked, highest=highest, address=address, start=start), block)
        columns = plaintext.COLUMNS - (6 if piece.kind == "quote" else 0)
        text = choice.closed_up(plaintext.text(marked, address=address, columns=columns), self._tokens())
        return replace(piece, html=html, text=text)

    def _featured(self, block: Lead | Story | Brief) -> Piece:
        title, heading = self._line(block.title, block)
        button, label = self._line(block.label, block)
        # What follows of the same article has its headings below this one.
        level = self.levels[block.src] = 1 if block is self._headline() else 2
        piece = Piece(
            type(block).__name__.lower(),
            title=title,
            heading=heading,
            level=level,
            picture=self._picture(block.image, block) if block.image else None,
            link=self.address(block.link, block),
            button=button,
            label=label,
        )
        return self._words(piece, block.text, block, highest=level + 1)

    def _headline(self) -> Block | None:
        leads = (block for block in self.issue.blocks if isinstance(block, Lead) and block.title)
        return next(leads, None)

    def _picture(self, picture: Picture, block: Block) -> Picture | None:
        src = self.address(picture.src, block)
        if not src:
            return None
        # Its words are plain already: braces in them are an article's, and text.
        alt = " ".join(prose.UNWANTED.sub("", picture.alt).split())
        return Picture(src, alt, picture.width, picture.height)

    def _prose(self, block: Prose) -> Piece:
        tokens = prose.parse(block.text)
        alone = len(tokens) == 3 and tokens[0].type == "heading_open" and not (block.src or block.sponsor)
        if alone:
            title, heading = self._line(tokens[1].content, block)
            return Piece("section", title=title, heading=heading)
        highest = self.levels.get(block.src, 1) + 1 if block.src else 2
        return self._words(Piece("prose", inside=bool(block.src)), block.text, block, highest=highest)

    def _question(self, block: Question) -> Piece:
        """Return a question whose answers lead to the reader's own page for them, and keep it for that page."""
        name = next(name for name, each in self.issue.questions if each is block)
        own = self.marks.mark(Token("", personal.ANSWER))
        lines = [self._line(answer, block) for answer in block.answers]
        answers = tuple(Answer(*line, f"{own}/{name}/{number}") for number, line in enumerate(lines, 1))
        words = plaintext.line(self._marked(block.text, block))
        self.questions.append(Asked(name, words, tuple(each.text for each in answers), block.lang))
        piece = self._words(Piece("question", answers=answers), block.text, block)
        told = "\n".join(
            f"{plaintext.wrap(each.text, indent='  ', first='- ')}\n  {each.link}" for each in answers
        )
        # So the text part of any theme has them, also of one that was made before letters could ask.
        return replace(piece, text=f"{piece.text}\n\n{told}")

    def _happening(self, event: Event, block: Block) -> Happening:
        title, heading = self._line(event.title, block)
        when, time, leaf, between = (
            clear(self.plain(event.when, block)),
            "",
            ("", ""),
            spoken.comma(self.issue.language),
        )
        if event.at and (start := START.match(when)):
            rest = spoken.moments(when[start.end() :], self.issue.language, self.zone)
            lasts = DAY.search(when, start.end())
            leaf = spoken.leaf(event.at, self.issue.language, self.zone)
            when, time = spoken.moment(event.at, self.issue.language, self.zone)
            clock = time if start["time"] else ""
            between = spoken.at(self.issue.language) if clock else between
            # What ends on another day is one span, not a day and a time.
            when, time = (f"{when} {clock}".strip() + rest, "") if lasts else (when, (clock + rest).strip(" ,"))
        moment = between.join(filter(None, (when, time)))
        place, url = self.plain(event.place, block), self.address(event.url, block)
        number = self._kept(event, block, heading, place, url)
        return Happening(when, time, moment, title, heading, place, url, *leaf, number)

    def _kept(self, event: Event, block: Block, title: str, place: str, url: str) -> int:
        """Keep *event* for the calendar of all readers, and return its number there; 0 if it cannot be."""
        kept = None if block.segment else datebook.entry(clear(event.when), title, place, url, self.zone)
        if kept is None:
            return 0
        self.calendar.append(kept)
        return len(self.calendar)

    def _line(self, markdown: str, block: Block) -> tuple[Markup, str]:
        """Return one line of Markdown, such as a title, as HTML and as text."""
        marked = self._marked(markdown, block)
        html = self._whole(prose.inline(marked), block)
        return hyphen.title(html, block.lang or self.issue.language), plaintext.line(marked)

    def _tokens(self) -> tuple[Token, ...]:
        return tuple(self.marks.tokens.values())

    def _whole(self, html: Markup, block: Block) -> Markup:
        whole = choice.whole(html, self._tokens(), lambda: self.where("{%", block))
        return Markup(whole)  # noqa: S704 (clean before; paragraphs taken away)
