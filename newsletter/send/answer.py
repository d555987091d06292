"""Read the lines of an SMTP server's reply, bounded. Holds no connection.

Source: RFC 5321 section 4.2 (replies), RFC 3463 (enhanced status codes).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from newsletter.model import Reply

#: RFC 5321 section 4.5.3.1.5 allows 512 bytes a line; real servers write more, hostile ones without end.
LONGEST_LINE = 8192

#: Lines in a reply at most. The longest real one is an EHLO with some twenty extensions.
MOST_LINES = 100

#: How many of a reply's characters are kept.
KEPT = 500

_LINE = re.compile(rb"([2-5][0-9]{2})([ -])?([^\r\n]*)\r*")
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


class Answer(NamedTuple):
    """One complete reply. *text* is one line of printable characters, without the enhanced status."""

    code: int
    enhanced: str
    text: str

    @classmethod
    def of(cls, lines: Sequence[bytes]) -> "Answer":
        """Return the reply that *lines* make; each was found by `reply_line`."""
        texts = [line[4:].decode("utf-8", "replace").strip() for line in lines]
        enhanced = _ENHANCED.match(texts[0])
        if enhanced:
            texts = [text.removeprefix(enhanced[1]).lstrip() for text in texts]
        return cls(int(lines[0][:3]), enhanced[1] if enhanced else "", printable(" ".join(texts)))


def reply_line(line: bytes) -> re.Match[bytes] | None:
    """Return code, separator and text of a line without its LF, or None if it is no SMTP."""
    return _LINE.fullmatch(line) if len(line) <= LONGEST_LINE else None


# A server says the same three lines for every message but the last one.
@lru_cache(maxsize=256)
def answer_of(line: bytes) -> Answer | None:
    """Return the reply that is one *line*, or None if it is no SMTP or goes on."""
    found = reply_line(line) if len(line) <= KEPT else None
    return Answer.of([line]) if found and found[2] != b"-" else None


def printable(text: str) -> str:
    """Return the start of *text* as one line without control characters, fit for the ledger and a terminal."""
    kept = text[:KEPT].strip()
    return kept if kept.isprintable() else "".join(c if c.isprintable() else " " for c in kept).strip()


def unnamed(reply: Reply, address: str) -> Reply:
    """Return *reply* without *address*: servers like to repeat it, and what they say may come into a log."""
    return reply._replace(text=re.sub(re.escape(address), "…", reply.text, flags=re.IGNORECASE))
