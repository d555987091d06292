"""Choose the articles of an issue, put them into sections, and say why each was picked or left.

The same articles at the same time give the same picks. Nothing is offered twice: not what an earlier issue used,
and not the same story from two sources or in two languages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from newsletter.kin import doubles
from newsletter.model import Candidate, Left, Pick, Section
from newsletter.picking import eligible, interest, score
from newsletter.picking.wish import SECTIONS, Wish

#: More than any score in hundredths.
PINNED = 1_000
#: How an ordinal ends in English, by its last digit.
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def pick(candidates: Iterable[Candidate], wish: Wish) -> tuple[tuple[Pick, ...], tuple[Left, ...]]:
    """Return the picks in the order of the issue, and what was left in the order of *candidates*."""
    everything = list(candidates)
    able = eligible.fit(everything, wish)
    table = _Table(able, wish, everything)
    sections = list(wish.sections or SECTIONS)
    short: dict[int, str] = {}
    while True:
        filled, against = _fill(table, [(at, one) for at, one in enumerate(sections) if at not in short])
        poor = next((at for at in reversed(filled) if _is_short(table, sections[at], filled[at])), None)
        if poor is None:
            break
        section, found = sections[poor], len(filled[poor])
        short[poor] = f"left: {label(section)} is left out, {found} of at least {section.min}"
    picks = [
        table.pick(one, sections[at])
        for at in sorted(filled)
        for one in _ordered(sections[at], filled[at], wish.now)
    ]
    reasons = able.reasons | _why_left(table, filled, sections, short, against)
    chosen = {one.key for pick in picks for one in (pick.article, *pick.twins)}
    # Twins share a reason.
    reasons |= {twin.key: reasons[key] for key, twins in able.twins.items() if key in reasons for twin in twins}
    return tuple(picks), tuple(Left(one, reasons[one.key]) for one in everything if one.key not in chosen)


def label(section: Section) -> str:
    """Return what a section is called: its name, or its kind of block."""
    return section.name or section.block


class _Table:
    """Everything that could be picked, the best first, and what is known against it."""

    def __init__(self, able: eligible.Fit, wish: Wish, everything: Sequence[Candidate]) -> None:
        self.wish, self.twins, self.candidates = wish, able.twins, able.candidates
        self.scale = score.Scale(able.candidates, wish, interest.learn(everything, wish.clicks))
        self.told = doubles.Told()
        for one in everything:
            if one.key in wish.used:
                self.told.add(one)
        self._ranked = self._rank()

    def ranked(self, section: Section) -> Iterator[Candidate]:
        """Yield what *section* takes, the best first."""
        found = iter(self._ranked[section.block == "lead"])
        if section.tags:
            asked = score.Asked((section,))
            found = (one for one in found if asked[one.tags])
        if section.sources:
            found = (one for one in found if one.source in section.sources)
        return found

    def languages(self, one: Candidate) -> tuple[int, ...]:
        """Return in which of the letter's languages *one* takes a place."""
        wish = self.wish
        if wish.marked:
            return (0,)
        return tuple(wish.place(each.language) for each in (one, *self.twins.get(one.key, ())))

    def _is_whole(self, one: Candidate) -> bool:
        """Whether *one* is in every language of the letter that marks what is not."""
        spoken = {self.wish.place(each.language) for each in (one, *self.twins.get(one.key, ()))}
        return self.wish.marked and len(spoken) >= len(self.wish.languages)

    def pick(self, one: Candidate, section: Section) -> Pick:
        """Return *one* as picked for *section*."""
        parts = self.scale.parts(one, lead=section.block == "lead")
        reason = f"picked: {label(section)}, {score.told(parts)}"
        twins = self.twins.get(one.key, ())
        return Pick(one, section, score.total(parts), score.named(parts), reason, twins)

    def _rank(self) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
        """Return all the best first, for the rest of an issue and to open it.

        What is fittest to open it goes first there, by its score as a lead; the others as in the rest. What is
        pinned goes before what is not. Equal scores go by date, then by key; pieces of one page as they stood.
        """
        now, totals, everything = self.wish.now.timestamp(), self.scale.totals, self.candidates
        fits = [score.rank(one, whole=one.pinned or self._is_whole(one)) for one in everything]
        best = max(fits, default=0)
        lead, rest = [], []
        for place, one in enumerate(everything):
            opens = fits[place] == best
            first, other = totals(one, opens=opens)
            at = one.at.timestamp() if one.at else now
            pin = PINNED if one.pinned else 0
            key = (-at if at < now else -now, one.key if one.linked else "", place)
            rest.append((-other - pin, *key))
            if opens:
                lead.append((-first - pin, *key))
        order = [key[-1] for key in sorted(rest)]
        opening = [key[-1] for key in sorted(lead)]
        opening += sorted((at for at in order if fits[at] < best), key=fits.__getitem__, reverse=True)
        return [everything[at] for at in order], [everything[at] for at in opening]


