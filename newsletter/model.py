"""The words for letters, as frozen values. Times are aware and in UTC; empty text means unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from newsletter.blocks import (
    Block,
    Brief,
    Common,
    Credits,
    Cta,
    Divider,
    Event,
    Events,
    Featured,
    Gallery,
    Image,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Span,
    Story,
    Teaser,
    Toc,
)
from newsletter.mailed import (
    Asked,
    Enclosed,
    Entry,
    Envelope,
    Feedback,
    Message,
    Outcome,
    Rendered,
    Reply,
    Stage,
    Token,
)

__all__ = [
    "Article", "Asked", "Block", "Brief", "Candidate", "Common", "Credits", "Cta", "Divider", "Enclosed", "Entry",
    "Envelope", "Event", "Events", "Featured", "Feedback", "Finding", "Gallery", "Image", "Issue", "Lead", "Left",
    "Level", "Message", "Outcome", "Pick", "Picture", "Prose", "Question", "Quote", "RawItem", "Rendered", "Reply",
    "Section", "Source", "Span", "Stage", "Story", "Teaser", "Toc", "Token",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from. *kind* is auto, feed, wordpress, sitemap, page or folder; *weight* scales scores.

    Nothing from before *since* is taken, None for no limit. *zone* is whose clock events are told by.
    """

    name: str
    kind: str
    url: str
    language: str = ""
    allow_private: bool = False
    weight: float = 1.0
    tags: tuple[str, ...] = ()
    since: datetime | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class RawItem:
    """One piece as a source gave it, before `newsletter.article` makes an Article of it.

    Either *html* or *text* (Markdown) holds the body. *base* is the URL that relative links start from.
    *translations* are the addresses (or keys) of the same piece in other languages. *shared* means that its
    address is that of several pieces, so that it does not tell one from another. Then, and without an address, it
    is known by its title, or as *named*.
    """

    source: str
    title: str
    url: str = ""
    guid: str = ""
    base: str = ""
    html: str = ""
    text: str = ""
    summary: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    image: Picture | None = None
    tags: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    shared: bool = False
    named: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One piece, normalized.

    *key* is its identity and the ``src`` of its blocks in an issue: the canonical URL, or ``text:`` and a
    slug of the title where there is no URL. *text* is Markdown in the dialect of the issue file, in which
    quotes and calls to action stand as ``:::`` blocks. *summary* is one to three plain sentences. *twins* are the
    keys of the same piece in other languages: as it comes from a source those that the source names, as it comes
    from the pool those that are there. *pinned*, *held* and *hidden* are the editor's word, at most one of them.
    """

    key: str
    title: str
    url: str
    text: str
    summary: str
    source: str
    language: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    image: Picture | None = None
    tags: tuple[str, ...] = ()
    guid: str = ""
    twins: tuple[str, ...] = ()
    pinned: bool = False
    held: bool = False
    hidden: bool = False


class Candidate(NamedTuple):
    """What the picker knows of an article: everything but its text, of which it knows the *size* in characters.

    *at* is when it was published. *linked* tells whether it has an address, *eventful* whether it tells of events,
    *later* whether an editor once held it for a later issue.
    A tuple, for there are a hundred thousand of them: it is made in a quarter of a frozen dataclass's time.
    """

    key: str
    title: str
    source: str = ""
    language: str = ""
    at: datetime | None = None
    tags: tuple[str, ...] = ()
    pictured: bool = False
    size: int = 0
    summary: str = ""
    linked: bool = True
    eventful: bool = False
    twins: tuple[str, ...] = ()
    pinned: bool = False
    held: bool = False
    hidden: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the issue that picks fill. *name* is its heading or ""; *block* lead, story or brief.

    *names* are its headings by language, where the settings have them. One that cannot get *min* articles is left
    out. *order* is score, newest, oldest or title.
    """

    name: str
    block: str
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    max: int = 4
    min: int = 0
    order: str = "score"
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """An article chosen for an issue: where it stands, its score in [0, 1], what that is made of, and why.

    *twins* are the same piece in the letter's other languages.
    """

    article: Candidate
    section: Section
    score: float
    parts: Mapping[str, float]
    reason: str
    twins: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """An article that was not chosen, and why."""

    article: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One numbered edition in one language, as its file says it.

    *source* is the file's text and *path* its name for messages; *lines* tells the line (from 1) of each
    field of the front matter. *fields* keeps what else stands in the front matter. *yearly* tells that readers who
    want one letter a year get this one. *subject_b* is the other subject of a comparison, which *share* per cent
    of the readers get; or *trying* per cent try both, half of them each, and after a *wait* the others get the
    better one. *images* is linked, inline, or "" for what the letter says; so are *sender_name*, *sender* (who the
    message is from), *reply_to* and *theme*.

    *local* tells that *send_at* has no offset: it is meant on each reader's own clock.
    """

    slug: str
    language: str
    subject: str = ""
    preheader: str = ""
    list: str = ""
    audience: str = ""
    send_at: datetime | None = None
    local: bool = field(default=False, compare=False)
    yearly: bool = False
    subject_b: str = ""
    share: int = 50
    trying: int = 0
    wait: timedelta = timedelta(hours=4)
    images: str = ""
    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    theme: str = ""
    blocks: tuple[Block, ...] = ()
    path: str = field(default="issue.md", compare=False)
    source: str = field(default="", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    fields: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def questions(self) -> tuple[tuple[str, Question], ...]:
        """Its questions in order, each with its name."""
        asked = [block for block in self.blocks if isinstance(block, Question)]
        return tuple((block.name or str(number), block) for number, block in enumerate(asked, 1))


class Level(StrEnum):
    """How grave a finding is: an error blocks a send."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the gate found. *place* is ``file:line`` or the part of the message; *source* what it rests on."""

    id: str
    level: Level
    place: str
    message: str
    remedy: str
    source: str = ""
