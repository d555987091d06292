"""Rejoin the sentences that a scraper broke at each link, bold word and abbreviation of a page.

``soup.get_text("\\n")`` and its like write each piece of text between two tags on its own line: ``The panel was
led by``, ``Anna Holm``, ``, who works at``. A text shows this habit as a whole: its lines begin with commas and
full stops. One that does not is left as it is, and so is every line that may be a heading, a point or a name.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from newsletter import sentence
from newsletter.reading.texts import oneline
from newsletter.reading.words import language, paragraphs

#: A text is broken that has so many breaks which no width explains.
BREAKS = 2
#: A piece within a sentence has at most so many characters; neighbours in a wrapped text differ by fewer.
PIECE, ODDS = 40, 20
#: So many lines with small letters one after the other, of which none breaks off, are a list.
POINTS = 3
#: What nobody begins a line with: a mark that belongs to the word before it.
CLOSES = re.compile(
    r"[,;:!?)\]”“’\"']+(?=\s|$)|\.(?=$|[)”\"]|\s\W*[^\Wa-z])|[)\]”“’»\"']+[,.;:]|»(?=$|\s[a-zà-ÿ])|['’]s\b"
)
#: A line that begins with a small letter goes on; an address does not, nor a name such as ``iPhone``.
SMALL = re.compile(r"(?:[(\[„“”\"'‘’«»&—–/]\s?)*([^\W\d_])(?![A-Z])(?!\S*(?:\w\.\w{2}|[@/=_]))")
#: Nothing ends with these: an opening bracket or mark, and ``l’``.
HANGS = re.compile(r"(?:[(\[„‚¿¡/&]|(?:^|\s)[«“\"‘'])$|\b[dlnscjmt]['’]$", re.IGNORECASE)
#: Between these and the word beside them is no space.
OPENED = re.compile(r"(?:[(\[„‚¿¡/]|(?:^|\s)[“\"‘'])$|\b\w{1,2}['’]$")
LAST = re.compile(r"(?:^|\s)(\w+)$")
#: Words that no heading ends with, of several languages: articles, and what binds one word to another.
_BINDING = """
    the a of and or with from by at into between than och eller att som ett den från hos mellan enligt samt
    der die das dem des ein eine einen einem einer eines und oder von vom im zum zur bei beim für sowie dass
    og et fra af av de het een van le la les un une du et ou à au aux par dans avec que qui
    el los las una del y con il lo gli di della os um uma do da dos das em
"""
BINDING = frozenset(_BINDING.split())
#: What stands behind the end of a sentence.
QUOTES = "\"'”“’»«)]"
#: Words between two pieces of text are at most this long, in characters.
INLINE = 120
#: A sentence is longer than this; ``1.`` is none.
SHORT = 20


def rejoined(text: str) -> str:
    """Return a cleaned *text* with its broken sentences whole, each on a line; as it is where none was broken."""
    lines = [line for line in text.split("\n") if line]
    if not _is_broken(lines):
        return text
    whole = [one for first, last in _groups(lines) for one in _whole(lines[first:last])]
    return "\n\n".join(whole)


def _is_broken(lines: Sequence[str]) -> bool:
    """Whether *lines* show the habit: sentences break off where the next word would have fitted."""
    width = max((len(line) for line in lines if " " in line), default=0)
    # Of a text that a width broke, most lines break off.
    ended = [_has_ended(line) for line in lines if len(line) > PIECE]
    wrapped = 2 * sum(ended) < len(ended)
    # Marks alone may stand between the cells of a table.
    marks, words = 0, 0
    for before, line, after in zip(lines, lines[1:], [*lines[2:], ""], strict=False):
        if _fits(before, line, width):
            marked = CLOSES.match(line) and any(c.isalnum() for c in before[-2:])
            marks += bool(marked) and len(line) == 1
            words += bool(marked and len(line) > 1)
        fits = _fits(line, after, width) and (not wrapped or _fits(before, line, width))
        if fits and _holds(before, line, after):
            # Behind a line of text one such break is enough: nothing else ends so, and goes on so.
            words += 1 if len(before) <= PIECE else BREAKS
    return words > 0 and words + marks >= BREAKS


def _fits(line: str, after: str, width: int) -> bool:
    """Whether the first word of the line *after* one would have stood on that *line* of a text of this *width*."""
    return len(line) + 1 + len(after.partition(" ")[0]) <= width


def _holds(before: str, line: str, after: str) -> bool:
    """Whether a short *line* stands in the sentence that begins *before* it and goes on *after* it."""
    if len(line) > PIECE or before.count(" ") < 2 or _has_ended(before) or not _continues(after, line):
        return False
    odd = abs(len(before) - len(line)) > ODDS
    sure = bool(CLOSES.match(after)) or _continues(line, before)
    text = len(after) > PIECE or _has_ended(after)
    return (text and (sure or (odd and len(before) > PIECE))) or (odd and _last(before) in BINDING)


def _groups(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return from where to where lines belong together, in order."""
    follows = [n > 0 and _continues(line, lines[n - 1]) for n, line in enumerate(lines)]
    for first, last in _lists(lines, follows):
        follows[first:last] = [False] * (last - first)
    running = [False] * len(lines)
    for n, line in enumerate(lines):
        running[n] = follows[n] or SHORT < len(sentence.split(line)[0]) < len(line)
        if n and not follows[n]:
            after = lines[n + 1] if n + 1 < len(lines) and follows[n + 1] else ""
            follows[n] = _takes_in(lines[n - 1], line, after, running=running[n - 1])
            running[n] = running[n] or follows[n]
    edges = [n for n, joined in enumerate(follows) if not joined] + [len(lines)]
    return list(pairwise(edges))


