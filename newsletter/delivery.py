"""Decide what a server's reply means for a delivery, and when to try again. Sends nothing.

Source: RFC 5321 section 4.2 (replies), RFC 3463 (enhanced status codes).
"""

import re
from datetime import datetime, timedelta

from newsletter.bounce.allowance import used_up
from newsletter.bounce.phrase import plain, telling
from newsletter.bounce.verdict import BLOCK, HARD, Evidence, Verdict, judge
from newsletter.model import Outcome, Reply, Stage
from subscribers.model import DeliveryState

#: How long to wait after each failed attempt. Short at first, because greylisting and a busy server pass soon
#: (RFC 5321 section 4.5.4.1 asks for 30 minutes in general, and for two tries in the first hour); about two and a
#: half days in all, because a monthly letter that comes later is no news.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960, 960, 960))

#: So many seconds at most are added by luck.
SPREAD = 60

#: Codes that are about us whatever they answer: what we say is not understood, or we should have logged in first.
OUR_CODES = frozenset({500, 502, 503, 504, 530, 535, 538})

#: Causes that are about us or the whole message, not about one reader: a sender that is not wanted, every matter
#: of policy or security, a talk that it does not follow, a limit of ours that is used up, a message too big.
OURS = BLOCK | {"syntax", "toofast", "toobig"}

#: How a server says that the trouble is its own, and no matter of whom it heard of last.
TROUBLE = re.compile(
    r"\bdisk (?:is )?(?:full|space|error)|\bspool\b|queue file|system storage|system resources|space shortage"
    r"|mail system is full|\blocal (?:error|problem)|\binternal (?:server )?error|server configuration"
)

#: How a server says that it counts what comes from us, whomever it is for.
FROM_US = re.compile(r"\btoo (?:many|much) [a-z ]{1,40}\bfrom\b|\b(?:sender|client) rate\b")

#: How a server says that it is the pace that it minds, whatever else it says of us.
TOO_FAST = re.compile(
    r"\brate[- ]limit|\blimit(?:s|ed|ing)? (?:the |your |our )?(?:sending |message )?rate\b|\bthrottl"
    r"|\bun(?:usual|expected) (?:rate|volume)|\bsending rate\b|\bslow(?:ing)? down\b"
)

#: How Exchange says that the account which sends is at fault, as its mailbox is full: what was sent is kept there.
#: A reader's is `STOREDRV.Deliver`.
SUBMITTING = re.compile(r"storedrv\.(?:submission|clientsubmit)", re.IGNORECASE)

#: How a server says that who logged in may not send by our envelope sender. Postfix, Exchange, GMX, iCloud, Zoho.
OTHERS_SENDER = re.compile(
    r"\bnot owned by\b|\bsend ?as\b|\bsender(?: address)?(?: is)? not (?:allowed|permitted)\b"
    r"|\bone of your addresses\b"
)

#: Of these, what a server that heard no more than an address can only mean of that: its letters, or its own limit.
ABOUT_RCPT = frozenset({"content", "syntax", "toobig"})

#: Causes that ask nobody to go more slowly: they pass by themselves, or never.
PATIENT = frozenset({"greylisted", "mailboxfull", "userunknown", "hostunknown", "relay"})

#: What a bounce would say of where a reply was given: the words of `newsletter.bounce.verdict`.
ANSWERED = {Stage.CONNECT: "refused to talk to me", Stage.MAIL: "in reply to MAIL FROM", Stage.RCPT: "RCPT TO:<"}


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
    """Return why a refusal is about us and not about the reader, or "".

    One that we may send nothing through is, even if it is said to pass: Postfix has 454 for it.
    """
    if _passes(reply) and reply.stage is not Stage.CONNECT and _judged(reply).reason == "relay":
        return _refusal(reply)
    if not 500 <= reply.code < 600 or _crowded(reply):
        return ""
    if reply.stage in (Stage.CONNECT, Stage.MAIL) or reply.code in OUR_CODES or _limited(reply) or _ours(reply):
        return _refusal(reply)
    return ""


def _refusal(reply: Reply) -> str:
    """Return that a server refuses us, and what may help where it minds whom mail comes back to."""
    what = f"the server refuses what we send: {reply.words}"
    if OTHERS_SENDER.search(reply.words.lower()):
        what += "; an account that may send as itself only needs its address as sender in [[smtp]]"
    return what


def _ours(reply: Reply) -> bool:
    if SUBMITTING.search(reply.text):
        return True
    found = _judged(reply)
    if found.status.startswith("5.7."):
        # Policy and security (RFC 3463 section 3.8), unless the words leave no doubt that nobody is there.
        return found.reason not in HARD
    if reply.stage is Stage.RCPT:
        vague = found.reason == "rejected" and not telling(plain(reply.text))
        if vague or found.reason in ABOUT_RCPT:
            return reply.enhanced == "5.3.4"
    # A mailbox may have limits of its own.
    return found.reason in OURS and not (found.reason == "toofast" and found.status.startswith("5.2."))


def _limited(reply: Reply) -> bool:
    return used_up(plain(reply.text), reply.enhanced)


def _judged(reply: Reply) -> Verdict:
    """Return why a message was not taken, as a bounce that tells of the same would be read."""
    around = ANSWERED.get(reply.stage, "in reply to end of data")
    return judge(Evidence(reply.words, lambda: around))


def _crowded(reply: Reply) -> bool:
    """Whether there were too many recipients: RFC 5321 section 4.5.3.1.10 counts that as passing."""
    return reply.stage is Stage.RCPT and (
        reply.enhanced == "5.5.3" or (reply.code == 552 and "recipients" in reply.text.lower())
    )


def slows_domain(reply: Reply) -> bool:
    """Whether a message was put off for its domain's sake: not for one address or mailbox (4.1, 4.2)."""
    if not _passes(reply) or slows_route(reply) or _ones(reply):
        return False
    return _judged(reply).reason not in PATIENT


def slows_route(reply: Reply) -> bool:
    """Whether a message was put off for the sake of the server that takes our mail: before it heard for whom,
    for itself (4.3, or words such as a full disk), or for a limit of ours, told when it has the whole message.
    """
    if not _passes(reply):
        return False
    if reply.stage in (Stage.CONNECT, Stage.MAIL) or reply.enhanced.startswith("4.3."):
        return True
    if _ones(reply):
        return False
    said = plain(reply.text)
    if _limited(reply) or TROUBLE.search(said) or FROM_US.search(said):
        return True
    return reply.stage is not Stage.RCPT and telling(said) == "toofast"


def names_pace(reply: Reply) -> bool:
    """Whether a reply says that we are too fast, or have had enough: in words, or as the server leaves (421)."""
    if not _passes(reply) or reply.code == 421:
        return reply.code == 421
    said = plain(reply.text)
    return (
        _judged(reply).reason == "toofast"
        or _limited(reply)
        or any(words.search(said) for words in (FROM_US, TOO_FAST))
    )


def _ones(reply: Reply) -> bool:
    """Whether a status is about one address or mailbox (RFC 3463 section 3.2, 3.3); 4.1.0 says no more of it."""
    return reply.enhanced != "4.1.0" and reply.enhanced.startswith(("4.1.", "4.2."))


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
