"""Read the events that The Events Calendar, WordPress's, lists for programs, as those of a calendar.

Source: ``/wp-json/tribe/events/v1/events``, which describes itself at ``/wp-json/tribe/events/v1/doc``.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from newsletter.issuefile import dialect
from newsletter.reading import value
from newsletter.reading.calendars.calendarevent import LONGEST, YEARS, Told
from newsletter.reading.html import markup

#: How the list begins, and what it names at its end.
BEGINS, NAMED = re.compile(rb"\s*\{\s*\"events\"\s*:\s*\["), re.compile(rb"tribe\\?/events")
#: The most events of one page; the plugin gives 50.
MOST = 100


def is_list(data: bytes) -> bool:
    """Whether *data* is such a list."""
    return bool(BEGINS.match(data) and NAMED.search(data))


def is_address(url: str) -> bool:
    """Whether such a list stands at *url*."""
    return "/tribe/events/" in unquote(url)


def events(text: str) -> Iterator[Told]:
    """Yield the events of one page of a list that are published."""
    for one in value.listed(value.table(value.document(text)).get("events"), MOST):
        if told := _event(value.table(one)):
            yield told


def following(text: str, url: str) -> str:
    """Return the address of the next page of a list, "" for none."""
    return dialect.address(value.text(value.table(value.document(text)).get("next_rest_url")), url, dialect.WEB)


def _event(one: value.Table) -> Told | None:
    title = " ".join(markup.words(value.text(one.get("title"))).split())
    daily = one.get("all_day") is True
    names = ("start_date", "end_date") if daily else ("utc_start_date", "utc_end_date")
    begins, ends = (value.moment(one.get(name)) for name in names)
    if not title or begins is None or begins.year not in YEARS or value.text(one.get("status")) != "publish":
        return None
    return Told(
        uid=value.text(one.get("global_id")) or value.text(one.get("url")),
        title=title,
        begins=begins.date() if daily else begins,
        lasts=_lasts(begins, ends, daily=daily),
        place=_place(one),
        url=value.text(one.get("url")),
        words=markup.words(value.text(one.get("description"))),
        tags=tuple(_names(one)),
    )


def _lasts(begins: datetime, ends: datetime | None, *, daily: bool) -> timedelta:
    """Return how long an event takes; the last of whole days ends a second before midnight."""
    told = ends - begins if ends else timedelta()
    if daily:
        last: date = (ends or begins).date()
        told = last - begins.date() + timedelta(days=1)
    return min(max(told, timedelta(days=1) if daily else timedelta()), LONGEST)


def _place(one: value.Table) -> str:
    """Return the house and its town, "" where no venue is told: then the plugin gives an empty list."""
    venue = value.table(one.get("venue"))
    parts = (markup.words(value.text(venue.get(name))).strip() for name in ("venue", "city"))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _names(one: value.Table) -> Iterator[str]:
    for each in (*value.listed(one.get("categories"), 20), *value.listed(one.get("tags"), 20)):
        if name := " ".join(markup.words(value.text(value.table(each).get("name"))).split()):
            yield name
