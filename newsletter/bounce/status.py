"""What the numbers mean: statuses of RFC 3463 and its registry, and reply codes of RFC 5321 section 4.2."""

import re

#: Statuses that say why, by their last two numbers; they hold for 4 and 5 alike unless `TEMPORARY` says other.
#: Sources: RFC 3463 section 3, RFC 7372, RFC 7505, and IANA's registry of enhanced status codes.
DETAILS = {
    detail: reason
    for reason, details in {
        "userunknown": "1.1 1.3 1.4",
        "hostunknown": "1.2 4.4",
        "hasmoved": "1.6",
        "rejected": "1.7 1.8 7.27",
        "notaccept": "1.10",
        "suspended": "2.1 7.13",
        "mailboxfull": "2.2",
        "toobig": "2.3 3.4",
        "mailererror": "2.4",
        "systemfull": "3.1 4.5",
        "notaccepting": "3.2",
        "systemerror": "3.5 4.3",
        "expired": "4.1 4.2 4.7",
        "networkerror": "4.6",
        "syntax": "5.2 5.4",
        "toofast": "5.3 7.28",
        "security": "7.4 7.5 7.6 7.8",
        "content": "7.7",
        "authentication": "7.20 7.21 7.22 7.23 7.24 7.26 7.29 7.30",
        "reversedns": "7.25",
    }.items()
    for detail in details.split()
}

#: What else a temporary status means: a name that is not found now may be found tomorrow.
TEMPORARY = {
    "hostunknown": "networkerror",
    "userunknown": "undefined",
    "hasmoved": "undefined",
    "notaccept": "expired",
}

#: What a permanent reply means where nothing says more (RFC 5321 section 4.2.3).
CODES = {
    "421": "expired",
    "450": "expired",
    "452": "systemfull",
    "530": "security",
    "551": "hasmoved",
    "552": "mailboxfull",
    "556": "notaccept",
}

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(
    r"(?<![\w./=-])(?<!\d:)([245][0-5]\d)(?=[\s,\]-]|$)(?:[\s-]+#?([245]\.\d{1,2}\.\d{1,3})(?![\d.]))?"
)


def reason(status: str) -> str:
    """Return what a status says, or "" if it says nothing, such as 5.0.0."""
    kind, _, detail = status.partition(".")
    found = DETAILS.get(detail, "")
    if not found and detail.startswith("7.") and detail != "7.0":
        found = "policy"
    elif not found and detail.startswith("6."):
        found = "content"
    return TEMPORARY.get(found, found) if kind == "4" else found


def enhanced(text: str) -> str:
    """Return the last status in *text* that is no success and says something, else the first, else ""."""
    found = [each for each in _ENHANCED.findall(text) if each[0] != "2"]
    telling = [each for each in found if reason(each)]
    return str((telling or found or [""])[-1 if telling else 0])


def reply(text: str) -> tuple[str, str]:
    """Return the reply code of the refusal in *text*, and the status that follows it; each is "" if not there."""
    for code, status in _REPLY.findall(text):
        if code[0] != "2":
            return code, status
    return "", ""
