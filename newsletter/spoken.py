"""Say dates, times of day and languages as readers of a language do. Knows no template and no clock."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import inf
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, format_timedelta

#: A date or a time of day in an editor's words.
MOMENT = re.compile(r"(?<!\d)(?:(\d{4}-\d{2}-\d{2})|(\d{1,2})[:.](\d{2}))(?!\d)")
#: The hyphen of a keyboard that leads to a date or a time of day, as in 18:00-20:00.
UNTIL = re.compile(r"(?<![^\W\d_])-(?=\s?(?:\d{4}-\d{2}-\d{2}|\d{1,2}[:.]\d{2})(?!\d))")
#: Two things and the mark between them. Persian has a mark of direction after it (U+200F).
COMMA = re.compile(r"\{[01]\}([^\w\s{}'\"]\u200f?\s?)\{[01]\}")


@lru_cache(maxsize=64)
def locale(language: str, zone: str = "") -> Locale:
    """Return what is known about *language*, as it is written where *zone* is; English where nothing is known."""
    country = get_global("zone_territories").get(zone, "")
    for name in (f"{language}-{country}", language):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache
def called(code: str, among: tuple[str, ...] = ()) -> str:
    """Return what a language calls itself, or its code: ``Svenska``, ``Português (Brasil)``.

    *among* are all there are to choose from: its country is left out where no other of them is the same language.
    """
    alone = [each.partition("-")[0] for each in among].count(code.partition("-")[0]) == 1
    code = code.partition("-")[0] if alone else code
    try:
        name = Locale.parse(code, sep="-").get_display_name(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        name = None
    return f"{name[:1].upper()}{name[1:]}" if name else code


def moment(when: datetime, language: str, zone: ZoneInfo) -> tuple[str, str]:
    """Return day and time of day as readers of *language* in *zone* say them."""
    spoken = locale(language, zone.key)
    local = when.astimezone(zone)
    return format_skeleton("MMMEd", local, locale=spoken), format_time(local, "short", locale=spoken)


#: What leads from a day to an hour on one line, where that is no comma. Source: CLDR's dates at a time.
AT = {
    "da": " kl.\u00a0",
    "fi": " klo\u00a0",
    "nb": " kl.\u00a0",
    "nn": " kl.\u00a0",
    "no": " kl.\u00a0",
    "sv": " kl.\u00a0",
}


def at(language: str) -> str:
    """Return what parts a day and an hour on one line in *language*: its word for it, or its comma."""
    return AT.get(language.partition("-")[0]) or comma(language)


@lru_cache(maxsize=64)
def comma(language: str) -> str:
    """Return what parts a day and what follows on one line in *language*: its own comma, with the space after it.

    Source: CLDR's pattern of a date with a time, where that has a mark, else its pattern of lists.
    """
    spoken = locale(language)
    patterns = (spoken.datetime_formats["medium"], spoken.list_patterns["standard"]["middle"])
    found = (COMMA.fullmatch(str(pattern)) for pattern in patterns)
    return next((one[1] for one in found if one), ", ")


def moments(words: str, language: str, zone: ZoneInfo) -> str:
    """Return *words* with every date (2025-06-10) and time of day (18:00) in them as `moment` says them.

    What leads to the end of a span is a dash, as print has it in every language (CLDR, interval formats).
    """
    spoken = locale(language, zone.key)

    def one(found: re.Match[str]) -> str:
        try:
            if found[1]:
                said: str = format_skeleton("MMMEd", date.fromisoformat(found[1]), locale=spoken)
            else:
                said = format_time(time(int(found[2]), int(found[3])), "short", locale=spoken)
        except ValueError:
            return found[0]
        return said

    return MOMENT.sub(one, UNTIL.sub("–", words))


def leaf(when: datetime, language: str, zone: ZoneInfo) -> tuple[str, str]:
    """Return day of the month and short name of the month, as a calendar's leaf in *language* has them."""
    spoken = locale(language, zone.key)
    local = when.astimezone(zone)
    day, month = format_skeleton("d", local, locale=spoken), format_date(local, "MMM", locale=spoken)
    return day.rstrip("."), month.rstrip(".")


def tongue(language: str, reader: str) -> tuple[str, str]:
    """Return what readers of *reader* call *language*, its code if they have no word, and how it is written."""
    spoken = locale(language)
    # English stands for every language of which no more is known than what it is called.
    code = language.partition("-")[0] if spoken.language == "en" else spoken.language
    return str(locale(reader).languages.get(code, language)), str(spoken.text_direction)


def day(when: datetime, language: str, zone: ZoneInfo) -> str:
    """Return a whole date as readers of *language* in *zone* write it."""
    return format_date(when.astimezone(zone), "long", locale=locale(language, zone.key))


#: How long babel takes each unit of `span` to be.
UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "month": timedelta(days=30)}


def span(number: int, unit: Literal["hour", "day", "month"], language: str) -> str:
    """Return *number* hours, days or months as readers of *language* say how long something lasts."""
    return format_timedelta(number * UNITS[unit], granularity=unit, threshold=inf, locale=locale(language))


def issued(send_at: datetime | None, slug: str) -> date | None:
    """Return the month of an issue: when it is sent, or what its name says (``2025-06``)."""
    found = re.match(r"(\d{4})-(0[1-9]|1[0-2])(?!\d)", slug)
    if send_at:
        return send_at.date()
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else None
