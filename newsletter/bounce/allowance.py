"""Whether a server says that we have had all that we may send: so much in a time, or for what we paid."""

import re

_OURS = re.compile(
    r"(?:\b(?:hourly|daily|weekly|monthly|plan|sending|send|relay|credits?)\b|\b(?:per|this) (?:hour|day|month)\b)"
    r".{0,60}\b(?:limit|quota|allowance|credits?|exceeded|exhausted|used up|reached)\b"
    r"|\b(?:limit|quota|allowance|exceed\w*|exhausted|reached)\b.{0,60}"
    r"\b(?:(?:per|an|a|in) (?:hour|day|month)|sending)\b"
)

#: Whose limit it is else: that of a mailbox.
_THEIRS = re.compile(r"\bmailbox|\bstorage|\breceiv|\btrying to contact|\binbox|\brecipient'?s? (?:account|quota)")

#: A limit that names whose it is. Exchange gives it the status of a mailbox: that of who sends.
_SENDERS = re.compile(r"\bsender(?:'?s)? (?:\w{1,20} )?(?:quota|limit|allowance)\b|\bsubmission ?quota")


def used_up(said: str, number: str) -> bool:
    """Return whether *said*, in small letters, tells of a limit of ours; *number* is its status, or ""."""
    if _SENDERS.search(said):
        return True
    # A mailbox may have limits of its own (RFC 3463 section 3.3).
    return not number[1:].startswith(".2.") and bool(_OURS.search(said)) and not _THEIRS.search(said)
