"""What a misbehaving SMTP server is told to do wrong, and what it remembers. Opens nothing."""

import ssl
from dataclasses import dataclass, field

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 50000000")


@dataclass
class Fault:
    """Misbehave at *stage*, *times* times, after *skip* times of behaving."""

    stage: str
    action: str
    times: int = 1
    skip: int = 0


@dataclass(frozen=True)
class Received:
    """A message that was accepted."""

    message_id: str
    sender: str
    recipient: str
    data: bytes
    tls: bool
    user: str


@dataclass
class Script:
    """What a server offers and does, and the log of what it heard and accepted: the oracle of every proof.

    What comes behind the end of a message before that is answered is turned down if *strict*, as Haraka does, and
    thrown away if *deaf*, as Courier does.
    *chunks* that are "unknown" are refused, "unread" ones read as commands besides, and "said" to be so and taken.
    *implicit* is TLS from the start, *starttls* offers it; *delay* is the seconds before each reply. More than
    *most* connections at once are turned away, if it is not 0; *open* are those that there are. After *each*
    messages by one connection it does what *enough* says to every further one: "452" as OpenSMTPD, or "enough",
    which is a 421, as Exim, and both stay.
    """

    faults: list[Fault] = field(default_factory=list)
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    starttls: bool = False
    strict: bool = False
    deaf: bool = False
    chunks: str = "known"
    users: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    most: int = 0
    each: int = 0
    enough: str = "452"
    port: int = 0
    accepted: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0

    def ids(self) -> list[str]:
        """Return the Message-IDs that were accepted, in order."""
        return [received.message_id for received in self.accepted]

    def recipients(self) -> list[str]:
        """Return who got something, in order."""
        return [received.recipient for received in self.accepted]

    def fault(self, stage: str) -> str:
        """Return what to do wrong at *stage* now, or ""."""
        for fault in self.faults:
            if fault.stage == stage and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault.action
        return ""
