"""Know the tables that other programs export: by their headers, and what their columns and statuses say.

Sources: the header rows that these programs write. listmonk: cmd/subscribers.go (ExportSubscribers). Mailchimp:
the files subscribed, unsubscribed and cleaned of an audience export. Ghost: the members export. Keila: the
contacts export.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

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

#: Yes and no as spreadsheets and forms write them in the languages around us.
_YES = r"yes|ja|oui|sí|si|sim|kyllä|true|sant|wahr|vrai|verdadero|waar|tosi"
_NO = r"no|nej|nein|non|nei|nee|ei|não|nao|false|falskt|falsch|faux|falso|onwaar|epätosi"

#: Columns that are about other ways to reach somebody, or hold something about leaving in every row.
_ELSEWHERE = re.compile(
    r"\b(?:sms|mms|phone|telefon\w*|mobile?|calls?|whatsapp|fax|soft|urls?|link|länk|page|token|hash|key|id|ip"
    r"|count|rate|score|number|antal|track(?:ing|ed)?|spårning|cookies?|profiling|analytics)\b"
)

#: Columns in which programs say how a subscription stands.
_STATUS = re.compile(
    r"(?:.* )?(?:is )?subscribed(?: to (?:\w+ ){0,3}(?:e ?mails?|\w{0,12}letters?))?"
    r"|prenumererar|email campaigns|subscribed to emails|"
    r"(?:.* )?(?:e ?mails?|e post|list|global|subscri\w+|marketing|newsletter|nyhetsbrev\w*|prenumer\w*)"
    r" (?:.* )?(?:status|state|consent|permission)(?: (?:other|work|home|main))?"
    # As one word, and with the status first, as they stand in the languages around us.
    r"|(?:.* )?(?:prenumer|abonne|nyhetsbrev|newsletter|e ?mail|mail|mejl|e post|tilaus)\w{0,12} ?status"
    r"|(?:status|statut|estado|stato) (?:.* )?(?:prenumer|abonne|nyhetsbrev|newsletter|suscrip|iscri)\w{0,12}"
)
#: These may be about something else, such as where somebody lives: a word that is not known says nothing there.
_PERHAPS = re.compile(
    r"(?:(?:contact|member|user|person|profile|recipient|subscriber|kontakt|medlems?|användar) ?)?"
    r"(?:status|state|type)|statut|estado|stato|tila"
)
#: Of these, those that may say where somebody lives, or what somebody is.
_PLACES = ("state", "type", "estado", "stato")
#: When somebody subscribed, and not only when a record was made.
_SINCE = re.compile(
    r"joined|(?:subscribed|signed up|opted in)(?: (?:at|on|date|since|time))?"
    r"|(?:subscri(?:be|bed|ption)|sign ?up|opt ?in) (?:date|time|timestamp)|date (?:subscribed|joined)"
    r"|prenumer\w+ (?:sedan|från|datum)|anmäld(?: den)?|anmälningsdatum|anmeldedatum|date d? ?inscription"
)
#: When a record was made, which in an export of subscribers alone is when they came.
_MADE = re.compile(
    r"(?:date )?(?:created|added|registered)(?: (?:at|on|time|date))?"
    r"|(?:create|creation|registration|added) (?:date|time)|(?:skapad|registrerad|tillagd)(?: (?:den|datum))?"
)
#: A no in these says that nobody knows yet, or may mean something else.
_MILDLY = re.compile(
    r".*double ?opt ?in|optedin|(?:is |är )?(?:active|aktiv)(?: subscriber| prenumerant| abonnent)?"
    r"|(?:is )?(?:e ?mail )?(?:is )?(?:confirmed|verified|activated)"
    r"|(?:är )?(?:bekräftad|verifierad)|.*\bsubscriber\b.*\bconfirm(?:ed)?"
)
#: When somebody confirmed: who has nothing there, where others have a day, never did.
_PROVED = re.compile(
    r"(?:e ?mail )?(?:confirmed|verified|activated|opted in) (?:at|on)|(?:bekräftad|verifierad) (?:den|datum)"
)
#: Questions: a no there is one, whatever consent the import names.
_ASKED = re.compile(
    r"\b(?:samtyck\w*|samtykke\w*|einwilligung\w*|zustimmung\w*|toestemming|suostumus"
    r"|consent\w*|consens\w*|gdpr|godkänn\w*|opt(?:ed)? ?in|accepts(?: email)? marketing|optin)\b"
    r"|^(?:newsletter|nyhetsbrev\w*|nyhedsbrev\w*|nieuwsbrief|uutiskirje|infolettre|bolet[ií]n)$"
    r"|\b(?:vill|önskar|ønsker|möchte|souhaite\w*|wil|desea|haluaa|wants?|wish|like|receives?|får|agree)\b"
    r".*(?:letter|lettre|brev|utskick|mail|brief|kirje)"
)

#: What stands beside a question is none.
_BESIDE = re.compile(r"\b(?:time|timestamp|date|at|datum|tid|source|wording|version)\b")

#: How people leave, in the languages around us.
_LEFT = (
    r"unsub\w*|opt(?:ed|s)? ?outs?|avregist\w*|avanmäl\w*|avprenum\w*|avböj\w*|avsagt|avmeld\w*|afmeld\w*"
    r"|abgemeld\w*|abmeld\w*|abbestell\w*|d[ée]sabonn\w*|d[ée]sinscri\w*|dado de baja|cancelad[oa]s?|disiscri\w*"
    r"|uitgeschreven|afgemeld\w*|frameld\w*|peruttu|peruutettu"
)
#: Columns in which programs say who left, or must not be written to, by a yes, a date or a reason.
_LEAVING = re.compile(
    rf"\b(?:{_LEFT}|do ?not ?(?:allow )?(?:bulk )?(?:e ?mails?|mail|contact)|e ?mail (?:disabled|blacklisted)"
    r"|(?:ej|inga|inte) (?:utskick|mejl|mail|e post|nyhetsbrev\w*)|(?:is ?)?excluded\w*)\b"
    r"|^(?:(?:is )?(?:deleted|archived|removed|disabled|deactivated|cancell?ed)(?: at| on)?"
    r"|.*\bsubscriber disabled|left (?:at|on)|date left|avslutsdatum|avslutad den"
    r"|avbruten|avslutad\w*|borttagen|raderad|arkiverad"
    r"|avaktiverad|dnc)$"
)
_BARRED = re.compile(
    r"\b(?:blocklist\w*|blacklist\w*|hard ?bounce\w*|e ?mail bounced|suppress\w*|spam complaints?|complaints?"
    r"|complained|quarantined"
    r"|undeliverab\w*|spärrad|hårdstuds\w*|invalid e ?mail|(?:bounce|studs) ?(?:status|type|typ))\b"
    r"|^(?:(?:is|was|has|är|har) )?(?:bounced|blocked|blockerad|spam|junk|studsad|studsat|invalid|undeliverable)$"
)

#: What they say, the first that fits. A date says nothing of how somebody stands.
_SAID = (
    (
        re.compile(
            rf"(?:{_YES})(?: .*)?|1|[jy]|on|x|checked|(?:double |single )?opt(?:ed)? ?in|subscribed|subscriber"
            r"|enabled|premium|gifted|paid|free|complimentary"
            r"|active|confirmed|regular|explicit|express|implied|given|granted|valid|verified|deliverable"
            r"|marketing contact|aktiv|bekräftad|prenumererar|prenumerant|abonné\w*|abonnent|inscrite?"
            r"|inscrit[oa]"
            r"|suscrit[oa]|iscritt[oa]|ingeschreven|tilmeldt|påmeldt|tilannut|angemeldet|abonniert|bestätigt"
            r"|bekreftet|bekræftet|confirmée?|confirmad[oa]|confermat[oa]|acti[fv][oe]?|ativ[oa]|attiv[oa]|actief"
        ),
        Standing.CONFIRMED,
    ),
    (
        re.compile(
            r"(?:a?waiting|väntar på)(?: for)? (?:confirm|bekräft|opt ?in)\w*"
            r"|unconfirmed|unactivated|unverified|pending\b.*|validating|väntar|väntande|obekräftad"
            r"|unbestätigt|(?:nicht|non|no|niet|ikke|não|ei) (?:bestät|confirm|conferm|bevestig|bekr|vahvist)\w*"
            r"|en attente|pendiente|never\b.*|transactional|soft\b.*|non marketing\b.*"
            r"|not (?:confirmed|verified)|ej bekräftad"
        ),
        Standing.PENDING,
    ),
    (
        re.compile(
            rf"(?:{_NO})(?: \D.*)?|0|n|.*\b(?:samtycker|godkänner|vill|önskar) (?:inte|ej)\b.*"
            rf"|.*\b(?:do|does) not\b.*|.*\bdon t\b.*|(?:{_LEFT})\b.*|cancel.*|disabled|deleted|removed|unchecked"
            r"|revoked|withdrawn|declined|left|(?:not|non|ej) ?(?:subscri|prenum).*|archived|arkiverad|deactivated"
            r"|avslut.*|borttagen|raderad|lämnat|avaktiverad|uppsagd"
        ),
        Standing.UNSUBSCRIBED,
    ),
    (
        re.compile(
            r"(?:hard ?)?bounce.*|block.*|blacklist.*|cleaned.*|complain.*|(?:marked as )?spam.*|junk|abuse.*"
            r"|unreachable|undeliverable|suppress.*|quarantin.*|studs.*|hårdstuds.*|spärrad|ogiltig.*"
            r"|gebounc.*|rebond.*|rebotad.*|gesperrt|sperret|spærret|geblok.*|ungültig.*|ugyldig.*|invalid.*"
        ),
        Standing.SUPPRESSED,
    ),
)
#: What a file is called in which there is nobody who is still subscribed.
_GONE = re.compile(
    r"\b(?:unsub\w*|suppress\w*|bounce[sd]?|blocklist\w*|blacklist\w*|complain\w*|spam reports?|cleaned|opt ?outs?"
    r"|avregistrerade|avanmälda|avprenumererade|spärrade|studsade)\b"
)
_NOT_GONE = re.compile(r"\b(?:without|no|not|non|minus|excl\w*|and|all|utan|ej|inte|exkl\w*|och|alla)\b")
#: A plain yes or no, which says how a subscription stands only where that is what the column asks.
_PLAIN = re.compile(rf"{_YES}|{_NO}|1|[jy]|on|x|0|n")
#: What some programs write instead of a word: a number, or one letter.
_CODE = re.compile(r"[2-9a-zåäö]")
#: A date, or another number that is no status.
_LONG = re.compile(r"\d\d")
#: Where somebody left: nothing happened, or what passes.
_NEVER = re.compile(
    rf"(?:{_NO}|n|none|null|nan|n a|never|aldrig|aldri|nie|jamais|nunca|mai|inte|ej|ingen|opted in|subscribed"
    r"|allow(?:ed)?|ok|valid|active|aktiv|no(?:ne|t)? bounced?|(?:soft|transient|temporary|mjuk)\w*(?: .*)?)|[0 ]*"
)
#: What Mailchimp calls the files of those who are not subscribed: nothing in them says so.
_FILES = re.compile(r"(nonsubscribed|archived|unsubscribed|cleaned)_.*export")


def recognize(columns: Iterable[str]) -> Program | None:
    """Return the program whose export has these columns, or None."""
    have = frozenset(columns)
    return next((program for program in PROGRAMS if program.header <= have), None)


@lru_cache(4096)
def tells(column: str) -> bool:
    """Whether a column says who is still subscribed, or who is not."""
    return bool(
        _PERHAPS.fullmatch(column)
        or _MILDLY.fullmatch(column)
        or _PROVED.fullmatch(column)
        or bars(column)
        or _states(column)
        or _asks(column)
    )


def since(column: str) -> bool:
    """Whether a *column* of dates says since when people subscribe."""
    return bool(_SINCE.fullmatch(column))


def made(column: str) -> bool:
    """Whether a *column* of dates says when a record was made, which may be when somebody subscribed."""
    return bool(_MADE.fullmatch(column))


@lru_cache(4096)
def bars(column: str) -> Standing:
    """Return what it means that something stands in a *column* of those who left; NOTHING for another column."""
    if _ELSEWHERE.search(column) or _STATUS.fullmatch(column):
        return Standing.NOTHING
    if _LEAVING.search(column):
        return Standing.UNSUBSCRIBED
    return Standing.SUPPRESSED if _BARRED.search(column) else Standing.NOTHING


def certain(column: str, words: Iterable[str]) -> bool:
    """Whether a *column* with such *words* can be about nothing but the subscription."""
    if not _PERHAPS.fullmatch(column):
        return _states(column)
    said = {_said(word) for word in words if not _PLAIN.fullmatch(word)} - {Standing.NOTHING}
    return bool(said - {Standing.CONFIRMED} if column.endswith("type") else said)


def answered(column: str, words: Iterable[str]) -> bool:
    """Whether others say yes in a *column* that asks, or tells how somebody stands: so silence there is no yes."""
    if _PROVED.fullmatch(column):
        return any(_LONG.search(word) for word in words)
    if _MILDLY.fullmatch(column) or bars(column) or "opt" in column:
        return False
    if _asks(column):
        # Who ticks a box says what stands beside it; many write the day there.
        return any(_said(word) in (Standing.CONFIRMED, Standing.NOTHING) for word in words if word)
    known = (_said(word) for word in words if word and not _LONG.search(word))
    told = _states(column) or (_PERHAPS.fullmatch(column) and not column.endswith("type"))
    return bool(told) and Standing.CONFIRMED in known


def telling(words: Iterable[str]) -> list[str]:
    """Return few of *words*, in which `certain` and `answered` hear what they hear in all of them."""
    return [
        *{
            (not word, bool(_PLAIN.fullmatch(word)), bool(_LONG.search(word)), _said(word)): word for word in words
        }.values()
    ]


def by_list(cell: str) -> dict[str, str]:
    """Return the statuses by list in a cell of our own export: ``monthly: confirmed; weekly: unsubscribed``."""
    parts = (part.partition(": ") for part in cell.split(";"))
    return {slug.strip(): status.strip() for slug, sign, status in parts if sign}


def of_file(name: str) -> Standing:
    """Return what Mailchimp's name of a file says of everybody in it."""
    found = _FILES.match(name)
    return _said(found[1]) if found else Standing.NOTHING


