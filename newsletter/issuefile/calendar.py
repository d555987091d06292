"""Gather the events that articles tell of into one block, by their dates; what is past is dropped."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from newsletter.errors import IssueError
from newsletter.issuefile.blocks import block, event
from newsletter.model import Article, Block, Event, Events

#: The ``src`` of the block that compose makes: it comes from all articles.
KEY = "calendar"
#: More than this is a calendar of its own, not a part of a letter.
MOST = 10
#: A day without an hour lasts until it ends.
DAY = timedelta(days=1)
#: An event's name: its time, None for one that could not be read, and its title in small letters.
Name = tuple[datetime | None, str]


def gather(articles: Iterable[Article], now: datetime, zone: tzinfo) -> Events | None:
    """Return the next events that *articles* tell of, None for none. *zone* is where they take place.

    Of one that several tell of, the first counts; the others add where it is and leads to, if that does not.
    """
    found: dict[Name, tuple[datetime, Event]] = {}
    for one in articles:
        for each in told(one, zone):
            if each.at and each.at + (DAY if event.is_day(each.when) else timedelta()) > now:
                _, known = found.get(name(each), (each.at, each))
                place, url = known.place or each.place, known.url or each.url or one.url
                found[name(each)] = (each.at, replace(known, place=place, url=url))
    items = [each for _, each in sorted(found.values(), key=lambda pair: (pair[0], pair[1].title))]
    return Events(items=tuple(items[:MOST]), src=KEY) if items else None


def name(one: Event) -> Name:
    """Return what tells an event from all others: its time and its title."""
    return one.at, " ".join(one.title.casefold().split())


def count(blocks: Iterable[Block]) -> int:
    """Return how many events stand in the block that compose makes, 0 where it is not among *blocks*."""
    return sum(len(one.items) for one in blocks if isinstance(one, Events) and one.src == KEY)


def undated(one: Block) -> Block | None:
    """Return a block of an article without the events that `gather` takes; None if nothing is left of it."""
    if not isinstance(one, Events):
        return one
    items = tuple(each for each in one.items if not each.at)
    return replace(one, items=items) if items else None


def told(article: Article, zone: tzinfo) -> Iterator[Event]:
    """Yield the events that *article* tells of, by the clock of *zone*."""
    if "::: events" not in article.text:
        return
    try:
        found = block.parse(article.text.split("\n"), article.key, 0, zone)
    except IssueError:
        return
    yield from (each for one in found if isinstance(one, Events) for each in one.items)