class _Fill:
    """One try to fill sections."""

    def __init__(self, table: _Table) -> None:
        self.table = table
        self.chosen: dict[str, Candidate] = {}
        self.reasons: dict[str, str] = {}
        self._mine = doubles.Told()
        self._from: dict[str, int] = {}

    def take(self, section: Section, up_to: int, into: list[Candidate]) -> None:
        """Put the best of what is left into *section* until it holds *up_to*."""
        wish = self.table.wish
        present = wish.present.get(section, 0)
        held = [present] * len(wish.languages)
        for one in into:
            for language in self.table.languages(one):
                held[language] += 1
        for one in self.table.ranked(section):
            if min(held[:1] if wish.marked else held) >= up_to:
                return
            if one.key in self.chosen or self._is_against(one):
                continue
            places = self.table.languages(one)
            if all(held[language] < up_to for language in places):
                for language in places:
                    held[language] += 1
                into.append(one)
                self._choose(one)

    def _choose(self, one: Candidate) -> None:
        self.chosen[one.key] = one
        self._mine.add(one)
        self._from[one.source] = self._from.get(one.source, 0) + 1

    def _is_against(self, one: Candidate) -> bool:
        """Whether something speaks against *one* now, and note what."""
        most = self.table.wish.per_source
        if one.key in self.reasons:
            return True
        if most and not one.pinned and self._from.get(one.source, 0) >= most:
            self.reasons[one.key] = f"left: {most} from {one.source} already, at most {most}"
        elif double := self.table.told.find(one):
            slug = self.table.wish.used[double.key]
            self.reasons[one.key] = f"left: the same story as “{double.title}” in issue {slug}"
        elif double := self._mine.find(one):
            self.reasons[one.key] = f"left: the same story as “{double.title}”"
        return one.key in self.reasons


def _fill(
    table: _Table, sections: Sequence[tuple[int, Section]]
) -> tuple[dict[int, list[Candidate]], dict[str, str]]:
    """Let the sections choose in turn: each as many as it needs, then each as many as it may have.

    Return what each got, and what spoke against some of the others.
    """
    fill = _Fill(table)
    filled: dict[int, list[Candidate]] = {at: [] for at, _ in sections}
    turns = sorted(sections, key=lambda pair: _turn(pair[1]))
    for at, section in turns:
        fill.take(section, max(section.min, int(section.block == "lead")), filled[at])
    for at, section in turns:
        fill.take(section, section.max, filled[at])
    return filled, fill.reasons


def _turn(section: Section) -> int:
    """Return when a section chooses: the lead first, then who asks for something, then who takes anything."""
    return 0 if section.block == "lead" else 1 if section.tags or section.sources else 2


def _is_short(table: _Table, section: Section, picks: Sequence[Candidate]) -> bool:
    """Whether a section that nothing stands in yet got less than it needs."""
    return len(picks) < section.min and not table.wish.present.get(section, 0)


def _ordered(section: Section, picks: Sequence[Candidate], now: datetime) -> Sequence[Candidate]:
    """Return *picks*, which are the best first, in the order that the section wants."""
    match section.order:
        case "newest":
            return sorted(picks, key=lambda one: score.dated(one, now), reverse=True)
        case "oldest":
            return sorted(picks, key=lambda one: score.dated(one, now))
        case "title":
            return sorted(picks, key=lambda one: (one.title.casefold(), one.key))
        case _:
            return picks


def _why_left(
    table: _Table,
    filled: Mapping[int, Sequence[Candidate]],
    sections: Sequence[Section],
    short: Mapping[int, str],
    against: Mapping[str, str],
) -> dict[str, str]:
    """Return why those were left that could be picked: the word of the last section that would have taken them."""
    reasons = dict(against)
    chosen = {one.key for picks in filled.values() for one in picks}
    turns = sorted(enumerate(sections), key=lambda pair: _turn(pair[1]))
    for at, section in turns[::-1]:
        if len(reasons) + len(chosen) >= len(table.candidates):
            break
        ranks = [table.wish.present.get(section, 0)] * len(table.wish.languages)
        for one in filled.get(at, ()):
            for language in table.languages(one):
                ranks[language] += 1
        full = f"left: section full ({label(section)}), "
        for one in table.ranked(section):
            if one.key in chosen or one.key in reasons:
                continue
            language = 0 if table.wish.marked else table.languages(one)[0]
            ranks[language] += 1
            reasons[one.key] = short.get(at) or f"{full}{_ordinal(ranks[language])} of {section.max}"
    for one in table.candidates:
        if one.key not in reasons and one.key not in chosen:
            tags = f"tags: {', '.join(one.tags)}" if one.tags else "it has no tags"
            reasons[one.key] = f"left: no section takes it ({tags})"
    return reasons


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"
