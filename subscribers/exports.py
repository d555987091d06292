"""Know the tables that other programs export: by their headers, and what their columns and statuses say.

Sources: the header rows that these programs write. listmonk: cmd/subscribers.go (ExportSubscribers). Mailchimp:
the files subscribed, unsubscribed and cleaned of an audience export. Ghost: the members export. Keila: the
contacts export.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from subscribers.status import Standing


@dataclass(frozen=True, slots=True)
class Program:
    """An export of one program. Columns are named as `columns.plain` writes them: lower case, single spaces.

    A table with all of *header* is its. *fields* say what a column holds, "" leaves it out, as ``--map`` does.
    *document* is a column of JSON with attributes. *joined* are columns with the moment somebody came, best first,
    and *evidence* those that prove consent, with words for each. A value in one of *marks* means that standing.
    *own* is the column of our own export that holds statuses by list.
    """

    name: str
    header: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    document: str = ""
    joined: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    marks: tuple[tuple[str, Standing], ...] = ()
    own: str = ""


_MAILCHIMP_OUT = (
    *("member rating", "optin time", "optin ip", "confirm time", "confirm ip", "latitude", "longitude", "gmtoff"),
    *("dstoff", "timezone", "cc", "region", "last changed", "leid", "euid", "unsub time", "unsub campaign title"),
    *("unsub campaign id", "unsub reason", "unsub reason other", "clean time", "clean campaign title"),
    "clean campaign id",
)

#: The more exact header first.
PROGRAMS = (
    Program(
        "newsletter",
        frozenset({"email", "name", "language", "topics", "subscriptions", "joined"}),
        {"subscriptions": "", "joined": ""},
        joined=("joined",),
        evidence=(("joined", "subscribed there since"),),
        own="subscriptions",
    ),
    Program(
        "listmonk",
        frozenset({"uuid", "email", "name", "attributes", "status", "created at", "updated at"}),
        dict.fromkeys(("uuid", "attributes", "status", "created at", "updated at"), ""),
        document="attributes",
        joined=("created at",),
    ),
    Program(
        "Mailchimp",
        frozenset({"email address", "leid", "euid"}),
        {**dict.fromkeys(_MAILCHIMP_OUT, ""), "tags": "topics"},
        joined=("optin time", "confirm time"),
        evidence=(("optin time", "signed up there on"), ("confirm time", "confirmed there on")),
        marks=(("unsub time", Standing.UNSUBSCRIBED), ("clean time", Standing.SUPPRESSED)),
    ),
    Program(
        "Ghost",
        frozenset({"email", "name", "note", "subscribed to emails", "created at"}),
        {
            **dict.fromkeys(("id", "subscribed to emails", "complimentary plan", "stripe customer id"), ""),
            **dict.fromkeys(("created at", "deleted at", "gift id"), ""),
            "labels": "topics",
        },
        joined=("created at",),
        evidence=(("created at", "signed up there on"),),
        marks=(("deleted at", Standing.UNSUBSCRIBED),),
    ),
    Program(
        "Keila",
        frozenset({"email", "first name", "last name", "data", "status"}),
        dict.fromkeys(("data", "status", "external id"), ""),
        document="data",
    ),
)

#: Columns in which programs say who is still subscribed.
STATUSES = frozenset({
    *("status", "subscription status", "email status", "email marketing status", "subscribed", "prenumererar"),
    *("subscribed to emails", "accepts marketing", "accepts email marketing", "email marketing consent"),
})  # fmt: skip

#: Columns in which programs say who left, or must not be written to, by a yes or a date, and what that means.
LEAVING = {
    **dict.fromkeys(
        (
            *("unsubscribed", "unsubscribe", "unsubscribed at", "unsubscribed on", "unsubscribe date", "opt out"),
            *("unsubscribed from all email", "opted out", "opt out date", "email opt out", "email disabled"),
            *("has opted out of email", "do not email", "donotemail", "email blacklisted", "avregistrerad"),
            *("avanmäld", "avslutad", "avprenumererad", "avböjt"),
        ),
        Standing.UNSUBSCRIBED,
    ),
    **dict.fromkeys(("blocklisted", "blacklisted", "bounced", "hard bounced", "spärrad"), Standing.SUPPRESSED),
}
#: A question in a form: a no to it is one, whatever consent the import names.
ASKED = re.compile(r"\b(?:samtyck\w*|consent\w*|gdpr)\b")

#: What they say there. A word that is not here says nothing: it may be about something else.
_WORDS = {
    **dict.fromkeys(
        ("subscribed", "enabled", "active", "confirmed", "opted in", "yes", "true", "1", "ja", "sant", "aktiv"),
        Standing.CONFIRMED,
    ),
    **dict.fromkeys(("unconfirmed", "pending", "väntar"), Standing.PENDING),
    **dict.fromkeys(
        (
            *("unsubscribed", "unsubscribe", "opted out", "disabled", "deleted", "not subscribed", "no", "false"),
            *("0", "nej", "falskt", "avregistrerad", "avslutad", "avanmäld", "nonsubscribed", "archived"),
        ),
        Standing.UNSUBSCRIBED,
    ),
    **dict.fromkeys(
        (
            *("blocklisted", "blacklisted", "blocked", "bounced", "hard bounced", "cleaned", "complained"),
            *("marked as spam", "unreachable", "suppressed"),
        ),
        Standing.SUPPRESSED,
    ),
}


#: No, in a column of LEAVING: nothing happened.
_NO = frozenset({"no", "false", "0", "nej", "falskt"})


def recognize(columns: Iterable[str]) -> Program | None:
    """Return the program whose export has these columns, or None."""
    have = frozenset(columns)
    return next((program for program in PROGRAMS if program.header <= have), None)


def tells(column: str) -> bool:
    """Whether a column says who is still subscribed, or who is not."""
    return column in STATUSES or column in LEAVING or bool(ASKED.search(column))


def standing(word: str, column: str = "status") -> Standing:
    """Return what a cell in a *column* that `tells` says; NOTHING for a word that is not known."""
    said = _WORDS.get(word, Standing.NOTHING)
    if column not in LEAVING:
        return said
    if said is Standing.CONFIRMED or (word[:1].isdigit() and word != "0"):
        return LEAVING[column]
    return Standing.NOTHING if word in _NO else said
