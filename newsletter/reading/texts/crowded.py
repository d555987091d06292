"""Find the article on a page of text that was copied whole, with the menus and the other titles of a large site.

Only a page of many short lines is looked at, by the shape of its lines and not by their words: the article is
where sentences stand closest together, and its title the likeliest of the short lines above it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from newsletter.reading.texts import oneline
from newsletter.reading.texts.piece import Kind
from newsletter.reading.words import furniture

#: A page that was copied whole has at least so many short lines above its article, or so many above and under it.
MANY, ALL = 25, 60
#: So many lines above it are known of menus.
KNOWN = 3
#: A sentence has at least so many characters; a line of more is text, however it ends.
SENTENCE, TEXT = 50, 130
#: What a line of text counts for at most, and what a short line takes from it, in characters.
MOST, COST = 400, 75
#: An article has at least so many characters of text.
ARTICLE = 400
#: A title is looked for in so many lines above the text.
ABOVE = 60
#: Its words stand in so many lines of the text; so many lines further up it is as likely as with a word less.
NEAR, FAR = 12, 6
#: How much speaks for a title: two words (up to so many), to stand elsewhere, too, a byline or a day under it, and
#: that the text has its words.
WORDS, AGAIN, HEADED, TOLD = 12, 4, 8, 10
FITS = 0.4
#: What stands in a line about the article, and in no title: a bar, an hour.
BESIDE = re.compile(r"\s[|•]\s|\d:\d\d\b")
WORD = re.compile(r"\w{4,}")
ENDS = re.compile(r"[.!?…:][\"”’»)\]]*$|[。！？؟」]$")


def story(lines: Sequence[str]) -> list[str]:
    """Return the *lines* of the article alone, title first, of a page that was copied whole; else all *lines*."""
    begin, end = _densest(lines)
    told = sum(len(line) for line in lines[begin:end] if _is_text(line))
    if told < ARTICLE or sum(map(furniture.is_entry, lines[:begin])) < KNOWN or _short(lines[:begin]) < MANY:
        return list(lines)
    title = _title(lines, begin)
    head = [line for line in lines[max(title - 3, 0) : title] if oneline.is_about(line)]
    if _short(lines[:begin]) + _short(lines[end:]) < ALL:
        # There may be other articles.
        return [lines[title], *head, *lines[title + 1 :]]
    # What stands between, such as the points of a programme, is of the article.
    edge = next((n for n in range(end, len(lines)) if _is_edge(lines[n])), len(lines))
    tail = [line for line in lines[edge : edge + 6] if oneline.is_about(line)]
    return [lines[title], *head, *lines[title + 1 : edge], *tail]


def _is_edge(line: str) -> bool:
    """Whether *line* is no text of an article, nor about it."""
    found = oneline.aside(line)
    return found is not None and found.kind in {Kind.EDGE, Kind.OTHERS}


def _short(lines: Sequence[str]) -> int:
    return sum(not _is_text(line) for line in lines)


def _is_text(line: str) -> bool:
    return len(line) >= TEXT or (len(line) >= SENTENCE and bool(ENDS.search(line)))


def _densest(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the stretch of *lines* begins and ends that has the most text, less its short lines."""
    best, found = 0, (0, 0)
    score, begin = 0, 0
    for number, line in enumerate(lines):
        worth = min(len(line), MOST) if _is_text(line) else -COST
        if score <= 0:
            score, begin = 0, number
        score += worth
        if score > best:
            best, found = score, (begin, number + 1)
    return found


def _title(lines: Sequence[str], begin: int) -> int:
    """Return where the likeliest title is above the text that begins at *begin*."""
    seen = Counter(lines)
    told = Counter(WORD.findall(" ".join(lines[begin : begin + NEAR]).casefold()))
    scored = [
        (_likely(lines, number, seen, told) - (begin - number) / FAR, number)
        for number in range(max(begin - ABOVE, 0), begin)
        if _is_title(lines[number])
    ]
    title = max(scored, default=(0, begin))[1]
    # What stands right under a title, and says more than it, is no title.
    return next((n for n in (title - 2, title - 1) if n >= 0 and _tops(lines, n, title, told)), title)


def _tops(lines: Sequence[str], number: int, title: int, told: Counter[str]) -> bool:
    """Whether from the line of a *number* on all lines down to that of the *title* can be titles of the text."""
    above = lines[number:title]
    return all(len(line.split()) > 2 and _share(line, told) >= FITS and _is_title(line) for line in above)


def _likely(lines: Sequence[str], number: int, seen: Counter[str], told: Counter[str]) -> float:
    """Return how much speaks for the line of a *number* as a title."""
    line = lines[number]
    under = any(map(oneline.is_about, lines[number + 1 : number + 4]))
    words = line.split()
    long = len(words) > 2
    said = AGAIN * (seen[line] > 1) + TOLD * _share(line, told) if long else 0
    return min(len(words), WORDS) / 2 + said + HEADED * under


def _share(line: str, told: Counter[str]) -> float:
    """Return which part of the words of *line* the text has."""
    known = [word in told for word in WORD.findall(line.casefold())]
    return sum(known) / len(known) if known else 0


def _is_title(line: str) -> bool:
    """Whether *line* may be a title: one that ends with a full stop, too, as ``U.S.`` does."""
    return oneline.is_heading(line.rstrip(".…")) and not oneline.aside(line) and not BESIDE.search(line)
