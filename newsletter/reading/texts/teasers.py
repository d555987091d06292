"""Weigh where an article ends and the teasers of other articles begin. Looks at the outline of the page only.

A teaser is a title with one paragraph, and a short section of an article looks the same. What speaks for teasers
from a place on is added up: a line such as "More news", or the end of the article (call to action, signature,
"Share") right above, how all that follows is built, how its titles sound, and that their words are new.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile

from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import listname, person
from newsletter.reading.words.almanac import DAYS, MONTH

#: How much speaks for teasers: a line that announces them, and what ends an article, right above; that each has
#: one paragraph, that each has what lists show beside a title, and the article above them, too; how many of the
#: titles sound like news, how many of their words are new, that they are several, furniture at the page's end.
OTHERS, ENDED, SLIM, MARKED, LISTED, SOUNDS, NEW, MANY, FOOT = 8.25, 3.5, 3.5, 4.0, 5.0, 1.5, 1.0, 1.25, 1.75
#: And for the first of all: that the page is called as lists are, or that few words stand right above it.
NAMED, BARE = 3.5, 2.5
#: And against them: that the first title is one of a section, that the text goes on under a line that announces.
OWN, GOES_ON = -2.0, -8.0
#: And that several have the same title.
SAME_TITLE = -8.0
#: So much must speak for teasers; a text that goes on has this part of its words from above.
ENOUGH, SAME = 7.75, 0.2
#: What ends an article when a title follows right after it, and what ends a page.
ENDS, FEET = frozenset({Kind.CTA, Kind.SIGNATURE, Kind.EDGE, Kind.TAGS, Kind.LINK}), {Kind.EDGE, Kind.OTHERS}
#: What lists show beside a title: who wrote or when, where it is filed, where it leads.
MARKS = frozenset({Kind.DATE, Kind.TAGS, Kind.LINK})
#: Titles of sections that close an article; never the title of another one.
LAST_SECTIONS = re.compile(
    r"(?:about|om|facts?|fakta|contacts?|kontakt|for (?:more|further) information|more information|"
    r"mer information|"
    r"för (?:mer|ytterligare) information|background|bakgrund|practical|praktisk|programme?|summary|"
    r"sammanfattning|"
    r"hör (?:gärna )?av|get in touch|"
    r"arbetsuppgifter|kvalifikation|behörighet|vi erbjuder|(?:om )?(?:tjänsten|anställningen)|ansökan|din profil|"
    r"duties|qualifications|requirements|(?:what )?we offer|your profile|how to apply|applications?|"
    r"conclusions?|slutsats|next steps?|nästa steg|the future|framtiden|future|read more|läs mer)\b",
    re.IGNORECASE,
)
#: A day of a programme: it has no year, and a title behind it.
DAY = re.compile(
    rf"(?:(?:{DAYS})\.?,? )?(?:den )?(?:\d\d?(?:[–-]\d\d?)?\.? (?:{MONTH})|(?:{MONTH})\.? \d\d?)\b"
    r"(?!,? (?:19|20)\d\d).",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"(?:how|what|who|why|when|where|which|is|are|can|do|does|hur|vad|vem|varför|när|var|vilka?|kan|är)\b", re.I
)
QUOTED = "”“\"»«’' "
#: What a letter or a page of news is called, with its month, year or number.
MASTHEAD = re.compile(
    r"(?=.*\b(?:news(?:letter)?|nyheter|nyhetsbrev\w*|månadsbrev\w*|veckobrev\w*|what['’]s (?:new|on|happening)|"
    rf"vad händer)\b)(?=.*(?:\b(?:{MONTH})\b|\b20\d\d\b|\b(?:nr|no|nummer|issue|#)\.? ?\d)).{{1,80}}",
    re.IGNORECASE,
)
#: How a program ends words that it cut.
CUT = ("[…]", "[...]", "…", "...")
#: A text of more characters than these ends with a full stop.
WHOLE = 120
#: The most characters of a teaser; the article above a list of others has at most so many paragraphs.
LONGEST, BRIEF = 1200, 2
#: Three are several.
SEVERAL = 3
#: A title of so many words sounds neither like news nor like a section, and each word more or less does by a part.
EVEN, WORD = 4, 0.25
#: What sounds like no more than this, or asks, is a section.
SECTION = -0.25
#: The beginnings of words, which all forms of a word have in common.
BEGINNINGS = re.compile(r"\b\w{4,6}")


@dataclass(slots=True)
class _Run:
    """The titles with text from a place to the end of the page, and what is true of all of them."""

    many: int = 0
    titles: frozenset[str] = frozenset()
    slim: bool = True
    marks: Set[Kind] = MARKS
    sounds: float = 0
    new: float = 0.0

    def take(self, title: Piece, inside: Sequence[Piece], *, known: float) -> None:
        """Put the title above them to them; *known* is the part of its words that was told before it."""
        self.slim = self.slim and _is_slim(inside, last=not self.many)
        self.marks &= _marks(inside)
        self.sounds += _sound(title.text)
        self.new += 1 - known
        self.titles |= {title.text.casefold()}
        self.many += 1

    @property
    def is_list(self) -> bool:
        """Whether each of them has what lists show beside a title."""
        return self.many > 1 and bool(self.marks)

    def weight(self) -> float:
        """Return how much speaks for teasers in how they are built and sound."""
        if not self.many:
            return 0.0
        if self.many > len(self.titles) and Kind.DATE not in self.marks:
            # What stands over several texts is the title of none.
            return SAME_TITLE
        several = (min(self.many, SEVERAL) - 1) / (SEVERAL - 1)
        sound = (SOUNDS * self.sounds + NEW * self.new) / self.many
        return SLIM * self.slim + MARKED * self.is_list + MANY * several + sound


def are_stories(body: Sequence[Piece], name: str) -> bool:
    """Whether all of *body* is stories under the *name* of a list: no title of them sounds like a section's."""
    titles = [body[n].text for n in _sections(body)]
    return len(titles) > 1 and edge(body, name) == 0 and all(_sound(title) > SECTION for title in titles)


