"""From what a report says about one recipient to one reason, and from the reason to what it means for us."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.bounce import phrase, status
from newsletter.bounce.absence import CERTAIN, PLAIN
from newsletter.bounce.allowance import used_up

#: How much is looked at of what a server said, in characters.
SAID = 1_000

#: How much of a notice is looked at, in characters.
AROUND = 4_000

#: Our own fault: it touches no subscriber, it alarms.
BLOCK = frozenset(
    (
        *("authentication", "blocklist", "content", "limit", "policy", "rejected", "relay"),
        *("reputation", "reversedns", "security", "spam", "virus"),
    )
)
#: The address is bad for good.
HARD = frozenset(("hasmoved", "hostunknown", "notaccept", "userunknown"))

_AFTER_DATA = re.compile(
    r"in reply to (?:end of )?data|after (?:end of )?data|end of data|final data|\bdata command|for text command"
    r"|after sending message body|response to data|smtp command data|>>> data <<< 5|\[data\]"
    r"|failed on data command|failed after i sent the message"
)
_AT_RCPT = re.compile(
    r"\brcpt[ _]?to ?:? ?<|\brcpt[ _]to\b(?! ?:)|\b(?:for|at|after) rcpt|\brcpt command|smtp:rcpt"
    r"|does not like recipient"
    # Gmail's own number for it, at the end of what it passes on.
    r"|\(state 14\)"
)
#: RCPT and DATA went out together (RFC 2920), and the refusal after DATA in Sendmail's transcript is that of RCPT:
#: DATA has one of its own, that nobody is left to write to.
_TOGETHER = re.compile(r">>> data <<< 5(?:(?!>>>).){0,1000}<<< 5\d\d [^<]{0,40}(?:\brcpt\b|valid recipients)")
#: What was refused before a recipient was named is about whoever connected or wrote (RFC 5321 section 3.3).
_BEFORE_RCPT = re.compile(
    r"in reply to (?:mail from|ehlo|helo|starttls|auth)|after (?:mail from|ehlo|helo|starttls|initial connection)"
    r"|refused to talk to me|mail from command|(?:ehlo|helo) command|\[mail_from\]|\[connect\]|smtp:mail"
    r"|but (?:sender|my name) was rejected|but greeting failed"
)
#: A reply that names the recipient first, as servers write at RCPT.
_NAMING = re.compile(
    r"[245]\d\d[ -](?:[245]\.\d\.\d{1,2} )?(?:<[^<>\s]{3,320}>:|[^<>\s@]{1,64}@[^<>\s@]{1,255}) \w"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one failure: *said*, the server's own words, and what the notice says besides (*around*).

    *status* and *action* are the report's fields, "" where it has none. *own* is the reason of the program that
    delivers to the mailbox itself, which it knows best. *data* says that the letter itself had been handed over
    when the address was refused.
    """

    said: str = ""
    around: Callable[[], str] = str
    status: str = ""
    action: str = ""
    own: str = ""
    data: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """*kind* is hard, soft, block or none; *reason* one word; *status* that of RFC 3463, or ""."""

    kind: str
    reason: str
    status: str


def judge(evidence: Evidence) -> Verdict:
    """Return what the evidence amounts to."""
    if evidence.action in ("delivered", "relayed", "expanded"):
        return Verdict("none", evidence.action, evidence.status)
    said = phrase.plain(evidence.said[:SAID])
    code, beside = status.reply(evidence.said)
    told = status.enhanced(evidence.said) or beside
    number = told if _tells(told) else evidence.status or told
    reason = _reason(said, number)
    if not reason and (around := evidence.around()):
        code = code or status.reply(around)[0]
        besides = status.enhanced(around)
        said = phrase.plain(around[:AROUND])
        reason = _reason(said, besides or number)
        number = number if _tells(number) or not besides else besides
    if not reason and number.endswith(".7.0"):
        # A matter of security or policy that no other number fits (RFC 3463 section 3.8).
        reason = "policy"
    elif not reason:
        reason = status.CODES.get(code, "expired" if (number or code)[:1] == "4" else "undefined")
    reason = _tempered(reason, said, code, number, evidence)
    return Verdict(kind(reason), reason, number or _made(code, evidence.action))


def _tells(number: str) -> bool:
    """Return whether a status says more than that something failed."""
    return number[1:] not in ("", ".0.0", ".5.0")


def kind(reason: str) -> str:
    """Return hard, soft or block for a reason."""
    return "hard" if reason in HARD else "block" if reason in BLOCK else "soft"


