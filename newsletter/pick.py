"""Choose the articles of an issue, put them into sections, and say why each was picked or left.

The same articles at the same time give the same picks. Nothing is offered twice: not what an earlier issue used,
and not the same story from two sources.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from newsletter import score
from newsletter.model import Article, Left, Pick, Section

#: The sections of a letter whose settings name none.
SECTIONS = (
    Section(name="", block="lead", max=1),
    Section(name="", block="story", max=3),
    Section(name="", block="brief", max=8),
)
#: Two titles are one story if this share of their words is the same; a column keeps its title from month to month.
ALIKE = 0.8
APART = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an issue may be made of; the arguments of `pick`."""

    used: Mapping[str, str]
    now: datetime
    languages: Sequence[str]
    since: datetime | None
    until: datetime | None
    present: Mapping[Section, int]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An article that could be picked; *place* is where it stood among all."""

    article: Article
    place: int
    words: frozenset[str]
    at: datetime


def pick(
    articles: Iterable[Article],
    sections: Sequence[Section],
    *,
    used: Mapping[str, str],
    now: datetime,
    languages: Sequence[str],
    since: datetime | None = None,
    until: datetime | None = None,
    present: Mapping[Section, int] = MappingProxyType({}),
    weights: Mapping[str, float] = MappingProxyType({}),
) -> tuple[tuple[Pick, ...], tuple[Left, ...]]:
    """Return the picks in the order of the issue, and what was left in the order of *articles*.

    *used* tells where an article stood already (its key to the slug of that issue). *languages* are those of the
    letter; an article that names none may be in any. Dates from *since* to before *until*, None for no limit.
    *present* counts what stands in a section already. *weights* are those of the sources, by name.
    """
    wish = _Wish(used, now, languages, since, until, present, weights)
    sections = tuple(sections) or SECTIONS
    everything = [_candidate(article, place, wish.now) for place, article in enumerate(articles)]
    told = [one for one in everything if one.article.key in wish.used]
    reasons: dict[int, str] = {}
    fit: list[_Candidate] = []
    for one in everything:
        reason = _unfit(one, wish) or _told_already(one, told, wish)
        if reason:
            reasons[one.place] = reason
        else:
            fit.append(one)
    scale = score.scale((one.article for one in fit), sections, now, weights)
    chosen: dict[int, Pick] = {}
    filled: dict[int, list[Pick]] = {}
    for number, section in sorted(enumerate(sections), key=lambda pair: _turn(pair[1])):
        filled[number] = _fill(section, fit, scale, wish, chosen, reasons)
    picks = [one for number in range(len(sections)) for one in filled[number]]
    for one in fit:
        reasons.setdefault(one.place, "left: no section takes it" + _tagged(one.article))
    lefts = [Left(one.article, reasons[one.place]) for one in everything if one.place not in chosen]
    return tuple(picks), tuple(lefts)


def same_story(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles, as sets of words, name one story. Other numbers make another story."""
    if not words or not other or {w for w in words ^ other if w[0].isdigit()}:
        return False
    return len(words & other) >= ALIKE * len(words | other)


def words(title: str) -> frozenset[str]:
    """Return the words of a title without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    return frozenset(re.findall(r"\w+", bare))


def label(section: Section) -> str:
    """Return what a section is called: its name, or its kind of block."""
    return section.name or section.block


def _candidate(article: Article, place: int, now: datetime) -> _Candidate:
    return _Candidate(article, place, words(article.title), score.dated(article, now))


def _turn(section: Section) -> int:
    """Return when a section chooses: the lead first, then who asks for something, then who takes anything."""
    return 0 if section.block == "lead" else 1 if section.tags or section.sources else 2


def _takes(section: Section, article: Article) -> bool:
    asked = {tag.casefold() for tag in section.tags}
    tagged = not asked or any(tag.casefold() in asked for tag in article.tags)
    return tagged and (not section.sources or article.source in section.sources)


def _fill(
    section: Section,
    fit: Sequence[_Candidate],
    scale: score.Scale,
    wish: _Wish,
    chosen: dict[int, Pick],
    reasons: dict[int, str],
) -> list[Pick]:
    """Let *section* choose among what is left of *fit*; note each choice, and why the others were left."""
    picks = []
    lead = section.block == "lead"
    open_ = [one for one in fit if one.place not in chosen and _takes(section, one.article)]
    ranked = sorted(
        ((score.parts(one.article, scale, lead=lead), one) for one in open_),
        key=lambda pair: (-score.total(pair[0]), *_order(pair[1])),
    )
    rank = wish.present.get(section, 0)
    taken = {place: one for one in fit if (place := one.place) in chosen}
    for own, one in ranked:
        double = next((other for other in taken.values() if _double(one, other)), None)
        if double:
            reasons[one.place] = f"left: the same story as “{double.article.title}”"
            continue
        rank += 1
        if rank > section.max:
            reasons[one.place] = f"left: section full ({label(section)}), {_ordinal(rank)} of {section.max}"
            continue
        reason = f"picked: {label(section)}, {score.told(own)}"
        chosen[one.place] = Pick(one.article, section, score.total(own), reason)
        taken[one.place] = one
        picks.append(chosen[one.place])
    return picks


def _order(one: _Candidate) -> tuple[float, str, int]:
    """Return what orders equal scores: the later first, then by key; pieces of one page as they stood on it."""
    return -one.at.timestamp(), one.article.key if one.article.url else "", one.place


def _double(one: _Candidate, other: _Candidate) -> bool:
    undated = not (one.article.published and other.article.published)
    return (undated or abs(one.at - other.at) <= APART) and same_story(one.words, other.words)


def _unfit(one: _Candidate, wish: _Wish) -> str:
    """Return why an article cannot be in the issue at all, or ""."""
    article = one.article
    if article.hidden:
        return "left: hidden"
    if article.key in wish.used:
        return f"left: in issue {wish.used[article.key]}"
    if article.language and _base(article.language) not in {_base(code) for code in wish.languages}:
        letter = " and ".join(language_name(code) for code in wish.languages)
        return f"left: in {language_name(article.language)}, the letter is in {letter}"
    if wish.since and one.at < wish.since:
        return f"left: older than {wish.since:%Y-%m-%d}"
    if wish.until and one.at >= wish.until:
        return f"left: newer than {wish.until - timedelta(seconds=1):%Y-%m-%d}"
    return ""


def _told_already(one: _Candidate, told: Sequence[_Candidate], wish: _Wish) -> str:
    for other in told:
        if _base(one.article.language) == _base(other.article.language) and _double(one, other):
            return f"left: the same story as “{other.article.title}” in issue {wish.used[other.article.key]}"
    return ""


def _tagged(article: Article) -> str:
    return f" (tags: {', '.join(article.tags)})" if article.tags else " (it has no tags)"


def _base(code: str) -> str:
    return code.partition("-")[0].casefold()


def language_name(code: str) -> str:
    """Return a language's English name, or its code if it has none."""
    try:
        return Locale.parse(code, sep="-").get_language_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
