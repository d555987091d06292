"""Read the events that a WordPress site lists for programs, page by page."""

from datetime import datetime

from newsletter.errors import SourceError
from newsletter.fetch.http import Answer, Client
from newsletter.fetch.port import Last, Reading
from newsletter.model import Source
from newsletter.reading.calendars import calendarfile, eventlist
from newsletter.reading.charset import decode

#: The most pages; the plugin gives ten events on each, the next ones first.
MOST_PAGES = 10


async def read(first: Answer, source: Source, client: Client, now: datetime) -> Reading:
    """Return the events of the list that begins with *first*, as far as its pages can be read."""
    answer, found, onward = (
        first,
        list(eventlist.events(_text(first))),
        eventlist.following(_text(first), first.url),
    )
    seen = {first.url}
    while onward and onward not in seen and len(seen) < MOST_PAGES:
        seen.add(onward)
        try:
            answer = await client.get(onward)
        except SourceError:
            # Some name a page that they do not have: what came before stays good.
            break
        found += eventlist.events(_text(answer))
        onward = eventlist.following(_text(answer), answer.url)
    items = calendarfile.coming(found, source, first.url, now)
    # Of a list that was not read to its end, nobody knows what it has no more.
    return Reading(items, next=Last(kind="feed", url=source.url), moved=first.moved, whole=not onward)


def _text(answer: Answer) -> str:
    return decode(answer.data or b"", answer.charset or "utf-8")
