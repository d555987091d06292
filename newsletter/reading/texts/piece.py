"""The kinds of paragraphs on a plain-text page. Values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a paragraph is. An edge is furniture that was dropped; others is the line above other articles."""

    HEADING = "heading"
    PROSE = "prose"
    GREETING = "greeting"
    SIGNATURE = "signature"
    POINT = "point"
    QUOTE = "quote"
    CTA = "cta"
    LINK = "link"
    DATE = "date"
    AUTHOR = "author"
    TAGS = "tags"
    EDGE = "edge"
    OTHERS = "others"


TOLD = frozenset({Kind.PROSE, Kind.GREETING, Kind.SIGNATURE, Kind.POINT, Kind.QUOTE, Kind.CTA})


#: The label of a date whose words say what it is: ``Published 12 May 2025``.
NAMED = "named"


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph and what it is. *by*, *label* and *href* are those of quotes, points and calls to action."""

    kind: Kind
    text: str = ""
    by: str = ""
    label: str = ""
    href: str = ""
    at: datetime | None = None
    changed: bool = False
    tags: tuple[str, ...] = ()
    unclosed: bool = False

    @property
    def told(self) -> bool:
        """Whether it is something that a reader would miss."""
        return self.kind in TOLD