def _reason(said: str, number: str) -> str:
    """Weigh words against the status: words that mean one thing win, vague ones do not."""
    if used_up(said, number):
        return "limit"
    words = phrase.reason(said) if said else ""
    numbers = status.reason(number)
    if number.endswith(".1.0") and "address rejected" in said:
        return "userunknown"
    if not words or not numbers or words == numbers:
        return words or numbers
    if words in HARD and numbers in _NOT_THEIRS and not (_by_table(said, number) or _certain(said)):
        # Whoever names a policy of theirs may say anything besides.
        return "filtered" if numbers == "policy" else numbers
    if numbers == "hostunknown" and words in ("networkerror", "expired"):
        return words
    if numbers in HARD and words in _VAGUE and not phrase.telling(said):
        return numbers
    if words in ("expired", "filtered") and numbers in BLOCK and number[0] == "5" and not phrase.telling(said):
        return numbers
    if words == "userunknown" and numbers in ("suspended", "mailboxfull") and not _gone(said, number):
        return numbers
    return words


def _by_table(said: str, number: str) -> bool:
    """Return whether an operator's own table may say that somebody is gone.

    Postfix and Sendmail give the status of refused senders to whatever stands there (access(5), "REJECT").
    """
    unnamed = said.replace("(@) ", "")
    plainly = any(each in said or each in unnamed for each in PLAIN)
    return number == "5.7.1" and plainly and phrase.absent(said, firmly=True) == "userunknown"


def _certain(said: str) -> bool:
    """Return whether a server says it that knows its people."""
    return any(each in said for each in CERTAIN)


def _gone(said: str, number: str) -> bool:
    """Return whether a status for a mailbox that is switched off stands beside words that somebody is gone."""
    return number == "5.2.1" and bool(phrase.telling(said) or phrase.absent(said, firmly=True))


#: What a status says that is about us or about the letter, so that no word beside it removes anybody.
_NOT_THEIRS = BLOCK | {"syntax", "toobig", "toofast"}
#: What is said of whoever was named: of us, if nobody was.
_SOMEBODYS = frozenset(("filtered", "mailboxfull", "suspended", "undefined"))
#: Reasons that a sentence seems to give although it says something else.
_VAGUE = frozenset(("content", "filtered", "onhold", "policy", "rejected", "security", "syntax", "systemerror"))


def _tempered(reason: str, said: str, code: str, number: str, evidence: Evidence) -> str:
    """Take a hard reason back where the rest speaks against it: nobody is removed on a doubt."""
    if reason == "hostunknown" and code[:1] == "5" and _refused_letter(evidence):
        # Whoever answers takes mail for the reader's domain: it is ours that they do not find.
        return "rejected"
    if reason in _SOMEBODYS and code[:1] == "5":
        return "rejected" if _unnamed(evidence) else reason
    if reason not in HARD:
        return reason
    if evidence.own and (own := phrase.reason(phrase.plain(evidence.own))) not in HARD:
        return own or "filtered"
    if reason == "userunknown" and _certain(said) and evidence.action != "delayed":
        return reason
    if evidence.action == "delayed" or _for_now(code, number):
        return "networkerror" if reason == "hostunknown" else "expired"
    if not code:
        return reason
    if _unnamed(evidence):
        return "rejected"
    if (status.reason(number) in HARD and number[0] == "5") or number.endswith(".1.0"):
        return reason
    known = not evidence.data and _at_recipient(_everything(evidence), evidence.status)
    if reason == "userunknown" and not known and (not status.reason(number) or number == "5.7.1"):
        return "filtered"
    return reason


def _refused_letter(evidence: Evidence) -> bool:
    """Return whether it is known that the letter itself was refused, and no recipient of it."""
    text = _everything(evidence)
    return bool(_AFTER_DATA.search(text)) and not _TOGETHER.search(text)


def _for_now(code: str, number: str) -> bool:
    """Return whether one of code and status says that it may pass, and the other one not that it does not."""
    classes = code[:1] + number[:1]
    return "4" in classes and "5" not in classes


def _unnamed(evidence: Evidence) -> bool:
    """Return whether the refusal is known to have come before anybody was named, so that it is about us."""
    text = _everything(evidence)
    return bool(_BEFORE_RCPT.search(text)) and not _AT_RCPT.search(text)


def _everything(evidence: Evidence) -> str:
    return " ".join(f"{evidence.said} {evidence.around()[:AROUND]}".lower().split())


def _at_recipient(text: str, told: str) -> bool:
    """Return whether the refusal is known to answer RCPT, and not the letter itself.

    A server that knows its people says so at RCPT, or by a status (RFC 5321 section 3.3). "User unknown" with
    neither is what filters say, too, of a letter that they do not like. *told* is the status of a report, if any.
    """
    if _AFTER_DATA.search(text):
        return bool(_TOGETHER.search(text))
    return bool(_AT_RCPT.search(text) or (told and _NAMING.search(text)))


def _made(code: str, action: str) -> str:
    """Return the status that a code alone amounts to, such as 5.0.0."""
    if code:
        return f"{code[0]}.0.0"
    return {"failed": "5.0.0", "delayed": "4.0.0"}.get(action, "")
