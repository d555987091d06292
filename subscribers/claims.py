"""Understand what the columns and words of any table claim of a subscription, in the languages around us.

Columns and words are compared as `subscribers.heading.plain` and `words` write them: small letters, single spaces.
What is doubtful never makes consent: it is PENDING. `subscribers.exports` knows the tables of known programs.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from subscribers.status import Standing

#: No answer of anybody is longer, in characters: a cell that is holds something else, which nobody understands.
LONGEST = 1000

#: Yes and no as spreadsheets and forms write them.
_YES = r"yes|ja|oui|sí|si|sim|kyllä|true|sant|wahr|vrai|verdadero|waar|tosi"
_NO = r"no|nej|nein|non|nei|nee|ei|não|nao|false|falskt|falsch|faux|falso|onwaar|epätosi"

#: Parts of words for letters by mail, for subscribing to them, for advertising and for agreeing to it.
_LETTER = (
    r"letter|lettre|brev|brief|kirje|bolet[ií]n|utskick|utsend|udsend|\be ?post|mail|mejl|courriel|correo"
    r"|sähköpost|prenum|abonn|subscri|tilaaja|tilaus|marketing|marknadsför|marknadsmat|markedsfør|markkinoin"
    r"|werbung|reklam"
)
_AGREEING = (
    r"samtyck|samtykk|einwillig|zustimm|toestem|suostum|consent|consens|medgiv|tillstånd|godkän|accept|permission"
    r"|\w*lupa\b"
)

#: Columns about other ways to reach somebody, or which hold something about leaving in every row.
_ELSEWHERE = re.compile(
    r"\b(?:sms|mms|phone|telefon\w*|mobile?|calls?|whatsapp|fax|soft|urls?|link|länk|page|token|hash|key|id|ip"
    r"|count|rate|score|number|antal|track(?:ing|ed)?|spårning|cookies?|profiling|analytics)\b"
)
#: What may have a yes, a no or a 0 beside mail and mean something else: what was sent and read, where it says
#: ``no`` for Norway.
_ASIDE = re.compile(
    r"\b(?:country|land|state|stat|city|stad|ort|language|språk|sprache|sprog|kieli|locale|domain|domän|format|sent"
    r"|skicka(?:de|t|ts)|dropped|open(?:ed|s)?|öppn\w*|click\w*|klick\w*|read|läst|received|mottag\w+|delivered|last|senaste?"
    r"|secondary|alternative|follow|följ\w*|bounce\w*|studs\w*|repl(?:y|ied|ies)|forward\w*|rating|total"
    r"|membership|notif\w+)\b"
)

#: Columns in which programs say how a subscription stands.
_STATUS = re.compile(
    r"(?:.* )?(?:is )?subscribed(?: to (?:\w+ ){0,3}(?:e ?mails?|\w{0,12}letters?))?"
    r"|prenumererar|abonnerer|påmeldt|tilmeldt|angemeldet|abonniert|email campaigns|subscribed to emails|"
    r"(?:.* )?(?:e ?mails?|e post|list|global|subscri\w+|marketing|newsletter|nyhetsbrev\w*|prenumer\w*|delivery)"
    r" (?:.* )?(?:status|state|consent|permission)(?: (?:other|work|home|main))?"
    # As one word, and with the status first, as they stand in the languages around us.
    r"|(?:.* )?(?:prenumer|abonne|nyhetsbrev|newsletter|e ?mail|mail|mejl|e ?post|tilaus|marknadsför|markedsfør)"
    r"\w{0,20} ?status"
    rf"|(?:gdpr|(?:{_AGREEING})\w{{0,12}}) ?status"
    r"|(?:status|statut|estado|stato) (?:.* )?(?:prenumer|abonne|nyhetsbrev|newsletter|suscrip|iscri)\w{0,12}"
)
#: These may be about something else, such as where somebody lives: a word that is not known says nothing there.
_PERHAPS = re.compile(
    r"(?:(?:contact|member|user|person|profile|recipient|subscriber|kontakt|medlems?|användar) ?)?"
    r"(?:status|state|type)|statut|estado|stato|tila"
    r"|subscription|prenumeration|abonnement|membership status|(?:suppression |bounce )?reason|orsak"
)
#: Of these, those that may say where somebody lives, or what somebody is.
_PLACES = ("state", "type", "estado", "stato")
#: When somebody subscribed, and not only when a record was made.
_SINCE = re.compile(
    r"joined|(?:subscribed|signed up|opted in)(?: (?:at|on|date|since|time))?"
    r"|(?:subscri(?:be|bed|ption)|sign ?up|opt ?in) (?:date|time|timestamp)|date (?:subscribed|joined)"
    r"|prenumer\w*? ?(?:sedan|från|datum)|(?:subscriber|prenumerant|abonnent|member|medlem) (?:since|sedan|seit)"
    r"|(?:anmäld|påmeldt|tilmeldt|angemeldet|eingetragen|abonniert|tilattu|liittynyt)"
    r"(?: (?:den|am|seit|siden|dato|datum|pvm))?"
    r"|(?:anmälnings|påmeldings|tilmeldings|anmelde|tilaus|liittymis)(?:datum|dato|päivä|pvm)|date d? ?inscription"
)
#: When a record was made, which in an export of subscribers alone is when they came.
_MADE = re.compile(
    r"(?:date )?(?:created|added|registered)(?: (?:at|on|time|date))?(?: utc(?: 0)?)?"
    r"|(?:create|creation|registration|added|start) (?:date|time)|(?:skapad|registrerad|tillagd)(?: den)?"
    r"|(?:skapad|registrerad) datum|(?:skapande|registrerings|opprettelses|oprettelses|erstellungs)(?:datum|dato)"
    r"|(?:angelegt|erstellt|registriert)(?: am)?|opprettet|oprettet|luotu"
)
_CONFIRMED_THERE = (
    r"confirmed|verified|activated|bekräftad|verifierad|aktiviert|bestätigt|verifiziert|bekreftet|bekræftet"
    r"|vahvistettu"
)
#: A no in these says that nobody knows yet, or may mean something else.
_MILDLY = re.compile(
    r".*double ?opt ?in|optedin|(?:is |är )?(?:active|aktiv)(?: subscriber| prenumerant| abonnent| prenumeration)?"
    rf"|(?:is |är |ist |er )?(?:e ?mail )?(?:is )?(?:{_CONFIRMED_THERE})|.*\bsubscriber\b.*\bconfirm(?:ed)?"
    r"|(?:(?:is|är) )?(?:(?:e ?mail|e post|mail) )?(?:is )?(?:valid|deliverable|giltig|gültig|gyldig)"
    r"(?: (?:e ?mail|e post|mail)(?: ?adress\w*)?)?"
)
#: When somebody confirmed: who has nothing there, where others have a day, never did.
_PROVED = re.compile(rf"(?:e ?mail )?(?:{_CONFIRMED_THERE}|opted in) (?:at|on|am|den|dato|datum|pvm)")
#: Network addresses, what opens an account, and the numbers by which a state knows people.
_PRIVATE = re.compile(
    r"\bip(?: ?v?[46]| ?adress\w*| ?address)?\b|password|lösenord|passwort|passord|salasana|\b(?:token|secret)\b"
    r"|personnummer|fødselsnummer|\bcpr\b|henkilötunnus|social security|\bssn\b"
)
#: Questions: a no there is one, whatever consent the import names.
_CONSENT = re.compile(
    r"\b(?:samtyck\w*|samtykke\w*|einwilligung\w*|zustimmung\w*|toestemming|suostumus|medgivande"
    r"|consent\w*|consens\w*|gdpr|godkänn\w*|opt(?:ed)? ?in|accepts(?: email)? marketing|optin"
    r"|(?:markkinointi|sähköposti)lupa)\b"
)
_WANTED = re.compile(
    r"^(?:newsletter|nyhetsbrev\w*|nyhedsbrev\w*|nieuwsbrief|uutiskirje|infolettre|bolet[ií]n)$"
    r"|\b(?:vill|önskar|ønsker|möchte|souhaite\w*|wil|desea|haluaa|wants?|wish|like|receives?|får|agree|mottar"
    r"|modtager|erhält|bekommt|vastaanottaa)\b.*(?:letter|lettre|brev|utskick|mail|brief|kirje)"
)
#: What stands beside a question is none.
_BESIDE = re.compile(r"\b(?:time|timestamp|date|at|datum|tid|source|wording|version)\b")

#: How people leave.
_LEFT = (
    r"unsub\w*|opt(?:ed|s)? ?outs?|avregist\w*|avanmäl\w*|avprenum\w*|avböj\w*|avsagt|avmeld\w*|afmeld\w*"
    r"|abgemeld\w*|abmeld\w*|abbestell\w*|d[ée]sabonn\w*|d[ée]sinscri\w*|dado de baja|cancelad[oa]s?|disiscri\w*"
    r"|uitgeschreven|afgemeld\w*|frameld\w*|utmeld\w*|udmeld\w*|peruttu|peruutettu"
)
#: What has come to an end, of a person or of their subscription.
_ENDED = (
    r"deleted|archived|removed|disabled|deactivated|cancell?ed|ended|avslutad|avbruten|borttagen|raderad|arkiverad"
    r"|avaktiverad|inaktiverad|uppsagd|utträdd|deaktiviert|gelöscht|beendet|gekündigt|slettet|avsluttet|afsluttet"
    r"|opsagt|poistettu|poistunut|päättynyt"
)
_DEAD = "avliden|deceased|verstorben"
#: Columns in which programs say who left, or must not be written to, by a yes, a date or a reason.
_LEAVING = re.compile(
    rf"\b(?:{_LEFT}|do ?not ?(?:allow ?)?(?:bulk ?)?(?:e ?mails?|mail|contact)|e ?mail (?:disabled|blacklisted)"
    r"|(?:is ?)?excluded\w*|nix)\b"
    rf"|\b(?:ej|inga|ingen|inte|inget|icke|(?<!yes )no(?! of\b)|not|kein\w*|nicht|ikke|ei|reserv\w*"
    rf"|undanbe\w*|frabed\w*|avstår|slipp\w*|stopp?\w*)\b.*(?:{_LETTER})"
    rf"|^(?:(?:is|was|är|ist|er|har) )?(?:{_ENDED})(?: (?:at|on|am|den|dato|datum|pvm))?$"
    rf"|\b(?:{_LETTER})\w* (?:was |is )?(?:{_ENDED})\b|\b(?:{_ENDED}) (?:{_LETTER})"
    r"|^(?:.*\bsubscriber disabled|left (?:at|on)|date left|avslut\w*datum|utträdesdatum|(?:har )?slutat"
    rf"|{_DEAD}|dnc)$"
)
_WRONG = r"invalid|wrong|bad|felaktig|ogiltig|okänd|ungültige?|ugyldig|forkert|virheellinen"
_BARRED = re.compile(
    r"\b(?:blocklist\w*|blacklist\w*|hard ?bounce\w*|e ?mail bounced|suppress\w*|spam complaints?|complaints?"
    r"|complained|quarantined"
    r"|undeliverab\w*|\w*spärr(?:ad|at)?|hård ?studs\w*|(?:bounce|studs) ?(?:status|type|typ)"
    r"|(?:marked|reported|markerad|anmäld) (?:as |som )?spam|spam ?report\w*)\b"
    rf"|\b(?:{_WRONG}) (?:e ?mail|e post|mail|mejl|adress)|(?:e ?mail|e post|mail|mejl|adress\w*) (?:{_WRONG})\b"
    r"|^(?:(?:is|was|has|är|har) )?(?:bounced|blocked|blockerad|gesperrt|sperret|spærret|estetty|spam"
    r"|junk|studsad|studsat|invalid|undeliverable)$"
)
#: Columns in which a yes says that nobody knows any more whether letters arrive or are wanted.
_RESTING = re.compile(
    r"(?:(?:is|är|ist|er) )?(?:inactive|inaktiv|paused|pausad|pausiert|vilande|bounces?|(?:fel)?studs(?:ar|ade)?)"
)

#: What they say, the first that fits. A date says nothing of how somebody stands.
_SAID = (
    (
        re.compile(
            rf"(?:{_YES})(?: .*)?|1|[jy]|on|x|checked|(?:double |single )?opt(?:ed)? ?in|subscribed|subscriber"
            r"|enabled|premium|gifted|paid|free|complimentary"
            r"|active|confirmed|regular|explicit|express|implied|given|granted|valid|verified|deliver(?:able|ed)"
            r"|marketing contact|(?:marknadsför|markedsfør)ingskontakt"
            r"|aktiv|bekräftad|prenumererar|prenumerant|abonné\w*|abonnent|inscrite?"
            r"|inscrit[oa]"
            r"|suscrit[oa]|iscritt[oa]|ingeschreven|tilmeldt|påmeldt|tilannut|angemeldet|abonniert|bestätigt"
            r"|bekreftet|bekræftet|confirmée?|confirmad[oa]|confermat[oa]|acti[fv][oe]?|ativ[oa]|attiv[oa]|actief"
            r"|gitt|givet|erteilt|annettu|aktiivinen|vahvistettu|tilaaja"
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
            rf"|(?:no|ingen|inga|inget|intet|kein\w*|without|utan|ohne|ikke) (?:opt ?in|(?:{_AGREEING})\w*)"
            rf"|(?:{_AGREEING})\w* (?:saknas|fehlt|missing|mangler|puuttuu)"
            r"|[45] (?!1 )\d \d{1,3}|4 1 \d{1,2}"
        ),
        Standing.PENDING,
    ),
    (
        re.compile(
            rf"(?:{_NO})(?: \D.*)?|0|n|.*\b(?:samtycker|godkänner|vill|önskar) (?:inte|ej)\b.*"
            rf"|.*\b(?:do|does) not\b.*|.*\bdon t\b.*|(?:{_LEFT})\b.*|(?:{_ENDED})|cancel.*|unchecked|{_DEAD}"
            r"|revoked|withdrawn|declined|denied|refused|rejected|left|(?:not|non|ej) ?(?:subscri|prenum).*"
            r"|avslut.*|lämnat|återkall.*|nekat|nekad|avslagit|off"
            r"|widerrufen|zurückgezogen|abgelehnt|trukket.*|tilbagekal.*|tilbakekal.*|trækket.*|kielletty"
        ),
        Standing.UNSUBSCRIBED,
    ),
    (
        re.compile(
            r"(?:hard ?)?bounce.*|block.*|blacklist.*|cleaned.*|complain.*|(?:marked as )?spam.*|junk|abuse.*"
            # Statuses of RFC 3463: nobody has the address.
            r"|5 1 \d{1,2}"
            r"|unreachable|undeliverable|suppress.*|quarantin.*|studs.*|hård ?studs.*|spärrad|ogiltig.*"
            r"|gebounc.*|rebond.*|rebotad.*|gesperrt|sperret|spærret|geblok.*|ungültig.*|ugyldig.*|invalid.*"
            rf"|(?:{_WRONG}|fel) (?:e ?mail|e post|mail|mejl|adress)\w*"
        ),
        Standing.SUPPRESSED,
    ),
    # Whoever agrees says so in a sentence, and whoever does not has a word for it somewhere.
    (
        re.compile(
            r"(?=.*\b(?:not|no|without|inte|ej|icke|ikke|inget|ingen|utan|nicht|kein\w*|ohne|non|pas|niet|geen|ei)\b)"
            rf".*(?:{_AGREEING}|agree).*|disagree.*"
        ),
        Standing.PENDING,
    ),
    (re.compile(rf".*(?:{_AGREEING}|\bagree).*"), Standing.CONFIRMED),
)
#: A plain yes or no, which says how a subscription stands only where that is what the column asks.
_PLAIN = re.compile(rf"{_YES}|{_NO}|1|[jy]|on|off|x|0|n")
#: What people answer who do not answer.
_DOUBTING = re.compile(
    r"unknown|unsure|unspecified|undefined|none|null|nan|n a|saknas|missing|okän[dt]|vet (?:ej|inte)|unbekannt"
    r"|ukjent|ukendt|keine|ingen|inget|tuntematon|later|senare|(?:maybe|perhaps|kanske|kanskje|måske|vielleicht|ehkä"
    r"|not|inte|ej|icke|ikke|nicht) .+|maybe|perhaps|kanske|kanskje|måske|vielleicht|ehkä"
    r"|(?:not|nicht|ikke|ej|inte|icke|ei) (?:specified|given|granted|set|asked|recorded|erteilt|gegeben|gitt|givet"
    r"|lämna\w*|angiv\w*|angett|oppgitt|oplyst|svara\w*|tillfrågad|annettu|tiedossa)"
)
#: What some programs write instead of a word: a number, or one letter.
_CODE = re.compile(r"[2-9a-zåäö]")
#: A date, or another number that is no status.
_LONG = re.compile(r"\d\d")
#: Where somebody left: nothing happened, or what passes.
_NEVER = re.compile(
    rf"(?:{_NO}|n|none|null|nan|n a|never|aldrig|aldri|nie|jamais|nunca|mai|inte|ej|ingen|opted in|subscribed"
    r"|allow(?:ed)?|tillåt|tillåten|ok|valid|active|aktiv|no(?:ne|t)? bounced?"
    r"|(?:soft|transient|temporary|mjuk)\w*(?: .*)?)|[0 ]*"
)
#: What a file is called in which there is nobody who is still subscribed.
_GONE = re.compile(
    rf"\b(?:{_LEFT}|suppress\w*|bounce[sd]?|block(?:s|ed|list\w*)|blacklist\w*|complain\w*|spam reports?|cleaned"
    r"|invalid emails?|spärrade|studsade|returnert)\b"
)
_NOT_GONE = re.compile(r"\b(?:without|no|not|non|minus|excl\w*|and|all|utan|ej|inte|exkl\w*|och|alla)\b")


@lru_cache(4096)
def tells(column: str) -> bool:
    """Whether a column says who is still subscribed, or who is not."""
    return _claims(column) or hints(column)


@lru_cache(4096)
def hints(column: str) -> bool:
    """Whether a *column* is about mail or consent in its own words: then only a plain yes or no tells."""
    about = re.search(rf"{_LETTER}|{_AGREEING}|\b(?:contactable|(?:får|may) .*(?:kontakta|contact))", column)
    return bool(about) and not (_claims(column) or _ELSEWHERE.search(column) or _ASIDE.search(column))


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
    if _BARRED.search(column):
        return Standing.SUPPRESSED
    return Standing.PENDING if _RESTING.fullmatch(column) else Standing.NOTHING


def refuted(column: str, words: Iterable[str]) -> bool:
    """Whether *words* show that a *column* that `hints` is about something else."""
    return hints(column) and any(word and not _PLAIN.fullmatch(word) for word in words)


def certain(column: str, words: Iterable[str]) -> bool:
    """Whether a *column* with such *words* can be about nothing but the subscription."""
    if hints(column):
        heard = set(words) - {""}
        return bool(heard) and not refuted(column, heard)
    if not _PERHAPS.fullmatch(column):
        return _states(column)
    said = {_said(word) for word in words if not _PLAIN.fullmatch(word)} - {Standing.NOTHING}
    return bool(said - {Standing.CONFIRMED} if column.endswith("type") else said)


def answered(column: str, words: Iterable[str]) -> bool:
    """Whether others say yes in a *column* that asks, or tells how somebody stands: so silence there is no yes."""
    if _PROVED.fullmatch(column) or _MILDLY.fullmatch(column):
        return any(_LONG.search(word) for word in words)
    if bars(column) or "opt" in column:
        return False
    if hints(column):
        answers = {_said(word) for word in words if word and _PLAIN.fullmatch(word)}
        return Standing.CONFIRMED in answers
    if _asks(column):
        # Who ticks a box says what stands beside it; many write the day there.
        return any(_said(word) in (Standing.CONFIRMED, Standing.NOTHING) for word in words if word)
    known = (_said(word) for word in words if word and not _LONG.search(word))
    told = _states(column) or (_PERHAPS.fullmatch(column) and not column.endswith("type"))
    return bool(told) and Standing.CONFIRMED in known


def vague(column: str) -> bool:
    """Whether a *column* may as well be about something else, so that only its words tell what it is about."""
    return bool(_PERHAPS.fullmatch(column))


def private(column: str) -> bool:
    """Whether a *column* holds what no letter needs and nobody should have: a network address, a password."""
    return bool(_PRIVATE.search(column))


def proves(column: str) -> bool:
    """Whether a *column* holds what somebody said to a question of consent, or when, where and how."""
    return bool(_CONSENT.search(column)) and not _ELSEWHERE.search(column)


def telling(words: Iterable[str]) -> list[str]:
    """Return few of *words*, in which `certain` and `answered` hear what they hear in all of them."""
    return [
        *{
            (not word, bool(_PLAIN.fullmatch(word)), bool(_LONG.search(word)), _said(word)): word for word in words
        }.values()
    ]


def doubts(column: str) -> bool:
    """Whether a *column* may say no more than that nobody knows."""
    return _mild(column) or bars(column) is Standing.PENDING


@lru_cache(4096)
def standing(word: str, column: str = "status", *, sure: bool = False) -> Standing:
    """Return what a cell in a *column* that `tells` says.

    NOTHING for a word that is not known; if it is *sure* that the column is about the subscription, PENDING: no
    consent is made of what nobody understands.
    """
    said = _said(word)
    if barred := bars(column):
        if _NEVER.fullmatch(word) or word.startswith("http"):
            return Standing.NOTHING
        # Some programs list beside the bounces who asked to leave.
        return Standing.UNSUBSCRIBED if said is Standing.UNSUBSCRIBED else barred
    if hints(column) and not sure:
        return Standing.NOTHING
    if column.endswith(_PLACES) and (_PLAIN.fullmatch(word) or _CODE.fullmatch(word)):
        return Standing.NOTHING
    if said is Standing.UNSUBSCRIBED and _mild(column):
        return Standing.PENDING
    if said is Standing.NOTHING and word and not _LONG.search(word) and _unclear(word, column, sure=sure):
        return Standing.PENDING
    return said


def gone_by_name(name: str) -> bool:
    """Whether the name of a file says that nobody in it is subscribed any more; *name* in small, plain words."""
    return bool(_GONE.search(name)) and not _NOT_GONE.search(name)


def _unclear(word: str, column: str, *, sure: bool) -> bool:
    """Whether a *word* that is not known makes it unclear if somebody agreed. Some write codes: 2 is no yes."""
    asked = bool(_CONSENT.search(column)) or bool(_DOUBTING.fullmatch(word))
    return sure or bool(_CODE.fullmatch(word)) or (asked and _asks(column))


@lru_cache(4096)
def _said(word: str) -> Standing:
    if len(word) > LONGEST:
        return Standing.PENDING
    return next((said for pattern, said in _SAID if pattern.fullmatch(word)), Standing.NOTHING)


def _claims(column: str) -> bool:
    """Whether a *column* is known to be, or may be, about how a subscription stands."""
    known = (_PERHAPS, _MILDLY, _PROVED)
    return any(each.fullmatch(column) for each in known) or bool(bars(column)) or _states(column) or _asks(column)


def _mild(column: str) -> bool:
    """Whether a no in a *column* means only that nobody knows yet."""
    return bool(_MILDLY.fullmatch(column)) or hints(column)


def _states(column: str) -> bool:
    return bool(_STATUS.fullmatch(column)) and not _ELSEWHERE.search(column)


def _asks(column: str) -> bool:
    asked = _CONSENT.search(column) or _WANTED.search(column)
    return bool(asked) and not _ELSEWHERE.search(column) and not _BESIDE.search(column)
