"""The words for letters, as frozen values. Times are aware and in UTC; empty text means unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from newsletter.mailed import Enclosed, Entry, Envelope, Feedback, Message, Outcome, Rendered, Reply, Stage, Token

__all__ = [
    "Article",
    "Block",
    "Brief",
    "Candidate",
    "Common",
    "Credits",
    "Cta",
    "Divider",
    "Enclosed",
    "Entry",
    "Envelope",
    "Event",
    "Events",
    "Featured",
    "Feedback",
    "Finding",
    "Image",
    "Issue",
    "Lead",
    "Left",
    "Level",
    "Message",
    "Outcome",
    "Pick",
    "Picture",
    "Prose",
    "Quote",
    "RawItem",
    "Rendered",
    "Reply",
    "Section",
    "Source",
    "Span",
    "Stage",
    "Story",
    "Teaser",
    "Toc",
    "Token",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image. *src* is an absolute URL or a path beside the issue; sizes are pixels, 0 if unknown."""

    src: str
    alt: str = ""
    width: int = 0
    height: int = 0

    def within(self, width: int, height: int) -> int:
        """Return how wide it is shown in a place of *width* by at most *height* pixels: whole, never blown up."""
        shown = min(width, self.width) if self.width else width
        if self.width and self.height:
            shown = min(shown, height * self.width // self.height)
        return max(shown, 1)

    @property
    def tall(self) -> bool:
        """Whether it would fill a phone's screen if it were as wide as that: higher than five to four."""
        return 4 * self.height > 5 * self.width > 0


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
class Span:
    """Where a piece stands in its file: lines from *start* to before *end*, counted from 0."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every block has.

    *segment* "" means for everybody. *lang* is the language of a block that is in another one than the issue.
    """

    src: str = ""
    pin: bool = False
    segment: str = ""
    lang: str = ""
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Featured(Common):
    """An article in the issue. *link* and *label* make its button; *text* is Markdown without the title."""

    title: str = ""
    text: str = ""
    image: Picture | None = None
    link: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Featured):
    """The article that opens the issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Featured):
    """An article with a picture beside its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Featured):
    """An article in two or three lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Common):
    """What somebody said. *by* is ``NAME, TITLE``."""

    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that will happen. *when* is the editor's text; *at* its time if that could be read."""

    when: str
    title: str
    place: str = ""
    url: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Events(Common):
    """A list of things that will happen, under a heading *title* ("" for none)."""

    items: tuple[Event, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cta(Common):
    """A call to action: *text* above a button with *label* that leads to *href*."""

    text: str = ""
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Common):
    """A picture of its own, with an optional caption (Markdown) and link."""

    picture: Picture
    caption: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(Common):
    """Running text in Markdown: what stands between the other blocks, headings of sections included."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider(Common):
    """A line across."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toc(Common):
    """What the issue holds, made from its titles. *title* "" is the letter's own words for it."""

    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits(Common):
    """Who made the issue, in Markdown."""

    text: str


Block: TypeAlias = Lead | Story | Brief | Quote | Events | Cta | Image | Prose | Divider | Toc | Credits
Teaser: TypeAlias = Lead | Story | Brief


@dataclass(frozen=True, slots=True)
class Issue:
    """One numbered edition in one language, as its file says it.

    *source* is the file's text and *path* its name for messages; *lines* tells the line (from 1) of each
    field of the front matter. *fields* keeps what else stands in the front matter. *yearly* tells that readers who
    want one letter a year get this one. *subject_b* is the other subject of a comparison, which *share* per cent
    of the readers get. *images* is linked, inline, or "" for what the letter says.

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
    images: str = ""
    blocks: tuple[Block, ...] = ()
    path: str = field(default="issue.md", compare=False)
    source: str = field(default="", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    fields: Mapping[str, object] = field(default_factory=dict, compare=False)


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