def gone_by_name(name: str) -> bool:
    """Whether the name of a file says that nobody in it is subscribed any more; *name* in small, plain words."""
    return bool(_GONE.search(name)) and not _NOT_GONE.search(name)


def mild(column: str) -> bool:
    """Whether a no in a *column* means only that nobody knows yet."""
    return bool(_MILDLY.fullmatch(column))


@lru_cache(4096)
def standing(word: str, column: str = "status", *, sure: bool = False) -> Standing:
    """Return what a cell in a *column* that `tells` says.

    NOTHING for a word that is not known; if it is *sure* that the column is about the subscription, PENDING: no
    consent is made of what nobody understands.
    """
    if barred := bars(column):
        if _NEVER.fullmatch(word) or word.startswith("http"):
            return Standing.NOTHING
        # Some programs list beside the bounces who asked to leave.
        return Standing.UNSUBSCRIBED if _said(word) is Standing.UNSUBSCRIBED else barred
    if column.endswith(_PLACES) and (_PLAIN.fullmatch(word) or _CODE.fullmatch(word)):
        return Standing.NOTHING
    said = _said(word)
    if said is Standing.UNSUBSCRIBED and _MILDLY.fullmatch(column):
        return Standing.PENDING
    # Some programs write codes: 2 is no yes, nor is B.
    if said is Standing.NOTHING and (sure or _CODE.fullmatch(word)) and word and not _LONG.search(word):
        return Standing.PENDING
    return said


def _said(word: str) -> Standing:
    return next((said for pattern, said in _SAID if pattern.fullmatch(word)), Standing.NOTHING)


def _states(column: str) -> bool:
    return bool(_STATUS.fullmatch(column)) and not _ELSEWHERE.search(column)


def _asks(column: str) -> bool:
    return bool(_ASKED.search(column)) and not _ELSEWHERE.search(column) and not _BESIDE.search(column)
