"""What the numbers mean: statuses of RFC 3463 and its registry, and reply codes of RFC 5321 section 4.2."""

import re

#: Statuses that say why, by their last two numbers; they hold for 4 and 5 alike unless `TEMPORARY` says other.
#: Sources: RFC 3463 section 3, RFC 7372, RFC 7505, and IANA's registry of enhanced status codes.
DETAILS = {
    "1.1": "userunknown",
    "1.2": "hostunknown",
    "1.3": "userunknown",
    "1.4": "userunknown",
    "1.6": "hasmoved",
    "1.7": "rejected",
    "1.8": "rejected",
    "1.10": "notaccept",
    "2.0": "",
    "2.1": "suspended",
    "2.2": "mailboxfull",
    "2.3": "toobig",
    "2.4": "mailererror",
    "3.1": "systemfull",
    "3.2": "notaccepting",
    "3.4": "toobig",
    "3.5": "systemerror",
    "4.1": "expired",
    "4.2": "expired",
    "4.3": "systemerror",
    "4.4": "hostunknown",
    "4.5": "systemfull",
    "4.6": "networkerror",
    "4.7": "expired",
    "5.2": "syntax",
    "5.3": "toofast",
    "5.4": "syntax",
    "6.1": "content",
    "6.2": "content",
    "6.3": "content",
    "7.1": "policy",
    "7.2": "policy",
    "7.4": "security",
    "7.5": "security",
    "7.6": "security",
    "7.7": "content",
    "7.8": "security",
    "7.9": "policy",
    "7.13": "suspended",
    "7.20": "authentication",
    "7.21": "authentication",
    "7.22": "authentication",
    "7.23": "authentication",
    "7.24": "authentication",
    "7.25": "reversedns",
    "7.26": "authentication",
    "7.27": "rejected",
    "7.28": "toofast",
    "7.29": "authentication",
    "7.30": "authentication",
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
