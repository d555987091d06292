"""A feed of any kind: RSS and its kin, JSON Feed, a calendar, a list of events. Whoever has its bytes calls it."""

from datetime import datetime

from newsletter.model import RawItem, Source
from newsletter.reading.calendars import calendarfile, eventlist
from newsletter.reading.charset import decode
from newsletter.reading.feeds import feedxml, jsonfeed


def is_feed(data: bytes, kind: str = "") -> bool:
    """Whether *data* of the media type *kind* is a feed."""
    readers = (jsonfeed.is_feed, calendarfile.is_calendar, eventlist.is_list)
    return feedxml.is_feed(data, kind) or any(is_one(data) for is_one in readers)


def is_whole(data: bytes) -> bool:
    """Whether a feed has all that there is: what it has no more is off, and what is next changes by itself."""
    return calendarfile.is_calendar(data)


def items(data: bytes, source: Source, url: str, now: datetime, charset: str = "") -> tuple[RawItem, ...]:
    """Return the entries of the feed *data*, which came from *url*, "" for a file. Raise SourceError."""
    if calendarfile.is_calendar(data):
        return calendarfile.items(data, source, url, now, charset)
    if eventlist.is_list(data):
        return calendarfile.coming(eventlist.events(decode(data, charset or "utf-8")), source, url, now)
    if jsonfeed.is_feed(data):
        return jsonfeed.items(decode(data, charset), source, url)
    return feedxml.items(data, source, url, charset)
