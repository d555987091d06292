"""The words for what stands in an issue, block by block. Part of `newsletter.model`, from which all are taken."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias


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

    @property
    def broad(self) -> bool:
        """Whether little could be seen of it beside words: more than three times as wide as high."""
        return self.width > 3 * self.height > 0


@dataclass(frozen=True, slots=True)
class Span:
    """Where a piece stands in its file: lines from *start* to before *end*, counted from 0."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every block has.

    *segment* "" means for everybody. *lang* is the language of a block that is in another one than the issue.
    *sponsor* is who paid for it, which readers are told.
    """

    src: str = ""
    pin: bool = False
    segment: str = ""
    lang: str = ""
    sponsor: str = ""
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
class Gallery(Common):
    """Several pictures side by side, with an optional caption (Markdown) under them all."""

    pictures: tuple[Picture, ...]
    caption: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Common):
    """A question to readers, who answer by one click. *text* and *answers* are Markdown, *answers* a line each.

    *name* "" means its number among the questions of the issue.
    """

    text: str
    answers: tuple[str, ...]
    name: str = ""


Block: TypeAlias = (
    Lead | Story | Brief | Quote | Events | Cta | Image | Gallery | Prose | Divider | Toc | Credits | Question
)
Teaser: TypeAlias = Lead | Story | Brief
