"""Find where an article ends and the teasers of other articles begin. Looks at the outline of the page only.

A teaser is a title with one paragraph. A short section of an article looks the same, so more must speak for it: a
line such as "More news" above, the end of the article (call to action, signature, "Share") right before the title,
or titles that are headlines and not names of sections.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words.almanac import DAYS, MONTH

#: What ends an article when a title follows right after it.
ENDS = frozenset({Kind.CTA, Kind.SIGNATURE, Kind.EDGE, Kind.TAGS, Kind.LINK})
#: What may stand in a teaser beside its one paragraph.
BESIDE = frozenset({Kind.CTA, Kind.EDGE, Kind.DATE, Kind.AUTHOR, Kind.TAGS, Kind.LINK, Kind.OTHERS})
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
#: How much must speak for teasers where no line says that the article has ended.
ENOUGH = 3
#: The most characters of a teaser.
LONGEST = 1200


def edge(body: Sequence[Piece]) -> int:
    """Return where in *body*, a page's pieces under its title, the first teaser begins: its length for none."""
    told = [number for number, piece in enumerate(body) if _tells([piece])]
    headed = [number for number in _sections(body) if told and number < told[-1]]
    for number, piece in enumerate(body):
        if piece.kind is Kind.OTHERS and headed and told[0] < number < headed[-1]:
            return number
    starts = _slim_run(body)
    if body and body[0].kind is Kind.OTHERS and len(starts) > 1 and starts == _sections(body):
        # "News in brief" over pairs and nothing else: every one is an article.
        return 0
    if begun := _led_on(body) or _cut_short(body):
        return begun
    if listed := [start for start in _sections(body) if start and body[start - 1].label == "above"]:
        return listed[0]
    dated = [start for start in _sections(body) if start + 1 < len(body) and body[start + 1].kind is Kind.DATE]
    # A title of nothing may stand over one, such as that of its picture.
    titles = [a for a, b in pairwise([*_sections(body), len(body)]) if b > a + 1]
    brief = all(sum(one.told for one in body[a:b]) == 1 for a, b in pairwise([*dated, len(body)]))
    own = any(piece.kind is Kind.DATE for piece in body[:1])
    if len(dated) + own > 1 and dated == titles and (brief or set(dated) == set(starts)):
        # No section of an article has a date of its own.
        return dated[0]
    for start in starts:
        ended = start > 0 and body[start - 1].kind in ENDS and _tells(body[:start])
        if ended and not _is_own(body[start].text):
            return start
    return _by_headlines(body, starts)


def _led_on(body: Sequence[Piece]) -> int:
    """Return where the other articles of a list begin, each with a button that leads on; 0 for no list."""
    ends = [n for n, piece in enumerate(body) if piece.kind is Kind.EDGE and piece.label == "more"]
    parts = [body[first:end] for first, end in pairwise([0, *(n + 1 for n in ends)])]
    titled = all(part[0].kind is Kind.HEADING for part in parts[1:])
    listed = len(ends) > 1 and titled and all(map(_tells, parts))
    if not listed or _tells(body[ends[-1] :]):
        return 0
    # An article may stand above the list, with the first story's title under its words.
    titles = [n for n in _sections(body[: ends[0]]) if _tells(body[:n])]
    return titles[-1] if titles else ends[0] + 1


def _cut_short(body: Sequence[Piece]) -> int:
    """Return where the second of a list of articles begins, each of which a program cut short; 0 for no list."""
    starts = [0, *_sections(body), len(body)]
    told = [[piece for piece in body[first:end] if piece.told] for first, end in pairwise(starts)]
    cut = all(len(part) == 1 and part[0].text.endswith(CUT) for part in told)
    return starts[1] if cut and len(told) >= ENOUGH else 0


def is_letter(title: str, body: Sequence[Piece]) -> bool:
    """Whether a page only names a letter: *title* does, and titles follow at once that have words under them.

    A letter that says something of its own above its first title is one article, as it was written.
    """
    starts = [*_sections(body), len(body)]
    told = [_tells(body[start:end]) for start, end in pairwise(starts)]
    opened = any(piece.told for piece in body[: starts[0]])
    return bool(MASTHEAD.fullmatch(title)) and not opened and sum(told) > 1


