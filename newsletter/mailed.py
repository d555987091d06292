"""The words for what is mailed, and for what comes back. Part of `newsletter.model`, from which all are taken.

What there is for each reader of a send is a tuple: it is made in a quarter of a frozen dataclass's time.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from subscribers.model import DeliveryState


@dataclass(frozen=True, slots=True)
class Token:
    """A personal field inside a Rendered: *mark* stands in the text where *name*'s value goes.

    *name* is ``name``, ``email``, ``language``, an attribute, or one of ``unsubscribe_url``,
    ``preferences_url``, ``answer_url``. *fallback* None means that there is none.

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
class Entry:
    """An event for a reader's own calendar.

    *start* and *end* are days (``2025-06-10``) or moments in UTC (``2025-06-10T16:00:00Z``). *end* is the last day
    of several, or "" where nobody told it.
    """

    start: str
    end: str
    title: str
    place: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to readers as its letter asks it: plain *words* and *answers*, in which marks may stand.

    *name* stands in its links. *lang* is its language, "" for the letter's own.
    """

    name: str
    words: str
    answers: tuple[str, ...]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML and text of an issue in one variant, not yet personal.

    *segments* are the block segments that this variant's readers are in. *notes* are what the steps of
    rendering found worth telling (``id: message``). *enclosed* are the pictures that do not lie on the web.
    *written* is set if the reader's *language* has no twin. *arm* is "b" for the other subject of a comparison.
    *calendar* are the events that everybody reads of, as the letter's links count them, from 1. *questions* are
    those that this variant's readers can answer.
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
    calendar: tuple[Entry, ...] = ()
    questions: tuple[Asked, ...] = ()

    @property
    def variant(self) -> str:
        """Name this variant: the reader's language, then its segments, then ``@b`` for the other subject."""
        return "+".join((self.language, *sorted(self.segments))) + (f"@{self.arm}" if self.arm else "")

    @property
    def tongue(self) -> str:
        """The language that the issue is written in; where a twin is missing, not the reader's own."""
        return self.written or self.language


class Envelope(NamedTuple):
    """Who it is from and for, as SMTP says it (RFC 5321 section 3.3)."""

    sender: str
    recipient: str


class Message(NamedTuple):
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


class Reply(NamedTuple):
    """What a server answered, or that it did not: *code* 0 means a connection that was lost or timed out.

    *enhanced* is the status of RFC 3463 ("5.1.1") or "". *text* is one line, control characters removed.
    """

    stage: Stage
    code: int
    enhanced: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """It as one line for people, to stand within a sentence."""
        if self.code == 0:
            return self.text or "the connection was lost"
        return " ".join(filter(None, (str(self.code), self.enhanced, self.text.removesuffix("."))))


class Outcome(NamedTuple):
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
    reported; *status* is of RFC 3463; *reason* one word; *text* the server's words. *message_id* is the returned
    letter's; *final* is False for a warning that a server still tries; *ours* are local parts that may be a
    delivery's own. *event* is the name that a service gives what it reports, "" if it gives none.
    """

    kind: str
    recipient: str = ""
    status: str = ""
    reason: str = ""
    text: str = ""
    message_id: str = ""
    final: bool = True
    ours: tuple[str, ...] = ()
    event: str = ""
