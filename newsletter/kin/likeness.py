"""Tell whether two articles from two places are one: nearly the same title, the same days, the same words.

A wrong yes loses an article, a wrong no shows one twice, so everything must speak for a yes.
"""

import re
import unicodedata
from datetime import timedelta
from functools import lru_cache

from newsletter.model import Article
from newsletter.reading.words.almanac import MONTHS

#: The share of words that two titles, or two texts in runs of `RUN` words, must have in common.
TITLE, TEXT = 0.8, 0.5
RUN = 3
#: Titles of fewer words must be the same, and texts of fewer say nothing.
FEW_TITLE, FEW_TEXT = 4, 12
#: Others take a piece over within days; a column keeps its title from month to month.
APART = timedelta(days=4)
#: More words of a text than this do not make the answer better.
ENOUGH = 1200
#: So many titles are kept as words: those that begin alike are compared with each other.
KNOWN = 1000
#: Words that tell one piece of a series from the next.
_SERIES = """
    monday tuesday wednesday thursday friday saturday sunday måndag tisdag onsdag torsdag fredag lördag söndag
    spring summer autumn fall winter vår vårens sommar sommarens höst höstens vinter vinterns christmas jul påsk
    easter first second third fourth fifth last första andra tredje fjärde femte sista one two three four five six
    seven eight nine ten ett två tre fyra fem sex sju åtta nio tio i ii iii iv v vi vii viii ix x
    morning evening förmiddag eftermiddag kväll opens closes öppnar stänger not inte no
"""
TELLING = frozenset(MONTHS) | frozenset(_SERIES.split())


def words(text: str) -> tuple[str, ...]:
    """Return the words of *text* without case and accents."""
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join([one for one in parts if not unicodedata.combining(one)])
    return tuple(re.findall(r"\w+", folded))


def marks(title: str) -> tuple[str, ...]:
    """Return what to look nearly equal titles up by: a title's first words and its last ones, sorted.

    Two titles that differ in one word share one of the two.
    """
    found = words(title)
    half = (len(found) + 1) // 2
    if len(found) < FEW_TITLE:
        return (" ".join(found),) if found else ()
    return tuple(dict.fromkeys((" ".join(sorted(found[:half])[:4]), " ".join(sorted(found[-half:])[-4:]))))


def same(one: Article, other: Article) -> bool:
    """Whether two articles, of two sources, are the same piece."""
    if not (one.published and other.published) or abs(one.published - other.published) > APART:
        return False
    if one.language and other.language and one.language != other.language:
        return False
    return same_title(one.title, other.title) and _same_text(one.text, other.text)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are nearly equal; another number, month or weekday makes another piece."""
    first, second = _title(one), _title(other)
    if min(len(first), len(second)) < TITLE * max(len(first), len(second)) or _telling(one) != _telling(other):
        return False
    if min(len(first), len(second)) < FEW_TITLE:
        return bool(first) and first == second
    return len(first & second) >= TITLE * len(first | second)


@lru_cache(KNOWN)
def _title(title: str) -> frozenset[str]:
    return frozenset(words(title))


@lru_cache(KNOWN)
def _telling(title: str) -> frozenset[str]:
    found = re.findall(r"\w+", title.casefold())
    return frozenset(
        word for word in found if word in TELLING or not (word.isalpha() or not any(map(str.isdigit, word)))
    )


def share(one: str, other: str) -> float:
    """Return how much of the shorter of two texts stands in the longer one, in runs of words: from 0 to 1."""
    shorter, longer = _by_length(one, other)
    if len(shorter) < RUN:
        return float(shorter == longer)
    runs = _runs(shorter)
    return len(runs & _runs(longer)) / len(runs)


def _same_text(one: str, other: str) -> bool:
    """Whether the shorter of two texts stands in the longer one, by and large: a feed often has the start only."""
    return len(_by_length(one, other)[0]) >= FEW_TEXT and share(one, other) >= TEXT


def _by_length(one: str, other: str) -> list[tuple[str, ...]]:
    """Return the first words of two texts, the shorter one's first."""
    return sorted((words(one)[:ENOUGH], words(other)[:ENOUGH]), key=len)


def _runs(said: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(said[at : at + RUN] for at in range(len(said) - RUN + 1))
