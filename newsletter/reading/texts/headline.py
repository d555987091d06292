"""Weigh the lines that stand above the text of a page: which of them is its title. Looks at the outline only.

What speaks for a title is added up: its words, that the text has them, a day or a writer beside it, that it stands
elsewhere on the page, too. What sites say above every page speaks against one.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice, takewhile

from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import dates, furniture, person

#: How much speaks for a title: each of its words, that the text has them all, who wrote it or when right under it,
#: or right above it, that the page says it again or leads to it, and that it comes first.
WORD, TOLD, HEADED, UNDER, AGAIN, FIRST = 0.25, 3.75, 2.0, 2.75, 3.5, 1.25
#: And against one: that menus have it, that somebody is called so, capitals, figures and bars, more words than a
#: title has, and that the line right above it may be the title.
KNOWN, NAMED, LOUD, ASIDE, LONG, SECOND = -2.75, -0.5, -0.75, -0.75, -0.5, -1.25
#: A title is looked for in so many pieces of a page, and its words in so many of its text.
HEAD, NEAR = 400, 12
#: Text has more characters than these; what a large menu says under one of its points has fewer.
TEXT = 80
#: The longest title, in characters and in words; what a site is called, or asks for, has at most so many words.
LONGEST, MOST, FEW = 200, 12, 3
#: A title has at most so many lines, and in so many under it stands its day; breadcrumbs that are cut tell more
#: characters of it than these.
LINES, START = 3, 15
#: A text has hardly a word of a line of which it has a smaller part than this.
HARDLY = 0.2
#: What stands between the steps of breadcrumbs: ``English Home » News » Title``.
STEP = re.compile(r"\s*[»›>→/|\\]\s*")
#: What stands between the name of a site and that of its part, or behind the title in the name of a page.
SITE = re.compile(r"\s+[|·•»—–/:-]\s+")
#: The part of a site that stands above a title, or what the site is called and its menu or news.
ARCHIVE = re.compile(
    r"\b(?:archives?|arkiv(?:et)?|nyhetsarkiv(?:et)?|archiv)\b|^\S+ (?:men[uyü]|news|nyheter|nyheder|uutiset)$",
    re.IGNORECASE,
)
#: What stands in a line about an article, and seldom in its title: a bar, an hour.
BESIDE = re.compile(r"\s[|•·/]\s|\d[.:]\d\d\b")
#: How those begin who describe a picture to the blind.
SHOWS = re.compile(
    r"(?:illustra\w+|image|photo\w*|picture|portrait|porträtt|\w*bilde?n?|\w*foto\w*) (?:of|av|af|på|von|de)\b",
    re.IGNORECASE,
)
#: The beginnings of words, which all forms of a word have in common; a word may be put together from others.
PART = 6
BEGINNINGS, WORDS = re.compile(rf"\b\w{{4,{PART}}}"), re.compile(r"\b\w{4,}")
LETTER = re.compile(r"[^\W\d_]")
ABOUT = frozenset({Kind.DATE, Kind.AUTHOR})


def title(pieces: Sequence[Piece]) -> tuple[str, int, int] | None:
    """Return the likeliest title of the page, and where it begins and ends; None if nothing above its text fits.

    Of a title that stands twice above the text the last place counts: the site has its own between.
    """
    end = begin(pieces)
    head = _head(pieces, end)
    heads = [n for n in range(end) if may_be(pieces[n]) and "://" not in pieces[n].text]
    # A site may say something above the title, to which breadcrumbs lead.
    fit = heads or [n for n in range(end, NEAR) if head.is_led_to(n)]
    lines = [
        n for n in fit if n not in head.over or not any(_is_over(pieces[n].text, pieces[m].text) for m in fit)
    ]
    if not lines:
        return None
    best = max(lines, key=lambda n: (head.weight(n), -n))
    last = max(n for n in lines if pieces[n].text.casefold() == pieces[best].text.casefold())
    many = head.lines(last)
    return " ".join(piece.text for piece in pieces[best : best + many]), last, last + many


def begin(pieces: Sequence[Piece]) -> int:
    """Return which of *pieces* begins the text; of a page without any, which is the last to look at."""
    told = [n for n, piece in enumerate(pieces[:HEAD]) if piece.told]
    words = [n for n in told if pieces[n].kind in {Kind.PROSE, Kind.QUOTE} and not may_be(pieces[n])]
    return next((n for n in words if len(pieces[n].text) > TEXT), (words or told or [len(pieces[:HEAD])])[0])


def may_be(piece: Piece) -> bool:
    """Whether a piece may be a title: a heading, or a long line without a full stop."""
    line = piece.kind is Kind.PROSE and len(piece.text) <= LONGEST and piece.text[-1:].isalnum()
    return piece.kind is Kind.HEADING or line


@dataclass(frozen=True, slots=True)
class _Head:
    """The pieces of a page, what it says down to its text, the words of that, how often it says a line as a whole,
    and which lines may lead on."""

    pieces: Sequence[Piece]
    text: str
    told: Set[str]
    said: Mapping[str, int]
    over: Sequence[int]
    first: int

    def weight(self, number: int) -> float:
        """Return how much speaks for the piece of a *number* as the title."""
        line = self.pieces[number].text
        words = len(line.split())
        known, named = _is_known(line), self._is_named(line)
        headed = self._is_headed(number)
        return (
            WORD * min(words, MOST)
            + TOLD * (0 if known or named else self._share(line))
            + HEADED * headed
            + UNDER * (self._is_under(number) or dates.begun(line) is not None)
            + AGAIN * (self.is_led_to(number) or (self.said[line.casefold()] > 1 and words >= FEW))
            + FIRST * (number == self.first and not self._is_over_title(number))
            + KNOWN * known
            + NAMED * named
            + LOUD * _is_loud(line)
            + ASIDE * _is_aside(line)
            + LONG * (words > MOST)
            + SECOND * self._is_second(number, headed=headed)
        )

    def lines(self, number: int) -> int:
        """Return how many pieces from that of a *number* on are the title: as many as breadcrumbs end with."""
        for lines in range(1, LINES + 1):
            whole = " ".join(piece.text for piece in self.pieces[number : number + lines])
            if any(_leads(self.pieces[n].text, whole) for n in self.over if n < number):
                return lines
        return 1

    def is_led_to(self, number: int) -> bool:
        """Whether the name of the page, or breadcrumbs, stand above the piece of a *number* and lead to it."""
        line = self.pieces[number].text if number < len(self.pieces) and may_be(self.pieces[number]) else ""
        return bool(line) and any(_is_over(self.pieces[n].text, line) for n in self.over if n < number)

    def _share(self, line: str) -> float:
        """Return which part of the words of *line* the text has; of few words a smaller part."""
        words = WORDS.findall(line.casefold())
        return sum(not self.told.isdisjoint(_parts(word)) for word in words) / max(len(words), FEW + 1)

    def _is_named(self, line: str) -> bool:
        """Whether *line* may be somebody's name: few words that the page says elsewhere, or all with capitals."""
        words = len(line.split())
        return (words <= FEW + 1 and person.is_name(line)) or (words <= FEW and self.text.count(line) > 1)

    def _is_headed(self, number: int) -> bool:
        """Whether a day or a writer stands under the piece of a *number*, or under the lines right under it."""
        under = (one for one in self.pieces[number + 1 : number + HEAD] if one.kind is not Kind.EDGE or one.label)
        first = next((piece for piece in islice(under, LINES) if not may_be(piece)), None)
        return first is not None and (first.kind in ABOUT or first.label == "heard")

    def _is_under(self, number: int) -> bool:
        """Whether a day or a writer stands right above the piece of a *number*, and no heading above that."""
        above = list(takewhile(lambda piece: piece.kind in ABOUT, reversed(self.pieces[:number])))
        over = number - len(above) - 1
        return bool(above) and (over < 0 or self.pieces[over].kind is not Kind.HEADING)

    def _is_over_title(self, number: int) -> bool:
        """Whether the piece of a *number* is of the site, or a word, above the title with its day or writer."""
        line, under = self.pieces[number].text, next(iter(self.pieces[number + 1 :]), Piece(Kind.EDGE))
        one = len(line.split()) == 1 and under.kind is Kind.HEADING and self._is_headed(number)
        return one or (may_be(under) and self._is_site(line, under.text))

    def _is_site(self, above: str, line: str) -> bool:
        """Whether the line *above* another one is of the site: the text has hardly a word of it, more of that."""
        return len(above.split()) >= FEW and self._share(above) < min(self._share(line), HARDLY)

    def _is_second(self, number: int, *, headed: bool) -> bool:
        """Whether what stands right above the piece of a *number*, or over its day, may well be the title."""
        over = (piece for piece in reversed(self.pieces[:number]) if piece.kind not in ABOUT)
        above = next(over, Piece(Kind.EDGE))
        if not may_be(above) or any(says(above.text) for says in (_is_known, _is_aside, _is_loud)):
            return False
        likely = len(above.text.split()) >= FEW and not self._is_named(above.text)
        # A text that tells more of the lower line has the words of its site above.
        told = not self._is_site(above.text, self.pieces[number].text)
        return told if likely else number == 1 and not headed


