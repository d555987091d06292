"""Find the lists on a plain-text page, and tell them from speech, which begins with a dash too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter import sentence
from newsletter.reading.words import dates, furniture, quotation

BULLET = re.compile(r"(?P<mark>[•*·‣▪▫■□●○◦⁃]|[-–—](?=\s)|\d{1,3}[.)])\s*(?P<text>\S.*)")
#: A line of a programme: a time, or a day without a year.
ENTRY = re.compile(
    rf"(?:(?:kl\.? ?)?(?:[01]?\d|2[0-3])[.:][0-5]\d\b|(?:\w+ )?\d\d?(?:[–-]\d\d?)? (?:{dates.MONTH})\b|"
    rf"(?:{dates.MONTH}) \d\d?\b).{{3,200}}",
    re.IGNORECASE,
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
    bullets = {number: match for number, line in enumerate(lines) if (match := BULLET.fullmatch(line))}
    for number in [number for number in bullets if dates.line(lines[number])]:
        if not {number - 1, number + 1} & bullets.keys():
            del bullets[number]
    spoken = {number for number in bullets if _is_spoken(lines, number)}
    found: dict[int, Point] = {}
    for number, bullet in bullets.items():
        mark, near = bullet["mark"], {number - 1, number + 1}
        if mark[0].isdigit():
            is_point = _numbered(lines, number)
        elif mark in quotation.DASHES:
            beside = any(n in bullets and bullets[n]["mark"] == mark for n in near)
            is_point = beside and number not in spoken and not near & spoken
        else:
            is_point = True
        if is_point:
            label = mark.rstrip(".)") + "." if mark[0].isdigit() else "-"
            found[number] = Point(label, bullet["text"])
    entries = {number for number, line in enumerate(lines) if ENTRY.fullmatch(line) and not dates.line(line)}
    for number in entries:
        if {number - 1, number + 1} & entries:
            found[number] = Point("-", lines[number])
    for run in _runs(found):
        # Where to share it, or where else to go.
        if all(furniture.is_navigation(found[number].text) for number in run):
            for number in run:
                del found[number]
    return found


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
