"""Find the lists on a plain-text page, and tell them from speech, which begins with a dash too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter import sentence
from newsletter.reading.words import dates, furniture, quotation
from newsletter.reading.words.almanac import MONTH

BULLET = re.compile(r"(?P<mark>[•*·‣▪▫■□●○◦⁃]|[-–—](?=\s)|\d{1,3}[.)])\s*(?P<text>\S.*)")
#: The hour of the English, with or without its minutes: ``9 am``, ``2 – 6.30 pm``.
_HALF = r"1?\d(?:[.:][0-5]\d)?\s?[ap]\.?m\b\.?"
_HALVES = rf"(?:1?\d(?:[.:][0-5]\d)?\s?[–-]\s?{_HALF}|{_HALF}(?:\s?[–-]\s?{_HALF})?)"
#: A line of a programme: a time, or a day without a year.
ENTRY = re.compile(
    rf"(?:(?:kl\.? ?)?(?:[01]?\d|2[0-3])[.:][0-5]\d\b|{_HALVES}|(?:\w+ )?\d\d?(?:[–-]\d\d?)? (?:{MONTH})\b|"
    rf"(?:{MONTH}) \d\d?\b).{{3,200}}",
    re.IGNORECASE,
)
#: What is at an hour, as the programme of a day tells it: ``9.30 Coffee``, ``kl. 9–10: Coffee``.
HOURLY = re.compile(
    rf"(?:{_HALVES}|(?:kl\.? ?)?(?:[01]?\d|2[0-3])[.:][0-5]\d(?:\s?[–-]\s?(?:[01]?\d|2[0-3])[.:][0-5]\d)?):?"
    r"\s+(?:[–-]\s+)?[^\W\d_]{3}"
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list: *mark* is ``-`` or ``1.``, as Markdown writes it."""

    mark: str
    text: str


def points(lines: Sequence[str]) -> dict[int, Point]:
    """Return the points of lists, by the numbers of their lines.

    They are bullets, numbers in a row, dashes in a row that are nobody's words, and the entries of a programme.
    """
    found = _bulleted(lines) | _entered(lines)
    # Where to share it, or where else to go.
    buttons = {number for number, point in found.items() if furniture.is_navigation(point.text)}
    lost = {number for run in _runs(found) if buttons.issuperset(run) for number in run}
    return {number: point for number, point in found.items() if number not in lost}


def _bulleted(lines: Sequence[str]) -> dict[int, Point]:
    """Return the points that a bullet, a number or a dash begins; a day alone is none, whatever it begins with."""
    begun = {number: match for number, line in enumerate(lines) if (match := BULLET.fullmatch(line))}
    lonely = {n for n in begun if dates.line(lines[n]) and not {n - 1, n + 1} & begun.keys()}
    marks = {number: match["mark"] for number, match in begun.items() if number not in lonely}
    spoken = {number for number in marks if _is_spoken(lines, number)} - _announced(lines, marks)
    found = {}
    for number, mark in marks.items():
        near = {number - 1, number + 1}
        if mark[0].isdigit():
            is_point, label = _numbered(lines, number), mark.rstrip(".)") + "."
        else:
            beside = any(marks.get(n) == mark for n in near)
            is_point, label = mark not in quotation.DASHES or (beside and spoken.isdisjoint({number, *near})), "-"
        if is_point:
            found[number] = Point(label, begun[number]["text"])
    return found


def _announced(lines: Sequence[str], marks: Mapping[int, str]) -> set[int]:
    """Return the points that begin with a hyphen, of lists under a line that announces them and nobody's words."""
    found: set[int] = set()
    for number in sorted(marks):
        above = lines[number - 1] if number else ""
        first = above.endswith(":") and not (quotation.introduced(above) or quotation.told_of(above))
        said = quotation.read(lines[number]) if marks[number] == "-" else None
        if said and not said.by and not said.again and (first or number - 1 in found):
            found.add(number)
    return found


def _entered(lines: Sequence[str]) -> dict[int, Point]:
    """Return the entries of a programme that stand together."""
    entries = {number for number, line in enumerate(lines) if ENTRY.fullmatch(line) and not dates.line(line)}
    for number, line in enumerate(lines):
        # A day alone is one too where the programme has begun.
        if number - 1 in entries and not HOURLY.match(lines[number - 1]) and dates.yearless(line):
            entries.add(number)
    return {n: Point("-", lines[n]) for n in entries if {n - 1, n + 1} & entries}


def _runs(found: Mapping[int, Point]) -> list[list[int]]:
    """Return the numbers of the points that stand together, list by list."""
    runs: list[list[int]] = []
    for number in sorted(found):
        if not runs or runs[-1][-1] != number - 1:
            runs.append([])
        runs[-1].append(number)
    return runs


def _is_spoken(lines: Sequence[str], number: int) -> bool:
    """Whether a line with a dash is somebody's words, or the name under them."""
    line = lines[number]
    said = quotation.read(line)
    if said:
        # Whole sentences after a long dash are what Swedish papers write for speech.
        long_dash = line[0] in "–—" and line[-1:] in ".!?…"
        return bool(said.by) or said.again or long_dash or len(sentence.split(said.text)) > 1
    return bool(number and quotation.speaker(line) and quotation.read(lines[number - 1]))


def _numbered(lines: Sequence[str], number: int) -> bool:
    """Whether a line that starts with a number has a neighbour with the next or the last one."""
    own = int(re.match(r"\d+", lines[number])[0])  # type: ignore[index]
    near = (lines[n] for n in (number - 1, number + 1) if 0 <= n < len(lines))
    found = (re.match(r"(\d{1,3})[.)]\s", line) for line in near)
    return any(match and abs(int(match[1]) - own) == 1 for match in found)
