"""What a reader of one kind of source is given and what it gives back; `newsletter.cli` brings it to the pool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.errors import NewsletterError
from newsletter.model import RawItem


@dataclass(frozen=True, slots=True)
class Last:
    """What is known from the last visit, "" for the first one.

    *etag* and *modified* are the server's validators (RFC 9110 section 8.8), *kind* and *url* what the source
    turned out to be and where, *mark* how far it was read, *pages* the pages of a sitemap, or of a feed of titles,
    that were read: address and stamp.
    """

    etag: str = ""
    modified: str = ""
    kind: str = ""
    url: str = ""
    mark: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists now: the addresses *urls* of all that it published since *since*, None for ever."""

    urls: frozenset[str]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave. *unchanged* means that nothing is new since the last visit; *next* is for the next one.

    *problems* are parts of it that could not be read, *pages* what was read of a sitemap, or of a feed of
    titles: address and stamp. *moved* is the address that the source has now, if it has moved for good. *whole*
    means that it has nothing but the items: what it had before and has no more is off. *listed* is what it has
    besides, where it says so: what it should have and does not list may be withdrawn. *others* are where its site
    speaks other languages, of which a feed has nothing.
    """

    items: tuple[RawItem, ...] = ()
    unchanged: bool = False
    next: Last = Last()
    problems: tuple[NewsletterError, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    moved: str = ""
    whole: bool = False
    listed: Listing | None = None
    others: tuple[str, ...] = ()