def edge(body: Sequence[Piece], title: str = "") -> int:
    """Return where in *body*, a page's pieces under its *title*, the first teaser begins: its length for none."""
    best, found = ENOUGH, len(body)
    for begin, weight in _weighed(body, title):
        # Of two that are as likely the first one counts, and of two lines that announce.
        both = {body[begin].kind} == {piece.kind for piece in body[found : found + 1]} == {Kind.OTHERS}
        if weight >= best or (both and weight >= ENOUGH) or (begin == 0 and weight >= ENOUGH):
            best, found = weight, begin
    return found


def _weighed(body: Sequence[Piece], name: str) -> Iterator[tuple[int, float]]:
    """Yield where teasers may begin, the last place first, and how much speaks for each."""
    known, begun = _known(body), next((n for n, piece in enumerate(body) if _tells([piece])), len(body))
    titles = [n for n, end in pairwise([*_sections(body), len(body)]) if any(one.told for one in body[n:end])]
    run, foot, end = _Run(), FOOT * any(piece.kind in FEET for piece in body[-1:]), len(body)
    for number in range(len(body) - 1, -1, -1):
        piece, above = body[number], body[max(number - 1, 0)]
        if piece.kind is Kind.OTHERS and (begun < number or (number == 0 and run.slim and run.many > 1)):
            # "News in brief" may stand over nothing but teasers.
            yield number, OTHERS + GOES_ON * _goes_on(body, known, number) + run.weight() + foot
        elif piece.kind is Kind.HEADING:
            inside, end = body[number + 1 : end], number
            if number not in titles[-1:]:
                continue
            titles.pop()
            run.take(piece, inside, known=known[number])
            before = body[titles[-1] + 1 : number] if titles else body[:number]
            alike = bool(run.marks & _marks(before))
            first = not titles or titles[-1] < begun
            listed = alike and first and 0 < sum(one.told for one in before) <= BRIEF
            # In a list every title stands under the end of another article.
            ended = above.kind in ENDS and not (alike and titles)
            top = 0.0 if titles else _opens(name, before, several=run.many > 1)
            if begun < number or top or (run.is_list and Kind.DATE in run.marks):
                weight = ENDED * ended + LISTED * listed
                # The last of the sections of an article may stand above a footer, too.
                last = foot if run.many > 1 or not titles else 0.0
                yield number, weight + top + OWN * _is_own(piece.text) + run.weight() + last


