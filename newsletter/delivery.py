"""Decide what a server's reply means for a delivery, and when to try again. Sends nothing.

Source: RFC 5321 section 4.2 (replies), RFC 3463 (enhanced status codes).
"""

import re
from datetime import datetime, timedelta

from newsletter.model import Outcome, Reply, Stage
from subscribers.model import DeliveryState

#: How long to wait after each failed attempt. Short at first, because greylisting and a busy server pass soon
#: (RFC 5321 section 4.5.4.1 asks for 30 minutes in general, and for two tries in the first hour); about two and a
#: half days in all, because a monthly letter that comes later is no news.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960, 960, 960))

#: So many seconds at most are added by luck.
SPREAD = 60

#: Statuses that are about us or the whole message, not about one reader: a sender that is not wanted, a message
#: too big for the server, a conversation that it does not follow, and every matter of policy or security.
OURS = re.compile(r"5\.7\.\d+|5\.3\.4|5\.1\.[78]|5\.5\.\d+")

#: Codes that are about us whatever they answer: what we say is not understood, or we should have logged in first.
OUR_CODES = frozenset({500, 502, 503, 504, 530, 535, 538})

#: Words of a refusal without a status that are about us.
OUR_WORDS = re.compile(r"\brelay|\bspam\b|black ?list|block ?list|not authenticated", re.IGNORECASE)


def outcome(reply: Reply, attempt: int, now: datetime, jitter: float) -> Outcome:
    """Return what *reply* to attempt number *attempt* (from 1) means. *jitter* in [0, 1) spreads the next try."""
    if 200 <= reply.code < 300 and reply.stage is Stage.DOT:
        return Outcome(DeliveryState.ACCEPTED, reply)
    if reply.code == 0 and reply.stage is Stage.DOT:
        return Outcome(DeliveryState.UNCERTAIN, reply)
    pause = objection(reply)
    if 500 <= reply.code < 600 and not pause and not _crowded(reply):
        return Outcome(DeliveryState.REFUSED, reply)
    due = retry_at(attempt, now, jitter)
    if due is None:
        return Outcome(DeliveryState.REFUSED, reply, pause=pause)
    return Outcome(DeliveryState.DEFERRED, reply, due, pause)


def objection(reply: Reply) -> str:
    """Return why a refusal is about us and not about the reader, or ""."""
    if not 500 <= reply.code < 600 or _crowded(reply):
        return ""
    if (
        reply.stage in (Stage.CONNECT, Stage.MAIL)
        or OURS.fullmatch(reply.enhanced)
        or reply.code in OUR_CODES
        or (not reply.enhanced and OUR_WORDS.search(reply.text))
    ):
        return f"the server refuses what we send: {words(reply)}"
    return ""


def _crowded(reply: Reply) -> bool:
    """Whether there were too many recipients: RFC 5321 section 4.5.3.1.10 counts that as passing."""
    return reply.stage is Stage.RCPT and (
        reply.enhanced == "5.5.3" or (reply.code == 552 and "recipients" in reply.text.lower())
    )


def slows_domain(reply: Reply) -> bool:
    """Whether the receiving domain asks to be sent to more slowly: not for one address or mailbox (4.1, 4.2)."""
    return _passes(reply) and not slows_route(reply) and not reply.enhanced.startswith(("4.1.", "4.2."))


def slows_route(reply: Reply) -> bool:
    """Whether the server that takes our mail asks for that: before it heard for whom, or for itself (4.3)."""
    return _passes(reply) and (reply.stage in (Stage.CONNECT, Stage.MAIL) or reply.enhanced.startswith("4.3."))


def _passes(reply: Reply) -> bool:
    return 400 <= reply.code < 500


def retry_at(attempt: int, now: datetime, jitter: float) -> datetime | None:
    """Return when to try again after failed attempt number *attempt*, or None to give up.

    *attempt* counts from 1. *jitter* in [0, 1) spreads the wait by up to 60 seconds,
    so that a restart does not wake every deferred delivery at once.
    """
    if attempt > len(WAITS):
        return None
    return now + WAITS[max(attempt, 1) - 1] + timedelta(seconds=SPREAD * jitter)


def words(reply: Reply) -> str:
    """Return a reply as one line for people."""
    if reply.code == 0:
        return reply.text or "the connection was lost"
    return " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)
