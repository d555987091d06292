"""Know the tables that other programs export, by their headers. `claims` knows what any table says.

Sources: the header rows that these programs write. listmonk: cmd/subscribers.go (ExportSubscribers). Mailchimp:
the files subscribed, unsubscribed and cleaned of an audience export. Ghost: the members export. Keila: the
contacts export. Substack: the file of addresses in an export. Google Groups: the members of a group.
The Newsletter Plugin: its export for WordPress.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from subscribers.status import Standing
from subscribers.table import claims


@dataclass(frozen=True, slots=True)
class Program:
    """An export of one program. Columns are named as `heading.plain` writes them: lower case, single spaces.

    A table with all of *header* is its. *fields* say what a column holds, "" leaves it out, as ``--map`` does.
    *document* is a column of JSON with attributes. *joined* are columns with the moment somebody came, best first,
    and *evidence* those that prove consent, with words for each. A value in one of *marks* means that standing.
    *words* are what the program's own words in a column mean; another one there is PENDING.
    *own* is the column of our own export that holds statuses by list.
    """

    name: str
    header: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    document: str = ""
    joined: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    marks: tuple[tuple[str, Standing], ...] = ()
    words: tuple[tuple[str, Mapping[str, Standing]], ...] = ()
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
        frozenset({"leid", "euid"}),
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
        "Substack",
        frozenset({"email", "active subscription", "email disabled", "created at"}),
        # Theirs are subscriptions that somebody pays for; a letter goes to the others too.
        {"active subscription": "active subscription", "created at": ""},
        joined=("created at",),
    ),
    Program(
        "Keila",
        frozenset({"email", "first name", "last name", "data", "status"}),
        dict.fromkeys(("data", "status", "external id"), ""),
        document="data",
    ),
    Program(
        "Google Groups",
        frozenset({"email address", "nickname", "group status", "email status", "email preference"}),
        {
            "nickname": "name",
            **dict.fromkeys(("group status", "email preference", "posting permissions", "time zone"), ""),
            **{f"join {part}": "" for part in ("year", "month", "day", "hour", "minute", "second")},
        },
        # Who wants no mail of the group reads it on the web.
        words=(
            ("email preference", dict.fromkeys(("email", "digest", "abridged"), Standing.CONFIRMED)),
            (
                "group status",
                {
                    **dict.fromkeys(("member", "manager", "owner"), Standing.CONFIRMED),
                    "banned": Standing.UNSUBSCRIBED,
                },
            ),
        ),
    ),
    Program(
        "The Newsletter Plugin",
        frozenset({"email", "name", "surname", "status", "date", "token"}),
        {"surname": "last_name", **dict.fromkeys(("status", "date"), "")},
        joined=("date",),
        words=(
            (
                "status",
                {"c": Standing.CONFIRMED, "u": Standing.UNSUBSCRIBED, **dict.fromkeys("bp", Standing.SUPPRESSED)},
            ),
        ),
    ),
)

#: What Mailchimp calls the files of those who are not subscribed; nothing in the first two says so, and editors
#: rename them.
_FILES = re.compile(r".*\b(non ?subscribed|archived)\b.*|(unsubscribed|cleaned) .*export.*")


def recognize(columns: Iterable[str]) -> Program | None:
    """Return the program whose export has these columns, or None."""
    have = frozenset(columns)
    return next((program for program in PROGRAMS if program.header <= have), None)


def by_list(cell: str) -> dict[str, str]:
    """Return the statuses by list in a cell of our own export: ``monthly: confirmed; weekly: unsubscribed``."""
    parts = (part.partition(": ") for part in cell.split(";"))
    return {slug.strip(): status.strip() for slug, sign, status in parts if sign}


def of_file(name: str) -> Standing:
    """Return what Mailchimp's name of a file says of everybody in it; *name* in small, plain words."""
    found = _FILES.fullmatch(name)
    return claims.standing(found[1] or found[2]) if found else Standing.NOTHING