def _known(body: Sequence[Piece]) -> list[float]:
    """Return which part of the words of each piece of *body* was told above it."""
    told: set[str] = set()
    known = []
    for piece in body:
        words = BEGINNINGS.findall(piece.text.casefold())
        known.append(sum(word in told for word in words) / max(len(words), 1))
        told.update(words)
    return known


def _goes_on(body: Sequence[Piece], known: Sequence[float], number: int) -> bool:
    """Whether the text under the line of a *number*, which announces teasers, is that above it by its words."""
    ends = {Kind.HEADING, Kind.OTHERS}
    under = takewhile(lambda n: body[n].kind not in ends, range(number + 1, len(body)))
    shares = [known[n] for n in under if body[n].kind in {Kind.PROSE, Kind.QUOTE}]
    return bool(shares) and sum(shares) >= SAME * len(shares)


def _marks(inside: Sequence[Piece]) -> Set[Kind]:
    """Return what lists show beside a title that has *inside* under it; what cuts a text short leads on, too."""
    cut = any(is_cut(piece.text) for piece in [one for one in inside if one.told][-1:])
    leads = cut or any(piece.kind is Kind.LINK or piece.label == "more" for piece in inside)
    about = any(piece.kind in {Kind.DATE, Kind.AUTHOR} for piece in inside[:1])
    shown = ((Kind.DATE, about), (Kind.TAGS, any(one.kind is Kind.TAGS for one in inside)), (Kind.LINK, leads))
    return {mark for mark, is_shown in shown if is_shown}


def is_cut(text: str) -> bool:
    """Whether a program cut a *text*: with its sign, or within a sentence."""
    return text.endswith(CUT) or (len(text) > WHOLE and text[-1:].isalnum())


def _is_slim(inside: Sequence[Piece], *, last: bool) -> bool:
    """Whether a title has one paragraph, or nothing but a button with its text.

    Under the furniture of the *last* one on a page stands whose site it is.
    """
    foot = next((n for n, piece in enumerate(inside) if piece.kind is Kind.EDGE and last), len(inside))
    told = [
        piece for n, piece in enumerate(inside) if piece.told and (n < foot or piece.kind is not Kind.SIGNATURE)
    ]
    words = [piece for piece in told if piece.kind is not Kind.CTA] or [piece for piece in told if piece.text]
    fit = {Kind.PROSE, Kind.CTA}
    return len(words) == 1 and words[0].kind in fit and len(words[0].text) <= LONGEST


def is_letter(title: str, body: Sequence[Piece]) -> bool:
    """Whether a page only names a letter: *title* does, and titles follow at once that have words under them.

    A letter that says something of its own above its first title is one article, as it was written.
    """
    starts = [*_sections(body), len(body)]
    told = [_tells(body[start:end]) for start, end in pairwise(starts)]
    opened = any(piece.told for piece in body[: starts[0]])
    return bool(MASTHEAD.fullmatch(title)) and not opened and sum(told) > 1


def _is_own(title: str) -> bool:
    """Whether a *title* is that of a section of the article, and never of another one."""
    return bool(LAST_SECTIONS.match(title) or DAY.match(title))


def _tells(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind in {Kind.PROSE, Kind.QUOTE, Kind.POINT} for piece in pieces)


def _sections(body: Sequence[Piece]) -> list[int]:
    return [number for number, piece in enumerate(body) if piece.kind is Kind.HEADING]


def _opens(name: str, above: Sequence[Piece], *, several: bool) -> float:
    """Return how much speaks for teasers in what a page is called, and in what is told *above* the first title."""
    told = sum(piece.told for piece in above)
    if name and told <= BRIEF and listname.is_one(name):
        return NAMED
    bare = several and not told and 0 < len(name.split()) <= EVEN and not person.is_person(name)
    return BARE if bare else 0.0


def _sound(title: str) -> float:
    """Return how much a title sounds like news, from 1, to -1 where it sounds like the name of a section."""
    if title.endswith("?") and QUESTION.match(title):
        return -1.0
    if title.endswith("!") or re.search(r" [–—-] |: ", title):
        return 1.0
    if title.endswith("?"):
        return -1.0
    return max(-1.0, min(1.0, (len(title.split()) - EVEN) * WORD))