def _head(pieces: Sequence[Piece], end: int) -> _Head:
    """Return what is to be known of a page whose text begins at *end*."""
    text = " ".join(piece.text for piece in pieces[: end + NEAR])
    told = " ".join(piece.text for piece in pieces[end : end + NEAR]).casefold()
    first = next((n for n, piece in enumerate(pieces) if piece.kind is Kind.EDGE or may_be(piece)), 0)
    return _Head(
        pieces,
        text,
        frozenset(BEGINNINGS.findall(told)),
        Counter(piece.text.casefold() for piece in pieces),
        [n for n, piece in enumerate(pieces[:HEAD]) if n < LINES or _may_lead(piece.text)],
        first,
    )


def _parts(word: str) -> set[str]:
    """Return how the words may begin that a *word* is put together from."""
    return {word[n : n + PART] for n in range(max(len(word) - PART, 0) + 1)}


def _may_lead(line: str) -> bool:
    return bool(STEP.search(line) or SITE.search(line)) or line.partition(" ")[0].casefold() in furniture.FIRST


def _is_over(line: str, title: str) -> bool:
    """Whether a *line* is the breadcrumbs of a page with this *title*, or its name: ``A new quay | Norrvik``."""
    words = len(title.split())
    named = words > 1 and line.startswith(title) and SITE.match(line, len(title))
    # A button may run on before or behind it.
    before, _, behind = line.partition(title)
    run_on = words > FEW and len(line.split()) == words + 1 and " " in {before[-1:], behind[:1]}
    return bool(named) or run_on or (line != title and _leads(line, title))


