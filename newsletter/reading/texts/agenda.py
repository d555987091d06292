"""Read a calendar in a plain text: events whose day, title, hour and place stand on lines of their own.

Each becomes one line as `newsletter.reading.words.happening` reads it: ``14 maj kl. 13.00: Öppet hus | Aulan``.
"""

import re
from collections.abc import Sequence

from newsletter.reading.words import dates, furniture, happening

#: A single event with its lines apart may be the invitation that the whole page is.
FEWEST = 2
#: The lines in which an invitation says when and where.
HEAD = 5
#: The longest title and place, in characters.
LONGEST = 100


def joined(lines: Sequence[str]) -> list[str]:
    """Return *lines* with each event of a calendar on one line; as they are where they hold no calendar."""
    done: list[str] = []
    number = found = 0
    while number < len(lines):
        used, line = _event(lines, number)
        found += bool(line)
        done += [line] if line else lines[number : number + 1]
        number += used
    return done if found >= FEWEST else _invited(lines)


def _invited(lines: Sequence[str]) -> list[str]:
    """Return *lines* with the day, hour and place of the one event that they invite to as facts."""
    for number in range(1, min(HEAD, len(lines) - 2)):
        day, hour = lines[number], _hour(lines[number + 1])
        if hour is None or not _is_day(day):
            continue
        after = number + 2
        facts = [f"Datum: {day.strip(' ,')}", f"Tid: {hour[0]}"]
        # What stands between the hour and the first paragraph is where.
        if hour[1] or (
            _is_title(lines[after]) and after + 1 < len(lines) and len(lines[after + 1]) > LONGEST // 2
        ):
            facts.append(f"Plats: {hour[1] or lines[after]}")
            after += not hour[1]
        return [*lines[:number], *facts, *lines[after:]]
    return list(lines)


def _event(lines: Sequence[str], number: int) -> tuple[int, str]:
    """Return how many lines at *number* are an event, and that as one line; 1 and "" for none."""
    first, second, third = (*lines[number : number + 3], "", "", "")[:3]
    if _is_day(first) and _is_title(second) and (hour := _hour(third)):
        return 3, _line(first, hour[0], second, hour[1])
    if not _is_title(first) or _is_day(first):
        return 1, ""
    whole = happening.ALONE.fullmatch(second)
    if whole and whole["from"] and not whole["place"] and happening.tells(second):
        placed = _is_title(third) and not _starts(lines, number + 2)
        return (3, f"{second}: {first} | {third}") if placed else (2, f"{second}: {first}")
    if _is_day(second) and (hour := _hour(third)):
        return 3, _line(second, hour[0], first, hour[1])
    return 1, ""


def _starts(lines: Sequence[str], number: int) -> bool:
    """Whether the next event begins at *number*, with its title."""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return _is_day(after) or happening.tells(after)


def _is_day(line: str) -> bool:
    return bool(dates.yearless(line) or (dates.line(line) and not happening.tells(line)))


def _is_title(line: str) -> bool:
    short = 2 < len(line) <= LONGEST and not line.endswith((".", ":", ","))
    return short and not furniture.is_navigation(line) and _hour(line) is None and not happening.tells(line)


def is_hour(line: str) -> bool:
    """Whether a line says from when to when, and perhaps where, and nothing else."""
    return _hour(line) is not None


def _hour(line: str) -> tuple[str, str] | None:
    """Return the hours that a line begins with, and the place after them."""
    found = happening.HOUR.match(line)
    rest = re.sub(r"^\s*[,|·–—-]\s*", "", line[found.end() :]) if found else ""
    if (
        found is None
        or not happening.hours(found)
        or len(rest) > happening.PLACE
        or (rest and rest == line[found.end() :])
    ):
        return None
    return found[0].strip(), rest.strip(" .")


def _line(day: str, hour: str, title: str, place: str) -> str:
    hour = hour if hour[:1].isalpha() else f"kl. {hour}"
    return f"{day.strip(' ,:')} {hour}: {title}" + (f" | {place}" if place else "")
