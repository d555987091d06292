"""How long to wait for a server at each stage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds: RFC 5321 section 4.5.3.2, but a minute to connect and log in.

    *behind* is for MAIL in one write with the end of the message before it, once that is answered: a server may
    have thrown it away, and it costs nothing to ask again.
    """

    connect: float = 60.0
    mail: float = 300.0
    behind: float = 10.0
    rcpt: float = 300.0
    data: float = 120.0
    body: float = 180.0
    dot: float = 600.0
    quit: float = 3.0