def _leads(crumbs: str, title: str) -> bool:
    """Whether *crumbs* end with a *title*, or with its first words, where they did not fit."""
    crumbs, title = crumbs.casefold(), title.casefold()
    found = STEP.search(crumbs)
    end = STEP.split(crumbs[found.end() :])[-1] if found else ""
    first, _, steps = crumbs.partition(" ")
    cut = len(end) > START and title.startswith(end)
    return end == title or cut or (first in furniture.FIRST and steps.endswith(f" {title}"))


def is_subject(line: str, title: str) -> bool:
    """Whether a *line* above a *title* is what it is about: a word, or two of newspapers or in capitals."""
    words = line.split()
    known = line.isupper() or line.casefold() in furniture.MENU | furniture.SUBJECTS
    return (known and len(words) < FEW) or (len(words) == 1 and len(title.split()) > FEW)


def _is_known(line: str) -> bool:
    """Whether *line* is of a menu, a subject of newspapers, a part of a site, or the words of a picture."""
    first, _, rest = line.partition(" ")
    dated = first.casefold() in furniture.SUBJECTS and dates.line(rest)
    known = line.casefold() in furniture.SUBJECTS or any(map(furniture.is_entry, SITE.split(line)))
    return bool(known or dated or ARCHIVE.search(line) or SHOWS.match(line))


def _is_loud(line: str) -> bool:
    """Whether *line* is a few words in capitals, as what a site asks for: ``STAY UP TO DATE``."""
    return line.isupper() and len(line.split()) <= FEW + 1


def _is_aside(line: str) -> bool:
    """Whether *line* is figures, has a day at one end, or tells several things between bars."""
    dated = dates.placed(line) or dates.start(line)
    return not LETTER.search(line) or bool(dated or BESIDE.search(line))