def headings_first(pieces: Sequence[Piece]) -> list[Piece]:
    """Return teasers whose dates stand above their titles with each date under its title."""
    first = next((piece.kind for piece in pieces if piece.kind in {Kind.HEADING, Kind.DATE} or piece.told), None)
    ordered = list(pieces)
    if first is Kind.DATE:
        for number in range(1, len(ordered)):
            if ordered[number].kind is Kind.HEADING and ordered[number - 1].kind is Kind.DATE:
                ordered[number - 1], ordered[number] = ordered[number], ordered[number - 1]
    return ordered


def _is_own(title: str) -> bool:
    """Whether a *title* is that of a section of the article, and never of another one."""
    return bool(LAST_SECTIONS.match(title) or DAY.match(title))


def _tells(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind in {Kind.PROSE, Kind.QUOTE, Kind.POINT} for piece in pieces)


def _sections(body: Sequence[Piece]) -> list[int]:
    return [number for number, piece in enumerate(body) if piece.kind is Kind.HEADING]


def _slim_run(body: Sequence[Piece]) -> list[int]:
    """Return where the sections at the end begin that have one paragraph each, in order."""
    run: list[int] = []
    end = len(body)
    for start in reversed(_sections(body)):
        inside = body[start + 1 : end]
        foot = next((n for n, piece in enumerate(inside) if piece.kind is Kind.EDGE and not run), len(inside))
        # Under the furniture of the last one stands whose site it is.
        told = [
            piece
            for n, piece in enumerate(inside)
            if piece.kind not in BESIDE and not (n > foot and piece.kind is Kind.SIGNATURE)
        ]
        empty_tail = not run and not any(piece.told for piece in inside)
        invited = [piece for piece in inside if piece.kind is Kind.CTA and piece.text]
        words = told or invited
        slim = len(words) == 1 and words[0].kind in {Kind.PROSE, Kind.CTA} and len(words[0].text) <= LONGEST
        if not slim and not empty_tail:
            break
        if slim:
            run.insert(0, start)
        end = start
    return run


def _by_headlines(body: Sequence[Piece], starts: list[int]) -> int:
    """Decide by how the titles sound, how the article before them is built, and what is under the last one."""
    none = len(body)
    candidates = [start for start in starts if not _is_own(body[start].text) and _tells(body[:start])]
    asked = sum(body[start].text.rstrip(QUOTED).endswith("?") for start in candidates)
    if len(candidates) < 2 or asked * 2 > len(candidates):
        # Who asks one question after the other asks the same person.
        return none
    shouting = [start for start in candidates if _is_headline(body[start].text)]
    first = shouting[0] if shouting else candidates[0]
    run = [start for start in candidates if start >= first]
    share = len(shouting) / len(run)
    # Sections of several paragraphs before, and of exactly one from here on: another hand wrote these.
    own = _sections(body[:first])
    rich = bool(own) and first == starts[0]
    points = 2 * (share >= 0.5) + (0 < share < 0.5) + (len(run) >= 3) + rich
    points += body[-1].kind in {Kind.EDGE, Kind.OTHERS}
    points += _is_new(body, first, run)
    return first if len(run) >= 2 and (shouting or rich) and points >= ENOUGH else none


def _is_headline(title: str) -> bool:
    """Whether a title sounds like news and not like the name of a section."""
    if title.endswith("?") and QUESTION.match(title):
        return False
    return title.endswith("!") or bool(re.search(r" [–—-] |: ", title)) or len(title.split()) >= 8


def _is_new(body: Sequence[Piece], first: int, run: Sequence[int]) -> bool:
    """Whether most words of the titles are new to the article before them."""
    known = set(re.findall(r"\w{4,}", " ".join(piece.text for piece in body[:first]).casefold()))
    named = [word for start in run for word in re.findall(r"\w{4,}", body[start].text.casefold())]
    return bool(named) and sum(word not in known for word in named) / len(named) >= 0.6
