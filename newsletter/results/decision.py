"""Which of two subjects the readers who did not try them get, and how sure that is. Values in, values out."""

from collections.abc import Iterable
from math import sqrt

from newsletter.report import Arm, compare, winner
from subscribers.variant import OTHER, language_of

#: Clicks a letter as many have them: what a part of a size can tell is said for these.
USUAL = 0.05

#: A part tells little if it can only find out a subject that is clicked more than so many times as often.
LITTLE = 2.0

#: Half of what two ranges must lie apart, in square roots of clicks: see `newsletter.report.compare`.
_APART = 2 * 0.98


def arms(rows: Iterable[tuple[str, int, int]], subjects: tuple[str, str]) -> tuple[Arm, Arm]:
    """Return both sides from (variant, letters that arrived, clicks), in the languages that have two subjects."""
    known = list(rows)
    languages = {language_of(name) for name, _, _ in known if name.endswith(OTHER)}
    found = []
    for name, subject, side in zip("AB", subjects, ("", "b"), strict=True):
        among = [row for row in known if language_of(row[0]) in languages and row[0].partition("@")[2] == side]
        found.append(compare(name, subject, sum(row[1] for row in among), sum(row[2] for row in among)))
    return found[0], found[1]


def better(first: Arm, other: Arm) -> Arm:
    """Return the side that is ahead, the first where both are equal."""
    return other if other.rate > first.rate else first


def words(first: Arm, other: Arm, won: Arm, *, chosen: bool = False) -> str:
    """Say why the rest gets what *won* says: how far it was ahead, and whether that may be chance."""
    lost = first if won is other else other
    counted = f"{_clicks(won)}, against {_clicks(lost)}"
    if chosen:
        return f"{won.name} was chosen by hand: {counted} until then."
    if not (first.clicks or other.clicks):
        return f"Nobody clicked, so nothing tells them apart; {won.name} is the first one."
    if won.rate == lost.rate:
        return f"Both came to the same ({counted}); {won.name} is the first one."
    if winner((first, other)):
        return f"{won.name} won beyond chance: {counted}."
    return f"{won.name} was ahead, but that may be chance: {counted}. It is no clear win."


def least(letters: int) -> float:
    """Return how many times as often a subject must be clicked to win beyond chance, at *letters* a side."""
    clicks = max(letters, 1) * USUAL
    return ((sqrt(clicks + 3 / 8) + _APART) ** 2 - 3 / 8) / clicks


def _clicks(arm: Arm) -> str:
    return f"{arm.clicks:,} click{'s' * (arm.clicks != 1)} of {arm.arrived:,} letter{'s' * (arm.arrived != 1)}"
