"""The words for letters, as frozen values. Times are aware and in UTC; empty text means unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from subscribers.model import DeliveryState


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


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from. *kind* is auto, feed, wordpress, sitemap, page or folder; *weight* scales scores.

    Nothing from before *since* is taken, None for no limit.
    """

    name: str
    kind: str
    url: str
    language: str = ""
    allow_private: bool = False
    weight: float = 1.0
    tags: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RawItem:
    """One piece as a source gave it, before `newsletter.article` makes an Article of it.

    Either *html* or *text* (Markdown) holds the body. *base* is the URL that relative links start from.
    *translations* are the addresses (or keys) of the same piece in other languages. *shared* means that its
    address is that of several pieces, so that it does not tell one from another.
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

    *at* is when it was published. *linked* tells whether it has an address, *eventful* whether it tells of events.
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


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the issue that picks fill. *name* is its heading or ""; *block* lead, story or brief.

    One that cannot get *min* articles is left out. *order* is score, newest, oldest or title.
    """

    name: str
    block: str
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    max: int = 4
    min: int = 0
    order: str = "score"


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
    """A list of things that will happen."""

    items: tuple[Event, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Token:
    """A personal field inside a Rendered: *mark* stands in the text where *name*'s value goes.

    *name* is ``name``, ``email``, ``language``, an attribute, or one of ``unsubscribe_url``,
    ``preferences_url``. *fallback* None means that there is none.

    A token with a *choice* stands for no value: ``if`` opens words for some readers only, ``else`` and ``end``
    go on with the others and with all. An ``if`` holds for who has *name*, or has it as *wanted* if that is not
    None; *negated* turns it round.
    """

    mark: str
    name: str
    fallback: str | None = None
    choice: str = ""
    wanted: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A picture that travels with the message. *cid* is its Content-ID without brackets (RFC 2392)."""

    cid: str
    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML and text of an issue in one variant, not yet personal.

    *segments* are the block segments that this variant's readers are in. *notes* are what the steps of
    rendering found worth telling (``id: message``). *enclosed* are the pictures that do not lie on the web.
    *written* is set if the reader's *language* has no twin. *arm* is "b" for the other subject of a comparison.
    """

    issue: str
    language: str
    segments: frozenset[str]
    subject: str
    preheader: str
    html: str
    text: str
    tokens: tuple[Token, ...] = ()
    notes: tuple[str, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    written: str = ""
    arm: str = ""

    @property
    def variant(self) -> str:
        """Name this variant: the reader's language, then its segments, then ``@b`` for the other subject."""
        return "+".join((self.language, *sorted(self.segments))) + (f"@{self.arm}" if self.arm else "")

    @property
    def tongue(self) -> str:
        """The language that the issue is written in; where a twin is missing, not the reader's own."""
        return self.written or self.language


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


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who it is from and for, as SMTP says it (RFC 5321 section 3.3)."""

    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Message:
    """The bytes for one recipient (RFC 5322), CRLF line ends, not dot-stuffed.

    *plain* is the promise that it is ASCII, that all line ends are CRLF, the last one included, and that no line
    opens with a dot: then nothing of it needs to be looked through again on the way.
    """

    envelope: Envelope
    data: bytes
    message_id: str
    plain: bool = False


class Stage(StrEnum):
    """How far an SMTP transaction got. From DOT on the server may have accepted."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered, or that it did not: *code* 0 means a connection that was lost or timed out.

    *enhanced* is the status of RFC 3463 ("5.1.1") or "". *text* is one line, control characters removed.
    """

    stage: Stage
    code: int
    enhanced: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reply means for a delivery.

    *due* is when to try again, for deferred. *pause* is why the whole send must stop, or "".
    """

    state: DeliveryState
    reply: Reply
    due: datetime | None = None
    pause: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one message that came back says about one recipient.

    *kind* is hard, soft, block, complaint, unsubscribe, auto-reply or none. *recipient* is the address as it is
    reported, *original* the one that the returned letter names; *status* is of RFC 3463; *reason* one word; *text*
    the server's words. *message_id* is the returned letter's; *final* is
    False for a warning that a server still tries; *ours* are local parts that may be a delivery's own.
    """

    kind: str
    recipient: str = ""
    status: str = ""
    reason: str = ""
    text: str = ""
    original: str = ""
    message_id: str = ""
    final: bool = True
    ours: tuple[str, ...] = ()
