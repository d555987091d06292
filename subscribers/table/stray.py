"""Hear in any cell that somebody left or that their mail came back, though its column is about something else.

It makes nobody leave: what stands where nobody looks for it only makes no consent. `claims` knows the
columns that say how a subscription stands.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from subscribers.status import Standing
from subscribers.table.claims import remarks
from subscribers.table.heading import plain, words
from subscribers.table.saying import DEAD, ENDED, LEFT, LONGEST, forbids, meaning, undated

#: What is said of an address to which no letters go.
_BACK = (
    rf"{DEAD}|(?:(?:hard|hård|soft|mjuk) ?)?(?:bounc(?:ed|ing)|studs(?:ar|ade?|at))"
    r"|(?:hard|hård) ?(?:bounce|studs)|(?:black|block) ?listed|(?:(?:spam|isp) ?)?complain(?:ed|ts?)"
    r"|do not (?:contact|e ?mail|mail)|dnc|kontakta (?:ej|inte)|undeliverable|unreachable"
    r"|(?:invalid|ogiltig|fel|felaktig) (?:e ?mail|e post|mail|mejl|adress|address)\w*"
    r"|(?:marked|reported) as spam|suppressed|spärrad|no ?(?:e ?)?mail|unmailable|nonmember|(?:har )?slutat"
    r"|borttagen|bortplockad|struken"
)
#: How people write it in a remark: what came back, what somebody asked for, where somebody works no more.
_NOTED = (
    rf"(?:(?:e ?)?(?:mail|mejl|post)\w*|adress\w*|address|brev\w*) (?:har |is )?(?:{_BACK}|kommer i retur)"
    r"|(?:har |ha[ds] )?(?:bad|bett|ber|vill|önskar|asked|asks|wants|wishes)(?: om)?(?: att| to)?(?: bli| be)?"
    rf" (?:{LEFT}|{_BACK}|removed)"
    r"|(?:kommer|kom|kommit|fått|får) (?:i |som )?retur(?:en)?|(?:\w+ )?(?:fungerar|funkar|gäller) (?:ej|inte)"
    r"|(?:har )?slutat (?:på|hos|vid|i|som|jobba|arbeta)"
    r"|(?:(?:hon|han|she|he|they|er|sie|hij|ze|elle|il) )?(?:har|ha[ds]|have|is|was|är|er|hat|ist|heeft|est|s est)"
    rf"(?: (?:sig|seg|sich|zich|self|själv|been|blivit|blevet|blitt))* (?:{LEFT})"
)
#: How mail servers refuse an address for good (RFC 5321 section 4.2.1, RFC 3463), and say that nobody has it.
_REFUSED = re.compile(
    r"5\d\d|(?:.*\b)?5 [1-7] \d{1,3}\b.*|.*\b(?:no such (?:user|recipient|mailbox|address)"
    r"|(?:user|mailbox|recipient|account|address)(?: \w+)? (?:unknown|unavailable|not found|rejected|disabled"
    r"|(?:does not|doesn t) exist)|unknown (?:user|recipient)|delivery (?:error|failed|failure))\b.*"
)
#: Columns in which a program says what it found of an address, and its words for what no letter should go to.
_CHECKS = re.compile(r"\b(?:status|result|resultat|verif\w*|valid\w*|check|verdict|deliverability|error|fel)\b")
_BAD = re.compile(
    r"invalid|ogiltig\w*|spam ?trap|abuse|toxic|risky|unknown|disposable|do not mail|undeliverable|bad|mailbox .*"
    r"|banned|suspended|closed"
)
#: What may follow it: when, why or how it came about.
_SINCE = "(?:by|via|den|on|per|på|efter|enligt|after|due|since|sedan)"
#: What says so where it is all that stands there.
_ENDED = "deleted|removed|cleaned|blocked|blockerad|raderad|gelöscht|slettet|verwijderd|usunięt[ya]|supprimée?"
_ALONE = re.compile(
    rf"(?:{LEFT}|{_NOTED})(?: .*)?|(?:{_BACK}|bounce|studs)(?: (?:hard|\d.*|{_SINCE} .*))?"
    rf"|.* nomail|{_ENDED}"
)
#: Who was a reader or member once.
_FORMER = (
    r"(?:former|previous|past|old|ex|tidigare|före detta|f ?d|gamla?|ehemalig\w*|alte|tidligere|gamle|entis\w*"
    r"|entinen) (?:\w+ )?\w*(?:member|subscriber|patron|reader|medlem|prenumerant|abonnent|mitglied|läsar|leser"
    r"|læser|jäsen|tilaaj)\w*"
)
#: What a person is called, in a word, who is sorted among those that are readers no more.
_SORTED = re.compile(
    rf"(?:{ENDED})[aet]?|{DEAD}|avslutade|raderade|borttagna|avlidna|utträdda|{_FORMER}|left|quit|gone|baja|inactive|inaktiv\w*|lapsed|former|churned|withdrawn|revoked|lämnat|slutat"
)
_WITHIN = re.compile(rf"\b(?:{LEFT}|{_BACK})\b")
#: What stands before what is said: ``OBS! fel adress``, ``SV: avregistrera mig``, ``"status": "unsubscribed"``.
_AHEAD = re.compile(r"^(?:(?:obs|nb|ps|re|sv|vs|fwd?|aw|status) )+")
#: What stands between several answers in one cell.
_BETWEEN = re.compile(r"[,;|\n]| ::: ")
_PARENTHESIS = re.compile(r"[()\[\]]")
_ADDRESS = re.compile(r"\S{1,300}@\S{1,300}")
#: One of these is in all that `said` and `beside` hear. Most rows have none, and to look for them takes little.
_ROOTS = (
    *("unsub", "opt", "avreg", "avanm", "avpren", "avböj", "avsagt", "meld", "bestell", "sabonn", "scri"),
    *("baja", "cancelad", "wypis", "писа", "schreven", "peru", "descad", "loobu", "odhl", "odjavl"),
    *("leirat", "zabon", "atsisak", "atteic", "afskr", "avlid", "deceas", "verstor", "bounc", "studs"),
    *("listed", "complain", "as spam", "suppress", "spärr", "nomail", "no mail", "no e", "nonmember"),
    *("slutat", "(", "["),
    *("bort", "struk", "remov", "retur", "austrag", "ausgetr", "uitschrij", "opgez", "opzeg", "rezygn"),
    *("wyrejestr", "avdød", "afdød", "overleden", "décéd", "falleci", "decedut", "kuollut", "zmarł"),
    *("fungerar", "funkar", "gäller", "mailable", "abonelikten", "iptal", "afskráð"),
    *("delet", "clean", "block", "rader", "gelösch", "slett", "verwijd", "usunię", "supprim"),
    *("do not", "dnc", "kontakta", "undeliver", "unreach", "invalid", "ogiltig", "fel ", "felaktig"),
)  # fmt: skip

#: Columns in which people are sorted.
_SORTS = re.compile(
    r"\b(?:kategori|categor|grupp|group|etikett|label|tag|segment|lista?\b|urval|ämne|topic|subject)",
    re.IGNORECASE,
)


def hearing(column: str, *, named: bool) -> Callable[[str], bool]:
    """Return what hears in a *column* that somebody gets no letters; *named* are those of names and addresses."""
    if not column.strip():
        return noted
    sorting = _SORTS.search(column) or remarks(plain(column))
    return beside if named else chosen if sorting else checked if _CHECKS.search(plain(column)) else said


def suspected(cells: Sequence[str]) -> bool:
    """Whether a row may hold what `said` and `beside` hear: quick, and no more than a guess."""
    row = "|".join(cells).lower().replace("_", " ").replace("-", " ")
    return any(map(row.__contains__, _ROOTS))


@lru_cache(4)
def _parts(cell: str) -> list[str]:
    """Return the several answers in a *cell*, for comparing."""
    return [_AHEAD.sub("", words(part)) for part in _BETWEEN.split(cell)]


@lru_cache(4096)
def said(cell: str) -> bool:
    """Whether a *cell*, or one of several answers in it, begins with a word for who gets no letters."""
    if len(cell) > LONGEST or (cell[:1].isdigit() and cell.lower() == cell.upper()):
        return False
    return any(_ALONE.fullmatch(undated(part) if part[:1].isdigit() else part) for part in _parts(cell))


@lru_cache(4096)
def checked(cell: str) -> bool:
    """Whether a *cell* of a program that sent to an address, or looked whether it can, says that it is none."""
    word = words(cell[:LONGEST])
    return said(cell) or bool(_BAD.fullmatch(word) or _REFUSED.fullmatch(word))


@lru_cache(4096)
def noted(cell: str) -> bool:
    """Whether a *cell* in a margin, where no column has a name, says so in any word."""
    return chosen(cell) or meaning(words(cell)) in (Standing.UNSUBSCRIBED, Standing.SUPPRESSED)


@lru_cache(4096)
def chosen(cell: str) -> bool:
    """Whether a *cell* of topics, tags, groups or remarks says so, or asks for no letters."""
    return said(cell) or any(forbids(part) or sorts(part) for part in _parts(cell[:LONGEST]))


def sorts(word: str) -> bool:
    """Whether a *word* by which people are sorted stands for those who are readers no more."""
    return bool(_SORTED.fullmatch(word))


@lru_cache(4096)
def beside(cell: str) -> bool:
    """Whether a *cell* with a name or an address says so beside that: ``Anna Berg (unsubscribed)``."""
    heard = _ADDRESS.sub(" ", cell[:LONGEST])
    return bool(_WITHIN.search(words(heard))) or any(forbids(words(part)) for part in _PARENTHESIS.split(heard))
