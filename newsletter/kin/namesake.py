"""Tell another piece from a correction, where only a title or a file's name says which piece it is.

A column keeps its title from month to month, and an editor may write it into the same file each time. What says
mostly the same is the same piece; so is what stands in the same file, until readers were sent what stood there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.kin import likeness
from newsletter.model import Article

#: What tells a key from those of the same title.
NUMBER = re.compile(r"-\d+$")
#: A day, as the lines of events have it.
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class Known:
    """A piece that is there: the *key* it goes by, and all that it says or said in an issue.

    *sent* tells that readers have it, *file* that what comes now stands where it stood. *language* may be "".
    """

    key: str
    texts: tuple[str, ...]
    language: str = ""
    sent: bool = False
    file: bool = False


def named(
    articles: Sequence[Article], known: Mapping[int, Sequence[Known]], taken: Iterable[str]
) -> list[Article]:
    """Return *articles*, those with a number in *known* with the key of the piece that they are.

    *known* says which pieces each may be, by its place in *articles*. One that is none of them gets a key of its
    own, which is not among those *taken*.
    """
    keys = _same(articles, known)
    for place, others in known.items():
        if place not in keys and (own := _replaced(others, keys.values())):
            keys[place] = own
    used = {*taken, *keys.values(), *(one.key for place, one in enumerate(articles) if place not in known)}
    for place in known:
        if place not in keys:
            keys[place] = _free(articles[place].key, used)
            used.add(keys[place])
    return [replace(one, key=keys.get(place, one.key)) for place, one in enumerate(articles)]


def are(one: str, other: str) -> bool:
    """Whether two keys are of pieces that have their title in common, and were told apart by their words."""
    return one != other and one.startswith("text:") and NUMBER.sub("", one) == NUMBER.sub("", other)


def _same(articles: Sequence[Article], known: Mapping[int, Sequence[Known]]) -> dict[int, str]:
    """Return the keys of those that say mostly what a known piece says, by their places; the most alike first."""
    keys = {place: key for place, others in known.items() if (key := _word_for_word(articles[place], others))}
    taken = set(keys.values())
    found = [
        (-like, place, rank, other.key)
        for place, others in known.items()
        if place not in keys
        for rank, other in enumerate(others)
        if other.key not in taken and (like := _likeness(articles[place], other)) >= likeness.TEXT
    ]
    for _, place, _, key in sorted(found):
        if place not in keys and key not in taken:
            keys[place] = key
            taken.add(key)
    return keys


def _word_for_word(one: Article, others: Iterable[Known]) -> str:
    """Return the key of the piece that says the very same, "" for none."""
    languages = {"", one.language}
    return next((other.key for other in others if one.text in other.texts and other.language in languages), "")


def _likeness(one: Article, other: Known) -> float:
    if one.language and other.language and one.language != other.language:
        return 0
    return max((shared(one.text, text) for text in other.texts), default=0)


def shared(one: str, other: str) -> float:
    """Return how much two texts have in common: nothing if they tell of days, and none is the same."""
    days, others = set(DAY.findall(one)), set(DAY.findall(other))
    return 0 if days and others and not days & others else likeness.share(one, other)


def _replaced(others: Iterable[Known], kept: Iterable[str]) -> str:
    """Return the key of the piece that stood in the same file and was never sent, "" for none."""
    gone = (other.key for other in others if other.file and not other.sent and other.key not in kept)
    return next(gone, "")


def _free(key: str, used: Iterable[str]) -> str:
    return next(
        one for number in range(1, 10_000) if (one := f"{key}-{number}" if number > 1 else key) not in used
    )
