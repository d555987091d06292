"""Find the article on a page of text that was copied whole, with the menus and the other titles of a large site.

Only a page of many short lines is looked at, by the shape of its lines and not by their words: the article is
where sentences stand closest together. `headline` weighs which of the short lines above it is its title.
"""

import re
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
#: Its title is among so many lines above the text.
ABOVE = 60
ENDS = re.compile(r"[.!?…:][\"”’»)\]]*$|[。！？؟」]$")


def story(lines: Sequence[str]) -> list[str]:
    """Return the *lines* of the article, and some above it, of a page that was copied whole; else all *lines*."""
    begin, end = _densest(lines)
    told = sum(len(line) for line in lines[begin:end] if _is_text(line))
    if told < ARTICLE or sum(map(furniture.is_entry, lines[:begin])) < KNOWN or _short(lines[:begin]) < MANY:
        return list(lines)
    head = [line for line in lines[max(begin - ABOVE, 0) : begin] if not _is_text(line)]
    if _short(lines[:begin]) + _short(lines[end:]) < ALL:
        # There may be other articles.
        return [*head, *lines[begin:]]
    # What stands between, such as the points of a programme, is of the article.
    edge = next((n for n in range(end, len(lines)) if _is_edge(lines[n])), len(lines))
    tail = [line for line in lines[edge : edge + 6] if oneline.is_about(line)]
    return [*head, *lines[begin:edge], *tail]


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