def _lists(lines: Sequence[str], follows: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Return from where to where lines are points of a list: many with small letters, and none breaks off."""
    small = [joined and not CLOSES.match(line) for joined, line in zip(follows, lines, strict=True)]
    first = 0
    for alike, run in groupby(small):
        last = first + len(list(run))
        if alike and last - first >= POINTS and not any(map(_hangs, lines[first - 1 : last])):
            yield first, last
        first = last


def _continues(line: str, before: str) -> bool:
    """Whether a *line* goes on with the sentence of that *before*, as its own first letters say."""
    if CLOSES.match(line):
        return True
    found = None if paragraphs.WEEKDAY.match(line) else SMALL.match(line)
    small = found is not None and found[1].islower()
    aside = line.startswith("(") and line[1:2].isalpha() and not line.endswith(")")
    return (small or aside) and not _has_ended(before) and not oneline.is_about(line)


def _takes_in(before: str, line: str, after: str, *, running: bool) -> bool:
    """Whether a *line* stands in the sentence that the one *before* breaks off.

    *running* says whether that is surely text, *after* is what goes on with the line, "" for nothing.
    """
    if _has_ended(before):
        return False
    if _last(before) in BINDING or HANGS.search(before):
        return True
    hangs = _hangs(before)
    if after and len(line) <= INLINE:
        # Names with what each of them is are a list: ``Anna Holm``, ``, potter``, ``Nils Berg``, ``, baker``.
        listed = CLOSES.match(before) and before[0] == after[0] != "."
        # "Så går det till" over a paragraph is its heading.
        between = hangs and (running or (len(line) <= PIECE and _last(line) not in BINDING))
        long = len(before) > (PIECE if len(line) <= PIECE else oneline.LONGEST)
        return between or (not listed and (running or long))
    told = before[-1].isalnum() and _has_ended(line) and not oneline.is_heading(line)
    return running and (hangs or told)


def _last(line: str) -> str:
    """Return the word that a *line* ends with, in small letters; "" for a mark, and for what is all capitals."""
    found = LAST.search(line)
    return "" if not found or (found[1].isupper() and len(found[1]) > 1) else found[1].casefold()


def _hangs(line: str) -> bool:
    """Whether a *line* ends as sentences seldom do: with one of the commonest words, a comma, or what opens."""
    return language.is_common(_last(line)) or line.endswith((",", "–", "—")) or bool(HANGS.search(line))


def _has_ended(line: str) -> bool:
    """Whether a *line* ends with the end of a sentence, or leads to what is below it."""
    bare = line.rstrip(QUOTES)
    return bare.endswith(":") or sentence.split(f"{bare} Xx")[-1] == "Xx"


def _whole(pieces: Sequence[str]) -> list[str]:
    """Return *pieces* as one, where they make text; else join only the marks to the words before them."""
    joined = [pieces[0]]
    text = _has_ended("".join(pieces)) or any(len(one) > oneline.LONGEST for one in pieces)
    for piece in pieces[1:]:
        if text or CLOSES.match(piece):
            tight = CLOSES.match(piece) or OPENED.search(joined[-1])
            joined[-1] += piece if tight else f" {piece}"
        else:
            joined.append(piece)
    return joined
